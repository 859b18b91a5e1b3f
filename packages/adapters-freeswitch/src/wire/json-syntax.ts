import type { HeaderPlace, HeaderSyntax } from './scan.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * One flat object without blanks, as FreeSWITCH writes it: `{"Name":"value",...}`. It is read in place because `JSON.parse` would keep only
 * the last of repeated names, needs the text decoded first, and costs more than all else. Values are given with their quotes or brackets.
 */
export const jsonSyntax: HeaderSyntax = {
  terminator: '":',
  start: 2,
  read(text: string, at: number, place: HeaderPlace): boolean {
    if (text.charCodeAt(at - 1) !== QUOTE) return false;
    const nameTo = place.nameLength > 0 ? at + place.nameLength : endOfString(text, at);
    if (nameTo < 0 || text.charCodeAt(nameTo + 1) !== COLON) return false;
    const valueFrom = nameTo + 2;
    const first = text.charCodeAt(valueFrom);
    let valueTo: number;
    if (first === QUOTE) {
      const end = endOfString(text, valueFrom + 1);
      if (end < 0) return false;
      valueTo = end + 1;
    } else {
      valueTo = endOfToken(text, valueFrom);
      if (valueTo < 0) return false;
    }
    place.nameTo = nameTo;
    place.valueFrom = valueFrom;
    place.valueTo = valueTo;
    // Behind a comma stands the quote of the next name; behind the last value the brace, and then nothing.
    place.next = text.charCodeAt(valueTo) === COMMA ? valueTo + 2 : text.length + 1;
    return true;
  },
};

/** Position of the quote that ends a string whose first character is at `at`, or -1. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at);
  while (end > at && text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, at, end))
    end = text.indexOf('"', end + 1);
  return end;
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, from: number, at: number): boolean {
  let count = 0;
  while (at - 1 - count >= from && text.charCodeAt(at - 1 - count) === BACKSLASH) count += 1;
  return count % 2 === 1;
}

/** End of a value that is no string: a list, an object, a number or a word. */
function endOfToken(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
      if (at < 0) return -1;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (code === COMMA && depth === 0) {
      return at;
    }
  }
  return -1;
}

/** A string with its quotes, as bytes held as Latin-1; anything else as it stands. */
export function jsonBytes(token: string): string {
  if (token.charCodeAt(0) !== QUOTE) return token;
  const inner = token.slice(1, -1);
  return inner.includes('\\') ? unescapeJson(inner) : inner;
}

/** The strings of a list, as bytes held as Latin-1, or `undefined` for a value that is no list. */
export function jsonList(token: string): readonly string[] | undefined {
  if (token.charCodeAt(0) !== OPEN_ARRAY) return undefined;
  const items: string[] = [];
  for (let at = 1; at < token.length && token.charCodeAt(at) !== CLOSE_ARRAY; at++) {
    const end = token.charCodeAt(at) === QUOTE ? endOfString(token, at + 1) + 1 : endOfToken(token, at);
    if (end <= at) break;
    items.push(jsonBytes(token.slice(at, end)));
    at = end;
  }
  return items;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapeJson(inner: string): string {
  return inner.replace(/\\(?:((?:u[0-9a-fA-F]{4})(?:\\u[0-9a-fA-F]{4})*)|(.))/gs, (_, codes?: string, one?: string) => {
    if (codes === undefined) return ESCAPES[one ?? ''] ?? one ?? '';
    // Code points become bytes again, so that one charset holds for the whole value.
    const units = codes.split('\\').map((unit) => Number.parseInt(unit.slice(1), 16));
    return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1');
  });
}

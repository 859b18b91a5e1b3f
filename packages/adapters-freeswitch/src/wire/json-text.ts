const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Position of the quote that ends a string whose first character is at `at`, or -1. */
export function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at);
  while (end > at && text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, at, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end;
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, from: number, at: number): boolean {
  let count = 0;
  while (at - 1 - count >= from && text.charCodeAt(at - 1 - count) === BACKSLASH) count += 1;
  return count % 2 === 1;
}

/** Position behind a value that is no string: a list, an object, a number or a word; -1 when it has no end. */
export function endOfToken(text: string, from: number): number {
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
  return token.includes('\\') ? unescapeJson(token.slice(1, -1)) : token.slice(1, -1);
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

/** Starts a list in a value: `ARRAY::a|:b`. From switch_event.c. */
export const ARRAY = 'ARRAY::';

/** Any value as bytes: a list in the form that FreeSWITCH gives it in its other formats. */
export function jsonValue(token: string): string {
  if (token.charCodeAt(0) === QUOTE) return jsonBytes(token);
  const list = jsonList(token);
  return list === undefined ? token : ARRAY + list.join('|:');
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapeJson(inner: string): string {
  return inner.replace(/\\(?:(u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*)|(.))/gs, (_, codes?: string, one?: string) => {
    if (codes === undefined) return ESCAPES[one ?? ''] ?? one ?? '';
    // Code points become bytes again, so that one charset holds for the whole value.
    const units = codes.split('\\').map((unit) => Number.parseInt(unit.slice(1), 16));
    return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1');
  });
}

import { type EslEvent, type EventFormat, type HeaderValue, plainList } from './event.js';
import { bytesOf } from './text.js';

/** What percent-encoding leaves as it is, beside letters and digits; measured on all plain events recorded. */
const LITERAL = new Set([..."!$'()*,-./_~"].map((char) => char.charCodeAt(0)));
const EMPTY = '_undef_';

/** A value as plain and XML events carry it: percent-encoded bytes, blanks as %20, `_undef_` for nothing. */
export function encodeValue(value: string): string {
  if (value === '') return EMPTY;
  if (/^[A-Za-z0-9!$'()*,\-./_~]*$/u.test(value)) return value;
  let out = '';
  for (const byte of bytesOf(value)) {
    const isWord = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
    out +=
      isWord || LITERAL.has(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function oneText(value: HeaderValue): string {
  return typeof value === 'string' ? value : plainList(value);
}

/** Headers line by line in plain form, without the blank line that ends them. */
export function plainHeaders(headers: EslEvent['headers']): string {
  let out = '';
  for (const [name, value] of headers) out += `${name}: ${encodeValue(oneText(value))}\n`;
  return out;
}

/** An event in plain form: headers, its own length where it has a body, a blank line, the body. */
export function plainEvent(event: EslEvent): Buffer {
  const head = plainHeaders(event.headers);
  if (event.body === undefined) return bytesOf(`${head}\n`);
  const body = bytesOf(event.body);
  return Buffer.concat([bytesOf(`${head}Content-Length: ${body.length}\n\n`), body]);
}

/** Control characters as \\u00xx and the two that JSON must escape; any other byte goes out raw, well-formed or not (freeswitch.md 6). */
function jsonText(text: string): string {
  let out = '"';
  for (const char of text) out += JSON_ESCAPES[char] ?? (char < ' ' ? unicode(char) : char);
  return `${out}"`;
}

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const unicode = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** An event as one JSON object on one line; a header that stands twice is a key that stands twice (freeswitch.md 5). */
export function jsonEvent(event: EslEvent): Buffer {
  const parts = event.headers.map(([name, value]) => {
    const text = typeof value === 'string' ? jsonText(value) : `[${value.map(jsonText).join(',')}]`;
    return `${jsonText(name)}:${text}`;
  });
  if (event.body !== undefined) {
    const length = bytesOf(event.body).length;
    parts.push(`"Content-Length":"${length}"`, `"_body":${jsonText(event.body)}`);
  }
  return bytesOf(`{${parts.join(',')}}`);
}

const XML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Anything beyond ASCII as a number; a byte that is no UTF-8 by its own. */
function xmlText(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code > 126)
      out += `&#x${(code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code).toString(16).toUpperCase()};`;
    else out += XML_ESCAPES[char] ?? char;
  }
  return out;
}

/** An event as indented XML; values are percent-encoded as well, and a body that ends a line gets the indent of its end tag (freeswitch.md 3, 4). */
export function xmlEvent(event: EslEvent): Buffer {
  let out = '<event>\n  <headers>\n';
  for (const [name, value] of event.headers) {
    for (const one of typeof value === 'string' ? [value] : value) {
      out += `    <${name}>${xmlText(encodeValue(one))}</${name}>\n`;
    }
  }
  out += '  </headers>\n';
  if (event.body !== undefined) {
    const end = event.body.endsWith('\n') ? '  ' : '';
    out += `  <Content-Length>${bytesOf(event.body).length}</Content-Length>\n`;
    out += `  <body>${xmlText(event.body)}${end}</body>\n`;
  }
  return bytesOf(`${out}</event>\n`);
}

const EVENT_BODY = { plain: plainEvent, json: jsonEvent, xml: xmlEvent } as const;

/** An event as a frame. Content-Length stands first here, last nowhere else (freeswitch.md 1). */
export function eventFrame(event: EslEvent, format: EventFormat): Buffer {
  const body = EVENT_BODY[format](event);
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\nContent-Type: text/event-${format}\n\n`), body]);
}

/** Replies are put together in 512 bytes on the switch; a longer one loses its end, blank line included (freeswitch.md 10). */
const REPLY_ROOM = 511;

/** The answer to a command. */
export function replyFrame(text: string, more: readonly (readonly [string, string])[] = []): Buffer {
  let out = `Content-Type: command/reply\nReply-Text: ${text}\n`;
  for (const [name, value] of more) out += `${name}: ${value}\n`;
  return bytesOf(`${out}\n`).subarray(0, REPLY_ROOM);
}

/** The output of an API command. */
export function apiFrame(output: string): Buffer {
  const body = bytesOf(output);
  return Buffer.concat([Buffer.from(`Content-Type: api/response\nContent-Length: ${body.length}\n\n`), body]);
}

/** What the switch says first on a connection that a client opened. */
export const AUTH_REQUEST = Buffer.from('Content-Type: auth/request\n\n');

const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

/** A notice that the connection ends, or goes on lingering after its call has ended. */
export function noticeFrame(notice: {
  readonly controlled?: { readonly uuid: string; readonly channelName: string };
  /** Seconds, -1 for ever; absent: this is the end. */
  readonly lingerSeconds?: number;
  readonly text?: string;
}): Buffer {
  const { controlled, lingerSeconds } = notice;
  const lingers = lingerSeconds !== undefined;
  const text = lingers ? '' : (notice.text ?? GOODBYE);
  let out = 'Content-Type: text/disconnect-notice\n';
  if (controlled !== undefined) {
    out += `Controlled-Session-UUID: ${controlled.uuid}\nContent-Disposition: ${lingers ? 'linger' : 'disconnect'}\n`;
    if (lingers) out += `Channel-Name: ${controlled.channelName}\nLinger-Time: ${lingerSeconds}\n`;
  }
  return bytesOf(`${out}Content-Length: ${Buffer.byteLength(text)}\n\n${text}`);
}

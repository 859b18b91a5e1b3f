/** One header of a message, as it stood on the wire: key in its own spelling, value without the one space after the colon. */
export type AmiHeader = readonly [key: string, value: string];

/** The first line of a connection. `version` is AMI's own, not Asterisk's. */
export interface AmiBanner {
  readonly type: 'banner';
  readonly version: string;
}

/**
 * One message of Asterisk, read lazily: nothing is taken apart before it is asked for.
 *
 * The first header decides what it is, since events too may carry a `Response:` header. Keys are looked up
 * case-blind, because Asterisk spells the same key in several ways (`Uniqueid`, `UniqueID`, `DestUniqueId`).
 */
export class AmiMessage {
  /** `event` or `response` by the first header; `unreadable` when it is neither. */
  readonly type: 'event' | 'response' | 'unreadable';
  readonly #text: string;
  #index: Map<string, string> | undefined;

  /** @param text - the lines of the message, joined by CRLF, without the blank line at its end */
  constructor(text: string) {
    this.#text = text;
    this.type = text.startsWith('Event:') ? 'event' : text.startsWith('Response:') ? 'response' : 'unreadable';
  }

  /** Value of the first header: the event's name or the response's word; empty when unreadable. */
  get name(): string {
    if (this.type === 'unreadable') return '';
    return this.#valueAt(this.#text.indexOf(':') + 1);
  }

  /** The whole message as text, for samples in reports. */
  get text(): string {
    return this.#text;
  }

  /**
   * The first value of a key, spelled in any case. The common spelling, tried first, costs one search of the text; a
   * spelling that does not fit builds an index once.
   *
   * @returns `undefined` when there is no such header; an empty text when it has no value
   */
  get(key: string): string | undefined {
    const text = this.#text;
    const at = text.indexOf(`\r\n${key}:`);
    if (at >= 0 && this.#index === undefined) return this.#valueAt(at + key.length + 3);
    return this.#indexed().get(key.toLowerCase());
  }

  /** Every value of a key in the order of the wire: `Output:`, `Variable:` and others come more than once. */
  all(key: string): readonly string[] {
    const wanted = key.toLowerCase();
    const values: string[] = [];
    for (const [name, value] of this.headers()) if (name.toLowerCase() === wanted) values.push(value);
    return values;
  }

  /** All headers in the order of the wire, repeated ones too. A line without a colon is a key without a value. */
  headers(): readonly AmiHeader[] {
    const headers: AmiHeader[] = [];
    const text = this.#text;
    let from = 0;
    while (from <= text.length) {
      const end = lineEnd(text, from);
      const colon = text.indexOf(':', from);
      if (colon < 0 || colon >= end) headers.push([text.slice(from, end), '']);
      else headers.push([text.slice(from, colon), valueBetween(text, colon + 1, end)]);
      from = end + 2;
    }
    return headers;
  }

  #indexed(): Map<string, string> {
    if (this.#index === undefined) {
      this.#index = new Map();
      for (const [key, value] of this.headers()) {
        const name = key.toLowerCase();
        if (!this.#index.has(name)) this.#index.set(name, value);
      }
    }
    return this.#index;
  }

  #valueAt(afterColon: number): string {
    return valueBetween(this.#text, afterColon, lineEnd(this.#text, afterColon));
  }
}

/** What a decoder gives: the banner first, then messages. */
export type AmiFrame = AmiBanner | AmiMessage;

const SPACE = 0x20;
const LF = 0x0a;

/** A value: one space after the colon is not part of it, nor is a bare LF that Asterisk put before the CRLF. */
function valueBetween(text: string, afterColon: number, end: number): string {
  const from = text.charCodeAt(afterColon) === SPACE && afterColon < end ? afterColon + 1 : afterColon;
  return text.slice(from, end > from && text.charCodeAt(end - 1) === LF ? end - 1 : end);
}

/** Searching one character is several times faster than searching two; a CR without LF is data. */
function lineEnd(text: string, from: number): number {
  let at = text.indexOf('\r', from);
  while (at >= 0 && text.charCodeAt(at + 1) !== LF) at = text.indexOf('\r', at + 1);
  return at < 0 ? text.length : at;
}

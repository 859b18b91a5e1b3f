import { textOf } from './charset.js';
import { percentDecode } from './percent.js';
import { type SearchMachine, searchMachine } from './search-machine.js';
import { signatureOf, WantedNames } from './wanted-names.js';

const COLON = 0x3a;
const SPACE = 0x20;

/**
 * Reads blocks of lines `Name: value`, up to a blank line. A line without a colon is a name without a value. One scanner serves
 * all events of a socket.
 */
export class PlainScanner {
  readonly #names = new WantedNames('lines');
  readonly #charset: string;
  readonly #machine: SearchMachine | undefined;
  /** Where the value that was found ends. */
  to = 0;
  /** May the value that was found hold an escape? */
  #isEscaped = false;
  /** Slot of the value that the machine found, else 0. */
  #found = 0;
  /** Was the text that was gone over last gone over by the machine? */
  #isQuick = false;

  /**
   * @param charset - of values that are not UTF-8
   * @param search - what searches; `script` does without WebAssembly, and finds the same
   */
  constructor(charset: string, search: SearchMachine | 'script' = searchMachine() ?? 'script') {
    this.#charset = charset;
    this.#machine = search === 'script' ? undefined : search;
  }

  /**
   * Looks for the first header of a name.
   *
   * @param owner - whose text it is
   * @returns where its value begins, and its end in `to`; -1 when there is none
   */
  find(owner: object, text: string, name: string): number {
    const names = this.#names;
    const slot = names.slotOf(name);
    this.#found = 0;
    if (slot === 0) return this.#findAlone(text, name);
    const machine = this.#machine;
    if (names.begins(owner, slot) || (this.#isQuick && !machine?.holds(names))) {
      this.#isQuick = machine?.search(names, text) ?? false;
      if (!this.#isQuick) this.#findAll(text);
    }
    if (this.#isQuick && machine !== undefined) {
      if (!machine.has(slot)) return -1;
      this.#found = slot;
      this.to = machine.to(slot);
      return machine.from(slot);
    }
    if (names.foundIn[slot] !== names.pass) return -1;
    this.to = names.to[slot] ?? 0;
    this.#isEscaped = names.escaped[slot] === 1;
    return names.from[slot] ?? 0;
  }

  /**
   * As {@link find}.
   *
   * @returns the value, decoded; `undefined` when there is none
   */
  value(owner: object, text: string, name: string): string | undefined {
    const from = this.find(owner, text, name);
    if (from < 0) return undefined;
    if (this.#found !== 0 && this.#machine !== undefined) return this.#machine.value(this.#found, text, this.#charset);
    const value = text.slice(from, this.to);
    return textOf(this.#isEscaped ? percentDecode(value) : value, this.#charset);
  }

  /**
   * All headers in wire order, decoded.
   *
   * @returns `false` where {@link each} has to do it; nothing was told then
   */
  all(text: string, take: (name: string, value: string) => void): boolean {
    return this.#machine?.each({ form: 'lines', latin1: text, charset: this.#charset }, take) ?? false;
  }

  /** All headers in wire order, decoded by `decode`, which a value without mark does not need. */
  each(text: string, decode: (value: string) => string, take: (name: string, value: string) => void): void {
    let mark = text.indexOf('%');
    for (let at = 0; at < text.length; ) {
      let end = text.indexOf('\n', at);
      if (end < 0) end = text.length;
      if (end === at) return;
      const colon = text.indexOf(':', at);
      if (colon < 0 || colon >= end) {
        take(text.slice(at, end), '');
      } else {
        const value = text.slice(startOfValue(text, colon), end);
        if (mark >= 0 && mark < colon) mark = text.indexOf('%', colon);
        take(text.slice(at, colon), mark >= 0 && mark < end ? decode(value) : value);
      }
      at = end + 1;
    }
  }

  /** Goes over all lines until every wanted name is found. */
  #findAll(text: string): void {
    const names = this.#names;
    const { first, foundIn, pass } = names;
    const { length } = text;
    let mark = -1;
    let left = names.count;
    for (let at = 0; at < length; ) {
      let end = text.indexOf('\n', at);
      if (end <= at) {
        if (end === at) return;
        end = length;
      }
      const candidate = first[signatureOf(text, at)] ?? 0;
      if (candidate !== 0) {
        const slot = names.match(candidate, text, at);
        if (slot !== 0 && foundIn[slot] !== pass) {
          foundIn[slot] = pass;
          const from = startOfValue(text, at + names.lengthOf(slot));
          if (mark < from) mark = nextMark(text, from);
          names.from[slot] = from;
          names.escaped[slot] = mark < end ? 1 : 0;
          names.to[slot] = end;
          left -= 1;
          if (left === 0) return;
        }
      }
      at = end + 1;
    }
  }

  #findAlone(text: string, name: string): number {
    this.#isEscaped = true;
    for (let at = 0; at < text.length; ) {
      let end = text.indexOf('\n', at);
      if (end < 0) end = text.length;
      if (end === at) return -1;
      if (text.charCodeAt(at + name.length) === COLON && text.startsWith(name, at)) {
        this.to = end;
        return startOfValue(text, at + name.length);
      }
      at = end + 1;
    }
    return -1;
  }
}

function nextMark(text: string, from: number): number {
  const at = text.indexOf('%', from);
  return at < 0 ? text.length : at;
}

function startOfValue(text: string, colon: number): number {
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
}

/** Where the text behind the blank line of a block begins; the length of the text when there is no blank line. */
export function endOfBlock(text: string): number {
  if (text.startsWith('\n')) return 1;
  const end = text.indexOf('\n\n');
  return end < 0 ? text.length : end + 2;
}

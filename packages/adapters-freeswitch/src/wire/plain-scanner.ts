import { signatureOf, WantedNames } from './wanted-names.js';

const COLON = 0x3a;
const SPACE = 0x20;

/**
 * Reads blocks of lines `Name: value`, up to a blank line. A line without a colon is a name without a value. One scanner serves
 * all events of a socket.
 */
export class PlainScanner {
  readonly #names = new WantedNames(': ', 0);
  /** Where the value that was found ends. */
  to = 0;

  /**
   * Looks for the first header of a name.
   *
   * @param owner - whose text it is
   * @returns where its value begins, and its end in `to`; -1 when there is none
   */
  find(owner: object, text: string, name: string): number {
    const names = this.#names;
    const slot = names.slotFor(owner, name);
    if (slot === 0) return this.#findAlone(text, name);
    if (names.foundIn[slot] !== names.pass && !this.#advance(text, slot)) return -1;
    this.to = names.to[slot] ?? 0;
    return names.from[slot] ?? 0;
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

  /** Reads on to the line of a slot. */
  #advance(text: string, wanted: number): boolean {
    const names = this.#names;
    const { first, pass } = names;
    let at = names.frontier;
    while (at >= 0 && at < text.length) {
      let end = text.indexOf('\n', at);
      if (end <= at) {
        if (end === at) break;
        end = text.length;
      }
      const candidate = first[signatureOf(text, at)] ?? 0;
      if (candidate !== 0) {
        const slot = names.match(candidate, text, at);
        if (slot !== 0 && names.foundIn[slot] !== pass) {
          names.foundIn[slot] = pass;
          names.from[slot] = startOfValue(text, at + names.lengthOf(slot));
          names.to[slot] = end;
          if (slot === wanted) {
            names.frontier = end + 1;
            return true;
          }
        }
      }
      at = end + 1;
    }
    names.frontier = -1;
    return false;
  }

  #findAlone(text: string, name: string): number {
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

function startOfValue(text: string, colon: number): number {
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
}

/** Where the text behind the blank line of a block begins; the length of the text when there is no blank line. */
export function endOfBlock(text: string): number {
  if (text.startsWith('\n')) return 1;
  const end = text.indexOf('\n\n');
  return end < 0 ? text.length : end + 2;
}

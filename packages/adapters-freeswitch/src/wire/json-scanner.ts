import { endOfString, endOfToken, jsonBytes } from './json-text.js';
import { signatureOf, WantedNames } from './wanted-names.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Behind `{"`. */
const START = 2;

/**
 * Reads one flat object without blanks, as FreeSWITCH writes it: `{"Name":"value",...}`. It is read in place because `JSON.parse` would
 * keep only the last of repeated names, needs the text decoded first, and costs more than all else.
 */
export class JsonScanner {
  readonly #names = new WantedNames('":', START);
  /** Where the value that was found ends, its quote or bracket included. */
  to = 0;

  /**
   * Looks for the first member of a name.
   *
   * @param owner - whose text it is
   * @returns where its value begins, with its quote or bracket, and its end in `to`; -1 when there is none
   */
  find(owner: object, text: string, name: string): number {
    const names = this.#names;
    const slot = names.slotFor(owner, name);
    if (slot === 0) return this.#findAlone(text, name);
    if (names.foundIn[slot] !== names.pass && !this.#advance(text, slot)) return -1;
    this.to = names.to[slot] ?? 0;
    return names.from[slot] ?? 0;
  }

  /** All members in wire order: names as bytes, values with their quotes or brackets. */
  each(text: string, take: (name: string, token: string) => void): void {
    for (let at = START; at < text.length; at = nextMember(text, this.to)) {
      const nameTo = endOfName(text, at);
      if (nameTo < 0) return;
      this.to = endOfValue(text, nameTo + 2);
      if (this.to < 0) return;
      const name = text.slice(at, nameTo);
      take(name.includes('\\') ? jsonBytes(`"${name}"`) : name, text.slice(nameTo + 2, this.to));
    }
  }

  /** Reads on to the member of a slot. */
  #advance(text: string, wanted: number): boolean {
    const names = this.#names;
    const { first, pass } = names;
    let at = names.frontier;
    while (at >= 0 && at < text.length) {
      const candidate = first[signatureOf(text, at)] ?? 0;
      const slot = candidate === 0 ? 0 : names.match(candidate, text, at);
      let nameTo: number;
      if (slot !== 0 && text.charCodeAt(at - 1) === QUOTE) {
        nameTo = at + names.lengthOf(slot);
        if (text.charCodeAt(nameTo + 1) !== COLON) break;
      } else {
        nameTo = endOfName(text, at);
        if (nameTo < 0) break;
      }
      const to = endOfValue(text, nameTo + 2);
      if (to < 0) break;
      at = nextMember(text, to);
      if (slot !== 0 && names.foundIn[slot] !== pass) {
        names.foundIn[slot] = pass;
        names.from[slot] = nameTo + 2;
        names.to[slot] = to;
        if (slot === wanted) {
          names.frontier = at;
          return true;
        }
      }
    }
    names.frontier = -1;
    return false;
  }

  #findAlone(text: string, name: string): number {
    for (let at = START; at < text.length; at = nextMember(text, this.to)) {
      const nameTo = endOfName(text, at);
      if (nameTo < 0) return -1;
      this.to = endOfValue(text, nameTo + 2);
      if (this.to < 0) return -1;
      if (nameTo - at === name.length && text.startsWith(name, at)) return nameTo + 2;
    }
    return -1;
  }
}

/** Where a name ends that begins at `at`, or -1 when none stands there. */
function endOfName(text: string, at: number): number {
  if (text.charCodeAt(at - 1) !== QUOTE) return -1;
  let end = text.indexOf('"', at);
  if (end > at && text.charCodeAt(end - 1) === BACKSLASH) end = endOfString(text, at);
  return end >= 0 && text.charCodeAt(end + 1) === COLON ? end : -1;
}

/** The position behind a value, or -1 when it has no end. */
function endOfValue(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return endOfToken(text, from);
  let end = text.indexOf('"', from + 1);
  if (text.charCodeAt(end - 1) === BACKSLASH) end = endOfString(text, from + 1);
  return end < 0 ? -1 : end + 1;
}

/** Behind a comma stands the quote of the next name; behind the last value the brace, and then nothing. */
function nextMember(text: string, to: number): number {
  return text.charCodeAt(to) === COMMA ? to + 2 : text.length;
}

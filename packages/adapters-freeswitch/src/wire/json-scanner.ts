import { textOf } from './charset.js';
import { endOfString, endOfToken, jsonBytes, jsonValue } from './json-text.js';
import { type SearchMachine, searchMachine } from './search-machine.js';
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
  readonly #names = new WantedNames('members');
  readonly #charset: string;
  readonly #machine: SearchMachine | undefined;
  /** Where the value that was found ends, its quote or bracket included. */
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
   * Looks for the first member of a name.
   *
   * @param owner - whose text it is
   * @returns where its value begins, with its quote or bracket, and its end in `to`; -1 when there is none
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
    const charset = this.#charset;
    if (this.#found !== 0 && this.#machine !== undefined) return this.#machine.value(this.#found, text, charset);
    if (!this.#isEscaped && text.charCodeAt(from) === QUOTE) return textOf(text.slice(from + 1, this.to - 1), charset);
    return textOf(jsonValue(text.slice(from, this.to)), charset);
  }

  /**
   * All members in wire order, decoded.
   *
   * @returns `false` where {@link each} has to do it; nothing was told then
   */
  all(text: string, take: (name: string, value: string) => void): boolean {
    return this.#machine?.each({ form: 'members', latin1: text, charset: this.#charset }, take) ?? false;
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

  /** Goes over all members until every wanted name is found. */
  #findAll(text: string): void {
    const names = this.#names;
    const { first, foundIn, pass } = names;
    const { length } = text;
    let backslash = nextEscape(text, START);
    let left = names.count;
    for (let at = START; at < length; ) {
      let nameTo = text.indexOf('"', at);
      // Two strings without escapes and a comma are what nearly all members are: they need no closer look.
      let to = nameTo < 0 || text.charCodeAt(nameTo + 2) !== QUOTE ? -1 : text.indexOf('"', nameTo + 3) + 1;
      let next = to + 2;
      let isEscaped = false;
      if (to <= 0 || to > backslash || text.charCodeAt(to) !== COMMA) {
        nameTo = endOfName(text, at);
        if (nameTo < 0) return;
        to = endOfValue(text, nameTo + 2);
        if (to < 0) return;
        next = nextMember(text, to);
        isEscaped = backslash < to;
        if (isEscaped) backslash = nextEscape(text, to);
      }
      const candidate = first[signatureOf(text, at)] ?? 0;
      if (candidate !== 0) {
        const slot = names.match(candidate, text, at);
        if (slot !== 0 && nameTo - at === names.lengthOf(slot) && foundIn[slot] !== pass) {
          foundIn[slot] = pass;
          names.from[slot] = nameTo + 2;
          names.to[slot] = to;
          names.escaped[slot] = isEscaped ? 1 : 0;
          left -= 1;
          if (left === 0) return;
        }
      }
      at = next;
    }
  }

  #findAlone(text: string, name: string): number {
    this.#isEscaped = true;
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

function nextEscape(text: string, from: number): number {
  const at = text.indexOf('\\', from);
  return at < 0 ? text.length : at;
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

import { textOf } from './charset.js';
import { KEPT, MAX_TEXT, NAME_ROOM, NO_DIGIT, NO_LENGTH, PLACE } from './search-places.js';
import { searchProgram } from './search-program.js';
import { latin1Of, putLatin1, utf8Of } from './slices.js';
import type { WantedNames } from './wanted-names.js';

/** What is used of WebAssembly; the types of the runtime leave it out. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** Gives 0 when it has done its work. */
type Search = (length: number, pass: number, left: number) => number;

/** What the program gives. @internal */
export interface SearchExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly lines: Search;
  readonly members: Search;
  decode(from: number, to: number): number;
}

/** The bit of a value that holds an escape. */
const HAS_ESCAPE = 1;
/** Stands in a text where bytes were no UTF-8. */
const REPLACEMENT = '\ufffd';
/** Stands behind a text, so that a search for the next mark has an end. */
const END_MARK = { lines: 0x0a, members: 0x22 } as const;

/**
 * Finds the wanted headers of one text at a time, in a memory of its own. There is one for the whole process, whatever the number of
 * sockets: each instance of a WebAssembly memory reserves gigabytes of addresses.
 */
export class SearchMachine {
  readonly #programs: SearchExports;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  /** Texts of the decoded values that the memory keeps. */
  readonly #kept: string[] = Array.from({ length: KEPT }, () => '');
  #pass = 0;
  #names: WantedNames | undefined;
  #held = 0;

  constructor(programs: SearchExports) {
    const { memory } = programs;
    this.#programs = programs;
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#bytes.fill(NO_LENGTH, PLACE.kept, PLACE.kept + KEPT * NAME_ROOM);
    this.#bytes.fill(NO_DIGIT, PLACE.digits, PLACE.digits + 256);
    for (const [base, digits] of [
      [0, '0123456789abcdef'],
      [10, 'ABCDEF'],
    ] as const) {
      for (let n = 0; n < digits.length; n++) this.#bytes[PLACE.digits + digits.charCodeAt(n)] = base + n;
    }
  }

  /** Is what stands in the memory of these names? */
  holds(names: WantedNames): boolean {
    return this.#names === names;
  }

  /**
   * Goes over a text until every name is found.
   *
   * @param latin1 - the text; nothing is searched when it is too long
   * @returns whether it could be searched: a JSON object has to be as FreeSWITCH writes it
   */
  search(names: WantedNames, latin1: string): boolean {
    if (latin1.length > MAX_TEXT) return false;
    if (this.#names !== names || this.#held !== names.count) this.#load(names);
    // Slots keep the number of the pass in which they were found: nothing is cleared between two passes.
    this.#pass = (this.#pass + 1) | 0;
    putLatin1(this.#bytes, PLACE.text, latin1);
    this.#bytes[PLACE.text + latin1.length] = END_MARK[names.form];
    return this.#programs[names.form](latin1.length, this.#pass, this.#held) === 0;
  }

  /** Was the name of a slot found in the last search? */
  has(slot: number): boolean {
    return this.#words[PLACE.foundIn / 4 + slot] === this.#pass;
  }

  /** Where the value of a slot begins in the text. */
  from(slot: number): number {
    return this.#words[PLACE.from / 4 + slot] ?? 0;
  }

  /** Where it ends. */
  to(slot: number): number {
    return this.#words[PLACE.to / 4 + slot] ?? 0;
  }

  /** The value of a line that was found in the last search, decoded. */
  lineValue(slot: number, latin1: string, charset: string): string {
    const flags = this.#flags(slot);
    const from = this.from(slot);
    const to = this.to(slot);
    if ((flags & HAS_ESCAPE) === 0) {
      const value = latin1.slice(from, to);
      return flags === 0 ? value : textOf(value, charset);
    }
    const decoded = this.#programs.decode(from, to);
    return decoded < 0 ? (this.#kept[-1 - decoded] ?? '') : this.#decoded(decoded, charset);
  }

  /** The value of a member that was found in the last search, decoded; `undefined` for one with escapes. */
  memberValue(slot: number, latin1: string, charset: string): string | undefined {
    const flags = this.#flags(slot);
    const from = this.from(slot) + 1;
    const to = this.to(slot) - 1;
    if (flags === 0) return latin1.slice(from, to);
    return (flags & HAS_ESCAPE) === 0 ? this.#textOf(PLACE.text + from, PLACE.text + to, charset) : undefined;
  }

  #flags(slot: number): number {
    return this.#bytes[PLACE.flags + slot] ?? 0;
  }

  /** Text of the bytes that were decoded, kept where there is an entry for it. */
  #decoded(decoded: number, charset: string): string {
    const end = PLACE.decoded + (decoded >> 1);
    const entry = this.#words[PLACE.entry / 4] ?? KEPT;
    const isHigh = (decoded & 1) !== 0;
    const text = isHigh ? utf8Of(this.#bytes, PLACE.decoded, end) : latin1Of(this.#bytes, PLACE.decoded, end);
    if (isHigh && text.includes(REPLACEMENT)) {
      // Another socket may read the same bytes by another charset.
      if (entry < KEPT) this.#bytes[PLACE.kept + entry * NAME_ROOM] = NO_LENGTH;
      return textOf(latin1Of(this.#bytes, PLACE.decoded, end), charset);
    }
    if (entry < KEPT) this.#kept[entry] = text;
    return text;
  }

  #textOf(from: number, to: number, charset: string): string {
    const text = utf8Of(this.#bytes, from, to);
    return text.includes(REPLACEMENT) ? textOf(latin1Of(this.#bytes, from, to), charset) : text;
  }

  /** Puts names into the tables: the new ones, or all where those of another socket stand. */
  #load(names: WantedNames): void {
    const bytes = this.#bytes;
    if (this.#names !== names) {
      bytes.fill(0, PLACE.first, PLACE.next);
      this.#names = names;
      this.#held = 0;
    }
    while (this.#held < names.count) {
      this.#held += 1;
      const slot = this.#held;
      const name = names.nameOf(slot);
      const signature = PLACE.first + names.signatureOfSlot(slot);
      bytes.write(name, PLACE.names + slot * NAME_ROOM, 'latin1');
      bytes[PLACE.lengths + slot] = name.length;
      bytes[PLACE.next + slot] = bytes[signature] ?? 0;
      bytes[signature] = slot;
    }
  }
}

let machine: SearchMachine | undefined;
let isTried = false;

/** The machine of this process; `undefined` where the runtime has no WebAssembly, or none with vectors: then script does the same, more slowly. */
export function searchMachine(): SearchMachine | undefined {
  if (isTried) return machine;
  isTried = true;
  const program = loadSearch();
  if (program !== undefined) machine = new SearchMachine(program);
  return machine;
}

/** The program, loaded anew; `undefined` where the runtime cannot run it. @internal */
export function loadSearch(): SearchExports | undefined {
  const { WebAssembly: runtime } = globalThis as { readonly WebAssembly?: WebAssemblyLike };
  if (runtime === undefined) return undefined;
  try {
    return new runtime.Instance(new runtime.Module(searchProgram())).exports as SearchExports;
  } catch {
    return undefined;
  }
}

import { textOf } from './charset.js';
import { jsonBytes } from './json-text.js';
import {
  HEADER_WORDS,
  IS_FRESH,
  KEPT,
  MAX_TEXT,
  NAME_ROOM,
  NO_DIGIT,
  NO_LENGTH,
  NOT_READ,
  PLACE,
} from './search-places.js';
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

/** Twice the length of what is decoded, plus 1 for bytes above 0x7f; negative for a value that is kept, or is left to script. */
type Decode = (from: number, to: number) => number;
type Form = 'lines' | 'members';

/** What the program gives. @internal */
export interface SearchExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly lines: Search;
  readonly members: Search;
  readonly allLines: Search;
  readonly allMembers: Search;
  readonly decode: Decode;
  readonly unescape: Decode;
}

/** The bit of a value that holds an escape. */
const HAS_ESCAPE = 1;
const HAS_HIGH = 2;
/** What stands behind a backslash, and for what. */
const JSON_ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as const;
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
  readonly #keptNames: string[] = Array.from({ length: KEPT }, () => '');
  #pass = 0;
  /** Texts that were put into the memory. */
  #turn = 0;
  /** For whom the text that stands there was searched; nobody when all of it was read. */
  #searched: WantedNames | undefined;
  #names: WantedNames | undefined;
  #held = 0;

  constructor(programs: SearchExports) {
    const { memory } = programs;
    this.#programs = programs;
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    for (const place of [PLACE.kept, PLACE.keptNames]) this.#bytes.fill(NO_LENGTH, place, place + KEPT * NAME_ROOM);
    for (const [mark, byte] of Object.entries(JSON_ESCAPES))
      this.#bytes[PLACE.escapes + mark.charCodeAt(0)] = byte.charCodeAt(0);
    this.#bytes.fill(NO_DIGIT, PLACE.digits, PLACE.digits + 256);
    for (const [base, digits] of [
      [0, '0123456789abcdef'],
      [10, 'ABCDEF'],
    ] as const) {
      for (let n = 0; n < digits.length; n++) this.#bytes[PLACE.digits + digits.charCodeAt(n)] = base + n;
    }
  }

  /** Does what was found for these names still stand in the memory? */
  holds(names: WantedNames): boolean {
    return this.#searched === names;
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
    this.#searched = names;
    this.#put(names.form, latin1);
    return this.#programs[names.form](latin1.length, this.#pass, this.#held) === 0;
  }

  /**
   * Calls back for each header of a text, decoded.
   *
   * @returns whether it could be read, as {@link search}; if not, nothing was told
   */
  each(
    text: { readonly form: Form; readonly latin1: string; readonly charset: string },
    take: (name: string, value: string) => void,
  ): boolean {
    const { form, latin1, charset } = text;
    if (latin1.length > MAX_TEXT || !this.#noteAll(form, latin1)) return false;
    const words = this.#words;
    const count = words[PLACE.count / 4] ?? 0;
    let turn = this.#turn;
    for (let n = 0; n < count; n++) {
      // Whoever was called back has read something else meanwhile.
      if (this.#turn !== turn) {
        this.#noteAll(form, latin1);
        turn = this.#turn;
      }
      const at = PLACE.headers / 4 + n * HEADER_WORDS;
      const entry = words[at + 5] ?? -1;
      const name = entry < 0 ? textOf(latin1.slice(words[at], words[at + 1]), charset) : (this.#keptNames[entry] ?? '');
      const from = words[at + 2] ?? 0;
      const to = words[at + 3] ?? 0;
      const flags = (words[at + 4] ?? 0) & (HAS_ESCAPE | HAS_HIGH);
      take(name, flags === 0 ? latin1.slice(from, to) : this.#value({ form, latin1, charset, flags }, from, to));
    }
    return true;
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

  /** The value of a slot that was found in the last search, decoded. */
  value(slot: number, latin1: string, charset: string): string {
    const flags = this.#bytes[PLACE.flags + slot] ?? 0;
    const form = this.#searched?.form ?? 'lines';
    const quote = form === 'members' ? 1 : 0;
    const from = this.from(slot) + quote;
    const to = this.to(slot) - quote;
    return flags === 0 ? latin1.slice(from, to) : this.#value({ form, latin1, charset, flags }, from, to);
  }

  /** A value with escapes or bytes above 0x7f. */
  #value(
    text: { readonly form: Form; readonly latin1: string; readonly charset: string; readonly flags: number },
    from: number,
    to: number,
  ): string {
    const { form, latin1, charset, flags } = text;
    // A short one may be kept from before, whatever its bytes.
    if ((flags & HAS_ESCAPE) === 0 && to - from >= NAME_ROOM)
      return this.#textOf(PLACE.text + from, PLACE.text + to, charset);
    const decoded = form === 'lines' ? this.#programs.decode(from, to) : this.#programs.unescape(from, to);
    if (decoded >= 0) return this.#decoded(decoded, charset);
    return decoded === NOT_READ
      ? textOf(jsonBytes(latin1.slice(from - 1, to + 1)), charset)
      : (this.#kept[-1 - decoded] ?? '');
  }

  /** Puts a text into the memory: what was found in another one is gone. */
  #put(form: Form, latin1: string): void {
    this.#turn += 1;
    putLatin1(this.#bytes, PLACE.text, latin1);
    this.#bytes[PLACE.text + latin1.length] = END_MARK[form];
  }

  #noteAll(form: Form, latin1: string): boolean {
    const words = this.#words;
    this.#searched = undefined;
    this.#put(form, latin1);
    words[PLACE.count / 4] = 0;
    words[PLACE.fresh / 4] = 0;
    const program = form === 'lines' ? this.#programs.allLines : this.#programs.allMembers;
    const isRead = program(latin1.length, 0, 0) === 0;
    // Whatever became of the rest: the names that have got an entry have to stand there.
    if (words[PLACE.fresh / 4] !== 0) this.#keepNames();
    return isRead;
  }

  #keepNames(): void {
    const words = this.#words;
    const count = words[PLACE.count / 4] ?? 0;
    for (let n = 0; n < count; n++) {
      const at = PLACE.headers / 4 + n * HEADER_WORDS;
      const [from = 0, to = 0, , , flags = 0, entry = 0] = words.subarray(at, at + HEADER_WORDS);
      if ((flags & IS_FRESH) !== 0) this.#keptNames[entry] = latin1Of(this.#bytes, PLACE.text + from, PLACE.text + to);
    }
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

import { textOf } from './charset.js';
import { lineProgram, MAX_TEXT, NAME_ROOM, NO_DIGIT, PLACE } from './line-program.js';
import { latin1Of, utf8Of } from './slices.js';
import type { WantedNames } from './wanted-names.js';

/** What is used of WebAssembly; the types of the runtime leave it out. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** What the program gives. @internal */
export interface LineExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  scan(length: number, pass: number, left: number): void;
  decode(from: number, to: number): number;
}

/** The bit of a value that holds a percent sign. */
const HAS_ESCAPE = 1;
/** Stands in a text where bytes were no UTF-8. */
const REPLACEMENT = '\ufffd';
const LF = 0x0a;

/**
 * Finds the wanted headers of one text at a time, in a memory of its own. There is one for the whole process, whatever the number of
 * sockets: each instance of a WebAssembly memory reserves gigabytes of addresses.
 */
export class LineMachine {
  readonly #scan: LineExports['scan'];
  readonly #decode: LineExports['decode'];
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  #pass = 0;
  #names: WantedNames | undefined;
  #held = 0;

  constructor({ memory, scan, decode }: LineExports) {
    this.#scan = scan;
    this.#decode = decode;
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
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
   * @param latin1 - at most {@link MAX_TEXT} characters
   */
  search(names: WantedNames, latin1: string): void {
    if (this.#names !== names || this.#held !== names.count) this.#load(names);
    // Slots keep the number of the pass in which they were found: nothing is cleared between two passes.
    this.#pass = (this.#pass + 1) | 0;
    this.#bytes.write(latin1, PLACE.text, 'latin1');
    this.#bytes[PLACE.text + latin1.length] = LF;
    this.#scan(latin1.length, this.#pass, this.#held);
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
  text(slot: number, latin1: string, charset: string): string {
    const flags = this.#bytes[PLACE.flags + slot] ?? 0;
    const from = this.from(slot);
    const to = this.to(slot);
    if ((flags & HAS_ESCAPE) === 0) {
      const value = latin1.slice(from, to);
      return flags === 0 ? value : textOf(value, charset);
    }
    const decoded = this.#decode(from, to);
    const end = PLACE.decoded + (decoded >> 1);
    if ((decoded & 1) === 0) return latin1Of(this.#bytes, PLACE.decoded, end);
    const text = utf8Of(this.#bytes, PLACE.decoded, end);
    return text.includes(REPLACEMENT) ? textOf(latin1Of(this.#bytes, PLACE.decoded, end), charset) : text;
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

let machine: LineMachine | undefined;
let isTried = false;

/** The machine of this process; `undefined` where the runtime has no WebAssembly, or none with vectors: then script does the same, more slowly. */
export function lineMachine(): LineMachine | undefined {
  if (isTried) return machine;
  isTried = true;
  const program = loadLines();
  if (program !== undefined) machine = new LineMachine(program);
  return machine;
}

/** The program, loaded anew; `undefined` where the runtime cannot run it. @internal */
export function loadLines(): LineExports | undefined {
  const { WebAssembly: runtime } = globalThis as { readonly WebAssembly?: WebAssemblyLike };
  if (runtime === undefined) return undefined;
  try {
    return new runtime.Instance(new runtime.Module(lineProgram())).exports as LineExports;
  } catch {
    return undefined;
  }
}

/** May the machine search this text? */
export function fits(latin1: string): boolean {
  return latin1.length <= MAX_TEXT;
}

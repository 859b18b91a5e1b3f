import { NAME_ROOM } from './search-places.js';

/** Names that are looked for at once; further ones are found one by one. */
const MAX_NAMES = 255;
const SIGNATURES = 1_024;
/** What stands behind a name. */
const TERMINATORS = { lines: ': ', members: '":' } as const;
/** So long that both characters of its signature are its own or those that end it, and not longer than a table's row. */
const FIT = new RegExp(`^[\\x21-\\x7e]{8,${NAME_ROOM}}$`);

/**
 * The header names that an application has asked for, and where they stand in the event that it asked last.
 *
 * An application reads the same dozen names of every event. So one pass over an event finds them all: each header is told by two of its
 * characters whether it can be one of them. What was found is kept here and not in the event, so that an event costs no table of its own.
 */
export class WantedNames {
  /** Where the values of the names stand. @internal */
  readonly from = new Int32Array(MAX_NAMES + 1);
  /** @internal */
  readonly to = new Int32Array(MAX_NAMES + 1);
  /** In which pass each name was found. @internal */
  readonly foundIn = new Int32Array(MAX_NAMES + 1);
  /** 1 where a value holds an escape. @internal */
  readonly escaped = new Uint8Array(MAX_NAMES + 1);
  /** Signature to the first slot that has it, 0 for none; then from slot to slot. @internal */
  readonly first = new Uint8Array(SIGNATURES);
  /** Number of the last pass. @internal */
  pass = 0;
  /** Lines `Name: value`, or members `"Name":"value"`. */
  readonly form: 'lines' | 'members';
  readonly #last: number;
  readonly #slots = new Map<string, number>();
  readonly #names: string[] = [''];
  readonly #next = new Uint8Array(MAX_NAMES + 1);
  /** The slot that was asked for after each slot the last time: names are asked in the same order again and again. */
  readonly #after = new Uint8Array(MAX_NAMES + 1);
  #asked = 0;
  #owner: object | undefined;
  /** How many names were known when the pass began: a further one needs a new pass. */
  #passNames = 0;

  constructor(form: 'lines' | 'members') {
    this.form = form;
    this.#last = TERMINATORS[form].charCodeAt(0);
  }

  /** The slot of a name, which is noted if there is room. @returns 0 when it is too short or too long, or the list is full */
  slotOf(name: string): number {
    let slot = this.#after[this.#asked] ?? 0;
    if (this.#names[slot] !== name) {
      slot = this.#slots.get(name) ?? this.#add(name);
      this.#after[this.#asked] = slot;
    }
    if (slot !== 0) this.#asked = slot;
    return slot;
  }

  /** Must the text of this owner be gone over before it is known where the name of a slot stands? If so, a pass begins with this. */
  begins(owner: object, slot: number): boolean {
    if (this.#owner === owner && slot <= this.#passNames) return false;
    this.#owner = owner;
    this.#passNames = this.#names.length - 1;
    this.pass += 1;
    return true;
  }

  /** How many names a pass looks for. */
  get count(): number {
    return this.#passNames;
  }

  /** The name of a slot. */
  nameOf(slot: number): string {
    return this.#names[slot] ?? '';
  }

  /** The signature of the name of a slot, with what stands behind it. */
  signatureOfSlot(slot: number): number {
    return signatureOf(this.nameOf(slot) + TERMINATORS[this.form], 0);
  }

  /** Length of the name of a slot. */
  lengthOf(slot: number): number {
    return this.#names[slot]?.length ?? 0;
  }

  /** Among the names from `slot` on that share a signature: the one that stands at this place of the text, or 0. */
  match(candidate: number, text: string, at: number): number {
    for (let slot = candidate; slot !== 0; slot = this.#next[slot] ?? 0) {
      const name = this.#names[slot] ?? '';
      if (text.charCodeAt(at + name.length) === this.#last && text.startsWith(name, at)) return slot;
    }
    return 0;
  }

  #add(name: string): number {
    if (this.#names.length > MAX_NAMES || !FIT.test(name)) return 0;
    const slot = this.#names.length;
    this.#slots.set(name, slot);
    this.#names.push(name);
    const signature = this.signatureOfSlot(slot);
    this.#next[slot] = this.first[signature] ?? 0;
    this.first[signature] = slot;
    return slot;
  }
}

/** Two characters that differ between most names, made to an index of `first`. */
export function signatureOf(text: string, at: number): number {
  return ((text.charCodeAt(at + 8) * 37) ^ text.charCodeAt(at + 9)) & (SIGNATURES - 1);
}

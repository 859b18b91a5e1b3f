/** Names that are looked for at once; further ones are found one by one. */
const MAX_NAMES = 256;
const SIGNATURES = 1_024;
/** A name must be so long that both characters of its signature are its own or those that end it. */
const MIN_LENGTH = 8;

/**
 * The header names that an application has asked for, so that one pass over an event finds them all.
 *
 * An application reads the same dozen names of every event. Each line is told by two of its characters whether it can be one of
 * them, which costs a few nanoseconds; a search from the start of the text for each name would cost a hundred times as much.
 */
export class WantedNames {
  readonly #terminator: ': ' | '":';
  readonly #last: number;
  readonly #slots = new Map<string, number>();
  readonly #names: string[] = [''];
  /** Signature to the first slot that has it, 0 for none; then from slot to slot. */
  readonly #first = new Uint16Array(SIGNATURES);
  readonly #next = new Uint16Array(MAX_NAMES + 1);

  /** @param terminator - the two characters that stand behind a name */
  constructor(terminator: ': ' | '":') {
    this.#terminator = terminator;
    this.#last = terminator.charCodeAt(0);
  }

  /** Number of names, which only grows. */
  get size(): number {
    return this.#slots.size;
  }

  /** The slot of a name, which is noted if there is room. @returns 0 when it is too short or the list is full */
  slotOf(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    if (name.length < MIN_LENGTH || this.#slots.size >= MAX_NAMES) return 0;
    const slot = this.#slots.size + 1;
    const signature = signatureOf(name + this.#terminator, 0);
    this.#slots.set(name, slot);
    this.#names.push(name);
    this.#next[slot] = this.#first[signature] ?? 0;
    this.#first[signature] = slot;
    return slot;
  }

  /** Length of the name of a slot. */
  lengthOf(slot: number): number {
    return this.#names[slot]?.length ?? 0;
  }

  /** The slot whose name stands at this place of the text with its terminator behind it, or 0. */
  slotAt(text: string, at: number): number {
    let slot = this.#first[signatureOf(text, at)] ?? 0;
    while (slot !== 0) {
      const name = this.#names[slot] ?? '';
      if (text.charCodeAt(at + name.length) === this.#last && text.startsWith(name, at)) return slot;
      slot = this.#next[slot] ?? 0;
    }
    return 0;
  }
}

function signatureOf(text: string, at: number): number {
  return ((text.charCodeAt(at + 7) * 37) ^ text.charCodeAt(at + 9)) & (SIGNATURES - 1);
}

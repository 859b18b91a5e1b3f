/** What a Shenou (申瓯) operator's console says. There is no check: what does not stand in its form is told as unreadable. */
export type ShenouFrame =
  /** A call record, a line in the format `shenou`. */
  | { readonly kind: 'record'; readonly line: string }
  /** A class was set. */
  | { readonly kind: 'classSet'; readonly extension: string; readonly classOfService: number }
  | { readonly kind: 'damaged'; readonly sample: Uint8Array };

const CR = 0x0d;
const LF = 0x0a;
/** A record has 83 characters. */
const MAX_LINE = 256;
const ANSWER = /R10\*(\d)\*(\d{1,8})$/u;
const RECORD = /T\d{14} [\s\S]*$/u;

/** Class control and record forwarding of Shenou USO: bytes into frames. A line ends at CR, LF or both; noise before the word of a line is dropped. */
export class ShenouDecoder {
  readonly #held = new Uint8Array(MAX_LINE);
  #count = 0;
  #skipped = 0;
  #overlong: 'overlong' | undefined;

  /** Bytes of an unfinished line held now. */
  get pendingBytes(): number {
    return this.#count;
  }

  /** Bytes that were part of no frame, since the decoder was made. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  /** Takes the next bytes, cut anywhere, and hands on what they complete. Never throws. */
  push(chunk: Uint8Array, sink: (frame: ShenouFrame) => void): void {
    for (const byte of chunk) {
      if (byte === CR || byte === LF) this.#end(sink);
      else if (this.#count < MAX_LINE) {
        this.#held[this.#count] = byte;
        this.#count += 1;
      } else this.#overlong = 'overlong';
    }
  }

  /** Lines have no time that they must keep: nothing is given up but what is held. */
  giveUp(sink: (frame: ShenouFrame) => void): void {
    if (this.#count > 0) this.#damaged(sink);
    this.reset();
  }

  /** Forgets what is held, as for a new line. */
  reset(): void {
    this.#count = 0;
    this.#overlong = undefined;
  }

  #end(sink: (frame: ShenouFrame) => void): void {
    if (this.#count === 0) return;
    const line = Buffer.from(this.#held.subarray(0, this.#count)).toString('latin1');
    const frame = this.#overlong === undefined ? read(line) : undefined;
    if (frame === undefined) this.#damaged(sink);
    else sink(frame);
    this.reset();
  }

  #damaged(sink: (frame: ShenouFrame) => void): void {
    this.#skipped += this.#count;
    sink({ kind: 'damaged', sample: this.#held.slice(0, this.#count) });
  }
}

function read(line: string): ShenouFrame | undefined {
  // Only the characters that the note has; a flipped bit often gives another.
  const clean = line.replace(/^[^\x20-\x7e]+/u, '');
  if (!/^[\x20-\x7e]*$/u.test(clean)) return undefined;
  const answer = ANSWER.exec(clean);
  if (answer !== null) return { kind: 'classSet', classOfService: Number(answer[1]), extension: answer[2] ?? '' };
  const record = RECORD.exec(clean);
  return record === null ? undefined : { kind: 'record', line: record[0] };
}

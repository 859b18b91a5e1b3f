import type { RecordingId } from '@cordboard/cti-core';
import { SAMPLE_RATE } from '@cordboard/telephony-dsp';
import { Fifo } from '../sound/fifo.js';
import type { Tap } from '../sound/port.js';
import type { Track } from './track.js';

/** One side may be ahead of the other by so much, 200 ms, before its lack is taken for silence. */
const AHEAD = 1_600;
const CAPACITY = 3_200;

/** Hears one party, both ways, and gives what it hears to its tracks in step. */
export class Recording implements Tap {
  readonly recordingId: RecordingId;
  readonly #tracks: readonly Track[];
  readonly #how: 'mixed' | 'separate';
  readonly #from = new Fifo(CAPACITY);
  readonly #to = new Fifo(CAPACITY);
  readonly #one = new Int16Array(AHEAD);
  readonly #other = new Int16Array(AHEAD);
  #paused = false;
  #samples = 0;

  /** @param parts.tracks - one of `mixed`, what the party says and what it hears of `separate` */
  constructor(parts: {
    readonly recordingId: RecordingId;
    readonly how: 'mixed' | 'separate';
    readonly tracks: readonly Track[];
  }) {
    this.recordingId = parts.recordingId;
    this.#how = parts.how;
    this.#tracks = parts.tracks;
  }

  /** What has been recorded so far. */
  get durationMs(): number {
    return Math.round((this.#samples * 1_000) / SAMPLE_RATE);
  }

  /** The files of it. */
  get tracks(): readonly Track[] {
    return this.#tracks;
  }

  /** While paused nothing is kept: a gap. */
  pause(mode: 'pause' | 'resume'): void {
    this.#paused = mode === 'pause';
  }

  fromParty(samples: Int16Array): void {
    if (this.#paused) return;
    this.#from.push(samples);
    this.#go();
  }

  toParty(samples: Int16Array): void {
    if (this.#paused) return;
    this.#to.push(samples);
    this.#go();
  }

  /** What one side is ahead of the other is kept as well: nothing follows. */
  drain(): void {
    while (this.#from.length > 0 || this.#to.length > 0)
      this.#take(Math.min(AHEAD, Math.max(this.#from.length, this.#to.length)));
  }

  #go(): void {
    const both = Math.min(this.#from.length, this.#to.length);
    const ahead = Math.max(this.#from.length, this.#to.length) - AHEAD;
    const count = Math.max(both, ahead);
    if (count > 0) this.#take(Math.min(count, AHEAD));
  }

  #take(count: number): void {
    const from = this.#one.subarray(0, count).fill(0);
    this.#from.pull(from);
    this.#samples += count;
    if (this.#how === 'mixed') {
      this.#to.mixInto(from);
      this.#tracks[0]?.add(from);
      return;
    }
    const to = this.#other.subarray(0, count).fill(0);
    this.#to.pull(to);
    this.#tracks[0]?.add(from);
    this.#tracks[1]?.add(to);
  }
}

import { readWav } from './pcm.js';
import { ALL_TONES } from './tone-plan.js';
import { analyse, exactlyMs } from './tones.js';

/** A stretch of a call in which certain voices were to be heard, by the wall clock. */
export interface Phase {
  readonly what: string;
  readonly fromWallMs: number;
  readonly toWallMs: number;
  /** Frequencies of all that sounded, and nothing else. */
  readonly freqs: readonly number[];
}

/** Marks phases while a call goes on. */
export class Phases {
  readonly all: Phase[] = [];
  #open: { readonly what: string; readonly freqs: readonly number[]; readonly fromWallMs: number } | undefined;

  /** From now on these sound. */
  begin(what: string, freqs: readonly number[]): void {
    this.#open = { what, freqs, fromWallMs: Date.now() };
  }

  /** Up to now they did. */
  end(): void {
    if (this.#open !== undefined) this.all.push({ ...this.#open, toWallMs: Date.now() });
    this.#open = undefined;
  }
}

/**
 * Holds a recording against the phases of its call: of each phase at least `share` (default 0.8) must sound exactly so. 200 ms at either
 * end of a phase are left out: that is how far two clocks of media may be apart here.
 * @returns one line of figures
 * @throws {Error} with all phases that do not sound so
 */
export function checkRecording(
  file: Buffer,
  phases: readonly Phase[],
  options: { readonly startedWallMs: number; readonly share?: number },
): string {
  const { rateHz, channels } = readWav(file);
  const [samples] = channels;
  if (samples === undefined || rateHz !== 8_000) throw new Error(`a recording of ${rateHz} Hz`);
  const margin = 200;
  const wrong: string[] = [];
  const figures: string[] = [];
  for (const phase of phases) {
    const from = Math.max(0, phase.fromWallMs - options.startedWallMs + margin);
    const to = phase.toWallMs - options.startedWallMs - margin;
    const part = samples.subarray(from * 8, Math.max(from * 8, to * 8));
    const heard = analyse(part, { freqs: ALL_TONES });
    const share = exactlyMs(heard, phase.freqs) / Math.max(1, to - from);
    figures.push(`${phase.what} ${Math.round(share * 100)} % of ${Math.round(to - from)} ms`);
    if (share < (options.share ?? 0.8))
      wrong.push(
        `${phase.what}: [${phase.freqs.join(' ')}] Hz ${Math.round(share * 100)} %, heard ${JSON.stringify(heard)}`,
      );
  }
  if (wrong.length > 0) throw new Error(`the recording is not as the call was:\n${wrong.join('\n')}`);
  return `${(samples.length / 8_000).toFixed(1)} s recorded: ${figures.join(', ')}`;
}

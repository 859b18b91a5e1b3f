import { readWav } from './pcm.js';
import { ALL_TONES } from './tone-plan.js';
import { analyse, exactlyMs, type ToneSegment } from './tones.js';

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
 * end of a phase are left out: that is how far two clocks of media may be apart here. A machine without time for its media loses some of
 * it, so that later phases may lie up to `lostMs` (default 800) earlier in the file, each at least as much as the one before.
 * @returns one line of figures
 * @throws {Error} with all phases that do not sound so
 */
export function checkRecording(
  file: Buffer,
  phases: readonly Phase[],
  options: { readonly startedWallMs: number; readonly share?: number; readonly lostMs?: number },
): string {
  const { rateHz, channels } = readWav(file);
  const [samples] = channels;
  if (samples === undefined || rateHz !== 8_000) throw new Error(`a recording of ${rateHz} Hz`);
  const margin = 200;
  const wrong: string[] = [];
  const figures: string[] = [];
  let lost = 0;
  for (const phase of phases) {
    const from = Math.max(0, phase.fromWallMs - options.startedWallMs + margin);
    const to = phase.toWallMs - options.startedWallMs - margin;
    const heardAt = (early: number): readonly ToneSegment[] => {
      const start = Math.max(0, from - early) * 8;
      return analyse(samples.subarray(start, Math.max(start, (to - early) * 8)), { freqs: ALL_TONES });
    };
    let best = { early: lost, share: -1 };
    for (let early = lost; early <= (options.lostMs ?? 800) && best.share < 0.95; early += 50) {
      const share = exactlyMs(heardAt(early), phase.freqs) / Math.max(1, to - from);
      if (share > best.share) best = { early, share };
    }
    lost = best.early;
    figures.push(`${phase.what} ${Math.round(best.share * 100)} % of ${Math.round(to - from)} ms`);
    if (best.share < (options.share ?? 0.8)) {
      wrong.push(
        `${phase.what}: [${phase.freqs.join(' ')}] Hz ${Math.round(best.share * 100)} %, heard ${JSON.stringify(heardAt(best.early))}`,
      );
    }
  }
  if (wrong.length > 0) throw new Error(`the recording is not as the call was:\n${wrong.join('\n')}`);
  return `${(samples.length / 8_000).toFixed(1)} s recorded, ${lost} ms lost: ${figures.join(', ')}`;
}

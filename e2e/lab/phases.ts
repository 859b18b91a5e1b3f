import type { Ear } from './party.js';
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
  /** Share of its time in which those who listened heard what they should: a machine without time for its media gives a recorder no more. */
  readonly heard: number;
}

/** Somebody who listens in a phase, and what they are to hear. */
export interface Witness {
  readonly ear: Ear;
  readonly freqs: readonly number[];
}

interface Opened {
  readonly what: string;
  readonly freqs: readonly number[];
  readonly fromWallMs: number;
  readonly witnesses: readonly (Witness & { readonly fromMs: number })[];
}

/** Marks phases while a call goes on. */
export class Phases {
  readonly all: Phase[] = [];
  #open: Opened | undefined;

  /** From now on these sound. */
  begin(what: string, freqs: readonly number[], witnesses: readonly Witness[] = []): void {
    const listening = witnesses.map((one) => ({ ...one, fromMs: one.ear.nowMs() }));
    this.#open = { what, freqs, fromWallMs: Date.now(), witnesses: listening };
  }

  /** Up to now they did. */
  end(): void {
    const opened = this.#open;
    this.#open = undefined;
    if (opened === undefined) return;
    const { witnesses, ...phase } = opened;
    const shares = witnesses.map(({ ear, freqs, fromMs }) => {
      // What came last may still be under way.
      const toMs = ear.nowMs() - 100;
      return exactlyMs(ear.segments({ fromMs, toMs }), freqs) / Math.max(1, toMs - fromMs);
    });
    this.all.push({ ...phase, toWallMs: Date.now(), heard: Math.min(1, ...shares) });
  }
}

/**
 * Holds a recording against the phases of its call: of each phase at least `share` (default 0.8) of what its witnesses heard must sound exactly so. 200 ms at either
 * end of a phase are left out: that is how far two clocks of media may be apart here. A machine without time for its media loses some of
 * it, so that later phases may lie earlier in the file, each at least as much as the one before: by what the file is too short, and 800 ms more.
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
  const endMs = (phases.at(-1)?.toWallMs ?? 0) - options.startedWallMs;
  const lostMs = 800 + Math.max(0, Math.round(endMs - samples.length / 8));
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
    for (let early = lost; early <= lostMs && best.share < 0.95; early += 50) {
      const share = exactlyMs(heardAt(early), phase.freqs) / Math.max(1, to - from);
      if (share > best.share) best = { early, share };
    }
    lost = best.early;
    figures.push(`${phase.what} ${Math.round(best.share * 100)} % of ${Math.round(to - from)} ms`);
    if (best.share < (options.share ?? 0.8) * phase.heard) {
      wrong.push(
        `${phase.what}: [${phase.freqs.join(' ')}] Hz ${Math.round(best.share * 100)} % where ${Math.round(phase.heard * 100)} % was heard, in it ${JSON.stringify(heardAt(best.early))}`,
      );
    }
  }
  if (wrong.length > 0) throw new Error(`the recording is not as the call was:\n${wrong.join('\n')}`);
  return `${(samples.length / 8_000).toFixed(1)} s recorded, ${lost} ms lost: ${figures.join(', ')}`;
}

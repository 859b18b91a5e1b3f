import { randomOf } from '../lib/random.js';
import { type Covered, startCoverage } from './coverage.js';
import { heldBytes } from './held.js';
import { mutate } from './mutate.js';
import type { FuzzSubject } from './subject.js';

/** One input may take so long; a healthy one takes microseconds, a busy machine stops a process for tens of milliseconds. */
const MAX_INPUT_MS = 2_000;
/** So many faults are told, each with so much of its input. */
const MAX_TOLD = 5;
const MAX_TOLD_BYTES = 2_000;
/** What may be held at the end beyond what was held after the inputs whose run is counted. Measured: less than 0.1 MiB after 9,000 inputs more. */
const MAX_GROWTH_BYTES = 16 << 20;
/** What is run is counted for so many inputs, or half of fewer: the count makes everything slower, and holds memory of its own. */
const COVERED_INPUTS = 20_000;

/** What a subject did with all its inputs. */
export interface Fuzzed {
  /** The first inputs that broke it. */
  readonly faults: readonly { readonly input: number; readonly what: string; readonly bytes: string }[];
  /** Inputs that broke it. */
  readonly failed: number;
  /** What is wrong with the whole: too little came behind the framing, or memory was kept. */
  readonly wrong: readonly string[];
  readonly frames: number;
  /** 0 to 1 of the inputs. */
  readonly mapped: number;
  readonly slowestMs: number;
  readonly grownBytes: number;
  readonly seconds: number;
  readonly covered: Covered;
  readonly coveredInputs: number;
}

/** Damages `count` inputs and feeds each. The same seed gives the same inputs. */
export async function fuzz(
  subject: FuzzSubject,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<Fuzzed> {
  const faults: Fuzzed['faults'][number][] = [];
  let mapped = 0;
  let frames = 0;
  let failed = 0;
  let slowestMs = 0;
  let heldAtFirst = 0;
  let covered: Covered = { share: 0, files: [] };
  const coveredInputs = Math.min(COVERED_INPUTS, Math.floor(count / 2));
  const startedMs = performance.now();
  const stopCoverage = await startCoverage(subject.covers);
  for (let input = 0; input < count; input++) {
    if (input === coveredInputs) {
      covered = await stopCoverage();
      heldAtFirst = heldBytes();
    }
    // Each input has a seed of its own, so that one alone can be played again.
    const random = randomOf(seed * 1_000_003 + input);
    const bytes = mutate(subject.corpus, subject.dictionary, random);
    const beforeMs = performance.now();
    let what: string | undefined;
    try {
      const fed = subject.feed(bytes, random);
      if (fed.mapped) mapped += 1;
      frames += fed.frames;
      what = fed.fault;
    } catch (error) {
      what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const tookMs = performance.now() - beforeMs;
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > MAX_INPUT_MS) what ??= `took ${Math.round(tookMs)} ms`;
    if (what === undefined) continue;
    failed += 1;
    if (faults.length < MAX_TOLD)
      faults.push({ input, what, bytes: Buffer.from(bytes).toString('latin1').slice(0, MAX_TOLD_BYTES) });
  }
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const grownBytes = heldBytes() - heldAtFirst;
  const share = mapped / count;
  const wrong = [
    ...(share < subject.leastMapped ? [`only ${(share * 100).toFixed(1)} % came behind the framing`] : []),
    ...(grownBytes > MAX_GROWTH_BYTES ? [`grew by ${inMiB(grownBytes)} MiB`] : []),
  ];
  return { faults, failed, wrong, frames, mapped: share, slowestMs, grownBytes, seconds, covered, coveredInputs };
}

/** In whole MiB. */
export function inMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

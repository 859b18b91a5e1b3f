// Feeds a reader of outside bytes with damaged ones: it must not throw, hang, hold more than its caps, or read differently when
// the same bytes come in other pieces. Prints the first inputs that broke it; the same seed gives the same inputs.
import process from 'node:process';
import { type Covered, startCoverage } from './fuzz/coverage.js';
import { eslSubject } from './fuzz/esl.js';
import { mutate } from './fuzz/mutate.js';
import type { FuzzSubject } from './fuzz/subject.js';
import { v253Subject } from './fuzz/v253.js';
import { endWrong, readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';

const subjects: Readonly<Record<string, () => FuzzSubject>> = { esl: eslSubject, v253: v253Subject };

/** One input may take so long; a healthy one takes microseconds, a busy machine stops a process for tens of milliseconds. */
const MAX_INPUT_MS = 2_000;
const MAX_TOLD = 5;
/** Memory that may be held after a million inputs beyond what was held after the first thousand. */
const MAX_GROWTH_BYTES = 64 << 20;
const WARM_UP = 1_000;
/** What is run is counted for so many inputs: the count makes everything slower. */
const COVERED_INPUTS = 20_000;

const USAGE = `npm run fuzz -- SUBJECT [--count N] [--seed K] [--json]; subjects: ${Object.keys(subjects).join(', ')}`;

const { values, positionals } = readArgs(USAGE, {
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function main(name: string, make: () => FuzzSubject): Promise<void> {
  const subject = make();
  const count = Number(values.count);
  const seed = Number(values.seed);
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const faults: { input: number; what: string; bytes: string }[] = [];
  let mapped = 0;
  let frames = 0;
  let failed = 0;
  let slowestMs = 0;
  let heldAtFirst = 0;
  const startedMs = performance.now();
  const stopCoverage = await startCoverage(subject.covers);
  let covered: Covered | undefined;
  for (let input = 0; input < count; input++) {
    if (input === COVERED_INPUTS) covered = await stopCoverage();
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
    if (input === Math.min(WARM_UP, count - 1)) heldAtFirst = process.memoryUsage().rss;
    if (what === undefined) continue;
    failed += 1;
    if (faults.length < MAX_TOLD)
      faults.push({ input, what, bytes: Buffer.from(bytes).toString('latin1').slice(0, 2_000) });
  }
  covered ??= await stopCoverage();
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const grown = process.memoryUsage().rss - heldAtFirst;
  const share = mapped / count;
  for (const { input, what, bytes } of faults) say(`input ${input}: ${what}\n${JSON.stringify(bytes)}`);
  const wrong = [
    ...(share < subject.leastMapped ? [`only ${(share * 100).toFixed(1)} % came behind the framing`] : []),
    ...(grown > MAX_GROWTH_BYTES * Math.max(1, count / 1_000_000)
      ? [`grew by ${Math.round(grown / 2 ** 20)} MiB`]
      : []),
  ];
  for (const line of wrong) say(line);
  say(
    `${name}: ${count} inputs (${subject.about}), ${frames} frames, ${(share * 100).toFixed(1)} % came behind the framing, slowest ${slowestMs.toFixed(1)} ms, ${Math.round(grown / 2 ** 20)} MiB more, ${seconds} s`,
  );
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  say(
    `${percent(covered.share)} of ${subject.covers.pathname.split('/').slice(-4).join('/')} run by the first ${Math.min(count, COVERED_INPUTS)}: ${covered.files.map(({ file, share: part }) => `${file} ${percent(part)}`).join(', ')}`,
  );
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ name, count, seed, frames, mapped: share, slowestMs, grown, seconds, covered, faults })}\n`,
    );
  }
  say(countsLine({ passed: count - failed, failed: failed + wrong.length, skipped: 0 }));
  if (failed + wrong.length > 0) process.exitCode = 1;
}

const [name = ''] = positionals;
const make = subjects[name];
if (make === undefined) endWrong('expected a subject', USAGE);
await main(name, make);

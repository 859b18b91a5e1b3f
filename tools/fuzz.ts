// Feeds a reader of outside bytes with damaged ones: it must not throw, hang, hold more than its caps, or read differently when
// the same bytes come in other pieces. Prints the first inputs that broke it; the same seed gives the same inputs.
import process from 'node:process';
import { eslSubject } from './fuzz/esl.js';
import { fuzz, inMiB } from './fuzz/run.js';
import type { FuzzSubject } from './fuzz/subject.js';
import { v253Subject } from './fuzz/v253.js';
import { endWrong, readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';

const subjects: Readonly<Record<string, () => FuzzSubject>> = { esl: eslSubject, v253: v253Subject };

const USAGE = `npm run fuzz -- SUBJECT [--count N] [--seed K] [--json]; subjects: ${Object.keys(subjects).join(', ')}`;

const { values, positionals } = readArgs(USAGE, {
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

async function main(name: string, make: () => FuzzSubject): Promise<void> {
  const subject = make();
  const count = Number(values.count);
  const seed = Number(values.seed);
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const { faults, failed, wrong, covered, coveredInputs, ...figures } = await fuzz(subject, { count, seed });
  for (const { input, what, bytes } of faults) say(`input ${input}: ${what}\n${JSON.stringify(bytes)}`);
  for (const line of wrong) say(line);
  const { frames, mapped, slowestMs, grownBytes, seconds } = figures;
  say(
    `${name}: ${count} inputs (${subject.about}), ${frames} frames, ${percent(mapped)} came behind the framing, slowest ${slowestMs.toFixed(1)} ms, ${inMiB(grownBytes)} MiB more, ${seconds} s`,
  );
  say(
    `${percent(covered.share)} of ${subject.covers.pathname.split('/').slice(-4).join('/')} run by the first ${coveredInputs}: ${covered.files.map(({ file, share: part }) => `${file} ${percent(part)}`).join(', ')}`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ name, count, seed, ...figures, covered, faults })}\n`);
  say(countsLine({ passed: count - failed, failed: failed + wrong.length, skipped: 0 }));
  if (failed + wrong.length > 0) process.exitCode = 1;
}

const [name = ''] = positionals;
const make = subjects[name];
if (make === undefined) endWrong('expected a subject', USAGE);
await main(name, make);

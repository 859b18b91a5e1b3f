import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseDay, randomDay, runDay } from '@cordboard/simulator';
import { bundle } from './faults/bundle.js';
import { Crew } from './faults/crew.js';
import { addDay, missing, nothingReached } from './faults/reached.js';
import type { DayReport } from './faults/worker.js';
import { readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';

const CHUNK = 4;
/** Every such seed is played twice and must give the same effects. */
const TWICE_EVERY = 25;
/** Below so many days what was not reached is printed and fails nothing. */
const ENOUGH_DAYS = 100;
const MAX_SHRUNK = 5;
const SHRINK_BUDGET = 400;

const USAGE = `npm run faults -- --seeds N [--seed K] [--json] [--keep FOLDER] [--core FOLDER] | --replay FILE
--core: plays against the engine in another copy of packages/cti-core/src, such as that of an earlier version`;

const { values } = readArgs(USAGE, {
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    keep: { type: 'string' },
    replay: { type: 'string' },
    core: { type: 'string' },
  },
});

const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);

async function replay(file: string): Promise<void> {
  const result = runDay(parseDay(await readFile(file, 'utf8')));
  for (const { invariant, atMs, what } of result.violations) say(`${invariant} at ${atMs} ms: ${what}`);
  const failed = result.violations.length > 0 ? 1 : 0;
  say(countsLine({ passed: 1 - failed, failed, skipped: 0 }));
  process.exitCode = failed;
}

async function days(first: number, count: number): Promise<void> {
  const program = await bundle('worker.ts', values.core === undefined ? {} : { coreSources: values.core });
  const crew = new Crew(program.file, Math.min(2, availableParallelism()));
  const startedMs = performance.now();
  const reached = nothingReached();
  const failed: DayReport[] = [];
  let calls = 0;
  let inputs = 0;
  const take = (report: DayReport): void => {
    addDay(reached, report);
    calls += report.calls;
    inputs += report.inputs;
    if (report.violations.length > 0) failed.push(report);
  };
  try {
    const seeds = Array.from({ length: count }, (_, n) => first + n);
    const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, n) => seeds.slice(n * CHUNK, (n + 1) * CHUNK));
    await Promise.all(
      chunks.map(async (chunk) => {
        const answer = await crew.ask({ ask: 'days', seeds: chunk, twice: TWICE_EVERY });
        if (answer.answer === 'days') for (const report of answer.reports) take(report);
      }),
    );
    failed.sort((a, b) => a.seed - b.seed);
    for (const report of failed) say(`seed ${report.seed}: ${describe(report)}`);
    for (const report of oneOfEach(failed)) await printShrunk(crew, report);
  } finally {
    crew.stop();
    await program.remove();
  }
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const lacking = missing(reached);
  if (values.json) {
    const plain = Object.fromEntries(Object.entries(reached).map(([kind, map]) => [kind, Object.fromEntries(map)]));
    process.stdout.write(
      `${JSON.stringify({ seeds: count, calls, inputs, seconds, reached: plain, lacking, failed })}\n`,
    );
  }
  for (const [kind, counts] of Object.entries(reached)) {
    say(`${kind}: ${[...counts].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  }
  say(`${count} days, ${calls} calls, ${inputs} inputs in ${seconds} s`);
  for (const name of lacking) say(`never reached: ${name}`);
  const unreached = count >= ENOUGH_DAYS ? lacking.length : 0;
  say(countsLine({ passed: count - failed.length, failed: failed.length + unreached, skipped: 0 }));
  if (failed.length + unreached > 0) process.exitCode = 1;
}

function describe({ violations }: DayReport): string {
  const [first] = violations;
  return first === undefined ? 'passed' : `${first.invariant} at ${first.atMs} ms: ${first.what}`;
}

/** The first day of each sentence that did not hold. */
function oneOfEach(failed: readonly DayReport[]): DayReport[] {
  const byInvariant = new Map<string, DayReport>();
  for (const report of failed) {
    const invariant = report.violations[0]?.invariant ?? '';
    if (!byInvariant.has(invariant)) byInvariant.set(invariant, report);
  }
  return [...byInvariant.values()].slice(0, MAX_SHRUNK);
}

async function printShrunk(crew: Crew, report: DayReport): Promise<void> {
  const answer = await crew.ask({ ask: 'shrink', day: randomDay(report.seed), budget: SHRINK_BUDGET });
  if (answer.answer !== 'shrink') return;
  const text = JSON.stringify(answer.day, undefined, 1);
  say(`seed ${report.seed} in ${answer.day.steps.length} steps:\n${text}`);
  if (values.keep === undefined) return;
  await mkdir(values.keep, { recursive: true });
  await writeFile(join(values.keep, `seed-${report.seed}.json`), `${text}\n`);
}

if (values.replay !== undefined) await replay(values.replay);
else await days(Number(values.seed), Number(values.seeds));

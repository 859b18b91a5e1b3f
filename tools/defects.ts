import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Day, randomDay } from '@cordboard/simulator';
import { plant, readDefect } from './defects/patch.js';
import { bundle } from './faults/bundle.js';
import { Crew } from './faults/crew.js';
import type { Answer, DayReport } from './faults/worker.js';
import { readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';
import { inParallel } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

/** Days that may be played until a defect must be found. */
const MAX_SEEDS = 60;
const MAX_STEPS = 10;
const SHRINK_BUDGET = 250;
const CHUNK = 3;

const { values, positionals } = readArgs('npm run defects -- [NAME ...] [--find] [--json]', {
  allowPositionals: true,
  options: { find: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

const folder = join(root, 'tools/defects');
const coreSources = join(root, 'packages/cti-core/src');

interface Verdict {
  readonly name: string;
  readonly about: string;
  readonly found: 'found' | 'survived' | 'broken';
  readonly seed?: number;
  readonly days?: number;
  readonly steps?: number;
  readonly by?: string;
}

/** Is it found, and does the small day that shows it fail again? */
async function judge(name: string): Promise<Verdict> {
  const defect = readDefect(await readFile(join(folder, name), 'utf8'));
  const { about } = defect;
  const copy = await mkdtemp(join(tmpdir(), 'cordboard-defect-'));
  try {
    await cp(coreSources, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    await plant(defect, copy);
    const program = await bundle('worker.ts', { coreSources: copy });
    const crew = new Crew(program.file, 1);
    try {
      return await hunt({ name, about, known: defect.seeds }, crew);
    } finally {
      crew.stop();
      await program.remove();
    }
  } catch (error) {
    return { name, about: error instanceof Error ? error.message : about, found: 'broken' };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function hunt(what: { name: string; about: string; known: readonly number[] }, crew: Crew): Promise<Verdict> {
  const { name, about } = what;
  const others = Array.from({ length: MAX_SEEDS }, (_, n) => n + 1).filter((seed) => !what.known.includes(seed));
  const seeds = values.find ? others.concat(what.known).sort((a, b) => a - b) : [...what.known, ...others];
  let smallest: Verdict | undefined;
  for (let at = 0, days = 0; at < seeds.length; at += CHUNK) {
    const chunk = seeds.slice(at, at + CHUNK);
    const answer = await crew.ask({ ask: 'days', seeds: chunk, twice: CHUNK });
    days += chunk.length;
    for (const report of failures(answer)) {
      if (await failsWithout(randomDay(report.seed))) continue;
      const small = await crew.ask({ ask: 'shrink', day: randomDay(report.seed), budget: SHRINK_BUDGET });
      const isOwn = small.answer === 'shrink' && !(await failsWithout(small.day));
      const again = small.answer === 'shrink' && small.violations.length > 0 && isOwn;
      const by = report.violations[0]?.invariant ?? '';
      const steps = small.answer === 'shrink' && again ? small.day.steps.length : Number.POSITIVE_INFINITY;
      if (steps < (smallest?.steps ?? Number.POSITIVE_INFINITY)) {
        smallest = { name, about, found: 'found', seed: report.seed, days, steps, by };
      }
      if (steps <= MAX_STEPS) return smallest ?? { name, about, found: 'survived' };
    }
  }
  return smallest === undefined ? { name, about, found: 'survived' } : { ...smallest, found: 'survived' };
}

/** A day that fails on the sound engine as well says nothing about the defect. */
async function failsWithout(day: Day): Promise<boolean> {
  const answer = await sound.ask({ ask: 'play', day });
  return answer.answer === 'play' && answer.violations.length > 0;
}

function failures(answer: Answer): readonly DayReport[] {
  return answer.answer === 'days' ? answer.reports.filter((report) => report.violations.length > 0) : [];
}

const names = (await readdir(folder)).filter(
  (file) => file.endsWith('.patch') && (positionals.length === 0 || positionals.some((part) => file.includes(part))),
);
const soundProgram = await bundle('worker.ts');
const sound = new Crew(soundProgram.file, 1);
let failed = 0;
await inParallel(names.sort(), Math.min(2, availableParallelism()), async (name) => {
  const verdict = await judge(name);
  if (verdict.found !== 'found') failed++;
  const { found, seed, days, steps, by, about } = verdict;
  const words =
    found === 'found' ? `by ${by}, seed ${seed}, ${days} days, ${steps} steps` : `${seed ?? ''} ${steps ?? ''}`;
  (values.json ? process.stderr : process.stdout).write(`${found} ${name}: ${about}; ${words}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
});
sound.stop();
await soundProgram.remove();
process.stdout.write(`${countsLine({ passed: names.length - failed, failed, skipped: 0 })}\n`);
if (failed > 0 || names.length === 0) process.exitCode = 1;

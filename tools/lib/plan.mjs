import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { countsLine, countsOf, countsOfVitest } from './counts.mjs';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

/**
 * @typedef {object} Step
 * @property {string} name short, unique
 * @property {string[]} command program and arguments
 * @property {string[]} [needs] names of the steps that must have passed before
 * @property {number} [cores] how many of the cores it keeps busy, default 1
 * @property {'exit' | 'line' | 'vitest'} [counts] where its counts come from: its exit code (one check), the counts line that
 *   it prints last, or a vitest report; default `exit`
 * @property {() => string | undefined} [cannot] why the step cannot run on this machine, or undefined when it can
 * @property {number} [timeoutMs] default ten minutes
 * @property {Record<string, string>} [env]
 */

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {{ step: Step, counts: Counts, seconds: number, words: string, output: string }} Outcome */

const none = { passed: 0, failed: 0, skipped: 0 };

/**
 * What a finished step counts for. A step never counts as good by its words alone: a bad exit code is at least one
 * failure, and a step that should print counts and does not has failed.
 *
 * @param {Step} step
 * @param {import('./run.mjs').RunResult} result
 * @param {string} reportFile
 * @returns {{ counts: Counts, words: string }}
 */
function judge(step, result, reportFile) {
  const kind = step.counts ?? 'exit';
  const bad = result.code !== 0;
  if (kind === 'exit')
    return { counts: { ...none, [bad ? 'failed' : 'passed']: 1 }, words: bad ? `exit code ${result.code}` : '' };
  let counts;
  try {
    counts = kind === 'line' ? countsOf(result.stdout) : countsOfVitest(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch {
    counts = undefined;
  }
  if (!counts) return { counts: { ...none, failed: 1 }, words: `no counts, exit code ${result.code}` };
  if (bad && counts.failed === 0) return { counts: { ...counts, failed: 1 }, words: `exit code ${result.code}` };
  if (counts.passed + counts.failed + counts.skipped === 0)
    return { counts: { ...none, failed: 1 }, words: 'nothing was run' };
  return { counts, words: '' };
}

/**
 * Runs steps as early as their needs and the cores allow, in their order, and prints what happens.
 *
 * @param {readonly Step[]} steps
 * @param {{ cores?: number, strict?: boolean, logDir?: string, print?: (line: string) => void }} [options]
 *   `strict`: a step that cannot run here is a failure and not a skip (default: CI=true)
 * @returns {Promise<{ outcomes: Outcome[], counts: Counts }>}
 */
export async function runPlan(steps, options = {}) {
  const { cores = 2, strict = process.env.CI === 'true', logDir = join(root, '.run', 'test') } = options;
  const print = options.print ?? ((line) => process.stdout.write(`${line}\n`));
  rmSync(logDir, { recursive: true, force: true });
  mkdirSync(logDir, { recursive: true });
  /** @type {Map<string, Outcome>} */
  const done = new Map();
  const waiting = [...steps];
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  let busy = 0;

  /** @param {Outcome} outcome */
  const settle = (outcome) => {
    const { step, counts, seconds, words, output } = outcome;
    done.set(step.name, outcome);
    const mark = counts.failed > 0 ? 'FAILED' : counts.passed === 0 && counts.skipped > 0 ? 'skipped' : 'ok';
    if (counts.failed > 0 && output)
      print(`---- ${step.name}\n${output.trimEnd().split('\n').slice(-150).join('\n')}\n----`);
    print(
      `${mark.padEnd(8)}${step.name.padEnd(22)}${seconds.toFixed(1).padStart(7)} s  ${countsLine(counts)}${words ? `  (${words})` : ''}`,
    );
  };

  /** @param {Step} step */
  const start = async (step) => {
    const reportFile = join(logDir, `${step.name.replaceAll(/\W+/g, '-')}.json`);
    const report =
      step.counts === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile=${reportFile}`] : [];
    const result = await run([...step.command, ...report], {
      timeoutMs: step.timeoutMs ?? 600_000,
      env: { FORCE_COLOR: '0', NO_COLOR: '1', ...step.env },
    });
    writeFileSync(join(logDir, `${step.name.replaceAll(/\W+/g, '-')}.log`), result.output);
    const { counts, words } = judge(step, result, reportFile);
    settle({ step, counts, words, seconds: result.ms / 1000, output: result.output });
  };

  /** @param {Step} step @param {string} words @param {'failed' | 'skipped'} kind */
  const leaveOut = (step, words, kind) =>
    settle({ step, counts: { ...none, [kind]: 1 }, seconds: 0, words, output: '' });

  /** @param {Step} step @returns {'wait' | 'start' | 'left out'} */
  const next = (step) => {
    const needs = (step.needs ?? []).map((name) => done.get(name) ?? name);
    const unmet = needs.find((need) => typeof need !== 'string' && need.counts.failed > 0);
    if (unmet && typeof unmet !== 'string') {
      leaveOut(step, `not run, because ${unmet.step.name} failed`, 'failed');
      return 'left out';
    }
    if (needs.some((need) => typeof need === 'string')) return 'wait';
    const reason = step.cannot?.();
    if (reason !== undefined) {
      leaveOut(step, reason, strict ? 'failed' : 'skipped');
      return 'left out';
    }
    return busy === 0 || busy + (step.cores ?? 1) <= cores ? 'start' : 'wait';
  };

  for (const step of steps) {
    const unknown = (step.needs ?? []).find((name) => !steps.some((other) => other.name === name));
    if (unknown !== undefined) throw new Error(`step ${step.name} needs ${unknown}, which is no step`);
  }
  while (waiting.length > 0 || running.size > 0) {
    for (const step of [...waiting]) {
      const verdict = next(step);
      if (verdict === 'wait') continue;
      waiting.splice(waiting.indexOf(step), 1);
      if (verdict === 'left out') continue;
      busy += step.cores ?? 1;
      const ended = start(step).finally(() => {
        busy -= step.cores ?? 1;
        running.delete(step.name);
      });
      running.set(step.name, ended);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0 && waiting.every((step) => next(step) === 'wait')) {
      throw new Error(`steps wait for each other: ${waiting.map((step) => step.name).join(', ')}`);
    }
  }
  const outcomes = steps.flatMap((step) => done.get(step.name) ?? []);
  const counts = outcomes.reduce(
    (sum, { counts: one }) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    none,
  );
  return { outcomes, counts };
}

/**
 * The table of steps with their seconds.
 * @param {Outcome[]} outcomes
 */
export function tableOf(outcomes) {
  const rows = outcomes.map(({ step, counts, seconds, words }) =>
    [
      step.name.padEnd(22),
      seconds.toFixed(1).padStart(8),
      ...[counts.passed, counts.failed, counts.skipped].map((count) => String(count).padStart(8)),
      `  ${words}`.trimEnd(),
    ].join(''),
  );
  return [`${'step'.padEnd(22)}${' seconds'}${'  passed'}${'  failed'}${' skipped'}`, ...rows].join('\n');
}

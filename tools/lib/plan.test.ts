import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countsOf, countsOfVitest } from './counts.mjs';
import { runPlan, type Step } from './plan.mjs';

let logDir: string;
beforeEach(() => {
  logDir = mkdtempSync(join(tmpdir(), 'cordboard-plan-'));
});
afterEach(() => {
  rmSync(logDir, { recursive: true, force: true });
});

const script = (code: string): string[] => [process.execPath, '-e', code];
const plan = async (steps: Step[], strict = false) => {
  const lines: string[] = [];
  const { counts } = await runPlan(steps, { strict, logDir, print: (line) => lines.push(line) });
  return { counts, lines };
};

describe('a plan of steps', () => {
  it('adds up exit codes and printed counts', async () => {
    const { counts } = await plan([
      { name: 'a', command: script('') },
      { name: 'b', command: script('console.log("noise\\n5 passed, 0 failed, 2 skipped")'), counts: 'line' },
    ]);
    expect(counts).toEqual({ passed: 6, failed: 0, skipped: 2 });
  });

  it('does not believe good counts beside a bad exit code', async () => {
    const command = script('console.log("5 passed, 0 failed, 0 skipped"); process.exitCode = 3');
    expect((await plan([{ name: 'a', command, counts: 'line' }])).counts).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it.each([
    ['prints no counts', script('console.log("all fine")')],
    ['runs nothing', script('console.log("0 passed, 0 failed, 0 skipped")')],
    ['prints its counts on stderr only', script('console.error("1 passed, 0 failed, 0 skipped")')],
    ['calls a script that does not exist', ['npm', 'run', 'no-such-script']],
    ['calls a program that does not exist', ['no-such-program-anywhere']],
  ])('fails a step that %s', async (_title, command) => {
    expect((await plan([{ name: 'a', command, counts: 'line' }])).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('ends a step that hangs, with what it started', async () => {
    const command = script('setInterval(() => {}, 1000)');
    const { counts, lines } = await plan([{ name: 'a', command, timeoutMs: 300 }]);
    expect(counts.failed).toBe(1);
    expect(lines.join('\n')).toContain('exit code 124');
  });

  it('fails what needs a failed step, and says why', async () => {
    const { counts, lines } = await plan([
      { name: 'a', command: script('process.exit(1)') },
      { name: 'b', command: script(''), needs: ['a'] },
    ]);
    expect(counts).toEqual({ passed: 0, failed: 2, skipped: 0 });
    expect(lines.join('\n')).toContain('not run, because a failed');
  });

  it('starts a step only after what it needs', async () => {
    const mark = join(logDir, '..', `${Date.now()}-${process.pid}.mark`);
    const { counts } = await plan([
      { name: 'b', command: script(`require('fs').unlinkSync(${JSON.stringify(mark)})`), needs: ['a'] },
      { name: 'a', command: script(`require('fs').writeFileSync(${JSON.stringify(mark)}, '')`) },
    ]);
    expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
  });

  it('skips what cannot run here with its reason, and fails it when strict', async () => {
    const step: Step = { name: 'a', command: script(''), cannot: () => 'no telephone here' };
    const loose = await plan([step]);
    expect(loose.counts).toEqual({ passed: 0, failed: 0, skipped: 1 });
    expect(loose.lines.join('\n')).toContain('no telephone here');
    expect((await plan([step], true)).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('refuses needs that are no steps and steps that wait for each other', async () => {
    await expect(plan([{ name: 'a', command: script(''), needs: ['x'] }])).rejects.toThrow('which is no step');
    const ring = [
      { name: 'a', command: script(''), needs: ['b'] },
      { name: 'b', command: script(''), needs: ['a'] },
    ];
    await expect(plan(ring)).rejects.toThrow('wait for each other');
  });

  it('reads vitest reports, broken files included', async () => {
    const file = (status: string, tests: string[]) => ({
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    });
    const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, success: false };
    expect(
      countsOfVitest({ ...report, testResults: [file('failed', ['passed']), file('passed', ['passed'])] }),
    ).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
    });
    expect(countsOfVitest({ ...report, testResults: [] }).failed).toBe(1);
    const step: Step = { name: 'v', command: script(''), counts: 'vitest' };
    writeFileSync(join(logDir, 'v.json'), '{}');
    expect((await plan([step])).counts.failed).toBe(1);
  });

  it('takes the last counts line', () => {
    expect(countsOf('1 passed, 0 failed, 0 skipped\n 2 passed, 1 failed, 0 skipped \nbye')).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
    });
    expect(countsOf('x 1 passed, 0 failed, 0 skipped')).toBeUndefined();
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@cordboard/driver-kit';
import { type SerialPbx, serialPbx } from '@cordboard/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;
let out: string[];
let err: string[];
let sim: SerialPbx;
let at: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-clock-'));
  sim = serialPbx({
    clock: systemClock,
    lines: 4,
    extensions: 8,
    clockAheadMs: 95_000,
    utcOffsetMinutes: 480,
    line: { kind: 'tcp' },
  }).start();
  const { host, port } = await sim.listen({ port: 0 });
  at = `${host}:${port}`;
});
afterEach(async () => {
  await sim.close();
  await rm(folder, { recursive: true, force: true });
});

function run(argv: readonly string[], more: { readonly terminal?: 'terminal' } = {}): Promise<number> {
  out = [];
  err = [];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), ...more };
  const signal = new AbortController().signal;
  return runCommandLine(['pbx', 'clock', '--tcp', at, '--zone', 'Asia/Shanghai', ...argv], { folder, signal, output });
}
const aheadMs = (): number => sim.pbx.now() - (systemClock.wallMs() + 480 * 60_000);

describe('cordboard pbx clock', () => {
  test('reads, sets, keeps readings and says how fast it leaves the truth', async () => {
    const log = join(folder, 'clock.jsonl');
    // Yesterday's reading: it was 90 seconds ahead then.
    const day = 86_400_000;
    await writeFile(log, `${JSON.stringify({ wallMs: systemClock.wallMs() - day, aheadMs: 90_000 })}\n{"torn`);
    expect(await run(['--log', 'clock.jsonl'])).toBe(0);
    const report = JSON.parse(out[0] ?? '');
    expect(Math.abs(report.aheadMs - 95_000)).toBeLessThan(400);
    expect(Math.abs(report.drift.perDayMs - 5_000)).toBeLessThan(500);
    expect(report.drift.readings).toBe(2);
    expect(await run(['--log', 'clock.jsonl', '--set'], { terminal: 'terminal' })).toBe(0);
    expect(out[0]).toMatch(
      /^the PBX shows \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, 9\d s ahead of this machine in Asia\/Shanghai$/u,
    );
    expect(out[1]).toMatch(/^it was set, and is now 0\.\d s (?:ahead|behind)$/u);
    expect(out[2]).toMatch(/^it gains .* a day, give or take .* \(3 readings over 24\.0 hours\)$/u);
    expect(Math.abs(aheadMs())).toBeLessThan(1_000);
    // What was read before the setting says nothing of what comes behind it.
    expect(await run(['--log', 'clock.jsonl'])).toBe(0);
    expect(JSON.parse(out[0] ?? '').drift).toBeUndefined();
    expect((await readFile(log, 'utf8')).trim().split('\n')).toHaveLength(6);
  }, 120_000);

  test('says when it is far off, and that a log is a folder', async () => {
    expect(await run([], { terminal: 'terminal' })).toBe(0);
    expect(out.join('\n')).toContain('--set');
    expect(await run(['--log', '.'])).toBe(2);
  }, 120_000);
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/program.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
if (!hasSocat) process.stderr.write('socat is not installed: no pty to examine\n');

let folder: string;
let cable: ChildProcess;
let [pbxEnd, hostEnd] = ['', ''];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-doctor-pty-'));
  if (!hasSocat) return;
  [pbxEnd, hostEnd] = [join(folder, 'pbx'), join(folder, 'host')];
  const end = (link: string): string => `pty,raw,echo=0,link=${link}`;
  cable = spawn('socat', ['-d', '-d', end(pbxEnd), end(hostEnd)], { stdio: ['ignore', 'ignore', 'pipe'] });
  // It says so when both ends are there.
  for await (const chunk of cable.stderr ?? []) if (String(chunk).includes('starting data transfer loop')) break;
  const scenario = {
    lines: 8,
    extensions: 16,
    times: { wrapMs: 0 },
    phones: Array.from({ length: 16 }, (_, at) => ({
      number: String(801 + at),
      does: 'answer',
      after: 50,
      talkFor: 200,
    })),
    traffic: { callEvery: 100, talkFor: 200 },
  };
  await writeFile(join(folder, 'pbx.json'), JSON.stringify(scenario));
});
afterEach(async () => {
  if (cable?.exitCode === null) {
    cable.kill();
    await once(cable, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

interface Seen {
  readonly code: number;
  readonly verdict?: string;
  readonly speaks?: { readonly language: string; readonly settings: string };
}

/** Runs a simulated PBX on one end, and the diagnosis on the other. */
async function examine(sim: readonly string[], doctor: readonly string[]): Promise<Seen> {
  const ending = new AbortController();
  let ready: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const quiet = { out: () => ready(), err: () => undefined };
  const running = runCommandLine(['sim', '--serial', pbxEnd, '--scenario', 'pbx.json', '--json', ...sim], {
    folder,
    signal: ending.signal,
    output: quiet,
  });
  await Promise.race([begun, running]);
  const out: string[] = [];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void out.push(line) };
  const code = await runCommandLine(['doctor', 'serial', hostEnd, '--json', ...doctor], {
    folder,
    signal: new AbortController().signal,
    output,
  });
  ending.abort();
  await running;
  return { code, ...JSON.parse(out.join('\n')) };
}

describe.skipIf(!hasSocat)('a PBX at the other end of a pty', () => {
  test.each([
    ['kts-ascii/1', 'kts-ascii'],
    ['kts-bin/1', 'kts-bin'],
    ['nec-pms', 'nec-pms'],
    ['smdr-kx-td', 'smdr-kx-td'],
  ])(
    '%s is understood',
    async (profile, language) => {
      expect(await examine(['--profile', profile], ['--profile', language, '--wait', '30'])).toMatchObject({
        code: 0,
        verdict: 'ok',
        speaks: { language },
      });
    },
    120_000,
  );

  test('the wrong profile is told by the right one', async () => {
    const seen = await examine(['--profile', 'smdr-ipoffice-csv'], ['--profile', 'smdr-kx-ta', '--wait', '6']);
    expect(seen).toMatchObject({ code: 1, verdict: 'wrongLanguage', speaks: { language: 'smdr-ipoffice-csv' } });
  }, 120_000);

  test('seven bits with parity that are read as eight: the bytes alone tell it', async () => {
    const seen = await examine(
      ['--profile', 'smdr-definity-80', '--reader', '9600,8N1'],
      ['--profile', 'smdr-definity-80', '--wait', '6'],
    );
    expect(seen).toMatchObject({ code: 1, verdict: 'wrongParity', speaks: { settings: '9600 7E1' } });
  }, 120_000);

  test('a speed that no opening of a pty can change stays unknown, and nothing is fatal', async () => {
    const sim = ['--profile', 'smdr-kx-td', '--reader', '2400,8N1'];
    // Each setting is listened to for so long; on a machine that stands still meanwhile nothing is heard, and it is asked for longer.
    for (const wait of ['1', '3', '6']) {
      const seen = await examine(sim, ['--profile', 'smdr-kx-td', '--wait', wait]);
      if (seen.verdict === 'unknown' && wait !== '6') continue;
      expect(seen).toMatchObject({ code: 1, verdict: 'garbled' });
      return;
    }
  }, 300_000);

  test('a silent line without modem lines is unknown', async () => {
    const out: string[] = [];
    const output = { out: (line: string) => void out.push(line), err: () => undefined };
    const code = await runCommandLine(['doctor', 'serial', hostEnd, '--wait', '1', '--json'], {
      folder,
      signal: new AbortController().signal,
      output,
    });
    expect(code).toBe(1);
    const report = JSON.parse(out.join('\n'));
    expect(report.verdict).toBe('unknown');
    expect(report.findings).toContainEqual(expect.objectContaining({ id: 'serial.lines', level: 'unknown' }));
  });
});

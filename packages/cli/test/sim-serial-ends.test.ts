import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
let child: ChildProcess | undefined;
let host: Socket | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-sim-ends-'));
  // The program reads its version beside its folder.
  await copyFile(fileURLToPath(new URL('../package.json', import.meta.url)), join(folder, 'package.json'));
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  await build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outfile: join(folder, 'dist', 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    external: ['serialport', 'exceljs', 'esbuild', 'better-sqlite3'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}, 180_000);
afterAll(async () => {
  child?.kill('SIGKILL');
  host?.destroy();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that goes on for a minute. */
const SCENARIO = {
  lines: 8,
  extensions: 16,
  phones: [
    { number: '801', after: '100ms', talkFor: '60s' },
    { number: '802', does: 'ring' },
  ],
  callers: [{ line: 3, number: '13912345678', every: '300ms', talkFor: '60s', patience: '60s', press: '12' }],
  acts: [
    { phone: '803', after: '50ms', does: 'dial', to: '913800138000#' },
    { phone: '804', after: '50ms', does: 'dial', to: '802' },
  ],
  traffic: { callEvery: '200ms', dialEvery: '300ms', insideEvery: '300ms', talkFor: '60s', patience: '60s' },
  troubles: [
    { after: '1500ms', what: 'losePower', for: '60s' },
    { after: '600ms', what: 'pullCable', for: '60s' },
    { after: '500ms', what: 'stall', for: '60s' },
  ],
};

test('SIGINT ends the simulated PBX at once, whatever its people were about to do', {
  timeout: 180_000,
}, async () => {
  await writeFile(join(folder, 'pbx.json'), JSON.stringify(SCENARIO));
  const argv = ['sim', '--serial', 'tcp:0', '--profile', 'kts-ascii/1', '--scenario', 'pbx.json', '--json'];
  const living = spawn(process.execPath, [join(folder, 'dist', 'main.mjs'), ...argv], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = living;
  const exited = once(living, 'exit');
  const first = once(createInterface({ input: living.stdout }), 'line');
  const [line] = (await Promise.race([first, exited])) as [string];
  const { tcp } = JSON.parse(line) as { tcp: { port: number } };
  host = connect({ host: '127.0.0.1', port: tcp.port });
  host.on('error', () => undefined);
  host.resume();
  // The power fails, which was the last thing to happen for a minute.
  await once(host, 'close');
  const fromMs = performance.now();
  living.kill('SIGINT');
  const [code] = (await exited) as [number | null];
  const tookMs = performance.now() - fromMs;
  expect(code).toBe(0);
  // Soon, on a machine that does much else too: the next thing to happen is most of a minute away.
  expect(tookMs).toBeLessThan(20_000);
});

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const own = fileURLToPath(new URL('..', import.meta.url));
let clone: string;

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'cordboard-clone-'));
});
afterEach(() => rm(clone, { recursive: true, force: true }));

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder to its end. */
function run([program = '', ...args]: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    // Where a registry can be reached, npm would look for a newer npm and say so behind the words of the program.
    const env = { ...process.env, npm_config_update_notifier: 'false' };
    execFile(program, args, { cwd, env, timeout: 150_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

/** Lays out a clone as it is before any build: this package with what git keeps of it, in a workspace. */
async function layOut(): Promise<string> {
  const folder = join(clone, 'packages', 'cli');
  await mkdir(folder, { recursive: true });
  const { dependencies: _none, ...manifest } = JSON.parse(await readFile(join(own, 'package.json'), 'utf8'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await cp(join(own, 'bin'), join(folder, 'bin'), { recursive: true });
  await writeFile(
    join(clone, 'package.json'),
    JSON.stringify({ name: 'clone', private: true, workspaces: ['packages/*'] }),
  );
  return folder;
}

test('npx finds the command of a fresh clone: told to build before, run after', { timeout: 600_000 }, async () => {
  const folder = await layOut();
  const install = ['npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  expect(await run(install, clone)).toMatchObject({ code: 0 });
  const npx = ['npx', '--no-install', 'cordboard', '--help'];

  const early = await run(npx, clone);
  expect(early).toMatchObject({ code: 1, stdout: '' });
  expect(early.stderr.trim().split('\n').at(-1)).toBe('cordboard: it is not built yet: run `npm run build` first');

  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist', 'main.js'), 'process.stdout.write(process.argv.slice(2).join());');
  expect(await run(npx, clone)).toMatchObject({ code: 0, stdout: '--help' });
});

test('a fault of the built program is told as it is, not as a missing build', async () => {
  const folder = await layOut();
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist', 'main.js'), "import './gone.js';");
  const result = await run([process.execPath, join(folder, 'bin', 'cordboard.mjs')], clone);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('gone.js');
  expect(result.stderr).not.toContain('npm run build');
});

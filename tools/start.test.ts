import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

let clone: string;

/** File systems stamp in steps of some milliseconds; what is older must not depend on them. */
function setAge(path: string, { secondsFromNow }: { secondsFromNow: number }): void {
  const at = Date.now() / 1000 + secondsFromNow;
  utimesSync(path, at, at);
}

/** A clone with the real start-up scripts and a demo that tells how it was called. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cordboard-start-'));
  mkdirSync(join(clone, 'tools'));
  for (const name of ['start.mjs', 'install.mjs', 'build.mjs', 'lib']) {
    cpSync(join(root, 'tools', name), join(clone, 'tools', name), { recursive: true });
  }
  const manifest = { name: 'clone', version: '1.0.0', private: true };
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } };
  writeFileSync(join(clone, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(lock));
  const cli = join(clone, 'packages', 'cli');
  mkdirSync(join(cli, 'dist'), { recursive: true });
  writeFileSync(join(cli, 'package.json'), JSON.stringify({ name: 'cli', type: 'module' }));
  writeFileSync(
    join(cli, 'dist', 'main.js'),
    `process.on('SIGTERM', () => { console.log('ended well'); process.exit(7); });
     console.log(JSON.stringify(process.argv.slice(2)));
     if (process.argv.includes('--wait')) setInterval(() => {}, 1000); else process.exitCode = 5;`,
  );
  writeFileSync(join(cli, 'dist', '.built'), '');
  setAge(join(cli, 'dist', '.built'), { secondsFromNow: 10 });
});
afterEach(() => {
  rmSync(clone, { recursive: true, force: true });
});

const installed = (packages: object): void => {
  mkdirSync(join(clone, 'node_modules'));
  writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
};
const start = (...args: string[]) =>
  run([process.execPath, join(clone, 'tools', 'start.mjs'), ...args], { cwd: clone });

describe('npm start', () => {
  it('leaves stdout to the demo and hands on arguments and exit code', async () => {
    installed({});
    const result = await start('--json', '--port', '0');
    expect(result.stdout).toBe('["demo","--json","--port","0"]\n');
    expect(result.code).toBe(5);
  });

  it('installs first when nothing is installed', { timeout: 180_000 }, async () => {
    const result = await start();
    expect(result.output).toContain('Installing packages');
    expect(result.stdout).toBe('["demo"]\n');
  });

  it('builds what is older than its sources, and says what does not build', async () => {
    installed({});
    mkdirSync(join(clone, 'packages', 'cli', 'src'));
    const source = join(clone, 'packages', 'cli', 'src', 'main.ts');
    writeFileSync(source, 'export {};');
    setAge(source, { secondsFromNow: 20 });
    const result = await start();
    expect(result.code).toBe(1);
    expect(result.stdout).toBe('');
    expect(result.output).toContain('cli does not build');
  });

  it('hands on a signal to stop and waits for the end of the demo', async () => {
    installed({});
    const child: ChildProcess = spawn(process.execPath, [join(clone, 'tools', 'start.mjs'), '--wait'], { cwd: clone });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said === '["demo","--wait"]\n') child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(7);
    expect(said).toContain('ended well');
  });

  it('ends the demo when npm was stopped, which tells the shell between alone', async () => {
    installed({});
    const line = `"${process.execPath}" "${join(clone, 'tools', 'start.mjs')}" --wait; true`;
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    const shell: ChildProcess = spawn('sh', ['-c', line], { cwd: clone, env });
    let said = '';
    shell.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said === '["demo","--wait"]\n') shell.kill('SIGTERM');
    });
    // Closed when the last process that could write has gone.
    await new Promise((resolve) => shell.once('close', resolve));
    expect(said).toContain('ended well');
  });
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

let clone: string;

const parts = ['agent-sdk', 'cti-core', 'cti-protocol'] as const;

/** A clone in which nothing is built yet. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cordboard-build-'));
  mkdirSync(join(clone, 'tools'));
  cpSync(join(root, 'tools', 'tsup.base.ts'), join(clone, 'tools', 'tsup.base.ts'));
  cpSync(join(root, 'tsconfig.base.json'), join(clone, 'tsconfig.base.json'));
  mkdirSync(join(clone, 'node_modules', '@cordboard'), { recursive: true });
  for (const name of ['tsup', 'typescript', 'eventemitter3']) {
    symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name));
  }
  for (const name of parts) {
    const from = join(root, 'packages', name);
    const filter = (path: string): boolean => !['dist', 'node_modules', 'test'].some((one) => path === join(from, one));
    cpSync(from, join(clone, 'packages', name), { recursive: true, filter });
    symlinkSync(join(clone, 'packages', name), join(clone, 'node_modules', '@cordboard', name));
  }
});
afterEach(() => {
  rmSync(clone, { recursive: true, force: true });
});

it('builds the file for plain pages while nothing else is built, as the first start of a clone needs it', {
  timeout: 120_000,
}, async () => {
  const tsup = join(clone, 'node_modules', 'tsup', 'dist', 'cli-default.js');
  const cwd = join(clone, 'packages', 'agent-sdk');
  const { code, output } = await run([process.execPath, tsup], { cwd, timeoutMs: 100_000 });
  expect(code, output).toBe(0);
  const text = readFileSync(join(cwd, 'dist', 'cordboard.js'), 'utf8');
  expect(() => new vm.Script(text)).not.toThrow();
  expect(text).not.toMatch(/require\(|from ?["']@cordboard/u);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

it('finds every planted defect of a packed package and none in the clean one', { timeout: 120_000 }, async () => {
  const parent = join(root, 'tools', 'planted', 'pack');
  const names = readdirSync(parent);
  const folders = names.map((name) => join(parent, name));
  const result = await run([process.execPath, join(root, 'tools', 'check-pack.mjs'), ...folders]);
  const blamed = names.filter((name) => result.stdout.includes(`@planted/${name}: `));
  expect(blamed).toEqual(names.filter((name) => name !== 'clean'));
  expect(result.code).toBe(1);
  expect(result.stdout.trimEnd().split('\n').at(-1)).toBe(`1 passed, ${names.length - 1} failed, 0 skipped`);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

const parent = join(root, 'tools', 'planted', 'types');

it.each(readdirSync(parent))('type check of planted folder %s', { timeout: 180_000 }, async (name) => {
  const result = await run([process.execPath, join(root, 'tools', 'types.mjs'), join(parent, name)]);
  expect(result.code).toBe(name === 'clean' ? 0 : 1);
  expect(result.stdout.trimEnd().split('\n').at(-1)).toMatch(name === 'clean' ? /^2 passed, 0 failed/ : /, 1 failed, /);
});

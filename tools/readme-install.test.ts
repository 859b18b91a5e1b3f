import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { packagesInOrder, root } from './lib/workspace.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const published = packagesInOrder().filter(({ manifest }) => manifest.private !== true);

it('packs every package that is published, and nothing else, with the command of the README', async () => {
  const command = /^npm pack .+$/mu.exec(readme)?.[0];
  expect(command).toBeDefined();
  const result = await run([...(command ?? '').split(' '), '--dry-run', '--json', '--ignore-scripts']);
  const packed: unknown = JSON.parse(result.stdout.slice(result.stdout.search(/[[{]/)));
  const names = Object.values(packed as object).map(({ name }: { readonly name: string }) => name);
  expect(names.toSorted()).toEqual(published.map(({ manifest }) => manifest.name).toSorted());
});

it('names the packages that a page needs', () => {
  const needed = new Set(['@cordboard/agent-sdk']);
  for (const name of needed) {
    const { dependencies = {} } = published.find(({ manifest }) => manifest.name === name)?.manifest ?? {};
    for (const other of Object.keys(dependencies)) if (other.startsWith('@cordboard/')) needed.add(other);
  }
  const told = /\{([a-z,-]+)\}-\*\.tgz/u.exec(readme)?.[1]?.split(',') ?? [];
  expect(told.map((name) => `@cordboard/${name}`).toSorted()).toEqual([...needed].toSorted());
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;
let told: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-examples-'));
  told = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const check = (...argv: readonly string[]): Promise<number> => {
  const note = (line: string): void => {
    told += `${line}\n`;
  };
  const { signal } = new AbortController();
  return runCommandLine(['ivr', 'check', ...argv], { folder, signal, output: { out: note, err: note } });
};
const example = (path: string): string => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));

describe.each([
  ['ivr-clinic', 'clinic', 1],
  ['ivr-bank', 'bank', 1],
  ['ivr-sales-levels', 'sales', 1],
  ['ivr-survey', 'survey', 2],
  ['ivr-order-desk', 'orders', 1],
])('%s', (name, file, flows) => {
  const nothing = `0 findings in ${flows} ${flows === 1 ? 'flow' : 'flows'}\n`;

  test('has no findings by itself', async () => {
    expect([await check(example(`${name}/${file}.ts`)), told]).toEqual([0, nothing]);
  });

  test('has none on its site, and the site is a configuration', async () => {
    const { site } = (await import(example(`${name}/site.ts`))) as { readonly site: object };
    const options = { ari: { url: 'http://127.0.0.1:8088', user: 'cti', password: 'x' } };
    const config = {
      switches: { main: { driver: 'asterisk', options } },
      dialPlan: { countryCode: '86', internal: [{ from: '8000', to: '8999' }] },
      ...site,
    };
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect([await check('--all'), told]).toEqual([0, nothing]);
  });
});

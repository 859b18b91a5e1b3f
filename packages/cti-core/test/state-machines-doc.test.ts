import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MACHINES, machineDocument } from '../src/index.js';

const PAGE = new URL('../../../docs/state-machines.md', import.meta.url);

test('docs/state-machines.md is what the tables say (UPDATE_DOCS=1 writes it)', () => {
  const text = machineDocument(MACHINES);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, text);
  expect(readFileSync(PAGE, 'utf8')).toBe(text);
});

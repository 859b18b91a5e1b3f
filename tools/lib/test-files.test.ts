import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { partedTestFiles } from './test-files.mjs';
import { root } from './workspace.mjs';

const { unit, pure } = partedTestFiles();

it('has every test file in one part', () => {
  expect(new Set([...unit, ...pure]).size).toBe(unit.length + pure.length);
  expect(unit).toContain('tools/lib/test-files.test.ts');
});

it.each([
  ['a process that is killed', 'packages/adapters-usbbox/test/killed.test.ts'],
  ['a socket', 'packages/adapters-asterisk/test/ami-link.test.ts'],
  ['a socket of what the test has beside it', 'packages/adapters-freeswitch/test/driver.test.ts'],
  ['the heap', 'packages/adapters-pbx-serial/test/driver-robust.test.ts'],
  ['replaced modules', 'packages/ivr-dsl/test/testing/search.test.ts'],
  ['time of the processor', 'packages/cti-core/test/ivr/branching.test.ts'],
])('gives a process of its own to a test of %s', (_, path) => {
  expect(unit).toContain(path);
});

it('lets share a process what computes', () => {
  expect(pure).toContain('packages/cti-core/test/engine-basic.test.ts');
  expect(pure).toContain('packages/telephony-dsp/src/fsk/caller-id.test.ts');
  for (const path of pure) {
    expect(readFileSync(join(root, path), 'utf8'), path).not.toMatch(
      /node:child_process|node:net'|vi\.doMock|process\.chdir/u,
    );
  }
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { Coverage } from '@cordboard/ivr-dsl/testing';
import { afterAll } from 'vitest';

/** One collector for a file of tests, which writes what it has counted when they are over. */
export function collect(name: string, folder = 'coverage-ivr'): Coverage {
  const coverage = new Coverage();
  afterAll(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${name}.json`, coverage.toJson());
  });
  return coverage;
}

import { readFile } from 'node:fs/promises';
import { CONFORMANCE_CASES, describeDriver, LAWS, runConformance } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_DRIVERS, breakDriver, SimulatorWorld, withSecondLink } from '../src/testing/index.js';

describeDriver(
  { name: 'simulator, the plain order', openWorld: async () => new SimulatorWorld({ seed: 1, orders: 'plain' }) },
  { describe, it, beforeAll, afterAll },
);

describe('simulator, orders as drawn', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'passes the suite with seed %i and skips nothing but what is of lines and of switches that carry services out themselves',
    async (seed) => {
      const report = await runConformance({
        name: `seed ${seed}`,
        openWorld: async () => new SimulatorWorld({ seed }),
      });
      const ofOthers = (id: string): boolean => /^DRV-(LINE|CC)-/u.test(id) || id === 'HB-LIFTED';
      expect(report.results.filter(({ id, status }) => status !== 'passed' && !ofOthers(id))).toEqual([]);
    },
  );
});

describe('the suite itself', () => {
  it.each(BROKEN_DRIVERS.map((broken) => [broken.name, broken] as const))(
    'notices a driver that %s',
    async (_, broken) => {
      const report = await runConformance({
        name: broken.name,
        openWorld: async () =>
          new SimulatorWorld({ seed: 5, orders: 'plain', wrap: (driver, world) => breakDriver(broken, driver, world) }),
      });
      const failed = report.results.filter((result) => result.status === 'failed').map((result) => result.id);
      expect(failed).toContain(broken.caughtBy);
    },
  );

  it('blames a driver of two links for nothing that it tells while one of them lives', async () => {
    const sound = {
      name: 'two links',
      caughtBy: '',
      bend: () => withSecondLink({ afterTheLast: 'says nothing' }),
    };
    const report = await runConformance({
      name: sound.name,
      openWorld: async () =>
        new SimulatorWorld({ seed: 5, orders: 'plain', wrap: (driver, world) => breakDriver(sound, driver, world) }),
    });
    const failed = report.results.filter((result) => result.status === 'failed').map((result) => result.id);
    expect(failed.filter((id) => LAWS.some((law) => law.id === id))).toEqual([]);
  });

  it('has one id for each sentence', () => {
    const ids = [...CONFORMANCE_CASES.map((item) => item.id), ...LAWS.map((law) => law.id)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(DRV|HB)-[A-Z]+(-[A-Z]+)*(-\d\d)?$/u);
  });
});

describe('docs/driver-contract.md', () => {
  it('lists every id with its sentence', async () => {
    const page = await readFile(new URL('../../../docs/driver-contract.md', import.meta.url), 'utf8');
    for (const { id, says } of [...CONFORMANCE_CASES, ...LAWS]) expect(page).toContain(`| ${id} | ${says} |`);
  });
});

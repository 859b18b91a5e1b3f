import type { DriverEvent } from '@cordboard/cti-core';
import {
  CONFORMANCE_CASES,
  comparedIn,
  compareRuns,
  type Run,
  recordRun,
  runConformance,
  type World,
} from '@cordboard/driver-kit/conformance';
import { SimulatorWorld } from '../../packages/simulator/src/testing/index.js';
import { AsteriskWorld } from '../lab/asterisk-world.js';
import type { Scenario } from '../scenario.js';

async function runOf(id: string, world: World): Promise<Run> {
  const item = CONFORMANCE_CASES.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`no case ${id}`);
  return recordRun(world, { nonce: 'cmp' }, (probe) => item.run(probe));
}

/** The run with the end of monitoring told after the end of its target: a listed pair the wrong way round. */
function swapped(run: Run): Run {
  const events: DriverEvent[] = [...run.events];
  const from = events.findIndex((event) => event.type === 'monitoring' && event.mode === null);
  const to = events.findIndex((event, at) => at > from && event.type === 'cleared');
  const [ended, cleared] = [events[from], events[to]];
  if (ended === undefined || cleared === undefined) throw new Error('no end of monitoring to swap');
  events[from] = cleared;
  events[to] = ended;
  return { ...run, events };
}

/** The suite that every driver passes, on the real switch. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'driver: conformance suite',
    needs: ['asterisk', 'sipp', 'baresip'],
    boundMs: 240_000,
    async run(lab) {
      let world: AsteriskWorld | undefined;
      const lines: string[] = [];
      lab.onFailure('conformance.txt', () => lines.join('\n'));
      lab.onFailure('driver-log.txt', () => world?.log.join('\n') ?? '');
      // The switch and its phones are gone when the report is written.
      const seen: string[] = [];
      lab.onFailure('switch-and-phones.txt', () => seen.join('\n'));
      const report = await runConformance({
        name: 'asterisk',
        openWorld: async () => {
          world = await AsteriskWorld.open();
          return world;
        },
        nonce: `n${Date.now().toString(36)}`,
        onResult: (result) => {
          lines.push(`${result.status} ${result.id} ${Math.round(result.ms)} ms ${result.reason ?? ''}`);
          if (result.status === 'failed') seen.push(result.id, ...(world?.seen() ?? []));
        },
      });
      const failed = report.results.filter((result) => result.status === 'failed');
      if (failed.length > 0)
        throw new Error(
          `${failed.length} cases failed: ${failed.map((result) => `${result.id} (${result.reason ?? 'no reason'})`).join('; ')}`,
        );
      const skipped = report.results.filter((result) => result.status === 'skipped').map((result) => result.id);
      return `${report.passed} cases hold; skipped: ${skipped.join(', ') || 'none'}`;
    },
  },
  {
    name: 'driver: same events as the simulator',
    needs: ['asterisk', 'sipp', 'baresip'],
    boundMs: 120_000,
    async run(lab) {
      const real = lab.keep(await AsteriskWorld.open({ links: 'ari' }));
      const played = comparedIn(real);
      const differences: string[] = [];
      lab.onFailure('differences.txt', () => differences.join('\n'));
      for (const { id } of played) {
        const virtual = new SimulatorWorld({ seed: 1, orders: 'plain' });
        const [a, b] = [await runOf(id, virtual), await runOf(id, real)];
        await virtual.close();
        differences.push(...compareRuns(a, b).map((item) => `${id} ${item.kind} ${item.where}: ${item.what}`));
        if (id === 'DRV-MON-03' && compareRuns(a, swapped(b)).every((item) => item.where !== 'HB-MONITOR-END')) {
          differences.push('a planted swap of HB-MONITOR-END was not noticed');
        }
      }
      if (differences.length > 0) throw new Error(`${differences.length} differences: ${differences[0]}`);
      return `${played.length} runs agree`;
    },
  },
];

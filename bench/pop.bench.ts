import { loadavg } from 'node:os';
import { defineBench } from './lib/bench.js';
import { type Child, startChild } from './lib/child.js';
import { percentile, rounded } from './lib/stats.js';
import type { Way } from './pop/stages.js';

type Stamps = readonly (readonly [string, number])[];

/** What the server's process tells of a run. */
interface Done {
  readonly came: Stamps;
  readonly rang: Stamps;
  readonly cpuUs: number;
  readonly ways: readonly Way[];
  readonly syncs: readonly number[];
  readonly collections: readonly number[];
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly applyUs: number;
}

export default defineBench({
  about:
    "From the switch's event that an agent's phone rings to the callback in the agent's page (agent-sdk on ws), with 200 busy agents, journal on disk before every effect; beside one append and sync of the disk",
  async run({ report, say, smoke }) {
    const agents = smoke ? 10 : 200;
    const ringMs = smoke ? 100 : 500;
    const talkMs = smoke ? 400 : 9_500;
    // One call every 55 ms that lasts 10 s keeps nine agents in ten busy.
    const everyMs = smoke ? 60 : 55;
    const calls = smoke ? 30 : 900;
    const server = startChild(new URL('./pop/server.ts', import.meta.url), [
      String(agents),
      String(ringMs),
      String(talkMs),
    ]);
    const desks = startChild(new URL('./pop/desks.ts', import.meta.url));
    let disk: Child | undefined;
    try {
      await desks.message('ready');
      const { url, tokens, diskFile } = await server.message<{ url: string; tokens: string[]; diskFile: string }>(
        'listening',
      );
      disk = startChild(new URL('./pop/disk.ts', import.meta.url), [diskFile]);
      await disk.message('ready');
      desks.send({ type: 'connect', url, tokens });
      await desks.message('connected');
      disk.send({ type: 'begin' });
      server.send({ type: 'run', calls, everyMs });
      const done = await server.message<Done>('done', 300_000);
      disk.send({ type: 'end' });
      const { values: syncMs } = await disk.message<{ values: number[] }>('disk');
      desks.send({ type: 'told' });
      const { told, loopP99Ms } = await desks.message<{ told: Stamps; loopP99Ms: number }>('told');
      const first = new Map<string, number>();
      for (const [number, atNs] of told) if (!first.has(number)) first.set(number, atNs);
      const after = (stamps: Stamps): number[] =>
        // The first fifth fills the floor: agents are not busy yet.
        stamps.slice(Math.floor(stamps.length / 5)).flatMap(([number, atNs]) => {
          const toldNs = first.get(number);
          return toldNs === undefined ? [] : [(toldNs - atNs) / 1e6];
        });
      const fromRing = after(done.rang);
      const fromCall = after(done.came);
      say(
        `${done.came.length} calls, ${done.rang.length} rang, ${first.size} popped; ${rounded(done.cpuUs / 1000 / done.came.length)} ms of server CPU a call`,
      );
      if (fromRing.length < done.came.length * 0.7)
        throw new Error(`only ${first.size} of ${done.came.length} calls popped`);
      const beside = (share: number): { name: string; value: number } => ({
        name: `p${share * 100} of one append and sync of the disk`,
        value: rounded(percentile(syncMs, share)),
      });
      for (const share of [0.5, 0.99]) {
        const figure = (name: string, values: readonly number[]): void =>
          report({
            name: `pop.${name}.p${share * 100}`,
            value: rounded(percentile(values, share)),
            unit: 'ms',
            reference: beside(share),
          });
        figure('fromRing', fromRing);
        figure('fromCall', fromCall);
        figure('journalSync', done.syncs);
        for (const stage of ['waited', 'synced', 'applied'] as const)
          figure(
            `fromRing.${stage}`,
            done.ways.slice(Math.floor(done.ways.length / 5)).map((way) => way[stage]),
          );
      }
      report({ name: 'pop.cpuPerCall', value: rounded(done.cpuUs / done.came.length), unit: 'us' });
      report({ name: 'pop.engine.cpuPerInput', value: rounded(done.applyUs), unit: 'us' });
      report({ name: 'pop.serverLoop.p99', value: rounded(done.loopP99Ms), unit: 'ms' });
      report({ name: 'pop.serverLoop.max', value: rounded(done.loopMaxMs), unit: 'ms' });
      report({ name: 'pop.serverCollection.max', value: rounded(Math.max(0, ...done.collections)), unit: 'ms' });
      report({ name: 'pop.desksLoop.p99', value: rounded(loopP99Ms), unit: 'ms' });
      report({ name: 'pop.machineLoad', value: rounded(loadavg()[0] ?? Number.NaN), unit: 'count' });
    } finally {
      await Promise.all([server.stop(), desks.stop(), disk?.stop()]);
    }
  },
});

import { defineBench } from './lib/bench.js';
import { startChild } from './lib/child.js';
import { percentile, rounded } from './lib/stats.js';

type Stamps = readonly (readonly [string, number])[];

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
    try {
      await desks.message('ready');
      const { url, tokens, syncMs } = await server.message<{ url: string; tokens: string[]; syncMs: number }>(
        'listening',
      );
      desks.send({ type: 'connect', url, tokens });
      await desks.message('connected');
      server.send({ type: 'run', calls, everyMs });
      const done = await server.message<{ came: Stamps; rang: Stamps; cpuUs: number }>('done', 300_000);
      desks.send({ type: 'told' });
      const { told } = await desks.message<{ told: Stamps }>('told');
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
      const reference = { name: 'one append and sync of the disk', value: rounded(syncMs) };
      report({ name: 'pop.fromRing.p50', value: rounded(percentile(fromRing, 0.5)), unit: 'ms', reference });
      report({ name: 'pop.fromRing.p99', value: rounded(percentile(fromRing, 0.99)), unit: 'ms', reference });
      report({ name: 'pop.fromCall.p50', value: rounded(percentile(fromCall, 0.5)), unit: 'ms', reference });
      report({ name: 'pop.fromCall.p99', value: rounded(percentile(fromCall, 0.99)), unit: 'ms', reference });
    } finally {
      await Promise.all([server.stop(), desks.stop()]);
    }
  },
});

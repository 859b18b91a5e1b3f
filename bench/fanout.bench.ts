import { setTimeout as wait } from 'node:timers/promises';
import { EVENTS_A_TURN } from './fanout/floor.js';
import { defineBench } from './lib/bench.js';
import { type Child, startChild } from './lib/child.js';
import { median, rangeOf, rounded } from './lib/stats.js';

interface Totals {
  readonly frames: number;
  readonly events: number;
  readonly bytes: number;
  readonly faults: number;
  readonly resumed: number;
  readonly resets: number;
}

/** A server with its 500 clients. */
interface Side {
  readonly server: Child;
  readonly clients: Child;
}

async function begin(mode: 'cordboard' | 'ws'): Promise<Side> {
  const server = startChild(new URL('./fanout/server.ts', import.meta.url), [mode]);
  const clients = startChild(new URL('./fanout/clients.ts', import.meta.url));
  await clients.message('ready');
  const { url, tokens } = await server.message<{ url: string; tokens: string[] }>('listening');
  clients.send({ type: 'connect', url, tokens });
  await clients.message('connected');
  return { server, clients };
}

async function totalsOf({ clients }: Side): Promise<Totals> {
  clients.send({ type: 'totals' });
  return clients.message<Totals>('totals');
}

/** Runs turns, waits until all was received, gives what it cost. */
async function measure(
  side: Side,
  order: { turns: number; bytes: number; resuming: 'tenth' | 'none' },
): Promise<Totals & { cpuUs: number }> {
  const before = await totalsOf(side);
  side.server.send({ type: 'run', turns: order.turns, bytes: order.bytes });
  if (order.resuming === 'tenth') {
    side.clients.send({ type: 'resume' });
    await side.clients.message('back');
  }
  const { frames } = await side.server.message<{ frames: number }>('sent');
  let after = await totalsOf(side);
  // Frames of one turn to somebody who was away come together later: then there are fewer than planned, never fewer events.
  for (let quiet = 0; quiet < 3; ) {
    await wait(100);
    const now = await totalsOf(side);
    quiet = now.bytes === after.bytes ? quiet + 1 : 0;
    after = now;
  }
  side.server.send({ type: 'end' });
  const { cpuUs } = await side.server.message<{ cpuUs: number }>('cost');
  const delta = (key: keyof Totals): number => after[key] - before[key];
  if (order.resuming === 'none' && delta('frames') !== frames)
    throw new Error(`${delta('frames')} frames came of ${frames}`);
  return {
    cpuUs,
    frames: delta('frames'),
    events: delta('events'),
    bytes: delta('bytes'),
    faults: delta('faults'),
    resumed: delta('resumed'),
    resets: delta('resets'),
  };
}

export default defineBench({
  about:
    'Events to 500 WebSocket clients of 4 roles and 3 mask classes on their own streams, a tenth of them resuming: CPU of the server a frame, beside a bare ws broadcast of a string that delivers as many frames of the same mean length',
  async run({ report, say, smoke }) {
    const turns = smoke ? 20 : 400;
    const rounds = smoke ? 1 : 5;
    const ours = await begin('cordboard');
    const bare = await begin('ws');
    try {
      const costs = { cordboard: [] as number[], event: [] as number[], ws: [] as number[] };
      let faults = 0;
      for (let round = -1; round < rounds; round += 1) {
        const mine = await measure(ours, { turns, bytes: 0, resuming: 'tenth' });
        const mean = Math.round(mine.bytes / mine.frames);
        const theirs = await measure(bare, { turns: Math.round(turns * 1), bytes: mean, resuming: 'none' });
        faults += mine.faults + mine.resets;
        if (round < 0) continue;
        costs.cordboard.push(mine.cpuUs / mine.frames);
        costs.event.push(mine.cpuUs / mine.events);
        costs.ws.push(theirs.cpuUs / theirs.frames);
        say(
          `${mine.frames} frames of ${mean} bytes with ${mine.events} events, ${mine.resumed} streams resumed; bare ${theirs.frames}`,
        );
      }
      if (faults > 0) throw new Error(`${faults} events were missing, came twice or had to be reset`);
      const reference = { name: 'bare ws broadcast', value: rounded(median(costs.ws)) };
      const range = (values: number[]): [number, number] => [rounded(rangeOf(values)[0]), rounded(rangeOf(values)[1])];
      report({
        name: 'fanout.cordboard.cpuPerFrame',
        value: rounded(median(costs.cordboard)),
        unit: 'us',
        reference,
        range: range(costs.cordboard),
      });
      report({
        name: 'fanout.cordboard.cpuPerEvent',
        value: rounded(median(costs.event)),
        unit: 'us',
        reference,
        range: range(costs.event),
      });
      report({ name: 'fanout.ws.cpuPerFrame', value: reference.value, unit: 'us', range: range(costs.ws) });
      report({ name: 'fanout.eventsATurn', value: EVENTS_A_TURN, unit: 'count' });
      report({ name: 'fanout.faults', value: faults, unit: 'count' });
    } finally {
      await Promise.all([ours.server, ours.clients, bare.server, bare.clients].map((child) => child.stop()));
    }
  },
});

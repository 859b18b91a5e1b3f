import { decodeAriEvent } from '@cordboard/adapters-asterisk/ari';
import { defineBench } from './lib/bench.js';
import { startChild } from './lib/child.js';
import { inTurns, resultOf } from './lib/measure.js';
import { recordedMessages } from './lib/recorded.js';
import { rounded } from './lib/stats.js';

const contenders = ['ws', 'ws + JSON.parse', 'cordboard', 'ari-client'] as const;

/** Keys in any order; what an event says, and nothing about how it was spelled. */
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : Array.isArray(value)
      ? value.map(sorted)
      : value;

export default defineBench({
  about:
    'REST interface events decoded and delivered over a loopback WebSocket: CPU an event, beside ws + JSON.parse and ari-client',
  async run({ report, say, smoke }) {
    const count = smoke ? 2_000 : 100_000;
    const flood = startChild(new URL('./ari/source.ts', import.meta.url), ['flood', String(count)]);
    const client = new URL('./ari/client.ts', import.meta.url);
    const clients = new Map(contenders.map((name) => [name, startChild(client, [name])]));
    try {
      const { port } = await flood.message<{ port: number }>('listening');
      for (const child of clients.values()) await child.message('ready');
      const results = await inTurns(
        [...clients].map(([name, child]) => ({
          name,
          measure: async () => {
            child.send({ port, count });
            const { usPerEvent, outOfOrder } = await child.message<{ usPerEvent: number; outOfOrder: number }>(
              'measured',
            );
            if (outOfOrder > 0) throw new Error(`${name} delivered ${outOfOrder} events out of order`);
            return usPerEvent;
          },
        })),
        smoke ? { repetitions: 1, warmUps: 0 } : {},
      );
      const us = (name: string): number => rounded(resultOf(results, name).median);
      const figure = (name: string, contender: string, beside: string): void => {
        const { range } = resultOf(results, contender);
        const reference = { name: beside, value: us(beside) };
        report({ name, value: us(contender), unit: 'us', reference, range: [rounded(range[0]), rounded(range[1])] });
      };
      figure('ari.cordboard.cpuPerEvent', 'cordboard', 'ws + JSON.parse');
      figure('ari.cordboard.cpuPerEvent.besidePeer', 'cordboard', 'ari-client');
      figure('ari.ari-client.cpuPerEvent', 'ari-client', 'ws + JSON.parse');
      figure('ari.parse.cpuPerEvent', 'ws + JSON.parse', 'ws');
    } finally {
      await Promise.all([flood, ...clients.values()].map((child) => child.stop()));
    }

    const recorded = recordedMessages('ari');
    const passed = recorded.filter((text) => {
      const decoded = decodeAriEvent(text);
      const event: unknown = decoded.type === 'unknown' ? decoded.event : decoded;
      return JSON.stringify(sorted(event)) === JSON.stringify(sorted(JSON.parse(text)));
    });
    const named = recorded.filter((text) => decodeAriEvent(text).type !== 'unreadable');
    say(`${recorded.length} recorded events; ${passed.length} equal in every key`);
    report({ name: 'ari.cordboard.recordedReadable', value: named.length / recorded.length, unit: 'ratio' });
    report({ name: 'ari.cordboard.recordedEqual', value: rounded(passed.length / recorded.length), unit: 'ratio' });
  },
});

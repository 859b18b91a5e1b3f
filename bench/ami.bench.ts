import { defineBench } from './lib/bench.js';
import { type Child, startChild } from './lib/child.js';
import { inTurns, resultOf } from './lib/measure.js';
import { rounded } from './lib/stats.js';

const source = new URL('./ami/source.ts', import.meta.url);
const client = new URL('./ami/client.ts', import.meta.url);
const contenders = ['floor', 'cordboard', 'cordboard all keys', 'asterisk-manager'] as const;

async function portOf(child: Child): Promise<number> {
  return (await child.message<{ port: number }>('listening')).port;
}

/** Share of the recorded messages that one contender hands on with every key and value as they were sent. */
async function equalShare(kind: string, port: number): Promise<{ share: number; messages: number }> {
  const child = startChild(new URL('./ami/equality.ts', import.meta.url), [kind, String(port)]);
  try {
    return await child.message<{ share: number; messages: number }>('compared', 30_000);
  } finally {
    await child.stop();
  }
}

export default defineBench({
  about:
    'Manager events decoded and delivered over loopback: CPU an event, beside asterisk-manager and a frame-boundary floor',
  async run({ report, say, smoke }) {
    const count = smoke ? 2_000 : 100_000;
    const flood = startChild(source, ['flood', String(count)]);
    const recorded = startChild(source, ['recorded']);
    const clients = new Map(contenders.map((name) => [name, startChild(client, [name])]));
    try {
      const port = await portOf(flood);
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
      figure('ami.cordboard.cpuPerEvent', 'cordboard', 'asterisk-manager');
      figure('ami.cordboard.cpuPerEvent.overFloor', 'cordboard', 'floor');
      figure('ami.cordboard.allKeys.cpuPerEvent', 'cordboard all keys', 'asterisk-manager');
      figure('ami.asterisk-manager.cpuPerEvent', 'asterisk-manager', 'floor');

      const replay = await portOf(recorded);
      const ours = await equalShare('cordboard', replay);
      const theirs = await equalShare('asterisk-manager', replay);
      say(`${ours.messages} recorded and odd messages compared key by key`);
      const reference = { name: 'asterisk-manager', value: rounded(theirs.share) };
      report({ name: 'ami.cordboard.recordedEqual', value: ours.share, unit: 'ratio', reference });
    } finally {
      await Promise.all([flood, recorded, ...clients.values()].map((child) => child.stop()));
    }
  },
});

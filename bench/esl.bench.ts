import { defineBench } from './lib/bench.js';
import { startChild } from './lib/child.js';
import { inTurns, resultOf } from './lib/measure.js';
import { rounded } from './lib/stats.js';

const source = new URL('./esl/source.ts', import.meta.url);
const client = new URL('./esl/client.ts', import.meta.url);

/** How the bytes come: blocks of 64 KiB without regard to frames, and one write for each frame, as FreeSWITCH does. */
const modes = ['blocks', 'frames'] as const;
const contenders = {
  plain: ['bytes', 'floor', 'twelve', 'all', 'modesl'],
  json: ['bytes', 'floor', 'twelve', 'all', 'modesl', 'esl'],
} as const;
/** Quick contenders read several connections for one figure: 20,000 events are over before a clock of CPU time has told much. */
const ROUNDS: Readonly<Record<string, number>> = { bytes: 5, floor: 5, twelve: 5, all: 2 };

interface Compared {
  readonly equal: number;
  readonly delivered: number;
  readonly events: number;
  readonly share: number;
  readonly crash?: string;
}

/** Events of the recorded dialogues that one contender hands on with every header as it was sent. */
async function compared(kind: string, port: number, format: string): Promise<Compared> {
  const child = startChild(new URL('./esl/equality.ts', import.meta.url), [kind, String(port), format]);
  try {
    return await child.message<Compared>('compared', 60_000);
  } finally {
    await child.stop();
  }
}

interface Measured {
  readonly usPerEvent: number;
  readonly outOfOrder: number;
  readonly differences: number;
}

export default defineBench({
  about:
    'FreeSWITCH events decoded and delivered over loopback: CPU an event when twelve headers are read and when all are, beside modesl, esl, a frame-boundary floor and a byte counter',
  async run({ report, say, smoke }) {
    const count = smoke ? 1_000 : 20_000;
    for (const mode of modes) {
      const flood = startChild(source, [mode, String(count)]);
      try {
        const { port, frameBytes } = await flood.message<{ port: number; frameBytes: number }>('listening');
        say(`${count} events of ${frameBytes} bytes, ${mode}`);
        for (const format of ['plain', 'json'] as const) {
          const children = new Map(contenders[format].map((name) => [name, startChild(client, [name])]));
          try {
            for (const child of children.values()) await child.message('ready');
            const results = await inTurns(
              [...children].map(([name, child]) => ({
                name,
                measure: async () => {
                  child.send({ port, count, format, rounds: smoke ? 1 : (ROUNDS[name] ?? 1) });
                  const { usPerEvent, outOfOrder, differences } = await child.message<Measured>('measured');
                  if (outOfOrder > 0) throw new Error(`${name} delivered ${outOfOrder} events out of order`);
                  if (differences > 0)
                    throw new Error(`${name} delivered ${differences} headers that were not sent so`);
                  return usPerEvent;
                },
              })),
              smoke ? { repetitions: 1, warmUps: 0 } : {},
            );
            const us = (name: string): number => rounded(resultOf(results, name).median);
            const figure = (name: string, beside: string, contender: string): void => {
              const { range } = resultOf(results, contender);
              report({
                name: `esl.${format}.${mode}.${name}`,
                value: us(contender),
                unit: 'us',
                reference: { name: beside, value: us(beside) },
                range: [rounded(range[0]), rounded(range[1])],
              });
            };
            figure('floor', 'bytes', 'floor');
            figure('twelveHeaders.cpuPerEvent', 'floor', 'twelve');
            figure('twelveHeaders.besideModesl', 'modesl', 'twelve');
            figure('allHeaders.cpuPerEvent', 'floor', 'all');
            figure('allHeaders.besideModesl', 'modesl', 'all');
            figure('modesl.cpuPerEvent', 'floor', 'modesl');
            if (format === 'json') {
              figure('allHeaders.besideEsl', 'esl', 'all');
              figure('esl.cpuPerEvent', 'floor', 'esl');
            }
          } finally {
            await Promise.all([...children.values()].map((child) => child.stop()));
          }
        }
      } finally {
        await flood.stop();
      }
    }

    const replay = startChild(source, ['recorded']);
    try {
      const { port } = await replay.message<{ port: number }>('listening');
      for (const format of ['plain', 'json'] as const) {
        const ours = await compared('cordboard', port, format);
        const theirs = await compared('modesl', port, format);
        for (const [name, each] of Object.entries({ cordboard: ours, modesl: theirs })) {
          const end = each.crash === undefined ? '' : `, then it ended with ${each.crash}`;
          say(`${format}, ${each.events} recorded and odd events: ${name} ${each.equal} equal in every header${end}`);
        }
        const reference = { name: 'modesl', value: theirs.equal };
        report({ name: `esl.${format}.recordedEqual`, value: ours.equal, unit: 'events', reference });
        report({ name: `esl.${format}.recordedEqual.share`, value: ours.share, unit: 'ratio' });
      }
    } finally {
      await replay.stop();
    }
  },
});

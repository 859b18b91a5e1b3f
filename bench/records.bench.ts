import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { openDatabase, SqliteStore } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import Database from 'libsql';
import { defineBench } from './lib/bench.js';
import { randomOf } from './lib/random.js';
import { percentile, rangeOf, rounded } from './lib/stats.js';
import { AGENTS, agentName, fillRecords, numberText, QUEUES, queueName, SPAN_MS, START_MS } from './records/fill.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export default defineBench({
  about:
    'A page of 50 call records out of 10 million in SQLite, by every filter of the REST interface, first and deep pages, beside the same number of rows read by their primary key',
  async run({ report, say, smoke }) {
    const records = smoke ? 20_000 : 10_000_000;
    const dir = join(process.cwd(), 'node_modules', '.cache', 'cordboard-bench');
    mkdirSync(dir, { recursive: true });
    const file = join(dir, `cdrs-${records}.sqlite`);
    const database = await openDatabase(file);
    const store = await SqliteStore.open(database, { clock: systemClock, log: silent });
    const filledMs = await fillRecords(database, records);
    if (filledMs > 0) say(`filled ${records} records in ${Math.round(filledMs / 1000)} s`);

    const random = randomOf(7);
    const below = (count: number): number => Math.floor(random() * count);
    const rounds = smoke ? 5 : 200;
    const timed = async (work: () => unknown): Promise<number> => {
      const beganMs = performance.now();
      await work();
      return performance.now() - beganMs;
    };
    const sample = async (work: (round: number) => unknown): Promise<number[]> => {
      const values: number[] = [];
      for (let round = 0; round < rounds; round += 1) values.push(await timed(() => work(round)));
      return values;
    };

    const plain = new Database(file);
    const byKey = plain.prepare('SELECT body FROM cdr WHERE id = ?');
    const floor = await sample(() => {
      for (let row = 0; row < 50; row += 1)
        JSON.parse(String((byKey.get(1 + below(records)) as { body: string }).body));
    });
    plain.close();
    const reference = { name: '50 rows by primary key', value: rounded(percentile(floor, 0.5)) };
    const when = (): { from: number; to: number } => {
      const from = START_MS + below(SPAN_MS - 86_400_000);
      return { from, to: from + 86_400_000 };
    };
    const base = { limit: 50 } as const;
    const filters = {
      newest: () => base,
      day: () => ({ ...base, ...when() }),
      agent: () => ({ ...base, agent: agentName(below(AGENTS)) as never }),
      agentDay: () => ({ ...base, ...when(), agent: agentName(below(AGENTS)) as never }),
      queue: () => ({ ...base, queue: queueName(below(QUEUES)) as never }),
      queueRareOutcome: () => ({ ...base, queue: queueName(below(QUEUES)) as never, outcome: 'lostInOutage' as const }),
      outcome: () => ({ ...base, outcome: 'abandoned' as const }),
      number: () => ({ ...base, number: numberText(below(records / 5)) }),
    };
    for (const [name, query] of Object.entries(filters)) {
      const values = await sample(async () => {
        const page = await store.cdrs(query());
        if (name === 'newest' && page.items.length !== 50) throw new Error('a page is short');
      });
      const [low, high] = rangeOf(values);
      report({
        name: `records.${name}.p50`,
        value: rounded(percentile(values, 0.5)),
        unit: 'ms',
        reference,
        range: [rounded(low), rounded(high)],
      });
      report({ name: `records.${name}.p99`, value: rounded(percentile(values, 0.99)), unit: 'ms' });
    }
    // Deep pages: a cursor in the middle of all records costs what the first page costs.
    const deep = await sample(async () => {
      const started = START_MS + below(SPAN_MS);
      const cursor = Buffer.from(`${started}.${records}`).toString('base64url');
      await store.cdrs({ ...base, cursor });
    });
    report({ name: 'records.deepPage.p50', value: rounded(percentile(deep, 0.5)), unit: 'ms', reference });
    const one = await sample(() => store.cdr(`bench-c${below(records)}`));
    report({ name: 'records.one.p50', value: rounded(percentile(one, 0.5)), unit: 'ms' });
    await store.close();
  },
});

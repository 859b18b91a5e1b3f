import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, test } from 'vitest';
import { openDatabase, type SqlDatabase } from '../src/store/database.js';
import { SqliteStore } from '../src/store/sqlite.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const stay = (n: number) =>
  ({
    table: 'agentStay',
    key: `ann-${n}`,
    value: { agentId: 'ann', n, state: 'ready', fromMs: n, toMs: n + 1, fromWallMs: n },
  }) as never;

/** One turn of the event loop: enough for a writer to go on after its pause. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function rows(database: SqlDatabase): Promise<number> {
  return Number(database.prepare('SELECT count(*) AS n FROM agent_stay').get()?.n);
}

describe('writing records', () => {
  test('a timer that finds nothing left to write stops nothing', async () => {
    const clock = new SimulatedClock(0);
    const database = await openDatabase(':memory:');
    const store = new SqliteStore(database, { clock, log: silent });
    store.put(stay(1));
    clock.advance(1000);
    // Comes while the first is being written, and is written with it: its own timer will find nothing.
    store.put(stay(2));
    for (let n = 0; n < 5; n++) await turn();
    clock.advance(1000);
    for (let n = 0; n < 5; n++) await turn();
    store.put(stay(3));
    clock.advance(1000);
    for (let n = 0; n < 5; n++) await turn();
    expect(await rows(database)).toBe(3);
    expect(store.pending).toBe(0);
    await store.close();
  });

  test('a write that failed at once is tried again, and later records are written too', async () => {
    const clock = new SimulatedClock(0);
    const database = await openDatabase(':memory:');
    let broken: 'broken' | 'whole' = 'whole';
    const flaky: SqlDatabase = {
      prepare: (sql) => database.prepare(sql),
      close: () => database.close(),
      exec: (sql) => {
        if (broken === 'broken') throw new Error('disk I/O error');
        return database.exec(sql);
      },
    };
    const store = new SqliteStore(flaky, { clock, log: silent });
    broken = 'broken';
    store.put(stay(1));
    clock.advance(1000);
    await turn();
    await expect(store.flush()).rejects.toMatchObject({ code: 'store.unavailable' });
    broken = 'whole';
    store.put(stay(2));
    clock.advance(60_000);
    for (let n = 0; n < 5; n++) await turn();
    expect(await rows(database)).toBe(2);
    await store.flush();
    await store.close();
  });
});

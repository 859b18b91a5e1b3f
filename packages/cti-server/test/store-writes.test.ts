import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase, type SqlCall, type SqlDatabase } from '../src/store/database.js';
import { SqliteStore } from '../src/store/sqlite.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const stay = (n: number) =>
  ({
    table: 'agentStay',
    key: `ann-${n}`,
    value: { agentId: 'ann', n, state: 'ready', fromMs: n, toMs: n + 1, fromWallMs: n },
  }) as never;

/** A database whose writes can be stopped, failed and waited for. */
class TestDatabase implements SqlDatabase {
  readonly scripts: string[] = [];
  state: 'whole' | 'broken' = 'whole';
  gate: Promise<void> = Promise.resolve();
  readonly #inner: SqlDatabase;
  #tried = 0;
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(inner: SqlDatabase) {
    this.#inner = inner;
  }

  /** Resolves when so many transactions have been tried in all. */
  tried(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ count, resolve });
      this.#wake();
    });
  }

  all(call: SqlCall) {
    return this.#inner.all(call);
  }

  async transact(calls: readonly SqlCall[]): Promise<void> {
    try {
      await this.gate;
      if (this.state === 'broken') throw new Error('disk I/O error');
      await this.#inner.transact(calls);
    } finally {
      this.#tried += 1;
      // The writer goes on first.
      setImmediate(() => this.#wake());
    }
  }

  exec(sql: string): Promise<void> {
    this.scripts.push(sql);
    return this.#inner.exec(sql);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async rows(): Promise<number> {
    const [row] = await this.#inner.all({ sql: 'SELECT count(*) AS n FROM agent_stay', values: [] });
    return Number(row?.n);
  }

  #wake(): void {
    for (const { count, resolve } of this.#waiters) if (this.#tried >= count) resolve();
  }
}

const opened: SqliteStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined);
});

async function open(): Promise<{ clock: SimulatedClock; database: TestDatabase; store: SqliteStore }> {
  const clock = new SimulatedClock(0);
  const database = new TestDatabase(await openDatabase(':memory:'));
  const store = await SqliteStore.open(database, { clock, log: silent });
  opened.push(store);
  return { clock, database, store };
}

describe('writing records', () => {
  test('a record that comes while another is written is written in its own time', async () => {
    const { clock, database, store } = await open();
    let release: () => void = () => undefined;
    database.gate = new Promise((resolve) => {
      release = resolve;
    });
    store.put(stay(1));
    clock.advance(100);
    store.put(stay(2));
    clock.advance(100);
    release();
    await database.tried(1);
    clock.advance(100);
    await database.tried(2);
    store.put(stay(3));
    clock.advance(100);
    await database.tried(3);
    expect(await database.rows()).toBe(3);
    expect(store.pending).toBe(0);
  });

  test('a write that failed is tried again without a new record, also after somebody waited for it', async () => {
    const { clock, database, store } = await open();
    database.state = 'broken';
    store.put(stay(1));
    clock.advance(100);
    await database.tried(1);
    await expect(store.flush()).rejects.toMatchObject({ code: 'store.unavailable' });
    database.state = 'whole';
    // A disk that is ill is not asked ten times a second.
    expect(clock.nextDelayMs).toBe(1000);
    clock.advance(1000);
    await database.tried(3);
    expect(await database.rows()).toBe(1);
    expect(store.pending).toBe(0);
  });

  test('waiting for records ends although new ones keep coming', async () => {
    const { database, store } = await open();
    let n = 0;
    const transact = database.transact.bind(database);
    database.transact = async (calls) => {
      n += 1;
      store.put(stay(n));
      await transact(calls);
    };
    store.put(stay(0));
    await store.flush();
    expect(await database.rows()).toBe(1);
    expect(store.pending).toBe(1);
    database.transact = transact;
  });

  test('a value that took the place of another while that was written is written, too', async () => {
    const { clock, database, store } = await open();
    const key = { table: 'agentStay', key: 'ann-1' } as const;
    const value = (toMs: number) => ({ ...key, value: { agentId: 'ann', fromWallMs: 1, toMs } }) as never;
    let release: () => void = () => undefined;
    database.gate = new Promise((resolve) => {
      release = resolve;
    });
    store.put(value(1));
    clock.advance(100);
    store.put(value(2));
    const flushed = store.flush();
    release();
    await flushed;
    const page = await store.stays('ann', { limit: 10 } as never);
    expect(page.items).toEqual([{ agentId: 'ann', fromWallMs: 1, toMs: 2 }]);
  });

  test('what a snapshot stands on is forced to the disk, not only written', async () => {
    const { database, store } = await open();
    store.put(stay(1));
    database.scripts.length = 0;
    await store.sync();
    expect(database.scripts.join(';')).toMatch(/synchronous = FULL.*user_version = \d+.*synchronous = NORMAL/u);
    expect(await database.rows()).toBe(1);
  });

  test('a database that cannot be opened is refused with its code, and no thread is left', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cordboard-'));
    await expect(openDatabase(dir)).rejects.toMatchObject({ code: 'store.unavailable' });
    const file = join(dir, 'records.sqlite');
    const database = await openDatabase(file);
    await database.exec('CREATE TABLE t (x)');
    await expect(
      database.transact([
        { sql: 'INSERT INTO t VALUES (?)', values: [1] },
        { sql: 'NONSENSE', values: [] },
      ]),
    ).rejects.toThrow(/NONSENSE/u);
    expect(await database.all({ sql: 'SELECT count(*) AS n FROM t', values: [] })).toEqual([{ n: 0 }]);
    await database.close();
    await database.close();
    await expect(database.exec('SELECT 1')).rejects.toThrow();
    expect(existsSync(`${file}-wal`)).toBe(false);
    await rm(dir, { recursive: true, force: true });
  });
});

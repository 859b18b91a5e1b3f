import { asId, type EngineInputBody } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { CrashStorage } from './support/crash-storage.js';
import { ANN, openShell, playCall, quiet } from './support/shell.js';

const HOUR_MS = 3_600_000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens one gate after the other: each sync has its own. */
function gates(storage: CrashStorage): { readonly open: (() => void)[] } {
  const open: (() => void)[] = [];
  storage.gate = () => new Promise((resolve) => open.push(resolve));
  return { open };
}

const presence = (clientId: string): EngineInputBody => ({
  kind: 'presence',
  userId: asId('u'),
  clientId: asId(clientId),
  state: 'online',
});

describe('batches under way', () => {
  test('the next batch is given to the disk before the one before is synced, and nothing of it comes out first', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await opened.shell.start();
    const { open } = gates(storage);
    const before = opened.out.length;
    opened.shell.submit({ kind: 'client', commandId: asId('1'), actor: ANN, command: { type: 'agent.logOn' } });
    await turn();
    opened.shell.submit({ kind: 'client', commandId: asId('2'), actor: ANN, command: { type: 'agent.ready' } });
    await turn();
    opened.shell.submit(presence('third'));
    await turn();
    expect(open).toHaveLength(2);
    open[1]?.();
    await turn();
    expect(opened.out).toHaveLength(before);
    open[0]?.();
    await turn();
    const outcomes = opened.out.flatMap((effect) => (effect.kind === 'outcome' ? [effect.commandId] : []));
    expect(outcomes).toEqual(['1', '2']);
    expect(open).toHaveLength(3);
    storage.gate = () => Promise.resolve();
    open[2]?.();
    await opened.quiet();
  });

  test('a batch that fails takes those behind it along', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await opened.shell.start();
    let fail: (error: Error) => void = () => undefined;
    storage.gate = () => {
      storage.gate = () => Promise.resolve();
      return new Promise((_, reject) => {
        fail = reject;
      });
    };
    const before = opened.out.length;
    opened.shell.submit(presence('first'));
    await turn();
    opened.shell.submit({ kind: 'client', commandId: asId('1'), actor: ANN, command: { type: 'agent.logOn' } });
    await turn();
    const applied = opened.shell.applied();
    fail(new Error('no space left on device'));
    await opened.quiet();
    await applied;
    expect(opened.out).toHaveLength(before);
    expect(opened.failures).toHaveLength(1);
    await opened.shell.stop();
  });

  test('what came before is known to be applied although inputs keep coming', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await opened.shell.start();
    let count = 0;
    storage.gate = async () => {
      if (count < 10_000) opened.shell.submit(presence(`c${count}`));
      count += 1;
      await turn();
    };
    opened.shell.submit(presence('first'));
    await opened.shell.applied();
    expect(count).toBeLessThan(10);
    // And a stop takes nothing more, or it would never end.
    await opened.shell.stop();
    expect(count).toBeLessThan(20);
  });
});

describe('files of the journal', () => {
  test('calls go on while the state of a new file is being kept, and a crash before it is there loses nothing', async () => {
    const storage = new CrashStorage();
    let keep: () => void = () => undefined;
    storage.whole = () =>
      new Promise((resolve) => {
        keep = resolve;
      });
    const opened = await openShell(storage, { fileBytes: 3000 });
    await playCall(opened);
    const names = [...storage.files.keys()].toSorted();
    expect(names).toEqual(['00000001.journal', '00000002.journal']);
    const calls = opened.out.filter((effect) => effect.kind === 'record' && effect.record.table === 'cdr');
    expect(calls.length).toBeGreaterThan(0);
    const dump = opened.engine().dump();

    const again = await openShell(storage.crash());
    expect(again.engine().dump()).toBe(dump);
    // A crash while the second file was made: it is there and empty, or not there.
    for (const bytes of [0, 20]) {
      const early = storage.cut('00000002.journal', bytes);
      const other = await openShell(early);
      await playCall(other);
      const third = await openShell(early.crash());
      expect(third.engine().dump()).toBe(other.engine().dump());
    }

    storage.whole = () => Promise.resolve();
    keep();
    await opened.quiet();
    expect([...storage.files.keys()]).toContain('00000002.snapshot');
    const last = await openShell(storage.crash());
    expect(last.engine().dump()).toBe(opened.engine().dump());
  });

  test('records that cannot be written, or old files that cannot be removed, do not stop the floor', async () => {
    const storage = new CrashStorage();
    const told: string[] = [];
    const log = { ...quiet, error: (message: string) => told.push(message) };
    storage.removing = () => Promise.reject(new Error('permission denied'));
    const opened = await openShell(storage, { fileBytes: 3000, log, keepMs: 0 });
    opened.sink.flush = () => Promise.reject(new Error('the database is locked'));
    await playCall(opened, 'talking');
    expect(told).toContain('the journal cannot be shortened; it goes on');
    opened.sink.flush = () => Promise.resolve();
    const before = opened.out.length;
    opened.shell.submit({ kind: 'client', commandId: asId('3'), actor: ANN, command: { type: 'agent.logOff' } });
    await opened.quiet();
    expect(opened.failures).toEqual([]);
    expect(opened.out.length).toBeGreaterThan(before);
    expect((await openShell(storage.crash())).engine().dump()).toBe(opened.engine().dump());
  });

  test('on a floor where little happens, what is older than it may be kept is gone, too', async () => {
    const storage = new CrashStorage();
    const keepMs = 7 * 24 * HOUR_MS;
    const opened = await openShell(storage, { keepMs });
    await playCall(opened);
    const text = () => [...storage.files.values()].map(({ synced }) => synced.toString()).join('');
    expect(text()).toContain('13912345678');
    // Nobody calls any more; only the clock goes on.
    for (let hour = 0; hour < 24 * 9; hour++) {
      opened.clock.advance(HOUR_MS);
      await turn();
    }
    await opened.quiet();
    expect(text()).not.toContain('13912345678');
    const names = [...storage.files.keys()].toSorted();
    const again = await openShell(storage.crash());
    expect(again.engine().dump()).toBe(opened.engine().dump());
    expect(names.at(-1)).toMatch(/\.snapshot$/u);
  });

  test('files from which the state is built are never removed, however old they are', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage, { keepMs: 0 });
    opened.sink.flush = () => Promise.reject(new Error('the database is locked'));
    await playCall(opened);
    for (let hour = 0; hour < 60; hour++) {
      opened.clock.advance(HOUR_MS);
      await turn();
    }
    await opened.quiet();
    expect([...storage.files.keys()]).toContain('00000001.journal');
    expect((await openShell(storage.crash())).engine().dump()).toBe(opened.engine().dump());
  });
});

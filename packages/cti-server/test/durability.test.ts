import { asId, type EngineEffect } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { createSeal } from '../src/journal/seal.js';
import { coreMaker } from '../src/shell/core-maker.js';
import type { EngineMaker } from '../src/shell/ports.js';
import { CrashStorage } from './support/crash-storage.js';
import { ANN, openShell, playCall } from './support/shell.js';

describe('order of durability', () => {
  test('no effect of an input comes out before the input is on the disk', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await playCall(opened, 'talking');
    let release: () => void = () => undefined;
    storage.gate = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const before = opened.out.length;
    opened.shell.submit({
      kind: 'client',
      commandId: asId('3'),
      actor: ANN,
      command: { type: 'agent.notReady', reason: 'break' },
    });
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(opened.out).toHaveLength(before);
    storage.gate = () => Promise.resolve();
    release();
    await opened.quiet();
    expect(opened.out.length).toBeGreaterThan(before);
  });

  test('a disk that fails lets nothing out, now and later', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await playCall(opened, 'talking');
    storage.gate = () => Promise.reject(new Error('disk full'));
    const before = opened.out.length;
    opened.shell.submit({ kind: 'client', commandId: asId('3'), actor: ANN, command: { type: 'agent.logOff' } });
    await opened.quiet();
    storage.gate = () => Promise.resolve();
    opened.shell.submit({ kind: 'client', commandId: asId('4'), actor: ANN, command: { type: 'agent.ready' } });
    await opened.quiet();
    expect(opened.out).toHaveLength(before);
    expect(opened.failures).toHaveLength(1);
  });

  test('inputs of one turn become one write', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await opened.shell.start();
    let syncs = 0;
    storage.synced = () => {
      syncs += 1;
    };
    for (let index = 0; index < 500; index++)
      opened.shell.submit({ kind: 'presence', userId: asId('u'), clientId: asId(`c${index}`), state: 'online' });
    await opened.shell.settled();
    expect(syncs).toBe(1);
  });
});

describe('recovery', () => {
  test('after a crash at every byte of the journal the state is one that the engine was in, and nothing is sent again', async () => {
    const storage = new CrashStorage();
    const dumps: string[] = [];
    const recorder: EngineMaker = {
      ...coreMaker,
      create: () => {
        const engine = coreMaker.create();
        const apply = engine.apply.bind(engine);
        engine.apply = (input) => {
          const effects = apply(input);
          dumps.push(engine.dump());
          return effects;
        };
        return engine;
      },
    };
    const first = await openShell(storage, { maker: recorder });
    await playCall(first);
    const name = '00000001.journal';
    const bytes = storage.files.get(name)?.synced ?? Buffer.alloc(0);
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1);
    expect(ends).toHaveLength(dumps.length + 1);
    // Around every line's end and at a spread of places inside lines; all bytes would be the same by the test of lines.
    const cuts = new Set(ends.flatMap((end) => [end - 1, end, end + 1, end + 40]).filter((at) => at <= bytes.length));
    for (const at of cuts) {
      const again = await openShell(storage.cut(name, at));
      const whole = ends.filter((end) => end <= at).length - 1;
      if (whole < 1) continue;
      expect(again.engine().dump(), `cut at ${at}`).toBe(dumps[whole - 1]);
      expect(again.out).toEqual([]);
      await again.shell.start();
      await again.quiet();
      expect(again.commands(), `cut at ${at}`).toEqual([]);
      await again.shell.stop();
    }
  });

  test('the records of a finished call come again and are the same', async () => {
    const storage = new CrashStorage();
    const first = await openShell(storage);
    await playCall(first);
    const records = (effects: readonly EngineEffect[]) => effects.filter(({ kind }) => kind === 'record');
    const again = await openShell(storage.crash());
    expect(records(first.out).length).toBeGreaterThan(0);
    expect(records(again.recalled)).toEqual(records(first.out));
  });

  test('a snapshot and a new file take the place of the old one, and the run goes on alike', async () => {
    const storage = new CrashStorage();
    const first = await openShell(storage, { fileBytes: 4000 });
    await playCall(first);
    const dump = first.engine().dump();
    const names = [...storage.files.keys()].toSorted();
    expect(names.filter((name) => name.endsWith('.snapshot')).length).toBeGreaterThan(0);
    const again = await openShell(storage.crash());
    expect(again.engine().dump()).toBe(dump);
    // A crash between the snapshot and its file.
    const last = names.filter((name) => name.endsWith('.snapshot')).at(-1) ?? '';
    const between = storage.crash();
    between.files.delete(last.replace('snapshot', 'journal'));
    const third = await openShell(between);
    await third.shell.start();
    await third.shell.stop();
  });

  test('digits never stand in the journal in clear, and come back when it is replayed', async () => {
    const storage = new CrashStorage();
    const opened = await openShell(storage);
    await playCall(opened, 'talking');
    const live = [...opened.out].find((effect) => effect.kind === 'publish' && effect.event.type === 'call');
    expect(live).toBeDefined();
    opened.driver.emit({ type: 'digit', connectionId: asId('main~in-1'), digit: '7' });
    await opened.quiet();
    const dump = opened.engine().dump();
    const text = storage.files.get('00000001.journal')?.synced.toString() ?? '';
    expect(text).toContain('"digit":"h:');
    expect(text).not.toContain('"digit":"7"');
    const again = await openShell(storage.crash());
    expect(again.engine().dump()).toBe(dump);
    await expect(openShell(storage.crash(), { seal: createSeal(new Uint8Array(32).fill(8)) })).rejects.toMatchObject({
      code: 'journal.corrupt',
    });
  });

  test('another core version is refused, unless the last run was stopped with no call left', async () => {
    const storage = new CrashStorage();
    const first = await openShell(storage);
    await playCall(first);
    const next = {
      ...coreMaker,
      version: '9.9.9',
      create: () => ({ ...coreMaker.create(), apply: () => [] }),
    } as EngineMaker;
    await expect(openShell(storage.crash(), { maker: next })).rejects.toMatchObject({ code: 'journal.version' });
    await first.shell.stop();
    const upgraded = await openShell(storage, { maker: next });
    await upgraded.shell.start();
    await upgraded.shell.settled();
    const onward = await openShell(storage.crash(), { maker: next });
    expect(onward.shell.epoch).toBe(upgraded.shell.epoch);
  });

  test('a damaged middle is refused, not guessed', async () => {
    const storage = new CrashStorage();
    const first = await openShell(storage);
    await playCall(first);
    const broken = storage.crash();
    const file = broken.files.get('00000001.journal');
    if (file === undefined) throw new Error('no journal');
    file.synced = Buffer.from(file.synced);
    file.synced[900] = (file.synced[900] ?? 0) ^ 4;
    await expect(openShell(broken)).rejects.toMatchObject({ code: 'journal.corrupt' });
  });

  test('timers that ran go on after the crash, with the time of the silence counted', async () => {
    const storage = new CrashStorage();
    const first = await openShell(storage);
    first.driver.phones = 'ring';
    await playCall(first, 'talking');
    expect(first.shell.figures.timers).toBeGreaterThan(0);
    const again = await openShell(storage.crash());
    await again.shell.start();
    await again.quiet();
    expect(again.shell.figures.timers).toBeGreaterThan(0);
    again.clock.advance(60_000);
    await again.quiet();
    expect(again.shell.figures.inputs).toBeGreaterThan(1);
  });
});

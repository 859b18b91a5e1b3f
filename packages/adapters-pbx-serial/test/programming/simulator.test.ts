import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type CtiDriver, type LogFields, type Logger, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { type SerialPbx, serialPbx } from '@cordboard/simulator';
import { afterEach, describe, expect, test } from 'vitest';
import { createPbxSerialDriver, extensionsOf, formatBackup, takeBackup } from '../../src/index.js';
import { manyWrites } from './many-writes.js';
import { programme } from './programme.js';

const password = '1967590';
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const { signal } = new AbortController();
let driver: CtiDriver | undefined;
afterEach(() => driver?.stop());

interface Running {
  readonly sim: SerialPbx;
  readonly clock: SimulatedClock;
  readonly driver: CtiDriver;
  /** Lets virtual time run until it is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

async function start(
  profile: 'kts-bin/1' | 'kts-ascii/1',
  baudRate: number,
  more: { readonly backup?: string; readonly log?: Logger } = {},
): Promise<Running> {
  const { backup, log = LOG } = more;
  const clock = new SimulatedClock();
  const sim = serialPbx({ clock, profile, lines: 8, extensions: 24, kts: { baudRate } }).start();
  const made = createPbxSerialDriver({
    profile,
    transport: { open: async () => sim.hostEnd(), baudRate },
    ...(backup === undefined ? {} : { backup }),
  })(asId<SwitchId>('main'), { clock, random: () => 0.5, log });
  driver = made;
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = work.finally(() => {
      isDone = true;
    });
    settled.catch(() => undefined);
    for (let steps = 0; !isDone && steps < 1_000_000; steps++) {
      // Streams hand their bytes on between turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      if (!isDone) clock.advance(clock.nextDelayMs ?? 0);
    }
    return settled;
  };
  await run(
    new Promise<void>((resolve, reject) => {
      made
        .start(
          (event) => {
            if (event.type === 'linkSynced') resolve();
          },
          { signal },
        )
        .catch(reject);
    }),
  );
  return { sim, clock, driver: made, run };
}

describe.each(['kts-bin/1', 'kts-ascii/1'] as const)('%s against the simulator’s own PBX, at 115,200 Bd', (profile) => {
  test('300 parameters written and verified; backup, wipe, restore, equal', async () => {
    const { sim, driver: made, run } = await start(profile, 115_200);
    const facet = made.facets?.programming;
    if (facet === undefined) throw new Error('no programming');
    const done = await run(
      programme({ facet, password, lines: 8, ports: 24, wipe: () => sim.pbx.memory.parameters.clear() }),
    );
    expect(done).toMatchObject({
      refused: 0,
      readOtherwise: 0,
      differencesAfterRestore: 0,
      wipedNothing: 0,
    });
    expect(done.written).toBeGreaterThanOrEqual(300);
    expect(done.restored).toBeGreaterThanOrEqual(200);
    expect(done.backedUp).toBeGreaterThan(1_000);
  });
});

test('300 parameters over a bad line at 9,600 Bd: bits turned, bytes lost, doubled and made up, every one verified', async () => {
  const { sim, driver: made, run, clock } = await start('kts-bin/1', 9_600);
  const facet = made.facets?.programming;
  if (facet === undefined) throw new Error('no programming');
  const extensions = await run(extensionsOf(facet, signal));
  const writes = manyWrites(facet.catalogue, { lines: 8, ports: 24, extensions, seed: 3 });
  const bad = { flip: 0.0005, drop: 0.0003, duplicate: 0.0003, garbage: 0.0003 };
  sim.line.faults = { toHost: bad, toPbx: bad };
  const beganMs = clock.nowMs();
  const done = await run(facet.set(writes, { signal, password }));
  expect(done.filter(({ code }) => code !== 'ok')).toEqual([]);
  expect(writes.length).toBeGreaterThanOrEqual(300);
  expect(clock.nowMs() - beganMs).toBeLessThan(60_000);
  sim.line.faults = {};
  const read = await run(facet.get(writes, { signal, password }));
  expect(read.map(({ value }) => value)).toEqual(writes.map(({ value }) => value));
});

test('after three wrong passwords the PBX is locked, for a minute', async () => {
  const { driver: made, run, clock } = await start('kts-bin/1', 115_200);
  const facet = made.facets?.programming;
  if (facet === undefined) throw new Error('no programming');
  const write = (word: string) =>
    run(facet.set([{ id: 'outsideToOutside', index: 0, value: true }], { signal, password: word }));
  for (let tries = 0; tries < 3; tries++) {
    await expect(write('no')).rejects.toMatchObject({ code: 'auth.forbidden', details: { reason: 'wrong' } });
  }
  await expect(write(password)).rejects.toMatchObject({ code: 'auth.forbidden', details: { reason: 'locked' } });
  await run(new Promise<void>((resolve) => clock.setTimer(60_000, resolve)));
  expect(await write(password)).toEqual([{ id: 'outsideToOutside', index: 0, code: 'ok', value: true }]);
});

test('power that fails in the middle: what was taken is kept, the rest is lost, and the same restore goes on', async () => {
  const { sim, driver: made, run, clock } = await start('kts-bin/1', 115_200);
  const facet = made.facets?.programming;
  if (facet === undefined) throw new Error('no programming');
  const writes = Array.from({ length: 200 }, (_, at) => ({
    id: 'speedDial.number',
    index: at + 1,
    value: `0138${at}`,
  }));
  clock.setTimer(400, () => sim.losePower(2_000));
  const first = await run(facet.set(writes, { signal, password }));
  const kept = first.filter(({ code }) => code === 'ok').length;
  expect(kept).toBeGreaterThan(10);
  expect(first.filter(({ code }) => code === 'lost').length).toBe(200 - kept);
  await run(new Promise<void>((resolve) => clock.setTimer(30_000, resolve)));
  const again = await run(facet.set(writes, { signal, password }));
  expect(again.every(({ code }) => code === 'ok')).toBe(true);
});

test('a PBX is held against its backup whenever its link comes up, and what differs is logged without its values', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-check-'));
  const file = join(folder, 'a.json');
  try {
    const first = await start('kts-bin/1', 115_200);
    const facet = first.driver.facets?.programming;
    if (facet === undefined) throw new Error('no programming');
    await first.run(facet.set([{ id: 'speedDial.number', index: 1, value: '01065001234' }], { signal, password }));
    const extent = { signal, password, secrets: 'include', groups: ['dialling', 'system'] } as const;
    await writeFile(file, formatBackup(await first.run(takeBackup(facet, extent, { wallMs: 0 }))));
    await first.driver.stop();

    const told: (readonly [string, LogFields | undefined])[] = [];
    let tell: (() => void) | undefined;
    const note = (message: string, fields?: LogFields): void => {
      if (!message.includes('backup')) return;
      told.push([message, fields]);
      tell?.();
    };
    const second = await start('kts-bin/1', 115_200, { backup: file, log: { ...LOG, info: note, warn: note } });
    /** What is logged next of the backup; virtual time runs until it is. */
    const next = async (): Promise<unknown> => {
      if (told.length === 0) {
        await second.run(
          new Promise<void>((resolve) => {
            tell = resolve;
          }),
        );
      }
      return told.shift();
    };
    const same = ['the switch has what its backup has', { switchId: 'main', equal: expect.any(Number) }];
    expect(await next()).toEqual([
      'the switch differs from its backup',
      { switchId: 'main', equal: expect.any(Number), differences: 1, parameters: 'speedDial.number' },
    ]);
    second.sim.pbx.setParameter({ item: 20, index: 1, field: 1 }, '01065001234');
    second.sim.losePower(500);
    expect(await next()).toEqual(same);
    await writeFile(file, '{}');
    second.sim.losePower(500);
    expect(await next()).toEqual([
      'the switch could not be held against its backup',
      { switchId: 'main', code: 'config.invalid' },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

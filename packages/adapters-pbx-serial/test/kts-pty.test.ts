import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CdrStore, KtsLink } from '../src/link/index.js';
import { DEFAULT_SERIAL, KTS_ASCII, KTS_BIN, openSerial, type Transport } from '../src/profile/index.js';
import type { MessageOf } from '../src/wire/index.js';
import { TestPbx } from './kts/pbx.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;

/** A pair of ptys, as long as the test runs. */
describe.skipIf(!hasSocat)('a PBX on a real pair of ptys', () => {
  let folder: string;
  let socat: ChildProcess;
  let far: Transport | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordboard-pty-'));
    const pty = (name: string): string => `pty,raw,echo=0,link=${join(folder, name)}`;
    socat = spawn('socat', ['-d', '-d', pty('host'), pty('pbx')], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const said of socat.stderr ?? []) if (String(said).includes('starting data transfer loop')) break;
  });

  afterEach(async () => {
    far?.destroy();
    const gone = once(socat, 'exit');
    if (socat.exitCode === null && socat.kill()) await gone;
    await rm(folder, { recursive: true, force: true });
  });

  it('lets go of a port that is ended, so that it can be opened again', async () => {
    const signal = AbortSignal.timeout(60_000);
    far = await openSerial(join(folder, 'pbx'), DEFAULT_SERIAL)(signal);
    const path = join(folder, 'host');
    // Somebody else keeps the cable alive: socat goes when the last one has closed an end.
    const held = await open(path, constants.O_RDWR | constants.O_NOCTTY);
    try {
      for (let times = 0; times < 3; times++) {
        const port = await openSerial(path, DEFAULT_SERIAL)(signal);
        const closed = once(port, 'close');
        port.destroy();
        await closed;
      }
    } finally {
      await held.close();
    }
  });

  it('tells a cable that is pulled under a write by `close`, whoever listens', async () => {
    far = await openSerial(join(folder, 'pbx'), DEFAULT_SERIAL)(AbortSignal.timeout(60_000));
    const port = far;
    const closed = new Promise<void>((resolve) => port.once('close', () => resolve()));
    const write = (): void => {
      if (!port.destroyed && port.writable) port.write(Buffer.alloc(4_096), () => setImmediate(write));
    };
    write();
    const met = new Promise<void>((resolve) => {
      port.once('end', resolve);
      port.prependOnceListener('close', resolve);
    });
    // Nobody reads here, so the write is what meets the end of the cable.
    socat.kill();
    await met;
    port.destroy();
    await closed;
    expect(() => port.emit('error', new Error('EIO: i/o error, write'))).not.toThrow();
  });

  for (const profile of [KTS_BIN, KTS_ASCII]) {
    it(`speaks ${profile.id}: snapshot, a request, records, and a cable that is pulled`, async () => {
      const signal = AbortSignal.timeout(60_000);
      const kept: number[] = [];
      const told: string[] = [];
      const wait = (what: string): Promise<void> =>
        new Promise((resolve) => {
          heard.set(what, resolve);
          if (told.includes(what)) resolve();
        });
      const heard = new Map<string, () => void>();
      const tell = (what: string): void => {
        told.push(what);
        heard.get(what)?.();
      };
      const memory = { store: 7, first: 1, next: 1, records: new Map<number, MessageOf<'cdr'>>() };
      far = await openSerial(join(folder, 'pbx'), DEFAULT_SERIAL)(signal);
      const pbx = new TestPbx({ clock: systemClock, profile, memory, boot: 1, port: far });
      far.on('data', (bytes: Uint8Array) => pbx.hear(bytes));
      // Whichever end sees first that the cable is gone: the PBX may be writing just then.
      far.on('error', () => undefined);
      pbx.answer = (asked) =>
        asked.type === 'clockGet' ? { type: 'clock', ref: asked.ref, at: '2026-11-22T09:00:00' } : undefined;
      const records: CdrStore = {
        position: async () => kept.at(-1),
        keep: async (batch) => {
          kept.push(...batch.map((each) => each.record));
          if (kept.length === 50) tell('kept');
        },
      };
      const link = new KtsLink({
        clock: systemClock,
        random: Math.random,
        profile,
        records,
        open: openSerial(join(folder, 'host'), DEFAULT_SERIAL),
        sink: { synced: () => tell('synced'), down: (reason) => tell(`down ${reason}`) },
      });
      link.start();
      await wait('synced');
      expect([...link.board.exts.keys()]).toEqual(['801', '802']);
      await expect(link.ask({ type: 'clockGet' })).resolves.toMatchObject({ at: '2026-11-22T09:00:00' });
      for (let each = 0; each < 50; each++) pbx.record();
      await wait('kept');
      expect(kept).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
      const down = wait('down closed');
      socat.kill();
      await down;
      pbx.powerOff();
      await link.stop();
    });
  }
});

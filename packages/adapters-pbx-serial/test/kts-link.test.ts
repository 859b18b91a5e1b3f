import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '@cordboard/driver-kit';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { type CdrStore, KtsLink } from '../src/link/index.js';
import { KTS_ASCII, KTS_BIN, type KtsProfile, openTcp } from '../src/profile/index.js';
import type { MessageOf } from '../src/wire/index.js';
import { type Fault, line, noisy, randomOf } from './kts/line.js';
import { type PbxMemory, TestPbx } from './kts/pbx.js';

/** Records as a disk would keep them: with the position, in one step. */
class Kept implements CdrStore {
  readonly records: MessageOf<'cdr'>[] = [];
  fails = 0;

  async position(store: number): Promise<number | undefined> {
    return this.records.findLast((record) => record.store === store)?.record;
  }

  async keep(records: readonly MessageOf<'cdr'>[]): Promise<void> {
    if (this.fails-- > 0) throw new Error('disk');
    this.records.push(...records);
  }
}

/** A disk that takes its time, and a host that may crash meanwhile. `told, then kept` says that it has kept what it has not. */
class Crashing extends Kept {
  readonly #order: 'kept, then told' | 'told, then kept';
  #under: (() => void)[] = [];

  constructor(order: 'kept, then told' | 'told, then kept') {
    super();
    this.#order = order;
  }

  override keep(records: readonly MessageOf<'cdr'>[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#under.push(() => {
        this.records.push(...records);
        resolve();
      });
      this.#lost.push(() => reject(new Error('crash')));
      if (this.#order === 'told, then kept') resolve();
    });
  }

  /** The disk is done with what it has. */
  finish(): void {
    for (const done of this.#under.splice(0)) done();
    this.#lost = [];
  }

  /** What the disk was not done with is gone. */
  crash(): void {
    this.#under = [];
    for (const lost of this.#lost.splice(0)) lost();
  }

  #lost: (() => void)[] = [];
}

const newMemory = (): PbxMemory => ({ store: 99, first: 1, next: 1, records: new Map() });

interface WorldOptions {
  readonly profile: KtsProfile;
  readonly fault?: Fault;
  readonly seed?: number;
  readonly kept?: Kept;
}

function world({ profile, fault, seed = 1, kept = new Kept() }: WorldOptions) {
  const clock = new SimulatedClock();
  const memory = newMemory();
  const told: string[] = [];
  const missing: number[][] = [];
  const messages: string[] = [];
  const unreadable: number[] = [];
  let boot = 0;
  let pbx: TestPbx | undefined;
  let write: (bytes: Uint8Array) => void = () => undefined;
  const powerOn = (): TestPbx => {
    pbx?.powerOff();
    boot += 1;
    pbx = new TestPbx({ clock, profile, memory, boot, port: { write: (bytes) => write(bytes) } });
    return pbx;
  };
  const link = (): KtsLink =>
    new KtsLink({
      clock,
      random: randomOf(seed + boot),
      profile,
      records: kept,
      open: async () => {
        const [host, far] = line({ clock, ...(fault === undefined ? {} : { fault }) });
        far.on('data', (bytes: Uint8Array) => pbx?.hear(bytes));
        write = (bytes) => void far.write(bytes);
        return host.asTransport();
      },
      sink: {
        up: () => told.push('up'),
        message: (message) => messages.push(message.type),
        unreadable: (sample) => unreadable.push(sample.length),
        synced: () => told.push('synced'),
        down: (reason) => told.push(`down ${reason}`),
        recordsMissing: (from, to) => missing.push([from, to]),
      },
    });
  const noise = (bytes: Uint8Array): void => write(bytes);
  return { clock, memory, told, missing, kept, powerOn, link, noise, messages, unreadable };
}

/** Moves on in steps of a tenth of a second, so that promises run between. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 100) await clock.tick(Math.min(100, ms - done));
}

for (const profile of [KTS_BIN, KTS_ASCII]) {
  describe(`a link of ${profile.id}`, () => {
    it('opens a session, takes a snapshot, and leaves nothing behind', async () => {
      const { clock, told, link, powerOn } = world({ profile });
      const pbx = powerOn();
      pbx.states = () => [
        { type: 'lineState', line: 2, lineState: 'talk', call: 5, peer: '803' },
        { type: 'extState', ext: '803', extState: 'talk', call: 5, line: 2 },
      ];
      const host = link();
      host.start();
      await pass(clock, 3_000);
      expect(told).toEqual(['up', 'synced']);
      expect([...host.board.exts.keys()]).toEqual(['801', '802', '803']);
      expect(host.board.lines.get(2)).toMatchObject({ lineState: 'talk', peer: '803' });
      pbx.tell({ type: 'extState', ext: '803', extState: 'idle' });
      await pass(clock, 500);
      expect(host.board.exts.get('803')).toEqual({ type: 'extState', ext: '803', extState: 'idle' });
      await pass(clock, 60_000);
      expect(told).toEqual(['up', 'synced']);
      await Promise.all([host.stop(), host.stop()]);
      expect(told).toEqual(['up', 'synced', 'down stopped']);
      pbx.powerOff();
      await pass(clock, 1_000);
      expect(clock.pendingTimers).toBe(0);
    });

    it('waits for an answer, tells that none came, and that the link was lost', async () => {
      const { clock, link, powerOn, told } = world({ profile });
      const pbx = powerOn();
      const host = link();
      await expect(host.ask({ type: 'clockGet' })).rejects.toMatchObject({ code: 'driver.linkLost' });
      host.start();
      await pass(clock, 3_000);
      pbx.answer = (request) =>
        request.type === 'clockGet' ? { type: 'clock', ref: request.ref, at: '2026-11-22T09:00:00' } : undefined;
      const answer = host.ask({ type: 'clockGet' });
      await pass(clock, 200);
      await expect(answer).resolves.toMatchObject({ type: 'clock', at: '2026-11-22T09:00:00' });
      const silent = host.ask({ type: 'logout' });
      const seen = expect(silent).rejects.toMatchObject({ code: 'driver.timeout' });
      await pass(clock, 5_200);
      await seen;
      const lost = host.ask({ type: 'logout' });
      const gone = expect(lost).rejects.toMatchObject({ code: 'driver.linkLost' });
      pbx.powerOff();
      await pass(clock, 30_000);
      await gone;
      expect(told.slice(0, 3)).toEqual(['up', 'synced', 'down timeout']);
      await host.stop();
    });

    it('has at most 16 requests open, sends the others after them, and answers each', async () => {
      const { clock, link, powerOn } = world({ profile });
      const pbx = powerOn();
      let open = 0;
      let most = 0;
      pbx.answer = (request) => {
        if (request.type !== 'paramGet') return undefined;
        open += 1;
        most = Math.max(most, open);
        clock.setTimer(1_000, () => {
          open -= 1;
          const { ref, item, index, field } = request;
          pbx.tell({ type: 'paramValue', ref, item, index, field, valueType: 'uint', values: [Uint8Array.of(index)] });
        });
        return undefined;
      };
      const host = link();
      host.start();
      await pass(clock, 3_000);
      const asked = Array.from({ length: 60 }, (_, index) => host.ask({ type: 'paramGet', item: 2, index, field: 1 }));
      await pass(clock, 20_000);
      const answers = await Promise.all(asked);
      expect(answers.map((answer) => (answer.type === 'paramValue' ? answer.index : -1))).toEqual(
        asked.map((_, at) => at),
      );
      expect(most).toBe(16);
      const late = Array.from({ length: 20 }, () => host.ask({ type: 'logout' }).catch((error) => error.code));
      pbx.powerOff();
      await pass(clock, 30_000);
      expect(new Set(await Promise.all(late))).toEqual(new Set(['driver.linkLost']));
      await host.stop();
    });

    it('sees a PBX that fell silent, and one that came back', async () => {
      const { clock, told, link, powerOn } = world({ profile });
      const pbx = powerOn();
      const host = link();
      host.start();
      await pass(clock, 3_000);
      pbx.powerOff();
      await pass(clock, 16_000);
      expect(told).toEqual(['up', 'synced', 'down timeout']);
      powerOn();
      await pass(clock, 30_000);
      expect(told).toEqual(['up', 'synced', 'down timeout', 'up', 'synced']);
      powerOn();
      await pass(clock, 30_000);
      expect(told).toEqual(['up', 'synced', 'down timeout', 'up', 'synced', 'down closed', 'up', 'synced']);
      await host.stop();
    });

    it('keeps every record once through losses of power in the middle of one, and a disk that fails', async () => {
      const { clock, memory, kept, link, powerOn, missing } = world({ profile });
      let pbx = powerOn();
      let host = link();
      host.start();
      kept.fails = 2;
      for (let turn = 0; turn < 12; turn++) {
        for (let each = 0; each < 40; each++) pbx.record();
        await pass(clock, 300 + turn * 170);
        if (turn % 3 === 0) pbx = powerOn();
        if (turn % 3 === 1) {
          await host.stop();
          host = link();
          host.start();
        }
        await pass(clock, 2_000);
      }
      await pass(clock, 120_000);
      expect(kept.records.map((record) => record.record)).toEqual(Array.from({ length: 480 }, (_, at) => at + 1));
      expect([memory.first, memory.next, memory.records.size, missing]).toEqual([481, 481, 0, []]);
      await host.stop();
    });

    for (const order of ['kept, then told', 'told, then kept'] as const) {
      it(`loses no record to a crash of the host while it keeps them (${order})`, async () => {
        const kept = new Crashing(order);
        const { clock, memory, link, powerOn } = world({ profile, kept });
        const pbx = powerOn();
        for (let turn = 0; turn < 6; turn++) {
          const host = link();
          host.start();
          await pass(clock, 3_000);
          for (let each = 0; each < 25; each++) pbx.record();
          await pass(clock, 700);
          kept.finish();
          await pass(clock, 1_000);
          kept.crash();
          await host.stop();
        }
        const last = link();
        last.start();
        for (let turn = 0; turn < 40; turn++) {
          await pass(clock, 1_000);
          kept.finish();
        }
        await last.stop();
        const numbers = kept.records.map((record) => record.record);
        const all = Array.from({ length: memory.next - 1 }, (_, at) => at + 1);
        // The second order is a planted defect: it must be seen here.
        if (order === 'kept, then told') expect(numbers).toEqual(all);
        else expect(numbers).not.toEqual(all);
      });
    }

    it('begins where the records are, when it knows nothing or too much, and tells what is gone', async () => {
      const { clock, memory, kept, link, powerOn, missing } = world({ profile });
      memory.first = 10;
      memory.next = 10;
      const pbx = powerOn();
      pbx.record();
      const host = link();
      host.start();
      await pass(clock, 3_000);
      expect(kept.records.map((record) => record.record)).toEqual([10]);
      await host.stop();
      memory.first = 20;
      memory.next = 20;
      memory.records.clear();
      powerOn().record();
      const again = link();
      again.start();
      await pass(clock, 3_000);
      expect(kept.records.map((record) => record.record)).toEqual([10, 20]);
      expect(missing).toEqual([[11, 19]]);
      await again.stop();
    });

    it('loses and doubles nothing on a noisy line', async () => {
      for (const seed of [1, 2, 3]) {
        const random = randomOf(seed * 7919);
        const { clock, kept, link, powerOn } = world({ profile, seed, fault: noisy(random, 0.08) });
        let pbx = powerOn();
        const host = link();
        host.start();
        let written = 0;
        for (let turn = 0; turn < 60; turn++) {
          for (let each = 0; each < 5; each++) pbx.record();
          written += 5;
          if (turn % 25 === 24) pbx = powerOn();
          await pass(clock, 2_000);
        }
        await pass(clock, 300_000);
        expect(kept.records.map((record) => record.record)).toEqual(Array.from({ length: written }, (_, at) => at + 1));
        await host.stop();
      }
    });

    it('holds a line of 9600 Bd full for ten minutes', async () => {
      const { clock, memory, kept, link, powerOn, told } = world({ profile });
      const pbx = powerOn();
      const host = link();
      host.start();
      let bytes = 0;
      const fill = (): void => {
        while (memory.next - memory.first < 200) {
          pbx.record();
          bytes += profile.encode(memory.records.get(memory.next - 1) ?? { type: 'heartbeat' }, {
            seq: 9,
            node: 0,
          }).length;
        }
      };
      const fromMs = 3_000;
      await pass(clock, fromMs);
      for (let ms = 0; ms < 600_000; ms += 1_000) {
        fill();
        await pass(clock, 1_000);
      }
      const count = kept.records.length;
      expect(kept.records.map((record) => record.record)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
      const share = ((bytes / memory.next) * count * 10) / 9_600 / 600;
      expect(share).toBeGreaterThan(0.8);
      expect(told).toEqual(['up', 'synced']);
      await host.stop();
    });

    it('makes nothing of ten seconds of another speed, before a session and in one', async () => {
      const random = randomOf(4711);
      const { clock, told, link, powerOn, noise, messages, unreadable } = world({ profile });
      const babble = async (): Promise<void> => {
        for (let ms = 0; ms < 10_000; ms += 10) {
          noise(Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256)));
          await clock.tick(10);
        }
      };
      const host = link();
      host.start();
      await clock.tick(10);
      await babble();
      expect([messages, told]).toEqual([[], []]);
      powerOn();
      await pass(clock, 30_000);
      expect(told).toEqual(['up', 'synced']);
      const before = messages.length;
      await babble();
      expect(messages.length).toBe(before);
      expect(unreadable.every((bytes) => bytes <= 256)).toBe(true);
      await host.stop();
    });

    // What it takes at best: others may have the machine for a while.
    it('takes 200 records a second over TCP', { retry: 2 }, async () => {
      const memory = newMemory();
      const count = 1_000;
      const kept = new Kept();
      const server = createServer((socket) => {
        const pbx = new TestPbx({ clock: systemClock, profile, memory, boot: 1, baudRate: 0, port: socket });
        socket.setNoDelay();
        socket.on('data', (bytes) => pbx.hear(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => pbx.powerOff());
        for (let each = 0; each < count; each++) pbx.record();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const done = new Promise<void>((resolve) => {
        const keep = kept.keep.bind(kept);
        kept.keep = async (records) => {
          await keep(records);
          if (kept.records.length >= count) resolve();
        };
      });
      const link = new KtsLink({
        clock: systemClock,
        random: Math.random,
        profile,
        baudRate: 0,
        records: kept,
        open: openTcp({ host: '127.0.0.1', port }),
        sink: {},
      });
      const before = performance.now();
      link.start();
      await done;
      const perSecond = (count * 1_000) / (performance.now() - before);
      await link.stop();
      server.close();
      await once(server, 'close');
      expect(kept.records.map((record) => record.record)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
      expect(perSecond).toBeGreaterThan(200);
    });
  });
}

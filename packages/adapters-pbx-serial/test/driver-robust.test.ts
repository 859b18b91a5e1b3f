import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DriverEvent } from '@cordboard/cti-core';
import { Probe } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import type { PlacedRecord, RecordSink } from '../src/index.js';
import { KtsWorld, type KtsWorldOptions } from './driver/world.js';
import { noisy, randomOf } from './kts/line.js';

const PROFILES = ['kts-bin/1', 'kts-ascii/1'] as const;

/** A caller is answered, held, taken back, parked, taken from the slot, transferred; he hangs up. */
async function scenario(world: KtsWorld, probe: Probe): Promise<void> {
  const [one, two, three] = world.phones;
  const settle = (): Promise<void> => world.pass(1_000);
  await world.outsider.dial();
  await settle();
  await one.answer();
  await settle();
  await one.hold();
  await settle();
  await one.dial(three.number);
  await settle();
  await three.answer();
  await settle();
  await one.completeTransfer();
  await settle();
  await world.pbx.park(three, 2);
  await settle();
  await world.pbx.unpark(two, 2);
  await settle();
  await two.transfer(one.number);
  await settle();
  await one.answer();
  await settle();
  await world.outsider.hangUp();
  await world.pass(8_000);
  for (const phone of world.phones) await phone.hangUp();
  await world.pass(3_000);
  expect(probe.laws.breaks).toEqual([]);
}

/** What was told, without stamps and links. */
function story(events: readonly DriverEvent[]): unknown[] {
  return events.filter((event) => event.type !== 'unreadable');
}

async function play(
  how: KtsWorldOptions,
): Promise<{ readonly events: unknown[]; readonly probe: Probe; readonly world: KtsWorld }> {
  const world = new KtsWorld(how);
  const probe = new Probe(world, 'rob');
  await probe.start();
  await scenario(world, probe);
  const events = story(probe.events);
  await probe.finish();
  await world.close();
  return { events, probe, world };
}

/** As a UART hands bytes over: never so many that their time on the line is longer than the gap that ends a frame. */
function chunks(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 16) parts.push(bytes.subarray(at, at + 16));
  return parts;
}

class Kept implements RecordSink {
  readonly records: PlacedRecord[] = [];
  readonly missed: number[][] = [];
  /** Keeping takes so long; meanwhile the process may be killed. */
  under: (() => void)[] = [];
  isSlow = false;

  async position(store: number): Promise<number | undefined> {
    return this.records.findLast((one) => one.store === store)?.record;
  }

  keep(records: readonly PlacedRecord[]): Promise<void> {
    if (!this.isSlow) {
      this.records.push(...records);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.under.push(() => {
        this.records.push(...records);
        resolve();
      });
    });
  }

  missing(from: number, to: number): void {
    this.missed.push([from, to]);
  }
}

for (const profile of PROFILES) {
  describe(`the driver of a PBX that speaks ${profile}`, () => {
    it('tells the same whatever pieces the frames arrive in', async () => {
      const whole = (await play({ profile })).events;
      expect(whole.length).toBeGreaterThan(60);
      for (let at = 1; at <= 96; at++) {
        const pieces = (bytes: Uint8Array): Uint8Array[] => [bytes.subarray(0, at), ...chunks(bytes.subarray(at))];
        expect((await play({ profile, pieces })).events, `cut at ${at}`).toEqual(whole);
      }
      const single = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect((await play({ profile, pieces: single })).events).toEqual(whole);
    });

    it('tells the same with garbage between the frames', async () => {
      const whole = (await play({ profile })).events;
      const random = randomOf(7);
      const garbage = (bytes: Uint8Array): Uint8Array[] => {
        if (random() < 0.5) return [bytes];
        // What begins no frame: in kts-ascii/1 an end of line keeps it apart.
        const noise = Uint8Array.from(
          { length: 1 + Math.floor(random() * 40) },
          () => 0x80 + Math.floor(random() * 0x20),
        );
        return profile === 'kts-bin/1' ? [noise, bytes] : [noise, Uint8Array.of(13), bytes];
      };
      expect((await play({ profile, pieces: garbage })).events).toEqual(whole);
    });

    it('shows what is so after a line that drops, flips, doubles and cuts', async () => {
      for (let seed = 1; seed <= 12; seed++) {
        const world = new KtsWorld({ profile, fault: noisy(randomOf(seed), 0.05), patienceMs: 120_000 });
        const probe = new Probe(world, 'noise');
        await probe.start();
        await scenario(world, probe);
        await world.outsider.dial();
        await world.pass(60_000);
        const since = probe.mark;
        await world.cutLink(200);
        const { snapshot } = await probe.sees('snapshot', { since });
        const calls = new Set(snapshot.connections.map((one) => one.nativeCallRef));
        expect([snapshot.connections.length, calls.size]).toEqual([3, 1]);
        expect(probe.laws.breaks).toEqual([]);
        await probe.finish();
        await world.close();
      }
    });

    it('is told nothing by ten seconds of random bytes, before the log-in and after it', async () => {
      const world = new KtsWorld({ profile });
      const probe = new Probe(world, 'dark');
      await probe.start();
      const random = randomOf(3);
      const { mark } = probe;
      for (let tenth = 0; tenth < 100; tenth++) {
        world.noise(Uint8Array.from({ length: 96 }, () => Math.floor(random() * 256)));
        await world.pass(100);
      }
      await world.pass(5_000);
      const told = probe.events.slice(mark).filter((event) => event.type !== 'unreadable');
      expect(told).toEqual([]);
      expect(probe.count('unreadable')).toBeLessThanOrEqual(17);
      await world.outsider.dial();
      await probe.sees('created', { since: mark });
      await probe.finish();
      await world.close();
    });

    it('keeps every record once when the host is killed while it keeps them, and when the PBX loses its power', async () => {
      const kept = new Kept();
      const world = new KtsWorld({ profile, options: { records: kept } });
      let probe = new Probe(world, 'rec0');
      await probe.start();
      for (let round = 1; round <= 8; round++) {
        kept.isSlow = round % 2 === 0;
        for (let calls = 0; calls < 3; calls++) {
          await world.outsider.dial();
          await world.pass(500);
          await world.phones[0].answer();
          await world.pass(2_000);
          await world.outsider.hangUp();
          await world.phones[0].hangUp();
          await world.pass(3_000);
        }
        if (round % 3 === 0) {
          await world.restartSwitch();
          await world.pass(20_000);
        }
        // What was under way when the process died never happened.
        if (kept.isSlow) {
          const dead = probe;
          probe = new Probe(world, `rec${round}`);
          kept.under = [];
          await dead.driver.stop();
          kept.under = [];
          kept.isSlow = false;
          await probe.start();
          await world.pass(3_000);
        }
      }
      await world.pass(30_000);
      expect(kept.records.map(({ record }) => record)).toEqual(Array.from({ length: 24 }, (_, at) => at + 1));
      expect(kept.missed).toEqual([]);
      expect(kept.records[0]?.smdr).toMatchObject({
        direction: 'in',
        extension: '801',
        number: '13912345678',
        durationMs: 2_000,
      });
      expect(world.records.first).toBe(25);
      await probe.finish();
      await world.close();
    });

    it('loses nothing on a line of 9600 Bd that is full for ten minutes', async () => {
      const kept = new Kept();
      const world = new KtsWorld({ profile, options: { records: kept } });
      const probe = new Probe(world, 'full');
      await probe.start();
      const { mark } = probe;
      const endMs = world.clock.nowMs() + 600_000;
      let told = 0;
      let calls = 0;
      while (world.clock.nowMs() < endMs) {
        // 960 bytes a second and some 50 of a message and its acknowledgement: so many are more than the line takes.
        for (let each = 0; each < 4; each++) {
          told += 1;
          world.face?.tell({
            type: 'extState',
            ext: '808',
            extState: told % 2 === 0 ? 'idle' : 'offhook',
            forward: String(told),
            dnd: false,
            lamp: false,
          });
        }
        if (told % 100 === 0) world.face?.record({ number: String(++calls) });
        await world.pass(250);
      }
      await world.pass(120_000);
      const shown = probe.events
        .slice(mark)
        .flatMap((event) =>
          event.type === 'devicePresence' && event.detail?.forward !== undefined ? [event.detail.forward] : [],
        );
      expect(shown).toEqual(Array.from({ length: told }, (_, at) => String(at + 1)));
      expect(kept.records.map((one) => one.smdr.number)).toEqual(
        Array.from({ length: calls }, (_, at) => String(at + 1)),
      );
      expect(probe.count('linkDown')).toBe(0);
      expect(told).toBeGreaterThan(9_000);
      await probe.finish();
      await world.close();
    }, 180_000);

    it('takes 10,000 events a second for three seconds in bounded memory, in calls that come and go', async () => {
      setFlagsFromString('--expose-gc');
      const gc = runInNewContext('gc') as () => void;
      const world = new KtsWorld({ profile, baudRate: 0 });
      let created = 0;
      let cleared = 0;
      let presence = 0;
      const driver = world.createDriver();
      await driver.start(
        (event) => {
          if (event.type === 'created') created += 1;
          if (event.type === 'cleared') cleared += 1;
          if (event.type === 'devicePresence') presence += 1;
        },
        { signal: new AbortController().signal },
      );
      await world.pass(1_000);
      gc();
      const before = process.memoryUsage().heapUsed;
      let events = 0;
      for (let tick = 0; tick < 300; tick++) {
        for (let each = 0; each < 25; each++) {
          const call = 1 + ((tick * 25 + each) % 60_000);
          const ext = String(801 + (each % 8));
          const peer = String(801 + ((each + 1) % 8));
          world.face?.tell({ type: 'extState', ext, extState: 'dial', call, dir: 'internal', peer });
          world.face?.tell({ type: 'digits', ext, digits: '12', call });
          world.face?.tell({ type: 'extState', ext, extState: 'intalk', call, dir: 'internal', peer });
          world.face?.tell({ type: 'extState', ext, extState: 'idle', end: 'normal' });
          events += 4;
        }
        await world.pass(10);
      }
      await world.pass(1_000);
      expect(events).toBe(30_000);
      expect([created, cleared, presence]).toEqual([7_500, 7_500, 22_500]);
      gc();
      const grownMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;
      expect(grownMb).toBeLessThan(16);
      await driver.stop();
      await world.pass(1_000);
      expect(world.resources()).toBe(0);
      await world.close();
    }, 180_000);

    it('gives up a PBX that tells of more telephones than there are, and bears what it says of nothing', async () => {
      const world = new KtsWorld({ profile, baudRate: 0 });
      const probe = new Probe(world, 'odd');
      await probe.start();
      const tell = async (message: object): Promise<void> => {
        world.face?.tell(message as never);
        await world.pass(5);
      };
      const { mark } = probe;
      await tell({ type: 'extState', ext: '801', extState: '#77', call: 5 });
      await tell({ type: 'lineState', line: 1, lineState: '#99' });
      await tell({ type: 'parkState', slot: 200, parkState: '#9' });
      await tell({
        type: 'callerId',
        line: 250,
        presentation: '#9',
        nameBytes: Uint8Array.of(0xff, 0xff),
        charset: '#200',
      });
      await tell({ type: 'digits', ext: '999', digits: 'F.P' });
      await tell({ type: 'parkState', slot: 1, parkState: 'taken', call: 77 });
      await tell({ type: 'lineState', line: 2, lineState: 'talk' });
      await tell({ type: 'lineState', line: 2, lineState: 'idle', end: '#60' });
      await tell({ type: 'extState', ext: '*', extState: 'talk' });
      await tell({ type: 'extState', ext: '*', extState: 'idle' });
      expect(probe.laws.breaks).toEqual([]);
      expect(probe.count('linkDown')).toBe(0);
      const unknown = probe.events
        .slice(mark)
        .filter((event) => event.type === 'devicePresence' && event.presence === 'unknown');
      expect(unknown).toHaveLength(3);
      for (let ext = 10_000; ext < 14_200; ext++) {
        world.face?.tell({ type: 'extState', ext: String(ext), extState: 'idle' });
        if (ext % 100 === 0) await world.pass(5);
      }
      const down = await probe.sees('linkDown', { since: mark });
      expect(down.reason).toBe('overflow');
      await probe.sees('linkSynced', { since: probe.events.indexOf(down) });
      await probe.finish();
      await world.close();
    });

    it('leaves nothing behind when the line is cut while it logs in', async () => {
      const world = new KtsWorld({ profile, baudRate: 1_200 });
      const probe = new Probe(world, 'cut');
      await probe.startOnly();
      for (let afterMs = 0; afterMs < 2_000; afterMs += 50) {
        await world.pass(afterMs);
        await world.cutLink(10);
      }
      await probe.sees('linkSynced');
      await probe.finish();
      expect(world.resources()).toBe(0);
      await world.close();
    });

    it('is right again when another host has had the PBX in between', async () => {
      const world = new KtsWorld({ profile });
      const probe = new Probe(world, 'two');
      await probe.start();
      await world.outsider.dial();
      await world.pass(500);
      const second = world.createDriver();
      const seen: DriverEvent[] = [];
      await second.start((event) => seen.push(event), { signal: new AbortController().signal });
      await world.pass(3_000);
      expect(seen.map((event) => event.type)).toContain('linkSynced');
      await world.phones[0].answer();
      // Both want it: whoever came last has it, and nobody tells what is not so.
      await world.pass(60_000);
      await second.stop();
      const since = probe.mark;
      await probe.sees('linkSynced', { since, withinMs: 60_000 });
      const { snapshot } = await probe.sees('snapshot', { since });
      expect(snapshot.connections.map((one) => [one.device, one.state]).sort()).toEqual([
        ['kts:extension:801', 'connected'],
        ['kts:line:1', 'connected'],
      ]);
      expect(probe.laws.breaks).toEqual([]);
      await probe.finish();
      await world.close();
    });
  });
}

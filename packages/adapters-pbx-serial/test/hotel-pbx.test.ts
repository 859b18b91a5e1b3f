import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type SwitchId } from '@cordboard/cti-core';
import { filesAtRest, SimulatedClock } from '@cordboard/driver-kit/testing';
import { serialPbx } from '@cordboard/simulator';
import { expect, it } from 'vitest';
import { VirtualHotel } from '../../simulator/src/hotel/index.js';
import { type HotelNotice, startHotelBridge } from '../src/hotel/index.js';
import { createPbxSerialDriver, type PlacedRecord, type RecordSink } from '../src/index.js';
import { line, randomOf } from './kts/line.js';

const main = asId<SwitchId>('main');
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

it.each(['kts-bin/1', 'kts-ascii/1'] as const)(
  'a stay from check-in to the bill, with a PBX that speaks %s',
  async (profile) => {
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-stay-'));
    // The bridge keeps its ledger on a real disk: time stands still while that is busy, else hours go by before a line is written.
    const clock = new SimulatedClock(0, { between: filesAtRest });
    const wait = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += 50) await clock.tick(50);
    };
    const until = async (isSo: () => boolean, ms = 120_000): Promise<void> => {
      for (let at = 0; at < ms && !isSo(); at += 50) await wait(50);
      expect(isSo()).toBe(true);
    };
    const sim = serialPbx({ clock, profile, extensions: 8, lines: 4 });
    sim.start();
    const hotel = new VirtualHotel({ clock, framing: 'serial', random: randomOf(9) });
    const notices: HotelNotice[] = [];
    const kept: PlacedRecord[] = [];
    const archive: RecordSink = {
      position: async () => kept.at(-1)?.record,
      keep: async (records) => {
        kept.push(...records);
      },
    };
    let records: RecordSink = archive;
    const driver = createPbxSerialDriver({
      profile,
      transport: { open: async () => sim.hostEnd() },
      records: { position: (store) => records.position(store), keep: (all) => records.keep(all) },
    })(main, { clock, random: randomOf(4), log: LOG });
    const pbx = driver.facets?.hotel;
    if (pbx === undefined) throw new Error('no rooms');
    const running = await startHotelBridge({
      clock,
      random: randomOf(2),
      pbx,
      switchId: main,
      told: (notice) => notices.push(notice),
      options: {
        folder,
        // That of the PBX's own clock.
        timeZone: 'Asia/Shanghai',
        rooms: { list: { '101': '801', '102': '802' } },
        record: 'text',
        charges: {
          rates: {
            currency: 'EUR',
            accessCodes: ['9'],
            rates: [{ prefix: '', kind: 'local', firstMs: 60_000, firstPrice: 50, unitMs: 60_000, unitPrice: 20 }],
          },
        },
        transport: {
          framing: 'serial',
          open: async () => {
            const [ours, theirs] = line({ clock, baudRate: 9_600 });
            hotel.attach(theirs.asTransport());
            return ours.asTransport();
          },
        },
      },
    });
    records = running.records(archive);
    await driver.start(() => undefined, { signal: new AbortController().signal });
    await until(() => hotel.isAlive);

    hotel.checkIn({ reservation: 'R1', name: 'Müller', room: '101' }, { CS: '3' });
    await until(() => sim.pbx.memory.port(1).room.occupied);
    expect(sim.pbx.memory.port(1).room).toMatchObject({ name: 'Müller', classOfService: 1 });

    sim.phone('801').dial('9013912345678');
    await until(() => sim.phone('801').status?.state === 'talking');
    await wait(70_000);
    sim.phone('801').hangUp();
    await until(() => hotel.charges.length === 1);
    expect(hotel.charges[0]).toMatchObject({
      room: '101',
      reservation: 'R1',
      amount: 70,
      digits: '013912345678',
      status: 'OK',
    });
    await until(() => kept.length === 1);

    const at = new Date(sim.pbx.now() + 120_000).toISOString();
    const wake = { DA: at.slice(2, 10).replaceAll('-', ''), TI: at.slice(11, 19).replaceAll(':', '') };
    hotel.say('WR', { RN: '101', ...wake });
    await until(() => sim.phone('801').status?.state === 'ringing', 180_000);
    sim.phone('801').lift();
    await until(() => hotel.reports.length === 1);
    sim.phone('801').hangUp();
    expect(hotel.reports).toEqual([`WA|RN101|ASOK|DA${wake.DA}|TI${wake.TI}|`]);

    hotel.move('R1', '102');
    await until(() => sim.pbx.memory.port(2).room.occupied && !sim.pbx.memory.port(1).room.occupied);
    expect(sim.pbx.memory.port(2).room).toMatchObject({ name: 'Müller' });
    hotel.checkOut('R1');
    await until(() => !sim.pbx.memory.port(2).room.occupied);

    const stopped = Promise.all([running.stop(), driver.stop()]);
    await wait(3_000);
    await stopped;
    await sim.close();
    expect(notices.map(({ kind }) => kind)).toEqual(['linkUp', 'linkDown']);
    const text = await readFile(join(folder, 'hotel-2026-01.txt'), 'utf8');
    expect(
      text.split('\n').map((each) =>
        each
          .slice(21)
          .trim()
          .split(/\s{2,}/u)
          .slice(0, 2)
          .join(' '),
      ),
    ).toEqual([
      'checkIn room 101',
      'charge room 101',
      'answer room 101',
      'wakeUp room 101',
      'move room 102',
      'checkOut room 102',
      '',
    ]);
    await rm(folder, { recursive: true, force: true });
  },
);

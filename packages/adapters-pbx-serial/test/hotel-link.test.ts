import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { type HotelFraming, VirtualHotel } from '../../simulator/src/hotel/index.js';
import { type FiasRecord, fiasRecord, fiasText } from '../src/hotel/fias/index.js';
import { FiasLink, type FiasLinkOptions } from '../src/hotel/link/index.js';
import { type Fault, type LineEnd, line, randomOf } from './kts/line.js';

interface Rig {
  readonly clock: SimulatedClock;
  readonly hotel: VirtualHotel;
  readonly link: FiasLink;
  readonly log: string[];
  readonly heard: FiasRecord[];
  readonly ends: LineEnd[];
  readonly wire: string[];
}

function rig(framing: HotelFraming, options: Partial<FiasLinkOptions> & { readonly fault?: Fault } = {}): Rig {
  const clock = new SimulatedClock();
  const [log, heard, ends, wire]: [string[], FiasRecord[], LineEnd[], string[]] = [[], [], [], []];
  const hotel = new VirtualHotel({
    clock,
    framing,
    random: randomOf(3),
    told: (way, text) => wire.push(`${way === 'in' ? '>' : '<'} ${text.replace(/(DA|TI)\d{6}\|/gu, '')}`),
  });
  const link = new FiasLink({
    clock,
    random: () => 0.5,
    framing,
    timeZone: 'UTC',
    open: async () => {
      const [ours, theirs] = line({
        clock,
        baudRate: framing === 'serial' ? 9_600 : 0,
        ...(options.fault === undefined ? {} : { fault: options.fault }),
      });
      ends.push(ours, theirs);
      hotel.attach(theirs.asTransport());
      return ours.asTransport();
    },
    sink: {
      up: () => log.push('up'),
      down: (reason) => log.push(`down ${reason}`),
      record: (record) => heard.push(record),
    },
    ...options,
  });
  return { clock, hotel, link, log, heard, ends, wire };
}

const re = (room: string, more = {}): FiasRecord => fiasRecord('RE', { RN: room, ML: 'Y', ...more });

describe.each(['serial', 'stream'] as const)('a FIAS link, %s', (framing) => {
  it('describes itself when the hotel starts, is alive when LA is answered, and ends with LE', async () => {
    const { clock, hotel, link, log, wire } = rig(framing);
    link.start();
    await clock.tick(20_000);
    expect(log).toEqual(['up']);
    expect(hotel.isAlive).toBe(true);
    expect(wire.filter((each) => each.startsWith('> L')).slice(0, 4)).toEqual([
      '> LS|',
      '> LD|V#1.0|IFPB|',
      '> LR|RIGI|FLRNG#GNGFGLGSCSSF|',
      '> LR|RIGO|FLRNG#GSSF|',
    ]);
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
    expect(wire.at(-1)).toBe('> LE|');
    expect(log).toEqual(['up', 'down stopped']);
    expect(clock.pendingTimers).toBe(0);
    await link.stop();
  });

  it('describes itself again when the hotel system restarts behind the line', async () => {
    const { clock, hotel, link, log, wire } = rig(framing);
    link.start();
    await clock.tick(20_000);
    const before = wire.filter((each) => each.startsWith('> LD')).length;
    hotel.restart();
    await clock.tick(20_000);
    expect(wire.filter((each) => each.startsWith('> LD'))).toHaveLength(before + 1);
    expect(log).toEqual(['up', 'down closed', 'up']);
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });

  it('finds a hotel system that says nothing any more, and comes back', async () => {
    const { clock, link, log, ends } = rig(framing);
    link.start();
    await clock.tick(20_000);
    const mute = ends[0]?.other;
    if (mute !== undefined) mute.isOver = true;
    await clock.tick(120_000);
    expect(log.slice(0, 3)).toEqual(['up', 'down timeout', 'up']);
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });

  it('says LA now and then on a quiet line, and two sides do not answer each other for ever', async () => {
    const { clock, link, wire, log } = rig(framing);
    link.start();
    await clock.tick(20_000);
    wire.length = 0;
    await clock.tick(600_000);
    expect(log).toEqual(['up']);
    expect(wire.length).toBeGreaterThan(10);
    expect(wire.length).toBeLessThan(40);
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });
});

describe('a serial FIAS link on a bad line', () => {
  it.each(['refuse', 'swallowAcks', 'doubleAcks', 'lose'] as const)('brings every record once: %s', async (fault) => {
    const { clock, hotel, link } = rig('serial');
    link.start();
    await clock.tick(20_000);
    for (let room = 101; room < 111; room++) {
      hotel.faults[fault] = room % 2;
      const sent = link.send(re(String(room)), fault === 'swallowAcks' ? 'enquire' : 'repeat');
      await clock.tick(15_000);
      await sent;
    }
    expect(hotel.reports.map((text) => text.slice(5, 8))).toEqual(
      Array.from({ length: 10 }, (_, at) => String(101 + at)),
    );
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });

  it.each(['flip', 'doubleRecords', 'garbage'] as const)('hears every record of the hotel once: %s', async (fault) => {
    const { clock, hotel, link, heard } = rig('serial');
    link.start();
    await clock.tick(20_000);
    for (let guest = 0; guest < 40; guest++) {
      hotel.faults[fault] = 1;
      hotel.checkIn({ reservation: String(guest), name: `Guest ${guest}`, room: String(100 + guest) });
      await clock.tick(12_000);
    }
    expect(heard.map((record) => fiasText(record).slice(0, 8))).toEqual(
      Array.from({ length: 40 }, () => expect.stringMatching(/^GI\|/u)),
    );
    expect(new Set(heard.map(fiasText)).size).toBe(40);
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });

  it('takes no random bytes for a record', async () => {
    const { clock, hotel, link, heard, log } = rig('serial');
    link.start();
    await clock.tick(20_000);
    const random = randomOf(11);
    for (let each = 0; each < 100; each++) {
      hotel.noise(Uint8Array.from({ length: 96 }, () => Math.floor(random() * 256)));
      await clock.tick(100);
    }
    expect(heard).toEqual([]);
    hotel.checkIn({ reservation: '1', name: 'Doe', room: '101' });
    await clock.tick(30_000);
    expect(heard.map(({ id }) => id)).toEqual(['GI']);
    expect(log[0]).toBe('up');
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });

  it('gives up a record that nobody acknowledges, and says so', async () => {
    const { clock, hotel, link, log } = rig('serial');
    link.start();
    await clock.tick(20_000);
    hotel.faults.lose = 99;
    const sent = link.send(re('101')).catch((error: Error) => error.message);
    await clock.tick(30_000);
    expect(await sent).toContain('driver.linkLost');
    expect(log).toContain('down timeout');
    hotel.faults.lose = 0;
    await clock.tick(60_000);
    expect(log.at(-1)).toBe('up');
    const stopped = link.stop();
    await clock.tick(1_000);
    await stopped;
  });
});

describe('the role of the hotel system', () => {
  it.each(['serial', 'stream'] as const)('talks to the role of the PBX, %s', async (framing) => {
    const clock = new SimulatedClock();
    const [ours, theirs] = line({ clock, baudRate: framing === 'serial' ? 2_400 : 0 });
    const heard: string[] = [];
    const make = (role: 'vendor' | 'pms', end: LineEnd): FiasLink =>
      new FiasLink({
        clock,
        random: () => 0.5,
        framing,
        role,
        baudRate: 2_400,
        timeZone: 'Asia/Shanghai',
        open: async () => end.asTransport(),
        sink: { up: () => heard.push(`${role} up`), record: (record) => heard.push(`${role} ${fiasText(record)}`) },
      });
    const [vendor, pms] = [make('vendor', ours), make('pms', theirs)];
    pms.start();
    vendor.start();
    await clock.tick(30_000);
    expect(heard).toEqual(expect.arrayContaining(['vendor up', 'pms up']));
    expect(pms.wishes?.fieldsOf('WR')).toEqual(new Set(['RN', 'DA', 'TI']));
    expect(pms.wishes?.fieldsOf('XT')).toBeUndefined();
    heard.length = 0;
    const both = Promise.all([
      vendor.send(fiasRecord('WA', { RN: '1', AS: 'OK', DA: '261122', TI: '070000' })),
      pms.send(fiasRecord('GO', { RN: '1' })),
    ]);
    await clock.tick(5_000);
    await both;
    expect(heard.sort()).toEqual(['pms WA|RN1|ASOK|DA261122|TI070000|', 'vendor GO|RN1|']);
    const stopped = Promise.all([vendor.stop(), pms.stop()]);
    await clock.tick(2_000);
    await stopped;
    expect(clock.pendingTimers).toBe(0);
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, CtiError, type HotelFacet, type RoomCommand, type RoomEvent, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HotelFraming, VirtualHotel } from '../../simulator/src/hotel/index.js';
import {
  type HotelNotice,
  type HotelOptionsInput,
  type LineFile,
  type RunningHotelBridge,
  startHotelBridge,
} from '../src/hotel/index.js';
import type { SmdrRecord } from '../src/smdr/record.js';
import { type LineEnd, line, randomOf } from './kts/line.js';

const main = asId<SwitchId>('main');

/** A disk that takes no time. */
const disks = new Map<string, string[]>();
async function memoryFile(path: string): Promise<LineFile> {
  const lines = disks.get(path) ?? [];
  disks.set(path, lines);
  return {
    content: { lines: [...lines], damaged: 0 },
    append: async (more) => {
      lines.push(...more);
    },
    replace: async (all) => {
      lines.splice(0, lines.length, ...all());
    },
    close: async () => undefined,
  };
}

/** A PBX that does what it is told and writes it down. */
class PaperPbx implements HotelFacet {
  readonly done: string[] = [];
  readonly listeners = new Set<(event: RoomEvent) => void>();
  fails: ((command: RoomCommand) => CtiError | undefined) | undefined;

  async carryOut(command: RoomCommand): Promise<void> {
    const error = this.fails?.(command);
    if (error !== undefined) throw error;
    const { type, room, ...more } = command;
    this.done.push([type, room.slice('main:extension:'.length), ...Object.values(more)].join(' '));
  }

  listen(listener: (event: RoomEvent) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  tell(event: RoomEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-hotel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Rig {
  readonly clock: SimulatedClock;
  readonly hotel: VirtualHotel;
  readonly pbx: PaperPbx;
  readonly notices: HotelNotice[];
  readonly run: RunningHotelBridge;
  readonly ends: LineEnd[];
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  isCableOut: boolean;
}

const CALL: SmdrRecord = {
  start: '2026-01-01T00:00:30',
  durationMs: 192_000,
  extension: '8101',
  direction: 'out',
  number: '013912345678',
  answered: 'answered',
  costMinor: 250,
  doubts: [],
  raw: '',
};

async function rig(
  framing: HotelFraming,
  given: { readonly hotel?: VirtualHotel; readonly clock?: SimulatedClock } & Partial<HotelOptionsInput> = {},
): Promise<Rig> {
  const { hotel: old, clock: oldClock, ...options } = given;
  const clock = oldClock ?? new SimulatedClock();
  const hotel = old ?? new VirtualHotel({ clock, framing, random: randomOf(5) });
  const [pbx, notices, ends]: [PaperPbx, HotelNotice[], LineEnd[]] = [new PaperPbx(), [], []];
  const state = { isCableOut: false };
  const run = await startHotelBridge({
    clock,
    random: () => 0.5,
    pbx,
    switchId: main,
    told: (notice) => notices.push(notice),
    openFile: memoryFile,
    options: {
      folder,
      timeZone: 'UTC',
      rooms: { prefix: '8' },
      transport: {
        framing,
        open: async () => {
          if (state.isCableOut) throw new CtiError('link.closed', 'no cable');
          const [ours, theirs] = line({ clock, baudRate: framing === 'serial' ? 9_600 : 0 });
          ends.push(ours);
          hotel.attach(theirs.asTransport());
          return ours.asTransport();
        },
      },
      ...options,
    },
  });
  const wait = (ms: number): Promise<void> => clock.tick(ms);
  const stop = async (): Promise<void> => {
    const stopped = run.stop();
    await wait(2_000);
    await stopped;
  };
  return Object.assign(state, { clock, hotel, pbx, notices, run, ends, wait, stop });
}

describe.each(['serial', 'stream'] as const)('a hotel bridge, %s', (framing) => {
  it('takes a guest from check-in to check-out, with a call on the bill', async () => {
    const { hotel, pbx, run, wait, stop, notices } = await rig(framing);
    await wait(20_000);
    hotel.checkIn({ reservation: 'R1', name: 'Müller', room: '101' });
    await wait(3_000);
    await expect(run.bridge.charge(CALL, '7.1')).resolves.toEqual({ outcome: 'kept', sequence: 1 });
    await wait(5_000);
    hotel.move('R1', '102');
    await wait(3_000);
    hotel.checkOut('R1');
    await wait(3_000);
    expect(pbx.done).toEqual([
      'checkIn 8101 Müller',
      'move 8101 main:extension:8102',
      'name 8102 Müller',
      'checkOut 8102',
    ]);
    expect(hotel.charges).toEqual([
      {
        sequence: '1',
        room: '101',
        reservation: 'R1',
        amount: 250,
        pulses: undefined,
        digits: '013912345678',
        duration: '000312',
        date: '260101',
        time: '000030',
        status: 'OK',
      },
    ]);
    expect(run.bridge.state).toEqual({ link: 'up', waiting: { postings: 0, reports: 0, orders: 0 } });
    await stop();
    expect(notices.map(({ kind }) => kind)).toEqual(['linkUp', 'linkDown']);
    const file = await readFile(join(folder, 'hotel-2026-01.csv'), 'utf8');
    expect(file.split('\n').map((each) => each.split(',').slice(1, 4).join(' '))).toEqual([
      'event room from',
      'checkIn 101 ',
      'charge 101 ',
      'answer 101 ',
      'move 102 101',
      'checkOut 102 ',
      '',
    ]);
  });

  it('keeps charges while the link is down, in order, and brings them when it is back', async () => {
    const all = await rig(framing);
    const { hotel, run, wait, stop, ends } = all;
    await wait(20_000);
    hotel.checkIn({ reservation: 'R1', name: 'Doe', room: '101' });
    await wait(2_000);
    all.isCableOut = true;
    hotel.detach();
    ends.at(-1)?.destroy();
    await wait(1_000);
    expect(run.bridge.state.link).toBe('down');
    for (let call = 1; call <= 30; call++) await run.bridge.charge({ ...CALL, costMinor: call }, `7.${call}`);
    await expect(run.bridge.charge(CALL, '7.5')).resolves.toEqual({ outcome: 'known', status: 'waiting' });
    await wait(60_000);
    expect(hotel.charges).toEqual([]);
    all.isCableOut = false;
    await wait(90_000);
    expect(hotel.charges.map(({ amount }) => amount)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(new Set(hotel.charges.map(({ sequence }) => sequence)).size).toBe(30);
    await stop();
  });

  it.each([
    'swallowAnswers',
    'doubleAnswers',
    'swallowAcks',
    'doubleAcks',
    'lose',
    'refuse',
    'flip',
    'doubleRecords',
    'garbage',
  ] as const)('books each call once: %s', async (fault) => {
    const { hotel, run, wait, stop } = await rig(framing, { resync: 'never' });
    await wait(20_000);
    hotel.checkIn({ reservation: 'R1', name: 'Doe', room: '101' });
    await wait(2_000);
    // A stream has no check of its own: TCP does not flip bits.
    if (fault !== 'flip' || framing === 'serial') hotel.faults[fault] = 5;
    for (let call = 1; call <= 12; call++) {
      await run.bridge.charge({ ...CALL, costMinor: call }, `7.${call}`);
      await wait(7_000);
    }
    await wait(400_000);
    expect(hotel.charges.map(({ amount }) => amount)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    // Every one of them happened, where the framing has room for it.
    if (framing === 'serial' || !['refuse', 'swallowAcks', 'doubleAcks', 'flip'].includes(fault))
      expect(hotel.faults[fault]).toBe(0);
    await stop();
  });

  it('waits for the night audit, tries again where it is told to, and says what was refused', async () => {
    const clock = new SimulatedClock();
    let busy = 2;
    const hotel = new VirtualHotel({
      clock,
      framing,
      answer: ({ amount }) => (amount === 2 && busy-- > 0 ? 'RY' : amount === 3 ? 'NP' : 'OK'),
    });
    const { run, wait, stop, notices } = await rig(framing, { hotel, clock, resync: 'never' });
    await wait(20_000);
    hotel.audit('start');
    await wait(1_000);
    for (let call = 1; call <= 4; call++) await run.bridge.charge({ ...CALL, costMinor: call }, `7.${call}`);
    await wait(60_000);
    expect(hotel.charges).toEqual([]);
    hotel.audit('end');
    await wait(300_000);
    expect(hotel.charges.map(({ amount, status }) => `${amount} ${status}`)).toEqual(['1 OK', '2 OK', '3 NP', '4 OK']);
    expect(notices).toContainEqual({ kind: 'chargeRefused', room: '101', sequence: 3, status: 'NP' });
    await stop();
  });

  it('finishes after a restart what it had not finished, with the same numbers', async () => {
    const first = await rig(framing, { resync: 'never' });
    await first.wait(20_000);
    first.hotel.checkIn({ reservation: 'R1', name: 'Doe', room: '101' });
    await first.wait(2_000);
    first.hotel.faults.swallowAnswers = 1;
    await first.run.bridge.charge({ ...CALL, costMinor: 1 }, '7.1');
    await first.wait(3_000);
    await first.run.bridge.charge({ ...CALL, costMinor: 2 }, '7.2');
    first.pbx.fails = () => new CtiError('driver.linkLost', 'gone');
    first.hotel.say('RE', { RN: '101', ML: 'Y' });
    await first.wait(2_000);
    await first.stop();
    const second = await rig(framing, { hotel: first.hotel, clock: first.clock, resync: 'never' });
    await second.wait(60_000);
    expect(first.hotel.charges.map(({ sequence, amount }) => `${sequence} ${amount}`)).toEqual(['1 1', '2 2']);
    expect(first.hotel.repeats).toBe(1);
    expect(second.pbx.done).toEqual(['messageLamp 8101 on']);
    await expect(second.run.bridge.charge(CALL, '7.1')).resolves.toEqual({ outcome: 'known', status: 'OK' });
    await second.stop();
  });

  it('brings room equipment both ways, and no echo', async () => {
    const { hotel, pbx, wait, stop } = await rig(framing, { resync: 'never' });
    await wait(20_000);
    hotel.say('RE', { RN: '101', ML: 'Y', DN: 'Y', CS: '3', RS: '1' });
    await wait(3_000);
    expect(pbx.done).toEqual([
      'messageLamp 8101 on',
      'doNotDisturb 8101 on',
      'classOfService 8101 1',
      'roomStatus 8101 dirtyVacant',
    ]);
    const room = 'main:extension:8101' as RoomEvent['room'];
    pbx.tell({ type: 'doNotDisturb', room, mode: 'on' });
    pbx.tell({ type: 'doNotDisturb', room, mode: 'off' });
    pbx.tell({ type: 'roomStatus', room, status: 'inspected' });
    pbx.tell({ type: 'roomStatus', room, status: 'outOfOrder' });
    await wait(5_000);
    expect(hotel.reports).toEqual(['RE|RN101|DNN|', 'RE|RN101|RS5|']);
    await stop();
  });

  it('keeps several wake-up calls of a room, hands the PBX the earliest, and tells what became of each', async () => {
    const { hotel, pbx, wait, stop } = await rig(framing, { resync: 'never' });
    await wait(20_000);
    hotel.say('WR', { RN: '101', DA: '260102', TI: '073000' });
    hotel.say('WR', { RN: '101', DA: '260102', TI: '070000' });
    hotel.say('WR', { RN: '102', DA: '251231', TI: '070000' });
    hotel.say('WR', { RN: '101', DA: '260102', TI: '080000' });
    hotel.say('WC', { RN: '101', DA: '260102', TI: '080000' });
    await wait(5_000);
    expect(pbx.done).toEqual(['wakeUp 8101 2026-01-02T07:30:00', 'wakeUp 8101 2026-01-02T07:00:00']);
    const room = 'main:extension:8101' as RoomEvent['room'];
    // A guest's own alarm, at midnight.
    pbx.tell({ type: 'wakeUp', room, outcome: 'answered' });
    await wait(31 * 3_600_000 - 60_000);
    expect(hotel.reports).toHaveLength(1);
    pbx.tell({ type: 'wakeUp', room, outcome: 'noAnswer' });
    await wait(1_740_000);
    expect(pbx.done.at(-1)).toBe('wakeUp 8101 2026-01-02T07:30:00');
    pbx.tell({ type: 'wakeUp', room, outcome: 'answered' });
    await wait(5_000);
    expect(hotel.reports).toEqual([
      'WA|RN102|ASUR|DA251231|TI070000|',
      'WA|RN101|ASNR|DA260102|TI070000|',
      'WA|RN101|ASOK|DA260102|TI073000|',
    ]);
    await stop();
  });
});

describe('a hotel bridge', () => {
  it('learns by the resync who left while it was away, and does not believe an empty one', async () => {
    const { hotel, pbx, wait, stop, notices } = await rig('stream');
    await wait(20_000);
    hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' });
    hotel.checkIn({ reservation: 'B', name: 'Bob', room: '102' });
    await wait(2_000);
    hotel.guests.delete('A');
    hotel.restart();
    await wait(20_000);
    expect(pbx.done).toEqual(['checkIn 8101 Ann', 'checkIn 8102 Bob', 'checkOut 8101']);
    hotel.guests.clear();
    hotel.restart();
    await wait(20_000);
    expect(pbx.done).toHaveLength(3);
    expect(notices).toContainEqual({ kind: 'notUnderstood', record: 'DE', why: 'emptySwap' });
    await stop();
  });

  it('takes a guest whom the resync does not name for gone, also where another one has the room', async () => {
    const { hotel, pbx, wait, stop } = await rig('stream');
    await wait(20_000);
    hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' });
    await wait(2_000);
    hotel.guests.delete('A');
    hotel.guests.set('B', { reservation: 'B', name: 'Bob', room: '101' });
    hotel.restart();
    await wait(20_000);
    expect(pbx.done).toEqual(['checkIn 8101 Ann', 'name 8101 Bob']);
    hotel.checkOut('B');
    await wait(2_000);
    expect(pbx.done.at(-1)).toBe('checkOut 8101');
    hotel.checkIn({ reservation: 'C', name: 'Cid', room: '101' });
    hotel.guests.delete('C');
    hotel.checkIn({ reservation: 'D', name: 'Dan', room: '101' });
    await wait(2_000);
    expect(pbx.done.slice(3)).toEqual(['checkIn 8101 Cid', 'checkOut 8101', 'checkIn 8101 Dan']);
    await stop();
  });

  it('leaves the telephone of a shared room open until the last guest has left', async () => {
    const { hotel, pbx, wait, stop } = await rig('stream');
    await wait(20_000);
    hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' });
    hotel.checkIn({ reservation: 'B', name: 'Bob', room: '101' });
    hotel.checkOut('A');
    await wait(2_000);
    expect(pbx.done).toEqual(['checkIn 8101 Ann']);
    hotel.checkOut('B');
    await wait(2_000);
    expect(pbx.done).toEqual(['checkIn 8101 Ann', 'checkOut 8101']);
    await stop();
  });

  it('waits for a PBX whose line is down, and does what is left where a room is let already', async () => {
    const { hotel, pbx, wait, stop, notices } = await rig('stream');
    await wait(20_000);
    let isDown = true;
    pbx.fails = ({ type }) =>
      isDown
        ? new CtiError('driver.linkLost', 'no line')
        : type === 'checkIn'
          ? new CtiError('driver.refused', 'refused', { details: { native: 'wrongstate' } })
          : undefined;
    hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' }, { CS: '2' });
    await wait(30_000);
    expect(pbx.done).toEqual([]);
    isDown = false;
    await wait(5_000);
    expect(pbx.done).toEqual(['classOfService 8101 2', 'name 8101 Ann']);
    expect(notices.map(({ kind }) => kind)).toEqual(['linkUp']);
    await stop();
  });

  it('opens the new room and closes the old one where the PBX cannot move a guest', async () => {
    const { hotel, pbx, wait, stop, notices } = await rig('stream');
    await wait(20_000);
    hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' });
    await wait(2_000);
    // It has lost what it knew of the old room.
    pbx.fails = ({ type }) =>
      type === 'move' || type === 'checkOut'
        ? new CtiError('driver.refused', 'refused', { details: { native: 'wrongstate' } })
        : undefined;
    hotel.say('GC', { RN: '102', RO: '101', 'G#': 'A', GN: 'Anna', CS: '2' });
    await wait(2_000);
    expect(pbx.done.slice(1)).toEqual(['checkIn 8102', 'classOfService 8102 2', 'name 8102 Anna']);
    expect(notices.map(({ kind }) => kind)).toEqual(['linkUp']);
    await stop();
  });

  it('says so when a wake-up call was refused, or never told of', async () => {
    const { hotel, pbx, wait, stop } = await rig('stream');
    await wait(20_000);
    pbx.fails = ({ room }) =>
      room.endsWith('8101')
        ? new CtiError('driver.refused', 'refused', { details: { native: 'nodevice' } })
        : undefined;
    hotel.say('WR', { RN: '101', DA: '260101', TI: '010000' });
    hotel.say('WR', { RN: '102', DA: '260101', TI: '000200' });
    await wait(5_000);
    expect(hotel.reports).toEqual(['WA|RN101|ASUR|DA260101|TI010000|']);
    await wait(32 * 60_000);
    expect(hotel.reports.at(-1)).toBe('WA|RN102|ASUR|DA260101|TI000200|');
    await stop();
  });
});

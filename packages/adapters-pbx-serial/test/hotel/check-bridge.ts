import { asId, CtiError, type HotelFacet, type RoomCommand, type RoomEvent, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { type HotelFraming, VirtualHotel } from '../../../simulator/src/hotel/index.js';
import type { HotelOptionsInput, LineFile, RunningHotelBridge, startHotelBridge } from '../../src/hotel/index.js';
import type { SmdrRecord } from '../../src/smdr/record.js';
import { type Fault, type LineEnd, line, randomOf } from '../kts/line.js';

/** What starts a bridge: the product's, or one with a defect. */
export type StartBridge = typeof startHotelBridge;

/** A PBX that does what it is told and writes it down. */
export class PaperPbx implements HotelFacet {
  readonly done: string[] = [];
  readonly #listeners = new Set<(event: RoomEvent) => void>();
  fails: ((command: RoomCommand) => CtiError | undefined) | undefined;

  async carryOut(command: RoomCommand): Promise<void> {
    const error = this.fails?.(command);
    if (error !== undefined) throw error;
    const { type, room, ...more } = command;
    this.done.push([type, room.slice('main:extension:'.length), ...Object.values(more)].join(' '));
  }

  listen(listener: (event: RoomEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(event: RoomEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** A disk whose lines survive, and which may be slow. */
export class PaperDisk {
  readonly lines: string[] = [];
  slow: Promise<void> | undefined;

  readonly open = async (): Promise<LineFile> => ({
    content: { lines: [...this.lines], damaged: 0 },
    append: async (more) => {
      await this.slow;
      this.lines.push(...more);
    },
    replace: async (all) => {
      this.lines.splice(0, this.lines.length, ...all());
    },
    close: async () => undefined,
  });
}

/** A hotel, a bridge and a PBX of paper, in virtual time. */
export interface Stage {
  readonly clock: SimulatedClock;
  readonly hotel: VirtualHotel;
  readonly pbx: PaperPbx;
  readonly disk: PaperDisk;
  readonly ends: LineEnd[];
  readonly run: RunningHotelBridge;
  readonly heard: string[];
  call(cost: number): Promise<unknown>;
  wait(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** A call of room 101 that costs so much. */
export const callOf = (cost: number): SmdrRecord => ({
  start: '2026-01-01T00:00:30',
  durationMs: 192_000,
  extension: '8101',
  direction: 'out',
  number: '013912345678',
  costMinor: cost,
  doubts: [],
  raw: '',
});

/** Sets a stage, with the link up. */
export async function stageOf(
  start: StartBridge,
  how: {
    readonly framing: HotelFraming;
    readonly before?: Stage;
    readonly answer?: (amount: number) => string;
    readonly fault?: Fault;
  } & Partial<HotelOptionsInput>,
): Promise<Stage> {
  const { framing, before, answer, fault, ...options } = how;
  const clock = before?.clock ?? new SimulatedClock();
  const heard: string[] = before?.heard ?? [];
  const hotel =
    before?.hotel ??
    new VirtualHotel({
      clock,
      framing,
      random: randomOf(5),
      told: (way, text) => {
        if (way === 'in') heard.push(text);
      },
      ...(answer === undefined ? {} : { answer: ({ amount }) => answer(amount ?? 0) }),
    });
  const [pbx, disk, ends] = [new PaperPbx(), before?.disk ?? new PaperDisk(), [] as LineEnd[]];
  const run = await start({
    clock,
    random: () => 0.5,
    pbx,
    switchId: asId<SwitchId>('main'),
    told: () => undefined,
    openFile: disk.open,
    options: {
      folder: 'nowhere',
      record: 'none',
      timeZone: 'UTC',
      rooms: { prefix: '8' },
      transport: {
        framing,
        open: async () => {
          const [ours, theirs] = line({
            clock,
            baudRate: framing === 'serial' ? 9_600 : 0,
            ...(fault === undefined ? {} : { fault }),
          });
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
  await wait(20_000);
  return {
    clock,
    hotel,
    pbx,
    disk,
    ends,
    run,
    heard,
    call: (cost) => run.bridge.charge(callOf(cost), `7.${cost}`),
    wait,
    stop,
  };
}

type Check = (start: StartBridge) => Promise<boolean>;
const same = (got: unknown, wanted: unknown): boolean => JSON.stringify(got) === JSON.stringify(wanted);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
const room = (number: string): RoomEvent['room'] => `main:extension:8${number}` as RoomEvent['room'];
const bill = ({ hotel }: Stage): (number | undefined)[] => hotel.charges.map(({ amount }) => amount);
const isLogged = ({ hotel }: Stage): void => hotel.checkIn({ reservation: 'R1', name: 'Doe', room: '101' });

function booksOnce(framing: HotelFraming, fault: keyof VirtualHotel['faults'], count: number): Check {
  return async (start) => {
    const on = await stageOf(start, { framing, resync: 'never' });
    isLogged(on);
    await on.wait(2_000);
    on.hotel.faults[fault] = count;
    for (const cost of upTo(6)) {
      await on.call(cost);
      await on.wait(7_000);
    }
    await on.wait(400_000);
    const isRight = same(bill(on), upTo(6)) && (fault !== 'swallowAcks' || on.hotel.repeats === 0);
    await on.stop();
    return isRight;
  };
}

/** What a bridge must do, each thing by itself. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'a stay': async (start) => {
    const on = await stageOf(start, { framing: 'serial' });
    isLogged(on);
    await on.wait(3_000);
    await on.call(250);
    await on.wait(5_000);
    on.hotel.move('R1', '102');
    await on.wait(3_000);
    on.hotel.checkOut('R1');
    await on.wait(3_000);
    await on.stop();
    return (
      same(on.pbx.done, ['checkIn 8101 Doe', 'move 8101 main:extension:8102', 'name 8102 Doe', 'checkOut 8102']) &&
      same(bill(on), [250])
    );
  },
  'lost answers': booksOnce('stream', 'swallowAnswers', 3),
  'doubled answers': booksOnce('stream', 'doubleAnswers', 9),
  'doubled answers to postings that follow each other': async (start) => {
    const on = await stageOf(start, {
      framing: 'stream',
      resync: 'never',
      answer: (amount) => (amount % 2 === 0 ? 'NP' : 'OK'),
    });
    on.hotel.faults.doubleAnswers = 99;
    await Promise.all(upTo(6).map((cost) => on.call(cost)));
    await on.wait(60_000);
    const again = await Promise.all(upTo(6).map((cost) => on.call(cost)));
    await on.stop();
    const known = upTo(6).map((cost) => ({ outcome: 'known', status: cost % 2 === 0 ? 'NP' : 'OK' }));
    return same(bill(on), upTo(6)) && same(again, known);
  },
  'lost acknowledgements': booksOnce('serial', 'swallowAcks', 3),
  'lost records': booksOnce('serial', 'lose', 2),
  'flipped bits': async (start) => {
    const on = await stageOf(start, { framing: 'serial', resync: 'never' });
    for (const guest of upTo(30)) {
      on.hotel.faults.flip = 1;
      on.hotel.checkIn({ reservation: String(guest), name: `Guest ${guest}`, room: String(100 + guest) });
      await on.wait(12_000);
    }
    await on.stop();
    return same(
      on.pbx.done,
      upTo(30).map((guest) => `checkIn 8${100 + guest} Guest ${guest}`),
    );
  },
  'order through an outage': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    isLogged(on);
    await on.wait(2_000);
    on.hotel.detach();
    on.ends.at(-1)?.destroy();
    for (const cost of upTo(10)) await on.call(cost);
    await on.wait(120_000);
    await on.stop();
    return same(bill(on), upTo(10));
  },
  'a restart in mid-post': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    isLogged(on);
    await on.wait(1_000);
    on.hotel.faults.swallowAnswers = 1;
    await on.call(1);
    await on.call(2);
    await on.wait(1_000);
    await on.stop();
    const after = await stageOf(start, { framing: 'stream', before: on, resync: 'never' });
    await after.wait(60_000);
    await after.call(1);
    await after.call(2);
    await after.wait(60_000);
    await after.stop();
    return (
      same(bill(on), [1, 2]) &&
      same(
        on.hotel.charges.map(({ sequence }) => sequence),
        ['1', '2'],
      )
    );
  },
  'nothing is sent before it is kept': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    let write: () => void = () => undefined;
    on.disk.slow = new Promise((resolve) => {
      write = resolve;
    });
    const charged = on.call(1);
    await on.wait(1_000);
    on.hotel.audit('end');
    await on.wait(30_000);
    const early = on.heard.some((text) => text.startsWith('PS|'));
    write();
    await charged;
    await on.wait(5_000);
    await on.stop();
    return !early;
  },
  'no work is done again after a restart': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    isLogged(on);
    await on.call(1);
    await on.wait(5_000);
    await on.stop();
    on.heard.length = 0;
    const after = await stageOf(start, { framing: 'stream', before: on, resync: 'never' });
    await after.wait(30_000);
    await after.stop();
    return after.pbx.done.length === 0 && !on.heard.some((text) => text.startsWith('PS|'));
  },
  'another try, a refusal, a night audit': async (start) => {
    let busy = 2;
    const on = await stageOf(start, {
      framing: 'stream',
      resync: 'never',
      answer: (amount) => (amount === 2 && busy-- > 0 ? 'RY' : amount === 3 ? 'NP' : 'OK'),
    });
    on.hotel.audit('start');
    await on.wait(1_000);
    for (const cost of upTo(4)) await on.call(cost);
    await on.wait(30_000);
    const isSilent = !on.heard.some((text) => text.startsWith('PS|'));
    on.hotel.audit('end');
    await on.wait(300_000);
    await on.stop();
    return (
      isSilent &&
      same(
        on.hotel.charges.map(({ amount, status }) => `${amount} ${status}`),
        ['1 OK', '2 OK', '3 NP', '4 OK'],
      )
    );
  },
  'room equipment without an echo': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    on.hotel.say('RE', { RN: '101', DN: 'Y', CS: '0', RS: '2' });
    await on.wait(3_000);
    on.pbx.tell({ type: 'doNotDisturb', room: room('101'), mode: 'on' });
    on.pbx.tell({ type: 'doNotDisturb', room: room('101'), mode: 'off' });
    await on.wait(5_000);
    await on.stop();
    return (
      same(on.pbx.done, ['doNotDisturb 8101 on', 'classOfService 8101 6', 'roomStatus 8101 dirtyOccupied']) &&
      same(on.hotel.reports, ['RE|RN101|DNN|'])
    );
  },
  'a report survives a connection that dies under it': async (start) => {
    const on = await stageOf(start, { framing: 'stream', resync: 'never' });
    on.hotel.faults.lose = 9;
    on.pbx.tell({ type: 'messageLamp', room: room('101'), mode: 'on' });
    await on.wait(1_000);
    on.hotel.detach();
    on.ends.at(-1)?.destroy();
    on.hotel.faults.lose = 0;
    await on.wait(60_000);
    await on.stop();
    return same(on.hotel.reports, ['RE|RN101|MLY|']);
  },
  'wake-up calls': async (start) => {
    const on = await stageOf(start, { framing: 'serial', resync: 'never' });
    for (const time of ['000800', '000600', '000700']) on.hotel.say('WR', { RN: '101', DA: '260101', TI: time });
    on.hotel.say('WC', { RN: '101', DA: '260101', TI: '000800' });
    await on.wait(5_000);
    on.pbx.tell({ type: 'wakeUp', room: room('101'), outcome: 'busy' });
    await on.wait(5_000);
    on.hotel.faults.doubleRecords = 1;
    on.hotel.say('WR', { RN: '102', DA: '251231', TI: '070000' });
    await on.wait(5_000);
    on.pbx.fails = () => new CtiError('driver.refused', 'no', { details: { native: 'nodevice' } });
    on.hotel.say('WR', { RN: '103', DA: '260102', TI: '070000' });
    await on.wait(5_000);
    await on.stop();
    return (
      same(on.pbx.done, [
        'wakeUp 8101 2026-01-01T00:08:00',
        'wakeUp 8101 2026-01-01T00:06:00',
        'wakeUp 8101 2026-01-01T00:07:00',
      ]) &&
      same(on.hotel.reports, [
        'WA|RN101|ASBY|DA260101|TI000600|',
        'WA|RN102|ASUR|DA251231|TI070000|',
        'WA|RN103|ASUR|DA260102|TI070000|',
      ])
    );
  },
  'sharers, and who left meanwhile': async (start) => {
    const on = await stageOf(start, { framing: 'stream' });
    on.hotel.checkIn({ reservation: 'A', name: 'Ann', room: '101' });
    on.hotel.checkIn({ reservation: 'B', name: 'Bob', room: '101' });
    on.hotel.checkIn({ reservation: 'C', name: 'Cid', room: '102' });
    on.hotel.checkOut('A');
    await on.wait(2_000);
    on.hotel.guests.delete('C');
    on.hotel.restart();
    await on.wait(20_000);
    on.hotel.guests.clear();
    on.hotel.restart();
    await on.wait(20_000);
    await on.stop();
    return same(on.pbx.done, ['checkIn 8101 Ann', 'checkIn 8102 Cid', 'checkOut 8102']);
  },
  'a PBX that is away': async (start) => {
    const on = await stageOf(start, { framing: 'stream' });
    on.pbx.fails = () => new CtiError('driver.linkLost', 'no line');
    isLogged(on);
    await on.wait(60_000);
    on.pbx.fails = undefined;
    await on.wait(5_000);
    await on.stop();
    return same(on.pbx.done, ['checkIn 8101 Doe']);
  },
};

/** The first check that a bridge fails; one that throws is failed too. */
export async function firstFaultOf(start: StartBridge): Promise<string | undefined> {
  for (const [name, check] of Object.entries(CHECKS)) {
    const isRight = await check(start).catch(() => false);
    if (!isRight) return name;
  }
  return undefined;
}

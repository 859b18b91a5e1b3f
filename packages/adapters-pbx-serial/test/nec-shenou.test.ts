import { asId, deviceId, type RoomEvent, type SwitchId } from '@cordboard/cti-core';
import { type NecFaceOptions, necFace, shenouFace } from '@cordboard/simulator';
import { describe, expect, it } from 'vitest';
import { NecHotel, type NecHotelOptions, ShenouLink } from '../src/profile/index.js';
import { createSmdrParser } from '../src/smdr/index.js';
import { necRecordOf } from '../src/wire/index.js';
import { type Fault, noisy, randomOf } from './kts/line.js';
import { type OnLine, onLine } from './on-line.js';

const MAIN = asId<SwitchId>('main');
const room = (ext: string) => deviceId(MAIN, 'extension', ext);
const signal = new AbortController().signal;

function nec(face: NecFaceOptions = {}, more: Partial<NecHotelOptions> & { readonly line?: OnLine } = {}) {
  const { line = onLine(necFace(face)), ...rest } = more;
  const records: string[] = [];
  const events: RoomEvent[] = [];
  const alive: string[] = [];
  const hotel = new NecHotel({
    switchId: MAIN,
    transport: line.transport,
    clock: line.clock,
    onRecord: (data) => records.push(data),
    onAlive: (recover) => alive.push(recover),
    ...rest,
  });
  hotel.listen((event) => events.push(event));
  return { ...line, hotel, records, events, alive };
}

/** An outside call of so many seconds to an extension, from ring to end. */
async function outsideCall({ pbx, clock }: OnLine, ext: string): Promise<void> {
  pbx.ringIn(1, { presentation: 'number', number: '13912345678' });
  await clock.tick(6_000);
  pbx.carryOut({ service: 'answer', ext });
  await clock.tick(60_000);
  pbx.far(1, 'hangsUp');
  await clock.tick(60_000);
}

describe('nec-pms on a simulated NEAX', () => {
  it('checks in and out, lights lamps, sets wake-ups, names and restrictions', async () => {
    const at = nec();
    const { pbx, hotel } = at;
    const does = (command: Parameters<typeof hotel.carryOut>[0]) => at.settle(hotel.carryOut(command, { signal }));
    await does({ type: 'checkIn', room: room('801'), name: 'WARD' });
    expect(pbx.room('801')?.room).toMatchObject({ occupied: true, name: 'WARD' });
    await does({ type: 'messageLamp', room: room('801'), mode: 'on' });
    expect(pbx.room('801')?.lamp).toBe(true);
    await does({ type: 'wakeUp', room: room('801'), at: '2026-01-02T06:30:00' });
    expect(new Date(pbx.room('801')?.wake?.at ?? 0).toISOString().slice(11, 16)).toBe('06:30');
    await does({ type: 'wakeUpClear', room: room('801') });
    expect(pbx.room('801')?.wake).toBeUndefined();
    await does({ type: 'doNotDisturb', room: room('801'), mode: 'on' });
    expect(pbx.extension('801')?.dnd).toBe(true);
    await does({ type: 'move', room: room('801'), to: room('802') });
    expect([pbx.room('801')?.room.occupied, pbx.room('802')?.room.occupied]).toEqual([false, true]);
    await does({ type: 'checkOut', room: room('802') });
    expect(pbx.room('802')?.room).toMatchObject({ occupied: false, classOfService: 6 });
    hotel.close();
  });

  it('model 90: check-in with a name in one text, states of rooms, a check-out by its state', async () => {
    const at = nec({}, { model: '90' });
    await at.settle(at.hotel.carryOut({ type: 'checkIn', room: room('801'), name: 'LI WEI' }, { signal }));
    expect(at.pbx.room('801')?.room).toMatchObject({ occupied: true, name: 'LI WEI' });
    await at.settle(at.hotel.carryOut({ type: 'checkOut', room: room('801') }, { signal }));
    expect(at.pbx.room('801')?.room).toMatchObject({ occupied: false, status: 3 });
    await at.settle(at.hotel.carryOut({ type: 'roomStatus', room: room('801'), status: 'outOfOrder' }, { signal }));
    expect(at.pbx.room('801')?.room.status).toBe(6);
    at.hotel.close();
  });

  it('tells what the PBX could not carry out, and what the language has no words for', async () => {
    const at = nec();
    await expect(
      at.settle(at.hotel.carryOut({ type: 'messageLamp', room: room('999'), mode: 'on' }, { signal })),
    ).rejects.toMatchObject({ code: 'driver.refused' });
    await expect(
      at.hotel.carryOut({ type: 'classOfService', room: room('801'), classOfService: 3 }, { signal }),
    ).rejects.toMatchObject({ code: 'device.notSupported' });
    await expect(
      at.hotel.carryOut({ type: 'wakeUp', room: room('801'), at: '2026-01-02T06:30:00', repeat: 'daily' }, { signal }),
    ).rejects.toMatchObject({ code: 'device.notSupported' });
    await expect(
      at.hotel.carryOut({ type: 'checkOut', room: deviceId(MAIN, 'line', '1') }, { signal }),
    ).rejects.toMatchObject({ code: 'argument.invalid' });
    at.hotel.close();
  });

  it('hears the wake-up, the lamp and the maid', async () => {
    const at = nec();
    await at.settle(at.hotel.carryOut({ type: 'wakeUp', room: room('803'), at: '2026-01-01T08:01:00' }, { signal }));
    await at.clock.tick(180_000);
    expect(at.events).toContainEqual({ type: 'wakeUp', room: room('803'), outcome: 'noAnswer' });
    at.hotel.close();
  });

  it('sends signs of life, and ends a line on which nobody takes them', async () => {
    const at = nec();
    await at.clock.tick(65_000);
    expect(at.alive).toEqual(['none', 'none']);
    let closed = 0;
    const dead = onLine({
      profile: 'dead',
      settings: necFace().settings,
      attach: () => ({ receive: () => undefined, close: () => undefined }),
    });
    const silent = nec(
      {},
      {
        line: dead,
        onClosed: () => {
          closed += 1;
        },
      },
    );
    const asked = silent.hotel.carryOut({ type: 'messageLamp', room: room('801'), mode: 'on' }, { signal });
    await expect(silent.settle(asked)).rejects.toMatchObject({ code: 'driver.timeout' });
    await silent.clock.tick(120_000);
    expect(closed).toBe(1);
    at.hotel.close();
    at.hotel.close();
    expect(dead.clock.pendingTimers).toBeLessThan(3);
  });

  it.each(['freeWheel', 'asked'] as const)('call records that come %s', async (records) => {
    const at = nec({ records });
    await outsideCall(at, '801');
    expect(at.records).toHaveLength(1);
    const record = necRecordOf(at.records[0] ?? '');
    expect(record).toMatchObject({ direction: 'in', line: '001001', doubts: [] });
    const [truth] = at.pbx.records().list;
    expect(record?.durationMs).toBe((truth?.durationS ?? -1) * 1_000);
    expect(record?.start).toBe(new Date(truth?.start ?? 0).toISOString().slice(0, 19));
    at.hotel.close();
  });

  it('both ask at the same moment: the PBX goes first, and nothing is lost', async () => {
    const at = nec({ records: 'asked' });
    const orders: Promise<void>[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      at.pbx.ringIn(1 + (turn % 4), { presentation: 'withheld' });
      await at.clock.tick(3_000);
      at.pbx.far(1 + (turn % 4), 'hangsUp');
      orders.push(
        at.hotel.carryOut(
          { type: 'messageLamp', room: room(`8${String(turn + 1).padStart(2, '0')}`), mode: 'on' },
          { signal },
        ),
      );
    }
    await at.settle(Promise.all(orders));
    await at.clock.tick(120_000);
    expect(at.records).toHaveLength(12);
    for (let turn = 1; turn <= 12; turn += 1) expect(at.pbx.room(`8${String(turn).padStart(2, '0')}`)?.lamp).toBe(true);
    at.hotel.close();
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'a line that loses and flips: what was said to be done is done, every asked record comes once (%d)',
    async (seed) => {
      // Words of this line are single bytes without a check: one that comes twice is believed twice, so nothing is doubled here.
      const random = randomOf(seed);
      const fault: Fault = (bytes) => {
        if (random() >= 0.08) return bytes;
        if (random() < 0.5) return new Uint8Array();
        const at = Math.floor(random() * bytes.length);
        return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << Math.floor(random() * 7)) : byte));
      };
      const at = nec({ records: 'asked' }, { line: onLine(necFace({ records: 'asked' }), { fault }) });
      let done = 0;
      for (let turn = 0; turn < 12; turn += 1) {
        at.pbx.ringIn(1 + (turn % 4), { presentation: 'withheld' });
        await at.clock.tick(20_000);
        at.pbx.far(1 + (turn % 4), 'hangsUp');
        const mode = turn % 2 === 0 ? 'on' : 'off';
        const order = at.hotel.carryOut({ type: 'messageLamp', room: room('801'), mode }, { signal });
        const outcome = await at.settle(
          order.then(
            () => 'done' as const,
            (error: unknown) => error,
          ),
        );
        if (outcome === 'done') {
          done += 1;
          expect(at.pbx.room('801')?.lamp).toBe(mode === 'on');
        } else expect(outcome).toMatchObject({ code: 'driver.timeout' });
      }
      await at.clock.tick(600_000);
      expect(done).toBeGreaterThan(9);
      expect(at.records).toHaveLength(at.pbx.records().list.length);
      expect(new Set(at.records).size).toBe(at.records.length);
      at.hotel.close();
    },
  );

  it('a text that is told again within a transmission is taken once, and once more in the next', async () => {
    const at = nec();
    const inside = Buffer.from(`0!${'KA001001'.padEnd(128)}\x03`, 'latin1');
    const record = Buffer.from([2, ...inside, inside.reduce((sum, byte) => sum ^ byte, 0)]);
    const say = (...parts: readonly (Buffer | string)[]): void => {
      for (const part of parts) at.host.emit('data', Buffer.from(part as string, 'latin1'));
    };
    say('0!\x05', record, record, '\x04');
    expect(at.records).toHaveLength(1);
    say('0!\x05', record, '\x04');
    expect(at.records).toHaveLength(2);
    at.hotel.close();
  });

  it('leaves no timer behind', async () => {
    const at = nec();
    const open = at.hotel.carryOut({ type: 'messageLamp', room: room('801'), mode: 'on' }, { signal });
    at.hotel.close();
    await expect(open).rejects.toMatchObject({ code: 'driver.linkLost' });
    at.pbx.powerOff();
    // What is on the line is the line's.
    await at.clock.tick(1_000);
    expect(at.clock.pendingTimers).toBe(0);
  });
});

function shenou(line = onLine(shenouFace())) {
  const records: string[] = [];
  const damaged: Uint8Array[] = [];
  const link = new ShenouLink({
    switchId: MAIN,
    transport: line.transport,
    clock: line.clock,
    onRecord: (text) => records.push(text),
    onDamaged: (sample) => damaged.push(sample),
    vacantClass: 6,
    guestClass: 2,
  });
  return { ...line, link, records, damaged };
}

describe('shenou-uso on a simulated console', () => {
  it('sets classes, one after another, and says when one cannot be set', async () => {
    const at = shenou();
    await at.settle(Promise.all(['801', '802', '803'].map((ext, index) => at.link.setClass(ext, index + 1))));
    expect(['801', '802', '803'].map((ext) => at.pbx.room(ext)?.room.classOfService)).toEqual([1, 2, 3]);
    await expect(at.settle(at.link.setClass('999', 3))).rejects.toMatchObject({ code: 'driver.timeout' });
    await at.settle(at.link.setClass('801', 4));
    expect(at.pbx.extension('801')?.classOfService).toBe(4);
    await expect(at.link.setClass('80x', 4)).rejects.toMatchObject({ code: 'wire.unsafeValue' });
    at.link.close();
  });

  it('is a hotel as far as classes go', async () => {
    const at = shenou();
    await at.settle(at.link.carryOut({ type: 'checkIn', room: room('801') }, { signal }));
    expect(at.pbx.room('801')?.room.classOfService).toBe(2);
    await at.settle(at.link.carryOut({ type: 'checkOut', room: room('801') }, { signal }));
    expect(at.pbx.room('801')?.room.classOfService).toBe(6);
    await expect(
      at.link.carryOut({ type: 'messageLamp', room: room('801'), mode: 'on' }, { signal }),
    ).rejects.toMatchObject({ code: 'device.notSupported' });
    at.link.close();
  });

  it('hands on records that the parser of their format reads', async () => {
    const at = shenou();
    await outsideCall(at, '801');
    const { records } = createSmdrParser('shenou').push(at.records.map((one) => `${one}\n`).join(''));
    const [truth] = at.pbx.records().list;
    expect(records).toMatchObject([
      { direction: 'in', number: '13912345678', durationMs: (truth?.durationS ?? 0) * 1_000, doubts: [] },
    ]);
    at.link.close();
  });

  it.each([1, 2, 3])('a noisy line: an order that was said to be set is set (%d)', async (seed) => {
    const at = shenou(onLine(shenouFace(), { fault: noisy(randomOf(seed), 0.15) }));
    let set = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const classOfService = 1 + (turn % 6);
      const outcome = await at.settle(
        at.link.setClass('801', classOfService).then(
          () => 'set' as const,
          (error: unknown) => error,
        ),
      );
      if (outcome !== 'set') {
        expect(outcome).toMatchObject({ code: 'driver.timeout' });
        continue;
      }
      set += 1;
      expect(at.pbx.room('801')?.room.classOfService).toBe(classOfService);
    }
    expect(set).toBeGreaterThan(15);
    at.link.close();
  });

  it('answers what waits when the line goes, and leaves no timer', async () => {
    const at = shenou();
    const asked = [at.link.setClass('801', 1), at.link.setClass('802', 1)];
    at.host.destroy();
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'driver.linkLost' });
    await expect(at.link.setClass('801', 1)).rejects.toMatchObject({ code: 'driver.linkLost' });
    at.pbx.powerOff();
    await at.clock.tick(60_000);
    expect(at.clock.pendingTimers).toBe(0);
  });
});

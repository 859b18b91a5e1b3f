import { expect, it } from 'vitest';
import { startHotelBridge } from '../src/hotel/index.js';
import { callOf, stageOf } from './hotel/check-bridge.js';
import { type Fault, randomOf } from './kts/line.js';

/** Loses, doubles and cuts what is written, and flips a bit: what an LRC can find. */
function bad(random: () => number, chance: number): Fault {
  return (bytes) => {
    if (random() >= chance) return bytes;
    const at = Math.floor(random() * bytes.length);
    const kind = Math.floor(random() * 4);
    if (kind === 0) return new Uint8Array();
    if (kind === 1) return Uint8Array.from([...bytes, ...bytes]);
    if (kind === 2) return bytes.filter((_, index) => index !== at);
    return bytes.map((byte, index) => (index === at ? byte ^ (1 << Math.floor(random() * 8)) : byte));
  };
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'books each call once and in order, and knows every guest, on a bad line, seed %i',
  async (seed) => {
    const random = randomOf(seed);
    let chance = 0;
    const on = await stageOf(startHotelBridge, {
      framing: 'serial',
      resync: 'never',
      fault: (bytes) => bad(random, chance)(bytes),
    });
    on.hotel.checkIn({ reservation: 'R1', name: 'Doe', room: '101' });
    await on.wait(5_000);
    chance = 0.08;
    for (let each = 1; each <= 40; each++) {
      await on.run.bridge.charge(callOf(each), `7.${each}`);
      on.hotel.checkIn({ reservation: `G${each}`, name: `Guest ${each}`, room: String(200 + each) });
      on.pbx.tell({ type: 'messageLamp', room: `main:extension:8${300 + each}` as never, mode: 'on' });
      await on.wait(20_000);
    }
    chance = 0;
    await on.wait(600_000);
    const { postings, reports, orders } = on.run.bridge.state.waiting;
    expect({ postings, reports, orders }).toEqual({ postings: 0, reports: 0, orders: 0 });
    expect(on.hotel.charges.map(({ amount }) => amount)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(new Set(on.hotel.reports.map((text) => text.slice(0, 8))).size).toBe(40);
    const wanted = [
      'checkIn 8101 Doe',
      ...Array.from({ length: 40 }, (_, at) => `checkIn 8${201 + at} Guest ${at + 1}`),
    ];
    expect(on.pbx.done).toEqual(wanted);
    await on.stop();
  },
);

import { expect } from 'vitest';
import type { TestHost } from '../host.js';
import { check } from './check.js';

type One = Readonly<Record<string, unknown>>;

function records(host: TestHost): One[] {
  return host.take('CDR').map(({ fields }) => fields.one);
}

/** A call on a line, answered at 801 after two seconds. */
function answered(host: TestHost, line = 1): { hangUp(): void } {
  const caller = host.sim.outside.call({ line, number: '13912345678' });
  host.run(2_000);
  host.sim.phone('801').answer();
  host.run(100);
  return { hangUp: () => caller?.hangUp() };
}

/** Writes so many records without anybody being called. */
function write(host: TestHost, count: number): void {
  for (let n = 0; n < count; n++) {
    const caller = host.sim.outside.call({ line: 1 });
    host.run(100);
    caller?.hangUp();
    host.run(2_500);
  }
}

/** Section 12 of the page. */
export const RECORDS = [
  check('a call that was not answered', ({ host, sim }) => {
    host.begin().take();
    const caller = sim.outside.call({ line: 2, number: '1' });
    host.run(7_500);
    caller?.hangUp();
    host.run(500);
    expect(records(host)).toMatchObject([
      { record: 1, line: 2, durationS: 0, ringS: 7, end: 'ABANDONED', dir: 'IN', part: 1, number: '1' },
    ]);
  }),

  check('a call out that is busy, unanswered, given up', ({ host, sim }) => {
    sim.outside.numbers.set('1', { does: 'busy' });
    sim.outside.numbers.set('2', { does: 'ring', ringFor: '10s' });
    sim.outside.numbers.set('3', { does: 'ring' });
    host.begin().take();
    for (const to of ['1', '2', '3']) {
      host.ask('CALL', { op: 'MAKE', ext: '801', to, account: '4711' });
      host.run(15_000);
      if (to === '3') host.ask('CALL', { op: 'HANGUP', ext: '801' });
      host.run(5_000);
    }
    const base = { ext: '801', durationS: 0, dir: 'OUT', account: '4711' };
    expect(records(host)).toMatchObject([
      { ...base, number: '1', end: 'BUSY' },
      { ...base, number: '2', end: 'NOANSWER', ringS: 10 },
      { ...base, number: '3', end: 'ABANDONED' },
    ]);
  }),

  check('hold counts as held, and ends nothing', ({ host, sim }) => {
    host.begin().take();
    const caller = answered(host);
    host.run(10_000);
    sim.phone('801').hold();
    host.run(7_000);
    sim.phone('801').retrieve();
    host.run(3_000);
    caller.hangUp();
    host.run(500);
    expect(records(host)).toMatchObject([{ durationS: 20, heldS: 7, ringS: 2, part: 1, ext: '801', end: 'NORMAL' }]);
  }),

  check('parts of a transferred call follow without a gap', ({ host, sim }) => {
    host.begin().take();
    const caller = answered(host);
    host.run(10_300);
    sim.phone('801').transfer('802');
    host.run(4_300);
    sim.phone('802').answer();
    host.run(20_900);
    sim.phone('802').park(1);
    host.run(5_000);
    sim.phone('803').unpark(1);
    host.run(10_000);
    caller.hangUp();
    host.run(500);
    const parts = records(host);
    expect(parts).toMatchObject([
      { ext: '801', part: 1, more: true, peer: '802', end: 'TRANSFERRED', heldS: 4 },
      { ext: '802', part: 2, more: true, peer: '803', from: '801', end: 'TRANSFERRED', heldS: 5, ringS: 4 },
      { ext: '803', part: 3, from: '802', end: 'NORMAL' },
    ]);
    expect(parts[2]).not.toHaveProperty('more');
    expect(new Set(parts.map(({ call }) => call)).size).toBe(1);
    for (const [n, part] of parts.slice(1).entries()) {
      const before = parts[n];
      expect(part.start).toBe(Number(before?.start) + Number(before?.durationS) * 1_000);
    }
  }),

  check('a transfer that comes back goes on in the same part', ({ host, sim }) => {
    host.begin().take();
    const caller = answered(host);
    sim.phone('801').transfer('802');
    host.run(32_000);
    sim.phone('801').answer();
    host.run(8_000);
    caller.hangUp();
    host.run(500);
    expect(records(host)).toMatchObject([{ ext: '801', part: 1, heldS: 32, durationS: 40, end: 'NORMAL' }]);
  }),

  check('a conference gives each extension a record', ({ host, sim }) => {
    host.begin().take();
    const caller = answered(host);
    sim.phone('801').conference('802');
    host.run(3_000);
    sim.phone('802').answer();
    host.run(5_000);
    sim.phone('801').hangUp();
    host.run(5_000);
    caller.hangUp();
    host.run(500);
    expect(records(host)).toMatchObject([
      { ext: '801', part: 1, more: true, durationS: 8, end: 'NORMAL' },
      { ext: '802', part: 2, durationS: 10, from: '801', end: 'NORMAL' },
    ]);
  }),

  check(
    'pulses and charges stand in the part in which they fell',
    ({ host, sim }) => {
      sim.outside.otherwise = { does: 'answer', ringFor: 1_000 };
      host.begin().take();
      host.ask('CALL', { op: 'MAKE', ext: '801', to: '5' });
      host.run(60_000);
      sim.phone('801').transfer('802');
      sim.phone('802').answer();
      host.run(60_000);
      sim.phone('802').hangUp();
      host.run(500);
      expect(records(host)).toMatchObject([
        { ext: '801', pulses: 3, charge: 45 },
        { ext: '802', pulses: 3, charge: 45 },
      ]);
    },
    { charging: { everyS: 20, price: 15 } },
  ),

  check('nothing before CDRACK, then from the number on', ({ host }) => {
    write(host, 3);
    host.hello();
    host.ask('SNAPGET');
    host.run(2_000);
    expect(records(host)).toEqual([]);
    host.send('CDRACK', { store: host.sim.pbx.memory.store, record: 1 });
    host.run(2_000);
    expect(records(host).map(({ record }) => record)).toEqual([2, 3]);
    expect(host.sim.pbx.records().list.map(({ record }) => record)).toEqual([2, 3]);
  }),

  check('no more than 32 beyond the last CDRACK, none forgotten before', ({ host }) => {
    write(host, 40);
    host.hello();
    const { store } = host.sim.pbx.memory;
    host.send('CDRACK', { store, record: 0 });
    host.run(10_000);
    expect(records(host).map(({ record }) => record)).toEqual(Array.from({ length: 32 }, (_, n) => n + 1));
    expect(host.sim.pbx.records().first).toBe(1);
    host.send('CDRACK', { store, record: 5 });
    host.run(3_000);
    expect(records(host).map(({ record }) => record)).toEqual([33, 34, 35, 36, 37]);
    expect(host.sim.pbx.records().first).toBe(6);
    // Inside a session nothing is sent twice; the next one begins again.
    host.hello(9);
    host.send('CDRACK', { store, record: 36 });
    host.run(3_000);
    expect(records(host).map(({ record }) => record)).toEqual([37, 38, 39, 40]);
  }),

  check('BADSTORE for another store and for a number that was not sent', ({ host }) => {
    write(host, 2);
    host.hello();
    const { store } = host.sim.pbx.memory;
    host.send('CDRACK', { store: store - 1, record: 2 });
    host.send('CDRACK', { store, record: 0 });
    host.send('CDRACK', { store, record: 9 });
    host.run(2_000);
    expect(host.got.filter(({ word }) => word === 'ERROR').map(({ fields }) => fields.one.code)).toEqual([
      'BADSTORE',
      'BADSTORE',
    ]);
    expect(records(host).map(({ record }) => record)).toEqual([1, 2]);
    expect(host.sim.pbx.records().first).toBe(1);
  }),

  check(
    'a full memory writes over the oldest and says so',
    ({ host }) => {
      write(host, 6);
      host.hello();
      const welcome = host.got.findLast(({ word }) => word === 'WELCOME')?.fields.one;
      expect(welcome).toMatchObject({ first: 3, next: 7 });
      host.take();
      host.send('CDRACK', { store: host.sim.pbx.memory.store, record: 2 });
      host.run(2_000);
      write(host, 1);
      const told = host.take('CDR', 'CDRLOST').map(({ word, fields }) => [word, fields.one.record ?? fields.one.first]);
      expect(told.slice(0, 4)).toEqual([
        ['CDR', 3],
        ['CDR', 4],
        ['CDR', 5],
        ['CDR', 6],
      ]);
      expect(told).toContainEqual(['CDRLOST', 4]);
      expect(told).toContainEqual(['CDR', 7]);
    },
    { recordRoom: 4 },
  ),

  check('a loss of power cuts the calls that run, and skips or repeats no number', ({ host, sim }) => {
    host.begin().take();
    answered(host);
    sim.phone('801').transfer('802');
    host.run(1_000);
    sim.phone('802').answer();
    host.run(150_000);
    sim.losePower(10_000);
    host.run(11_000);
    host.hello(8);
    expect(host.got.findLast(({ word }) => word === 'WELCOME')?.fields.one).toMatchObject({
      first: 1,
      next: 3,
      boot: 2,
    });
    host.send('CDRACK', { store: sim.pbx.memory.store, record: 0 });
    host.run(2_000);
    const [first, second] = records(host).slice(-2);
    expect(first).toMatchObject({ record: 1, ext: '801', end: 'TRANSFERRED', part: 1, more: true });
    expect(second).toMatchObject({ record: 2, ext: '802', end: 'CUT', part: 2, estimated: true, from: '801' });
    expect(Number(second?.durationS)).toBeGreaterThanOrEqual(90);
    expect(Number(second?.durationS)).toBeLessThanOrEqual(150);
    // The line is the exchange's again.
    expect(sim.pbx.lines().every(({ state }) => state === 'idle')).toBe(true);
  }),

  check('the clock is set in a call: its duration stays true', ({ host, sim }) => {
    host.begin().take();
    const caller = answered(host);
    host.run(10_000);
    host.ask('TIMESET', { at: Date.UTC(2030, 0, 1) });
    host.run(9_000);
    caller.hangUp();
    host.run(500);
    const [record] = records(host);
    expect(Number(record?.durationS)).toBeGreaterThanOrEqual(19);
    expect(Number(record?.durationS)).toBeLessThanOrEqual(20);
    void sim;
  }),
];

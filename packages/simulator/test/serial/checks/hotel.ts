import { expect } from 'vitest';
import type { TestHost } from '../host.js';
import { check } from './check.js';

function hotel(host: TestHost, one: Parameters<TestHost['ask']>[1]): unknown {
  const code = host.ask('HOTEL', one)?.fields.one.code;
  host.run(100);
  return code;
}
function rooms(host: TestHost): unknown[] {
  return host.take('ROOM').map(({ fields: { one } }) => [one.hotelOp, one.ext, one.outcome ?? one.status ?? one.on]);
}

/** Section 14 of the page. The bench begins at 09:30. */
export const HOTEL = [
  check('check-in, class, check-out', ({ host, sim }) => {
    host.begin();
    expect(hotel(host, { hotelOp: 'CHECKIN', ext: '801', cls: 3, name: '张三' })).toBe('OK');
    expect(hotel(host, { hotelOp: 'CHECKIN', ext: '801' })).toBe('WRONGSTATE');
    expect(sim.pbx.room('801')?.room).toMatchObject({ occupied: true, name: '张三' });
    expect(sim.pbx.extension('801')?.classOfService).toBe(3);
    expect(hotel(host, { hotelOp: 'CLASS', ext: '801', cls: 7 })).toBe('RANGE');
    expect(hotel(host, { hotelOp: 'LAMP', ext: '801', on: true })).toBe('OK');
    expect(hotel(host, { hotelOp: 'DND', ext: '801', on: true })).toBe('OK');
    expect(hotel(host, { hotelOp: 'WAKE', ext: '801', at: Date.UTC(2026, 10, 23, 6, 30) })).toBe('OK');
    host.take();
    expect(hotel(host, { hotelOp: 'CHECKOUT', ext: '801' })).toBe('OK');
    expect(host.take('EXT').at(-1)?.fields.one).toEqual({
      ext: '801',
      extState: 'IDLE',
      cls: 6,
      at: expect.any(Number) as number,
    });
    expect(sim.pbx.room('801')).toMatchObject({ room: { occupied: false }, lamp: false });
    expect(sim.pbx.room('801')).not.toHaveProperty('wake');
    expect(hotel(host, { hotelOp: 'CHECKIN', ext: '801' })).toBe('OK');
    expect(sim.pbx.extension('801')?.classOfService).toBe(1);
    expect(hotel(host, { hotelOp: 'CHECKIN', ext: '899' })).toBe('NODEVICE');
    expect(hotel(host, { hotelOp: 'ROOM', ext: '801', status: 7 })).toBe('RANGE');
  }),

  check('a move takes all of the room along', ({ host, sim }) => {
    host.begin();
    hotel(host, { hotelOp: 'CHECKIN', ext: '801', cls: 2, name: 'Anna' });
    hotel(host, { hotelOp: 'LAMP', ext: '801', on: true });
    expect(hotel(host, { hotelOp: 'MOVE', ext: '801', to: '805' })).toBe('OK');
    expect(sim.pbx.room('805')).toMatchObject({ room: { occupied: true, name: 'Anna' }, lamp: true });
    expect(sim.pbx.extension('801')?.classOfService).toBe(6);
    expect(hotel(host, { hotelOp: 'MOVE', ext: '801', to: '805' })).toBe('WRONGSTATE');
  }),

  check('a wake-up call rings and is answered, or not, or is busy', ({ host, sim }) => {
    host.begin().take();
    const at = Date.UTC(2026, 10, 22, 10, 0);
    for (const ext of ['801', '802', '803']) hotel(host, { hotelOp: 'WAKE', ext, at });
    host.run(25 * 60_000);
    sim.phone('803').lift();
    sim.phone('803').dial('9123456789#');
    sim.outside.otherwise = { does: 'answer' };
    host.run(4 * 60_000);
    expect(rooms(host)).toEqual([]);
    host.run(70_000);
    expect(host.states()).toContain('EXT 801 RING');
    sim.phone('801').answer();
    host.run(100);
    expect(rooms(host)).toEqual([['WAKE', '801', 'ANSWERED']]);
    sim.phone('801').hangUp();
    host.run(60_000);
    expect(rooms(host)).toEqual([['WAKE', '802', 'NOANSWER']]);
    host.run(120_000);
    expect(rooms(host)).toEqual([['WAKE', '803', 'BUSY']]);
    hotel(host, { hotelOp: 'WAKE', ext: '804', at: Date.UTC(2026, 10, 22, 11, 0) });
    host.ask('TIMESET', { at: Date.UTC(2026, 10, 22, 10, 59, 50) });
    host.run(15_000);
    sim.phone('804').reject();
    host.run(500);
    expect(rooms(host)).toEqual([['WAKE', '804', 'ANSWERED']]);
    expect(sim.pbx.extension('801')?.state).toBe('idle');
  }),

  check('a daily wake-up call, by the alarm clock of the parameters too', ({ host, sim }) => {
    host.begin();
    host.ask('LOGIN', { password: '1967590' });
    host.ask('SET', { item: 4, index: 802, field: 1, valueType: 'HHMM' }, { values: [Uint8Array.of(7, 15)] });
    host.ask('SET', { item: 4, index: 802, field: 2, valueType: 'FLAG' }, { values: [Uint8Array.of(1)] });
    const rang: string[] = [];
    sim.pbx.subscribe((news) => {
      if (news.type !== 'extension' || news.status.state !== 'ringing') return;
      rang.push(new Date(sim.pbx.now()).toISOString().slice(5, 16));
    });
    for (const day of [23, 24, 25]) {
      host.ask('TIMESET', { at: Date.UTC(2026, 10, day, 7, 14, 30) });
      host.run(100_000);
    }
    expect(rang).toEqual(['11-23T07:15', '11-24T07:15', '11-25T07:15']);
    expect(hotel(host.hello(5), { hotelOp: 'WAKECLEAR', ext: '802' })).toBe('OK');
    host.ask('TIMESET', { at: Date.UTC(2026, 10, 26, 7, 14, 30) });
    host.run(100_000);
    expect(rang).toHaveLength(3);
  }),

  check('what happens at the telephone is told', ({ host, sim }) => {
    host.begin().take();
    sim.phone('801').dnd('on');
    sim.phone('801').roomStatus(3);
    sim.phone('802').leaveMessage('801');
    host.run(500);
    expect(rooms(host)).toEqual([
      ['DND', '801', true],
      ['ROOM', '801', 3],
      ['LAMP', '801', true],
    ]);
  }),

  check('day and night by the clock', ({ host, sim }) => {
    const { parameters } = sim.pbx;
    parameters.set({ item: 17, index: 0, field: 2 }, 8 * 60);
    parameters.set({ item: 17, index: 0, field: 3 }, 18 * 60);
    parameters.set({ item: 17, index: 0, field: 1 }, 2);
    parameters.set({ item: 2, index: 804, field: 2 }, 5);
    host.begin().take();
    expect(sim.pbx.extension('804')?.classOfService).toBe(1);
    host.ask('TIMESET', { at: Date.UTC(2026, 10, 22, 17, 59, 30) });
    host.run(60_000);
    expect(host.take('EXT').map(({ fields: { one } }) => [one.ext, one.cls])).toContainEqual(['804', 5]);
    host.ask('TIMESET', { at: Date.UTC(2026, 10, 23, 12, 0) });
    expect(sim.pbx.extension('804')?.classOfService).toBe(1);
  }),
];

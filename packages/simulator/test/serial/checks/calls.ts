import { expect } from 'vitest';
import type { TestHost } from '../host.js';
import { check } from './check.js';

function code(host: TestHost, one: Parameters<TestHost['ask']>[1]): unknown {
  const answer = host.ask('CALL', one);
  host.run(50);
  return answer?.fields.one.code;
}

function states(host: TestHost, ms: number): string[] {
  host.run(ms);
  return host.states();
}

/** Sections 10 and 11 of the page. */
export const CALLS = [
  check('the answer comes before what follows from it', ({ sim, host }) => {
    host.begin().take();
    sim.outside.call({ line: 2 });
    host.run(1_000).take();
    host.send('CALL', { ref: 50, op: 'ANSWER', ext: '801' });
    host.run(1_000);
    expect(host.take().map(({ word }) => word)).toEqual(['ACK', 'CALLED', 'LINE', 'EXT']);
  }),

  check('a snapshot lists what is idle and tells what is not', ({ sim, host }) => {
    sim.phone('805').dnd('on');
    sim.pbx.setLineService(4, 'out');
    sim.outside.call({ line: 1, number: '123' });
    host.hello();
    sim.phone('801').answer();
    sim.phone('801').park(2);
    host.run(100).take();
    const snap = host.ask('SNAPGET');
    host.run(2_000);
    expect(snap?.fields.many.idleExt).toEqual(['801', '802', '803', '804', '806', '807', '808']);
    expect(snap?.fields.many.idleLine).toEqual([2, 3]);
    const told = host.take('LINE', 'EXT', 'PARK', 'SNAPEND');
    expect(told.map(({ fields: { one } }) => one.epoch)).toEqual(told.map(() => snap?.fields.one.epoch));
    expect(told.map(({ word }) => word)).toEqual(['LINE', 'LINE', 'EXT', 'PARK', 'SNAPEND']);
  }),

  check('no state before SNAPGET', ({ sim, host }) => {
    host.hello().take();
    sim.outside.call();
    host.run(2_000);
    expect(host.take()).toEqual([]);
  }),

  check('a call out: seized, dialled, rings, answered, ended', ({ host, sim }) => {
    host.begin().take();
    expect(code(host, { op: 'MAKE', ext: '801', to: '13912345678', line: 2 })).toBe('OK');
    expect(states(host, 10_000)).toEqual([
      'EXT 801 OFFHOOK',
      'LINE 2 SEIZED',
      'LINE 2 DIAL',
      'EXT 801 DIAL',
      'LINE 2 RINGBACK',
      'EXT 801 RINGBACK',
      'LINE 2 TALK',
      'EXT 801 TALK',
    ]);
    expect(code(host, { op: 'DIGITS', ext: '801', to: '12#' })).toBe('OK');
    expect(code(host, { op: 'FLASH', ext: '801' })).toBe('OK');
    expect(sim.outside.heard.map(({ key }) => key).join('')).toBe('12#');
    expect(sim.outside.flashes).toEqual([{ line: 2, forMs: 600 }]);
    expect(code(host, { op: 'HANGUP', ext: '801' })).toBe('OK');
    expect(states(host, 5_000)).toEqual(['EXT 801 IDLE NORMAL', 'LINE 2 WRAP NORMAL', 'LINE 2 IDLE']);
  }),

  check('a busy number and one that nobody answers', ({ host, sim }) => {
    host.begin().take();
    sim.outside.numbers.set('1', { does: 'busy' });
    sim.outside.numbers.set('2', { does: 'ring', ringFor: '20s' });
    code(host, { op: 'MAKE', ext: '801', to: '1' });
    expect(states(host, 15_000).slice(-5)).toEqual([
      'LINE 1 BUSY',
      'EXT 801 BUSY',
      'EXT 801 IDLE BUSY',
      'LINE 1 WRAP BUSY',
      'LINE 1 IDLE',
    ]);
    code(host, { op: 'MAKE', ext: '801', to: '2' });
    expect(states(host, 40_000).slice(-3)).toEqual(['LINE 1 WRAP NOANSWER', 'EXT 801 IDLE NOANSWER', 'LINE 1 IDLE']);
  }),

  check('a line that does not tell an answer is taken for answered after its delay', ({ host, sim }) => {
    sim.pbx.parameters.set({ item: 26, index: 1, field: 1 }, 0);
    sim.outside.otherwise = { does: 'ring' };
    host.begin().take();
    code(host, { op: 'MAKE', ext: '801', to: '12345' });
    expect(states(host, 10_000).slice(-4)).toEqual(['LINE 1 DIAL', 'EXT 801 DIAL', 'LINE 1 TALK', 'EXT 801 TALK']);
  }),

  check('an inside call', ({ host, sim }) => {
    host.begin().take();
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    expect(states(host, 1_500)).toEqual(['EXT 801 OFFHOOK', 'EXT 801 DIAL', 'EXT 802 RING', 'EXT 801 RINGBACK']);
    sim.phone('802').answer();
    host.run(500);
    const talk = host.take('EXT').map(({ fields: { one } }) => [one.ext, one.extState, one.peer, one.dir]);
    expect(talk).toEqual([
      ['801', 'INTALK', '802', 'INTERNAL'],
      ['802', 'INTALK', '801', 'INTERNAL'],
    ]);
    sim.phone('802').hangUp();
    expect(states(host, 500)).toEqual(['EXT 802 IDLE NORMAL', 'EXT 801 IDLE NORMAL']);
  }),

  check('an inside call to a busy one, a silent one, one who wants no calls', ({ host, sim }) => {
    host.begin().take();
    sim.phone('803').dnd('on');
    sim.phone('802').lift();
    host.run(500).take();
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    expect(states(host, 10_000).at(-1)).toBe('EXT 801 IDLE BUSY');
    code(host, { op: 'MAKE', ext: '801', to: '803' });
    expect(states(host, 10_000).at(-1)).toBe('EXT 801 IDLE BUSY');
    code(host, { op: 'MAKE', ext: '801', to: '804' });
    expect(states(host, 40_000).slice(-2)).toEqual(['EXT 804 IDLE NOANSWER', 'EXT 801 IDLE NOANSWER']);
  }),

  check('hold and retrieve', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    host.run(500).take();
    expect(code(host, { op: 'HOLD', ext: '801' })).toBe('OK');
    expect(states(host, 500)).toEqual(['LINE 1 HELD', 'EXT 801 HOLD']);
    expect(code(host, { op: 'HOLD', ext: '801' })).toBe('WRONGSTATE');
    expect(code(host, { op: 'RETRIEVE', ext: '801', line: 1 })).toBe('OK');
    expect(states(host, 500)).toEqual(['LINE 1 TALK', 'EXT 801 TALK']);
    expect(code(host, { op: 'RETRIEVE', ext: '801', line: 9 })).toBe('NODEVICE');
  }),

  check('consultation, joined: the call with the line keeps its id', ({ host, sim }) => {
    host.begin();
    const caller = sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'HOLD', ext: '801' });
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    host.run(2_000);
    sim.phone('802').answer();
    host.run(1_000).take();
    expect(code(host, { op: 'TRANSFER', ext: '801' })).toBe('OK');
    host.run(500);
    const after = host
      .take('LINE', 'EXT')
      .map(({ fields: { one } }) => [one.ext ?? one.line, one.extState ?? one.lineState, one.call, one.end]);
    expect(after).toContainEqual(['801', 'IDLE', undefined, 'TRANSFERRED']);
    expect(after).toContainEqual(['802', 'TALK', caller?.call, undefined]);
    expect(after).toContainEqual([1, 'TALK', caller?.call, undefined]);
    expect(after).toHaveLength(3);
  }),

  check('consultation, given back', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'HOLD', ext: '801' });
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    host.run(2_000);
    sim.phone('802').answer();
    host.run(1_000).take();
    code(host, { op: 'HANGUP', ext: '801' });
    expect(states(host, 500)).toEqual(['EXT 801 HOLD NORMAL', 'EXT 802 BUSY']);
    sim.phone('802').hangUp();
    code(host, { op: 'RETRIEVE', ext: '801' });
    expect(states(host, 500)).toEqual(['EXT 802 IDLE NORMAL', 'LINE 1 TALK', 'EXT 801 TALK']);
  }),

  check('transfer at once, unanswered, comes back and goes on', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    host.run(500).take();
    expect(code(host, { op: 'TRANSFER', ext: '801', to: '803' })).toBe('OK');
    expect(states(host, 500)).toEqual(['EXT 801 IDLE TRANSFERRED', 'EXT 803 RING', 'LINE 1 HELD']);
    expect(states(host, 31_000)).toEqual(['EXT 803 IDLE NOANSWER', 'EXT 801 RING']);
    code(host, { op: 'ANSWER', ext: '801' });
    expect(states(host, 500)).toEqual(['LINE 1 TALK', 'EXT 801 TALK']);
  }),

  check('transfer at once, answered', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'TRANSFER', ext: '801', to: '803' });
    host.run(500).take();
    sim.phone('803').answer();
    expect(states(host, 500)).toEqual(['LINE 1 TALK', 'EXT 803 TALK']);
    sim.phone('804').lift();
    host.run(500).take();
    expect(code(host, { op: 'TRANSFER', ext: '803', to: '804' })).toBe('BUSY');
    expect(code(host, { op: 'TRANSFER', ext: '803', to: '899' })).toBe('NODEVICE');
  }),

  check('conference of two inside and one outside, down to two', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'HOLD', ext: '801' });
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    host.run(2_000);
    sim.phone('802').answer();
    host.run(1_000).take();
    expect(code(host, { op: 'CONF', ext: '801' })).toBe('OK');
    expect(states(host, 500).sort()).toEqual(['EXT 801 CONF', 'EXT 802 CONF', 'LINE 1 CONF']);
    expect(code(host, { op: 'CONF', ext: '801', to: '803' })).toBe('OK');
    host.run(500);
    sim.phone('803').answer();
    host.run(500).take();
    expect(code(host, { op: 'HANGUP', ext: '801' })).toBe('OK');
    // The others are in a conference as before.
    expect(states(host, 500)).toEqual(['EXT 801 IDLE NORMAL']);
    sim.phone('802').hangUp();
    expect(states(host, 500).sort()).toEqual(['EXT 802 IDLE NORMAL', 'EXT 803 TALK', 'LINE 1 TALK']);
  }),

  check(
    'a conference calls a number in, and has an end of its size',
    ({ host, sim }) => {
      host.begin();
      sim.outside.call({ line: 1 });
      host.run(500);
      code(host, { op: 'ANSWER', ext: '801' });
      const called = host.ask('CALL', { op: 'CONF', ext: '801', to: '13912345678' });
      expect(called?.fields.one).toMatchObject({ code: 'OK', line: 2 });
      host.run(10_000);
      expect(host.states().slice(-3).sort()).toEqual(['EXT 801 CONF', 'LINE 1 CONF', 'LINE 2 CONF']);
      expect(code(host, { op: 'CONF', ext: '801', to: '802' })).toBe('TOOMANY');
    },
    { conferenceParties: 3 },
  ),

  check('six slots, taken, empty, out of range', ({ host, sim }) => {
    host.begin();
    for (let slot = 1; slot <= 3; slot++) {
      sim.outside.call({ line: slot });
      host.run(300);
      code(host, { op: 'ANSWER', ext: '801' });
      expect(host.ask('CALL', { op: 'PARK', ext: '801' })?.fields.one).toMatchObject({ code: 'OK', slot });
    }
    sim.outside.call({ line: 4 });
    host.run(300);
    code(host, { op: 'ANSWER', ext: '801' });
    expect(code(host, { op: 'PARK', ext: '801', slot: 2 })).toBe('SLOTTAKEN');
    expect(code(host, { op: 'PARK', ext: '801', slot: 7 })).toBe('RANGE');
    expect(code(host, { op: 'PARK', ext: '801', slot: 6 })).toBe('OK');
    expect(code(host, { op: 'PARK', ext: '801' })).toBe('WRONGSTATE');
    expect(code(host, { op: 'UNPARK', ext: '802', slot: 5 })).toBe('SLOTEMPTY');
    expect(code(host, { op: 'UNPARK', ext: '802', slot: 9 })).toBe('RANGE');
    host.take();
    for (const slot of [6, 1, 2, 3]) {
      expect(code(host, { op: 'UNPARK', ext: '802', slot })).toBe('OK');
      expect(states(host, 200)[0]).toBe(slot === 6 ? 'PARK 6 FREE' : `LINE ${[4, 1, 2][slot - 1]} HELD`);
    }
  }),

  check('a parked call comes back to who parked it', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'PARK', ext: '801', slot: 1 });
    host.run(119_000).take();
    expect(states(host, 2_000)).toEqual(['EXT 801 RING']);
    sim.phone('801').answer();
    expect(states(host, 500)).toEqual(['PARK 1 FREE', 'LINE 1 TALK', 'EXT 801 TALK']);
  }),

  check('pick-up, of one and of the group', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500).take();
    expect(code(host, { op: 'PICKUP', ext: '803', to: '802' })).toBe('WRONGSTATE');
    expect(code(host, { op: 'PICKUP', ext: '803', to: '801' })).toBe('OK');
    expect(states(host, 500)).toEqual(['EXT 801 IDLE', 'EXT 803 TALK', 'LINE 1 TALK']);
    sim.outside.call({ line: 2 });
    host.run(500).take();
    expect(code(host, { op: 'PICKUP', ext: '804' })).toBe('OK');
    expect(code(host, { op: 'PICKUP', ext: '805' })).toBe('WRONGSTATE');
  }),

  check('paging: a zone once', ({ host }) => {
    host.begin().take();
    expect(code(host, { op: 'PAGE', ext: '801', to: '3' })).toBe('OK');
    expect(states(host, 500)).toEqual(['EXT 801 INTALK']);
    expect(code(host, { op: 'PAGE', ext: '802', to: '3' })).toBe('BUSY');
    expect(code(host, { op: 'PAGE', ext: '802', to: '0' })).toBe('BUSY');
    expect(code(host, { op: 'PAGE', ext: '802', to: '4' })).toBe('OK');
    expect(code(host, { op: 'HANGUP', ext: '801' })).toBe('OK');
    expect(states(host, 500)).toContain('EXT 801 IDLE NORMAL');
  }),

  check('class of service bars, emergency numbers never', ({ host, sim }) => {
    sim.pbx.parameters.set({ item: 2, index: 801, field: 1 }, 3);
    sim.pbx.parameters.set({ item: 24, index: 51, field: 1 }, '00');
    sim.pbx.parameters.set({ item: 2, index: 802, field: 1 }, 6);
    host.begin();
    expect(code(host, { op: 'MAKE', ext: '801', to: '0086' })).toBe('BARRED');
    expect(code(host, { op: 'MAKE', ext: '801', to: '010' })).toBe('OK');
    expect(code(host, { op: 'MAKE', ext: '802', to: '123' })).toBe('BARRED');
    expect(code(host, { op: 'MAKE', ext: '802', to: '110' })).toBe('OK');
    sim.pbx.parameters.set({ item: 7, index: 803, field: 1 }, Uint8Array.of(0b1000));
    expect(code(host, { op: 'MAKE', ext: '803', to: '5', line: 3 })).toBe('BARRED');
    expect(host.ask('CALL', { op: 'MAKE', ext: '803', to: '5' })?.fields.one).toMatchObject({ code: 'OK', line: 4 });
    expect(code(host, { op: 'MAKE', ext: '804', to: '5', line: 4 })).toBe('NOLINE');
    expect(code(host, { op: 'MAKE', ext: '899', to: '5' })).toBe('NODEVICE');
    expect(code(host, { op: 'MAKE', ext: '801', to: '5' })).toBe('WRONGSTATE');
  }),

  check('redial', ({ host }) => {
    host.begin();
    expect(code(host, { op: 'REDIAL', ext: '801' })).toBe('NODEVICE');
    code(host, { op: 'MAKE', ext: '801', to: '12345' });
    host.run(5_000);
    code(host, { op: 'HANGUP', ext: '801' });
    host.run(5_000).take();
    code(host, { op: 'REDIAL', ext: '801' });
    host.run(3_000);
    expect(host.take('LINE').at(-1)?.fields.one).toMatchObject({ number: '12345' });
  }),

  check('a telephone without loudspeaker rings for its own call', ({ host, sim }) => {
    sim.phone('801').setKind('plain');
    host.begin().take();
    code(host, { op: 'MAKE', ext: '801', to: '802' });
    expect(states(host, 1_000)).toEqual(['EXT 801 RING']);
    sim.phone('801').lift();
    expect(states(host, 1_000)).toEqual(['EXT 801 OFFHOOK', 'EXT 801 DIAL', 'EXT 802 RING', 'EXT 801 RINGBACK']);
  }),

  check('dialling by hand: digits are told, a line is taken by its digit', ({ host, sim }) => {
    host.begin().take();
    sim.phone('802').dial('913912345678');
    host.run(12_000);
    expect(
      host.got
        .filter(({ word }) => word === 'DIGITS')
        .map(({ fields }) => fields.one.digits)
        .join(''),
    ).toBe('913912345678');
    expect(host.states()).toEqual([
      'EXT 802 OFFHOOK',
      'LINE 1 SEIZED',
      'EXT 802 OFFHOOK',
      'LINE 1 DIAL',
      'EXT 802 DIAL',
      'LINE 1 RINGBACK',
      'EXT 802 RINGBACK',
      'LINE 1 TALK',
      'EXT 802 TALK',
    ]);
  }),

  check('left off-hook: dial tone, then the howler', ({ host, sim }) => {
    host.begin().take();
    sim.phone('802').lift();
    expect(states(host, 20_000)).toEqual(['EXT 802 OFFHOOK', 'EXT 802 HOWL']);
    sim.phone('802').hangUp();
    expect(states(host, 500)).toEqual(['EXT 802 IDLE NORMAL']);
  }),

  check('ring assignment, delayed, by night, in turn, queued', ({ host, sim }) => {
    const { parameters } = sim.pbx;
    parameters.set({ item: 8, index: 1, field: 1 }, Uint8Array.of(0b0110));
    parameters.set({ item: 8, index: 1, field: 2 }, Uint8Array.of(0b1000));
    parameters.set({ item: 9, index: 1, field: 1 }, 5);
    host.begin().take();
    const first = sim.outside.call({ line: 1 });
    expect(states(host, 4_500)).toEqual(['LINE 1 RING']);
    expect(states(host, 1_000)).toEqual(['EXT 802 RING', 'EXT 803 RING']);
    first?.hangUp();
    expect(states(host, 3_000)).toEqual([
      'LINE 1 WRAP ABANDONED',
      'EXT 802 IDLE ABANDONED',
      'EXT 803 IDLE ABANDONED',
      'LINE 1 IDLE',
    ]);
    sim.pbx.setParameter({ item: 17, index: 0, field: 1 }, 1);
    const second = sim.outside.call({ line: 1 });
    expect(states(host, 1_000)).toEqual(['LINE 1 RING', 'EXT 804 RING']);
    second?.hangUp();
    sim.pbx.setParameter({ item: 17, index: 0, field: 1 }, 0);
    parameters.set({ item: 9, index: 1, field: 1 }, 0);
    parameters.set({ item: 15, index: 1, field: 1 }, Uint8Array.of(0b0110));
    parameters.set({ item: 15, index: 1, field: 2 }, 1);
    parameters.set({ item: 29, index: 1, field: 1 }, true);
    host.run(5_000).take();
    const third = sim.outside.call({ line: 1 });
    expect(states(host, 1_000)).toEqual(['LINE 1 RING', 'EXT 802 RING']);
    expect(states(host, 12_000)).toEqual(['EXT 802 IDLE NOANSWER', 'EXT 803 RING']);
    third?.hangUp();
  }),

  check('direct inward dialling, attendant, withheld number', ({ host, sim }) => {
    const { parameters } = sim.pbx;
    parameters.set({ item: 23, index: 1, field: 1 }, '8005');
    parameters.set({ item: 23, index: 1, field: 2 }, '805');
    parameters.set({ item: 12, index: 2, field: 1 }, 1);
    parameters.set({ item: 27, index: 2, field: 1 }, '806');
    host.begin().take();
    sim.outside.call({ line: 1, dialled: '8005', presentation: 'withheld' });
    sim.outside.call({ line: 2, number: '1', nameBytes: Uint8Array.of(0xff, 0xfe), charset: 'unknown' });
    host.run(1_000);
    const ids = host.got.filter(({ word }) => word === 'CID').map(({ fields: { one } }) => one);
    expect(ids).toMatchObject([
      { line: 1, presentation: 'WITHHELD' },
      { line: 2, nameBytes: Uint8Array.of(0xff, 0xfe) },
    ]);
    expect(ids[0]).not.toHaveProperty('number');
    expect(ids[1]).not.toHaveProperty('name');
    expect(host.states()).toEqual(['LINE 1 RING', 'EXT 805 RING', 'LINE 2 RING', 'EXT 806 RING']);
  }),

  check('a call is forwarded', ({ host, sim }) => {
    host.begin();
    sim.phone('801').forward('804');
    host.run(500);
    expect(host.take('EXT')[0]?.fields.one).toMatchObject({ ext: '801', extState: 'IDLE', forward: '804' });
    sim.outside.call({ line: 1 });
    expect(states(host, 500)).toEqual(['LINE 1 RING', 'EXT 804 RING']);
  }),

  check('by DISA a caller dials an extension', ({ host, sim }) => {
    sim.pbx.parameters.set({ item: 12, index: 1, field: 1 }, 2);
    host.begin().take();
    const caller = sim.outside.call({ line: 1, number: '5' });
    caller?.onAnswered(() => sim.pbx.clock.setTimer(500, () => caller.press('802')));
    expect(states(host, 3_000)).toEqual(['LINE 1 RING', 'LINE 1 TALK', 'EXT 802 RING', 'LINE 1 HELD']);
    sim.phone('802').answer();
    expect(states(host, 500)).toEqual(['LINE 1 TALK', 'EXT 802 TALK']);
  }),

  check('outside to outside only where it is allowed', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 1 });
    host.run(500);
    code(host, { op: 'ANSWER', ext: '801' });
    code(host, { op: 'HOLD', ext: '801' });
    code(host, { op: 'MAKE', ext: '801', to: '12345' });
    host.run(10_000).take();
    expect(code(host, { op: 'TRANSFER', ext: '801' })).toBe('WRONGSTATE');
    sim.pbx.setParameter({ item: 19, index: 0, field: 1 }, true);
    host.take();
    expect(code(host, { op: 'TRANSFER', ext: '801' })).toBe('OK');
    expect(states(host, 500).sort()).toEqual(['EXT 801 IDLE TRANSFERRED', 'LINE 1 TALK', 'LINE 2 TALK']);
  }),
];

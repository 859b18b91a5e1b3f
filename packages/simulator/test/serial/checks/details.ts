import { expect } from 'vitest';
import type { TestHost } from '../host.js';
import { check } from './check.js';

function ask(host: TestHost, one: Parameters<TestHost['ask']>[1]): Record<string, unknown> {
  const answer = host.ask('CALL', one);
  host.run(50);
  return { ...answer?.fields.one };
}
const code = (host: TestHost, one: Parameters<TestHost['ask']>[1]): unknown => ask(host, one).code;
const refusals = (host: TestHost, requests: readonly (readonly [object, string])[]): void => {
  expect(requests.map(([one]) => code(host, one as never))).toEqual(requests.map(([, expected]) => expected));
};
const exts = (host: TestHost): unknown[][] =>
  host.take('EXT').map(({ fields: { one } }) => [one.ext, one.extState, one.end, one.call, one.peer, one.line]);

/** What the page says in passing. */
export const DETAILS = [
  check('what follows from SET and HOTEL is told behind their RESULT', ({ host }) => {
    host.begin();
    expect(host.ask('LOGIN', { password: '1967590' })?.fields.one.code).toBe('OK');
    const words = (word: string, one: object, many = {}): unknown[] => {
      host.take();
      host.ask(word, one as never, many);
      host.run(300);
      return host.take('RESULT', 'EXT', 'CHANGED').map((frame) => frame.word);
    };
    const dnd = { item: 10, index: 801, field: 1, valueType: 'FLAG' };
    expect(words('SET', dnd, { values: [Uint8Array.of(1), Uint8Array.of(1)] })).toEqual(['RESULT', 'EXT', 'EXT']);
    expect(words('HOTEL', { hotelOp: 'LAMP', ext: '803', on: true })).toEqual(['RESULT', 'EXT']);
  }),

  check('EXT is told for a change alone', ({ host }) => {
    host.begin();
    const after = (one: object): unknown[] => {
      host.take();
      expect(host.ask('HOTEL', one as never)?.fields.one.code).toBe('OK');
      host.run(300);
      return exts(host);
    };
    expect(after({ hotelOp: 'WAKE', ext: '801', at: Date.UTC(2026, 10, 23, 6, 30) })).toEqual([]);
    expect(after({ hotelOp: 'WAKECLEAR', ext: '801' })).toEqual([]);
    expect(after({ hotelOp: 'ROOM', ext: '801', status: 3 })).toEqual([]);
    expect(after({ hotelOp: 'DND', ext: '801', on: true })).toHaveLength(1);
    expect(after({ hotelOp: 'DND', ext: '801', on: true })).toEqual([]);
  }),

  check('a snapshot tells the callers again', ({ host, sim }) => {
    host.begin();
    sim.outside.call({ line: 2, number: '13912345678', name: '张三' });
    sim.outside.call({ line: 3 });
    host.run(2_000).take();
    host.ask('SNAPGET');
    host.run(2_000);
    const told = host.take('SNAP', 'LINE', 'CID', 'SNAPEND');
    expect(told.map(({ word }) => word)).toEqual(['SNAP', 'LINE', 'LINE', 'CID', 'CID', 'SNAPEND']);
    expect(
      told
        .slice(3, 5)
        .map(({ fields: { one } }) => [one.line, one.call, one.presentation, one.number, one.name, one.at]),
    ).toEqual([
      [2, 1, 'NUMBER', '13912345678', '张三', undefined],
      [3, 2, 'WITHHELD', undefined, undefined, undefined],
    ]);
  }),

  check('ref 0 is none', ({ host }) => {
    host.begin().take();
    host.send('TIMEGET', { ref: 0 });
    host.run(500);
    expect(host.take('TIME', 'RESULT', 'ERROR').map(({ word, fields }) => [word, fields.one.code])).toEqual([
      ['ERROR', 'BADFIELD'],
    ]);
  }),

  check('what is refused first: the service, the extension, its state, the fields, the rest', ({ host, sim }) => {
    host.begin();
    sim.phone('808').setService('out');
    refusals(host, [
      [{ op: 'MAKE', ext: '899', to: '' }, 'NODEVICE'],
      [{ op: 'MAKE', ext: '808', to: '' }, 'WRONGSTATE'],
      [{ op: 'MAKE', ext: '801', to: '' }, 'RANGE'],
      [{ op: 'MAKE', ext: '801' }, 'RANGE'],
      [{ op: 'MAKE', ext: '801', to: '801' }, 'WRONGSTATE'],
      [{ op: 'MAKE', ext: '801', to: '13900000000', line: 9 }, 'NODEVICE'],
      [{ op: 'DIGITS', ext: '801' }, 'RANGE'],
      [{ op: 'DIGITS', ext: '801', to: '1' }, 'WRONGSTATE'],
      [{ op: 'PARK', ext: '801', slot: 7 }, 'RANGE'],
      [{ op: 'PARK', ext: '801', slot: 6 }, 'WRONGSTATE'],
      [{ op: 'UNPARK', ext: '801' }, 'RANGE'],
      [{ op: 'UNPARK', ext: '801', slot: 1 }, 'SLOTEMPTY'],
      [{ op: 'PAGE', ext: '801', to: '12' }, 'RANGE'],
      [{ op: 'PICKUP', ext: '801', to: '899' }, 'NODEVICE'],
      [{ op: 'PICKUP', ext: '801', to: '802' }, 'WRONGSTATE'],
      [{ op: 'REDIAL', ext: '801' }, 'NODEVICE'],
      [{ op: 'CONF', ext: '801', to: '802' }, 'WRONGSTATE'],
      [{ op: 'CONF', ext: '801' }, 'WRONGSTATE'],
      [{ op: 'TRANSFER', ext: '801', to: '' }, 'WRONGSTATE'],
      [{ op: 'RETRIEVE', ext: '801', line: 9 }, 'NODEVICE'],
    ]);
    expect(code(host, { op: 'MAKE', ext: '801', to: '13900000000', line: 2 })).toBe('OK');
    host.run(8_000);
    refusals(host, [
      [{ op: 'MAKE', ext: '802', to: '13900000000', line: 2 }, 'NOLINE'],
      [{ op: 'TRANSFER', ext: '801', to: '801' }, 'WRONGSTATE'],
      [{ op: 'TRANSFER', ext: '801', to: '13900000001' }, 'NODEVICE'],
      [{ op: 'CONF', ext: '801', to: '808' }, 'BUSY'],
      [{ op: 'TRANSFER', ext: '801', to: '808' }, 'BUSY'],
      [{ op: 'HANGUP', ext: '801', call: 999 }, 'WRONGSTATE'],
    ]);
  }),

  check(
    'a service that the PBX lacks comes before all that is wrong with the request',
    ({ host }) => {
      host.begin();
      for (const op of ['CONF', 'PARK', 'UNPARK', 'PAGE', 'FLASH']) {
        expect([op, code(host, { op, ext: '899' })]).toEqual([op, 'UNSUPPORTED']);
      }
      const answers = [
        host.ask('HOTEL', { hotelOp: 'WAKE', ext: '899' }),
        host.ask('TIMEGET'),
        host.ask('LOGIN', { password: '1967590' }),
        host.ask('GET', { item: 17, index: 0, field: 1 }),
      ];
      expect(answers.map((answer) => answer?.fields.one.code)).toEqual(answers.map(() => 'UNSUPPORTED'));
      host.hello(9);
      const caps = host.got.findLast(({ word }) => word === 'WELCOME')?.fields.one.caps;
      expect(caps).toEqual(['STATE', 'CDR', 'CALL', 'CALLERID', 'DIGITS']);
    },
    { lacks: ['conference', 'park', 'page', 'flash', 'hotel', 'parameters', 'clock'] },
  ),

  check('while it holds: another call, and a HANGUP that ends what is held', ({ host, sim }) => {
    host.begin();
    expect(code(host, { op: 'MAKE', ext: '801', to: '13900000000', line: 2 })).toBe('OK');
    host.run(8_000);
    expect(code(host, { op: 'HOLD', ext: '801' })).toBe('OK');
    const second = ask(host, { op: 'MAKE', ext: '801', to: '802' });
    expect(second.code).toBe('OK');
    host.run(2_000);
    sim.phone('802').answer();
    host.run(500).take();
    expect(code(host, { op: 'TRANSFER', ext: '801', call: 999 })).toBe('WRONGSTATE');
    expect(code(host, { op: 'HANGUP', ext: '801' })).toBe('OK');
    host.run(500);
    expect(exts(host).filter(([ext]) => ext === '801')).toEqual([['801', 'HOLD', 'NORMAL', 1, undefined, 2]]);
    expect(code(host, { op: 'HANGUP', ext: '801' })).toBe('OK');
    host.run(500);
    expect(exts(host).filter(([ext]) => ext === '801')).toEqual([
      ['801', 'IDLE', 'NORMAL', undefined, undefined, undefined],
    ]);
    expect(sim.pbx.lines()[1]).toMatchObject({ state: 'wrapUp' });
  }),

  check('a transfer that nobody takes rings at who gave it, in the same call and from nobody', ({ host, sim }) => {
    host.begin();
    const caller = sim.outside.call({ line: 2, number: '13912345678' });
    host.run(1_000);
    expect(code(host, { op: 'ANSWER', ext: '801' })).toBe('OK');
    expect(code(host, { op: 'HOLD', ext: '801' })).toBe('OK');
    host.run(500).take();
    expect(ask(host, { op: 'TRANSFER', ext: '801', to: '802' })).toMatchObject({ code: 'OK', call: 1 });
    host.run(500);
    expect(exts(host)).toEqual([
      ['801', 'IDLE', 'TRANSFERRED', undefined, undefined, undefined],
      ['802', 'RING', undefined, 1, '801', 2],
    ]);
    expect(code(host, { op: 'HANGUP', ext: '802' })).toBe('OK');
    host.run(25_000);
    expect(exts(host)).toEqual([['802', 'IDLE', 'REJECTED', undefined, undefined, undefined]]);
    host.run(6_000);
    expect(exts(host)).toEqual([['801', 'RING', undefined, 1, undefined, 2]]);
    expect(sim.pbx.lines()[1]).toMatchObject({ state: 'held', call: 1 });
    caller?.hangUp();
    host.run(3_000);
    expect(exts(host)).toEqual([['801', 'IDLE', 'NORMAL', undefined, undefined, undefined]]);
    const [cdr, ...more] = host.take('CDR');
    expect([more, cdr]).toEqual([[], undefined]);
    expect(sim.pbx.records().list).toMatchObject([{ ext: '801', part: 1, more: false, end: 'normal', heldS: 32 }]);
  }),

  check('a wake-up call is an inside call of nobody', ({ host, sim }) => {
    host.begin();
    host.ask('HOTEL', { hotelOp: 'WAKE', ext: '801', at: sim.pbx.now() + 3_000 });
    host.take();
    host.run(4_000);
    const [rings] = host.take('EXT');
    expect(rings?.fields.one).toMatchObject({ ext: '801', extState: 'RING', call: 1, dir: 'INTERNAL' });
    for (const field of ['peer', 'number', 'line']) expect(rings?.fields.one).not.toHaveProperty(field);
    expect(code(host, { op: 'PICKUP', ext: '802', to: '801' })).toBe('WRONGSTATE');
    sim.phone('801').answer();
    host.run(300);
    expect(exts(host)).toEqual([['801', 'INTALK', undefined, 1, undefined, undefined]]);
    sim.phone('801').hangUp();
    host.run(300);
    expect(exts(host)).toEqual([['801', 'IDLE', 'NORMAL', undefined, undefined, undefined]]);
  }),

  check('paging has a call of its own and no line', ({ host }) => {
    host.begin().take();
    expect(ask(host, { op: 'PAGE', ext: '801', to: '3' })).toMatchObject({ code: 'OK', call: 1 });
    host.run(200);
    const [paging] = host.take('EXT');
    expect(paging?.fields.one).toMatchObject({ extState: 'INTALK', call: 1, number: '3', dir: 'INTERNAL' });
    expect(paging?.fields.one).not.toHaveProperty('peer');
    refusals(host, [
      [{ op: 'PAGE', ext: '802', to: '0' }, 'BUSY'],
      [{ op: 'PAGE', ext: '801', to: '4' }, 'WRONGSTATE'],
      [{ op: 'PAGE', ext: '802', to: '4' }, 'OK'],
      [{ op: 'HANGUP', ext: '801' }, 'OK'],
    ]);
  }),

  check('the first CDRACK is refused from `next` on, and a lower one later means nothing', ({ host, sim }) => {
    host.hello().take();
    const { store } = sim.pbx.memory;
    const said = (record: number): unknown[] => {
      host.send('CDRACK', { store, record });
      host.run(500);
      return host.take('ERROR', 'CDR').map(({ word, fields }) => fields.one.code ?? word);
    };
    expect(said(1)).toEqual(['BADSTORE']);
    expect(said(0)).toEqual([]);
    sim.outside.call({ line: 1 })?.hangUp();
    host.run(500);
    expect(host.take('CDR')).toHaveLength(1);
    expect([said(1), said(0), said(2)]).toEqual([[], [], ['BADSTORE']]);
  }),

  check('answers and states go in front of call records that wait', ({ host, sim }) => {
    host.hello(7, 1);
    for (let n = 0; n < 20; n++) {
      sim.outside.call({ line: 1 })?.hangUp();
      host.run(2_500);
    }
    host.ask('SNAPGET');
    host.run(1_000).take();
    host.send('CDRACK', { store: sim.pbx.memory.store, record: 0 });
    host.send('TIMEGET', { ref: 900 });
    host.run(10_000);
    const words = host.take('CDR', 'TIME').map(({ word }) => word);
    expect(words).toHaveLength(21);
    expect(words.indexOf('TIME')).toBeLessThan(3);
  }),
];

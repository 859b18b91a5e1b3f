import { expect } from 'vitest';
import type { TestHost } from '../host.js';
import { check } from './check.js';

const hex = (...texts: string[]): Uint8Array[] => texts.map((text) => new Uint8Array(Buffer.from(text, 'hex')));
const LOGIN = { password: '1967590' };

function values(answer: ReturnType<TestHost['ask']>): string[] {
  return (answer?.fields.many.values ?? []).map((value) => Buffer.from(value as Uint8Array).toString('hex'));
}
function code(answer: ReturnType<TestHost['ask']>): unknown {
  return answer?.word === 'RESULT' ? answer.fields.one.code : answer?.word;
}

/** Sections 13 and 15 of the page. */
export const PARAMETERS = [
  check('values of many devices at once; one that is not there has no length', ({ host }) => {
    host.hello();
    const answer = host.ask('GET', { item: 2, index: 806, field: 1, count: 5 });
    expect(answer?.fields.one.valueType).toBe('UINT');
    expect(values(answer)).toEqual(['01', '01', '01', '', '']);
    expect(values(host.ask('GET', { item: 1, index: 1, field: 1, count: 2 }))).toEqual(['383031', '383032']);
    expect(values(host.ask('GET', { item: 31, index: 1, field: 1 }))).toEqual(['5802']);
    expect(values(host.ask('GET', { item: 17, index: 0, field: 2 }))).toEqual(['ffff']);
    expect(code(host.ask('GET', { item: 2, index: 899, field: 1 }))).toBe('NODEVICE');
    expect(code(host.ask('GET', { item: 2, index: 801, field: 3 }))).toBe('RANGE');
    expect(code(host.ask('GET', { item: 99, index: 1, field: 1 }))).toBe('RANGE');
  }),

  check('every item of the page is there', ({ host }) => {
    host.hello();
    host.ask('LOGIN', LOGIN);
    const index = (item: number): number => {
      if ([17, 18, 19].includes(item)) return 0;
      return [2, 3, 4, 5, 6, 7, 10, 11, 14].includes(item) ? 801 : 1;
    };
    for (let item = 1; item <= 31; item++) {
      expect(host.ask('GET', { item, index: index(item), field: 1 })?.word, `item ${item}`).toBe('VALUE');
    }
  }),

  check('SET takes or refuses each value by itself, and what is taken outlives the power', ({ host, sim }) => {
    host.hello();
    expect(code(host.ask('SET', { item: 2, index: 801, field: 1, valueType: 'UINT' }, { values: hex('03') }))).toBe(
      'DENIED',
    );
    expect(code(host.ask('LOGIN', LOGIN))).toBe('OK');
    const set = host.ask(
      'SET',
      { item: 2, index: 801, field: 1, valueType: 'UINT' },
      { values: hex('03', '09', '0400') },
    );
    expect(set?.fields.one.code).toBe('RANGE');
    expect(set?.fields.many.codes).toEqual(['OK', 'RANGE', 'OK']);
    expect(values(host.ask('GET', { item: 2, index: 801, field: 1, count: 3 }))).toEqual(['03', '01', '04']);
    const past = host.ask('SET', { item: 2, index: 808, field: 1, valueType: 'UINT' }, { values: hex('02', '02') });
    expect(past?.fields.many.codes).toEqual(['OK', 'NODEVICE']);
    expect(code(host.ask('SET', { item: 2, index: 801, field: 1, valueType: 'TEXT' }, { values: hex('31') }))).toBe(
      'BADFIELD',
    );
    sim.losePower();
    host.run(500);
    host.hello(9);
    expect(values(host.ask('GET', { item: 2, index: 801, field: 1 }))).toEqual(['03']);
    expect(code(host.ask('SET', { item: 2, index: 801, field: 1, valueType: 'UINT' }, { values: hex('01') }))).toBe(
      'DENIED',
    );
  }),

  check('every kind of value, there and back', ({ host }) => {
    host.hello();
    host.ask('LOGIN', LOGIN);
    const rows: [number, number, number, string, string][] = [
      [20, 200, 1, 'DIGITS', Buffer.from('0P13912345678').toString('hex')],
      [20, 1, 2, 'TEXT', Buffer.from('张三').toString('hex')],
      [10, 803, 1, 'FLAG', '01'],
      [17, 0, 2, 'HHMM', '081e'],
      [8, 2, 1, 'BYTES', '05'],
      [31, 4, 1, 'UINT', 'e803'],
      [18, 0, 1, 'DIGITS', Buffer.from('998877').toString('hex')],
    ];
    for (const [item, index, field, valueType, value] of rows) {
      expect(code(host.ask('SET', { item, index, field, valueType }, { values: hex(value) })), `item ${item}`).toBe(
        'OK',
      );
      expect(values(host.ask('GET', { item, index, field })), `item ${item}`).toEqual([value]);
    }
    const wrong: [number, number, number, string, string][] = [
      [31, 4, 1, 'UINT', '4f00'],
      [8, 2, 1, 'BYTES', '0001'],
      [17, 0, 2, 'HHMM', '1900'],
      [18, 0, 1, 'DIGITS', '3132'],
      [1, 1, 1, 'DIGITS', Buffer.from('802').toString('hex')],
      [1, 1, 1, 'DIGITS', Buffer.from('011').toString('hex')],
      [20, 201, 1, 'DIGITS', '31'],
      [30, 1, 1, 'UINT', '05'],
    ];
    const refusals = wrong.map(([item, index, field, valueType, value]) =>
      code(host.ask('SET', { item, index, field, valueType }, { values: hex(value) })),
    );
    expect(refusals).toEqual(['RANGE', 'RANGE', 'RANGE', 'RANGE', 'RANGE', 'RANGE', 'NODEVICE', 'RANGE']);
  }),

  check('secrets are read with the password only', ({ host }) => {
    host.hello();
    expect(code(host.ask('GET', { item: 18, index: 0, field: 1 }))).toBe('DENIED');
    expect(code(host.ask('GET', { item: 21, index: 1, field: 1 }))).toBe('DENIED');
    host.ask('LOGIN', LOGIN);
    expect(values(host.ask('GET', { item: 18, index: 0, field: 1 }))).toEqual([Buffer.from('1967590').toString('hex')]);
    host.ask('LOGOUT');
    expect(code(host.ask('GET', { item: 18, index: 0, field: 1 }))).toBe('DENIED');
  }),

  check('three wrong passwords lock for a minute, across sessions', ({ host }) => {
    host.hello();
    const tries = ['1', '2', '3', '1967590'].map((password) => code(host.ask('LOGIN', { password })));
    expect(tries).toEqual(['DENIED', 'DENIED', 'DENIED', 'LOCKED']);
    host.hello(8);
    expect(code(host.ask('LOGIN', LOGIN))).toBe('LOCKED');
    host.run(60_000);
    expect(code(host.ask('LOGIN', LOGIN))).toBe('OK');
  }),

  check('a wrong LOGIN ends the password session, and ten quiet minutes do', ({ host }) => {
    host.hello();
    host.ask('LOGIN', LOGIN);
    host.ask('LOGIN', { password: '0' });
    const set = (): unknown =>
      code(host.ask('SET', { item: 19, index: 0, field: 1, valueType: 'FLAG' }, { values: hex('01') }));
    expect(set()).toBe('DENIED');
    host.ask('LOGIN', LOGIN);
    host.run(590_000);
    expect(set()).toBe('OK');
    host.run(605_000);
    expect(set()).toBe('DENIED');
  }),

  check('CHANGED tells what was changed at a telephone, never what the host did', ({ host, sim }) => {
    host.begin();
    host.ask('LOGIN', LOGIN);
    host.ask('SET', { item: 10, index: 801, field: 1, valueType: 'FLAG' }, { values: hex('01') });
    host.run(500);
    expect(host.take('CHANGED')).toEqual([]);
    sim.phone('802').dnd('on');
    host.run(500);
    expect(host.take('CHANGED').map(({ fields }) => fields.one)).toMatchObject([{ item: 10, index: 802, field: 1 }]);
  }),

  check('64 long values come as far as a frame has room', ({ host }) => {
    host.hello();
    host.ask('LOGIN', LOGIN);
    const name = new Uint8Array(Buffer.alloc(32, 'n'));
    for (let n = 0; n < 4; n++) {
      const at = { item: 20, index: 1 + n * 16, field: 2, valueType: 'TEXT' };
      expect(code(host.ask('SET', at, { values: Array.from({ length: 16 }, () => name) }))).toBe('OK');
    }
    const got = values(host.ask('GET', { item: 20, index: 1, field: 2, count: 64 }));
    expect(got.length).toBeGreaterThan(20);
    expect(got.length).toBeLessThan(64);
    expect(new Set(got)).toEqual(new Set([Buffer.from(name).toString('hex')]));
  }),

  check(
    'the clock is set, told, and drifts',
    ({ host }) => {
      host.hello();
      const at = Date.UTC(2027, 2, 3, 4, 5, 6);
      expect(code(host.ask('TIMESET', { at }))).toBe('OK');
      host.run(3_600_000 * 2);
      const told = Number(host.ask('TIMEGET')?.fields.one.at);
      // Five hundred in a million of two hours are 3.6 s.
      expect(told - at - 7_200_000).toBeGreaterThanOrEqual(3_000);
      expect(told - at - 7_200_000).toBeLessThanOrEqual(7_000);
    },
    { clockDriftPpm: 500 },
  ),
];

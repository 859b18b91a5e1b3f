import { describe, expect, test } from 'vitest';
import type { IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf } from './caller.js';

const ends = (...results: string[]): Record<string, IvrNode> =>
  Object.fromEntries(results.map((result) => [result, { type: 'return', result }]));
const endOf = (caller: Caller): string | undefined => caller.did.at(-1)?.replace('end return ', '');

describe('mode', () => {
  const flow = graphOf({
    start: { type: 'mode', mode: 'desk', ways: { day: 'open', night: 'closed' }, otherwise: 'unset' },
    ...ends('open', 'closed', 'unset'),
  });
  test.each([
    [{ desk: 'day' }, 'open'],
    [{ desk: 'night' }, 'closed'],
    [{ desk: 'toString' }, 'unset'],
    [{ other: 'day' }, 'unset'],
    [undefined, 'unset'],
  ])('the switch set to %j', (modes, result) => {
    expect(endOf(new Caller(flow, modes === undefined ? {} : { modes }))).toBe(result);
  });
});

describe('list', () => {
  const flow = graphOf({
    start: {
      type: 'list',
      rules: [
        { list: 'black', goTo: 'refused' },
        { list: 'gone', goTo: 'refused' },
        { list: 'vip', goTo: 'first' },
      ],
      otherwise: 'usual',
    },
    ...ends('refused', 'first', 'usual'),
  });
  const of = (number: string, lists: Record<string, readonly string[]>): string | undefined =>
    endOf(new Caller(flow, { lists }).as(number));

  test.each([
    ['13912345678', ['13912345678']],
    ['13912345678', ['+86 139-1234-5678']],
    ['+8613912345678', ['013912345678']],
    ['01062345678', ['62345678']],
    ['62345678', ['+861062345678']],
    ['13912345678', ['139*']],
    ['13912345678', ['+86139*']],
    ['01062345678', ['+8610*']],
    ['01062345678', ['010*']],
    ['8001', ['8001']],
  ])('%s is in %j', (number, vip) => {
    expect(of(number, { vip })).toBe('first');
  });

  test.each([
    ['13912345679', ['13912345678']],
    ['13912345678', ['138*']],
    ['', ['*']],
    ['anonymous', ['anonymous', '*']],
    ['13912345678', []],
    ['8001', ['8002', '+868001']],
  ])('%s is not in %j', (number, vip) => {
    expect(of(number, { vip })).toBe('usual');
  });

  test('the first list that holds the number decides', () => {
    expect(of('13912345678', { vip: ['139*'], black: ['13912345678'] })).toBe('refused');
  });

  test('a long list is read once for all callers', () => {
    const black = Array.from({ length: 50_000 }, (_, index) => `139${String(index).padStart(8, '0')}`);
    of('13900000007', { black });
    const before = process.cpuUsage();
    for (let caller = 0; caller < 100; caller += 1) expect(of(`1391${caller}`, { black })).toBe('usual');
    const afterwards = process.cpuUsage(before).user;
    const fresh = process.cpuUsage();
    expect(of('13900000007', { black: [...black] })).toBe('refused');
    expect(afterwards).toBeLessThan(20 * process.cpuUsage(fresh).user + 20_000);
  });
});

describe('area', () => {
  const flow = graphOf({
    start: {
      type: 'area',
      rules: [
        { prefixes: ['+8610', '+8621'], goTo: 'near' },
        { prefixes: ['+86'], province: 'GD', carrier: 'CM', goTo: 'south' },
        { city: 'Wuhan', goTo: 'wuhan' },
        { prefixes: ['+1'], goTo: 'america' },
      ],
      otherwise: 'far',
    },
    ...ends('near', 'south', 'wuhan', 'america', 'far'),
  });
  const from = (number: string): Caller => new Caller(flow).as(number);

  test('what the number alone decides is not asked', () => {
    expect(endOf(from('01062345678'))).toBe('near');
    expect(endOf(from('8001'))).toBe('far');
    expect(endOf(from(''))).toBe('far');
  });

  test('where it belongs is asked of the host, for two seconds and once', () => {
    const caller = from('13912345678');
    expect(caller.did.slice(2)).toEqual(['ask area 2000x1', 'timer 7000']);
    expect(caller.asked).toMatchObject({
      key: 's1:main/start:1',
      question: { type: 'area', number: '+8613912345678' },
    });
  });

  test.each([
    [{ province: 'GD', carrier: 'CM' }, 'south'],
    [{ province: 'GD', carrier: 'CT' }, 'far'],
    [{ province: 'GD', carrier: 'CT', city: 'Wuhan' }, 'wuhan'],
    [{}, 'far'],
  ])('the first rule that fits %j', (values, result) => {
    expect(endOf(from('13912345678').isAnswered('known', values))).toBe(result);
  });

  test('a host that does not know, does not answer, or answers late leads otherwise', () => {
    expect(endOf(from('13912345678').isAnswered(undefined))).toBe('far');
    const caller = from('13912345678').waitsOut();
    expect(endOf(caller)).toBe('far');
    expect(caller.isAnswered('known', { city: 'Wuhan' }).did).toEqual([]);
  });
});

describe('hours of a zone', () => {
  const flow = graphOf({
    start: {
      type: 'hours',
      zone: 'America/New_York',
      rules: [{ weekdays: [7], from: '21:00', to: '22:00', goTo: 'sunday' }],
      otherwise: 'other',
    },
    ...ends('sunday', 'other'),
  });
  // The world of the tests is a Monday, ten in the morning, in China: Sunday, nine in the evening, in New York.
  test('its own local time counts', () => {
    expect(endOf(new Caller(flow, { zones: { 'America/New_York': -300 } }))).toBe('sunday');
    expect(endOf(new Caller(flow, { zones: { 'America/New_York': -240 } }))).toBe('other');
  });
  test('a zone that the world does not know has the time of the site', () => {
    expect(endOf(new Caller(flow))).toBe('other');
    expect(endOf(new Caller(flow, { zones: { 'Asia/Shanghai': -300 } }))).toBe('other');
  });
});

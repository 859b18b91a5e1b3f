import { describe, expect, test } from 'vitest';
import { createRepeatFilter, type SmdrRecord } from './index.js';

const call = (raw: string, more: Partial<SmdrRecord> = {}): SmdrRecord => ({
  direction: 'out',
  doubts: [],
  raw,
  ...more,
});
const raws = (records: readonly SmdrRecord[]): string[] => records.map(({ raw }) => raw);
const calls = (text: string): SmdrRecord[] => [...text].map((raw) => call(raw));

describe('repeats', () => {
  test('two equal calls are both kept and flagged, also the first where both come at once', () => {
    const { kept, dropped } = createRepeatFilter().push(calls('abab'));
    expect(dropped).toEqual([]);
    expect(kept.map(({ doubts }) => doubts)).toEqual(Array(4).fill(['perhapsDouble']));
    const filter = createRepeatFilter();
    filter.push(calls('a'));
    expect(filter.push(calls('a')).kept[0]?.doubts).toEqual(['perhapsDouble']);
  });

  test('the same block without a reconnect is no replay', () => {
    const { kept, dropped } = createRepeatFilter().push(calls('abcdeabcde'));
    expect([kept.length, dropped.length]).toEqual([10, 0]);
  });

  test('a block replayed after a reconnect is dropped, what follows it is kept', () => {
    const filter = createRepeatFilter();
    filter.push(calls('abcdef'));
    filter.reconnected();
    const first = filter.push(calls('cd'));
    expect([first.kept, first.dropped]).toEqual([[], []]);
    const second = filter.push(calls('efgh'));
    expect([raws(second.kept), raws(second.dropped)]).toEqual([
      ['g', 'h'],
      ['c', 'd', 'e', 'f'],
    ]);
    expect(second.kept.every(({ doubts }) => doubts.length === 0)).toBe(true);
  });

  test('fewer equal records than a block are kept and flagged', () => {
    const filter = createRepeatFilter();
    filter.push(calls('abcdef'));
    filter.reconnected();
    const { kept, dropped } = filter.push(calls('efgh'));
    expect([raws(kept), dropped]).toEqual([['e', 'f', 'g', 'h'], []]);
    expect(kept.map(({ doubts }) => doubts.length)).toEqual([1, 1, 0, 0]);
  });

  test('equal records out of their order are no replay', () => {
    const filter = createRepeatFilter();
    filter.push(calls('abcdef'));
    filter.reconnected();
    expect(filter.push(calls('cbdfx')).dropped).toEqual([]);
  });

  test('what is held is given when nothing more comes', () => {
    const filter = createRepeatFilter();
    filter.push(calls('abcdef'));
    filter.reconnected();
    filter.push(calls('ab'));
    expect(raws(filter.flush().kept)).toEqual(['a', 'b']);
    expect(raws(filter.push(calls('c')).kept)).toEqual(['c']);
  });

  test('a replay that begins at one of several equal places', () => {
    const filter = createRepeatFilter();
    filter.push(calls('aaabaac'));
    filter.reconnected();
    const { kept, dropped } = filter.push(calls('aacz'));
    expect([raws(kept), raws(dropped)]).toEqual([['z'], ['a', 'a', 'c']]);
  });

  test('the same record number with the same text is a repeat, with another text a new round of numbers', () => {
    const filter = createRepeatFilter();
    const { kept, dropped } = filter.push([
      call('x', { recordNo: '0001' }),
      call('x', { recordNo: '0001' }),
      call('y', { recordNo: '0001' }),
    ]);
    expect([raws(kept), raws(dropped)]).toEqual([['x', 'y'], ['x']]);
  });

  test('memory stays bounded, and replays of what is remembered are still seen', () => {
    const filter = createRepeatFilter({ remember: 10 });
    for (let n = 0; n < 500; n += 1) filter.push([call(`line ${n}`)]);
    filter.reconnected();
    expect(filter.push([495, 496, 497, 498, 499].map((n) => call(`line ${n}`))).dropped).toHaveLength(5);
    const old = filter.push([0, 1, 2, 3].map((n) => call(`line ${n}`)));
    expect([old.kept.length, old.dropped]).toEqual([4, []]);
    expect(() => createRepeatFilter({ blockRecords: 1 })).toThrow('argument.invalid');
  });

  test('after what is remembered nothing is a repeat: neither by its number nor by its text', () => {
    const others = (count: number) => Array.from({ length: count }, (_, n) => call(`o${n}`, { recordNo: `o${n}` }));
    const one = call('x', { recordNo: '0001' });
    for (const [between, told] of [
      [9, 'dropped'],
      [10, 'kept'],
    ] as const) {
      const filter = createRepeatFilter({ remember: 10 });
      filter.push([one, ...others(between)]);
      expect(filter.push([one])[told]).toHaveLength(1);
    }
    const filter = createRepeatFilter({ remember: 10 });
    filter.push([call('x'), call('x'), ...others(40)]);
    expect(filter.push([call('x')]).kept[0]?.doubts).toEqual([]);
    filter.push(others(5));
    expect(filter.push([call('x')]).kept[0]?.doubts).toEqual(['perhapsDouble']);
  });

  test('of an earlier life are known as those of this one', () => {
    const filter = createRepeatFilter();
    filter.remember([call('n', { recordNo: '0007' }), ...calls('abcdef')]);
    expect(filter.push([call('n', { recordNo: '0007' })]).dropped).toHaveLength(1);
    expect(filter.push(calls('b')).kept[0]?.doubts).toEqual(['perhapsDouble']);
    filter.reconnected();
    expect(raws(filter.push(calls('cdefg')).kept)).toEqual(['g']);
  });
});

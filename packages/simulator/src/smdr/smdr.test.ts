import { describe, expect, test } from 'vitest';
import { endOf, monthOfCalls, type PbxCall, type SimSmdrFormat, SmdrFeed, SmdrPrinter } from './index.js';

const at = (...parts: readonly [number, number, number, number, number, number]): number => {
  const [year, month, ...rest] = parts;
  return Date.UTC(year, month - 1, ...rest) / 1_000;
};
const lines = (format: SimSmdrFormat, call: Omit<PbxCall, 'id'>, options = {}): string[] =>
  new SmdrPrinter(format, { pageLines: 0, ...options })
    .call({ id: 1, ...call })
    .text.split('\r\n')
    .filter((line) => line.replace(/\0/gu, '') !== '');

describe('lines as the manuals print them', () => {
  test('KX-NS1000 Feature Guide p. 222, pattern A', () => {
    const leg = { extension: '1200', startS: at(2002, 1, 2, 9, 57, 50), ringS: 315, talkS: 0 };
    const call = { direction: 'in', line: 1, number: '12345678901234567890', legs: [leg] } as const;
    expect(lines('panasonic-a', call)[0]?.trimEnd()).toBe(
      "01/02/02 10:03AM  1200 01 <I>12345678901234567890   5'15 00:00'00",
    );
  });
  test('the same page, a name, a DID and a code', () => {
    const leg = { extension: '1234', startS: at(2002, 1, 2, 13, 5, 50), ringS: 5, talkS: 65 };
    const named = {
      direction: 'in',
      line: 1,
      name: 'ABC COMPANY',
      number: '12345678',
      account: '9876543210',
      legs: [leg],
    } as const;
    expect(lines('panasonic-a', named)).toEqual([
      "01/02/02 01:07PM  1234 01 <I>ABC COMPANY12345678    0'05 00:01'05 9876543210   ",
    ]);
    const did = { direction: 'in', line: 1, name: 'Q COMPANY', did: 'CDE9876', legs: [leg] } as const;
    expect(lines('panasonic-a', did)[0]?.trimEnd()).toBe(
      "01/02/02 01:07PM  1234 01 <D>CDE9876<I>Q COMPANY    0'05 00:01'05",
    );
  });
  test('the same page, patterns B and C', () => {
    const leg = { extension: '1210', startS: at(2002, 1, 2, 10, 2, 55), ringS: 0, talkS: 5 };
    const call = { direction: 'in', line: 1, costMinor: 56_000, account: '9876543210', legs: [leg] } as const;
    expect(lines('panasonic-b', call)[0]?.trimEnd()).toBe(
      `01/02/02 10:03AM  1210 01 ${'<I>'.padEnd(20)} 00:00'05 00560.00EU 9876543210`,
    );
    expect(lines('panasonic-c', call)[0]?.trimEnd()).toBe(
      `01/02/02 10:03AM  1210 0001 ${'<I>'.padEnd(50)}      00:00'05 00560.00EUR 9876543210`,
    );
  });
  test('KX-TD816 manual p. 412: a blank, the number, the name', () => {
    const leg = { extension: '103', startS: at(1996, 6, 24, 10, 6, 50), ringS: 20, talkS: 0 };
    const call = { direction: 'in', line: 3, number: '09243121', name: 'TONY', legs: [leg] } as const;
    expect(lines('kx-td', call)[0]?.trimEnd()).toBe(
      "06/24/96 10:07AM   103 03 <I> 09243121 TONY         0'20 00:00'00",
    );
  });
  test('KX-TEA308: the start, dots in the code, an asterisk for a call taken by transfer', () => {
    const legs = [
      { extension: '103', startS: at(2005, 12, 31, 13, 4, 0), ringS: 0, talkS: 660 },
      { extension: '101', startS: at(2005, 12, 31, 13, 15, 0), ringS: 4, talkS: 61 },
    ];
    const call = { direction: 'out', line: 1, number: '0921234567', account: '13', legs } as const;
    expect(lines('kx-ta', call)).toEqual([
      `12/31/05  1:04PM 103 01 ${'0921234567'.padEnd(32)} 00:11'00 ....`,
      `12/31/05 * 1:15PM 101 01 ${'0921234567'.padEnd(32)} 00:01'01 ..13`,
    ]);
  });
  test('DBS Manual p. 3-52: its ruler, seconds behind a point, < for #', () => {
    const leg = { extension: '101', startS: at(2026, 11, 22, 9, 15, 30), ringS: 0, talkS: 125 };
    const call = {
      direction: 'out',
      line: 7,
      number: '5551234#*',
      account: '1234567890',
      verified: '12',
      legs: [leg],
    } as const;
    expect(lines('dbs', call)).toEqual([`O 11/22 09:15:30 00:02.05 101 ${'5551234<>'.padEnd(28)} 1234567890 V0012 07`]);
  });
  test('Shenou: the example of the note', () => {
    const leg = { extension: '8012', startS: at(2005, 9, 20, 8, 34, 28), ringS: 0, talkS: 204 };
    const call = { direction: 'out', line: 1, number: '02134567890', costMinor: 50, legs: [leg] } as const;
    expect(lines('shenou', call)).toEqual([
      `T20050920083428 000324 8012            8012    ${'02134567890'.padEnd(24)}02 0.50    `,
    ]);
  });
  test('IP Office: the external call of its examples', () => {
    const leg = { extension: '403', startS: at(2008, 8, 1, 15, 14, 19), ringS: 7, talkS: 5 };
    const call = { direction: 'in', line: 1, number: '01707299900', did: '390664', legs: [leg] } as const;
    expect(lines('ipoffice-csv', call)[0]).toMatch(
      /^2008\/08\/01 15:14:19,00:00:05,7,01707299900,I,403,390664,,0,\d+,0,E403,Extn403,T9001,Line 1\.1,0,0,{13}$/u,
    );
  });
  test('DEFINITY: positions of table 31, a date record before, three nulls behind', () => {
    const leg = { extension: '54001', startS: at(2026, 11, 22, 10, 10, 30), ringS: 0, talkS: 90 };
    const call: PbxCall = {
      id: 1,
      direction: 'out',
      line: 12,
      number: '15125551234',
      account: '1234',
      verified: '7654321',
      legs: [leg],
    };
    const [date, line] = new SmdrPrinter('definity-80').call(call).text.split('\r\n\0\0\0');
    expect(date).toBe('11 22');
    expect([
      line?.slice(0, 4),
      line?.slice(5, 9),
      line?.[10],
      line?.slice(20, 35).trimEnd(),
      line?.slice(35, 36),
    ]).toEqual(['1012', '0015', '7', '15125551234', ' ']);
    expect([line?.slice(36, 41), line?.slice(42, 57).trimEnd(), line?.slice(58, 65), line?.slice(77, 80)]).toEqual([
      '54001',
      '1234',
      '7654321',
      '012',
    ]);
  });
});

describe('pages', () => {
  const leg = { extension: '101', startS: at(2026, 11, 22, 9, 0, 0), ringS: 0, talkS: 60 };
  const call: PbxCall = { id: 1, direction: 'out', line: 1, number: '5551234', legs: [leg] };
  test('have a title of three lines, and are as long as they are set', () => {
    const printer = new SmdrPrinter('kx-td', { pageLines: 10, skipLines: 2 });
    const text = printer.open(0) + Array.from({ length: 11 }, () => printer.call(call).text).join('');
    const all = text.split('\r\n');
    expect(all.flatMap((one, index) => (one.includes('Dial Number') ? [index] : []))).toEqual([0, 10, 20]);
    expect(all.slice(8, 10)).toEqual(['', '']);
  });
  test('cannot be shorter than their title', () => {
    expect(() => new SmdrPrinter('kx-td', { pageLines: 3 })).toThrow(RangeError);
    expect(() => new SmdrPrinter('kx-td', { pageLines: 20, skipLines: 17 })).toThrow(RangeError);
  });
});

describe('a month', () => {
  test('is the same for the same seed and another for another', () => {
    expect(monthOfCalls({ seed: 5, calls: 200 })).toEqual(monthOfCalls({ seed: 5, calls: 200 }));
    expect(monthOfCalls({ seed: 5, calls: 200 })).not.toEqual(monthOfCalls({ seed: 6, calls: 200 }));
  });
  test.each([
    [8, 4, 3_000],
    [32, 8, 8_000],
    [128, 32, 20_000],
  ])('of %d extensions on %d lines never has two calls on a line or at an extension', (extensions, count, calls) => {
    const month = monthOfCalls({ seed: 1, extensions, lines: count, calls });
    expect(month).toHaveLength(calls);
    const until = new Map<string, number>();
    const legs = month.flatMap((call) => [
      ...call.legs.map((leg) => ({ what: `x${leg.extension}`, from: leg.startS, to: endOf(leg) })),
      ...(call.line === undefined
        ? []
        : [{ what: `l${call.line}`, from: call.legs[0]?.startS ?? 0, to: Math.max(...call.legs.map(endOf)) }]),
    ]);
    for (const { what, from, to } of legs.sort((a, b) => a.from - b.from)) {
      expect(until.get(what) ?? 0, what).toBeLessThanOrEqual(from);
      until.set(what, to);
    }
    expect(until.size).toBe(extensions + count);
  });
  test('has all of what happens at a PBX', () => {
    const month = monthOfCalls({ seed: 2, calls: 3_000 });
    const some = (fits: (call: PbxCall) => unknown): number => month.filter((call) => Boolean(fits(call))).length;
    expect(some((call) => call.legs.length > 1)).toBeGreaterThan(50);
    expect(some((call) => call.legs.every(({ talkS }) => talkS === 0))).toBeGreaterThan(50);
    for (const trait of [
      'hiddenFrom',
      'flash',
      'hostCode',
      'account',
      'verified',
      'disa',
      'clock',
      'name',
      'did',
    ] as const) {
      expect(
        some((call) => call[trait] !== undefined),
        trait,
      ).toBeGreaterThan(5);
    }
  });
  test('is printed in the order in which its calls end', () => {
    const feed = new SmdrFeed(new SmdrPrinter('panasonic-a'), monthOfCalls({ seed: 4, calls: 500 }));
    let last = 0;
    for (let piece = feed.take(); piece !== undefined; piece = feed.take()) {
      expect(piece.atS).toBeGreaterThanOrEqual(last);
      last = piece.atS;
    }
    expect(last).toBeGreaterThan(0);
  });
});

import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMDR_FORMATS } from '@cordboard/adapters-pbx-serial/smdr';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;
let out: string[];
let err: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-smdr-'));
  out = [];
  err = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(argv: readonly string[], more: { readonly terminal?: 'terminal' } = {}): Promise<number> {
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), ...more };
  return runCommandLine(argv, { folder, signal: new AbortController().signal, output });
}
const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const lines = (): Record<string, unknown>[] => out.map((line) => JSON.parse(line));
const call = `12/31/05  1:04PM 103 01 0921234567   00:11'00" ..13`;

describe('smdr parse', () => {
  test('a JSON line for each record, unreadable lines in their place and on stderr', async () => {
    await write(
      'a.log',
      `Date     Time    Ext. CO  Dial number\r\n${call}\r\nrubbish 17\r\n${call.replace('103', '104')}\r\n`,
    );
    expect(await run(['smdr', 'parse', '--format', 'kx-ta', 'a.log', '--json'])).toBe(0);
    const [first, second, third] = lines();
    expect(lines()).toHaveLength(3);
    expect(first).toEqual({
      start: '2005-12-31T13:04:00',
      durationMs: 660_000,
      extension: '103',
      line: '01',
      direction: 'out',
      number: '0921234567',
      accountCode: '13',
      raw: call,
    });
    expect(second).toEqual({ unreadable: 'rubbish 17', lineNo: 3, file: 'a.log' });
    expect(third).toMatchObject({ extension: '104' });
    expect(err).toEqual(['cordboard: a.log:3: unreadable']);
  });

  test('two equal calls are both printed and flagged; rows for people', async () => {
    await write('a.log', `${call}\n${call}\n`);
    await run(['smdr', 'parse', '--format', 'kx-ta', 'a.log']);
    expect(lines().map(({ doubts }) => doubts)).toEqual([['perhapsDouble'], ['perhapsDouble']]);
    out = [];
    await run(['smdr', 'parse', '--format', 'kx-ta', 'a.log'], { terminal: 'terminal' });
    expect(out[0]).toMatch(/^2005-12-31T13:04:00 +660 s +103 +01 +out +0921234567 +\(perhapsDouble\)$/u);
  });

  test('the year of a format without one is that of the file, or as told', async () => {
    await write('a.log', `O 11/22 09:15:30 00:02.05 101 ${'5551234'.padEnd(28)} ${''.padEnd(10)} ${''.padEnd(5)} 07\n`);
    await utimes(join(folder, 'a.log'), new Date(2024, 10, 23), new Date(2024, 10, 23));
    await run(['smdr', 'parse', '--format', 'dbs', 'a.log']);
    await run(['smdr', 'parse', '--format', 'dbs', '--date', '2023-12-01', 'a.log']);
    expect(lines().map(({ start }) => start)).toEqual(['2024-11-22T09:15:30', '2023-11-22T09:15:30']);
  });

  test('CSV by its columns, merged calls, a missing file, wrong use', async () => {
    await write('a.csv', '2026-11-22 09:15:30;75;101;0575\n');
    expect(
      await run([
        'smdr',
        'parse',
        '--format',
        'generic-csv',
        '--columns',
        'start,duration,extension,number',
        '--delimiter',
        ';',
        'a.csv',
        'none.csv',
      ]),
    ).toBe(1);
    expect(lines()).toMatchObject([{ start: '2026-11-22T09:15:30', durationMs: 75_000, number: '0575' }]);
    expect(err).toEqual(['cordboard: none.csv: ENOENT']);
    const part = (more: string, extension: string) =>
      `2026/06/28 09:28:41,00:01:00,7,8004206,I,${extension},4324,,0,77,${more},E${extension},Joe,T9161,LINE 5.1,0,0`;
    await write('ipo.csv', `${part('1', '201')}\n${part('0', '202')}\n`);
    out = [];
    await run(['smdr', 'parse', '--format', 'ipoffice-csv', '--merge', 'ipo.csv']);
    expect(lines()).toMatchObject([{ durationMs: 120_000, extension: '202' }]);
    expect(await run(['smdr', 'parse', '--format', 'generic-csv', 'a.csv'])).toBe(2);
    expect(await run(['smdr', 'parse', '--format', 'nec', 'a.csv'])).toBe(2);
  });

  test.each(SMDR_FORMATS)('the command knows the format %s', async (format) => {
    await write('empty.log', '');
    const table = format === 'generic-csv' ? ['--columns', 'start,duration'] : [];
    expect(await run(['smdr', 'parse', '--format', format, ...table, 'empty.log'])).toBe(0);
  });
});

describe('rate', () => {
  const rates = (price: number): string =>
    JSON.stringify({
      currency: 'CNY',
      accessCodes: ['09'],
      rates: [{ prefix: '2', kind: 'local', firstMs: 60_000, firstPrice: price, unitMs: 60_000, unitPrice: 10 }],
    });
  test('prices each call and sums them up; a new table tells what differs', async () => {
    await write('a.log', `${call}\n`);
    await write('old.json', rates(20));
    await write('new.json', rates(30));
    expect(await run(['rate', '--table', 'old.json', '--format', 'kx-ta', 'a.log'])).toBe(0);
    expect(lines()).toMatchObject([
      { cost: 120, kind: 'local', prefix: '2', units: 10 },
      { totals: { calls: 1, costMinor: 120, currency: 'CNY', unreadable: 0 } },
    ]);
    out = [];
    expect(await run(['rate', '--table', 'new.json', '--against', 'old.json', '--format', 'kx-ta', 'a.log'])).toBe(0);
    expect(lines()).toMatchObject([
      { before: { cost: 120 }, after: { cost: 130 }, difference: 10 },
      { totals: { changed: 1 } },
    ]);
  });

  test('a wrong table ends with 2 and its place', async () => {
    await write('a.log', `${call}\n`);
    await write('bad.json', '{"currency":"CNY","rates":[{"prefix":"x"}]}');
    expect(await run(['rate', '--table', 'bad.json', '--format', 'kx-ta', 'a.log'])).toBe(2);
    expect(err.join('\n')).toContain('rates.0');
    expect(await run(['rate', '--table', 'none.json', '--format', 'kx-ta', 'a.log'])).toBe(2);
  });
});

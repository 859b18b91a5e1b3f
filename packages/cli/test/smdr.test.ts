import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
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

describe('smdr archive and query', () => {
  const many = (month: string, count: number, first = 0): string =>
    Array.from({ length: count }, (_, n) => {
      const day = String(1 + Math.floor((n * 28) / count)).padStart(2, '0');
      return `${month}/${day}/05  1:04PM 10${n % 8} 01 ${String(5_550_000 + first + n).padEnd(12)} 00:11'00 ..13`;
    }).join('\n');
  const totals = (): string[] => err.filter((line) => line.includes('archived'));

  test('keeps months, adds a file once, and finds what is asked for', async () => {
    await write('a.log', `${many('11', 40)}\n${many('12', 40, 100)}\nrubbish 17\n`);
    const archive = ['smdr', 'archive', '--format', 'kx-ta', '--folder', 'calls'];
    expect(await run([...archive, 'a.log', '--json'])).toBe(0);
    expect(lines()).toEqual([{ archived: 80, unreadable: 1 }]);
    expect((await readdir(join(folder, 'calls'))).sort()).toEqual(['smdr-2005-11.jsonl', 'smdr-2005-12.jsonl']);
    await write('b.log', `${many('12', 40, 100)}\n${many('12', 5, 900)}\n`);
    expect(await run([...archive, 'a.log', 'b.log'])).toBe(0);
    expect(totals()).toEqual([
      'cordboard: a.log: 80 records archived, 0 were there',
      'cordboard: a.log: 0 records archived, 80 were there',
      'cordboard: b.log: 5 records archived, 40 were there',
    ]);
    out = [];
    const query = ['smdr', 'query', '--folder', 'calls'];
    await run([...query, '--from', '2005-12-01', '--extension', '101']);
    expect(lines()).toHaveLength(6);
    expect(lines()[0]).toMatchObject({ extension: '101', start: '2005-12-01T13:04:00', accountCode: '13' });
    out = [];
    await run([...query, '--number', '555010', '--to', '2005-12-03', '--min-seconds', '60', '--json']);
    expect(lines().map(({ number }) => number)).toEqual(['5550100', '5550101', '5550102']);
    expect(await run([...query, '--from', 'yesterday'])).toBe(2);
  });

  test('writes CSV and XLSX, and tells of a damaged file', async () => {
    await write('a.log', `${many('11', 6)}\n`);
    await run(['smdr', 'archive', '--format', 'kx-ta', '--folder', 'calls', 'a.log']);
    const query = ['smdr', 'query', '--folder', 'calls'];
    expect(await run([...query, '--csv', 'calls.csv', '--xlsx', 'calls.xlsx'])).toBe(0);
    const csv = await readFile(join(folder, 'calls.csv'), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(8);
    expect((await readFile(join(folder, 'calls.xlsx'))).subarray(0, 2).toString()).toBe('PK');
    const file = join(folder, 'calls', 'smdr-2005-11.jsonl');
    await appendFile(file, '{"half');
    expect(await run(query)).toBe(1);
    expect(err.at(-1)).toBe('cordboard: smdr-2005-11.jsonl:8: 1 line torn');
    expect(lines()).toHaveLength(6);
  });
});

describe('smdr listen', () => {
  test('prints and keeps what comes over TCP until it is asked to end', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`${call}\r\nrubbish 17\r\n${call.replace('103', '104')}\r\n`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ended = new AbortController();
    const output = {
      out: (line: string) => {
        out.push(line);
        if (out.length === 3) ended.abort();
      },
      err: (line: string) => void err.push(line),
    };
    const { port } = server.address() as AddressInfo;
    const argv = [
      'smdr',
      'listen',
      '--format',
      'kx-ta',
      '--tcp',
      `127.0.0.1:${port}`,
      '--folder',
      'calls',
      '--time-zone',
      'UTC',
    ];
    expect(await runCommandLine(argv, { folder, signal: ended.signal, output })).toBe(0);
    server.close();
    expect(
      out
        .map((line) => JSON.parse(line))
        .flatMap(({ extension }) => extension ?? [])
        .sort(),
    ).toEqual(['103', '104']);
    expect(err).toContain('cordboard: line 2: unreadable');
    expect(err.at(-1)).toBe('cordboard: 2 records, 0 told before, 1 unreadable lines');
    out = [];
    await run(['smdr', 'query', '--folder', 'calls']);
    expect(out).toHaveLength(2);
    expect(await run(['smdr', 'listen', '--format', 'kx-ta'])).toBe(2);
    expect(await run(['smdr', 'listen', '--format', 'kx-ta', '--tcp', 'here'])).toBe(2);
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

  test('a month of an archive, by one table and by another', async () => {
    await write('a.log', `${call}\n${call.replace('12/31', '11/30')}\n${call.replace('103', '104')}\n`);
    await run(['smdr', 'archive', '--format', 'kx-ta', '--folder', 'calls', 'a.log']);
    await write('old.json', rates(20));
    await write('new.json', rates(30));
    expect(await run(['rate', '--table', 'old.json', '--archive', 'calls', '--month', '2005-12'])).toBe(0);
    expect(lines().at(-1)).toMatchObject({
      totals: { calls: 2, costMinor: 240, byExtension: { 103: 120, 104: 120 }, byAccountCode: { 13: 240 } },
    });
    out = [];
    const again = ['rate', '--table', 'new.json', '--against', 'old.json', '--archive', 'calls'];
    expect(await run(again)).toBe(0);
    expect(lines().at(-1)).toMatchObject({ totals: { changed: 3, byExtension: { 103: 20, 104: 10 } } });
    expect(await run([...again, '--month', '2005-13'])).toBe(2);
    expect(await run(['rate', '--table', 'old.json'])).toBe(2);
    expect(await run(['rate', '--table', 'old.json', 'a.log'])).toBe(2);
  });

  test('a wrong table ends with 2 and its place', async () => {
    await write('a.log', `${call}\n`);
    await write('bad.json', '{"currency":"CNY","rates":[{"prefix":"x"}]}');
    expect(await run(['rate', '--table', 'bad.json', '--format', 'kx-ta', 'a.log'])).toBe(2);
    expect(err.join('\n')).toContain('rates.0');
    expect(await run(['rate', '--table', 'none.json', '--format', 'kx-ta', 'a.log'])).toBe(2);
  });
});

import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ArchiveCursor,
  type ArchiveFormat,
  archiveBlock,
  archiveFileOf,
  exportCsv,
  exportXlsx,
  openSmdrArchive,
  readArchive,
  type SmdrQuery,
  type SmdrRecord,
} from '../src/smdr/index.js';
import { RECORDS } from './smdr-arbitraries.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-smdr-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function allOf(records: AsyncIterable<SmdrRecord>): Promise<SmdrRecord[]> {
  const all: SmdrRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}
const formats: readonly ArchiveFormat[] = ['jsonl', 'csv'];
const some = (count: number): SmdrRecord[] => fc.sample(RECORDS['ipoffice-csv'], { numRuns: count, seed: 3 });
const call = (more: Partial<SmdrRecord>): SmdrRecord => ({ direction: 'out', doubts: [], raw: 'line', ...more });

describe.each(formats)('an archive as %s', (format) => {
  test('blocks are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(RECORDS['generic-csv'], { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
        (blocks) => {
          const read = readArchive(blocks.map((block) => archiveBlock(block, format)).join(''), format);
          expect(read).toEqual({ records: blocks.flat(), doubtful: [], problems: [] });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a crash at every byte of a write is noticed, and the blocks before and after it are whole', () => {
    const [one, two, three] = [some(2), some(3), some(1)];
    const before = archiveBlock(one, format);
    const torn = archiveBlock(two, format);
    for (let at = 1; at < torn.length - 1; at += 1) {
      const piece = torn.slice(0, at);
      const { records, problems } = readArchive(before + piece, format);
      expect(records).toEqual(one);
      expect(problems).toMatchObject([{ kind: 'torn', firstLine: 4 }]);
      const later = readArchive(
        `${before}${piece}${piece.endsWith('\n') ? '' : '\n'}${archiveBlock(three, format)}`,
        format,
      );
      expect(later.records).toEqual([...one, ...three]);
      expect(later.problems.map(({ kind }) => kind)).toEqual(['torn']);
    }
  });

  test('a changed byte is noticed wherever it is', () => {
    const text = archiveBlock(some(3), format);
    for (let at = 0; at < text.length - 1; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`;
      expect(readArchive(changed, format).problems.length).toBeGreaterThan(0);
    }
  });

  test('appends, finds by month, and tells a torn file by its name', async () => {
    const archive = openSmdrArchive(folder, format);
    const dated = [
      call({ start: '2026-10-31T23:59:59', extension: '101' }),
      call({ start: '2026-11-01T00:00:00', extension: '102', number: '0575123' }),
    ];
    await Promise.all([archive.append(dated), archive.append([call({ line: '07' })])]);
    expect((await readdir(folder)).sort()).toEqual([
      `smdr-2026-10.${format}`,
      `smdr-2026-11.${format}`,
      `smdr-undated.${format}`,
    ]);
    const find = (query: SmdrQuery): Promise<SmdrRecord[]> => allOf(archive.query(query));
    expect(await find({})).toHaveLength(3);
    expect(await find({ from: '2026-11-01' })).toEqual([dated[1]]);
    expect(await find({ to: '2026-11-01' })).toEqual([dated[0]]);
    expect([
      (await find({ number: '0575' })).length,
      (await find({ line: '07' })).length,
      (await find({ extension: '9' })).length,
    ]).toEqual([1, 1, 0]);
    await appendFile(join(folder, `smdr-2026-11.${format}`), '{"half');
    await openSmdrArchive(folder, format).append([call({ start: '2026-11-30T10:00:00' })]);
    const problems: unknown[] = [];
    const found = await allOf(archive.query({ from: '2026-11-01' }, (problem) => problems.push(problem)));
    expect(found).toHaveLength(2);
    expect(problems).toEqual([{ kind: 'torn', firstLine: 3, lines: 1, file: `smdr-2026-11.${format}` }]);
  });
});

test('records of two months of which one cannot be written: none is, so that trying again doubles nothing', async () => {
  const archive = openSmdrArchive(folder);
  const [october, november] = [call({ start: '2026-10-31T23:59:59' }), call({ start: '2026-11-01T00:00:00' })];
  await archive.append([october]);
  await mkdir(join(folder, 'smdr-2026-11.jsonl'));
  await expect(archive.append([october, november])).rejects.toThrow();
  await rm(join(folder, 'smdr-2026-11.jsonl'), { recursive: true });
  expect(await allOf(archive.query({}))).toEqual([october]);
  await archive.append([october, november]);
  expect(await allOf(archive.query({}))).toEqual([october, october, november]);
});

describe.each(formats)('what is new in an archive as %s', (format) => {
  test('comes once, block by block, from the place that was read before', async () => {
    const archive = openSmdrArchive(folder, format);
    const all = some(40);
    const read: SmdrRecord[] = [];
    let cursor: ArchiveCursor = {};
    for (let at = 0; at < all.length; at += 5) {
      await archive.append(all.slice(at, at + 5));
      if (at % 2 === 0) continue;
      // As another process that keeps its place.
      for await (const piece of openSmdrArchive(folder, format).follow(JSON.parse(JSON.stringify(cursor)))) {
        read.push(...piece.records);
        cursor = piece.cursor;
      }
    }
    for await (const piece of archive.follow(cursor)) read.push(...piece.records);
    const ordered = (records: readonly SmdrRecord[]): string[] =>
      records.map((record) => JSON.stringify(Object.entries(record).sort())).sort();
    expect(ordered(read)).toEqual(ordered(all));
    expect(await archive.latest(3)).toHaveLength(3);
    expect(ordered(await archive.latest(1_000))).toEqual(ordered(all));
  });
});

test('files by month; without a start there is one for what is undated', () => {
  expect(archiveFileOf(call({ start: '2026-02-28T23:59:59' }), 'jsonl')).toBe('smdr-2026-02.jsonl');
  expect(archiveFileOf(call({}), 'csv')).toBe('smdr-undated.csv');
});

test('a folder that is not there has no records', async () => {
  expect(await allOf(openSmdrArchive(join(folder, 'none')).query({}))).toEqual([]);
});

describe('exports', () => {
  const records = [call({ number: '00123', name: '=HYPERLINK("http://x")', costMinor: 44, durationMs: 1000 })];
  test('CSV with titles; what a spreadsheet would compute is text', () => {
    expect(exportCsv(records, { columns: ['number', 'name', 'costMinor'] })).toBe(
      `number,name,costMinor\r\n00123,"'=HYPERLINK(""http://x"")",44\r\n`,
    );
  });
  test('XLSX: numbers of callers keep their zeros, money is a number', async () => {
    const file = join(folder, 'calls.xlsx');
    await writeFile(file, await exportXlsx(records, { columns: ['number', 'costMinor', 'durationMs'] }));
    const book = new exceljs.Workbook();
    await book.xlsx.load((await readFile(file)).buffer as ArrayBuffer);
    expect(book.worksheets[0]?.getRow(2).values).toEqual([undefined, '00123', 44, 1000]);
  });
});

test('a CSV archive from before records told their ends and parts is read, and one that has them', () => {
  const record = call({ start: '2026-11-22T09:30:00', part: 2, end: 'cut', transferredFrom: '801', raw: 'as it came' });
  expect(readArchive(archiveBlock([record], 'csv'), 'csv').records).toEqual([record]);
  const lines = archiveBlock([record], 'csv').split('\n').slice(0, -2);
  const older = lines.map((line) => line.split(',').slice(0, -4).join(','));
  const sum = createHash('sha256').update(older.join('\n')).digest('hex').slice(0, 16);
  const { part: _part, end: _end, transferredFrom: _from, ...rest } = record;
  expect(readArchive(`${older.join('\n')}\n#block 1 ${sum}\n`, 'csv').records).toEqual([rest]);
});

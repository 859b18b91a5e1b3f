import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSmdrParser,
  formatSmdr,
  SMDR_FORMATS,
  type SmdrFormatName,
  type SmdrOptions,
  type SmdrParsed,
  type SmdrRecord,
} from '../src/smdr/index.js';
import { ARRIVED, OPTIONS, RECORDS } from './smdr-arbitraries.js';

const parserOf = (format: SmdrFormatName, more: SmdrOptions = {}) =>
  createSmdrParser(format, { ...OPTIONS[format], arrivedAt: ARRIVED, ...more });
const parse = (format: SmdrFormatName, text: string | Uint8Array, more: SmdrOptions = {}): SmdrParsed =>
  parserOf(format, more).push(text);
const write = (format: SmdrFormatName, record: SmdrRecord): string => formatSmdr(format, record, OPTIONS[format]);
const plain = ({ raw: _raw, ...record }: SmdrRecord): Omit<SmdrRecord, 'raw'> => record;
/** Records that are the same on every run. */
const some = (format: SmdrFormatName, count: number): SmdrRecord[] =>
  fc.sample(RECORDS[format], { numRuns: count, seed: 7 });

describe.each(SMDR_FORMATS)('%s', (format) => {
  test('a record that is written is read as the same record', () => {
    fc.assert(
      fc.property(RECORDS[format], (record) => {
        const line = write(format, record);
        const { records, others } = parse(format, `${line}\r\n`);
        expect(others).toEqual([]);
        expect(records.map(plain)).toEqual([plain(record)]);
        expect(records[0]?.raw).toBe(line);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['\r\n', '\n', '\r'])('lines that end with %j are cut at every offset', (end) => {
    const lines = some(format, 3).map((record) => write(format, record));
    const text = `${lines.join(end)}${end}`;
    const whole = parse(format, text);
    expect(whole.records).toHaveLength(3);
    expect(whole.lineNos).toEqual([1, 2, 3]);
    for (let at = 0; at <= text.length; at += 1) {
      const parser = parserOf(format);
      const [first, second] = [parser.push(Buffer.from(text.slice(0, at), 'latin1')), parser.push(text.slice(at))];
      expect([...first.records, ...second.records]).toEqual(whole.records);
      expect([...first.others, ...second.others]).toEqual([]);
      expect([...first.lineNos, ...second.lineNos]).toEqual([1, 2, 3]);
    }
    const parser = parserOf(format);
    expect([...text].flatMap((char) => parser.push(char).records)).toEqual(whole.records);
  });

  test('a stream that begins inside a line: what is left of it is no record that looks whole', () => {
    for (const record of some(format, 4)) {
      const line = write(format, record);
      for (let at = 1; at < line.length; at += 1) {
        const { records, others } = parse(format, `${line.slice(at)}\n${line}\n`, { begins: 'midstream' });
        const cut = records.length === 2 ? records[0] : undefined;
        if (cut === undefined) expect(['partial', 'empty', 'header']).toContain(others[0]?.kind);
        else expect(cut.doubts).not.toEqual(record.doubts);
        expect(records.at(-1)?.doubts).toEqual(record.doubts);
      }
    }
  });

  test('power lost in a line: two lines run into one are never two whole records, and the next line is read', () => {
    const [first, second, third] = some(format, 3).map((record) => write(format, record)) as [string, string, string];
    for (let at = 1; at < first.length; at += 1) {
      const { records, others } = parse(format, `${first.slice(0, at)}${second}\n${third}\n`);
      expect(records.length + others.length).toBe(2);
      expect(records.at(-1)?.raw).toBe(third);
      const told = records.length === 2 ? records[0] : undefined;
      if (told !== undefined && told.doubts.length === (parse(format, `${second}\n`).records[0]?.doubts.length ?? 0)) {
        // A tail after the last column that is still a possible value cannot be told from one.
        expect(at).toBeGreaterThan(first.length / 2);
      }
    }
  });

  test('garbage between lines is told with its line number and costs no other line', () => {
    const lines = some(format, 20).map((record) => write(format, record));
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 20, maxLength: 20 }), (rubbish) => {
        const pieces = lines.flatMap((line, index) => [
          Buffer.from(`${line}\n`),
          ...(rubbish[index]?.length ? [Buffer.from(rubbish[index]), Buffer.from('\n')] : []),
        ]);
        const { records, others } = parse(format, Buffer.concat(pieces));
        expect(records.filter(({ raw }) => lines.includes(raw)).map(({ raw }) => raw)).toEqual(lines);
        const ends =
          Buffer.concat(pieces)
            .toString('latin1')
            .split(/\r\n|[\r\n\f]/u).length - 1;
        expect(records.length + others.length).toBe(ends);
      }),
      { numRuns: 40 },
    );
  });

  test('a flipped bit never throws, never makes two records of one, and what no longer fits its column is told', () => {
    let silent = 0;
    let all = 0;
    for (const record of some(format, 6)) {
      const bytes = Buffer.from(`${write(format, record)}\n`);
      const good = parse(format, bytes).records[0] as SmdrRecord;
      for (let bit = 0; bit < (bytes.length - 1) * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const { records, others } = parse(format, flipped);
        expect(records.length).toBeLessThanOrEqual(2);
        all += 1;
        const [only] = records;
        if (others.length > 0 || only === undefined) continue;
        expect(only.durationMs ?? 0).toBeLessThan(360_000_000);
        if (only.doubts.length === good.doubts.length && JSON.stringify(plain(only)) !== JSON.stringify(plain(good)))
          silent += 1;
      }
    }
    // One digit that became another cannot be seen without a check (3 of 8 flips of a digit); anything else must be.
    expect(silent / all).toBeLessThan(0.42);
  });

  test('random bytes give no record and no throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 4000 }), (bytes) => {
        const parser = parserOf(format);
        const records = [...parser.push(bytes).records, ...parser.finish().records];
        expect(records.filter(({ doubts }) => doubts.length === 0)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('the wrong parity (bit 8 set) gives no trusted record', () => {
    for (const record of some(format, 5)) {
      const bytes = Buffer.from(`${write(format, record)}`).map((byte) => byte | 0x80);
      expect(
        parse(format, Buffer.concat([bytes, Buffer.from('\n')])).records.filter(({ doubts }) => doubts.length === 0),
      ).toEqual([]);
    }
  });

  test('a line without end stays bounded, and is told once', () => {
    const parser = parserOf(format, { maxLineLength: 200 });
    const told = Array.from({ length: 1000 }, () => parser.push('5'.repeat(100))).flatMap(({ others }) => others);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'unreadable', lineNo: 1 });
    expect(told[0]?.raw.length).toBeLessThanOrEqual(256);
    const line = write(format, some(format, 1)[0] as SmdrRecord);
    expect(parser.push(`555\n${line}\n`)).toMatchObject({ lineNos: [2], others: [] });
  });

  test('a last line without an end is read and marked; after a lost link it is partial', () => {
    const line = write(format, some(format, 1)[0] as SmdrRecord);
    const parser = parserOf(format);
    parser.push(line);
    expect(parser.finish().records[0]?.doubts).toContain('perhapsCut');
    parser.push(line.slice(0, 20));
    expect(parser.reconnected().others).toMatchObject([{ kind: 'partial', lineNo: 2 }]);
    expect(parser.push(`${line.slice(20)}\n${line}\n`).records.at(-1)?.raw).toBe(line);
  });

  test('a value that does not fit is refused, never cut', () => {
    const [record] = some(format, 1) as [SmdrRecord];
    expect(() => write(format, { ...record, number: '5'.repeat(60).concat('\n') })).toThrow();
    const { start: _start, ...undated } = record;
    expect(() => write(format, undated)).toThrow('argument.invalid');
  });
});

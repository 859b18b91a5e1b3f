import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSmdrParser,
  formatSmdr,
  SMDR_FORMATS,
  type SmdrFormatName,
  type SmdrParsed,
  type SmdrParser,
} from '../src/smdr/index.js';
import { ARRIVED, OPTIONS, RECORDS } from './smdr-arbitraries.js';

const NOTHING: SmdrParsed = { records: [], lineNos: [], others: [] };
type Make = (format: SmdrFormatName) => SmdrParser;
const real: Make = (format) => createSmdrParser(format, { ...OPTIONS[format], arrivedAt: ARRIVED });
const textOf = (piece: Uint8Array | string): string =>
  typeof piece === 'string' ? piece : Buffer.from(piece).toString('latin1');
const over =
  (make: (parser: SmdrParser, format: SmdrFormatName) => Partial<SmdrParser>): Make =>
  (format) => {
    const parser = real(format);
    const own = {
      push: parser.push.bind(parser),
      reconnected: parser.reconnected.bind(parser),
      finish: parser.finish.bind(parser),
    };
    return { ...own, ...make(parser, format) };
  };

/** Defects that a parser of a stream may have. */
const defects: Readonly<Record<string, Make>> = {
  'takes every piece for whole lines': over((_parser, format) => ({
    push: (piece) => real(format).push(`${textOf(piece)}\n`),
  })),
  'forgets the piece before': over((parser) => ({
    push: (piece) => (textOf(piece).includes('\n') ? parser.push(piece) : NOTHING),
  })),
  'drops equal lines': over((parser) => {
    const seen = new Set<string>();
    return {
      push(piece) {
        const parsed = parser.push(piece);
        return { ...parsed, records: parsed.records.filter(({ raw }) => !seen.has(raw) && seen.add(raw)) };
      },
    };
  }),
  'hides what it cannot read': over((parser) => ({ push: (piece) => ({ ...parser.push(piece), others: [] }) })),
  'counts lines from 0': over((parser) => ({
    push(piece) {
      const { others, ...rest } = parser.push(piece);
      return { ...rest, others: others.map((other) => ({ ...other, lineNo: other.lineNo - 1 })) };
    },
  })),
  'hands the same record out twice': over((parser) => ({
    push(piece) {
      const parsed = parser.push(piece);
      return { ...parsed, records: parsed.records.flatMap((record) => [record, record]) };
    },
  })),
  'takes a minute for a second': over((parser) => ({
    push(piece) {
      const parsed = parser.push(piece);
      return {
        ...parsed,
        records: parsed.records.map((record) => ({ ...record, durationMs: (record.durationMs ?? 0) / 60 })),
      };
    },
  })),
};

/** What is wrong with a parser: two equal calls, rubbish and another call, cut at every offset. */
function faults(make: Make, format: SmdrFormatName): string[] {
  const [first, second] = fc
    .sample(RECORDS[format], { numRuns: 12, seed: 11 })
    .filter(({ durationMs = 0 }) => durationMs > 0);
  if (first === undefined || second === undefined) throw new Error('no records');
  const lines = [first, first, second].map((record) => formatSmdr(format, record, OPTIONS[format]));
  const text = `${lines[0]}\n${lines[1]}\nrubbish 17!\n${lines[2]}\n`;
  const found = new Set<string>();
  for (let at = 0; at <= text.length; at += 1) {
    const parser = make(format);
    const parsed = [parser.push(text.slice(0, at)), parser.push(text.slice(at))];
    const records = parsed.flatMap((one) => one.records);
    if (records.map(({ raw }) => raw).join('\n') !== lines.join('\n')) found.add('records');
    if (
      records.map(({ durationMs }) => durationMs).join() !==
      [first, first, second].map(({ durationMs }) => durationMs).join()
    )
      found.add('durations');
    const others = parsed.flatMap((one) => one.others);
    if (others.map(({ kind, lineNo }) => `${kind} ${lineNo}`).join() !== 'unreadable 3') found.add('others');
  }
  return [...found];
}

describe('planted defects', () => {
  test.each(SMDR_FORMATS)('the parser of %s has none', (format) => {
    expect(faults(real, format)).toEqual([]);
  });
  test.each(Object.entries(defects))('a parser that %s is found out', (_what, make) => {
    expect(SMDR_FORMATS.filter((format) => faults(make, format).length === 0)).toEqual([]);
  });
});

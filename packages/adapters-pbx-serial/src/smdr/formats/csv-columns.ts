import { type Day, type Draft, digitsText, doubt, fullYear, isDay, moneyOf, wholeAt } from '../fields.js';
import type { CheckedCsvTable, SmdrSettings } from '../options.js';

/** What a column of a user's CSV may hold. */
export type CsvField = CheckedCsvTable['columns'][number];

const DATE = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/u;
const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])M)?$/iu;
/** Units of lengths, ms. */
export const UNIT_MS = { s: 1000, ms: 1, min: 60_000 } as const;

function dayOf(text: string, order: SmdrSettings['dateOrder']): Day | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [first, second, third] = [parts[1] ?? '', parts[2] ?? '', parts[3] ?? ''];
  const [y, m, d] =
    order === 'ymd' ? [first, second, third] : order === 'mdy' ? [third, first, second] : [third, second, first];
  if ((y.length !== 2 && y.length !== 4) || d.length > 2 || m.length > 2) return undefined;
  const day = { year: y.length === 2 ? fullYear(Number(y)) : Number(y), month: Number(m), day: Number(d) };
  return isDay(day.year, day.month, day.day) ? day : undefined;
}

function clockOf(text: string): number {
  const parts = CLOCK.exec(text);
  if (parts === null) return -1;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  const half = parts[4]?.toUpperCase();
  if (minutes > 59 || seconds > 59 || hours > 23 || (half !== undefined && (hours < 1 || hours > 12))) return -1;
  return ((half === undefined ? hours : (hours % 12) + (half === 'P' ? 12 : 0)) * 60 + minutes) * 60 + seconds;
}

/** `75`, `1:15`, `00:01:15`, in ms; undefined when it is none of them. */
function lengthOf(text: string, unit: keyof typeof UNIT_MS): number | undefined {
  if (/^\d{1,10}(?:\.\d{1,3})?$/u.test(text)) return Math.round(Number(text) * UNIT_MS[unit]);
  const parts = /^(?:(\d{1,4}):)?(\d{1,2}):(\d\d)$/u.exec(text);
  if (parts === null || Number(parts[3]) > 59 || (parts[1] !== undefined && Number(parts[2]) > 59)) return undefined;
  return (Number(parts[1] ?? 0) * 3600 + Number(parts[2]) * 60 + Number(parts[3])) * 1000;
}

/** What a line tells of its times, until all of its columns are read. */
export interface CsvTimes {
  /** The start as a stamp, where one column has all of it. */
  stamp: string | undefined;
  start: number | undefined;
  end: number | undefined;
  day: Day | undefined;
  startDay: Day | undefined;
  endDay: Day | undefined;
}

/** Where a column stands, without the blanks around it. One object for all lines. */
export interface CsvSpan {
  line: string;
  from: number;
  to: number;
  digits: 'all' | 'notAll';
}

/** Reads one column; false when it is nothing that the field can hold. */
export type ReadColumn = (record: Draft, span: CsvSpan) => boolean;

const textOf = ({ line, from, to, digits }: CsvSpan): string =>
  digits === 'all' ? digitsText(line, from, to) : line.slice(from, to);

/** What columns are read with. */
interface Reading {
  readonly times: CsvTimes;
  readonly table: CheckedCsvTable;
  readonly settings: SmdrSettings;
}

/** How a column is read; undefined for one that is skipped. */
export function csvColumn(field: CsvField, { times, table, settings }: Reading): ReadColumn | undefined {
  if (field === 'skip') return undefined;
  if (field === 'start' || field === 'end')
    return (_, { line, from, to }) => readStamp(field, { text: line.slice(from, to), times, settings });
  if (field === 'date')
    return (_, { line, from, to }) => {
      times.day = dayOf(line.slice(from, to), settings.dateOrder);
      return times.day !== undefined;
    };
  if (field === 'time' || field === 'endTime') {
    const which = field === 'endTime' || settings.clock === 'end' ? 'end' : 'start';
    return (_, { line, from, to }) => {
      const at = clockOf(line.slice(from, to));
      if (at >= 0) times[which] = at;
      return at >= 0;
    };
  }
  if (field === 'direction') return directionColumn(table);
  return plainColumn(field, table, settings);
}

function directionColumn({ directions: { out, in: incoming, internal } }: CheckedCsvTable): ReadColumn {
  return (record, span) => {
    const text = textOf(span);
    if (out.includes(text)) record.direction = 'out';
    else if (incoming.includes(text)) record.direction = 'in';
    else if (internal.includes(text)) record.direction = 'internal';
    else return false;
    return true;
  };
}

/** The columns that are read by themselves. */
function plainColumn(
  field: Exclude<CsvField, 'skip' | 'start' | 'end' | 'date' | 'time' | 'endTime' | 'direction'>,
  { durationUnit }: CheckedCsvTable,
  { minorDigits }: SmdrSettings,
): ReadColumn {
  if (field === 'duration' || field === 'ring') return lengthColumn(field, durationUnit);
  if (field === 'cost')
    return (record, { line, from, to }) => {
      const minor = moneyOf(line.slice(from, to), minorDigits);
      if (minor !== undefined) record.costMinor = minor;
      return minor !== undefined;
    };
  if (field === 'pulses')
    return (record, { line, from, to }) => {
      const pulses = wholeAt(line, from, to);
      if (pulses >= 0) record.pulses = pulses;
      return pulses >= 0;
    };
  if (field === 'number') return readNumber;
  return (record, span) => {
    record[field] = textOf(span);
    return true;
  };
}

function lengthColumn(field: 'duration' | 'ring', unit: keyof typeof UNIT_MS): ReadColumn {
  return (record, { line, from, to }) => {
    const value = wholeAt(line, from, to);
    const ms = value >= 0 ? value * UNIT_MS[unit] : lengthOf(line.slice(from, to), unit);
    if (ms === undefined) return false;
    if (field === 'duration') record.durationMs = ms;
    else record.ringMs = ms;
    return true;
  };
}

function readNumber(record: Draft, span: CsvSpan): boolean {
  const text = textOf(span);
  if (span.digits === 'all') {
    record.number = text;
    return true;
  }
  if (!/^\+?[\d*#.X ()-]+$/u.test(text)) return false;
  record.number = text.replace(/X/gu, '.');
  if (record.number.includes('.')) doubt(record, 'digitsHidden');
  return true;
}

function readStamp(
  field: 'start' | 'end',
  { text, times, settings }: { readonly text: string; readonly times: CsvTimes; readonly settings: SmdrSettings },
): boolean {
  const parts = /^(\S+)[T ]+(\S+(?: [AP]M)?)$/iu.exec(text.replace(/T(?=\d)/u, ' ').replace(/Z$/u, ''));
  const day = dayOf(parts?.[1] ?? '', settings.dateOrder);
  const at = clockOf(parts?.[2] ?? '');
  if (day === undefined || at < 0) return false;
  times[field] = at;
  times[field === 'start' ? 'startDay' : 'endDay'] = day;
  return true;
}

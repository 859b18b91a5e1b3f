import { csvField, splitCsv } from '../csv.js';
import {
  clockSeconds,
  type Day,
  type Draft,
  doubt,
  fullYear,
  isDay,
  isDigits,
  type MakeFormat,
  misfit,
  moneyOf,
  NO_DOUBTS,
  pad2,
  partsOf,
  stampOf,
  two,
  writeClock,
  writeMoney,
} from '../fields.js';
import type { CheckedCsvTable, SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

type Field = CheckedCsvTable['columns'][number];
const DATE = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/u;
const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])M)?$/iu;
const UNIT_MS = { s: 1000, ms: 1, min: 60_000 } as const;

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
  if (text.length <= 10 && isDigits(text)) return Number(text) * UNIT_MS[unit];
  if (/^\d{1,10}(?:\.\d{1,3})?$/u.test(text)) return Math.round(Number(text) * UNIT_MS[unit]);
  const parts = /^(?:(\d{1,4}):)?(\d{1,2}):(\d\d)$/u.exec(text);
  if (parts === null || Number(parts[3]) > 59 || (parts[1] !== undefined && Number(parts[2]) > 59)) return undefined;
  return (Number(parts[1] ?? 0) * 3600 + Number(parts[2]) * 60 + Number(parts[3])) * 1000;
}

interface Times {
  start?: number;
  end?: number;
  day?: Day;
  startDay?: Day;
  endDay?: Day;
}

function read(line: string, table: CheckedCsvTable, settings: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  const fields = splitCsv(line, table.delimiter);
  if (fields === undefined || fields.length !== table.columns.length) return 'unreadable';
  if (!/\d/u.test(line)) return 'header';
  const record: Draft = { direction: 'unknown', doubts: NO_DOUBTS, raw: line };
  const times: Times = {};
  let read = 0;
  const { columns } = table;
  for (let index = 0; index < columns.length; index += 1) {
    const field = columns[index];
    const text = (fields[index] ?? '').trim();
    if (text === '' || field === undefined || field === 'skip') continue;
    if (readField(record, { field, text, times, table, settings })) read += 1;
    else doubt(record, 'fieldUnreadable');
  }
  if (read === 0) return 'unreadable';
  setStart(record, times, settings);
  if (record.direction === 'in' && record.durationMs !== undefined)
    record.answered = record.durationMs > 0 ? 'answered' : 'unanswered';
  return record;
}

interface Reading {
  readonly field: Field;
  readonly text: string;
  readonly times: Times;
  readonly table: CheckedCsvTable;
  readonly settings: SmdrSettings;
}

/** Sets one field; false when the text is nothing that it can hold. */
function readField(record: Draft, { field, text, times, table, settings }: Reading): boolean {
  if (field === 'skip') return true;
  if (field === 'start' || field === 'end') return readStamp(field, { text, times, settings });
  if (field === 'date') {
    const day = dayOf(text, settings.dateOrder);
    if (day !== undefined) times.day = day;
    return day !== undefined;
  }
  if (field === 'time' || field === 'endTime') {
    const at = clockOf(text);
    if (at >= 0) times[field === 'endTime' || settings.clock === 'end' ? 'end' : 'start'] = at;
    return at >= 0;
  }
  if (field === 'duration' || field === 'ring') {
    const ms = lengthOf(text, table.durationUnit);
    if (ms !== undefined) record[field === 'duration' ? 'durationMs' : 'ringMs'] = ms;
    return ms !== undefined;
  }
  if (field === 'cost') {
    const minor = moneyOf(text, settings.minorDigits);
    if (minor !== undefined) record.costMinor = minor;
    return minor !== undefined;
  }
  if (field === 'direction') {
    const { out, in: incoming, internal } = table.directions;
    const way = out.includes(text)
      ? 'out'
      : incoming.includes(text)
        ? 'in'
        : internal.includes(text)
          ? 'internal'
          : undefined;
    if (way !== undefined) record.direction = way;
    return way !== undefined;
  }
  if (field === 'pulses') {
    if (isDigits(text)) record.pulses = Number(text);
    return isDigits(text);
  }
  if (field === 'number') {
    if (isDigits(text)) {
      record.number = text;
      return true;
    }
    if (!/^\+?[\d*#.X ()-]+$/u.test(text)) return false;
    record.number = text.replace(/X/gu, '.');
    if (record.number.includes('.')) doubt(record, 'digitsHidden');
    return true;
  }
  record[field] = text;
  return true;
}

/** `2026-11-22 09:15:30`, read by its places. */
function usualStamp(text: string): { readonly day: Day; readonly seconds: number } | undefined {
  if (text.length !== 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(13) !== 58)
    return undefined;
  if (text.charCodeAt(16) !== 58 || (text.charCodeAt(10) !== 32 && text.charCodeAt(10) !== 84)) return undefined;
  const [century, year, month, day] = [two(text, 0), two(text, 2), two(text, 5), two(text, 8)];
  const seconds = clockSeconds(text, 11);
  if (century < 0 || year < 0 || seconds < 0 || seconds >= 86_400 || !isDay(century * 100 + year, month, day))
    return undefined;
  return { day: { year: century * 100 + year, month, day }, seconds };
}

function readStamp(
  field: 'start' | 'end',
  { text, times, settings }: Pick<Reading, 'text' | 'times' | 'settings'>,
): boolean {
  const usual = settings.dateOrder === 'ymd' ? usualStamp(text) : undefined;
  if (usual !== undefined) {
    times[field] = usual.seconds;
    times[field === 'start' ? 'startDay' : 'endDay'] = usual.day;
    return true;
  }
  const parts = /^(\S+)[T ]+(\S+(?: [AP]M)?)$/iu.exec(text.replace(/T(?=\d)/u, ' ').replace(/Z$/u, ''));
  const day = dayOf(parts?.[1] ?? '', settings.dateOrder);
  const at = clockOf(parts?.[2] ?? '');
  if (day === undefined || at < 0) return false;
  times[field] = at;
  times[field === 'start' ? 'startDay' : 'endDay'] = day;
  return true;
}

function setStart(record: Draft, { start, end, day, startDay, endDay }: Times, { clock }: SmdrSettings): void {
  const first = startDay ?? day;
  const last = endDay ?? day;
  if (start !== undefined && first !== undefined) record.start = stampOf(first, start);
  else if (end !== undefined && last !== undefined && record.durationMs !== undefined)
    record.start = stampOf(last, end - Math.round((record.durationMs + (record.ringMs ?? 0)) / 1000));
  else doubt(record, 'startUnknown');
  if (record.durationMs !== undefined || start === undefined || end === undefined || first === undefined) return;
  if (clock === 'start' && endDay === undefined && startDay === undefined)
    record.durationMs = (end >= start ? end - start : end + 86_400 - start) * 1000;
}

function writeDay({ year, month, day }: Day, order: SmdrSettings['dateOrder']): string {
  const [m, d] = [pad2(month), pad2(day)];
  return order === 'ymd' ? `${year}-${m}-${d}` : order === 'mdy' ? `${m}/${d}/${year}` : `${d}/${m}/${year}`;
}

function write(record: SmdrRecord, table: CheckedCsvTable, settings: SmdrSettings): string {
  const start = record.start === undefined ? undefined : partsOf(record.start);
  if (start === undefined) throw misfit('start');
  const told = Math.round(((record.durationMs ?? 0) + (record.ringMs ?? 0)) / 1000);
  const end = partsOf(stampOf(start.day, start.seconds + told)) ?? start;
  const stamped = settings.clock === 'end' && !table.columns.includes('start') ? end : start;
  const length = (ms: number | undefined): string => {
    if (ms === undefined) return '';
    const value = ms / UNIT_MS[table.durationUnit];
    if (!Number.isInteger(value)) throw misfit('durationMs');
    return String(value);
  };
  const textOf = (field: Field): string => {
    if (field === 'skip') return '';
    if (field === 'start' || field === 'end') {
      const at = field === 'start' ? start : end;
      return `${writeDay(at.day, settings.dateOrder)} ${writeClock(at.seconds, ':')}`;
    }
    if (field === 'date') return writeDay(stamped.day, settings.dateOrder);
    if (field === 'time') return writeClock(stamped.seconds, ':');
    if (field === 'endTime') return writeClock(end.seconds, ':');
    if (field === 'duration') return length(record.durationMs);
    if (field === 'ring') return length(record.ringMs);
    if (field === 'cost')
      return record.costMinor === undefined ? '' : writeMoney(record.costMinor, settings.minorDigits);
    if (field === 'direction')
      return record.direction === 'unknown' ? '' : (table.directions[record.direction][0] ?? '');
    if (field === 'pulses') return record.pulses === undefined ? '' : String(record.pulses);
    return record[field] ?? '';
  };
  return table.columns.map((field) => csvField(textOf(field), table.delimiter)).join(table.delimiter);
}

/** CSV with the columns that its user describes. */
export const genericCsv: MakeFormat = (settings) => {
  const table = settings.table;
  if (table === undefined) throw misfit('table');
  return { read: (line) => read(line, table, settings), write: (record) => write(record, table, settings) };
};

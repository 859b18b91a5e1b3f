import { csvField, splitCsv } from '../csv.js';
import {
  areDigits,
  clockSeconds,
  type Day,
  type Draft,
  doubt,
  draftsOfFormat,
  isDay,
  isDigits,
  type MakeFormat,
  misfit,
  pad2,
  partsOf,
  stampOf,
  two,
  writeClock,
  writeMoney,
} from '../fields.js';
import type { CheckedCsvTable, SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';
import { type CsvField, type CsvSpan, type CsvTimes, csvColumn, type ReadColumn, UNIT_MS } from './csv-columns.js';

const NewRecord = draftsOfFormat();

const [TAB, BLANK, QUOTE, LETTER_T, DELETE, NO_BREAK] = [9, 32, 34, 84, 127, 160];
const isBlank = (code: number): boolean => code <= BLANK || code === NO_BREAK;

/** What the scan of a line came to, where it is not the number of columns that held something. */
const [WRONG, QUOTED] = [-1, -2];

/** Reads the lines of one table, looking at each character once. */
class CsvReader {
  readonly #columns: readonly (ReadColumn | undefined)[];
  readonly #delimiter: string;
  readonly #settings: SmdrSettings;
  /** The column of the start, where it may be read by its places. */
  readonly #stampAt: number;
  readonly #span: CsvSpan = { line: '', from: 0, to: 0, digits: 'notAll' };
  readonly #times: CsvTimes = {
    stamp: undefined,
    start: undefined,
    end: undefined,
    day: undefined,
    startDay: undefined,
    endDay: undefined,
  };
  /** The last day that was read, as text: most lines have the one of the line before. */
  #dayText = '';
  #dayBegun = '';
  #day: Day | undefined;

  constructor(table: CheckedCsvTable, settings: SmdrSettings) {
    this.#settings = settings;
    this.#delimiter = table.delimiter;
    this.#stampAt = settings.dateOrder === 'ymd' ? table.columns.indexOf('start') : -1;
    this.#columns = table.columns.map((field) => csvColumn(field, { times: this.#times, table, settings }));
  }

  /** A line with a control character is `unreadable` whatever else it holds. */
  read(line: string): SmdrRecord | SmdrOther['kind'] {
    let record = new NewRecord('unknown', line);
    let read = this.#scan(record, line);
    if (read === QUOTED) {
      record = new NewRecord('unknown', line);
      read = this.#quoted(record, line);
    }
    if (read === WRONG) return 'unreadable';
    const times = this.#times;
    if (record.durationMs === undefined && times.start === undefined && !/\d/u.test(line)) return 'header';
    if (read === 0) return 'unreadable';
    if (times.stamp !== undefined) record.start = times.stamp;
    else setStart(record, times, this.#settings);
    if (record.direction === 'in' && record.durationMs !== undefined)
      record.answered = record.durationMs > 0 ? 'answered' : 'unanswered';
    return record;
  }

  #begin(): void {
    const times = this.#times;
    times.stamp = undefined;
    times.start = undefined;
    times.end = undefined;
    times.day = undefined;
    times.startDay = undefined;
    times.endDay = undefined;
  }

  /** How many columns held something; {@link WRONG} where the line has more or fewer than the table, {@link QUOTED} where it has quotes. */
  #scan(record: Draft, line: string): number {
    this.#begin();
    const columns = this.#columns;
    const delimiter = this.#delimiter.charCodeAt(0);
    const span = this.#span;
    const { length } = line;
    let read = 0;
    let from = 0;
    for (let index = 0; index < columns.length; index += 1) {
      if (index === this.#stampAt && line.charCodeAt(from + 19) === delimiter && this.#usualStamp(line, from)) {
        read += 1;
        from += 20;
        continue;
      }
      let others = 0;
      let at = from;
      for (; at < length; at += 1) {
        const code = line.charCodeAt(at);
        if (code === delimiter) break;
        if (code >= 48 && code <= 57) continue;
        if (code === QUOTE) return QUOTED;
        if ((code < BLANK && code !== TAB) || code === DELETE) return WRONG;
        others += 1;
      }
      if (at === length && index < columns.length - 1) return WRONG;
      const column = columns[index];
      if (column !== undefined && at > from) {
        span.line = line;
        span.from = from;
        span.to = at;
        span.digits = others === 0 ? 'all' : 'notAll';
        if (take(record, column, span)) read += 1;
      }
      from = at + 1;
    }
    return from === length + 1 ? read : WRONG;
  }

  #quoted(record: Draft, line: string): number {
    this.#begin();
    const fields = splitCsv(line, this.#delimiter);
    if (fields === undefined || fields.length !== this.#columns.length) return WRONG;
    let read = 0;
    for (const [index, field] of fields.entries()) {
      if (/[\x00-\x08\x0a-\x1f\x7f]/u.test(field)) return WRONG;
      const column = this.#columns[index];
      const digits = isDigits(field) ? 'all' : 'notAll';
      if (column !== undefined && take(record, column, { line: field, from: 0, to: field.length, digits })) read += 1;
    }
    return read;
  }

  /** `2026-11-22 09:15:30`, read by its places. */
  #usualStamp(line: string, from: number): boolean {
    if (line.charCodeAt(from + 13) !== 58 || line.charCodeAt(from + 16) !== 58) return false;
    const joint = line.charCodeAt(from + 10);
    const seconds = clockSeconds(line, from + 11);
    if (seconds < 0 || seconds >= 86_400 || (joint !== BLANK && joint !== LETTER_T)) return false;
    if (this.#dayText === '' || !line.startsWith(this.#dayText, from)) {
      if (line.charCodeAt(from + 4) !== 45 || line.charCodeAt(from + 7) !== 45) return false;
      const year = two(line, from) * 100 + two(line, from + 2);
      const [month, day] = [two(line, from + 5), two(line, from + 8)];
      if (two(line, from) < 0 || two(line, from + 2) < 0 || !isDay(year, month, day)) return false;
      this.#day = { year, month, day };
      this.#dayText = line.slice(from, from + 10);
      this.#dayBegun = `${this.#dayText}T`;
    }
    const times = this.#times;
    times.start = seconds;
    times.startDay = this.#day;
    times.stamp = this.#dayBegun + line.slice(from + 11, from + 19);
    return true;
  }
}

/** Takes the blanks off, and reads what is left; a column with nothing in it is no column read. */
function take(record: Draft, column: ReadColumn, span: CsvSpan): boolean {
  if (span.digits === 'notAll') {
    const { line } = span;
    let { from, to } = span;
    while (from < to && isBlank(line.charCodeAt(from))) from += 1;
    while (to > from && isBlank(line.charCodeAt(to - 1))) to -= 1;
    if (from === to) return false;
    if (from > span.from || to < span.to) {
      span.from = from;
      span.to = to;
      if (areDigits(line, from, to)) span.digits = 'all';
    }
  }
  if (column(record, span)) return true;
  doubt(record, 'fieldUnreadable');
  return false;
}

function setStart(record: Draft, { start, end, day, startDay, endDay }: CsvTimes, { clock }: SmdrSettings): void {
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
  const textOf = (field: CsvField): string => {
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
  const reader = new CsvReader(table, settings);
  return { rejects: 'control', read: (line) => reader.read(line), write: (record) => write(record, table, settings) };
};

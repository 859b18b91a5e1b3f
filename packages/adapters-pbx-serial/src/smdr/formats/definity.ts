import {
  column,
  type Day,
  type Draft,
  doubt,
  draftsOfFormat,
  fit,
  isDay,
  isDigits,
  type LineContext,
  type MakeFormat,
  misfit,
  pad2,
  partsOf,
  stampOf,
  two,
  wholeSeconds,
  YearFinder,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrDirection, SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

/** Condition codes whose direction is certain by themselves; others go by the circuits. Source: CDR chapter of the DEFINITY ECS 8.2 Administrator's Guide. */
function directionOf(code: string): SmdrDirection | undefined {
  switch (code) {
    case '7':
    case 'A':
    case 'B':
      return 'out';
    case '9':
    case 'G':
    case 'H':
    case 'I':
      return 'in';
    case '0':
      return 'internal';
    default:
      return undefined;
  }
}
const BLANKS = [4, 9, 11, 15, 19, 35, 41, 57] as const;
const DATE = /^(?:\d\d:?\d\d )?(\d\d)[ /](\d\d)$/u;

/** A time of arrival, its day and the one before. */
interface Arrival {
  readonly at: string;
  readonly seconds: number;
  readonly day: Day;
  readonly before: Day;
}

interface State {
  readonly years: YearFinder;
  arrival?: Arrival;
  /** Month and day of the last date record. */
  day: { readonly month: number; readonly day: number } | undefined;
}

/** The `printer` format: DEFINITY ECS 8.2 Administrator's Guide, table 31 (positions there count from 1). */
function read(
  line: string,
  context: LineContext,
  { settings, state }: { settings: SmdrSettings; state: State },
): SmdrRecord | SmdrOther['kind'] {
  const date = line.length > 10 ? null : DATE.exec(line);
  if (date !== null) return noteDate(date, state, settings);
  const [hours, minutes] = [two(line, 0), two(line, 2)];
  if (line.length < 36) return 'unreadable';
  for (let index = 0; index < BLANKS.length; index += 1) {
    const at = BLANKS[index] ?? 0;
    if (at < line.length && line.charCodeAt(at) !== 32) return 'unreadable';
  }
  const code = line.charAt(10);
  const letter = line.charCodeAt(10);
  if (letter < 48 || letter > 90 || (letter > 57 && letter < 65)) return 'unreadable';
  const record = new NewRecord('unknown', line);
  record.code = code;
  const length = lengthOf(line);
  if (length < 0) doubt(record, 'fieldUnreadable');
  else record.durationMs = length * 1000;
  const dialled = column(line, 20, 35);
  const calling = column(line, 36, 41);
  const [incoming, outgoing] = [column(line, 73, 76), column(line, 77, 80)];
  record.direction =
    directionOf(code) ??
    (incoming !== '' && outgoing === '' ? 'in' : outgoing !== '' && incoming === '' ? 'out' : 'unknown');
  const [extension, number] = record.direction === 'in' ? [dialled, calling] : [calling, dialled];
  if (isDialled(extension)) record.extension = extension;
  else if (extension !== '') doubt(record, 'fieldUnreadable');
  if (isDialled(number)) record.number = number;
  else if (number !== '') doubt(record, 'fieldUnreadable');
  // Callers stand in five columns, the number dialled in fifteen.
  if (number.length === (record.direction === 'in' ? 5 : 15)) doubt(record, 'columnFull');
  const circuit = record.direction === 'in' ? incoming : outgoing;
  if (isDigits(circuit)) record.line = circuit;
  else if (circuit !== '') doubt(record, 'fieldUnreadable');
  readCodes(record, column(line, 42, 57), column(line, 58, 65));
  if (code === '4') record.continues = 'continues';
  if (code === 'H' || code === 'I') record.answered = 'unanswered';
  readStart(record, hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 ? hours * 3600 + minutes * 60 : -1, {
    length,
    context,
    settings,
    state,
  });
  return record;
}

const isDialled = (text: string): boolean => isDigits(text) || /^[\d*#]+$/u.test(text);

function noteDate(date: RegExpExecArray, state: State, { dateOrder }: SmdrSettings): SmdrOther['kind'] {
  const [first, second] = [Number(date[1]), Number(date[2])];
  const [month, day] = dateOrder === 'dmy' ? [second, first] : [first, second];
  if (!isDay(2000, month, day)) return 'unreadable';
  state.day = { month, day };
  return 'header';
}

/** Hours 1, minutes 2, tenths of a minute 1. */
function lengthOf(line: string): number {
  const hours = line.charCodeAt(5) - 48;
  const minutes = two(line, 6);
  const tenths = line.charCodeAt(8) - 48;
  if (hours < 0 || hours > 9 || minutes < 0 || minutes > 59 || tenths < 0 || tenths > 9) return -1;
  return hours * 3600 + minutes * 60 + tenths * 6;
}

function readCodes(record: Draft, account: string, authorization: string): void {
  if (account === '' && authorization === '') return;
  if (isDialled(account)) record.accountCode = account;
  else if (account !== '') doubt(record, 'fieldUnreadable');
  if (isDialled(authorization)) record.personalCode = authorization;
  else if (authorization !== '') doubt(record, 'fieldUnreadable');
}

interface Timing {
  readonly length: number;
  readonly context: LineContext;
  readonly settings: SmdrSettings;
  readonly state: State;
}

function arrivalOf(at: string | undefined, state: State): Arrival | undefined {
  if (at === undefined) return undefined;
  if (state.arrival?.at === at) return state.arrival;
  const parts = partsOf(at);
  const before = parts && partsOf(stampOf(parts.day, parts.seconds - 86_400));
  if (parts === undefined || before === undefined) return undefined;
  state.arrival = { at, seconds: parts.seconds, day: parts.day, before: before.day };
  return state.arrival;
}

/** No line has a date: it is that of the last date record, else the day of arrival or the one before. */
function readStart(record: Draft, at: number, { length, context, settings, state }: Timing): void {
  if (at < 0) doubt(record, 'fieldUnreadable');
  const arrival = arrivalOf(context.arrivedAt, state);
  let day: Day | undefined;
  if (arrival !== undefined) {
    if (state.day !== undefined) day = state.years.find(context.arrivedAt, state.day.month, state.day.day);
    else day = at > arrival.seconds + 3600 ? arrival.before : arrival.day;
  }
  if (at < 0 || day === undefined || (settings.clock === 'end' && length < 0)) {
    doubt(record, 'startUnknown');
    return;
  }
  record.start = stampOf(day, settings.clock === 'end' ? at - length : at);
  doubt(record, 'dateGuessed');
}

function write(record: SmdrRecord, { clock }: SmdrSettings): string {
  const start = record.start === undefined ? undefined : partsOf(record.start);
  const length = wholeSeconds(record.durationMs, 35_994, 'durationMs');
  if (length % 6 !== 0) throw misfit('durationMs');
  const at = start === undefined || clock === 'start' ? start : partsOf(stampOf(start.day, start.seconds + length));
  if (at === undefined || at.seconds % 60 !== 0) throw misfit('start');
  if (record.costMinor !== undefined || record.ringMs !== undefined) throw misfit('ringMs');
  const code = record.code ?? (record.direction === 'in' ? '9' : record.direction === 'internal' ? '0' : '7');
  const [dialled, calling] =
    record.direction === 'in' ? [record.extension, record.number] : [record.number, record.extension];
  const [incoming, outgoing] = record.direction === 'in' ? [record.line, ''] : ['', record.line];
  return [
    `${pad2(Math.floor(at.seconds / 3600))}${pad2(Math.floor(at.seconds / 60) % 60)}`,
    `${Math.floor(length / 3600)}${pad2(Math.floor(length / 60) % 60)}${(length % 60) / 6}`,
    fit(code, 1, 'code'),
    '   ',
    '   ',
    fit(dialled ?? '', 15, 'number'),
    fit(calling ?? '', 5, 'extension'),
    fit(record.accountCode ?? '', 15, 'accountCode'),
    `${fit(record.personalCode ?? '', 7, 'personalCode')}   `,
    ' ',
    ' ',
    fit(incoming ?? '', 3, 'line'),
    fit(outgoing ?? '', 3, 'line'),
  ]
    .join(' ')
    .trimEnd()
    .padEnd(36);
}

/** Avaya (Lucent) DEFINITY and Communication Manager, the 80-column `printer` format. */
export const definity80: MakeFormat = (settings) => {
  const state: State = { day: undefined, years: new YearFinder() };
  return {
    read: (line, context) => read(line, context, { settings, state }),
    write: (record) => write(record, settings),
  };
};

import { endOf } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { amount, hidden, localTime, two } from './text.js';

/** What a column of the CSV of somebody's own PBX may hold. */
export type CsvColumn =
  | 'start'
  | 'date'
  | 'time'
  | 'duration'
  | 'ring'
  | 'extension'
  | 'line'
  | 'direction'
  | 'number'
  | 'name'
  | 'accountCode'
  | 'cost'
  | 'recordNo';

/** A CSV with the columns that are asked for, quoted after RFC 4180 where needed. */
export function genericCsv(settings: PrinterSettings): RecordPrinter {
  const { delimiter, columns } = settings;
  const quoted = (text: string): string =>
    text.includes(delimiter) || /["\r\n]/u.test(text) ? `"${text.replace(/"/gu, '""')}"` : text;
  let recordNo = 0;
  return {
    title: [columns.join(delimiter)],
    calls: (call) =>
      call.legs.map((leg, index) => {
        recordNo += 1;
        const at = localTime(leg.startS);
        const day = `${at.year}-${two(at.month)}-${two(at.day)}`;
        const time = `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
        const last = index === call.legs.length - 1;
        const values: Readonly<Record<CsvColumn, string>> = {
          start: `${day} ${time}`,
          date: day,
          time,
          duration: String(leg.talkS),
          ring: String(leg.ringS),
          extension: leg.extension,
          line: call.line === undefined ? '' : two(call.line),
          direction: { in: 'I', out: 'O', internal: 'N' }[call.direction],
          number: hidden(call.number ?? '', call.hiddenFrom, 'X'),
          name: call.name ?? '',
          accountCode: last ? (call.account ?? '') : '',
          cost: last && call.costMinor !== undefined ? amount(call.costMinor, settings.minorDigits) : '',
          recordNo: String(recordNo).padStart(6, '0'),
        };
        const text = columns.map((column) => quoted(values[column])).join(delimiter);
        return { text, call, leg: index, atS: endOf(leg) };
      }),
  };
}

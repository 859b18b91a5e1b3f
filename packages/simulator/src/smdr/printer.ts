import type { PbxCall, PbxEvent, PrintedRecord } from './call.js';
import { dbs } from './dbs.js';
import { definity80 } from './definity.js';
import { type CsvColumn, genericCsv } from './generic-csv.js';
import { ipoffice } from './ipoffice.js';
import { kxTa } from './kx-ta.js';
import { kxTd, panasonicA, panasonicB, panasonicC } from './panasonic.js';
import { shenou } from './shenou.js';
import { type DateOrder, localTime } from './text.js';

/** How the simulated PBX is set. */
export interface SmdrPrinterOptions {
  /** Default `mdy`. */
  readonly dateOrder?: DateOrder;
  /** Default 12. */
  readonly hours?: 12 | 24;
  /** `cr` for printers that feed lines by themselves. Default `crlf`. */
  readonly newLine?: 'crlf' | 'cr';
  /** Lines of a page with its title and what is skipped, 4-99; 0: no pages and no titles. Default 66. */
  readonly pageLines?: number;
  /** Of these, blank ones at the end for the perforation, 0-95 and at least four fewer. Default 0. */
  readonly skipLines?: number;
  /** Title of a page in place of the format's own, such as in another language. */
  readonly title?: readonly string[];
  /** Letters of the currency. Default `EUR`. */
  readonly currency?: string;
  /** Digits of the currency below its unit, 0-4. Default 2. */
  readonly minorDigits?: number;
  /** `dbs` alone. Default `824`. */
  readonly variant?: '824' | '576';
  /** `generic-csv` alone. */
  readonly columns?: readonly CsvColumn[];
  /** `generic-csv` alone. Default a comma. */
  readonly delimiter?: string;
}

/** {@link SmdrPrinterOptions} with their defaults. */
export type PrinterSettings = Required<Omit<SmdrPrinterOptions, 'title'>> & Pick<SmdrPrinterOptions, 'title'>;

/** What a format prints. */
export interface RecordPrinter {
  /** Lines at the top of a page. */
  readonly title: readonly string[];
  /** A line for each record that the PBX makes of a call; none where the family does not log such calls. */
  calls(call: PbxCall): readonly PrintedRecord[];
  /** A line of what is no call, in families that log it. */
  event?(event: PbxEvent): string;
  /** A line that says the day, in families whose records do not. */
  dateRecord?(atS: number): string;
}

const FORMATS = {
  'panasonic-a': panasonicA,
  'panasonic-b': panasonicB,
  'panasonic-c': panasonicC,
  'kx-td': kxTd,
  'kx-ta': kxTa,
  dbs,
  shenou,
  'ipoffice-csv': ipoffice,
  'definity-80': definity80,
  'generic-csv': genericCsv,
} as const satisfies Readonly<Record<string, (settings: PrinterSettings) => RecordPrinter>>;

/** A format of call records that the simulated PBX can print. */
export type SimSmdrFormat = keyof typeof FORMATS;
/** All of them. */
export const SIM_SMDR_FORMATS = Object.keys(FORMATS) as readonly SimSmdrFormat[];

/** Families whose printers have pages. */
const PAGED: readonly SimSmdrFormat[] = ['panasonic-a', 'panasonic-b', 'panasonic-c', 'kx-td', 'kx-ta'];
/** DEFINITY ends its lines with three nulls, for printers whose head takes its time (Administrator's Guide, date record). */
const NULLS: readonly SimSmdrFormat[] = ['definity-80'];

/** What the PBX puts out for one thing that happened: text to the byte, and the records in it. */
export interface Printed {
  readonly text: string;
  readonly records: readonly PrintedRecord[];
}

/** The printer of a simulated PBX: columns, pages, titles, ends of lines. */
export class SmdrPrinter {
  readonly format: SimSmdrFormat;
  readonly #settings: PrinterSettings;
  readonly #records: RecordPrinter;
  readonly #end: string;
  /** Lines printed on this page. */
  #line = 0;
  #day = -1;

  /** @throws {RangeError} a page that holds no record */
  constructor(format: SimSmdrFormat, options: SmdrPrinterOptions = {}) {
    this.format = format;
    this.#settings = {
      dateOrder: 'mdy',
      hours: 12,
      newLine: 'crlf',
      pageLines: PAGED.includes(format) ? 66 : 0,
      skipLines: 0,
      currency: 'EUR',
      minorDigits: 2,
      variant: '824',
      columns: [
        'start',
        'duration',
        'ring',
        'extension',
        'line',
        'direction',
        'number',
        'accountCode',
        'cost',
        'recordNo',
      ],
      delimiter: ',',
      ...options,
    };
    const { pageLines, skipLines, newLine } = this.#settings;
    if (pageLines !== 0 && (pageLines < 4 || pageLines > 99 || skipLines < 0 || skipLines > pageLines - 4)) {
      throw new RangeError('a page has 4 to 99 lines, and four more than are skipped');
    }
    this.#records = FORMATS[format](this.#settings);
    this.#end = `${newLine === 'cr' ? '\r' : '\r\n'}${NULLS.includes(format) ? '\0\0\0' : ''}`;
  }

  /** What is printed when the line opens at this time: a title, a date. */
  open(atS: number): string {
    this.#line = 0;
    this.#day = -1;
    const title = this.#settings.pageLines === 0 ? '' : this.#title();
    return title + this.#date(atS);
  }

  /** Prints what the PBX logs of a whole call. */
  call(call: PbxCall): Printed {
    const records = this.#records.calls(call);
    return { text: records.map((record) => this.record(record)).join(''), records };
  }

  /** The records of a call, for one who prints each in its time by {@link record}. */
  recordsOf(call: PbxCall): readonly PrintedRecord[] {
    return this.#records.calls(call);
  }

  /** Prints one record, with what must stand before it: the title of a page, the day. */
  record({ text, atS }: PrintedRecord): string {
    return this.#date(atS) + this.#put(text);
  }

  /** Prints something that is no call; nothing in families that do not log it. */
  event(event: PbxEvent): string {
    const line = this.#records.event?.(event);
    return line === undefined ? '' : this.#put(line);
  }

  #date(atS: number): string {
    const { dateRecord } = this.#records;
    if (dateRecord === undefined) return '';
    const { year, month, day } = localTime(atS);
    const today = (year * 12 + month) * 31 + day;
    if (today === this.#day) return '';
    this.#day = today;
    return this.#put(dateRecord(atS));
  }

  #title(): string {
    const lines = this.#settings.title ?? this.#records.title;
    this.#line = lines.length;
    return lines.map((line) => line + this.#end).join('');
  }

  #put(line: string): string {
    const { pageLines, skipLines } = this.#settings;
    if (pageLines === 0) return line + this.#end;
    let before = '';
    if (this.#line === 0) before = this.#title();
    else if (this.#line >= pageLines - skipLines) before = this.#end.repeat(skipLines) + this.#title();
    this.#line += 1;
    return before + line + this.#end;
  }
}

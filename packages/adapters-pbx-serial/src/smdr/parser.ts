import type { LineContext, LineFormat } from './fields.js';
import { FORMATS } from './formats/index.js';
import { LineCutter } from './lines.js';
import { type SmdrFormatName, type SmdrOptions, settingsOf } from './options.js';
import type { SmdrDoubt, SmdrOther, SmdrRecord } from './record.js';

/** What one piece of the stream brought, each list in the order of the lines. */
export interface SmdrParsed {
  readonly records: readonly SmdrRecord[];
  /** Lines of the records, at the same places: the first line of the stream is 1. */
  readonly lineNos: readonly number[];
  readonly others: readonly SmdrOther[];
}

/** Reads one stream of call records. */
export interface SmdrParser {
  /**
   * Takes the next piece, cut anywhere.
   *
   * @param arrivedAt - local time at which it came, `YYYY-MM-DDTHH:MM:SS`; formats without a date or a year need one
   * @returns what it completed; never throws, whatever the bytes are
   */
  push(piece: Uint8Array | string, arrivedAt?: string): SmdrParsed;
  /** The link was lost and is back: what was under way is `partial`, and so may the next line be. */
  reconnected(): SmdrParsed;
  /** The stream is over: a last line without an end is read too, with the doubt `perhapsCut`. */
  finish(): SmdrParsed;
}

const NO_RECORDS: readonly SmdrRecord[] = Object.freeze([]);
const NO_LINES: readonly number[] = Object.freeze([]);
const NO_OTHERS: readonly SmdrOther[] = Object.freeze([]);

/** Longest part of a line that is handed on when it is no record. */
const RAW_MAX = 256;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/u;
/** The same in a piece of many lines: CR, LF and form feed end them. */
const CONTROL_IN_PIECE = /[\x00-\x08\x0b\x0e-\x1f\x7f]/u;
/** What printers and links put around lines: nulls, XON and XOFF, start and end of text. */
const AROUND = /^[\x00\x02\x03\x11\x13]+|[\x00\x02\x03\x11\x13]+$/gu;
const RULER = /^[\s\-=_~+|.]*[-=_~]{4}[\s\-=_~+|.]*$/u;
/** Printable, no digit, three words: titles of columns in any language. */
const TITLES = /^[^\d\x00-\x1f\x7f]*$/u;

class Parser implements SmdrParser {
  readonly #format: LineFormat;
  readonly #cutter: LineCutter;
  readonly #isStrict: boolean;
  readonly #context: LineContext;
  readonly #cutOff: 'csv' | 'columns';
  #first: 'whole' | 'midstream';
  #lineNo = 0;
  /** Whether the piece or what is held before it has control characters: looked for once a piece, not once a line. */
  #mayBeOdd = false;
  #records: SmdrRecord[] = [];
  #lineNos: number[] = [];
  #others: SmdrOther[] = [];

  constructor(name: SmdrFormatName, options: SmdrOptions) {
    this.#format = FORMATS[name](settingsOf(name, options));
    this.#isStrict = this.#format.rejects === 'control';
    this.#context = { arrivedAt: options.arrivedAt };
    this.#cutOff = name.endsWith('-csv') ? 'csv' : 'columns';
    this.#first = options.begins ?? 'whole';
    this.#cutter = new LineCutter(options.maxLineLength ?? 1024, (text, ending) => {
      this.#lineNo += 1;
      if (ending === 'cut') {
        this.#other(this.#first === 'midstream' ? 'partial' : 'unreadable', text);
        this.#first = 'whole';
      } else this.#line(text);
    });
  }

  push(piece: Uint8Array | string, arrivedAt?: string): SmdrParsed {
    if (arrivedAt !== undefined) this.#context.arrivedAt = arrivedAt;
    // One byte is one column, whatever code names are written in.
    const text =
      typeof piece === 'string'
        ? piece
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    if (!this.#isStrict && CONTROL_IN_PIECE.test(text)) this.#mayBeOdd = true;
    this.#cutter.push(text);
    if (this.#mayBeOdd) this.#mayBeOdd = CONTROL.test(this.#cutter.held);
    return this.#taken();
  }

  reconnected(): SmdrParsed {
    const held = this.#cutter.take();
    if (held !== '') {
      this.#lineNo += 1;
      this.#other('partial', held);
    }
    this.#first = 'midstream';
    return this.#taken();
  }

  finish(): SmdrParsed {
    const held = this.#cutter.take();
    if (held !== '') {
      this.#lineNo += 1;
      this.#line(held);
      const last = this.#records.at(-1);
      if (last !== undefined && this.#lineNos.at(-1) === this.#lineNo)
        this.#records.splice(-1, 1, doubted(last, 'perhapsCut'));
    }
    return this.#taken();
  }

  #line(text: string): void {
    const first = this.#first;
    this.#first = 'whole';
    if (this.#isStrict && text.charCodeAt(0) > 32) {
      const read = this.#format.read(text, this.#context);
      if (typeof read !== 'string') return this.#record(read, first);
    }
    const odd = (this.#mayBeOdd || this.#isStrict) && CONTROL.test(text);
    const line = odd ? text.replace(AROUND, '') : text;
    if (line.length === 0 || (line.charCodeAt(0) <= 32 && line.trim() === '')) {
      // A line's end alone says nothing about where the stream was cut.
      this.#other('empty', text);
      return;
    }
    const read = odd && CONTROL.test(line) ? 'unreadable' : this.#format.read(line, this.#context);
    if (typeof read !== 'string') return this.#record(read, first);
    if (read !== 'unreadable') return this.#other(read, line);
    const kind = kindOf(line);
    this.#other(kind === 'unreadable' && first === 'midstream' ? 'partial' : kind, line);
  }

  #record(record: SmdrRecord, first: 'whole' | 'midstream'): void {
    // Columns show that their beginning is missing; a field of CSV may be shorter by a digit and look well.
    this.#records.push(first === 'midstream' && this.#cutOff === 'csv' ? doubted(record, 'perhapsCut') : record);
    this.#lineNos.push(this.#lineNo);
  }

  #other(kind: SmdrOther['kind'], text: string): void {
    this.#others.push({ kind, lineNo: this.#lineNo, raw: text.length > RAW_MAX ? text.slice(0, RAW_MAX) : text });
  }

  /** What was handed out is never written to again. */
  #taken(): SmdrParsed {
    const records = this.#records.length === 0 ? NO_RECORDS : this.#records;
    const lineNos = this.#lineNos.length === 0 ? NO_LINES : this.#lineNos;
    const others = this.#others.length === 0 ? NO_OTHERS : this.#others;
    if (records !== NO_RECORDS) [this.#records, this.#lineNos] = [[], []];
    if (others !== NO_OTHERS) this.#others = [];
    return { records, lineNos, others };
  }
}

/** What a line may be that no format reads. */
function kindOf(line: string): 'header' | 'init' | 'unreadable' {
  if (RULER.test(line)) return 'header';
  if (/^AT[A-Z0-9&+=\\%*#?^~$ ]{0,60}$/iu.test(line)) return 'init';
  if (/^\s*(?:page|seite)\b/iu.test(line)) return 'header';
  if (TITLES.test(line) && line.trim().split(/\s+/u).length >= 3) return 'header';
  return 'unreadable';
}

const doubted = (record: SmdrRecord, what: SmdrDoubt): SmdrRecord => ({ ...record, doubts: [...record.doubts, what] });

/**
 * Reads the call records that a PBX prints, line by line.
 *
 * Nothing is guessed in silence: what a record leaves open stands in its `doubts`, and every line that is no record is told in `others` with
 * its number. Formats without a check cannot show that one digit became another on the wire; what no longer looks like its column is
 * told or left out with `fieldUnreadable`.
 *
 * @param options - how the PBX is set; all have the factory's defaults
 * @throws {CtiError} `argument.invalid` for an unknown format or options out of range
 */
export function createSmdrParser(format: SmdrFormatName, options: SmdrOptions = {}): SmdrParser {
  return new Parser(format, options);
}

/**
 * Writes a record as one line of a format, without its end of line. Stamps are written as the format has them, of the end or the start.
 *
 * @throws {CtiError} `argument.invalid` when a value has no place in the format: a second where it tells minutes, a number too long; `details.path` says which
 */
export function formatSmdr(format: SmdrFormatName, record: SmdrRecord, options: SmdrOptions = {}): string {
  return FORMATS[format](settingsOf(format, options)).write(record);
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type CsvTable,
  createRepeatFilter,
  createSmdrParser,
  mergeCalls,
  SMDR_FORMATS,
  type SmdrFormatName,
  type SmdrOptions,
  type SmdrOther,
  type SmdrParsed,
  type SmdrRecord,
} from '@cordboard/adapters-pbx-serial/smdr';
import { CtiError } from '@cordboard/cti-core';
import type { CommandContext } from '../commands/context.js';

/** How the records of a file are written, and what to do with them. */
export interface ReadOptions {
  readonly format: string;
  readonly dateOrder?: 'mdy' | 'dmy' | 'ymd';
  readonly clock?: 'start' | 'end';
  readonly minorDigits?: number;
  readonly variant?: '824' | '576';
  readonly columns?: string;
  readonly delimiter?: string;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  readonly merge?: true;
  readonly json?: 'json';
}

/** What takes the content of files. */
export interface ReadSink {
  record(record: SmdrRecord): void;
  other(other: SmdrOther): void;
}

/** Records that stand elsewhere already: what is a block of them is left out. */
export interface KnownRecords {
  readonly records: readonly SmdrRecord[];
  /** How many are remembered, 10-100,000. */
  readonly remember: number;
  readonly repeated: (record: SmdrRecord) => void;
}

/** @throws {CtiError} `argument.invalid` for a format that is not known */
export function formatOf(name: string): SmdrFormatName {
  const found = SMDR_FORMATS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new CtiError('argument.invalid', `no such format; there are: ${SMDR_FORMATS.join(', ')}`);
}

/** The options of the reader that a command line names. */
export function smdrOptionsOf({
  dateOrder,
  clock,
  minorDigits,
  variant,
  columns,
  delimiter,
}: ReadOptions): Omit<SmdrOptions, 'arrivedAt'> {
  const table =
    columns === undefined
      ? undefined
      : { columns: columns.split(','), ...(delimiter === undefined ? {} : { delimiter }) };
  return {
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(clock === undefined ? {} : { clock }),
    ...(minorDigits === undefined ? {} : { minorDigits }),
    ...(variant === undefined ? {} : { variant }),
    // Names of columns are checked by the reader, which tells the wrong one.
    ...(table === undefined ? {} : { table: table as CsvTable }),
  };
}

function localStamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
 * Reads the records of a file, piece by piece; with `merge`, a whole file is held.
 *
 * @throws {CtiError} `argument.invalid` for wrong options; what the file system says for a file that cannot be read
 */
export async function readRecords(
  file: string,
  options: ReadOptions,
  {
    sink,
    context,
    known,
  }: { readonly sink: ReadSink; readonly context: CommandContext; readonly known?: KnownRecords },
): Promise<void> {
  const path = resolve(context.folder, file);
  if (options.date !== undefined && !/^\d{4}-\d\d-\d\d$/u.test(options.date))
    throw new CtiError('argument.invalid', '--date is YYYY-MM-DD');
  const { mtime } = await stat(path);
  const arrivedAt = options.date === undefined ? localStamp(mtime) : `${options.date}T23:59:59`;
  const parser = createSmdrParser(formatOf(options.format), { ...smdrOptionsOf(options), arrivedAt });
  const repeats = createRepeatFilter(known === undefined ? {} : { remember: known.remember });
  if (known !== undefined) {
    repeats.remember(known.records);
    repeats.reconnected();
  }
  const held: SmdrRecord[] = [];
  let isRepeating = false;
  const one = (record: SmdrRecord): void => {
    if (options.merge === true) held.push(record);
    else sink.record(record);
  };
  /** Everything in the order of its lines, but for records that are held back until it is known whether they are a repeat. */
  const take = ({ records, lineNos, others }: SmdrParsed): void => {
    let [at, line] = [0, 0];
    const othersBefore = (lineNo: number): void => {
      for (let other = others[at]; other !== undefined && other.lineNo < lineNo; other = others[at]) {
        sink.other(other);
        at += 1;
      }
    };
    const { kept, dropped } = repeats.push(records);
    for (const record of dropped) known?.repeated(record);
    // Files are by month and lines by their ends, so that a block may end at midnight and go on.
    if (known !== undefined && isRepeating && kept.length > 0) repeats.reconnected();
    isRepeating = dropped.length > 0;
    if (dropped.length > 0 || kept.length !== records.length) for (const record of kept) one(record);
    else
      for (const record of kept) {
        othersBefore(lineNos[line] ?? 0);
        one(record);
        line += 1;
      }
    othersBefore(Number.POSITIVE_INFINITY);
  };
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 16, signal: context.signal }))
    for (const parsed of inTurns(parser.push(piece as Buffer), known)) take(parsed);
  take(parser.finish());
  for (const record of repeats.flush().kept) one(record);
  for (const { record } of mergeCalls(held)) sink.record(record);
}

/** One record at a time where each may end a block of known ones. */
function* inTurns(parsed: SmdrParsed, known: KnownRecords | undefined): Generator<SmdrParsed> {
  if (known === undefined) {
    yield parsed;
    return;
  }
  const { records, lineNos, others } = parsed;
  for (const [index, record] of records.entries())
    yield { records: [record], lineNos: lineNos.slice(index, index + 1), others: [] };
  yield { records: [], lineNos: [], others };
}

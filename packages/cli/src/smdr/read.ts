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

/** @throws {CtiError} `argument.invalid` for a format that is not known */
export function formatOf(name: string): SmdrFormatName {
  const found = SMDR_FORMATS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new CtiError('argument.invalid', `no such format; there are: ${SMDR_FORMATS.join(', ')}`);
}

function optionsOf(
  { dateOrder, clock, minorDigits, variant, columns, delimiter }: ReadOptions,
  arrivedAt: string,
): SmdrOptions {
  const table =
    columns === undefined
      ? undefined
      : { columns: columns.split(','), ...(delimiter === undefined ? {} : { delimiter }) };
  return {
    arrivedAt,
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
  { sink, context }: { readonly sink: ReadSink; readonly context: CommandContext },
): Promise<void> {
  const path = resolve(context.folder, file);
  if (options.date !== undefined && !/^\d{4}-\d\d-\d\d$/u.test(options.date))
    throw new CtiError('argument.invalid', '--date is YYYY-MM-DD');
  const { mtime } = await stat(path);
  const arrivedAt = options.date === undefined ? localStamp(mtime) : `${options.date}T23:59:59`;
  const parser = createSmdrParser(formatOf(options.format), optionsOf(options, arrivedAt));
  const repeats = createRepeatFilter();
  const held: SmdrRecord[] = [];
  const one = (record: SmdrRecord): void => {
    if (options.merge === true) held.push(record);
    else sink.record(record);
  };
  /** Everything in the order of its lines. */
  const take = ({ records, lineNos, others }: SmdrParsed): void => {
    const { kept, dropped } = repeats.push(records);
    const gone = new Set(dropped);
    let [next, other] = [0, 0];
    const othersBefore = (lineNo: number): void => {
      for (let at = others[other]; at !== undefined && at.lineNo < lineNo; at = others[other]) {
        sink.other(at);
        other += 1;
      }
    };
    for (const [index, record] of records.entries()) {
      if (gone.has(record)) continue;
      othersBefore(lineNos[index] ?? 0);
      one(kept[next] ?? record);
      next += 1;
    }
    othersBefore(Number.POSITIVE_INFINITY);
  };
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 16, signal: context.signal }))
    take(parser.push(piece as Buffer));
  take(parser.finish());
  for (const { record } of mergeCalls(held)) sink.record(record);
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type CallCharge,
  type RateBook,
  type RateTable,
  rateBook,
  rateCall,
  recompute,
  totalsOf,
} from '@cordboard/adapters-pbx-serial/rating';
import { mergeCalls, openSmdrArchive, type SmdrRecord } from '@cordboard/adapters-pbx-serial/smdr';
import { CtiError } from '@cordboard/cti-core';
import { type CommandContext, type ExitCode, withFile } from '../commands/context.js';
import { lineOf } from './parse.js';
import { formatOf, type ReadOptions, readRecords } from './read.js';

/** Options of `cordboard rate`. */
export interface RateOptions extends Omit<ReadOptions, 'format'> {
  /** Needed for files. */
  readonly format?: string;
  /** Folder of an archive. */
  readonly archive?: string;
  /** `YYYY-MM`, of the archive. */
  readonly month?: string;
  readonly table: string;
  readonly against?: string;
}

async function bookOf(file: string, context: CommandContext): Promise<RateBook> {
  let text: string;
  try {
    text = await readFile(resolve(context.folder, file), 'utf8');
  } catch (cause) {
    throw new CtiError('config.invalid', 'the rate table cannot be read', { cause, details: { path: file } });
  }
  return withFile(file, context, () => {
    try {
      return rateBook(JSON.parse(text) as RateTable);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new CtiError('config.invalid', 'the rate table is no JSON', { cause: error });
    }
  });
}

const chargeOf = (charge: CallCharge): Readonly<Record<string, unknown>> =>
  charge.outcome === 'unrated'
    ? { unrated: charge.reason }
    : {
        cost: charge.costMinor,
        ...(charge.outcome === 'free'
          ? { free: charge.why }
          : { kind: charge.kind, prefix: charge.prefix, units: charge.units, day: charge.day }),
      };

interface Calls {
  readonly records: readonly SmdrRecord[];
  readonly unreadable: number;
}

async function ofFiles(files: readonly string[], options: RateOptions, context: CommandContext): Promise<Calls> {
  const format = formatOf(options.format ?? '');
  const records: SmdrRecord[] = [];
  let unreadable = 0;
  for (const file of files) {
    await readRecords(
      file,
      { ...options, format },
      {
        context,
        sink: {
          record: (record) => void records.push(record),
          other({ kind, lineNo }) {
            if (kind !== 'unreadable' && kind !== 'partial') return;
            unreadable += 1;
            context.output.err(
              `cordboard: ${file}:${lineNo}: ${kind === 'partial' ? 'part of a record' : 'unreadable'}`,
            );
          },
        },
      },
    );
  }
  return { records, unreadable };
}

/** The month after, as a bound that is no day of this one. */
const after = (month: string): string => `${month}-99`;

async function ofArchive(folder: string, { month, merge }: RateOptions, context: CommandContext): Promise<Calls> {
  if (month !== undefined && !/^\d{4}-(?:0[1-9]|1[0-2])$/u.test(month))
    throw new CtiError('argument.invalid', '--month is YYYY-MM');
  const records: SmdrRecord[] = [];
  let unreadable = 0;
  const query = month === undefined ? {} : { from: month, to: after(month) };
  const found = openSmdrArchive(resolve(context.folder, folder)).query(query, ({ file, firstLine, lines, kind }) => {
    unreadable += lines;
    context.output.err(`cordboard: ${file}:${firstLine}: ${lines} line${lines === 1 ? '' : 's'} ${kind}`);
  });
  for await (const record of found) records.push(record);
  return { records: merge === true ? mergeCalls(records).map(({ record }) => record) : records, unreadable };
}

/**
 * Prices the calls of files or of an archive: a JSON line for each, and one with the sums at the end. With `against`, a line for each call that the new table
 * changes, and the sums of both.
 */
export async function rateFiles(
  files: readonly string[],
  options: RateOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { output } = context;
  if ((options.archive === undefined) === (files.length === 0))
    throw new CtiError('argument.invalid', 'give either files or --archive');
  const book = await bookOf(options.table, context);
  const before = options.against === undefined ? undefined : await bookOf(options.against, context);
  const { records, unreadable } =
    options.archive === undefined
      ? await ofFiles(files, options, context)
      : await ofArchive(options.archive, options, context);
  const { currency, minorDigits } = book;
  if (before === undefined) {
    const charges = records.map((record) => rateCall(record, book));
    for (const [index, record] of records.entries()) {
      const charge = charges[index];
      const { cost: _pbx, raw: _raw, ...line } = lineOf(record);
      if (charge !== undefined) output.out(JSON.stringify({ ...line, ...chargeOf(charge) }));
    }
    output.out(JSON.stringify({ totals: { ...totalsOf(records, charges), currency, minorDigits, unreadable } }));
    return 0;
  }
  const report = recompute(records, before, book);
  for (const { record, before: was, after, differenceMinor } of report.differences) {
    const { cost: _pbx, raw: _raw, ...line } = lineOf(record);
    output.out(JSON.stringify({ ...line, before: chargeOf(was), after: chargeOf(after), difference: differenceMinor }));
  }
  const { differences, ...sums } = report;
  output.out(JSON.stringify({ totals: { ...sums, changed: differences.length, currency, minorDigits, unreadable } }));
  return 0;
}

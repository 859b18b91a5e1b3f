import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';

/** Formats of call records that are read and written. */
export const SMDR_FORMATS = [
  'panasonic-a',
  'panasonic-b',
  'panasonic-c',
  'kx-td',
  'kx-ta',
  'dbs',
  'shenou',
  'ipoffice-csv',
  'definity-80',
  'generic-csv',
] as const;

/** One of {@link SMDR_FORMATS}. */
export type SmdrFormatName = (typeof SMDR_FORMATS)[number];

/** What a column of a user's CSV holds. `start` and `end`: date and time in one; `skip`: not used. */
const CSV_FIELDS = [
  ...(['start', 'end', 'date', 'time', 'endTime', 'duration', 'ring', 'extension', 'line', 'direction'] as const),
  ...(['number', 'name', 'accountCode', 'personalCode', 'cost', 'pulses', 'code', 'recordNo', 'skip'] as const),
] as const;

const words = z.array(z.string().min(1).max(32)).max(16);

/** The columns of a CSV that `generic-csv` reads, as its user describes them. */
export const csvTableSchema = z
  .strictObject({
    /** What each column holds, from the left. */
    columns: z.array(z.enum(CSV_FIELDS)).min(2).max(64),
    /** Between columns; default a comma. */
    delimiter: z.string().length(1).default(','),
    /** Unit of plain numbers in `duration` and `ring`; with colons they are hours, minutes and seconds. */
    durationUnit: z.enum(['s', 'ms', 'min']).default('s'),
    /** Words of the `direction` column. */
    directions: z
      .strictObject({ out: words.default(['O', 'out']), in: words.default(['I', 'in']), internal: words.default([]) })
      .default({ out: ['O', 'out'], in: ['I', 'in'], internal: [] }),
  })
  .refine(
    ({ columns }) =>
      new Set(columns.filter((one) => one !== 'skip')).size === columns.filter((one) => one !== 'skip').length,
    {
      message: 'a field stands in two columns',
      path: ['columns'],
    },
  );

/** Description of a user's CSV; see {@link csvTableSchema}. */
export type CsvTable = z.input<typeof csvTableSchema>;
/** A checked {@link CsvTable} with its defaults. */
export type CheckedCsvTable = z.output<typeof csvTableSchema>;

/** How a PBX is set; all of it has a default that is the factory's. */
export interface SmdrOptions {
  /** Order of day, month and year, which Panasonic PBXs let their installer choose. Default `mdy`; `ymd` for generic-csv. */
  readonly dateOrder?: 'mdy' | 'dmy' | 'ymd';
  /** What the time stamp is: of the end or of the start of the call. Default: the format's own. */
  readonly clock?: 'start' | 'end';
  /** How {@link formatSmdr} writes hours, where the format leaves a choice; reading takes both. Default 12. */
  readonly hours?: 12 | 24;
  /** Digits of the currency below its unit, 0 to 4; default 2. */
  readonly minorDigits?: number;
  /** `dbs` only: the PBX family. Default `824`. */
  readonly variant?: '824' | '576';
  /** `generic-csv` only, and there required. */
  readonly table?: CsvTable;
  /** How the stream begins: `midstream` where a line may be under way, as on a port just opened. Default `whole`. */
  readonly begins?: 'whole' | 'midstream';
  /** Longest line, 80 to 65 536 characters; default 1024. What is longer is reported and skipped. */
  readonly maxLineLength?: number;
  /** Local time of arrival `YYYY-MM-DDTHH:MM:SS` until the first `push` that brings one: for formats without a year or a date. */
  readonly arrivedAt?: string;
}

/** Options with their defaults. */
export interface SmdrSettings {
  readonly dateOrder: 'mdy' | 'dmy' | 'ymd';
  readonly clock: 'start' | 'end';
  readonly hours: 12 | 24;
  readonly minorDigits: number;
  readonly variant: '824' | '576';
  readonly table: CheckedCsvTable | undefined;
}

const END_STAMPED: readonly SmdrFormatName[] = ['panasonic-a', 'panasonic-b', 'panasonic-c', 'kx-td', 'definity-80'];

const invalid = (path: string, message: string): CtiError =>
  new CtiError('argument.invalid', message, { details: { path } });

/**
 * Checks options and fills in a format's defaults.
 *
 * @throws {CtiError} `argument.invalid` for an unknown format, a value out of range, a missing or wrong CSV table
 */
export function settingsOf(format: SmdrFormatName, options: SmdrOptions): SmdrSettings {
  if (!SMDR_FORMATS.includes(format)) {
    throw invalid('format', `no such format of call records; there are: ${SMDR_FORMATS.join(', ')}`);
  }
  const { minorDigits = 2, maxLineLength = 1024 } = options;
  if (!Number.isInteger(minorDigits) || minorDigits < 0 || minorDigits > 4)
    throw invalid('minorDigits', 'a currency has 0 to 4 minor digits');
  if (!Number.isInteger(maxLineLength) || maxLineLength < 80 || maxLineLength > 65_536)
    throw invalid('maxLineLength', 'the longest line is 80 to 65536 characters');
  return {
    dateOrder: options.dateOrder ?? (format === 'generic-csv' ? 'ymd' : 'mdy'),
    clock: options.clock ?? (END_STAMPED.includes(format) ? 'end' : 'start'),
    hours: options.hours ?? 12,
    minorDigits,
    variant: options.variant ?? '824',
    table: format === 'generic-csv' ? checkedTable(options.table) : undefined,
  };
}

function checkedTable(table: CsvTable | undefined): CheckedCsvTable {
  if (table === undefined) throw invalid('table', 'generic-csv needs the table of its columns');
  const checked = csvTableSchema.safeParse(table);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw invalid(
    ['table', ...(issue?.path ?? [])].join('.'),
    `the column table is wrong: ${issue?.message ?? 'unreadable'}`,
  );
}

import { createHash } from 'node:crypto';
import { SWITCH_CALL_ENDS } from '@cordboard/cti-core';
import { z } from 'zod';
import { csvField, splitCsv } from './csv.js';
import type { SmdrRecord } from './record.js';

/** How an archive is written. JSONL keeps everything; CSV the fields of {@link CSV_COLUMNS}. */
export type ArchiveFormat = 'jsonl' | 'csv';

const doubts = [
  'dateGuessed',
  'startUnknown',
  'fieldUnreadable',
  'digitsHidden',
  'perhapsDouble',
  'perhapsCut',
  'columnsShifted',
  'columnFull',
  'nameOrNumber',
  'durationEstimated',
] as const;
const text = z.string().max(4096).optional();
const amount = z.number().int().min(0).optional();
const recordSchema = z.object({
  start: z.string().max(19).optional(),
  durationMs: amount,
  ringMs: amount,
  extension: text,
  line: text,
  direction: z.enum(['out', 'in', 'internal', 'unknown']),
  number: text,
  name: text,
  did: text,
  accountCode: text,
  personalCode: text,
  disaCode: text,
  costMinor: amount,
  currency: text,
  pulses: amount,
  answered: z.enum(['answered', 'unanswered']).optional(),
  recordNo: text,
  callRef: text,
  continues: z.literal('continues').optional(),
  transfer: z.enum(['to', 'from']).optional(),
  flash: z.literal('flash').optional(),
  holdMs: amount,
  parkMs: amount,
  code: text,
  doubts: z.array(z.enum(doubts)).max(16),
  raw: z.string().max(200_000),
  // Behind `raw`, where the columns of CSV archives from before them end.
  end: z.enum(SWITCH_CALL_ENDS).optional(),
  part: amount,
  transferredFrom: text,
  transferredTo: text,
});

const NUMBERS = ['durationMs', 'ringMs', 'costMinor', 'pulses', 'holdMs', 'parkMs', 'part'] as const;
/** Columns of CSV archives and exports, in their order. */
export const CSV_COLUMNS = Object.keys(recordSchema.shape) as readonly (keyof SmdrRecord)[];
/** Columns of archives that were written before records told their ends and parts. */
const FIRST_COLUMNS = CSV_COLUMNS.indexOf('raw') + 1;

const FORMATS_OF: Readonly<Record<ArchiveFormat, string>> = { jsonl: 'jsonl', csv: 'csv' };

/** The file of a month: `smdr-2026-11.jsonl`, or `smdr-undated.jsonl` for records whose start is not known. */
export function archiveFileOf(record: SmdrRecord, format: ArchiveFormat): string {
  const month =
    record.start === undefined || !/^\d{4}-\d\d-/u.test(record.start) ? 'undated' : record.start.slice(0, 7);
  return `smdr-${month}.${FORMATS_OF[format]}`;
}

const sumOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
const CHECK = /^#block (\d{1,9}) ([0-9a-f]{16})$/u;

function lineOf(record: SmdrRecord, format: ArchiveFormat): string {
  if (format === 'jsonl') return JSON.stringify(record);
  // One record is one line, also where it was made of several.
  const cell = (value: unknown): string =>
    csvField((Array.isArray(value) ? value.join(' ') : String(value ?? '')).replace(/[\x00-\x1f\x7f]/gu, ' '), ',');
  return CSV_COLUMNS.map((column) => cell(record[column])).join(',');
}

/**
 * One block for the end of an archive: the records, a line each, and a line with their number and checksum. Written at once, it is whole or
 * is seen not to be.
 */
export function archiveBlock(records: readonly SmdrRecord[], format: ArchiveFormat): string {
  if (records.length === 0) return '';
  const lines = records.map((record) => lineOf(record, format));
  return `${lines.join('\n')}\n#block ${lines.length} ${sumOf(lines)}\n`;
}

/** A part of an archive that cannot be trusted. */
export interface ArchiveProblem {
  /** `torn`: no checksum line follows, as after a crash in the middle of writing; `changed`: its checksum is another; `unreadable`: a line of a good block is no record. */
  readonly kind: 'torn' | 'changed' | 'unreadable';
  /** From 1. */
  readonly firstLine: number;
  readonly lines: number;
}

/** What an archive holds. */
export interface ArchiveContent {
  /** Records of whole blocks. */
  readonly records: readonly SmdrRecord[];
  /** Records of torn and changed blocks that can still be read: for a person to look at. */
  readonly doubtful: readonly SmdrRecord[];
  readonly problems: readonly ArchiveProblem[];
}

/** Reads an archive. Never throws: what is damaged is told in `problems`. */
export function readArchive(content: string, format: ArchiveFormat): ArchiveContent {
  const lines = content.split('\n');
  const [records, doubtful, problems]: [SmdrRecord[], SmdrRecord[], ArchiveProblem[]] = [[], [], []];
  let block: string[] = [];
  const end = (kind: ArchiveProblem['kind'] | 'whole', lineNo: number): void => {
    const firstLine = lineNo - block.length;
    if (kind !== 'whole' && block.length > 0) problems.push({ kind, firstLine, lines: block.length });
    for (const [index, line] of block.entries()) {
      const record = recordOf(line, format);
      if (record === undefined) {
        if (kind === 'whole') problems.push({ kind: 'unreadable', firstLine: firstLine + index, lines: 1 });
      } else (kind === 'whole' ? records : doubtful).push(record);
    }
    block = [];
  };
  for (const [index, line] of lines.entries()) {
    const check = CHECK.exec(line);
    if (check === null) {
      if (line !== '' || index < lines.length - 1) block.push(line);
      continue;
    }
    const count = Number(check[1]);
    // A block torn by a crash stands before the next whole one, without a checksum line of its own.
    if (count < block.length && sumOf(block.slice(-count)) === check[2]) {
      const whole = block.slice(-count);
      block = block.slice(0, -count);
      end('torn', index + 1 - count);
      block = whole;
    }
    end(count === block.length && sumOf(block) === check[2] ? 'whole' : 'changed', index + 1);
  }
  end('torn', lines.length + (lines.at(-1) === '' ? 0 : 1));
  return { records, doubtful, problems };
}

function recordOf(line: string, format: ArchiveFormat): SmdrRecord | undefined {
  const value = format === 'jsonl' ? jsonOf(line) : csvOf(line);
  const checked = recordSchema.safeParse(value);
  return checked.success ? (checked.data as SmdrRecord) : undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A damaged line is told by the caller, with its place.
    return undefined;
  }
}

function csvOf(line: string): unknown {
  const fields = splitCsv(line, ',');
  if (fields === undefined || (fields.length !== CSV_COLUMNS.length && fields.length !== FIRST_COLUMNS))
    return undefined;
  const numbers: readonly string[] = NUMBERS;
  const entries = CSV_COLUMNS.map((column, index): readonly [string, unknown] => {
    const field = fields[index] ?? '';
    if (column === 'doubts') return [column, field === '' ? [] : field.split(' ')];
    if (field === '' && column !== 'raw') return [column, undefined];
    return [column, numbers.includes(column) ? Number(field) : field];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

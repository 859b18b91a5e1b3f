import { PassThrough } from 'node:stream';
import { CtiError } from '@cordboard/cti-core';
import { CSV_COLUMNS } from './archive.js';
import { csvField } from './csv.js';
import type { SmdrRecord } from './record.js';

/** Options of the exports. */
export interface ExportOptions {
  /** Default: all but the lines as they came. */
  readonly columns?: readonly (keyof SmdrRecord)[];
}

const DEFAULT = CSV_COLUMNS.filter((column) => column !== 'raw');

function cellOf(record: SmdrRecord, column: keyof SmdrRecord): string | number {
  const value = record[column];
  if (value === undefined) return '';
  if (typeof value === 'number') return value;
  const text = (typeof value === 'string' ? value : value.join(' ')).replace(/[\x00-\x1f\x7f]/gu, ' ');
  // A caller chooses the name that is shown; a spreadsheet must not compute it.
  return /^[=+@-]/u.test(text) && !/^\+?\d+$/u.test(text) ? `'${text}` : text;
}

/** Records as CSV with a line of titles, lines ending with CRLF (RFC 4180). Names that a spreadsheet would compute begin with `'`. */
export function exportCsv(records: Iterable<SmdrRecord>, { columns = DEFAULT }: ExportOptions = {}): string {
  const lines = [columns.join(',')];
  for (const record of records)
    lines.push(columns.map((column) => csvField(String(cellOf(record, column)), ',')).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * Records as an XLSX workbook with one sheet. Numbers of callers stay text, so that no digit is lost.
 *
 * @throws {CtiError} `device.missing` when the optional package exceljs is not installed
 */
export async function exportXlsx(
  records: Iterable<SmdrRecord>,
  { columns = DEFAULT }: ExportOptions = {},
): Promise<Uint8Array> {
  const { stream } = await excel();
  const out = new PassThrough();
  const pieces: Buffer[] = [];
  out.on('data', (piece: Buffer) => pieces.push(piece));
  // Row by row: a workbook in memory takes a gigabyte for a busy month.
  const workbook = new stream.xlsx.WorkbookWriter({ stream: out, useStyles: false, useSharedStrings: false });
  const sheet = workbook.addWorksheet('calls', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map((key) => ({ header: key, key, width: key === 'start' || key === 'number' ? 20 : 12 }));
  for (const record of records) {
    const cells = columns.map((column) => cellOf(record, column));
    // A cell that is not there is smaller than an empty one.
    sheet.addRow(cells.map((cell) => (cell === '' ? null : cell))).commit();
  }
  await workbook.commit();
  return new Uint8Array(Buffer.concat(pieces));
}

/** exceljs is CommonJS: its names are on the default export. */
async function excel(): Promise<Pick<typeof import('exceljs'), 'stream'>> {
  try {
    const { default: exceljs } = await import('exceljs');
    return exceljs;
  } catch (cause) {
    throw new CtiError('device.missing', 'XLSX files need the package exceljs: npm install exceljs', { cause });
  }
}

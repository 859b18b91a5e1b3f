import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  exportCsv,
  exportXlsx,
  mergeCalls,
  openSmdrArchive,
  type SmdrQuery,
  type SmdrRecord,
} from '@cordboard/adapters-pbx-serial/smdr';
import { CtiError } from '@cordboard/cti-core';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { lineOf, rowOf } from './parse.js';

/** Options of `cordboard smdr query`. */
export interface QueryOptions {
  readonly folder: string;
  readonly query: SmdrQuery;
  readonly csv?: string;
  readonly xlsx?: string;
  readonly merge?: true;
  readonly json?: 'json';
}

const DAY = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?$/u;

/**
 * Prints the records of an archive that fit a query, or writes them to a file for spreadsheets. Damaged parts of the archive are told on stderr, and end with 1.
 *
 * @throws {CtiError} `argument.invalid` a time that is none, `device.missing` XLSX without its package
 */
export async function queryArchive(options: QueryOptions, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const { query, csv, xlsx } = options;
  for (const at of [query.from, query.to]) {
    if (at !== undefined && !DAY.test(at))
      throw new CtiError('argument.invalid', 'a time is YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS');
  }
  const people = options.json === undefined && output.terminal !== undefined;
  const print = (record: SmdrRecord): void => output.out(people ? rowOf(record) : JSON.stringify(lineOf(record)));
  const isHeld = options.merge === true || csv !== undefined || xlsx !== undefined;
  const held: SmdrRecord[] = [];
  let code: ExitCode = 0;
  const archive = openSmdrArchive(resolve(context.folder, options.folder));
  const found = archive.query(query, ({ file, kind, firstLine, lines }) => {
    output.err(`cordboard: ${file}:${firstLine}: ${lines} line${lines === 1 ? '' : 's'} ${kind}`);
    code = 1;
  });
  for await (const record of found) {
    context.signal.throwIfAborted();
    if (isHeld) held.push(record);
    else print(record);
  }
  const records = options.merge === true ? mergeCalls(held).map(({ record }) => record) : held;
  if (csv !== undefined) await writeFile(resolve(context.folder, csv), exportCsv(records));
  if (xlsx !== undefined) await writeFile(resolve(context.folder, xlsx), await exportXlsx(records));
  if (csv === undefined && xlsx === undefined) for (const record of records) print(record);
  else output.err(`cordboard: ${records.length} records written`);
  return code;
}

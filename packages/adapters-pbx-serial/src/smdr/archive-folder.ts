import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  type ArchiveContent,
  type ArchiveFormat,
  type ArchiveProblem,
  archiveBlock,
  archiveFileOf,
  readArchive,
} from './archive.js';
import { fitsQuery, type SmdrQuery } from './query.js';
import type { SmdrRecord } from './record.js';

/** A damaged part of one of the files. */
export interface FolderProblem extends ArchiveProblem {
  readonly file: string;
}

/** Monthly files of call records in one folder. One process at a time writes to a folder; others may read it meanwhile. */
export interface SmdrArchive {
  /** Adds records to the files of their months and returns when they are on the disk. */
  append(records: readonly SmdrRecord[]): Promise<void>;
  /** The last records that were kept, at most this many, oldest first: those of the newest months, each month in the order in which it was written. */
  latest(count: number): Promise<readonly SmdrRecord[]>;
  /** Records that fit, month by month; damaged blocks are told and left out. One month is in memory at a time. */
  query(query: SmdrQuery, onProblem?: (problem: FolderProblem) => void): AsyncIterable<SmdrRecord>;
}

/**
 * Opens a folder of monthly archives; it is made when the first record comes.
 *
 * @param format - `jsonl` keeps everything, `csv` is for spreadsheets; default `jsonl`
 */
export function openSmdrArchive(folder: string, format: ArchiveFormat = 'jsonl'): SmdrArchive {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    append(records) {
      const done = queue.then(() => appendAll(folder, format, records));
      // The next append goes on also when this one's caller was told of a full disk.
      queue = done.catch(() => undefined);
      return done;
    },
    async latest(count) {
      await queue;
      return latestOf({ folder, format }, count);
    },
    async *query(query, onProblem) {
      // What was appended before is found, and no block of this process is seen half written.
      await queue;
      yield* search({ folder, format }, query, onProblem);
    },
  };
}

async function appendAll(folder: string, format: ArchiveFormat, records: readonly SmdrRecord[]): Promise<void> {
  if (records.length === 0) return;
  await mkdir(folder, { recursive: true });
  const files = new Map<string, SmdrRecord[]>();
  for (const record of records) {
    const file = archiveFileOf(record, format);
    const list = files.get(file);
    if (list === undefined) files.set(file, [record]);
    else list.push(record);
  }
  for (const [file, list] of files) await appendBlock(join(folder, file), archiveBlock(list, format));
}

async function appendBlock(file: string, block: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // A crash may have left half a line; it ends here, so that the block after it stands on lines of its own.
    await handle.appendFile(size > 0 && last[0] !== 10 ? `\n${block}` : block);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

interface Place {
  readonly folder: string;
  readonly format: ArchiveFormat;
}

async function latestOf({ folder, format }: Place, count: number): Promise<readonly SmdrRecord[]> {
  const latest: (readonly SmdrRecord[])[] = [];
  let left = count;
  for (const file of (await monthsOf(folder, format)).reverse()) {
    if (left <= 0) break;
    const { records } = await readWhole(join(folder, file), format);
    latest.unshift(records.slice(-left));
    left -= records.length;
  }
  return latest.flat();
}

const READS = 5;

/** Another process may be in the middle of a block: a torn end is believed when the file has stopped growing. */
async function readWhole(path: string, format: ArchiveFormat): Promise<ArchiveContent> {
  for (let reads = 1; ; reads += 1) {
    const bytes = await readFile(path);
    const content = readArchive(bytes.toString('utf8'), format);
    if (content.problems.at(-1)?.kind !== 'torn' || reads === READS) return content;
    await breathe();
    if ((await stat(path)).size === bytes.length) return content;
  }
}

async function* search(
  { folder, format }: Place,
  query: SmdrQuery,
  onProblem: ((problem: FolderProblem) => void) | undefined,
): AsyncGenerator<SmdrRecord> {
  for (const file of await monthsOf(folder, format)) {
    const month = file.slice(5, 12);
    if (month !== 'undated' && !mayHold(month, query)) continue;
    const { records, problems } = await readWhole(join(folder, file), format);
    for (const problem of problems) onProblem?.({ ...problem, file });
    for (const record of records) if (fitsQuery(record, query)) yield record;
  }
}

const mayHold = (month: string, { from, to }: SmdrQuery): boolean =>
  (from === undefined || month >= from.slice(0, 7)) && (to === undefined || `${month}-01` < to);

async function monthsOf(folder: string, format: ArchiveFormat): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /^smdr-(?:\d{4}-\d\d|undated)\.(?:jsonl|csv)$/u.test(name) && name.endsWith(format))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

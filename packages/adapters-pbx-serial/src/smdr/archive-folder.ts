import { mkdir, open, readdir, readFile, stat, truncate } from 'node:fs/promises';
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

/** How far files were read: bytes by file. Plain JSON, to be kept with what was made of the records. */
export type ArchiveCursor = Readonly<Record<string, number>>;

/** What was new in one file. */
export interface ArchivePiece {
  readonly records: readonly SmdrRecord[];
  /** Where to go on when these are dealt with. */
  readonly cursor: ArchiveCursor;
}

/** Monthly files of call records in one folder. One process at a time writes to a folder; others may read it meanwhile. */
export interface SmdrArchive {
  /** Adds records to the files of their months, all or none, and returns when they are on the disk. Rejects with what the disk says. */
  append(records: readonly SmdrRecord[]): Promise<void>;
  /**
   * What was added since a place that was read before, a piece for each file with something new; `{}` begins at the beginning. Only whole blocks are read: one that is
   * being written comes the next time. Also for another process than the one that writes.
   */
  follow(from: ArchiveCursor, onProblem?: (problem: FolderProblem) => void): AsyncIterable<ArchivePiece>;
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
    follow: (from, onProblem) => newIn({ folder, format }, from, onProblem),
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
  const written: { readonly path: string; readonly size: number }[] = [];
  try {
    for (const [file, list] of files) {
      const path = join(folder, file);
      written.push({ path, size: await sizeOf(path) });
      await appendBlock(path, archiveBlock(list, format));
    }
  } catch (error) {
    // All or none: whoever tries again must not find a part of it there. A disk that does not even take this has the last word in `error`.
    await Promise.allSettled(written.map(({ path, size }) => truncate(path, size)));
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
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

/** The end of the last whole block; 0 where there is none. */
function endOfBlocks(bytes: Buffer): number {
  const mark = bytes.lastIndexOf('\n#block ');
  if (mark < 0) return 0;
  const end = bytes.indexOf(10, mark + 1);
  // The line with the checksum may itself be half written.
  return end >= 0 ? end + 1 : endOfBlocks(bytes.subarray(0, mark));
}

async function* newIn(
  { folder, format }: Place,
  from: ArchiveCursor,
  onProblem: ((problem: FolderProblem) => void) | undefined,
): AsyncGenerator<ArchivePiece> {
  let cursor = from;
  for (const file of await monthsOf(folder, format)) {
    const start = cursor[file] ?? 0;
    const handle = await open(join(folder, file), 'r');
    let bytes: Buffer;
    try {
      const { size } = await handle.stat();
      if (size <= start) continue;
      bytes = Buffer.alloc(size - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      bytes = bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
    const end = endOfBlocks(bytes);
    if (end === 0) continue;
    const { records, problems } = readArchive(bytes.toString('utf8', 0, end), format);
    for (const problem of problems) onProblem?.({ ...problem, file });
    cursor = { ...cursor, [file]: start + end };
    yield { records, cursor };
  }
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

import { crc32 } from 'node:zlib';
import { BATCHES_IN_FLIGHT } from './format.js';

/** One line of a journal file as read: its batch and its JSON text. */
export interface JournalLine {
  readonly batch: number;
  readonly json: string;
}

/** Batches are written one after the other; all lines of one batch carry its number. */
export function encodeLine(batch: number, json: string): string {
  const body = `${batch.toString(36)} ${json}`;
  return `${checksum(body)} ${body}\n`;
}

/** Reads one line without its line feed; `undefined` when its checksum or form is wrong. */
export function decodeLine(line: string): JournalLine | undefined {
  if (line.length < 11 || line[8] !== ' ') return undefined;
  const body = line.slice(9);
  if (checksum(body) !== line.slice(0, 8)) return undefined;
  const space = body.indexOf(' ');
  const batch = Number.parseInt(body.slice(0, space), 36);
  return space < 1 || !Number.isSafeInteger(batch) ? undefined : { batch, json: body.slice(space + 1) };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/** What stands in a journal file, and where its good part ends. */
export interface ScannedFile {
  readonly lines: readonly JournalLine[];
  /** Bytes up to the end of the last good line. */
  readonly goodBytes: number;
  /** Bytes after it that a crash tore, or 0. */
  readonly tornBytes: number;
  /** A broken line with a later batch behind it: not torn by a crash, but damaged. */
  readonly damaged: 'no' | 'yes';
}

/**
 * Reads a journal file's bytes. A crash can tear only batches that were not synced yet, of which no effect went out: everything from the
 * first bad line on is dropped. A good line of a batch behind a bad one that was written after that one was synced proves damage instead.
 */
export function scanFile(bytes: Buffer): ScannedFile {
  const lines: JournalLine[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(0x0a, at);
    const line = end < 0 ? undefined : decodeLine(bytes.toString('utf8', at, end));
    if (line === undefined) {
      const torn = lines.at(-1)?.batch ?? 0;
      return { lines, goodBytes: at, tornBytes: bytes.length - at, damaged: laterBatch(bytes, at, torn) };
    }
    lines.push(line);
    at = end + 1;
  }
  return { lines, goodBytes: at, tornBytes: 0, damaged: 'no' };
}

/** Torn batches are at most the next ones after the last good line's: the disk may keep a later one and lose the one before. */
function laterBatch(bytes: Buffer, from: number, lastGoodBatch: number): 'no' | 'yes' {
  let at = bytes.indexOf(0x0a, from) + 1;
  while (at > 0 && at < bytes.length) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return 'no';
    const line = decodeLine(bytes.toString('utf8', at, end));
    if (line !== undefined && line.batch > lastGoodBatch + BATCHES_IN_FLIGHT) return 'yes';
    at = end + 1;
  }
  return 'no';
}

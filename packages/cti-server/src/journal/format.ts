import { CtiError } from '@cordboard/cti-core';

/** Format marks of the two kinds of file. */
export const JOURNAL_FORMAT = 'cordboard-journal/1';
/** See {@link JOURNAL_FORMAT}. */
export const SNAPSHOT_FORMAT = 'cordboard-snapshot/1';

/**
 * Batches that may be written and not synced yet. A batch whose sync is under way does not hold up the next one: measured on a busy disk, the
 * median from input to durable falls to a third. A crash can tear any of them.
 */
export const BATCHES_IN_FLIGHT = 2;

/** First line of a journal file. */
export interface JournalHeader {
  readonly format: typeof JOURNAL_FORMAT;
  readonly coreVersion: string;
  readonly epoch: string;
  /** Files of one epoch count from 1; file n goes on from snapshot n. */
  readonly file: number;
  /** Its first input is `boot`: nothing before it belongs to its epoch. */
  readonly begins?: 'epoch';
}

/** The state before the first input of the journal file of the same number. */
export interface Snapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly coreVersion: string;
  readonly epoch: string;
  readonly file: number;
  /** Stamps of the last input that is in it. */
  readonly atMs: number;
  readonly wallMs: number;
  /** The engine's own text, sealed. */
  readonly engine: string;
  /** SHA-256 of the configuration that the engine was last given. */
  readonly configHash: string;
  /** Written at an orderly stop with no call left: another core version may begin a new journal after it. */
  readonly stopped?: 'clean';
}

/** Names of files by their number. */
export const journalName = (file: number): string => `${String(file).padStart(8, '0')}.journal`;
/** See {@link journalName}. */
export const snapshotName = (file: number): string => `${String(file).padStart(8, '0')}.snapshot`;

/** The number of a journal or snapshot file; `undefined` for other names. */
export function fileNumber(name: string): { file: number; kind: 'journal' | 'snapshot' } | undefined {
  const match = /^(\d{8})\.(journal|snapshot)$/u.exec(name);
  if (match === null) return undefined;
  return { file: Number(match[1]), kind: match[2] === 'journal' ? 'journal' : 'snapshot' };
}

/** The error for a file that cannot be trusted. */
export function corrupt(name: string, why: string, cause?: unknown): CtiError<'journal.corrupt'> {
  return new CtiError(
    'journal.corrupt',
    `journal file ${name} ${why}; restore it from a copy or begin a new data folder`,
    {
      cause,
      details: { file: name, why },
    },
  );
}

/** Checks the first line of a journal file. */
export function readHeader(name: string, json: string | undefined): JournalHeader {
  const header: unknown = json === undefined ? undefined : JSON.parse(json);
  if (typeof header !== 'object' || header === null || !('format' in header) || header.format !== JOURNAL_FORMAT) {
    throw corrupt(name, 'has no header of this format');
  }
  return header as JournalHeader;
}

import type { AgentStay, Cdr, RecordEffect, RecordingRecord } from '@cordboard/cti-core';
import type { CdrQuery, RecordingQuery, StayQuery } from '@cordboard/cti-protocol';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** A file of a recording that lies in the data folder. `path` is relative to it. */
export interface StoredFile {
  readonly index: number;
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** A recording with its files. */
export interface StoredRecording {
  readonly record: RecordingRecord;
  readonly files: readonly StoredFile[];
}

/** Kinds of objects that REST may add to the configuration file's, or take away from them. */
export type ObjectKind = 'agents' | 'queues' | 'routes' | 'devices' | 'flows' | 'speedDial';

/** An object of the configuration that came by REST; `null`: taken away. */
export interface ConfigObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly value: unknown;
}

/**
 * Records of a tenant. Writes are upserts by key. Whoever reads one record or a list of them finds what was taken before: a client that hears of something looks for its record at
 * once. The read waits for the write, never the other way round. Every read rejects with `store.unavailable` where that cannot be written.
 */
export interface RecordStore {
  /** Takes a record; it is written with others soon, or at {@link flush}. */
  put(record: RecordEffect): void;
  /** Writes what was taken before. @throws {CtiError} `store.unavailable` */
  flush(): Promise<void>;
  /** Writes what was taken before, so that a power cut takes none of it. @throws {CtiError} `store.unavailable` */
  sync(): Promise<void>;
  /** Records that wait to be written. */
  readonly pending: number;
  cdr(callId: string): Promise<Cdr | undefined>;
  /** Newest first. `number` is the key that numbers are matched by. */
  cdrs(query: CdrQuery): Promise<Page<Cdr>>;
  recording(recordingId: string): Promise<StoredRecording | undefined>;
  recordings(query: RecordingQuery): Promise<Page<StoredRecording>>;
  stays(agentId: string, query: StayQuery): Promise<Page<AgentStay>>;
  /** Finished recordings whose files were not fetched yet. */
  unfetched(limit: number): Promise<readonly RecordingRecord[]>;
  /** Notes the files of a recording, or that there are none to be had. */
  fetched(recordingId: string, files: readonly StoredFile[]): Promise<void>;
  /** Recordings whose files were fetched and have no second copy, oldest first. */
  uncopied(limit: number): Promise<readonly StoredRecording[]>;
  /** Notes that the files of a recording have their second copy. */
  copied(recordingId: string): Promise<void>;
  /** Has any recording a second copy? */
  anyCopied(): Promise<boolean>;
  /** Recordings whose time is over. */
  outdated(beforeWallMs: number, limit: number): Promise<readonly StoredRecording[]>;
  removeRecording(recordingId: string): Promise<void>;
  objects(): Promise<readonly ConfigObject[]>;
  putObject(object: ConfigObject): Promise<void>;
  close(): Promise<void>;
}

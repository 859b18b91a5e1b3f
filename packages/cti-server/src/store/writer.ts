import { type Clock, CtiError, type Logger, type RecordEffect } from '@cordboard/cti-core';
import type { SqlDatabase } from './database.js';
import type { FlowRecordRules } from './flow-statements.js';
import { statementsOf } from './statements.js';

/** How long a record may wait for company before it is written. */
const GATHER_MS = 100;
/** Records of one transaction: bounds how long readers wait for the database's thread. */
const TRANSACTION_RECORDS = 50;
const RETRY_MS = 1000;

/** What a writer works with. */
export interface WriterPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: FlowRecordRules;
}

/** Gathers records and writes them, one writer at a time. What could not be written waits and is tried again. */
export class RecordWriter {
  readonly #database: SqlDatabase;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rules: FlowRecordRules;
  /** Latest value of each key that is not written yet, oldest key first. */
  readonly #waiting = new Map<string, RecordEffect>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(database: SqlDatabase, ports: WriterPorts) {
    this.#database = database;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#rules = ports.rules;
  }

  /** Records that are not written yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Takes a record; a later value of the same key takes its place. */
  put(record: RecordEffect): void {
    if (this.#state === 'closed') return;
    this.#waiting.set(`${record.table}\0${record.key}`, record);
    this.#plan(GATHER_MS);
  }

  /**
   * Writes what was taken before. What is taken meanwhile is not waited for.
   *
   * @throws {CtiError} `store.unavailable`; the records are kept and tried again
   */
  async flush(): Promise<void> {
    // A round that is under way began before the last records came.
    if (this.#writing !== undefined) await this.#writing.catch(() => undefined);
    if (this.#waiting.size > 0) await this.#begin();
  }

  /** Writes what waits and takes nothing more, whether that could be written or not. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    try {
      await this.flush();
    } finally {
      this.#cancel?.();
      this.#cancel = undefined;
    }
  }

  #plan(delayMs: number): void {
    this.#cancel ??= this.#clock.setTimer(delayMs, () => {
      this.#cancel = undefined;
      // Logged where it failed, and planned anew there.
      this.#begin().catch(() => undefined);
    });
  }

  /** It is forgotten only after it stands in its place: one that is done (or fails) at once would stay there for ever. */
  #begin(): Promise<void> {
    this.#writing ??= this.#round().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.size > 0 && this.#state === 'open') this.#plan(GATHER_MS);
    });
    return this.#writing;
  }

  /** Writes every key that waits now, in transactions of bounded length. */
  async #round(): Promise<void> {
    const keys = [...this.#waiting.keys()];
    try {
      for (let at = 0; at < keys.length; at += TRANSACTION_RECORDS) {
        const part = keys.slice(at, at + TRANSACTION_RECORDS).flatMap((key) => {
          const record = this.#waiting.get(key);
          return record === undefined ? [] : [[key, record] as const];
        });
        const calls = await statementsOf(
          this.#database,
          part.map(([, record]) => record),
          this.#rules,
        );
        if (calls.length > 0) await this.#database.transact(calls);
        for (const [key, record] of part) {
          if (this.#waiting.get(key) === record) this.#waiting.delete(key);
        }
      }
    } catch (cause) {
      this.#log.error('records cannot be written', { waiting: this.#waiting.size });
      if (this.#state === 'open') this.#plan(RETRY_MS);
      throw new CtiError('store.unavailable', 'records cannot be written', { cause });
    }
  }
}

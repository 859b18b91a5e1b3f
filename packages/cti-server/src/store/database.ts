import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CtiError } from '@cordboard/cti-core';
import { SQL_THREAD } from '../worker-files.js';

/** A value that a database holds. */
export type SqlValue = string | number | null;
/** A row by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One statement with its values. */
export interface SqlCall {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * What the stores need of SQLite. It works on a thread of its own: a checkpoint syncs the disk, and a wide query reads it, while calls go on.
 * Requests are carried out in the order in which they were made; every one of them may reject with the driver's error.
 */
export interface SqlDatabase {
  /** Rows of one statement. */
  all(call: SqlCall): Promise<readonly SqlRow[]>;
  /** Carries out statements as one transaction: all of them or none. */
  transact(calls: readonly SqlCall[]): Promise<void>;
  /** Carries out a script without values. */
  exec(sql: string): Promise<void>;
  /** Closes the file and ends the thread. Twice is once. */
  close(): Promise<void>;
}

/**
 * Opens a SQLite file (or `:memory:`) with the driver that is there: Node's own where it has one (22.13 and newer), else `libsql`.
 *
 * @throws {CtiError} `store.unavailable` when neither driver loads or the file cannot be opened
 */
export async function openDatabase(file: string): Promise<SqlDatabase> {
  let thread: SqlThread | undefined;
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    thread = new SqlThread(file);
    await thread.opened;
    // WAL: readers do not wait for the writer. NORMAL: a power cut can lose the last moments, which the journal brings again.
    await thread.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
    );
    return thread;
  } catch (cause) {
    await thread?.close();
    throw new CtiError('store.unavailable', 'the database cannot be opened', { cause, details: { file } });
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A request without its number. */
type Body =
  | { readonly kind: 'all'; readonly call: SqlCall }
  | { readonly kind: 'transact'; readonly calls: readonly SqlCall[] }
  | { readonly kind: 'exec'; readonly sql: string }
  | { readonly kind: 'close' };

/** The near side of the thread. */
class SqlThread implements SqlDatabase {
  /** Resolves when the file is open. */
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #over: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(file: string) {
    this.#worker = new Worker(SQL_THREAD, { workerData: { file }, execArgv: [] });
    this.opened = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject });
    });
    // Its reader asks for it later than the thread may fail.
    this.opened.catch(() => undefined);
    this.#worker.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the database is closed')));
  }

  async all(call: SqlCall): Promise<readonly SqlRow[]> {
    return (await this.#ask({ kind: 'all', call })) as readonly SqlRow[];
  }

  async transact(calls: readonly SqlCall[]): Promise<void> {
    await this.#ask({ kind: 'transact', calls });
  }

  async exec(sql: string): Promise<void> {
    await this.#ask({ kind: 'exec', sql });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#over === undefined) await this.#ask({ kind: 'close' }).catch(() => undefined);
    await this.#worker.terminate();
  }

  #ask(body: Body): Promise<unknown> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...body });
    });
  }

  /** Nothing will be answered any more. */
  #end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }
}

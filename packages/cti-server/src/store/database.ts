import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CtiError } from '@cordboard/cti-core';

/** A value that a database holds. */
export type SqlValue = string | number | null;
/** A row by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement. */
export interface SqlStatement {
  run(...values: SqlValue[]): unknown;
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): readonly SqlRow[];
}

/** What the stores need of SQLite: both drivers below have it under the same names. */
export interface SqlDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqlStatement;
  close(): void;
}

/**
 * Opens a SQLite file (or `:memory:`) with the driver that is there: Node's own where it has one (22.13 and newer), else `libsql`.
 *
 * @throws {CtiError} `store.unavailable` when neither driver loads or the file cannot be opened
 */
export async function openDatabase(file: string): Promise<SqlDatabase> {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = (await openNode(file)) ?? (await openLibsql(file));
    // WAL: readers do not wait for the writer. NORMAL: a power cut can lose the last moments, which the journal brings again.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
    );
    return database;
  } catch (cause) {
    throw new CtiError('store.unavailable', 'the database cannot be opened', { cause, details: { file } });
  }
}

async function openNode(file: string): Promise<SqlDatabase | undefined> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) return undefined;
  // The name is put together so that bundlers for Node 20 do not look for it.
  const name = ['node', 'sqlite'].join(':');
  const { DatabaseSync } = (await import(name)) as { DatabaseSync: new (file: string) => SqlDatabase };
  return new DatabaseSync(file);
}

async function openLibsql(file: string): Promise<SqlDatabase> {
  const { default: Database } = await import('libsql');
  return new Database(file) as unknown as SqlDatabase;
}

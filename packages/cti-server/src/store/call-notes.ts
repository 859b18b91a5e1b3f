import type { CallNote } from '@cordboard/cti-protocol';
import type { SqlDatabase } from './database.js';

/** What people wrote about calls, during them or afterwards: one note for each call. */
export class CallNotes {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** The notes of these calls, by call. */
  async of(callIds: readonly string[]): Promise<ReadonlyMap<string, CallNote>> {
    if (callIds.length === 0) return new Map();
    const rows = await this.#database.all({
      sql: 'SELECT call_id, body FROM call_note WHERE call_id IN (SELECT value FROM json_each(?))',
      values: [JSON.stringify(callIds)],
    });
    return new Map(rows.map((row) => [String(row.call_id), JSON.parse(String(row.body)) as CallNote]));
  }

  /** Puts a note in the place of the one before. */
  async put(callId: string, note: CallNote): Promise<void> {
    const sql = `INSERT INTO call_note (call_id, category, body) VALUES (?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET category = excluded.category, body = excluded.body`;
    await this.#database.transact([{ sql, values: [callId, note.category ?? null, JSON.stringify(note)] }]);
  }

  async remove(callIds: readonly string[]): Promise<void> {
    const sql = 'DELETE FROM call_note WHERE call_id IN (SELECT value FROM json_each(?))';
    await this.#database.transact([{ sql, values: [JSON.stringify(callIds)] }]);
  }
}

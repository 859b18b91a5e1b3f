import type { AgentStay, Cdr, RecordEffect, RecordingRecord } from '@cordboard/cti-core';
import type { CdrQuery, RecordingQuery, StayQuery } from '@cordboard/cti-protocol';
import type { SqlDatabase, SqlRow, SqlValue } from './database.js';
import { DEFAULT_RULES, type FlowRecordRules, goneMessage } from './flow-statements.js';
import { Conditions, toPage } from './keyset.js';
import { migrate } from './migrations.js';
import type { ConfigObject, ObjectKind, Page, RecordStore, StoredFile, StoredRecording } from './port.js';
import { RecordWriter, type WriterPorts } from './writer.js';

/** Records in a SQLite file. Writes are gathered; every statement runs on the database's own thread. */
export class SqliteStore implements RecordStore {
  readonly #database: SqlDatabase;
  readonly #writer: RecordWriter;

  private constructor(database: SqlDatabase, ports: WriterPorts) {
    this.#database = database;
    this.#writer = new RecordWriter(database, ports);
  }

  /**
   * Brings the database to the present form and takes it over: {@link close} closes it.
   *
   * @throws {CtiError} `store.unavailable` when the file is of a newer version
   */
  static async open(
    database: SqlDatabase,
    ports: Pick<WriterPorts, 'clock' | 'log'> & { readonly rules?: FlowRecordRules },
  ): Promise<SqliteStore> {
    await migrate(database);
    return new SqliteStore(database, { ...ports, rules: ports.rules ?? DEFAULT_RULES });
  }

  get pending(): number {
    return this.#writer.pending;
  }

  put(record: RecordEffect): void {
    this.#writer.put(record);
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async sync(): Promise<void> {
    await this.#writer.flush();
    // A commit at FULL syncs the log with all that stands before it; a checkpoint would do so only when no reader is in its way.
    const version = Number((await this.#get('PRAGMA user_version'))?.user_version ?? 0);
    await this.#database.exec(
      `PRAGMA synchronous = FULL; PRAGMA user_version = ${version}; PRAGMA synchronous = NORMAL`,
    );
  }

  async cdr(callId: string): Promise<Cdr | undefined> {
    await this.#writer.flush();
    const row = await this.#get('SELECT body FROM cdr WHERE call_id = ?', callId);
    return row === undefined ? undefined : (JSON.parse(String(row.body)) as Cdr);
  }

  async cdrs(query: CdrQuery): Promise<Page<Cdr>> {
    await this.#writer.flush();
    const { table, key, value } = driverOf(query);
    const own = table === 'cdr';
    const conditions = new Conditions()
      .add(`d.${key} = ?`, value)
      .addWindow({ started: 'd.started', id: own ? 'd.id' : 'd.cdr_id' }, query)
      .add(own && key === 'queue_id' ? '' : 'c.queue_id = ?', own && key === 'queue_id' ? undefined : query.queue)
      .add('c.outcome = ?', query.outcome)
      .add('c.direction = ?', query.direction)
      .add('c.call_id IN (SELECT call_id FROM call_note WHERE category = ?)', query.category);
    if (query.flow !== undefined && table !== 'cdr_path') {
      conditions.add('c.id IN (SELECT cdr_id FROM cdr_path WHERE place = ? AND started = c.started)', placeOf(query));
    }
    if (table === 'cdr_number' || table === 'cdr_missed') {
      conditions.add('c.id IN (SELECT cdr_id FROM cdr_agent WHERE agent_id = ? AND started = c.started)', query.agent);
    }
    if (table === 'cdr_number') {
      const missed = 'c.id IN (SELECT cdr_id FROM cdr_missed WHERE agent_id = ? AND started = c.started)';
      conditions.add(missed, query.missedBy);
    }
    const from = own ? 'cdr d' : `${table} d JOIN cdr c ON c.id = d.cdr_id`;
    const id = own ? 'd.id' : 'd.cdr_id';
    const where = own ? conditions.where.replaceAll('c.', 'd.') : conditions.where;
    const body = own ? 'd.body' : 'c.body';
    const rows = await this.#all(
      `SELECT ${id} AS id, d.started AS started, ${body} AS body FROM ${from} ${where} ORDER BY d.started DESC, ${id} DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => JSON.parse(String(row.body)) as Cdr);
  }

  async recording(recordingId: string): Promise<StoredRecording | undefined> {
    await this.#writer.flush();
    const row = await this.#get('SELECT body FROM recording WHERE recording_id = ?', recordingId);
    return row === undefined ? undefined : await this.#stored(row);
  }

  async recordings(query: RecordingQuery): Promise<Page<StoredRecording>> {
    await this.#writer.flush();
    const conditions = new Conditions()
      .add('call_id = ?', query.call)
      .add('agent_id = ?', query.agent)
      .add('queue_id = ?', query.queue)
      .addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, body FROM recording ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    const page = toPage(rows, query.limit, (row) => row);
    return { ...page, items: await Promise.all(page.items.map((row) => this.#stored(row))) };
  }

  async stays(agentId: string, query: StayQuery): Promise<Page<AgentStay>> {
    await this.#writer.flush();
    const conditions = new Conditions().add('agent_id = ?', agentId).addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, body FROM agent_stay ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => JSON.parse(String(row.body)) as AgentStay);
  }

  async unfetched(limit: number): Promise<readonly RecordingRecord[]> {
    const rows = await this.#all("SELECT body FROM recording WHERE fetched = 'wanted' ORDER BY id LIMIT ?", limit);
    return rows.map((row) => JSON.parse(String(row.body)) as RecordingRecord);
  }

  async fetched(recordingId: string, files: readonly StoredFile[]): Promise<void> {
    await this.#database.transact([
      { sql: 'DELETE FROM recording_file WHERE recording_id = ?', values: [recordingId] },
      ...files.map(({ index, path, bytes, mediaType }) => ({
        sql: 'INSERT INTO recording_file VALUES (?, ?, ?, ?, ?)',
        values: [recordingId, index, path, bytes, mediaType],
      })),
      { sql: "UPDATE recording SET fetched = 'done' WHERE recording_id = ?", values: [recordingId] },
    ]);
  }

  async uncopied(limit: number): Promise<readonly StoredRecording[]> {
    const sql = "SELECT body FROM recording WHERE copied = 0 AND fetched = 'done' ORDER BY id LIMIT ?";
    return Promise.all((await this.#all(sql, limit)).map((row) => this.#stored(row)));
  }

  async copied(recordingId: string): Promise<void> {
    const sql = 'UPDATE recording SET copied = 1 WHERE recording_id = ?';
    await this.#database.transact([{ sql, values: [recordingId] }]);
  }

  async anyCopied(): Promise<boolean> {
    return (await this.#get('SELECT 1 FROM recording WHERE copied = 1 LIMIT 1')) !== undefined;
  }

  async outdated(beforeWallMs: number, limit: number): Promise<readonly StoredRecording[]> {
    const rows = await this.#all('SELECT body FROM recording WHERE delete_after < ? LIMIT ?', beforeWallMs, limit);
    return Promise.all(rows.map((row) => this.#stored(row)));
  }

  async removeRecording(recordingId: string): Promise<void> {
    await this.#database.transact([
      { sql: 'DELETE FROM recording_file WHERE recording_id = ?', values: [recordingId] },
      { sql: 'DELETE FROM recording WHERE recording_id = ?', values: [recordingId] },
      goneMessage(recordingId),
    ]);
  }

  async objects(): Promise<readonly ConfigObject[]> {
    const rows = await this.#all('SELECT kind, id, body FROM config_object');
    return rows.map((row) => ({
      kind: String(row.kind) as ObjectKind,
      id: String(row.id),
      value: row.body === null ? null : (JSON.parse(String(row.body)) as unknown),
    }));
  }

  async putObject(object: ConfigObject): Promise<void> {
    const body = object.value === null ? null : JSON.stringify(object.value);
    const sql = 'INSERT INTO config_object VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body';
    await this.#database.transact([{ sql, values: [object.kind, object.id, body] }]);
  }

  async close(): Promise<void> {
    try {
      await this.#writer.close();
    } finally {
      await this.#database.close();
    }
  }

  async #stored(row: SqlRow): Promise<StoredRecording> {
    const record = JSON.parse(String(row.body)) as RecordingRecord;
    const rows = await this.#all(
      'SELECT n, path, bytes, media FROM recording_file WHERE recording_id = ? ORDER BY n',
      record.recordingId,
    );
    const files = rows.map((file) => ({
      index: Number(file.n),
      path: String(file.path),
      bytes: Number(file.bytes),
      mediaType: String(file.media),
    }));
    return { record, files };
  }

  async #get(sql: string, ...values: SqlValue[]): Promise<SqlRow | undefined> {
    return (await this.#all(sql, ...values))[0];
  }

  #all(sql: string, ...values: SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#database.all({ sql, values });
  }
}

/** The narrowest way into the records: one caller's, those that one agent missed, one agent's, one queue's, one outcome's, or all by time. */
function driverOf(query: CdrQuery): {
  table: 'cdr' | 'cdr_agent' | 'cdr_missed' | 'cdr_number' | 'cdr_path';
  key: string;
  value: string | undefined;
} {
  if (query.number !== undefined) return { table: 'cdr_number', key: 'number', value: query.number };
  if (query.missedBy !== undefined) return { table: 'cdr_missed', key: 'agent_id', value: query.missedBy };
  if (query.agent !== undefined) return { table: 'cdr_agent', key: 'agent_id', value: query.agent };
  if (query.flow !== undefined) return { table: 'cdr_path', key: 'place', value: placeOf(query) };
  if (query.queue !== undefined) return { table: 'cdr', key: 'queue_id', value: query.queue };
  return { table: 'cdr', key: 'started', value: undefined };
}

/** How a flow, or one node of it, stands in the paths of calls. */
function placeOf({ flow, node }: CdrQuery): string | undefined {
  return node === undefined ? flow : `${flow}/${node}`;
}

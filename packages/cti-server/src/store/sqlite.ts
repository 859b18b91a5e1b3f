import {
  type AgentStay,
  type Cdr,
  type Clock,
  CtiError,
  type Logger,
  numberKey,
  type RecordEffect,
  type RecordingRecord,
} from '@cordboard/cti-core';
import type { CdrQuery, RecordingQuery, StayQuery } from '@cordboard/cti-protocol';
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from './database.js';
import { Conditions, toPage } from './keyset.js';
import { migrate } from './migrations.js';
import type { ConfigObject, ObjectKind, Page, RecordStore, StoredFile, StoredRecording } from './port.js';

/** How long a record may wait for company before it is written. */
const GATHER_MS = 25;
/** Records of one transaction: bounds how long the thread is held. */
const TRANSACTION_RECORDS = 50;
const RETRY_MS = 1000;

/** Records in a SQLite file. Statements run on the calling thread and are small; writes are gathered. */
export class SqliteStore implements RecordStore {
  readonly #database: SqlDatabase;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #statements = new Map<string, SqlStatement>();
  /** Latest value of each key that is not written yet. */
  #waiting = new Map<string, RecordEffect>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #state: 'open' | 'closed' = 'open';

  /** @throws {CtiError} `store.unavailable` when the file is of a newer version */
  constructor(database: SqlDatabase, ports: { readonly clock: Clock; readonly log: Logger }) {
    this.#database = database;
    this.#clock = ports.clock;
    this.#log = ports.log;
    migrate(database);
  }

  get pending(): number {
    return this.#waiting.size;
  }

  put(record: RecordEffect): void {
    if (this.#state === 'closed') return;
    this.#waiting.set(`${record.table}\0${record.key}`, record);
    this.#cancel ??= this.#clock.setTimer(GATHER_MS, () => this.#writeSoon());
  }

  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#waiting.size > 0 || this.#writing !== undefined) {
      await this.#begin();
    }
  }

  async cdr(callId: string): Promise<Cdr | undefined> {
    const row = this.#get('SELECT body FROM cdr WHERE call_id = ?', callId);
    return row === undefined ? undefined : (JSON.parse(String(row.body)) as Cdr);
  }

  async cdrs(query: CdrQuery): Promise<Page<Cdr>> {
    const { table, key, value } = driverOf(query);
    const own = table === 'cdr';
    const conditions = new Conditions()
      .add(`d.${key} = ?`, value)
      .addWindow({ started: 'd.started', id: own ? 'd.id' : 'd.cdr_id' }, query)
      .add(own && key === 'queue_id' ? '' : 'c.queue_id = ?', own && key === 'queue_id' ? undefined : query.queue)
      .add('c.outcome = ?', query.outcome)
      .add('c.direction = ?', query.direction);
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
    const rows = this.#all(
      `SELECT ${id} AS id, d.started AS started, ${body} AS body FROM ${from} ${where} ORDER BY d.started DESC, ${id} DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => JSON.parse(String(row.body)) as Cdr);
  }

  async recording(recordingId: string): Promise<StoredRecording | undefined> {
    const row = this.#get('SELECT body FROM recording WHERE recording_id = ?', recordingId);
    return row === undefined ? undefined : this.#stored(row);
  }

  async recordings(query: RecordingQuery): Promise<Page<StoredRecording>> {
    const conditions = new Conditions()
      .add('call_id = ?', query.call)
      .add('agent_id = ?', query.agent)
      .add('queue_id = ?', query.queue)
      .addWindow({ started: 'started', id: 'id' }, query);
    const rows = this.#all(
      `SELECT id, started, body FROM recording ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => this.#stored(row));
  }

  async stays(agentId: string, query: StayQuery): Promise<Page<AgentStay>> {
    const conditions = new Conditions().add('agent_id = ?', agentId).addWindow({ started: 'started', id: 'id' }, query);
    const rows = this.#all(
      `SELECT id, started, body FROM agent_stay ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => JSON.parse(String(row.body)) as AgentStay);
  }

  async unfetched(limit: number): Promise<readonly RecordingRecord[]> {
    const rows = this.#all("SELECT body FROM recording WHERE fetched = 'wanted' ORDER BY id LIMIT ?", limit);
    return rows.map((row) => JSON.parse(String(row.body)) as RecordingRecord);
  }

  async fetched(recordingId: string, files: readonly StoredFile[]): Promise<void> {
    this.#transaction(() => {
      this.#run('DELETE FROM recording_file WHERE recording_id = ?', recordingId);
      for (const { index, path, bytes, mediaType } of files) {
        this.#run('INSERT INTO recording_file VALUES (?, ?, ?, ?, ?)', recordingId, index, path, bytes, mediaType);
      }
      this.#run("UPDATE recording SET fetched = 'done' WHERE recording_id = ?", recordingId);
    });
  }

  async outdated(beforeWallMs: number, limit: number): Promise<readonly StoredRecording[]> {
    const rows = this.#all('SELECT body FROM recording WHERE delete_after < ? LIMIT ?', beforeWallMs, limit);
    return rows.map((row) => this.#stored(row));
  }

  async removeRecording(recordingId: string): Promise<void> {
    this.#transaction(() => {
      this.#run('DELETE FROM recording_file WHERE recording_id = ?', recordingId);
      this.#run('DELETE FROM recording WHERE recording_id = ?', recordingId);
    });
  }

  async objects(): Promise<readonly ConfigObject[]> {
    return this.#all('SELECT kind, id, body FROM config_object').map((row) => ({
      kind: String(row.kind) as ObjectKind,
      id: String(row.id),
      value: row.body === null ? null : (JSON.parse(String(row.body)) as unknown),
    }));
  }

  async putObject(object: ConfigObject): Promise<void> {
    const body = object.value === null ? null : JSON.stringify(object.value);
    this.#run(
      'INSERT INTO config_object VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
      object.kind,
      object.id,
      body,
    );
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    await this.flush();
    this.#state = 'closed';
    this.#database.close();
  }

  #writeSoon(): void {
    this.#cancel = undefined;
    this.#begin().catch(() => {
      // Logged where it failed; the records wait for the next try.
      if (this.#state === 'open') this.#cancel ??= this.#clock.setTimer(RETRY_MS, () => this.#writeSoon());
    });
  }

  /** One writer at a time. It is forgotten only after it stands in its place: one that is done (or fails) at once would stay there for ever. */
  #begin(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Writes what waits, in small transactions with room for other work between them. */
  async #write(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        const part = [...this.#waiting].slice(0, TRANSACTION_RECORDS);
        this.#transaction(() => {
          for (const [, record] of part) this.#upsert(record);
        });
        for (const [key, record] of part) {
          if (this.#waiting.get(key) === record) this.#waiting.delete(key);
        }
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (cause) {
      this.#log.error('records cannot be written', { waiting: this.#waiting.size });
      throw new CtiError('store.unavailable', 'records cannot be written', { cause });
    }
  }

  #upsert(record: RecordEffect): void {
    if (record.table === 'cdr') this.#upsertCdr(record.value);
    else if (record.table === 'recording') this.#upsertRecording(record.value);
    else {
      const { agentId, fromWallMs } = record.value;
      this.#run(
        'INSERT INTO agent_stay (key, agent_id, started, body) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body',
        record.key,
        agentId,
        fromWallMs,
        JSON.stringify(record.value),
      );
    }
  }

  #upsertCdr(cdr: Cdr): void {
    const body = JSON.stringify(cdr);
    const known = this.#get('SELECT id, body FROM cdr WHERE call_id = ?', cdr.callId);
    if (known !== undefined && known.body === body) return;
    if (known !== undefined) this.#dropKeys(Number(known.id), JSON.parse(String(known.body)) as Cdr);
    const row = this.#get(
      `INSERT INTO cdr (call_id, started, queue_id, outcome, direction, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET started = excluded.started, queue_id = excluded.queue_id,
         outcome = excluded.outcome, direction = excluded.direction, body = excluded.body
       RETURNING id`,
      cdr.callId,
      cdr.startedWallMs,
      cdr.queueId ?? null,
      cdr.outcome,
      cdr.direction,
      body,
    );
    const id = Number(row?.id);
    for (const [table, , value] of keysOf(cdr)) {
      this.#run(`INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?)`, value, cdr.startedWallMs, id);
    }
  }

  #dropKeys(id: number, cdr: Cdr): void {
    for (const [table, column, value] of keysOf(cdr)) {
      const sql = `DELETE FROM ${table} WHERE ${column} = ? AND started = ? AND cdr_id = ?`;
      this.#run(sql, value, cdr.startedWallMs, id);
    }
  }

  #upsertRecording(record: RecordingRecord): void {
    const wanted = record.state === 'done' && record.files.length > 0 ? 'wanted' : 'none';
    this.#run(
      `INSERT INTO recording (recording_id, started, call_id, agent_id, queue_id, delete_after, state, fetched, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (recording_id) DO UPDATE SET agent_id = excluded.agent_id, queue_id = excluded.queue_id,
         call_id = excluded.call_id, delete_after = excluded.delete_after, state = excluded.state, body = excluded.body,
         fetched = CASE WHEN recording.fetched = 'done' THEN 'done' ELSE excluded.fetched END`,
      record.recordingId,
      record.startedWallMs,
      record.callId,
      record.agentId ?? null,
      record.queueId ?? null,
      record.deleteAfterWallMs,
      record.state,
      wanted,
      JSON.stringify(record),
    );
  }

  #stored(row: SqlRow): StoredRecording {
    const record = JSON.parse(String(row.body)) as RecordingRecord;
    const rows = this.#all(
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

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #statement(sql: string): SqlStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #get(sql: string, ...values: SqlValue[]): SqlRow | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: SqlValue[]): readonly SqlRow[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: SqlValue[]): void {
    this.#statement(sql).run(...values);
  }
}

/** The narrowest way into the records: one caller's, those that one agent missed, one agent's, one queue's, one outcome's, or all by time. */
function driverOf(query: CdrQuery): {
  table: 'cdr' | 'cdr_agent' | 'cdr_missed' | 'cdr_number';
  key: string;
  value: string | undefined;
} {
  if (query.number !== undefined) return { table: 'cdr_number', key: 'number', value: query.number };
  if (query.missedBy !== undefined) return { table: 'cdr_missed', key: 'agent_id', value: query.missedBy };
  if (query.agent !== undefined) return { table: 'cdr_agent', key: 'agent_id', value: query.agent };
  if (query.queue !== undefined) return { table: 'cdr', key: 'queue_id', value: query.queue };
  return { table: 'cdr', key: 'started', value: undefined };
}

/** The rows by which a record is found: table, column and value. */
function keysOf(cdr: Cdr): readonly (readonly [table: string, column: string, value: string])[] {
  return [
    ...[...new Set(cdr.agents)].map((agent) => ['cdr_agent', 'agent_id', agent] as const),
    ...[...new Set(cdr.missedBy)].map((agent) => ['cdr_missed', 'agent_id', agent] as const),
    ...[...numbersOf(cdr)].map((number) => ['cdr_number', 'number', number] as const),
  ];
}

/** What a record is found by: the numbers of both sides, however a switch wrote them. */
function numbersOf(cdr: Cdr): ReadonlySet<string> {
  const all = [cdr.calling, cdr.called, cdr.customer];
  return new Set(all.flatMap((number) => (number === undefined ? [] : (numberKey(number) ?? []))));
}

import type { CallbackRecord, MessageRecord, ScoreRecord } from '@cordboard/cti-core';
import type { CallbackQuery, MessageQuery, ScoreQuery, ScoreSummaryQuery } from '@cordboard/cti-protocol';
import type { SqlDatabase, SqlRow, SqlValue } from './database.js';
import { Conditions, toPage } from './keyset.js';
import type { Page } from './port.js';

/** What people did with a message. */
export type MessageMark = 'new' | 'heard' | 'handled';

/** A message as it lies in its box. */
export interface StoredMessage {
  readonly record: MessageRecord;
  readonly state: MessageMark;
  readonly marked?: { readonly atWallMs: number; readonly by: string };
}

/** A wish to be called back, and what became of it. */
export interface StoredCallback {
  readonly record: CallbackRecord;
  readonly state: 'open' | 'done';
  readonly marked?: { readonly atWallMs: number; readonly by: string };
}

/** A box and its messages. */
export interface BoxCount {
  readonly box: string;
  readonly new: number;
  readonly heard: number;
  readonly handled: number;
}

/** Scores of one group. `scores`: how often each was given. */
export interface ScoreGroup {
  readonly group: string;
  readonly count: number;
  readonly average: number;
  readonly scores: Readonly<Record<string, number>>;
}

/** Who marked something, when. */
export interface Mark<S extends string> {
  readonly id: string;
  readonly state: S;
  readonly by: string;
  readonly atWallMs: number;
}

const GROUP_COLUMNS = { survey: 'survey', agent: 'agent_id', queue: 'queue_id', day: 'day' } as const;
const MAX_GROUPS = 1000;
const MAX_BOXES = 1000;
/** Rows of messages that are gone are kept for longer than any journal that could bring them back: it lives 31 days at most. */
const GONE_KEEP_MS = 40 * 86_400_000;

/** What flows have kept, as people work with it. Rows come by the record store's writer. */
export class FlowRecords {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Newest first. */
  async messages(query: MessageQuery): Promise<Page<StoredMessage>> {
    const conditions = new Conditions()
      .add('box = ?', query.box)
      .add('state = ?', query.state)
      .always("state <> 'gone'")
      .add('number = ?', query.number)
      .add('call_id = ?', query.call)
      .addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, state, marked, marked_by, body FROM message ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, messageOf);
  }

  /** One message by its recording; `undefined` when there is none, or it was thrown away. */
  async message(recordingId: string): Promise<StoredMessage | undefined> {
    const [row] = await this.#all(
      "SELECT state, marked, marked_by, body FROM message WHERE recording_id = ? AND state <> 'gone'",
      recordingId,
    );
    return row === undefined ? undefined : messageOf(row);
  }

  /** The message of a box that has waited longest to be heard. */
  async oldestNew(box: string): Promise<StoredMessage | undefined> {
    const [row] = await this.#all(
      "SELECT state, marked, marked_by, body FROM message WHERE box = ? AND state = 'new' ORDER BY started, id LIMIT 1",
      box,
    );
    return row === undefined ? undefined : messageOf(row);
  }

  /** Boxes that have messages, at most 1,000. */
  async boxes(): Promise<readonly BoxCount[]> {
    const rows = await this.#all(
      `SELECT box, sum(state = 'new') AS fresh, sum(state = 'heard') AS heard, sum(state = 'handled') AS handled
         FROM message WHERE state <> 'gone' GROUP BY box ORDER BY box LIMIT ?`,
      MAX_BOXES,
    );
    return rows.map((row) => ({
      box: String(row.box),
      new: Number(row.fresh),
      heard: Number(row.heard),
      handled: Number(row.handled),
    }));
  }

  /** Nothing happens to a message that is gone. */
  async markMessage({ id, state, by, atWallMs }: Mark<MessageMark>): Promise<void> {
    const sql = "UPDATE message SET state = ?, marked = ?, marked_by = ? WHERE recording_id = ? AND state <> 'gone'";
    await this.#database.transact([{ sql, values: [state, atWallMs, by, id] }]);
  }

  /** Takes messages whose time is over out of their boxes, and forgets those that were taken out long ago. Their recordings go with the others that are outdated. */
  async sweep(nowWallMs: number): Promise<void> {
    await this.#database.transact([
      {
        sql: `UPDATE message SET state = 'gone', number = NULL, marked_by = NULL, delete_after = 0, body = '{}'
           WHERE delete_after < ? AND state <> 'gone'`,
        values: [nowWallMs],
      },
      { sql: "DELETE FROM message WHERE state = 'gone' AND started < ?", values: [nowWallMs - GONE_KEEP_MS] },
    ]);
  }

  /** Newest first. */
  async scores(query: ScoreQuery): Promise<Page<ScoreRecord>> {
    const conditions = scoreConditions(query).addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, body FROM score ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, (row) => JSON.parse(String(row.body)) as ScoreRecord);
  }

  /** Counts and averages by one property, at most 1,000 groups; scores without it are left out. */
  async summary(query: ScoreSummaryQuery): Promise<readonly ScoreGroup[]> {
    const column = GROUP_COLUMNS[query.by];
    const conditions = scoreConditions(query).addWindow({ started: 'started', id: 'id' }, query);
    const where = conditions.where === '' ? 'WHERE' : `${conditions.where} AND`;
    const rows = await this.#all(
      `SELECT ${column} AS grouped, score, count(*) AS n FROM score ${where} ${column} IS NOT NULL
         GROUP BY ${column}, score ORDER BY ${column}, score LIMIT ?`,
      ...conditions.values,
      MAX_GROUPS * 10,
    );
    return groupsOf(rows);
  }

  /** Newest first. */
  async callbacks(query: CallbackQuery): Promise<Page<StoredCallback>> {
    const conditions = new Conditions()
      .add('queue_id = ?', query.queue)
      .add('state = ?', query.state)
      .addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, state, marked, marked_by, body FROM callback ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, callbackOf);
  }

  /** The wish of one call to be called back. */
  async callback(callId: string): Promise<StoredCallback | undefined> {
    const [row] = await this.#all('SELECT state, marked, marked_by, body FROM callback WHERE call_id = ?', callId);
    return row === undefined ? undefined : callbackOf(row);
  }

  /** Notes who has done it, or taken that back, and when. An id that is not there changes nothing. */
  async markCallback({ id, state, by, atWallMs }: Mark<'open' | 'done'>): Promise<void> {
    const sql = 'UPDATE callback SET state = ?, marked = ?, marked_by = ? WHERE call_id = ?';
    await this.#database.transact([{ sql, values: [state, atWallMs, by, id] }]);
  }

  #all(sql: string, ...values: SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#database.all({ sql, values });
  }
}

function scoreConditions(query: Pick<ScoreQuery, 'survey' | 'agent' | 'queue'>): Conditions {
  return new Conditions()
    .add('survey = ?', query.survey)
    .add('agent_id = ?', query.agent)
    .add('queue_id = ?', query.queue);
}

function markOf(row: SqlRow): { readonly marked?: { readonly atWallMs: number; readonly by: string } } {
  return row.marked === null || row.marked === undefined
    ? {}
    : { marked: { atWallMs: Number(row.marked), by: String(row.marked_by ?? '') } };
}

function messageOf(row: SqlRow): StoredMessage {
  const record = JSON.parse(String(row.body)) as MessageRecord;
  return { record, state: String(row.state) as MessageMark, ...markOf(row) };
}

function callbackOf(row: SqlRow): StoredCallback {
  const record = JSON.parse(String(row.body)) as CallbackRecord;
  return { record, state: row.state === 'done' ? 'done' : 'open', ...markOf(row) };
}

function groupsOf(rows: readonly SqlRow[]): readonly ScoreGroup[] {
  const groups = new Map<string, { count: number; sum: number; scores: Record<string, number> }>();
  for (const row of rows) {
    const group = groups.get(String(row.grouped)) ?? { count: 0, sum: 0, scores: {} };
    const [score, n] = [Number(row.score), Number(row.n)];
    group.count += n;
    group.sum += score * n;
    group.scores[String(score)] = n;
    groups.set(String(row.grouped), group);
  }
  return [...groups].slice(0, MAX_GROUPS).map(([group, { count, sum, scores }]) => ({
    group,
    count,
    average: Math.round((sum / count) * 1000) / 1000,
    scores,
  }));
}

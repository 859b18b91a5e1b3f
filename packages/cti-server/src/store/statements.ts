import { type Cdr, numberKey, type RecordEffect, type RecordingRecord } from '@cordboard/cti-core';
import type { SqlCall, SqlDatabase } from './database.js';
import { type FlowRecordRules, ofFlowRecord } from './flow-statements.js';

/** A call record as it stands in the database. */
interface KnownCdr {
  readonly id: number;
  readonly body: string;
}

/**
 * The statements that write records over what is known of them. One writer: nobody else may write call records between the asking
 * and the writing.
 */
export async function statementsOf(
  database: SqlDatabase,
  records: readonly RecordEffect[],
  rules: FlowRecordRules,
): Promise<readonly SqlCall[]> {
  const callIds = records.flatMap((record) => (record.table === 'cdr' ? [record.value.callId] : []));
  const known = callIds.length === 0 ? new Map<string, KnownCdr>() : await knownCdrs(database, callIds);
  return records.flatMap((record) => {
    switch (record.table) {
      case 'cdr':
        return ofCdr(record.value, known.get(record.value.callId));
      case 'recording':
        return [ofRecording(record.value)];
      case 'agentStay':
        return [ofStay(record)];
      default:
        return ofFlowRecord(record, rules);
    }
  });
}

async function knownCdrs(database: SqlDatabase, callIds: readonly string[]): Promise<ReadonlyMap<string, KnownCdr>> {
  const rows = await database.all({
    sql: 'SELECT id, call_id, body FROM cdr WHERE call_id IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(callIds)],
  });
  return new Map(rows.map((row) => [String(row.call_id), { id: Number(row.id), body: String(row.body) }]));
}

function ofStay(record: Extract<RecordEffect, { table: 'agentStay' }>): SqlCall {
  const { agentId, fromWallMs } = record.value;
  return {
    sql: 'INSERT INTO agent_stay (key, agent_id, started, body) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body',
    values: [record.key, agentId, fromWallMs, JSON.stringify(record.value)],
  };
}

function ofCdr(cdr: Cdr, known: KnownCdr | undefined): readonly SqlCall[] {
  const body = JSON.stringify(cdr);
  if (known?.body === body) return [];
  const upsert: SqlCall = {
    sql: `INSERT INTO cdr (call_id, started, queue_id, outcome, direction, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET started = excluded.started, queue_id = excluded.queue_id,
         outcome = excluded.outcome, direction = excluded.direction, body = excluded.body`,
    values: [cdr.callId, cdr.startedWallMs, cdr.queueId ?? null, cdr.outcome, cdr.direction, body],
  };
  const keys = keysOf(cdr).map(([table, , value]): SqlCall => {
    const sql = `INSERT OR IGNORE INTO ${table} VALUES (?, ?, (SELECT id FROM cdr WHERE call_id = ?))`;
    return { sql, values: [value, cdr.startedWallMs, cdr.callId] };
  });
  return [...(known === undefined ? [] : dropKeys(known)), upsert, ...keys];
}

function dropKeys({ id, body }: KnownCdr): readonly SqlCall[] {
  const cdr = JSON.parse(body) as Cdr;
  return keysOf(cdr).map(([table, column, value]) => ({
    sql: `DELETE FROM ${table} WHERE ${column} = ? AND started = ? AND cdr_id = ?`,
    values: [value, cdr.startedWallMs, id],
  }));
}

function ofRecording(record: RecordingRecord): SqlCall {
  const wanted = record.state === 'done' && record.files.length > 0 ? 'wanted' : 'none';
  return {
    sql: `INSERT INTO recording (recording_id, started, call_id, agent_id, queue_id, delete_after, state, fetched, body)
       VALUES (?, ?, ?, ?, ?, coalesce((SELECT delete_after FROM message WHERE recording_id = ?), ?), ?, ?, ?)
       ON CONFLICT (recording_id) DO UPDATE SET agent_id = excluded.agent_id, queue_id = excluded.queue_id,
         call_id = excluded.call_id, delete_after = excluded.delete_after, state = excluded.state, body = excluded.body,
         fetched = CASE WHEN recording.fetched = 'done' THEN 'done' ELSE excluded.fetched END`,
    values: [
      record.recordingId,
      record.startedWallMs,
      record.callId,
      record.agentId ?? null,
      record.queueId ?? null,
      record.recordingId,
      record.deleteAfterWallMs,
      record.state,
      wanted,
      JSON.stringify(record),
    ],
  };
}

/** The rows by which a record is found: table, column and value. */
function keysOf(cdr: Cdr): readonly (readonly [table: string, column: string, value: string])[] {
  return [
    ...[...new Set(cdr.madeBy === undefined ? cdr.agents : [...cdr.agents, cdr.madeBy])].map(
      (agent) => ['cdr_agent', 'agent_id', agent] as const,
    ),
    ...[...new Set(cdr.missedBy)].map((agent) => ['cdr_missed', 'agent_id', agent] as const),
    ...[...numbersOf(cdr)].map((number) => ['cdr_number', 'number', number] as const),
    ...[...placesOf(cdr)].map((place) => ['cdr_path', 'place', place] as const),
  ];
}

/** The nodes that a call went through, and their flows. */
function placesOf({ ivrPath }: Cdr): ReadonlySet<string> {
  return new Set(
    ivrPath.flatMap((step) => (step.indexOf('/') > 0 ? [step, step.slice(0, step.indexOf('/'))] : [step])),
  );
}

/** What a record is found by: the numbers of both sides, however a switch wrote them. */
function numbersOf(cdr: Cdr): ReadonlySet<string> {
  const all = [cdr.calling, cdr.called, cdr.customer];
  return new Set(all.flatMap((number) => (number === undefined ? [] : (numberKey(number) ?? []))));
}

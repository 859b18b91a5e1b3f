import {
  type CallbackRecord,
  type MessageRecord,
  numberKey,
  type RecordEffect,
  type ScoreRecord,
} from '@cordboard/cti-core';
import type { SqlCall } from './database.js';

/** What the site has laid down for what flows keep. */
export interface FlowRecordRules {
  /** How long a message is kept, ms. */
  readonly messageKeepMs: number;
  /** The site's day at a moment, `YYYY-MM-DD`: scores are counted by it. */
  readonly dayOf: (wallMs: number) => string;
}

/** 180 days, and days of UTC. */
export const DEFAULT_RULES: FlowRecordRules = {
  messageKeepMs: 180 * 86_400_000,
  dayOf: (wallMs) => new Date(wallMs).toISOString().slice(0, 10),
};

/** The statements that write what a flow kept. Marks that people have put on a row stay. */
export function ofFlowRecord(
  record: Extract<RecordEffect, { table: 'message' | 'score' | 'callback' }>,
  rules: FlowRecordRules,
): readonly SqlCall[] {
  switch (record.table) {
    case 'message':
      return ofMessage(record.value, rules);
    case 'score':
      return [ofScore(record.key, record.value, rules)];
    case 'callback':
      return [ofCallback(record.value)];
  }
}

/** A message that is gone leaves its row behind, empty: an input that is applied again after a crash must not bring it back. */
function ofMessage(message: MessageRecord, { messageKeepMs }: FlowRecordRules): readonly SqlCall[] {
  const { recordingId, leftWallMs, callId, box, caller } = message;
  const deleteAfter = leftWallMs + messageKeepMs;
  const upsert: SqlCall = {
    sql: `INSERT INTO message (recording_id, started, call_id, box, number, state, delete_after, body) VALUES (?, ?, ?, ?, ?, 'new', ?, ?)
       ON CONFLICT (recording_id) DO UPDATE SET started = excluded.started, box = excluded.box, body = excluded.body
         WHERE message.state <> 'gone'`,
    values: [recordingId, leftWallMs, callId, box, numberKey(caller) ?? null, deleteAfter, JSON.stringify(message)],
  };
  const gone = message.state === 'discarded' ? [goneMessage(recordingId)] : [];
  // The recording lives as long as the message, however long other recordings live.
  const follow: SqlCall = {
    sql: `UPDATE recording SET delete_after = (SELECT delete_after FROM message WHERE message.recording_id = recording.recording_id)
       WHERE recording_id = ?`,
    values: [recordingId],
  };
  return [upsert, ...gone, follow];
}

/** Takes a message out of its box for good. Nothing when the recording is no message. */
export function goneMessage(recordingId: string): SqlCall {
  return {
    sql: `UPDATE message SET state = 'gone', number = NULL, marked_by = NULL, delete_after = 0, body = '{}' WHERE recording_id = ?`,
    values: [recordingId],
  };
}

function ofScore(key: string, score: ScoreRecord, { dayOf }: FlowRecordRules): SqlCall {
  return {
    sql: `INSERT INTO score (key, started, survey, score, agent_id, queue_id, day, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET started = excluded.started, score = excluded.score, agent_id = excluded.agent_id,
         queue_id = excluded.queue_id, day = excluded.day, body = excluded.body`,
    values: [
      key,
      score.atWallMs,
      score.survey,
      score.score,
      score.agentId ?? null,
      score.queueId ?? null,
      dayOf(score.atWallMs),
      JSON.stringify(score),
    ],
  };
}

function ofCallback(callback: CallbackRecord): SqlCall {
  return {
    sql: `INSERT INTO callback (call_id, started, queue_id, state, body) VALUES (?, ?, ?, 'open', ?)
       ON CONFLICT (call_id) DO UPDATE SET started = excluded.started, queue_id = excluded.queue_id, body = excluded.body`,
    values: [callback.callId, callback.askedWallMs, callback.queueId, JSON.stringify(callback)],
  };
}

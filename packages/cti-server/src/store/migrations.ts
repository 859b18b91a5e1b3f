import { CtiError } from '@cordboard/cti-core';
import type { SqlDatabase } from './database.js';

/**
 * The steps from an empty file to the present form, in order; a file remembers how many it has had. A step is never changed
 * once it was published: the next one mends it.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE cdr (
    id INTEGER PRIMARY KEY, call_id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, queue_id TEXT,
    outcome TEXT NOT NULL, direction TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX cdr_started ON cdr (started);
  CREATE INDEX cdr_queue ON cdr (queue_id, started);
  CREATE INDEX cdr_queue_outcome ON cdr (queue_id, outcome, started);
  CREATE INDEX cdr_outcome ON cdr (outcome, started);
  CREATE INDEX cdr_direction ON cdr (direction, started);
  CREATE TABLE cdr_agent (
    agent_id TEXT NOT NULL, started INTEGER NOT NULL, cdr_id INTEGER NOT NULL, PRIMARY KEY (agent_id, started, cdr_id)
  ) WITHOUT ROWID;
  CREATE TABLE cdr_number (
    number TEXT NOT NULL, started INTEGER NOT NULL, cdr_id INTEGER NOT NULL, PRIMARY KEY (number, started, cdr_id)
  ) WITHOUT ROWID;
  CREATE TABLE recording (
    id INTEGER PRIMARY KEY, recording_id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, call_id TEXT NOT NULL,
    agent_id TEXT, queue_id TEXT, delete_after INTEGER NOT NULL, state TEXT NOT NULL, fetched TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX recording_started ON recording (started);
  CREATE INDEX recording_call ON recording (call_id, started);
  CREATE INDEX recording_agent ON recording (agent_id, started);
  CREATE INDEX recording_queue ON recording (queue_id, started);
  CREATE INDEX recording_delete ON recording (delete_after);
  CREATE INDEX recording_fetched ON recording (fetched) WHERE fetched = 'wanted';
  CREATE TABLE recording_file (
    recording_id TEXT NOT NULL, n INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, media TEXT NOT NULL,
    PRIMARY KEY (recording_id, n)
  ) WITHOUT ROWID;
  CREATE TABLE agent_stay (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, agent_id TEXT NOT NULL, started INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX agent_stay_agent ON agent_stay (agent_id, started);
  CREATE TABLE config_object (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT, PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE cdr_missed (
    agent_id TEXT NOT NULL, started INTEGER NOT NULL, cdr_id INTEGER NOT NULL, PRIMARY KEY (agent_id, started, cdr_id)
  ) WITHOUT ROWID;
  `,
  // A path is kept by its flows and by its nodes. What was kept before gets the same.
  `
  CREATE TABLE cdr_path (
    place TEXT NOT NULL, started INTEGER NOT NULL, cdr_id INTEGER NOT NULL, PRIMARY KEY (place, started, cdr_id)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO cdr_path
    SELECT step.value, cdr.started, cdr.id FROM cdr, json_each(cdr.body, '$.ivrPath') step;
  INSERT OR IGNORE INTO cdr_path
    SELECT substr(step.value, 1, instr(step.value, '/') - 1), cdr.started, cdr.id
      FROM cdr, json_each(cdr.body, '$.ivrPath') step WHERE instr(step.value, '/') > 1;
  CREATE TABLE message (
    id INTEGER PRIMARY KEY, recording_id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, call_id TEXT NOT NULL, box TEXT NOT NULL,
    number TEXT, state TEXT NOT NULL, marked INTEGER, marked_by TEXT, delete_after INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX message_started ON message (started);
  CREATE INDEX message_box ON message (box, state, started);
  CREATE INDEX message_delete ON message (delete_after);
  CREATE TABLE score (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, survey TEXT NOT NULL, score INTEGER NOT NULL,
    agent_id TEXT, queue_id TEXT, day TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX score_started ON score (started);
  CREATE INDEX score_survey ON score (survey, started);
  CREATE INDEX score_agent ON score (agent_id, started);
  CREATE INDEX score_queue ON score (queue_id, started);
  CREATE TABLE callback (
    id INTEGER PRIMARY KEY, call_id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, queue_id TEXT NOT NULL, state TEXT NOT NULL,
    marked INTEGER, marked_by TEXT, body TEXT NOT NULL
  );
  CREATE INDEX callback_started ON callback (started);
  CREATE INDEX callback_queue ON callback (queue_id, state, started);
  CREATE TABLE voice (
    id INTEGER PRIMARY KEY, language TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, started INTEGER NOT NULL,
    state TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (language, name, version)
  );
  CREATE INDEX voice_started ON voice (started);
  CREATE INDEX voice_state ON voice (state, started);
  `,
  // Which recordings have their second copy.
  `
  ALTER TABLE recording ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX recording_uncopied ON recording (id) WHERE copied = 0 AND fetched = 'done';
  CREATE INDEX recording_copied ON recording (id) WHERE copied = 1;
  `,
  `
  CREATE TABLE call_note (call_id TEXT PRIMARY KEY, category TEXT, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX call_note_category ON call_note (category, call_id);
  `,
];

/**
 * Brings a database to the present form.
 *
 * @throws {CtiError} `store.unavailable` when a newer version of the product has written it
 */
export async function migrate(database: SqlDatabase): Promise<void> {
  const [row] = await database.all({ sql: 'PRAGMA user_version', values: [] });
  const version = Number(row?.user_version ?? 0);
  if (version > STEPS.length) {
    throw new CtiError('store.unavailable', 'the database was written by a newer version of Cordboard', {
      details: { found: version, known: STEPS.length },
    });
  }
  for (const [index, step] of STEPS.slice(version).entries()) {
    await database.exec(`BEGIN; ${step}; PRAGMA user_version = ${version + index + 1}; COMMIT`);
  }
}

// Fills a database of the server with made-up call records, quickly: in SQL, indexes last.
import { performance } from 'node:perf_hooks';
import type { SqlDatabase } from '@cordboard/cti-server';

/** Agents of the made-up centre. */
export const AGENTS = 1000;
/** Its queues. */
export const QUEUES = 40;
/** First record, epoch ms: 2024-01-01 UTC. */
export const START_MS = 1_704_067_200_000;
/** Two years of records. */
export const SPAN_MS = 2 * 365 * 86_400_000;

/** Name of an agent by index. */
export const agentName = (index: number): string => `agent${index}`;
/** Name of a queue by index. */
export const queueName = (index: number): string => `queue${index}`;
/** A caller's number by index; each calls five times in the mean. */
export const numberText = (index: number): string => `+86139${String(Math.floor(index)).padStart(8, '0')}`;

const CHUNK = 250_000;

/** Fills an empty database; a filled one is left alone. Returns how long it took, ms. */
export async function fillRecords(database: SqlDatabase, records: number): Promise<number> {
  const there = await database.all({ sql: 'SELECT 1 FROM cdr LIMIT 1', values: [] });
  if (there.length > 0) return 0;
  const beganMs = performance.now();
  const indexes = await database.all({
    sql: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'cdr' AND sql IS NOT NULL",
    values: [],
  });
  await database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000');
  for (const { name } of indexes) await database.exec(`DROP INDEX ${String(name)}`);
  const callers = Math.max(1, Math.floor(records / 5));
  for (let from = 0; from < records; from += CHUNK) {
    const to = Math.min(records, from + CHUNK);
    // A multiplier that shares no factor with the counts spreads agents, queues and numbers over time.
    await database.exec(`
      BEGIN;
      WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to}),
      r AS (
        SELECT i, ${START_MS} + CAST(i * ${SPAN_MS / records} AS INTEGER) AS started,
          'agent' || ((i * 7919) % ${AGENTS}) AS agent, 'queue' || ((i * 104729) % ${QUEUES}) AS queue,
          printf('+86139%08d', (i * 15485863) % ${callers}) AS number,
          CASE WHEN i % 100003 = 0 THEN 'lostInOutage' WHEN i % 20 = 0 THEN 'abandoned' WHEN i % 33 = 0 THEN 'busy' ELSE 'answered' END AS outcome
        FROM n
      )
      INSERT INTO cdr (id, call_id, started, queue_id, outcome, direction, body)
      SELECT i + 1, 'bench-c' || i, started, queue, outcome, 'inbound',
        '{"callId":"bench-c' || i || '","tenant":"main","direction":"inbound","calling":{"raw":"' || number || '","e164":"' || number
        || '","display":"' || number || '","presentation":"allowed"},"called":{"raw":"4008001000","display":"4008001000","presentation":"allowed"},'
        || '"startedWallMs":' || started || ',"endedWallMs":' || (started + 65000) || ',"durationMs":65000,"outcome":"' || outcome
        || '","cause":"normalClearing","endedBy":"caller","endedAt":{"kind":"agent","agent":"' || agent || '"},"queueId":"' || queue
        || '","agents":["' || agent || '"],"ivrPath":["front/start","front/pick"],"data":{},"segments":['
        || '{"kind":"queue","startMs":0,"endMs":5000,"queueId":"' || queue || '"},{"kind":"talking","startMs":5000,"endMs":65000,"agentId":"' || agent
        || '"}],"merged":[],"recordings":[],"transfers":[]}'
      FROM r;
      COMMIT`);
  }
  for (const { sql } of indexes) await database.exec(String(sql));
  await database.exec(`
    INSERT INTO cdr_agent SELECT 'agent' || (((id - 1) * 7919) % ${AGENTS}), started, id FROM cdr ORDER BY 1, 2, 3;
    INSERT INTO cdr_number SELECT printf('+86139%08d', ((id - 1) * 15485863) % ${callers}), started, id FROM cdr ORDER BY 1, 2, 3;
    PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000`);
  return performance.now() - beganMs;
}

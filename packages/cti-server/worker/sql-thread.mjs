// The database's own thread: it opens one SQLite file and carries out what the other side posts, one request after the other.
// Plain JavaScript, since a thread is started from a file and sources run unbuilt in tests.
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {string | number | null} Value */
/** @typedef {{ sql: string, values: readonly Value[] }} Call */
/**
 * @typedef {{ id: number } & (
 *   | { kind: 'all', call: Call }
 *   | { kind: 'transact', calls: readonly Call[] }
 *   | { kind: 'exec', sql: string }
 *   | { kind: 'close' }
 * )} Request
 */
/** @typedef {{ run(...values: Value[]): unknown, all(...values: Value[]): unknown[] }} Statement */
/** @typedef {{ exec(sql: string): unknown, prepare(sql: string): Statement, close(): void }} Database */

const { file } = /** @type {{ file: string }} */ (workerData);
const Driver = /** @type {new (file: string) => Database} */ (await driver());
const database = new Driver(file);
/** @type {Map<string, Statement>} */
const statements = new Map();

/** Node's own where it has one (22.13 and newer), else `libsql`. */
async function driver() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > 22 || (major === 22 && minor >= 13);
  // The types of Node 20 know no such module.
  const own = ['node', 'sqlite'].join(':');
  return isNew ? (await import(own)).DatabaseSync : (await import('libsql')).default;
}

/** @param {string} sql */
function statement(sql) {
  let known = statements.get(sql);
  if (known === undefined) {
    known = database.prepare(sql);
    statements.set(sql, known);
  }
  return known;
}

/** @param {readonly Call[]} calls */
function transact(calls) {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const { sql, values } of calls) statement(sql).run(...values);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** @param {Request} request */
function carryOut(request) {
  switch (request.kind) {
    case 'all':
      return statement(request.call.sql).all(...request.call.values);
    case 'transact':
      return transact(request.calls);
    case 'exec':
      return void database.exec(request.sql);
    case 'close':
      return database.close();
  }
}

parentPort?.on('message', (/** @type {Request} */ request) => {
  try {
    parentPort?.postMessage({ id: request.id, value: carryOut(request) });
  } catch (error) {
    parentPort?.postMessage({ id: request.id, error: error instanceof Error ? error.message : 'unknown' });
  }
  if (request.kind === 'close') parentPort?.close();
});
parentPort?.postMessage({ id: 0 });

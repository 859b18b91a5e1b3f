import { spawn } from 'node:child_process';
import { root } from './workspace.mjs';

/**
 * @typedef {object} RunResult
 * @property {number} code exit code; 124 after a time-out, 127 when the program could not be started
 * @property {string} output stdout and stderr in the order they arrived
 * @property {string} stdout stdout alone
 * @property {number} ms wall time
 */

/**
 * Runs one program to its end and collects what it printed (at most 32 MiB; the middle is dropped past that).
 * The whole process group is ended when the time is over.
 *
 * @param {string[]} command program and arguments
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, timeoutMs?: number, onOutput?: (text: string) => void }} [options]
 *   `timeoutMs` defaults to ten minutes
 * @returns {Promise<RunResult>}
 */
export function run(command, options = {}) {
  const { cwd = root, env = {}, timeoutMs = 600_000, onOutput } = options;
  const [program = '', ...args] = command;
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let stdout = '';
    let timedOut = false;
    /** @param {string} text */
    const keep = (text) => {
      onOutput?.(text);
      output += text;
      if (output.length > 32 * 2 ** 20) output = `${output.slice(0, 2 ** 20)}\n[...]\n${output.slice(-(2 ** 20))}`;
    };
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout = (stdout + text).slice(-(32 * 2 ** 20));
      keep(text);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    /** @param {NodeJS.Signals} signal */
    const endGroup = (signal) => {
      try {
        if (child.pid) process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      keep(`\n${command.join(' ')}: no end after ${Math.round(timeoutMs / 1000)} s, stopped\n`);
      endGroup('SIGTERM');
      setTimeout(() => endGroup('SIGKILL'), 5_000).unref();
    }, timeoutMs);
    const forward = () => endGroup('SIGTERM');
    process.once('SIGTERM', forward);
    process.once('SIGINT', forward);
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
      resolve({ code, output, stdout, ms: performance.now() - started });
    };
    child.on('error', (error) => {
      keep(`${program}: ${error.message}\n`);
      finish(127);
    });
    // A forgotten grandchild that holds the pipe must not hold the caller: some seconds after the exit it is ended, and some later nobody waits for the rest.
    // Seconds, because a machine that stands still for two of them has not read yet what the program said last.
    child.on('exit', (code, signal) => {
      const ended = timedOut ? 124 : (code ?? (signal ? 1 : 0));
      let patience = setTimeout(() => {
        endGroup('SIGKILL');
        patience = setTimeout(() => finish(ended), 5_000);
      }, 5_000);
      child.once('close', () => {
        clearTimeout(patience);
        finish(ended);
      });
    });
  });
}

/**
 * Runs jobs with at most `limit` at a time; results keep the order of the jobs.
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} limit
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
export async function inParallel(items, limit, work) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      const item = /** @type {T} */ (items[index]);
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

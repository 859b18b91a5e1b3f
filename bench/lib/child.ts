import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process of its own for one contender or for a source of traffic: its CPU time is nobody else's. */
export interface Child {
  readonly process: ChildProcess;
  /** Sends a message; plain data. */
  send(message: object): void;
  /** The next message of that `type`; fails when the child ends first or `timeoutMs` (default 120 000) pass. */
  message<T>(type: string, timeoutMs?: number): Promise<T>;
  /** Ends it and waits for its end; twice is fine. */
  stop(): Promise<void>;
}

const hasType = (value: unknown, type: string): boolean =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === type;

/** Starts a TypeScript file beside the caller, for example `startChild(new URL('./source.ts', import.meta.url))`. */
export function startChild(file: URL, args: readonly string[] = []): Child {
  const child = fork(fileURLToPath(file), [...args], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const early: unknown[] = [];
  child.on('message', (value) => early.push(value));
  const take = (type: string): unknown => {
    const index = early.findIndex((value) => hasType(value, type));
    return index < 0 ? undefined : early.splice(index, 1)[0];
  };
  return {
    process: child,
    send: (message) => {
      child.send(message);
    },
    message: async <T>(type: string, timeoutMs = 120_000): Promise<T> => {
      const signal = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const found = take(type);
        if (found !== undefined) return found as T;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`${file.pathname} ended before it said ${type}`);
        }
        const stopWaiting = new AbortController();
        const either = AbortSignal.any([signal, stopWaiting.signal]);
        await Promise.race([once(child, 'message', { signal: either }), once(child, 'exit', { signal: either })]);
        stopWaiting.abort();
      }
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** In a child: sends a message to the parent. @throws {Error} in a process that is no child */
export function tellParent(message: { readonly type: string; readonly [field: string]: unknown }): void {
  if (!process.send) throw new Error('this process has no parent to tell');
  process.send(message);
}

/** In a child: a new folder that goes with the process, also when its parent ends it. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGTERM', () => process.exit());
  return folder;
}

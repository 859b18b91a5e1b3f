import type { TimerId } from '../contract/ids.js';
import { nextId, type Run } from './run.js';
import type { TimerWork } from './state.js';

/** Starts a timer; the shell brings it back as an input. */
export function startTimer(run: Run, inMs: number, work: TimerWork): TimerId {
  const timerId = nextId<TimerId>(run, 't');
  const dueAtMs = run.at + Math.max(0, Math.round(inMs));
  run.s.timers.set(timerId, { dueAtMs, work });
  run.out.push({ kind: 'setTimer', timerId, dueAtMs });
  return timerId;
}

/** Ends a timer; nothing happens when it has fired or there is none. */
export function stopTimer(run: Run, timerId: TimerId | undefined): void {
  if (timerId === undefined || !run.s.timers.delete(timerId)) return;
  run.out.push({ kind: 'cancelTimer', timerId });
}

/** Tells the shell of every running timer again, the earliest first: after a restart it knows none. */
export function repeatTimers(run: Run): void {
  const all = [...run.s.timers].sort(([a, x], [b, y]) => x.dueAtMs - y.dueAtMs || (a < b ? -1 : 1));
  for (const [timerId, timer] of all) run.out.push({ kind: 'setTimer', timerId, dueAtMs: timer.dueAtMs });
}

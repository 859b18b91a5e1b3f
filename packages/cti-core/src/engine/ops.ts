import type { Actor, ClientOutcome } from '../contract/client-commands.js';
import type { Refusal } from '../contract/driver-commands.js';
import type { CtiErrorCode, CtiErrorDetails } from '../contract/errors.js';
import type { CallId, ClientCommandId } from '../contract/ids.js';
import { callOf, connsOf, legOf } from './lookups.js';
import type { Run } from './run.js';
import type { Call, Conn, Op, Until } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Remembers what a client waits for. It settles when every condition holds, fails when one cannot hold any more or time runs out. */
export function waitFor(
  run: Run,
  asked: { readonly actor: Actor; readonly commandId: ClientCommandId },
  what: {
    readonly call: Call;
    readonly until: readonly Until[];
    readonly resultCallId?: CallId;
    readonly settle?: Op['settle'];
    readonly within?: 'confirm' | 'ring';
  },
): void {
  const key = keyOfCommand(asked.actor.userId, asked.commandId);
  const op: Op = {
    key,
    userId: asked.actor.userId,
    commandId: asked.commandId,
    callId: what.call.id,
    ...(what.resultCallId === undefined ? {} : { resultCallId: what.resultCallId }),
    until: what.until,
    timer: startTimer(run, run.s.config.timers.confirmMs + (what.within === 'ring' ? run.s.config.timers.ringMs : 0), {
      do: 'op',
      key,
    }),
    settle: what.settle ?? 'done',
  };
  run.s.ops.set(key, op);
  what.call.ops.push(key);
  run.tend.add(what.call.id);
}

/** Does a request of this call wait for that? */
export function isAwaited(run: Run, call: Call, what: Extract<Until, { is: 'up' }>): boolean {
  return call.ops.some((key) =>
    run.s.ops.get(key)?.until.some((until) => until.is === what.is && until.legId === what.legId),
  );
}

/** The opposite is wanted now: requests that wait for a state of a connection which nobody wants any more are settled at once. */
export function supersede(
  run: Run,
  call: Call,
  wanted: { readonly connId: Conn['id']; readonly state: Conn['state'] },
): void {
  for (const key of [...call.ops]) {
    const op = run.s.ops.get(key);
    const waits = op?.until.some(
      (one) => one.is === 'state' && one.connId === wanted.connId && one.state === wanted.state,
    );
    if (op !== undefined && waits === true)
      failOp(run, op, { code: 'call.state', message: 'a later request took its place' });
  }
}

/** Command ids are unique per user. */
export function keyOfCommand(userId: string, commandId: string): string {
  return `${userId}\n${commandId}`;
}

/** Settles what has come true for a call. */
export function checkOps(run: Run, call: Call): void {
  if (call.ops.length === 0) return;
  for (const key of [...call.ops]) {
    const op = run.s.ops.get(key);
    if (op === undefined) continue;
    let all: 'yes' | 'no' | 'never' = 'yes';
    for (const until of op.until) {
      const verdict = holds(run, until);
      if (verdict === 'never') {
        all = 'never';
        break;
      }
      if (verdict === 'no') all = 'no';
    }
    if (all === 'yes') settle(run, op, doneWith(run, op));
    else if (all === 'never')
      failOp(run, op, { code: 'call.state', message: 'the connection ended before it was done' });
  }
}

function doneWith(run: Run, op: Op): ClientOutcome {
  const { settle: outcome, resultCallId } = op;
  if (resultCallId === undefined) return { outcome };
  const call = callOf(run, resultCallId);
  // One that was asked for under an id of its own may have become part of another.
  const callId = call?.native === undefined ? resultCallId : call.id;
  const slot = op.until.some((until) => until.is === 'parked') && call !== undefined ? slotOf(run, call) : undefined;
  return outcome === 'unconfirmed' || slot === undefined ? { outcome, callId } : { outcome, callId, slot };
}

/** The park slot that somebody in the call waits on. */
function slotOf(run: Run, call: Call): number | undefined {
  for (const conn of connsOf(run, call)) {
    const slot = legOf(run, conn)?.parkedAt;
    if (slot !== undefined) return slot;
  }
  return undefined;
}

function holds(run: Run, until: Until): 'yes' | 'no' | 'never' {
  switch (until.is) {
    case 'legGone':
      return run.s.legs.has(until.legId) ? 'no' : 'yes';
    case 'connGone':
      return run.s.conns.has(until.connId) ? 'no' : 'yes';
    case 'seen': {
      const leg = run.s.legs.get(until.legId);
      return leg === undefined ? 'never' : leg.seen === 'yes' ? 'yes' : 'no';
    }
    case 'up': {
      const leg = run.s.legs.get(until.legId);
      return leg === undefined ? 'never' : leg.state === 'connected' ? 'yes' : 'no';
    }
    case 'state': {
      const conn = run.s.conns.get(until.connId);
      return conn === undefined ? 'never' : conn.state === until.state ? 'yes' : 'no';
    }
    case 'talking': {
      const call = callOf(run, until.callId);
      if (call === undefined) return 'never';
      const members = connsOf(run, call).filter(
        (conn) => conn.leaving === undefined && conn.hold === undefined && conn.role === 'party',
      );
      const all = members.every((conn) => call.bridgeId !== undefined && legOf(run, conn)?.bridgeId === call.bridgeId);
      return members.length >= 2 && all ? 'yes' : 'no';
    }
    case 'parked': {
      const call = callOf(run, until.callId);
      if (call === undefined) return 'never';
      return slotOf(run, call) === undefined ? 'no' : 'yes';
    }
    case 'joined': {
      const [a, b] = [callOf(run, until.a), callOf(run, until.b)];
      if (a === undefined || b === undefined) return 'never';
      return a === b ? 'yes' : 'no';
    }
    case 'newPart': {
      const call = callOf(run, until.callId);
      if (call === undefined) return 'never';
      return connsOf(run, call).some((conn) => (legOf(run, conn)?.n ?? 0) > until.after) ? 'yes' : 'no';
    }
    case 'asked':
      return 'yes';
    case 'reply':
      return run.s.asked.has(until.commandId) ? 'no' : 'yes';
    case 'recording': {
      const recording = run.s.recordings.get(until.recordingId);
      if (recording === undefined) return until.states.includes('done') ? 'yes' : 'never';
      if (until.states.includes(recording.state)) return 'yes';
      return recording.state === 'failed' ? 'never' : 'no';
    }
    case 'monitoring': {
      const leg = run.s.legs.get(until.legId);
      return leg === undefined ? 'never' : leg.monitor?.mode === until.mode ? 'yes' : 'no';
    }
  }
}

/** A client's request is settled: the outcome goes out after everything that it follows from. */
export function settle(run: Run, op: Op, outcome: ClientOutcome): void {
  stopTimer(run, op.timer);
  run.s.ops.delete(op.key);
  const call = run.s.calls.get(op.callId);
  if (call !== undefined) call.ops = call.ops.filter((key) => key !== op.key);
  keepOutcome(run, op, outcome);
}

/** Tells an outcome and keeps it for those who ask again. */
export function keepOutcome(
  run: Run,
  of: { readonly userId: Op['userId']; readonly commandId: ClientCommandId },
  outcome: ClientOutcome,
): void {
  const kept = run.s.kept.get(keyOfCommand(of.userId, of.commandId));
  if (kept !== undefined && kept.outcome === undefined) {
    kept.outcome = outcome;
    kept.atMs = run.at;
  }
  run.outcomes.push({ kind: 'outcome', userId: of.userId, commandId: of.commandId, outcome });
}

/** A client's request has failed. */
export function failOp(
  run: Run,
  op: Op,
  why: { readonly code: CtiErrorCode; readonly message: string; readonly details?: CtiErrorDetails },
): void {
  settle(run, op, { outcome: 'failed', ...why });
}

/** The switch refused a command on which requests wait. */
export function refuseOps(run: Run, call: Call, code: Refusal): void {
  for (const key of [...call.ops]) {
    const op = run.s.ops.get(key);
    if (op !== undefined) failOp(run, op, { code: codeOf(code), message: `the switch did not do it: ${code}` });
  }
}

/** A driver's refusal in the words of clients. */
export function codeOf(code: Refusal): CtiErrorCode {
  switch (code) {
    case 'notSupported':
      return 'command.notSupported';
    case 'linkLost':
      return 'driver.linkLost';
    case 'timeout':
      return 'driver.timeout';
    case 'gone':
      return 'call.state';
    case 'stopped':
      return 'driver.stopped';
    case 'conflict':
    case 'rejected':
    case 'invalid':
      return 'driver.refused';
  }
}

/** A call is over: requests that waited for ends are done, others failed. */
export function abandonOps(run: Run, call: Call): void {
  checkOps(run, call);
  for (const key of [...call.ops]) {
    const op = run.s.ops.get(key);
    if (op !== undefined) failOp(run, op, { code: 'call.state', message: 'the call ended before it was done' });
  }
}

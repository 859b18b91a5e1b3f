import type { TimerId } from '../contract/ids.js';
import { endWork } from './agent-work.js';
import { answerRefused, refuse, routeTo } from './calls.js';
import { groupAgain, groupOver } from './flow-group.js';
import { recordEndFired } from './flow-recording.js';
import { feedFlow } from './flows.js';
import { leasesFired } from './lease.js';
import { endLeg, giveUp, ringOut } from './leg-end.js';
import { clearLeg, release, watchLeg } from './legs.js';
import { anchorsOf, callOf, connsOf, connsOfLeg } from './lookups.js';
import { mediaRefused } from './media.js';
import { watchNative } from './native-ask.js';
import { failOp, settle } from './ops.js';
import { leave } from './parting.js';
import { movePop } from './pops.js';
import { leaveQueue, moveEntry, roomIn } from './queues.js';
import { closeUntold } from './recording.js';
import { restFired } from './rest.js';
import { count, note, type Run } from './run.js';
import type { Entry, Leg, TimerWork } from './state.js';
import { startTimer, stopTimer } from './timers.js';
import { returnFailed } from './transfers.js';

/** A timer has fired. One that was cancelled in the meantime is ignored. */
export function timerFired(run: Run, timerId: TimerId): void {
  const timer = run.s.timers.get(timerId);
  if (timer === undefined) return count(run, 'ignored.timer');
  run.s.timers.delete(timerId);
  work(run, timer.work);
}

function work(run: Run, what: TimerWork): void {
  switch (what.do) {
    case 'queueWait': {
      const entry = run.s.entries.get(what.entryId);
      if (entry !== undefined) overflow(run, entry);
      return;
    }
    case 'afterCallWork': {
      const agent = run.s.agents.get(what.agentId);
      if (agent === undefined) return;
      agent.workTimer = undefined;
      return endWork(run, agent);
    }
    case 'rest': {
      const agent = run.s.agents.get(what.agentId);
      return agent === undefined ? undefined : restFired(run, agent);
    }
    case 'leases':
      return leasesFired(run);
    case 'popClaim': {
      const pop = run.s.pops.get(what.popId);
      if (pop === undefined) return;
      pop.timer = undefined;
      movePop(run, pop, 'lapsed');
      return;
    }
    case 'op': {
      const op = run.s.ops.get(what.key);
      if (op === undefined) return;
      return op.settle === 'unconfirmed'
        ? settle(run, op, { outcome: 'unconfirmed' })
        : failOp(run, op, { code: 'driver.timeout', message: 'the switch did not confirm it in time' });
    }
    case 'watchLeg': {
      const leg = run.s.legs.get(what.legId);
      return leg === undefined ? undefined : watch(run, leg);
    }
    case 'retry': {
      const call = callOf(run, what.callId);
      if (call !== undefined) run.tend.add(call.id);
      return;
    }
    case 'recordingEnd': {
      const recording = run.s.recordings.get(what.recordingId);
      if (recording === undefined) return;
      recording.untold = undefined;
      closeUntold(run, recording);
      if (!run.s.calls.has(recording.callId)) run.s.recordings.delete(recording.id);
      return;
    }
    case 'returnWait': {
      const call = run.s.calls.get(what.callId);
      if (call?.transfer?.stage === 'waiting') returnFailed(run, call, 'noAnswer');
      return;
    }
    case 'maxCall': {
      const call = run.s.calls.get(what.callId);
      if (call === undefined) return;
      call.maxTimer = undefined;
      note(run, 'call.tooLong', call.id);
      leave(run, call, { by: 'system', end: { cause: 'failure' } });
      leaveQueue(run, call, 'withdrawn');
      for (const conn of connsOf(run, call)) release(run, conn, 'failure');
      return;
    }
    case 'recordEnd':
    case 'groupAgain':
    case 'groupOver': {
      const call = callOf(run, what.callId);
      if (call === undefined) return;
      if (what.do === 'recordEnd') return recordEndFired(run, call, what.recordingId);
      return what.do === 'groupAgain' ? groupAgain(run, call) : groupOver(run, call);
    }
    case 'ivr': {
      const call = run.s.calls.get(what.callId);
      if (call?.flow?.timer?.turn !== what.turn) return count(run, 'ignored.timer.flow');
      call.flow.timer = undefined;
      return feedFlow(run, call, { type: 'timer', turn: what.turn });
    }
  }
}

/** A caller whose overflow has no room waits on; it is looked at again after this. */
const FULL_AGAIN_MS = 10_000;

/**
 * A caller has waited for as long as the queue allows, or the queue is no more. While a phone rings for them they wait on, and so
 * they do where every queue of the overflow is full.
 */
export function overflow(run: Run, entry: Entry): 'left' | 'stays' {
  const call = run.s.calls.get(entry.callId);
  stopTimer(run, entry.timer);
  entry.timer = undefined;
  if (call === undefined) return 'left';
  if (entry.state === 'offered') {
    entry.late = 'late';
    moveEntry(run, entry, 'overflowed');
    return 'stays';
  }
  if (entry.origin === 'flow') {
    leaveQueue(run, call, 'overflowed');
    feedFlow(run, call, { back: { type: 'queueResult', result: 'overflow' } });
    return 'left';
  }
  const queue = run.ix.queues.get(entry.queueId);
  const wanted = queue?.overflow ?? entry.homeless;
  const to = wanted?.kind === 'queue' ? roomIn(run, wanted.queue, entry.queueId) : wanted;
  const goes = wanted?.kind === 'queue' && to?.kind === 'hangup' ? undefined : to;
  if (goes === undefined && wanted !== undefined) {
    entry.late = undefined;
    entry.timer = startTimer(run, FULL_AGAIN_MS, { do: 'queueWait', entryId: entry.id });
    return 'stays';
  }
  leaveQueue(run, call, queue === undefined ? 'withdrawn' : 'overflowed');
  const [conn] = anchorsOf(run, call);
  if (conn === undefined) return 'left';
  if (goes === undefined || goes.kind === 'hangup') {
    refuse(run, call, { conn, cause: queue === undefined ? 'failure' : 'noAnswer' });
  } else routeTo(run, call, { conn, to: goes });
  return 'left';
}

/** What nobody has a part in any more is asked to end so often, once per `confirmMs`; then it is the switch's. */
const MAX_GHOST_CLEARS = 30;

/** What was asked of a leg should be confirmed by now. What is not is asked again; a dialling that nobody saw is given up. */
function watch(run: Run, leg: Leg): void {
  leg.watch = undefined;
  const { confirmMs } = run.s.config.timers;
  if (run.s.switches.get(leg.switchId)?.media !== 'up') {
    watchLeg(run, leg, confirmMs);
    return;
  }
  if (leg.nativeRef !== undefined) return watchNative(run, leg);
  if (leg.clearing !== undefined) {
    const since = leg.clearAskedMs === undefined ? confirmMs : run.at - leg.clearAskedMs;
    if (since < confirmMs) return watchLeg(run, leg, confirmMs - since);
    note(run, 'clear.unconfirmed');
    if (leg.conns.length === 0 && ++leg.tries > MAX_GHOST_CLEARS) {
      return endLeg(run, leg, { release: { cause: leg.clearing } });
    }
    clearLeg(run, leg, leg.clearing);
    return;
  }
  if (leg.seen !== 'yes') {
    note(run, 'originate.unconfirmed');
    return giveUp(run, leg);
  }
  if (leg.askedBridge !== undefined) {
    const left = (leg.askedMs ?? 0) + confirmMs - run.at;
    if (left > 0) watchLeg(run, leg, left);
    else {
      note(run, 'bridge.unconfirmed');
      mediaRefused(run, leg);
    }
  }
  if (leg.answerAsked !== undefined && leg.state !== 'connected') {
    note(run, 'answer.unconfirmed');
    answerRefused(run, leg);
  }
  if (leg.ringUntilMs !== undefined && leg.state !== 'connected') {
    const left = leg.ringUntilMs + confirmMs - run.at;
    if (left > 0) return watchLeg(run, leg, left);
    note(run, 'ring.unbounded');
    return ringOut(run, leg);
  }
  // It may have waited to be joined again.
  if (leg.notBeforeMs !== undefined) for (const conn of connsOfLeg(run, leg)) run.tend.add(conn.callId);
}

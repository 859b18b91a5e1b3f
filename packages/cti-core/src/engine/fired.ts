import type { TimerId } from '../contract/ids.js';
import { endWork } from './agent-work.js';
import { refuse, routeTo } from './calls.js';
import { feedFlow } from './flows.js';
import { leaseFired } from './lease.js';
import { endLeg } from './leg-end.js';
import { clearLeg, release, watchLeg } from './legs.js';
import { anchorsOf, connsOf, connsOfLeg } from './lookups.js';
import { mediaRefused } from './media.js';
import { failOp, settle } from './ops.js';
import { leave } from './parting.js';
import { movePop } from './pops.js';
import { leaveQueue, moveEntry } from './queues.js';
import { moveRecording } from './recording.js';
import { count, note, type Run } from './run.js';
import type { Entry, Leg, TimerWork } from './state.js';
import { backToQueue } from './transfers.js';

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
      return entry === undefined ? undefined : overflow(run, entry);
    }
    case 'afterCallWork': {
      const agent = run.s.agents.get(what.agentId);
      if (agent === undefined) return;
      agent.workTimer = undefined;
      return endWork(run, agent);
    }
    case 'lease': {
      const agent = run.s.agents.get(what.agentId);
      return agent === undefined ? undefined : leaseFired(run, agent);
    }
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
        : failOp(run, op, 'driver.timeout', 'the switch did not confirm it in time');
    }
    case 'watchLeg': {
      const leg = run.s.legs.get(what.legId);
      return leg === undefined ? undefined : watch(run, leg);
    }
    case 'retry':
      if (run.s.calls.has(what.callId)) run.tend.add(what.callId);
      return;
    case 'recordingEnd': {
      const recording = run.s.recordings.get(what.recordingId);
      if (recording === undefined) return;
      moveRecording(run, recording, 'failed', { endedWallMs: run.wall });
      if (!run.s.calls.has(recording.callId)) run.s.recordings.delete(recording.id);
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
    case 'ivr': {
      const call = run.s.calls.get(what.callId);
      if (call?.flow?.timer?.turn !== what.turn) return count(run, 'ignored.timer.flow');
      call.flow.timer = undefined;
      return feedFlow(run, call, { type: 'timer', turn: what.turn });
    }
  }
}

/** A caller has waited for as long as the queue allows. While a phone rings for them they wait on. */
export function overflow(run: Run, entry: Entry): void {
  const call = run.s.calls.get(entry.callId);
  const queue = run.ix.queues.get(entry.queueId);
  entry.timer = undefined;
  if (call === undefined) return;
  if (entry.state === 'offered') {
    entry.late = 'late';
    moveEntry(run, entry, 'overflowed');
    return;
  }
  leaveQueue(run, call, 'overflowed');
  if (entry.origin === 'flow') return feedFlow(run, call, { type: 'queueResult', result: 'overflow' }, 'back');
  const [conn] = anchorsOf(run, call);
  if (conn === undefined) return;
  if (queue === undefined) return backToQueue(run, call, undefined, 'noAnswer');
  if (queue.overflow.kind === 'hangup') return refuse(run, call, { conn, cause: 'noAnswer' });
  routeTo(run, call, { conn, to: queue.overflow });
}

/** What was asked of a leg should be confirmed by now. What is not is asked again; a dialling that nobody saw is given up. */
function watch(run: Run, leg: Leg): void {
  leg.watch = undefined;
  const { confirmMs } = run.s.config.timers;
  if (run.s.switches.get(leg.switchId)?.media !== 'up') {
    watchLeg(run, leg, confirmMs);
    return;
  }
  if (leg.clearing !== undefined) {
    note(run, 'clear.unconfirmed');
    clearLeg(run, leg, leg.clearing);
    return;
  }
  if (leg.seen !== 'yes') {
    note(run, 'originate.unconfirmed');
    clearLeg(run, leg, 'cancelled');
    endLeg(run, leg, { release: { cause: 'failure' }, how: 'unsure' });
    return;
  }
  if (leg.askedBridge !== undefined && run.at - (leg.askedMs ?? 0) >= confirmMs) {
    note(run, 'bridge.unconfirmed');
    mediaRefused(run, leg);
  }
  if (leg.ringUntilMs !== undefined && leg.state !== 'connected') {
    const left = leg.ringUntilMs + confirmMs - run.at;
    if (left > 0) return watchLeg(run, leg, left);
    note(run, 'ring.unbounded');
    for (const conn of connsOfLeg(run, leg)) release(run, conn, 'noAnswer');
    clearLeg(run, leg, 'noAnswer');
    return;
  }
  if (leg.askedBridge !== undefined) watchLeg(run, leg, confirmMs);
}

import type { DriverEvent } from '../contract/driver-events.js';
import type { SwitchId } from '../contract/ids.js';
import { callerConnected, incoming } from './calls.js';
import { keepDevice } from './devices.js';
import { dialledAlerting, dialledConnected } from './dialled.js';
import { flashEnded } from './flash.js';
import { feedFlow } from './flows.js';
import { clearGhost, endLeg } from './leg-end.js';
import { clearLeg, strayEvent, unwatchLeg } from './legs.js';
import { deviceLifted, isLift } from './lifted.js';
import { connsOfLeg } from './lookups.js';
import { pauseJoin } from './media.js';
import { isCallControl, nativeCreated } from './native-calls.js';
import { type LegEvent, nativeEvent } from './native-events.js';
import { linkDown, linkSynced, linkUp } from './outage.js';
import { deviceHolds, deviceReplaced, deviceRetrieves, deviceTransfers, placeGone } from './phone-made.js';
import { heardEnd, heardOf } from './progress.js';
import { isHeardOf, moveRecording } from './recording.js';
import { endRest } from './rest.js';
import { count, type Run } from './run.js';
import { applySnapshot } from './snapshot.js';
import type { Leg } from './state.js';
import { monitoring } from './supervision.js';
import { isWatched, watchCall } from './watched.js';

/** Takes one event of a driver. */
export function driverEvent(run: Run, switchId: SwitchId, event: DriverEvent): void {
  switch (event.type) {
    case 'linkUp':
      return linkUp(run, switchId, event.linkId);
    case 'linkSynced':
      return linkSynced(run, switchId, event);
    case 'linkDown':
      return linkDown(run, switchId, event);
    case 'snapshot':
      return applySnapshot(run, switchId, event.snapshot);
    case 'devicePresence':
      return presence(run, event);
    case 'unreadable':
      return count(run, 'unreadable');
    case 'created':
      return created(run, switchId, event);
    case 'recordingFinished':
    case 'recordingStarted':
      return recordingEvent(run, event);
    default: {
      if (run.s.limbo.size > 0 && run.s.limbo.has(event.connectionId)) return limboEvent(run, event);
      const leg = run.s.legs.get(event.connectionId);
      if (leg === undefined && event.type === 'replaced') return placeGone(run, event.by);
      if (leg === undefined || leg.switchId !== switchId) return strayEvent(run, event.type);
      return legEvent(run, leg, event);
    }
  }
}

function presence(run: Run, event: Extract<DriverEvent, { type: 'devicePresence' }>): void {
  const before = run.s.presence.get(event.device);
  if (keepDevice(run, event) === 'same') return;
  const agentId = run.ix.seats.get(event.device);
  if (agentId === undefined) return;
  run.agents.add(agentId);
  // Calls are offered to a seat whatever its phone is doing, as long as it can be reached.
  if (before !== 'unreachable' && event.presence !== 'unreachable') return;
  run.idle.add(agentId);
  const agent = before === 'unreachable' ? run.s.agents.get(agentId) : undefined;
  if (agent !== undefined) endRest(run, agent);
}

function created(run: Run, switchId: SwitchId, event: Extract<DriverEvent, { type: 'created' }>): void {
  if (event.control === 'full' && isCallControl(run, switchId)) return nativeCreated(run, switchId, event);
  const known = run.s.legs.get(event.connectionId);
  if (known !== undefined) {
    if (known.seen === 'yes') return count(run, 'ignored.leg.created');
    known.seen = 'yes';
    known.dialAgain = undefined;
    for (const conn of connsOfLeg(run, known)) {
      if (conn.pending === 'originate') conn.pending = undefined;
      run.tend.add(conn.callId);
    }
    if (known.clearing !== undefined) known.clearAskedMs = undefined;
    if (known.clearing !== undefined && known.conns.length === 0) {
      // Asked before it was there: that may have ended nothing.
      count(run, 'ghost.cleared');
      clearLeg(run, known, known.clearing);
    }
    return;
  }
  if (event.control === 'observe') return count(run, 'observed.created');
  const { direction, callId } = event;
  if (callId === undefined && isWatched(run, switchId, event)) return watchCall(run, switchId, event);
  if (direction === 'incoming' && callId === undefined && !isLift(run, switchId, event)) {
    return incoming(run, switchId, event);
  }
  if (event.callId !== undefined && event.direction === 'outgoing') {
    // Ours, but given up: a dialling that the switch carried out after its bound. Nobody shall be rung twice.
    const { connectionId: id, device, direction } = event;
    clearGhost(run, { id, switchId, device, direction });
    return;
  }
  // Something else takes a place in a call of ours (a pick-up, a transfer by the phone, a lifted phone): `replaced` or `lifted` will say which.
  run.s.limbo.set(event.connectionId, {
    switchId,
    device: event.device,
    direction: event.direction,
    state: 'initiated',
  });
}

/** Events of a connection that will take somebody's place. */
function limboEvent(run: Run, event: LegEvent): void {
  const limbo = run.s.limbo.get(event.connectionId);
  if (limbo === undefined) return;
  if (event.type === 'lifted') return deviceLifted(run, event);
  if (event.type === 'cleared') run.s.limbo.delete(event.connectionId);
  else if (event.type === 'connected' || event.type === 'alerting') limbo.state = event.type;
  else if (event.type === 'bridged') limbo.bridgeId = event.bridgeId;
  if (limbo.bridgeId === undefined) return;
  // Whoever is in that bridge may hear somebody now, or nobody any more.
  for (const call of run.s.calls.values()) if (call.bridgeId === limbo.bridgeId) run.tend.add(call.id);
}

function legEvent(run: Run, leg: Leg, event: LegEvent): void {
  if (leg.nativeRef !== undefined) return nativeEvent(run, leg, event);
  switch (event.type) {
    case 'alerting':
      if (leg.state === 'initiated') leg.state = 'alerting';
      seen(leg);
      if (event.evidence !== undefined) heardOf(run, leg, { state: 'alerting', evidence: event.evidence });
      for (const conn of connsOfLeg(run, leg)) {
        const call = run.s.calls.get(conn.callId);
        if (call !== undefined) dialledAlerting(run, call, conn);
      }
      return;
    case 'connected':
      if (event.evidence !== undefined) heardOf(run, leg, { state: 'connected', evidence: event.evidence });
      return connected(run, leg);
    case 'cleared':
      heardEnd(run, leg, event.release);
      flashEnded(run, leg, event.release);
      return endLeg(run, leg, { release: event.release });
    case 'bridged':
      leg.bridgeId = event.bridgeId;
      if (leg.askedBridge === event.bridgeId) leg.askedBridge = undefined;
      leg.tries = 0;
      // A pause was for the one who was not in it; left standing, it would keep them in when they are to be taken out.
      leg.notBeforeMs = undefined;
      unwatchLeg(run, leg);
      return touch(run, leg);
    case 'unbridged': {
      const byItself = leg.bridgeId === event.bridgeId && leg.askedBridge === undefined;
      if (leg.bridgeId === event.bridgeId) leg.bridgeId = undefined;
      if (leg.askedBridge === 'none') leg.askedBridge = undefined;
      unwatchLeg(run, leg);
      // A supervisor is taken out with the connection they watched, and may be wanted as a party at once.
      if (byItself && leg.monitor === undefined) pauseJoin(run, leg);
      return touch(run, leg);
    }
    case 'digit':
      return digit(run, leg, event.digit);
    case 'playbackStarted':
      return;
    case 'playbackFinished':
      return playbackFinished(run, leg, event);
    case 'monitoring':
      return monitoring(run, leg, event);
    case 'heldByDevice':
      return deviceHolds(run, leg);
    case 'retrievedByDevice':
      return deviceRetrieves(run, leg);
    case 'transferRequested':
      return deviceTransfers(run, leg, event);
    case 'replaced':
      return deviceReplaced(run, leg, event.by);
    case 'lifted':
    case 'identified':
    case 'movedCall':
    case 'parked':
      return count(run, `ignored.${event.type}`);
  }
}

function seen(leg: Leg): void {
  leg.seen = 'yes';
  leg.dialAgain = undefined;
}

/** Looks at the calls of a leg again. */
export function touch(run: Run, leg: Leg): void {
  for (const id of leg.conns) {
    const conn = run.s.conns.get(id);
    if (conn !== undefined) run.tend.add(conn.callId);
  }
}

/** A leg is up: what was dialled has answered, or a caller was answered by us. */
export function connected(run: Run, leg: Leg): void {
  seen(leg);
  leg.state = 'connected';
  leg.ringUntilMs = undefined;
  // Refusals to answer it are over: it can be joined at once.
  if (leg.refused === 'answer') leg.notBeforeMs = undefined;
  for (const conn of connsOfLeg(run, leg)) {
    const call = conn.leaving === undefined ? run.s.calls.get(conn.callId) : undefined;
    if (call === undefined) continue;
    // Who took a place in a talk is connected already, and may be held from now on.
    run.tend.add(call.id);
    // A phone that picked up what was dialled at another came in by itself.
    if (leg.direction === 'outgoing' || conn.purpose !== undefined) {
      dialledConnected(run, call, conn);
      continue;
    }
    callerConnected(run, call, conn);
    if (call.flow?.connId === conn.id && call.flow.state.phase === 'entering') feedFlow(run, call, { type: 'start' });
  }
}

function digit(run: Run, leg: Leg, key: string): void {
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    if (call.flow?.connId !== conn.id || call.flow.collecting === undefined) count(run, 'ignored.digit');
    else feedFlow(run, call, { type: 'digit', digit: key });
  }
}

function playbackFinished(run: Run, leg: Leg, event: Extract<DriverEvent, { type: 'playbackFinished' }>): void {
  if (leg.tone === event.playbackId) {
    leg.tone = undefined;
    leg.toneStop = undefined;
    return;
  }
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    const flow = call?.flow;
    if (call === undefined || flow?.connId !== conn.id) continue;
    if (flow.playing?.playbackId !== event.playbackId) {
      count(run, 'ignored.playback.late');
      continue;
    }
    const { turn } = flow.playing;
    flow.playing = undefined;
    feedFlow(run, call, { type: 'playbackFinished', turn, outcome: event.outcome });
  }
}

function recordingEvent(
  run: Run,
  event: Extract<DriverEvent, { type: 'recordingStarted' | 'recordingFinished' }>,
): void {
  const recording = run.s.recordings.get(event.recordingId);
  if (recording === undefined) return strayEvent(run, event.type);
  if (event.type === 'recordingStarted') {
    if (run.s.calls.has(recording.callId)) isHeardOf(run, recording);
    moveRecording(run, recording, { event: 'started', startedWallMs: run.wall });
    return;
  }
  moveRecording(run, recording, {
    event: event.outcome === 'done' ? 'finished' : 'failed',
    endedWallMs: run.wall,
    files: event.files,
    ...(event.durationMs === undefined ? {} : { durationMs: event.durationMs }),
  });
  if (!run.s.calls.has(recording.callId)) run.s.recordings.delete(recording.id);
}

import type { DriverEvent, SwitchSnapshot } from '../contract/driver-events.js';
import type { CallId, ConnectionId, SwitchId } from '../contract/ids.js';
import { normalise } from '../numbers/index.js';
import { incoming } from './calls.js';
import { send } from './commands.js';
import { forgetUnshown, keepDevice } from './devices.js';
import { dialOnceMore } from './dial.js';
import { dialledAlerting } from './dialled.js';
import { connected } from './driver-events.js';
import { endRecording } from './flow-recording.js';
import { feedFlow } from './flows.js';
import { clearGhost, endLeg } from './leg-end.js';
import { addConn, addLeg, clearLeg, moveConn } from './legs.js';
import { agentAt, anchorsOf, callOf, connsOfLeg } from './lookups.js';
import { meetNative, nativeSnapshot } from './native-snapshot.js';
import { legsOf, switchState } from './outage.js';
import { deviceHolds, deviceRetrieves } from './phone-made.js';
import { catchUpRecordings } from './recording.js';
import { count, type Run } from './run.js';
import type { Call, Leg, SwitchState } from './state.js';
import { stopTimer } from './timers.js';

type Shown = SwitchSnapshot['connections'][number];

/**
 * Brings the model to what a switch shows after a (re)connect: what is gone has ended within the time of silence, what lives is
 * caught up with, and what is ours but unknown is adopted or cleared.
 */
export function applySnapshot(run: Run, switchId: SwitchId, snapshot: SwitchSnapshot): void {
  const state = switchState(run, switchId);
  if (state.profile === 'callControl') {
    nativeSnapshot(run, state, { legs: legsOf(run, switchId), connections: snapshot.connections });
    return takeDevices(run, switchId, snapshot);
  }
  const shown = new Map<ConnectionId, Shown>();
  for (const one of snapshot.connections) shown.set(one.connectionId, one);
  const lost: Leg[] = [];
  for (const leg of legsOf(run, switchId)) {
    const one = shown.get(leg.id);
    if (one !== undefined) catchUp(run, leg, { one, media: state.media });
    else if (leg.seen !== 'no') lost.push(leg);
  }
  // Customers first: an agent's seat is rung again only for one who is still there.
  const ofCustomers = lost.filter((leg) => leg.dialAgain === undefined && !isAgents(run, leg));
  for (const leg of ofCustomers) lose(run, leg, state);
  for (const leg of lost) if (leg.dialAgain === undefined && isAgents(run, leg)) lose(run, leg, state);
  // What was being dialled last: is anybody left who waits for it?
  for (const leg of lost) if (leg.dialAgain !== undefined) lose(run, leg, state);
  for (const leg of legsOf(run, switchId)) {
    const monitor = snapshot.monitors.find((one) => one.connectionId === leg.id);
    if (leg.monitor !== undefined) leg.monitor.mode = monitor?.mode;
  }
  catchUpRecordings(run, state, snapshot.recordings);
  takeDevices(run, switchId, snapshot);
  const unknown = snapshot.connections.filter((one) => !run.s.legs.has(one.connectionId));
  // A switch that is heard of for the first time tells of what kind it is only after this: what it names by calls of its own may not be ours to touch.
  const later = state.media === 'up' ? [] : unknown.filter((one) => one.nativeCallRef !== undefined);
  if (later.length > 0) state.unmet = later;
  for (const one of unknown) if (!later.includes(one)) meet(run, state, one);
}

function takeDevices(run: Run, switchId: SwitchId, { devices }: SwitchSnapshot): void {
  forgetUnshown(run, switchId, devices);
  for (const told of devices) {
    if (keepDevice(run, told) === 'same') continue;
    const agentId = run.ix.seats.get(told.device);
    if (agentId === undefined) continue;
    run.agents.add(agentId);
    run.idle.add(agentId);
  }
}

function isAgents(run: Run, leg: Leg): boolean {
  return connsOfLeg(run, leg).some((conn) => conn.agentId !== undefined);
}

function lose(run: Run, leg: Leg, state: SwitchState): void {
  const since = state.downSinceWallMs ?? run.lastWall;
  const unsure = leg.seen === 'unsure';
  if (unsure && leg.dialAgain !== undefined && leg.clearing === undefined && isWaitedFor(run, leg)) {
    if (state.media === 'up') dialOnceMore(run, leg);
    return;
  }
  endLeg(run, leg, {
    release: { cause: leg.clearing !== undefined && !unsure ? leg.clearing : 'lostInOutage' },
    how: 'lost',
    lostBetweenWallMs: [since, run.wall],
  });
}

/** Is the one there for whom it was dialled? */
function isWaitedFor(run: Run, leg: Leg): boolean {
  const call = leg.dialAgain === undefined ? undefined : callOf(run, leg.dialAgain.mark.callId);
  return call !== undefined && anchorsOf(run, call).some((conn) => conn.legId !== leg.id);
}

/** `media`: `up` when another link carries the calls and this snapshot is that of one more: what is under way there is under way still. */
function catchUp(run: Run, leg: Leg, how: { readonly one: Shown; readonly media: SwitchState['media'] }): void {
  const { one } = how;
  leg.seen = 'yes';
  leg.dialAgain = undefined;
  leg.bridgeId = one.bridgeId;
  if (how.media !== 'up') {
    leg.askedBridge = undefined;
    leg.music = 'off';
  } else if (leg.askedBridge === (one.bridgeId ?? 'none')) leg.askedBridge = undefined;
  for (const conn of connsOfLeg(run, leg)) if (conn.pending === 'originate') conn.pending = undefined;
  if (one.state === 'alerting' && leg.state === 'initiated') {
    leg.state = 'alerting';
    for (const conn of connsOfLeg(run, leg)) {
      const call = run.s.calls.get(conn.callId);
      if (call !== undefined) dialledAlerting(run, call, conn);
    }
  }
  if (one.state === 'connected' && leg.state !== 'connected') connected(run, leg);
  if (one.heldByDevice !== undefined && leg.heldByDevice === undefined) deviceHolds(run, leg);
  if (one.heldByDevice === undefined && leg.heldByDevice !== undefined) deviceRetrieves(run, leg);
  for (const conn of connsOfLeg(run, leg)) run.tend.add(conn.callId);
}

/** A connection that the model does not know. Acted on when commands can be sent again. */
function meet(run: Run, state: SwitchState, one: Shown): void {
  if (one.control === 'observe') return count(run, 'observed.shown');
  if (one.callId === undefined && one.direction === 'incoming' && one.state !== 'connected') {
    const event: Extract<DriverEvent, { type: 'created' }> = {
      type: 'created',
      connectionId: one.connectionId,
      device: one.device,
      direction: one.direction,
      control: one.control,
      calling: one.calling,
      called: one.called,
    };
    if (state.media === 'up') incoming(run, state.id, event);
    else state.fresh.push(event);
    return;
  }
  if (one.callId === undefined) return count(run, 'unknown.shown');
  const call = callOf(run, one.callId);
  if (call !== undefined && one.state === 'connected' && anchorsOf(run, call).length === 1)
    return adopt(run, state, one);
  clearGhost(run, { id: one.connectionId, switchId: state.id, device: one.device, direction: one.direction });
  if (state.media !== 'up') state.ghosts.push(one.connectionId);
}

/** A living call of ours has one connection more than the model knew: it takes its part. */
function adopt(run: Run, state: SwitchState, one: Shown): void {
  const call = one.callId === undefined ? undefined : callOf(run, one.callId);
  if (call === undefined) return;
  const leg = addLeg(run, {
    id: one.connectionId,
    switchId: state.id,
    device: one.device,
    direction: one.direction,
    control: 'full',
    seen: 'yes',
  });
  leg.state = 'connected';
  leg.bridgeId = one.bridgeId;
  const agent = agentAt(run, one.device);
  const party = normalise(one.direction === 'incoming' ? one.calling : one.called, run.s.config.dialPlan);
  const conn = addConn(run, leg, { call, party, ...(agent === undefined ? {} : { agentId: agent.id }) });
  moveConn(run, conn, 'connected');
  count(run, 'adopted');
}

/** What played when the link was lost may play on, and the caller would wait for its end; the time for a key begins anew. */
function stopPrompt(run: Run, call: Call, flow: NonNullable<Call['flow']>): void {
  const leg = run.s.legs.get(run.s.conns.get(flow.connId)?.legId ?? flow.connId);
  if (flow.playing !== undefined && leg !== undefined) {
    const { playbackId } = flow.playing;
    send(run, { type: 'stopPlay', connectionId: leg.id, playbackId }, { switchId: leg.switchId, legId: leg.id });
  }
  flow.playing = undefined;
  // What the caller has said so far is kept as it is, a message too; they are asked to speak anew.
  endRecording(run, call, flow);
  stopTimer(run, flow.timer?.timerId);
  flow.timer = undefined;
}

/** The link can be used again: what had to wait for it is done, flows enter their node anew. */
export function afterSynced(run: Run, switchId: SwitchId, calls: readonly CallId[]): void {
  const state = switchState(run, switchId);
  for (const one of state.unmet?.splice(0) ?? []) {
    if (run.s.legs.has(one.connectionId)) continue;
    if (state.profile === 'callControl') meetNative(run, state, one);
    else meet(run, state, one);
  }
  for (const leg of legsOf(run, switchId)) if (leg.seen === 'unsure') dialOnceMore(run, leg);
  for (const callId of calls) {
    const call = run.s.calls.get(callId);
    if (call?.flow?.machine !== 'running') continue;
    stopPrompt(run, call, call.flow);
    feedFlow(run, call, { type: 'reenter' });
  }
  for (const callId of calls) if (run.s.calls.get(callId)?.transfer?.deferred !== undefined) run.recalls.push(callId);
  for (const event of state.fresh.splice(0)) if (!run.s.legs.has(event.connectionId)) incoming(run, switchId, event);
  for (const id of state.ghosts.splice(0)) {
    const ghost = run.s.legs.get(id);
    if (ghost?.clearing !== undefined) clearLeg(run, ghost, ghost.clearing);
  }
}

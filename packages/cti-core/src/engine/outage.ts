import type { DriverCapability } from '../contract/driver.js';
import type { DriverEvent } from '../contract/driver-events.js';
import type { CallId, LinkId, SwitchId } from '../contract/ids.js';
import { flashFailed } from './flash.js';
import { forgetQuestions } from './flow-questions.js';
import { connsOfLeg } from './lookups.js';
import { stopTone } from './media.js';
import { failOp } from './ops.js';
import { endRests } from './rest.js';
import { changed, type Run } from './run.js';
import { afterSynced } from './snapshot.js';
import type { Leg, SwitchState } from './state.js';
import { repeatTimers } from './timers.js';

/** The legs of a switch in the order in which they came: an order that does not hang on the history of a set. */
export function legsOf(run: Run, switchId: SwitchId): Leg[] {
  const legs: Leg[] = [];
  for (const id of run.ix.legsOf.get(switchId) ?? []) {
    const leg = run.s.legs.get(id);
    if (leg !== undefined) legs.push(leg);
  }
  return legs.sort((a, b) => a.n - b.n);
}

/** The calls of a switch, oldest leg first, each once. */
export function callsOf(run: Run, switchId: SwitchId): CallId[] {
  const found = new Set<CallId>();
  for (const leg of legsOf(run, switchId)) for (const conn of connsOfLeg(run, leg)) found.add(conn.callId);
  return [...found];
}

/** The state of a switch; one that the configuration does not name is met when it speaks. */
export function switchState(run: Run, switchId: SwitchId): SwitchState {
  let state = run.s.switches.get(switchId);
  if (state === undefined) {
    state = { id: switchId, links: [], media: 'down', profile: 'media', capabilities: [], fresh: [], ghosts: [] };
    run.s.switches.set(switchId, state);
  }
  return state;
}

/** A link is logged in. */
export function linkUp(run: Run, switchId: SwitchId, linkId: LinkId): void {
  const state = switchState(run, switchId);
  if (!state.links.includes(linkId)) state.links.push(linkId);
}

/** Can calls be told of, and acted on where the switch lets anybody act? Units that only watch lines do no more than tell. */
function isServed(state: SwitchState, can: readonly DriverCapability[]): boolean {
  if (can.includes('clear') || can.includes('bridge')) return true;
  return state.profile !== 'media' && can.includes('devices');
}

/** A link tells everything from now on. */
export function linkSynced(
  run: Run,
  switchId: SwitchId,
  { capabilities, profile }: Extract<DriverEvent, { type: 'linkSynced' }>,
): void {
  const state = switchState(run, switchId);
  state.profile = profile ?? 'media';
  state.capabilities = [...capabilities].sort();
  const media = isServed(state, capabilities) ? 'up' : 'down';
  const before = state.media;
  state.media = media;
  if (media === 'down' || before === 'up') return;
  state.downSinceMs = undefined;
  state.downSinceWallMs = undefined;
  run.links.push({ type: 'link', switchId, state: 'up' });
  refreshAgents(run);
  endRests(run, switchId);
  // A tone may sound on: it is begun anew where it is still wanted.
  for (const leg of legsOf(run, switchId)) {
    leg.toneStop = undefined;
    stopTone(run, leg);
    flashFailed(run, leg);
  }
  const calls = callsOf(run, switchId);
  for (const callId of calls) {
    const call = run.s.calls.get(callId);
    if (call === undefined) continue;
    call.outage = undefined;
    changed(run, callId, 'resumed');
  }
  afterSynced(run, switchId, calls);
}

/** A link is gone. Nothing is ended by that: what is gone is told by the next snapshot. */
export function linkDown(run: Run, switchId: SwitchId, event: Extract<DriverEvent, { type: 'linkDown' }>): void {
  const state = switchState(run, switchId);
  state.links = state.links.filter((id) => id !== event.linkId);
  state.capabilities = [...event.capabilities].sort();
  const media = isServed(state, event.capabilities) ? 'up' : 'down';
  if (media === 'down' && state.media === 'up') goDown(run, state);
}

function goDown(run: Run, state: SwitchState): void {
  state.media = 'down';
  state.downSinceMs = run.at;
  state.downSinceWallMs = run.wall;
  run.links.push({ type: 'link', switchId: state.id, state: 'down' });
  refreshAgents(run);
  for (const leg of legsOf(run, state.id)) {
    // What was asked and not confirmed is not known to have happened.
    leg.askedBridge = undefined;
    leg.clearAskedMs = undefined;
    leg.answerAsked = undefined;
    if (leg.seen === 'no') leg.seen = 'unsure';
    for (const conn of connsOfLeg(run, leg)) if (conn.pending === 'monitor') conn.pending = undefined;
  }
  for (const callId of callsOf(run, state.id)) {
    const call = run.s.calls.get(callId);
    if (call === undefined) continue;
    call.outage = 'outage';
    changed(run, callId, 'outage');
  }
}

function refreshAgents(run: Run): void {
  for (const agent of run.s.config.agents) run.idle.add(agent.id);
}

/** The shell came back from a crash: nothing is known of commands without an answer, no link is up, no timer runs outside. */
export function recovered(run: Run): void {
  for (const state of [...run.s.switches.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    state.links = [];
    state.capabilities = [];
    if (state.media === 'up') {
      state.media = 'down';
      state.downSinceMs = run.lastAt;
      state.downSinceWallMs = run.lastWall;
      const since = { at: state.downSinceMs, wall: state.downSinceWallMs };
      goDown(run, state);
      state.downSinceMs = since.at;
      state.downSinceWallMs = since.wall;
    }
  }
  run.s.asked.clear();
  forgetQuestions(run);
  for (const op of [...run.s.ops.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    failOp(run, op, {
      code: 'driver.outcomeUnknown',
      message: 'the server was restarted before the switch had confirmed',
    });
  }
  repeatTimers(run);
}

import type { DriverCommandType } from '../contract/driver-commands.js';
import type { BridgeId, PlaybackId } from '../contract/ids.js';
import { send } from './commands.js';
import { release, watchLeg } from './legs.js';
import { connsOf, connsOfLeg, customerConn, isOutside, isParty, legOf, upParties } from './lookups.js';
import { leave } from './parting.js';
import { hasPlan } from './plans.js';
import { nextId, note, type Run } from './run.js';
import type { Call, Conn, DialPurpose, Leg } from './state.js';
import { startTimer } from './timers.js';
import { backToQueue } from './transfers.js';

/** How often the switch may refuse to join a leg before the leg is given up, and the pause between. */
const MAX_TRIES = 3;
const RETRY_MS = 500;
/** One who cannot be taken out of a bridge is asked for again and again, not more seldom than this. */
const MAX_PAUSE_MS = 16_000;

/**
 * Who has left a bridge unasked mostly hangs up: `cleared` follows within this (Asterisk: some ms), and to ask for the bridge again is refused.
 * One who stays is joined again after it.
 */
const LEFT_MS = 150;

/** How often a caller goes back to their queue because the switch joins them with nobody. */
const MAX_RETURNS = 2;

/** Is it one of those of its call that shall hear each other now? */
export function isMember(run: Run, conn: Conn): boolean {
  if (!isParty(conn) || conn.leaving !== undefined || conn.hold !== undefined) return false;
  const leg = legOf(run, conn);
  if (leg === undefined || !(leg.state === 'connected' || soundsEarly(run, conn, leg))) return false;
  return isActive(run, conn, leg);
}

/** How many of a call shall hear each other now. */
export function countMembers(run: Run, call: Call): number {
  let count = 0;
  for (const conn of connsOf(run, call)) if (isMember(run, conn)) count += 1;
  return count;
}

/** Dialled by a person, who listens to what the line says from the first moment. */
const BY_PERSONS: ReadonlySet<DialPurpose | undefined> = new Set(['party', 'consult', 'add', 'route']);

/** Only a line lets itself be heard before the answer: what it says there are tones and announcements, and the answer itself may pass unnoticed. */
function soundsEarly(run: Run, conn: Conn, leg: Leg): boolean {
  if (leg.direction !== 'outgoing' || leg.seen !== 'yes' || !BY_PERSONS.has(conn.purpose)) return false;
  return isOutside(leg.device) && run.s.switches.get(leg.switchId)?.profile === 'line';
}

/** Of several connections on one leg the latest that is not held has the media. */
function isActive(run: Run, conn: Conn, leg: Leg): boolean {
  if (leg.conns.length === 1) return true;
  const active = connsOfLeg(run, leg).findLast((one) => one.hold === undefined && one.leaving === undefined);
  return active === conn;
}

/**
 * Brings the media of a call towards what its model wants: members in one bridge, a lone one with music, ringing or silence.
 * Asks only for what is neither so nor asked for, and so may be called at any time.
 */
export function settleMedia(run: Run, call: Call): void {
  let count = 0;
  let lone: Conn | undefined;
  for (const conn of connsOf(run, call)) {
    if (!isMember(run, conn)) continue;
    count += 1;
    lone ??= conn;
  }
  if (count >= 2) return join(run, call);
  if (lone !== undefined) alone(run, call, lone);
  for (const conn of connsOf(run, call)) if (conn.hold !== undefined) partHeld(run, call, conn);
}

function join(run: Run, call: Call): void {
  call.bridgeId ??= nextId<BridgeId>(run, 'b');
  const bridgeId = call.bridgeId;
  const missing: Leg[] = [];
  for (const conn of connsOf(run, call)) {
    const leg = isMember(run, conn) ? legOf(run, conn) : undefined;
    if (leg === undefined) continue;
    stopTone(run, leg);
    if (leg.bridgeId !== bridgeId && leg.askedBridge !== bridgeId) missing.push(leg);
    else if (leg.bridgeId === bridgeId && leg.askedBridge === 'none') missing.push(leg);
  }
  for (const conn of connsOf(run, call)) if (conn.hold !== undefined) partHeld(run, call, conn);
  if (missing.length === 0 || missing.some((leg) => (leg.notBeforeMs ?? 0) > run.at)) return;
  if (missing.some(isRefused)) return giveUp(run, call, missing);
  const [first] = missing;
  if (first === undefined) return;
  const sent = send(
    run,
    { type: 'bridge', bridgeId, connectionIds: missing.map((leg) => leg.id) },
    { switchId: first.switchId, legIds: missing.map((leg) => leg.id), callId: call.id },
  );
  if (sent === undefined) return;
  for (const leg of missing) {
    leg.askedBridge = bridgeId;
    leg.askedBy = sent;
    leg.askedMs = run.at;
    leg.music = 'off';
    watchLeg(run, leg, run.s.config.timers.confirmMs);
  }
}

/**
 * The switch does not join a leg of this call. Who came by a queue goes back to their place in it, and somebody else is rung; any other call of
 * two ends; of more than two, the one who cannot be joined leaves.
 */
function giveUp(run: Run, call: Call, missing: readonly Leg[]): void {
  const members = connsOf(run, call).filter((conn) => isMember(run, conn));
  const waiter = customerConn(run, call);
  const failed = members.filter((conn) =>
    missing.some((leg) => leg.id === conn.legId && isRefused(leg) && leg.clearing === undefined),
  );
  const blamed = failed.find((conn) => conn.id !== waiter?.id) ?? failed[0];
  if (blamed === undefined) return;
  note(run, 'bridge.refused', call.id);
  if (upParties(run, call).length > 2) return release(run, blamed, 'failure');
  const other = members.find((conn) => conn.id !== waiter?.id) ?? blamed;
  if (waiter !== undefined && other !== waiter && returns(run, call)) return startOver(run, call, { waiter, other });
  leave(run, call, { by: 'system', end: { cause: 'failure' } });
  release(run, other, 'failure');
}

function isRefused(leg: Leg): boolean {
  return leg.refused === 'in' && leg.tries >= MAX_TRIES;
}

function returns(run: Run, call: Call): boolean {
  const from = call.lastEntry;
  return (
    from !== undefined && run.ix.queues.has(from.queueId) && !hasPlan(call) && (call.bridgeReturns ?? 0) < MAX_RETURNS
  );
}

/** Back to the place in the queue, for a bridge of another name; nobody's fault. */
function startOver(run: Run, call: Call, what: { readonly waiter: Conn; readonly other: Conn }): void {
  call.bridgeReturns = (call.bridgeReturns ?? 0) + 1;
  call.bridgeId = undefined;
  const leg = legOf(run, what.waiter);
  if (leg !== undefined) {
    leg.tries = 0;
    leg.notBeforeMs = undefined;
  }
  release(run, what.other, 'failure');
  backToQueue(run, call, { backTo: call.lastEntry, cause: 'failure' });
  run.tend.add(call.id);
}

function alone(run: Run, call: Call, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg === undefined) return;
  const want = soundOf(run, call, conn);
  if (want === 'music') {
    stopTone(run, leg);
    takeOut(run, leg);
    if (leg.music === 'off') music(run, call, leg);
    return;
  }
  if (want === 'flow') takeOut(run, leg);
  if (leg.music === 'on') {
    leg.music = 'off';
    send(
      run,
      { type: 'holdMusic', connectionId: leg.id, mode: 'stop' },
      { switchId: leg.switchId, legId: leg.id, mode: 'stop' },
    );
  }
  if (want === 'ringing') startTone(run, leg);
  else stopTone(run, leg);
}

/** What one who is alone in the call hears. */
function soundOf(run: Run, call: Call, conn: Conn): 'music' | 'ringing' | 'flow' | 'nothing' {
  const machine = call.flow?.machine;
  if (machine === 'running') return 'flow';
  if (call.entryId !== undefined || call.transfer !== undefined) return 'music';
  const others = connsOf(run, call).filter(
    (other) => other.id !== conn.id && isParty(other) && other.leaving === undefined,
  );
  if (others.some((other) => other.hold !== undefined)) return 'music';
  if (others.some((other) => other.purpose !== undefined)) return machine === 'transferring' ? 'music' : 'ringing';
  return machine === 'transferring' ? 'music' : 'nothing';
}

function music(run: Run, call: Call, leg: Leg): void {
  const musicClass = call.queueId === undefined ? undefined : run.ix.queues.get(call.queueId)?.musicClass;
  const sent = send(
    run,
    {
      type: 'holdMusic',
      connectionId: leg.id,
      mode: 'start',
      ...(musicClass === undefined ? {} : { musicClass }),
    },
    { switchId: leg.switchId, legId: leg.id, mode: 'start' },
  );
  if (sent !== undefined) leg.music = 'on';
}

/** Takes a leg out of its bridge, if it is in one or asked into one. */
export function takeOut(run: Run, leg: Leg): void {
  const inside = leg.askedBridge === undefined ? leg.bridgeId !== undefined : leg.askedBridge !== 'none';
  if (!inside || (leg.notBeforeMs ?? 0) > run.at) return;
  const sent = send(run, { type: 'unbridge', connectionId: leg.id }, { switchId: leg.switchId, legId: leg.id });
  if (sent === undefined) return;
  leg.askedBridge = 'none';
  leg.askedBy = sent;
  leg.askedMs = run.at;
  leg.music = 'off';
  watchLeg(run, leg, run.s.config.timers.confirmMs);
}

/** One who holds by command stays in the bridge alone, but leaves it when others talk on in it. */
function partHeld(run: Run, call: Call, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg === undefined || conn.leaving !== undefined || leg.bridgeId === undefined) return;
  if (leg.bridgeId === call.bridgeId && countMembers(run, call) >= 2) takeOut(run, leg);
}

function startTone(run: Run, leg: Leg): void {
  if (leg.tone !== undefined && leg.toneStop === undefined) return;
  const playbackId = nextId<PlaybackId>(run, 'y');
  const sent = send(
    run,
    { type: 'play', connectionId: leg.id, playbackId, media: [{ kind: 'tone', tone: 'ringback' }] },
    { switchId: leg.switchId, legId: leg.id },
  );
  if (sent === undefined) return;
  leg.tone = playbackId;
  leg.toneStop = undefined;
}

/** Ends the ringing tone that a leg hears. */
export function stopTone(run: Run, leg: Leg): void {
  if (leg.tone === undefined || leg.toneStop !== undefined) return;
  const sent = send(
    run,
    { type: 'stopPlay', connectionId: leg.id, playbackId: leg.tone },
    { switchId: leg.switchId, legId: leg.id },
  );
  // It sounds until its end is told: what was never said, or lost with the server, is said again when the link is up.
  if (sent !== undefined) leg.toneStop = 'asked';
}

/** A leg has left its bridge and nobody asked for it: it is not asked back before it could have been told gone. */
export function pauseJoin(run: Run, leg: Leg): void {
  // With something asked of it already it is looked at again in any case, and later than this.
  if (leg.watch !== undefined || leg.clearing !== undefined) return;
  leg.notBeforeMs = Math.max(leg.notBeforeMs ?? 0, run.at + LEFT_MS);
  watchLeg(run, leg, LEFT_MS);
}

/** The switch refused to join or part a leg, or never confirmed it: tried again after a pause. */
export function mediaRefused(run: Run, leg: Leg, asked?: DriverCommandType): void {
  if (leg.askedBridge === undefined) return;
  const refused = leg.askedBridge === 'none' ? 'out' : 'in';
  leg.askedBridge = undefined;
  // Out of the bridge already: that is what was wanted.
  if (asked === 'unbridge' && leg.bridgeId === undefined) return;
  leg.askedMs = undefined;
  // Longer each time: a connection that is about to be told gone is refused too, and a driver may take two seconds to tell.
  if (leg.refused !== refused) leg.tries = 0;
  leg.refused = refused;
  const pauseMs = Math.min(RETRY_MS * 2 ** leg.tries, MAX_PAUSE_MS);
  leg.tries += 1;
  leg.notBeforeMs = run.at + pauseMs;
  for (const id of leg.conns) {
    const conn = run.s.conns.get(id);
    if (conn !== undefined && conn.hold === undefined) startTimer(run, pauseMs, { do: 'retry', callId: conn.callId });
  }
}

import {
  asId,
  type ConnectionId,
  type DeviceId,
  type DriverCommand,
  type DriverReply,
  type MediaCommand,
  nativeIdOf,
  parseDeviceId,
} from '@cordboard/cti-core';
import {
  ACCEPTED,
  AskedPlaybacks,
  type ConnectionCommand,
  carryOutMedia,
  Lanes,
  type MediaHands,
  refused,
} from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { killText, redirectText, setVariable, simpleText } from '../map/from-core.js';
import { BACK, type Leg, OURS, RESCUE, rawNumber, rawParty } from '../map/leg.js';
import { replyOf } from '../map/reply.js';
import { Bridges, bridgeLane } from './bridges.js';
import type { Kit } from './kit.js';
import { Monitors } from './monitors.js';
import type { Originates } from './originates.js';
import { Playbacks } from './playbacks.js';
import { Quiet } from './quiet.js';
import { Recordings } from './recordings.js';

/** A `uuid_bridge` takes about two frames of 20 ms; what would disturb it waits no longer than this. */
const PAIRING_MS = 250;

/** What would take a channel out of a `uuid_bridge` that is under way, or hold that up. */
const DISTURBING: ReadonlySet<DriverCommand['type']> = new Set([
  'unbridge',
  'holdMusic',
  'play',
  'stopMonitor',
  'redirect',
]);

/** What would keep a channel in the bridge that it is about to leave: see {@link partnerOf}. */
const SOUNDING: ReadonlySet<DriverCommand['type']> = new Set(['holdMusic', 'play']);

/** What carries out commands. */
export interface CommandParts {
  readonly kit: Kit;
  readonly lanes: Lanes;
  readonly asked: AskedPlaybacks;
  readonly playbacks: Playbacks;
  readonly recordings: Recordings;
  readonly monitors: Monitors;
  readonly bridges: Bridges;
  readonly quiet: Quiet;
  readonly originates: Originates;
}

/** Makes what carries out commands. Nothing of it starts anything. */
export function commandParts(kit: Kit, originates: Originates): CommandParts {
  const lanes = new Lanes();
  const recordings = new Recordings(kit);
  const asked = new AskedPlaybacks();
  const playbacks = new Playbacks(kit, { asked, recordingPath: (id) => recordings.pathOf(id) });
  const quiet = new Quiet(kit, playbacks);
  const monitors = new Monitors(kit, () => ({
    quiet,
    park: (leg, signal) => bridges.park(leg, signal),
    leaveBridge: (leg, signal) => bridges.leave(leg, signal),
    joinBridgeOf: (leg, target, signal) => {
      const { bridgeId } = target;
      if (bridgeId === undefined) return Promise.resolve(refused('conflict'));
      return lanes.run([bridgeLane(bridgeId)], () => bridges.join({ bridgeId }, [leg], signal));
    },
  }));
  const bridges: Bridges = new Bridges(kit, { quiet, monitors });
  return { kit, lanes, asked, quiet, playbacks, monitors, recordings, bridges, originates };
}

type Of<T extends DriverCommand['type']> = Extract<DriverCommand, { type: T }>;

/**
 * Does what a checked command says.
 *
 * @throws {CtiError} by rejection `driver.linkLost`, `wait.aborted`, `driver.timeout`: the caller makes them an answer
 */
export function carryOut(parts: CommandParts, command: DriverCommand, signal: AbortSignal): Promise<DriverReply> {
  const { lanes, asked, kit } = parts;
  const hands: MediaHands<Leg> = {
    lanes,
    asked,
    bridgeLane,
    legOf: (id) => {
      const leg = kit.model.legOf(id);
      return leg?.redirecting === undefined ? leg : undefined;
    },
    originate: (one, until) => originate(parts, one, until),
    clear: (one, leg, until) => clear(parts, leg, { command: one, signal: until }),
    stopPlay: (one, leg, until) => parts.playbacks.stop(leg, one.playbackId, until),
    bridge: (one, legs, until) =>
      legs.some((leg) => leg.gone !== undefined)
        ? Promise.resolve(refused('gone'))
        : parts.bridges.join(one, legs, until),
    monitor: (one, { supervisor, target }, until) =>
      parts.monitors.set(supervisor, target, { mode: one.mode, signal: until }),
    onLeg: (one, leg, until) => onLeg(parts, leg, { command: one, signal: until }),
    alsoAfter: (one) => (one.type === 'play' ? partnerOf(kit, one.connectionId) : []),
  };
  return carryOutMedia(hands, command, signal);
}

/**
 * Whom a connection talks to. One of them who is on the way out has to be out before the other one is given something to play: FreeSWITCH plays it inside
 * the bridge, lets that one go only when it has ended, for a tone never, and then breaks off what the first one hears (`switch_ivr_bridge.c`,
 * `switch_ivr_parse_next_event` in the loop of the bridge; seen on 1.11.2 at consultations).
 */
function partnerOf(kit: Kit, connectionId: ConnectionId): ConnectionId[] {
  const place = kit.model.legOf(connectionId)?.place;
  const partner = place?.kind === 'pair' ? kit.model.leg(place.withId) : undefined;
  return partner === undefined ? [] : [partner.connectionId];
}

async function onLeg(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: ConnectionCommand; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const { command, signal } = how;
  if (leg.pairing !== undefined && DISTURBING.has(command.type)) await paired(parts.kit, leg, signal);
  if (leg.parting !== undefined && SOUNDING.has(command.type)) {
    await parts.kit.moves.until(leg, () => leg.parting === undefined, signal);
  }
  if (command.type === 'unbridge') return parts.bridges.leave(leg, signal);
  if (leg.gone !== undefined) return refused('gone');
  switch (command.type) {
    case 'claim': {
      const reply = await simple(parts, leg, how);
      if (reply.outcome === 'refused') return reply;
      leg.callId = command.mark.callId;
      await unsetRescue(parts.kit, leg, signal);
      return reply;
    }
    case 'ring':
      if (leg.direction !== 'incoming' || leg.state !== 'initiated') return refused('conflict');
      return simple(parts, leg, how);
    case 'answer':
      if (leg.direction !== 'incoming') return refused('conflict');
      return simple(parts, leg, how);
    case 'sendDigits':
    case 'mute':
      return simple(parts, leg, how);
    case 'holdMusic':
      if (!isHeld(leg)) return refused('conflict');
      return command.mode === 'start'
        ? parts.quiet.start(leg, command.musicClass, signal)
        : parts.quiet.stop(leg, signal);
    case 'collectDigits':
      // FreeSWITCH tells every digit of every channel.
      return isHeld(leg) ? ACCEPTED : refused('conflict');
    case 'play':
      return isHeld(leg) ? parts.playbacks.play(command, leg, signal) : refused('conflict');
    case 'record':
      return isHeld(leg) ? parts.recordings.start(command, leg, signal) : refused('conflict');
    case 'controlRecording':
      return parts.recordings.control(command, signal);
    case 'stopMonitor':
      return parts.monitors.stop(leg, signal);
    case 'redirect':
      return redirect(parts, leg, { command, signal });
  }
}

/** Somebody has it now: the dialplan's timer (of the channel's own group) must not take it away in the middle of a talk. */
async function unsetRescue(kit: Kit, leg: Leg, signal: AbortSignal): Promise<void> {
  if (leg.rescue === undefined) return;
  delete leg.rescue;
  await kit.api(commandText('sched_del', leg.id), signal);
  void kit.tidy(setVariable(leg.id, RESCUE));
}

/** Is it in our hands: not one that we dialled and that rings still? */
function isHeld(leg: Leg): boolean {
  return leg.place.kind !== 'before';
}

async function simple(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: MediaCommand; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const text = simpleText(how.command, leg.id);
  return text === undefined ? refused('notSupported') : replyOf(await parts.kit.api(text, how.signal));
}

async function clear(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: Of<'clear'>; readonly signal: AbortSignal },
): Promise<DriverReply> {
  if (leg.gone !== undefined) {
    // Its phone asked for a transfer and the engine has carried that out: it has hung up, or is slow to.
    void parts.kit.tidy(killText(leg.id, how.command));
    parts.kit.follow(parts.kit.model.end(leg, { ...leg.gone, cause: how.command.cause }));
    return ACCEPTED;
  }
  leg.clearing ??= how.command.cause;
  if (leg.pairing !== undefined) await paired(parts.kit, leg, how.signal);
  const reply = await simple(parts, leg, how);
  if (reply.outcome === 'refused' && reply.code === 'gone') {
    // Not made yet, or ended by itself a moment ago: its job or its event tells.
    return ACCEPTED;
  }
  return reply;
}

/** Waits until a `uuid_bridge` that is under way has taken hold, or has had its time. */
async function paired(kit: Kit, leg: Leg, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const cancel = kit.later(PAIRING_MS, () => enough.abort());
  await kit.moves.until(leg, () => leg.pairing === undefined, AbortSignal.any([signal, enough.signal]));
  cancel();
}

async function redirect(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: Of<'redirect'>; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const { kit } = parts;
  const { command, signal } = how;
  if (!isHeld(leg)) return refused('conflict');
  await parts.quiet.hush(leg, signal);
  // Without our mark the dialplan may park it for somebody else, or for us once more.
  const marked = replyOf(await kit.api(setVariable(leg.id, BACK, 'true'), signal));
  if (marked.outcome === 'refused') return marked;
  for (const name of [OURS, 'force_transfer_dialplan', 'force_transfer_context', 'park_after_bridge']) {
    const reply = replyOf(await kit.api(setVariable(leg.id, name), signal));
    if (reply.outcome === 'refused') return reply;
  }
  kit.model.detach(leg);
  leg.redirecting = 'yes';
  const reply = replyOf(await kit.api(redirectText(leg, command.number, kit.options), signal));
  if (reply.outcome === 'refused') {
    delete leg.redirecting;
    return reply;
  }
  if (kit.model.leg(leg.id) === leg) {
    kit.model.used(leg.id);
    kit.follow(kit.model.end(leg, { cause: 'transferred' }));
  }
  return ACCEPTED;
}

async function originate(parts: CommandParts, command: Of<'originate'>, signal: AbortSignal): Promise<DriverReply> {
  const { kit, originates } = parts;
  const id = nativeIdOf(command.connectionId);
  if (kit.model.leg(id) !== undefined || kit.model.legOf(command.connectionId) !== undefined)
    return refused('conflict');
  const leg = plannedLeg(command, id);
  // Its events may come before the answer: it has to be known by then.
  kit.model.add(leg);
  return originates.start(command, leg, signal);
}

function plannedLeg(command: Of<'originate'>, id: string): Leg {
  const { target } = command;
  return {
    id,
    connectionId: command.connectionId,
    device: target.kind === 'device' ? target.device : asId<DeviceId>(target.trunk),
    direction: 'outgoing',
    calling: rawParty({ number: command.callerNumber, name: command.callerName }),
    called: rawNumber(target.kind === 'device' ? parseDeviceId(target.device)?.address : target.number),
    state: 'initiated',
    place: { kind: 'before' },
    told: 'no',
    callId: command.mark.callId,
    hold: 'none',
  };
}

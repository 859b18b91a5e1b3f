import type { DriverCommand, DriverReply, MediaCommand } from '@cordboard/cti-core';
import {
  ACCEPTED,
  AskedPlaybacks,
  type ConnectionCommand,
  carryOutMedia,
  Lanes,
  type MediaHands,
  refused,
} from '@cordboard/driver-kit';
import type { MapEffect } from '../map/effects.js';
import { onChannel, simpleRequest } from '../map/from-core.js';
import type { Leg } from '../map/leg.js';
import type { Arrivals } from './arrivals.js';
import { Bridges, bridgeLane } from './bridges.js';
import { type Kit, replyOf } from './kit.js';
import { Monitors } from './monitors.js';
import { originate } from './originate.js';
import { Playbacks } from './playbacks.js';
import { Quiet } from './quiet.js';
import { Recordings } from './recordings.js';
import type { Snoops } from './snoops.js';

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
  readonly arrivals: Arrivals;
  /** Carries out what the model says has to follow. */
  readonly follow: (effects: readonly MapEffect[]) => void;
}

/** Makes what carries out commands. Nothing of it starts anything. */
export function commandParts(
  kit: Kit,
  more: { readonly snoops: Snoops; readonly arrivals: Arrivals; readonly follow: CommandParts['follow'] },
): CommandParts {
  const lanes = new Lanes();
  const asked = new AskedPlaybacks();
  const playbacks = new Playbacks(kit, asked);
  const quiet = new Quiet(kit, playbacks);
  const monitors = new Monitors(kit, { snoops: more.snoops, quiet });
  const recordings = new Recordings(kit, more.snoops);
  return {
    kit,
    lanes,
    asked,
    quiet,
    playbacks,
    monitors,
    recordings,
    bridges: new Bridges(kit, { quiet, monitors, recordings, lanes }),
    arrivals: more.arrivals,
    follow: more.follow,
  };
}

type Of<T extends DriverCommand['type']> = Extract<DriverCommand, { type: T }>;

/**
 * Does what a checked command says.
 *
 * @throws {CtiError} by rejection `driver.linkLost`, `wait.aborted`: the caller makes them an answer
 */
export function carryOut(parts: CommandParts, command: DriverCommand, signal: AbortSignal): Promise<DriverReply> {
  const { lanes, asked, kit } = parts;
  const hands: MediaHands<Leg> = {
    lanes,
    asked,
    bridgeLane,
    legOf: (id) => {
      const leg = kit.model.legOf(id);
      return leg?.place === 'left' ? undefined : leg;
    },
    originate: (one, until) => originate(parts, one, until),
    clear: (one, leg, until) => clear(parts, leg, { command: one, signal: until }),
    stopPlay: (one, _leg, until) => parts.playbacks.stop(one.playbackId, until),
    bridge: (one, legs, until) => parts.bridges.join(one, legs, until),
    monitor: (one, { supervisor, target }, until) =>
      parts.monitors.set(supervisor, target, { mode: one.mode, signal: until }),
    onLeg: (one, leg, until) => onLeg(parts, leg, { command: one, signal: until }),
  };
  return carryOutMedia(hands, command, signal);
}

async function onLeg(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: ConnectionCommand; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const { command, signal } = how;
  // A channel that rings is in the application and would take commands that are meant for one that was answered.
  if (leg.place === 'before' && command.type !== 'claim') return refused('conflict');
  switch (command.type) {
    case 'claim': {
      leg.callId = command.mark.callId;
      return simple(parts, leg, how);
    }
    case 'ring':
      if (leg.direction !== 'incoming' || leg.state !== 'initiated') return refused('conflict');
      return simple(parts, leg, how);
    case 'answer':
    case 'sendDigits':
    case 'mute':
      return simple(parts, leg, how);
    case 'holdMusic': {
      if (command.mode === 'start') await parts.playbacks.stopAllOf(leg, signal);
      const reply = await simple(parts, leg, how);
      if (reply.outcome === 'accepted') parts.quiet.music(leg, command.mode);
      return reply;
    }
    case 'collectDigits':
      // Asterisk tells every digit of a channel in the application.
      return ACCEPTED;
    case 'unbridge':
      return parts.bridges.leave(leg, signal);
    case 'play':
      return parts.playbacks.play(command, leg, signal);
    case 'record':
      return parts.recordings.start(command, leg, signal);
    case 'controlRecording':
      return parts.recordings.control(command, signal);
    case 'stopMonitor':
      return parts.monitors.stop(leg, signal);
    case 'redirect':
      return redirect(parts, leg, how);
  }
}

async function simple(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: MediaCommand; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const request = simpleRequest(how.command, leg.id, parts.kit.options);
  if (request === undefined) return refused('notSupported');
  return replyOf(await parts.kit.send(request, how.signal));
}

async function clear(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: Of<'clear'>; readonly signal: AbortSignal },
): Promise<DriverReply> {
  const { command, signal } = how;
  leg.clearing ??= command.cause;
  if (leg.referring !== undefined) {
    // The phone waits for the outcome of its transfer: told good news it hangs up by itself, as its user expects.
    const query = { states: 'channel_answered' };
    await parts.kit.send(onChannel(leg.id, { method: 'POST', action: 'transfer_progress', query }), signal);
  }
  const reply = await simple(parts, leg, { command, signal });
  // 404: it has just ended by itself; `cleared` is on its way.
  return reply.outcome === 'refused' && reply.code === 'gone' ? ACCEPTED : reply;
}

async function redirect(
  parts: CommandParts,
  leg: Leg,
  how: { readonly command: MediaCommand; readonly signal: AbortSignal },
): Promise<DriverReply> {
  await parts.playbacks.stopAllOf(leg, how.signal);
  leg.redirecting = 'yes';
  const reply = await simple(parts, leg, how);
  if (reply.outcome === 'refused') delete leg.redirecting;
  return reply;
}

import type { DriverCommand, DriverReply, MediaCommand, RawParty, Refusal } from '@cordboard/cti-core';
import { isServiceCommand, parseDeviceId } from '@cordboard/cti-core';
import { CAPABILITIES } from './capabilities.js';
import type { SwitchFloor } from './floor.js';
import { giveBack } from './give-back.js';
import { none } from './lists.js';
import { finishPlayback, playNext } from './media.js';
import { type Leg, runningOf } from './model.js';

const ACCEPTED: DriverReply = { outcome: 'accepted' };
const refuse = (code: Refusal, native?: string): DriverReply =>
  native === undefined ? { outcome: 'refused', code } : { outcome: 'refused', code, native };

type Of<T extends DriverCommand['type']> = Extract<DriverCommand, { type: T }>;

/** What a driver refuses before the wire is touched; `undefined` when the command may go out. */
export function refusalOf(command: DriverCommand): Refusal | undefined {
  if (isServiceCommand(command) || !CAPABILITIES.has(command.type)) return 'notSupported';
  return mediaRefusal(command);
}

function mediaRefusal(command: MediaCommand): Refusal | undefined {
  if (!(command.boundMs >= 100 && command.boundMs <= 60_000)) return 'invalid';
  switch (command.type) {
    case 'originate':
      if (!(command.ringTimeoutMs >= 1_000 && command.ringTimeoutMs <= 300_000)) return 'invalid';
      if (!hasWireId(command.connectionId)) return 'invalid';
      return command.target.kind === 'number' && command.target.number === '' ? 'invalid' : undefined;
    case 'sendDigits':
      if (!/^[0-9*#A-D]{1,64}$/u.test(command.digits)) return 'invalid';
      return inRange(command.toneMs) && inRange(command.gapMs) ? undefined : 'invalid';
    case 'bridge':
      return command.connectionIds.length === 0 || !isWireId(command.bridgeId, 0) ? 'invalid' : undefined;
    case 'play':
      return command.media.length === 0 || command.media.some(({ kind }) => kind === 'speech') ? 'invalid' : undefined;
    case 'flash':
      return 'notSupported';
    case 'redirect':
      return command.number === '' ? 'invalid' : undefined;
    case 'claim':
    case 'ring':
    case 'answer':
    case 'clear':
    case 'unbridge':
    case 'holdMusic':
    case 'stopPlay':
    case 'collectDigits':
    case 'mute':
    case 'record':
    case 'controlRecording':
    case 'monitor':
    case 'stopMonitor':
      return undefined;
  }
}

const MAX_WIRE_ID = 64;

/** Does a connection id end in an id that can stand on a wire? */
function hasWireId(id: string): boolean {
  const at = id.lastIndexOf('~');
  return at >= 0 && isWireId(id, at + 1);
}

/** Is what stands behind the first `from` characters 1 to 64 letters, digits, dots and dashes? By hand: two of three calls of a shift ask it three times. */
function isWireId(id: string, from: number): boolean {
  const { length } = id;
  if (length <= from || length - from > MAX_WIRE_ID) return false;
  for (let at = from; at < length; at++) {
    const code = id.charCodeAt(at);
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    if (!isLetter && (code < 48 || code > 57) && code !== 45 && code !== 46) return false;
  }
  return true;
}

const inRange = (ms: number): boolean => ms >= 40 && ms <= 1_000;

/** Does on the switch what the command says, and answers it. `lagMs`: when its first event is told. */
export function carryOut(pbx: SwitchFloor, command: DriverCommand, lagMs: number): DriverReply {
  if (command.type === 'originate') return originate(pbx, command);
  if (command.type === 'bridge') return bridge(pbx, command, lagMs);
  if (command.type === 'flash' || isServiceCommand(command)) return refuse('notSupported');
  const leg = pbx.legs.get(command.connectionId);
  if (leg === undefined || leg.hidden) return refuse('gone');
  if (leg.control === 'observe') return refuse('conflict', 'not ours');
  return carryOutOn(pbx, leg, { command, lagMs });
}

function carryOutOn(
  pbx: SwitchFloor,
  leg: Leg,
  how: { readonly command: Exclude<MediaCommand, { type: 'originate' | 'bridge' | 'flash' }>; readonly lagMs: number },
): DriverReply {
  const { command, lagMs } = how;
  switch (command.type) {
    case 'claim':
      leg.callId = command.mark.callId;
      return ACCEPTED;
    case 'ring':
      return leg.direction === 'incoming' && leg.state === 'initiated' ? ACCEPTED : refuse('conflict');
    case 'answer':
      return answer(pbx, leg, lagMs);
    case 'clear':
      pbx.end(leg, command.cause, { q850: 16 });
      return ACCEPTED;
    case 'unbridge':
      if (leg.bridge === undefined) return refuse('conflict', 'not in a bridge');
      pbx.leave(leg, 'tell');
      return ACCEPTED;
    case 'holdMusic':
      leg.music = command.mode === 'start' ? 'playing' : undefined;
      return ACCEPTED;
    case 'play':
      leg.playbacks.push({ playbackId: command.playbackId, media: command.media });
      playNext(pbx, leg, lagMs);
      return ACCEPTED;
    case 'stopPlay': {
      const playback = leg.playbacks.find((item) => item.playbackId === command.playbackId);
      if (playback !== undefined) finishPlayback(pbx, leg, { playback, outcome: 'stopped' });
      return ACCEPTED;
    }
    case 'collectDigits':
      leg.collecting = command.mode === 'start' ? 'collecting' : undefined;
      return ACCEPTED;
    case 'sendDigits':
      leg.party.heard += command.digits;
      return ACCEPTED;
    case 'mute':
      leg.muted = command.mode === 'mute' ? 'muted' : undefined;
      return ACCEPTED;
    case 'record':
      return record(pbx, leg, { command, lagMs });
    case 'controlRecording':
      return controlRecording(pbx, leg, command);
    case 'monitor':
      return monitor(pbx, leg, command);
    case 'stopMonitor':
      if (leg.monitor === undefined) return refuse('gone');
      pbx.setMonitor(leg, undefined);
      return ACCEPTED;
    case 'redirect':
      giveBack(pbx, leg);
      return ACCEPTED;
  }
}

function originate(pbx: SwitchFloor, command: Of<'originate'>): DriverReply {
  if (pbx.isUsed(command.connectionId)) return refuse('conflict', 'id in use');
  const { target } = command;
  const parsed = target.kind === 'device' ? parseDeviceId(target.device) : undefined;
  const extension = parsed?.kind === 'extension' ? pbx.extension(parsed.address) : undefined;
  if (target.kind === 'device' && extension === undefined) return refuse('rejected', 'Allocation failed');
  const party = extension ?? pbx.party(target.kind === 'number' ? target.number : '');
  if (party.registered === 'unregistered' && pbx.orderFor(party, 'unreachable') === 'unreachable.refused') {
    return refuse('rejected', 'Allocation failed');
  }
  const exists = target.kind === 'device' || (pbx.options.outsideExists?.(target.number) ?? true);
  const leg = pbx.ringOut({
    connectionId: command.connectionId,
    party,
    device: target.kind === 'device' ? target.device : target.trunk,
    calling: callerOf(command),
    callId: command.mark.callId,
    ringTimeoutMs: command.ringTimeoutMs,
    autoAnswer: command.autoAnswer,
    exists: exists ? 'exists' : 'unknown',
  });
  if (command.ring !== undefined) leg.ring = command.ring;
  return ACCEPTED;
}

function callerOf({ callerNumber, callerName }: Of<'originate'>): RawParty {
  const number = callerNumber ?? '';
  const presentation = callerNumber === undefined ? 'unavailable' : 'allowed';
  return callerName === undefined ? { number, presentation } : { number, name: callerName, presentation };
}

function answer(pbx: SwitchFloor, leg: Leg, lagMs: number): DriverReply {
  // A ringing phone of ours lets itself be told to answer, as one with a CTI interface of its own would.
  if (leg.direction === 'outgoing' && leg.state !== 'alerting') return refuse('conflict');
  pbx.connect(leg, { lagMs });
  return ACCEPTED;
}

function bridge(pbx: SwitchFloor, command: Of<'bridge'>, lagMs: number): DriverReply {
  let legs: readonly Leg[] = none();
  for (const id of command.connectionIds) {
    const leg = pbx.legs.get(id);
    if (leg === undefined || leg.hidden) return refuse('gone');
    if (leg.control === 'observe' || (leg.direction === 'outgoing' && leg.state !== 'connected'))
      return refuse('conflict');
    legs = [...legs, leg];
  }
  const first = legs[0];
  if (first === undefined) return refuse('invalid');
  const order = pbx.order('bridge', first.random);
  if (order === 'bridge.reversed') legs = [...legs].reverse();
  const made = pbx.bridges.get(command.bridgeId) ?? { bridgeId: command.bridgeId, members: [] };
  pbx.bridges.set(command.bridgeId, made);
  let lag = lagMs;
  const stops = pbx.order('bridgeSound', first.random) === 'sound.stopped';
  for (const leg of legs) {
    if (stops) for (const playback of [...leg.playbacks]) finishPlayback(pbx, leg, { playback, outcome: 'stopped' });
    pbx.join(leg, made, lag);
    lag += order === 'bridge.spread' ? first.random.int(5, 120) : 0;
  }
  return ACCEPTED;
}

function record(
  pbx: SwitchFloor,
  leg: Leg,
  how: { readonly command: Of<'record'>; readonly lagMs: number },
): DriverReply {
  const { connectionId, recordingId, tracks } = how.command;
  if (runningOf(leg, recordingId) !== undefined || pbx.recordings.has(recordingId))
    return refuse('conflict', 'id in use');
  leg.recordings = [...leg.recordings, { recordingId, tracks, takenMs: 0, sinceMs: pbx.clock.nowMs() }];
  pbx.tell(leg, { type: 'recordingStarted', connectionId, recordingId }, how.lagMs);
  return ACCEPTED;
}

function controlRecording(pbx: SwitchFloor, leg: Leg, command: Of<'controlRecording'>): DriverReply {
  const recording = runningOf(leg, command.recordingId);
  if (recording === undefined) return refuse('gone');
  const nowMs = pbx.clock.nowMs();
  if (command.mode === 'stop') pbx.endRecording(leg, command.recordingId);
  else if (command.mode === 'pause' && recording.sinceMs !== undefined) {
    recording.takenMs += nowMs - recording.sinceMs;
    delete recording.sinceMs;
  } else if (command.mode === 'resume') recording.sinceMs ??= nowMs;
  return ACCEPTED;
}

function monitor(pbx: SwitchFloor, leg: Leg, command: Of<'monitor'>): DriverReply {
  const target = pbx.legs.get(command.targetId);
  if (target === undefined || target.hidden) return refuse('gone');
  if (leg.state !== 'connected' || target.state !== 'connected' || target === leg) return refuse('conflict');
  if (command.mode === 'barge' && target.bridge === undefined) return refuse('conflict', 'target is in no bridge');
  pbx.setMonitor(leg, { target, mode: command.mode });
  return ACCEPTED;
}

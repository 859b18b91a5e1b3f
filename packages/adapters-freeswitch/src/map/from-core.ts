import {
  type DeviceId,
  type DriverCommand,
  type DriverCommandType,
  isServiceCommand,
  type MediaCommand,
  nativeIdOf,
  parseDeviceId,
  type Refusal,
  type SwitchId,
  switchOf,
} from '@cordboard/cti-core';
import type { FreeswitchOptions } from '../driver-options.js';
import { commandText, safeName, safeNumber, variablesText } from './command-text.js';
import { DEVICE, INTERNAL, type Leg, MARK, NUMBER, OURS } from './leg.js';
import { NAME_OF_CAUSE } from './release-cause.js';

type Of<T extends DriverCommandType> = Extract<DriverCommand, { type: T }>;

/** FreeSWITCH cuts the id of a channel after 36 characters. */
const ID = /^[A-Za-z0-9.-]{1,36}$/;
const BRIDGE_ID = /^[A-Za-z0-9.-]{1,64}$/;
const ADDRESS = /^[A-Za-z0-9_.+-]{1,64}$/;
const DIALLED = /^[0-9+*#]{1,64}$/;
/** What begins with `-` would be read as a flag of `uuid_transfer`. */
const EXTENSION = /^(?!-)[A-Za-z0-9+*#._-]{1,79}$/;
const MARK_TEXT = /^[A-Za-z0-9._:-]{1,128}$/;
const RECORDING = /^(?!.*\.\.)[A-Za-z0-9._-]{1,80}$/;

/**
 * What is refused before the wire is touched, because no FreeSWITCH could ever do it.
 *
 * @returns `undefined` when the command may go out
 */
export function refusalOf(command: DriverCommand, switchId: SwitchId): Refusal | undefined {
  return isServiceCommand(command) ? 'notSupported' : mediaRefusal(command, switchId);
}

function mediaRefusal(command: MediaCommand, switchId: SwitchId): Refusal | undefined {
  if (!(command.boundMs >= 100 && command.boundMs <= 60_000)) return 'invalid';
  switch (command.type) {
    case 'originate':
      return originateRefusal(command, switchId);
    case 'claim':
      return MARK_TEXT.test(command.mark.callId) ? undefined : 'invalid';
    case 'sendDigits':
      return /^[0-9*#A-D]{1,64}$/.test(command.digits) && inRange(command.toneMs) && inRange(command.gapMs)
        ? undefined
        : 'invalid';
    case 'bridge':
      return command.connectionIds.length > 0 &&
        BRIDGE_ID.test(command.bridgeId) &&
        !command.bridgeId.startsWith(INTERNAL)
        ? undefined
        : 'invalid';
    case 'play':
      return command.media.length > 0 && command.media.length <= 100 ? undefined : 'invalid';
    case 'flash':
      return 'notSupported';
    case 'redirect':
      return command.number === undefined || EXTENSION.test(command.number) ? undefined : 'invalid';
    case 'holdMusic':
      return command.musicClass === undefined || /^[A-Za-z0-9_.-]{1,80}$/.test(command.musicClass)
        ? undefined
        : 'invalid';
    case 'record':
      if (!RECORDING.test(command.recordingId)) return 'invalid';
      // FreeSWITCH has no GSM in WAV.
      return command.format === 'wav49' ? 'notSupported' : undefined;
    case 'ring':
    case 'answer':
    case 'clear':
    case 'unbridge':
    case 'stopPlay':
    case 'collectDigits':
    case 'mute':
    case 'controlRecording':
    case 'monitor':
    case 'stopMonitor':
      return undefined;
  }
}

function originateRefusal(command: Of<'originate'>, switchId: SwitchId): Refusal | undefined {
  const native = nativeIdOf(command.connectionId);
  if (switchOf(command.connectionId) !== switchId || !ID.test(native) || native.startsWith(INTERNAL)) return 'invalid';
  if (!(command.ringTimeoutMs >= 1_000 && command.ringTimeoutMs <= 300_000)) return 'invalid';
  if (!MARK_TEXT.test(command.mark.callId)) return 'invalid';
  const { target } = command;
  const device = parseDeviceId(target.kind === 'device' ? target.device : target.trunk);
  if (device?.switchId !== switchId || !ADDRESS.test(device.address)) return 'invalid';
  if (target.kind === 'device') return device.kind === 'extension' || device.kind === 'line' ? undefined : 'invalid';
  return device.kind === 'trunk' && DIALLED.test(dialled(target.number)) ? undefined : 'invalid';
}

const inRange = (ms: number): boolean => ms >= 40 && ms <= 1_000;

/** A pause means nothing on a SIP trunk: the number goes out in one piece. */
function dialled(number: string): string {
  return number.replaceAll(',', '');
}

/** What a channel of ours must carry, so that neither a hang-up of its partner nor a transfer at a phone takes it out of our hands. */
export function keepingVariables(options: FreeswitchOptions): Readonly<Record<string, string>> {
  return {
    park_after_bridge: 'true',
    hangup_after_bridge: 'false',
    force_transfer_dialplan: 'XML',
    force_transfer_context: options.transferContext,
  };
}

/** Seconds that FreeSWITCH itself lets a phone ring, when this server is no longer there to stop it: its own clock fires up to a second early. */
const RING_MARGIN_S = 3;

/** Dials. The channel has the id that we give, so that it is known whatever happens to the answer. */
export function originateText(command: Of<'originate'>, options: FreeswitchOptions): string {
  const { target } = command;
  const device = target.kind === 'device' ? target.device : target.trunk;
  const address = parseDeviceId(device)?.address ?? '';
  const number = target.kind === 'device' ? undefined : dialled(target.number);
  const name = safeName(command.callerName ?? '');
  const callerNumber = safeNumber(command.callerNumber ?? '');
  const seconds = String(Math.ceil(command.ringTimeoutMs / 1_000) + RING_MARGIN_S);
  const variables = variablesText({
    origination_uuid: nativeIdOf(command.connectionId),
    [OURS]: 'out',
    [MARK]: command.mark.callId,
    [DEVICE]: withoutSwitch(device),
    ...(number === undefined ? {} : { [NUMBER]: number }),
    ...keepingVariables(options),
    // A voice before the answer would put the channel into our hands before anybody has answered.
    ignore_early_media: 'true',
    originate_timeout: seconds,
    call_timeout: seconds,
    ...(callerNumber === '' ? {} : { origination_caller_id_number: callerNumber }),
    ...(name === '' ? {} : { origination_caller_id_name: name }),
    ...headersOf(command),
  });
  const template = target.kind === 'device' ? options.dial.device : options.dial.number;
  const dial = fill(template, { address, ...(number === undefined ? {} : { number }) });
  return `originate ${variables}${commandText(dial)} &park()`;
}

/**
 * Asks a phone to answer by itself (`Call-Info: answer-after=0`, by FreeSWITCH's own variable), or to ring without sound: phones choose a ring by
 * `Alert-Info`, and which name is a ring without sound is set in the phone.
 */
function headersOf(command: Of<'originate'>): Readonly<Record<string, string>> {
  if (command.autoAnswer !== undefined) return { sip_auto_answer: 'true' };
  return command.ring === 'silent' ? { alert_info: 'silent' } : {};
}

function withoutSwitch(device: DeviceId): string {
  return device.slice(device.indexOf(':') + 1);
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** Sets a variable of a channel; without a value it is removed. */
export function setVariable(id: string, name: string, value?: string): string {
  return value === undefined || value === ''
    ? commandText('uuid_setvar', id, name)
    : commandText('uuid_setvar', id, name, value);
}

/** Sets several variables of a channel. */
export function setVariables(id: string, variables: Readonly<Record<string, string>>): string {
  const list = Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
  return commandText('uuid_setvar_multi', id, list);
}

/** Takes a channel out of whatever it is in, and keeps it. */
export function parkText(id: string): string {
  return commandText('uuid_transfer', id, 'park', 'inline');
}

/** Puts a channel into the conference that stands for a bridge. */
export function conferenceText(id: string, name: string, profile: string): string {
  return commandText('uuid_transfer', id, `conference:${name}@${profile},park`, 'inline');
}

/** Lets a supervisor's channel hear (and speak to) another. `bleg` is the phone that is listened to; the `aleg` would be its far end. */
export function eavesdropText(
  id: string,
  options: { readonly targetId: string; readonly mode: 'listen' | 'whisper' },
): string {
  const whisper = options.mode === 'whisper' ? 'true' : 'false';
  const steps = [`set:eavesdrop_whisper_bleg=${whisper}`, `eavesdrop:${options.targetId}`, 'park'];
  return commandText('uuid_transfer', id, steps.join(','), 'inline');
}

/**
 * Sends a channel that is given back to a number, or where the dialplan takes it without one: what a phone has dialled rings as it would without us, any other
 * call goes to the fallback.
 */
export function redirectText(leg: Leg, number: string | undefined, options: FreeswitchOptions): string {
  const isPhone = leg.direction === 'incoming' && parseDeviceId(leg.device)?.kind === 'extension';
  const dialled = isPhone && EXTENSION.test(leg.called.number) ? leg.called.number : undefined;
  return commandText('uuid_transfer', leg.id, number ?? dialled ?? options.fallback, 'XML', options.context);
}

/** Ends a channel with a cause. */
export function killText(id: string, command: Pick<Of<'clear'>, 'cause'>): string {
  return commandText('uuid_kill', id, NAME_OF_CAUSE[command.cause]);
}

/** Sends keys to the far end. The pause between them is FreeSWITCH's own. */
export function digitsText(id: string, command: Of<'sendDigits'>): string {
  return commandText('uuid_send_dtmf', id, `${command.digits}@${Math.round(command.toneMs)}`);
}

/** Commands of the contract that are one command to one channel. */
export function simpleText(command: MediaCommand, id: string): string | undefined {
  switch (command.type) {
    case 'claim':
      return setVariable(id, MARK, command.mark.callId);
    case 'ring':
      return commandText('uuid_ring_ready', id);
    case 'answer':
      return commandText('uuid_answer', id);
    case 'clear':
      return killText(id, command);
    case 'sendDigits':
      return digitsText(id, command);
    case 'mute':
      // -1 is silence without comfort noise.
      return command.mode === 'mute'
        ? commandText('uuid_audio', id, 'start', 'read', 'mute', '-1')
        : commandText('uuid_audio', id, 'stop');
    case 'originate':
    case 'bridge':
    case 'unbridge':
    case 'holdMusic':
    case 'play':
    case 'stopPlay':
    case 'collectDigits':
    case 'record':
    case 'controlRecording':
    case 'monitor':
    case 'stopMonitor':
    case 'flash':
    case 'redirect':
      return undefined;
  }
}

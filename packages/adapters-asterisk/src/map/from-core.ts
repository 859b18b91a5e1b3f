import {
  type DeviceId,
  type DriverCommand,
  type DriverCommandType,
  isServiceCommand,
  type MediaCommand,
  parseDeviceId,
  type Refusal,
  type SwitchId,
  switchOf,
} from '@cordboard/cti-core';
import type { AsteriskOptions } from '../options.js';
import { isInternal, MARK_VARIABLE, OUT } from './leg.js';
import { Q850_OF_CAUSE } from './release-cause.js';
import { type AriRequest, part } from './request.js';

type Of<T extends DriverCommandType> = Extract<DriverCommand, { type: T }>;

const ID = /^[A-Za-z0-9.-]{1,64}$/;
/** What may stand in a dial string: nothing that Asterisk would read as a separator of endpoints, options or headers. */
const ADDRESS = /^[A-Za-z0-9_.+-]{1,64}$/;
const NUMBER = /^[0-9+*#]{1,64}$/;
const EXTENSION = /^[A-Za-z0-9+*#._-]{1,79}$/;

/**
 * What is refused before the wire is touched, because no Asterisk could ever do it.
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
    case 'sendDigits':
      return /^[0-9*#A-D]{1,64}$/.test(command.digits) && inRange(command.toneMs) && inRange(command.gapMs)
        ? undefined
        : 'invalid';
    case 'bridge':
      return command.connectionIds.length > 0 && ID.test(command.bridgeId) && !isInternal(command.bridgeId)
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
    case 'claim':
    case 'ring':
    case 'answer':
    case 'clear':
    case 'unbridge':
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

function originateRefusal(command: Of<'originate'>, switchId: SwitchId): Refusal | undefined {
  const native = command.connectionId.slice(switchId.length + 1);
  if (switchOf(command.connectionId) !== switchId || !ID.test(native) || isInternal(native)) return 'invalid';
  if (!(command.ringTimeoutMs >= 1_000 && command.ringTimeoutMs <= 300_000)) return 'invalid';
  const { target } = command;
  const device = parseDeviceId(target.kind === 'device' ? target.device : target.trunk);
  if (device?.switchId !== switchId || !ADDRESS.test(device.address)) return 'invalid';
  if (target.kind === 'device') return device.kind === 'extension' || device.kind === 'line' ? undefined : 'invalid';
  return device.kind === 'trunk' && NUMBER.test(dialled(target.number)) ? undefined : 'invalid';
}

const inRange = (ms: number): boolean => ms >= 40 && ms <= 1_000;

/** A pause means nothing on a SIP trunk: the number goes out in one piece. */
function dialled(number: string): string {
  return number.replaceAll(',', '');
}

/** Makes the channel of a call to somebody, inside the application. It has the id that we give, so that it is known whatever happens to the answer. */
export function createRequest(command: Of<'originate'>, options: AsteriskOptions): AriRequest {
  const { target } = command;
  const device = parseDeviceId(target.kind === 'device' ? target.device : target.trunk);
  const address = device?.address ?? '';
  const endpoint =
    target.kind === 'device'
      ? fill(options.dial.device, { address })
      : fill(options.dial.number, { address, number: dialled(target.number) });
  const caller = callerId(command.callerNumber, command.callerName);
  return {
    method: 'POST',
    path: '/channels/create',
    query: {
      endpoint,
      app: options.app,
      appArgs: target.kind === 'device' ? OUT : `${OUT},trunk,${dialled(target.number)}`,
      channelId: command.connectionId.slice(command.connectionId.indexOf('~') + 1),
    },
    body: {
      variables: {
        [MARK_VARIABLE]: command.mark.callId,
        ...REFER_TO_US,
        // The first is what the called side sees, the second what the other side is told of the called one.
        ...(caller === undefined ? {} : { 'CONNECTEDLINE(all,i)': caller, 'CALLERID(all)': caller }),
        ...(command.autoAnswer === undefined ? {} : AUTO_ANSWER),
        ...(command.autoAnswer === undefined && command.ring === 'silent' ? SILENT_RING : {}),
      },
    },
  };
}

/** Dials with a channel that {@link createRequest} made. */
export function dialRequest(legId: string, ringTimeoutMs: number): AriRequest {
  const query = { timeout: String(Math.ceil(ringTimeoutMs / 1_000)) };
  return onChannel(legId, { method: 'POST', action: 'dial', query });
}

/**
 * Makes Asterisk hand a REFER to the application instead of carrying it out (Asterisk 20.15, 21.10, 22.5 and newer). Trunks as well: by itself
 * Asterisk would dial in the trunk's context for whoever calls; handed to us it is declined.
 */
const REFER_TO_US = { 'PJSIP_TRANSFER_HANDLING()': 'ari-only' } as const;
/** Asks a phone to answer by itself: the two headers that makes of phones look for. */
const AUTO_ANSWER = {
  'PJSIP_HEADER(add,Call-Info)': '<sip:cordboard>;answer-after=0',
  'PJSIP_HEADER(add,Alert-Info)': '<http://cordboard>;info=alert-autoanswer;delay=0',
} as const;

/** Asks a phone to show a call without sound: phones choose a ring by the `info` of this header, and which name is a ring without sound is set in the phone. */
const SILENT_RING = { 'PJSIP_HEADER(add,Alert-Info)': '<http://cordboard>;info=silent' } as const;

function callerId(number: string | undefined, name: string | undefined): string | undefined {
  if (number === undefined && name === undefined) return undefined;
  const safeNumber = (number ?? '').replace(/[^0-9A-Za-z+*#._-]/g, '').slice(0, 64);
  // Quotes, angle brackets, backslashes and control characters would end the name early.
  const safeName = (name ?? '')
    .replace(/["<>\\\p{C}]/gu, ' ')
    .trim()
    .slice(0, 80);
  return safeName === '' ? safeNumber : `"${safeName}" <${safeNumber}>`;
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** A request about one channel. */
export function onChannel(legId: string, rest: Omit<AriRequest, 'path'> & { readonly action?: string }): AriRequest {
  const { action, ...request } = rest;
  return { ...request, path: `/channels/${part(legId)}${action === undefined ? '' : `/${action}`}` };
}

/** Sets a variable or a function of a channel. */
export function setVariable(legId: string, variable: string, value: string): AriRequest {
  return onChannel(legId, { method: 'POST', action: 'variable', query: { variable, value } });
}

/**
 * What each channel that came by itself gets at first touch: its phone's REFER comes to us, its end is told to us, and one that has taken
 * the place of another one bears its mark. (The end of SIP channels is told by the subscription to their endpoints.)
 */
export function adoptRequests(
  channel: { readonly id: string; readonly device: DeviceId; readonly callId?: string },
  app: string,
): readonly AriRequest[] {
  const mark = channel.callId === undefined ? [] : [setVariable(channel.id, MARK_VARIABLE, channel.callId)];
  if (parseDeviceId(channel.device)?.kind !== 'external') {
    return [...mark, ...Object.entries(REFER_TO_US).map(([name, value]) => setVariable(channel.id, name, value))];
  }
  const query = { eventSource: `channel:${channel.id}` };
  return [...mark, { method: 'POST', path: `/applications/${part(app)}/subscription`, query }];
}

/** Answers a REFER with a refusal (NOTIFY 603). */
export function declineTransfer(legId: string): AriRequest {
  return onChannel(legId, { method: 'POST', action: 'transfer_progress', query: { states: 'channel_declined' } });
}

/** Requests of the commands that are one request to one channel. */
export function simpleRequest(command: MediaCommand, legId: string, options: AsteriskOptions): AriRequest | undefined {
  switch (command.type) {
    case 'claim':
      return setVariable(legId, MARK_VARIABLE, command.mark.callId);
    case 'ring':
      return onChannel(legId, { method: 'POST', action: 'ring' });
    case 'answer':
      return onChannel(legId, { method: 'POST', action: 'answer' });
    case 'clear':
      return onChannel(legId, { method: 'DELETE', query: { reason_code: String(Q850_OF_CAUSE[command.cause]) } });
    case 'holdMusic':
      return onChannel(legId, {
        method: command.mode === 'start' ? 'POST' : 'DELETE',
        action: 'moh',
        ...(command.mode === 'start' && command.musicClass !== undefined
          ? { query: { mohClass: command.musicClass } }
          : {}),
      });
    case 'sendDigits':
      return onChannel(legId, {
        method: 'POST',
        action: 'dtmf',
        query: {
          dtmf: command.digits,
          duration: String(Math.round(command.toneMs)),
          between: String(Math.round(command.gapMs)),
        },
      });
    case 'mute':
      return onChannel(legId, {
        method: command.mode === 'mute' ? 'POST' : 'DELETE',
        action: 'mute',
        query: { direction: 'in' },
      });
    case 'redirect':
      return onChannel(legId, {
        method: 'POST',
        action: 'continue',
        // Without a place to go to, Asterisk goes on behind `Stasis()`, where the dialplan has its fallback.
        ...(command.number === undefined
          ? {}
          : { query: { context: options.context, extension: command.number, priority: '1' } }),
      });
    case 'originate':
    case 'bridge':
    case 'unbridge':
    case 'play':
    case 'stopPlay':
    case 'collectDigits':
    case 'record':
    case 'controlRecording':
    case 'monitor':
    case 'flash':
    case 'stopMonitor':
      return undefined;
  }
}

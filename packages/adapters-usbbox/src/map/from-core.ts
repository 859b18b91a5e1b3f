import { type DriverCommand, isServiceCommand, type MediaCommand, type Refusal } from '@cordboard/cti-core';
import { isPlayable } from '../sound/media.js';

const KEYS = /^[0-9*#A-D]{1,64}$/;
const inRange = (ms: number): boolean => ms >= 40 && ms <= 1_000;

/** What is refused before any device is touched; `undefined` when the command may be carried out. */
export function refusalOf(command: DriverCommand): Refusal | undefined {
  return isServiceCommand(command) ? 'notSupported' : mediaRefusal(command);
}

function mediaRefusal(command: MediaCommand): Refusal | undefined {
  if (!(command.boundMs >= 100 && command.boundMs <= 60_000)) return 'invalid';
  switch (command.type) {
    case 'originate':
      if (!(command.ringTimeoutMs >= 1_000 && command.ringTimeoutMs <= 300_000)) return 'invalid';
      if (!/~[A-Za-z0-9.-]{1,64}$/.test(command.connectionId)) return 'invalid';
      return command.target.kind === 'number' && command.target.number === '' ? 'invalid' : undefined;
    case 'sendDigits':
      return KEYS.test(command.digits) && inRange(command.toneMs) && inRange(command.gapMs) ? undefined : 'invalid';
    case 'flash':
      return command.digits === undefined || /^[0-9*#A-D,]{1,64}$/.test(command.digits) ? undefined : 'invalid';
    case 'bridge':
      return command.connectionIds.length === 0 || !/^[A-Za-z0-9.-]{1,64}$/.test(command.bridgeId)
        ? 'invalid'
        : undefined;
    case 'play':
      return isPlayable(command.media) ? undefined : 'invalid';
    case 'record':
      return /^[A-Za-z0-9.-]{1,96}$/.test(command.recordingId) ? undefined : 'invalid';
    case 'monitor':
    case 'stopMonitor':
    case 'redirect':
      return 'notSupported';
    case 'claim':
    case 'ring':
    case 'answer':
    case 'clear':
    case 'unbridge':
    case 'holdMusic':
    case 'stopPlay':
    case 'collectDigits':
    case 'mute':
    case 'controlRecording':
      return undefined;
  }
}

import type { MessageOf } from '../wire/kts/index.js';
import type { CallKey, NewConnection } from './connections.js';
import type { Devices } from './devices.js';
import type { Expected } from './expected.js';
import { type Callers, otherNumber, party } from './parties.js';

/** What connections begin with beside the message that shows them. */
export interface Beginnings {
  readonly callers: Callers;
  readonly devices: Devices;
  /** Keys pressed at the telephone so far. */
  readonly dialled: string | undefined;
}

/** What a connection of an extension begins as. */
export function newExt(
  message: MessageOf<'extState'>,
  {
    callers,
    dialled,
    call,
    expected,
  }: Beginnings & { readonly call: CallKey; readonly expected: Expected | undefined },
): NewConnection {
  const { ext, extState, dir } = message;
  const isRung = extState === 'ring' && expected === undefined;
  const otherIs = isRung || dir === 'in' ? 'calling' : 'called';
  const other = callers.partyOf(call, { dir, number: otherNumber(message) || dialled });
  return {
    device: `x${ext}`,
    call,
    direction: isRung ? 'outgoing' : 'incoming',
    otherIs,
    own: party(ext),
    other,
    stage: 'initiated',
    ...(expected === undefined ? {} : { chosen: expected.connectionId, callId: expected.callId }),
  };
}

/** What a connection of a line begins as. */
export function newLine(
  message: MessageOf<'lineState'>,
  { callers, devices, call }: Beginnings & { readonly call: CallKey },
): NewConnection {
  const { line, lineState, dir, peer } = message;
  const isIn = dir === undefined ? lineState === 'ring' : dir === 'in';
  const number = devices.numberOf(line);
  return {
    device: `l${line}`,
    call,
    direction: isIn ? 'incoming' : 'outgoing',
    otherIs: isIn ? 'calling' : 'called',
    own: isIn ? { number, presentation: 'allowed' } : party(peer),
    other: callers.partyOf(call, { dir: isIn ? 'in' : dir, number: message.number }),
    stage: 'initiated',
  };
}

import type { CallView, ConnectionId, ConnectionView, DeviceId, Evidence, PhoneNumber } from '@cordboard/cti-core';
import { actionWords, type CallAction, type CallState, callStateWord } from './words.js';

/** A party of a call, for people and for look-ups. */
export interface Party {
  /** What may be shown: the number as people write it, or a reference where this user may not see it. */
  readonly number: string;
  /** E.164 with `+`, when known and not masked. The key for look-ups; else `number`. */
  readonly e164?: string;
  readonly name?: string;
  readonly presentation: PhoneNumber['presentation'];
}

/** Another device's part in a call. */
export interface OtherParty extends Party {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly state: CallState;
  readonly role: ConnectionView['role'];
  /** Set when the party is an agent. */
  readonly agentId?: string;
  readonly muted?: 'muted';
  /** It waits on this park slot. */
  readonly parkedAt?: number;
  /** On lines without signalling: how it is known that it rings or was answered. `confidence` below 0.9: an announcement sounds the same. */
  readonly evidence?: Evidence;
  /** What may be done with this member now: `mute`, `unmute`, `dropParty`. */
  readonly actions: readonly CallAction[];
}

/** A number of the wire as a party. */
export function partyOf(number: PhoneNumber, name?: string): Party {
  return {
    number: number.display,
    presentation: number.presentation,
    ...(number.e164 === undefined ? {} : { e164: number.e164 }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A connection of the wire as another's part. */
export function otherOf(connection: ConnectionView): OtherParty {
  return {
    ...partyOf(connection.party, connection.partyName),
    connectionId: connection.connectionId,
    device: connection.device,
    state: callStateWord(connection.state),
    role: connection.role,
    ...(connection.agentId === undefined ? {} : { agentId: connection.agentId }),
    ...(connection.muted === undefined ? {} : { muted: connection.muted }),
    ...(connection.parkedAt === undefined ? {} : { parkedAt: connection.parkedAt }),
    ...(connection.evidence === undefined ? {} : { evidence: connection.evidence }),
    actions: connection.agentId === undefined ? actionWords(connection.actions) : [],
  };
}

const liveness: readonly ConnectionView['state'][] = ['connected', 'held', 'alerting', 'initiated', 'queued', 'failed'];

/** An agent's own connection in a call: the most alive one, `undefined` when the agent has no part in it. */
export function ownConnection(view: CallView, agentId: string): ConnectionView | undefined {
  return view.connections
    .filter((item) => item.agentId === agentId && item.state !== 'null')
    .sort((a, b) => liveness.indexOf(a.state) - liveness.indexOf(b.state))[0];
}

/** Did this agent set the call up (dialled it, or consults in it)? Then it is not offered to them when their own phone rings. */
export function isOriginator(view: CallView, agentId: string): boolean {
  if (view.direction === 'inbound' && view.consultOf === undefined) return false;
  return view.connections[0]?.agentId === agentId;
}

/** Which named event lies between two looks at an agent's own connection. */
export type PartChange = 'callOffered' | 'callDialing' | 'callConnected' | 'callHeld' | 'callRetrieved';

/** What a look at the agent's own connection is compared with. */
export interface PartLook {
  readonly state: ConnectionView['state'] | undefined;
  readonly originator: boolean;
}

/** The named event between the state before and this look; `undefined` when nothing of note changed. Any state may follow any other. */
export function partChange(before: ConnectionView['state'] | undefined, now: PartLook): PartChange | undefined {
  if (now.state === before) return undefined;
  if (now.state === 'connected') return before === 'held' ? 'callRetrieved' : 'callConnected';
  if (now.state === 'held') return 'callHeld';
  if (now.state !== 'alerting' && now.state !== 'initiated') return undefined;
  if (now.originator) return before === undefined ? 'callDialing' : undefined;
  return now.state === 'alerting' ? 'callOffered' : undefined;
}

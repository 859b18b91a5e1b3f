import type { ClientCommandType, Role } from '@cordboard/cti-core';
import type { MaskClass, StreamGrant } from './types.js';

const AGENTS = ['agent', 'supervisor'] as const satisfies readonly Role[];
const DESK = ['agent', 'supervisor', 'admin'] as const satisfies readonly Role[];
const LEADS = ['supervisor', 'admin'] as const satisfies readonly Role[];

/**
 * Who may send which command. What depends on the state (is it your call?) is decided by the engine on top of this.
 * The lists are whole: a role that is not in one is refused with `auth.forbidden`.
 */
export const COMMAND_ROLES = {
  'agent.logOn': AGENTS,
  'agent.logOff': AGENTS,
  'agent.ready': AGENTS,
  'agent.notReady': AGENTS,
  'agent.doNotDisturb': AGENTS,
  'agent.lease': AGENTS,
  'call.make': AGENTS,
  'flow.call': LEADS,
  'call.answer': AGENTS,
  'call.reject': AGENTS,
  'call.clear': AGENTS,
  'call.hold': AGENTS,
  'call.retrieve': AGENTS,
  'call.mute': AGENTS,
  'call.sendDigits': AGENTS,
  'call.consult': AGENTS,
  'call.completeTransfer': AGENTS,
  'call.cancelConsult': AGENTS,
  'call.alternate': AGENTS,
  'call.conference': AGENTS,
  'call.transfer': AGENTS,
  'call.addParty': AGENTS,
  'call.dropParty': AGENTS,
  'call.mutePart': AGENTS,
  'call.toFlow': AGENTS,
  'call.park': AGENTS,
  'call.unpark': AGENTS,
  'call.pickUp': AGENTS,
  'call.page': AGENTS,
  'call.redial': AGENTS,
  'call.flash': AGENTS,
  'call.record': AGENTS,
  'call.setData': DESK,
  'supervise.monitor': LEADS,
  'supervise.stop': LEADS,
  'supervise.forceRelease': LEADS,
  'supervise.agentState': LEADS,
  'supervise.pickWaiting': LEADS,
  'supervise.record': LEADS,
  'pop.claim': AGENTS,
  'pop.acknowledge': AGENTS,
  'route.set': LEADS,
  'mode.set': LEADS,
  'queue.membership': LEADS,
} as const satisfies Readonly<Record<ClientCommandType, readonly Role[]>>;

/** May this role send this command? */
export function maySend(role: Role, type: ClientCommandType): boolean {
  return (COMMAND_ROLES[type] as readonly Role[]).includes(role);
}

/** The streams of each role. */
export const STREAM_ROLES: Readonly<Record<Role, readonly StreamGrant[]>> = {
  agent: ['agent:self'],
  supervisor: ['agent:self', 'agent', 'queue', 'board'],
  reviewer: [],
  admin: ['agent', 'queue', 'board'],
  operator: ['board'],
};

/** May this user subscribe to this stream? */
export function mayWatch(who: { readonly role: Role; readonly agentId?: string }, stream: string): boolean {
  const grants = STREAM_ROLES[who.role];
  if (stream === 'board') return grants.includes('board');
  if (stream.startsWith('queue:')) return grants.includes('queue');
  if (!stream.startsWith('agent:')) return false;
  if (grants.includes('agent')) return true;
  return grants.includes('agent:self') && who.agentId !== undefined && stream === `agent:${who.agentId}`;
}

/**
 * What each role sees of numbers and names. An agent's own configuration (`numbers: 'masked'`) and a token's `numbers` claim can only take away.
 * `reviewer` hears calls and reads records without needing to dial; `operator` keeps the platform running and has no business with callers.
 */
export const ROLE_MASK: Readonly<Record<Role, MaskClass>> = {
  agent: 'clear',
  supervisor: 'clear',
  reviewer: 'masked',
  admin: 'clear',
  operator: 'hidden',
};

const STRICTNESS: Readonly<Record<MaskClass, number>> = { clear: 0, masked: 1, hidden: 2 };

/** The strictest of several mask classes. */
export function strictest(...classes: readonly (MaskClass | undefined)[]): MaskClass {
  return classes.reduce<MaskClass>(
    (worst, one) => (one !== undefined && STRICTNESS[one] > STRICTNESS[worst] ? one : worst),
    'clear',
  );
}

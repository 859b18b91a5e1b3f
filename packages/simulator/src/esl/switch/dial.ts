import { connectionId } from '@cordboard/cti-core';
import type { VirtualParty } from '../../switch/model.js';
import { Channel } from './channel.js';
import type { DialTarget } from './dial-string.js';
import type { EslSwitch } from './esl-switch.js';
import { type HangupCause, hangupCause } from './hangup-cause.js';
import { type CallerProfile, newTimes } from './profile.js';
import { DOMAIN, outgoingFirst, outgoingInvite, userVariables } from './sip-variables.js';

/** What is told of a call under way. */
export interface DialEvents {
  answered(channel: Channel): void;
  /** It came to nothing; without a channel when it never got one. */
  failed(cause: HangupCause, channel: Channel | undefined): void;
}

interface Endpoint {
  readonly party: VirtualParty;
  readonly user: string | undefined;
  readonly number: string;
  readonly contact: string;
  readonly name: string;
}

interface Outgoing {
  readonly events: DialEvents;
  readonly user: string | undefined;
  readonly contact: string;
}

const outgoing = new WeakMap<Channel, Outgoing>();

/** Contact address of a channel that was dialled. */
export function contactOf(channel: Channel): string {
  return outgoing.get(channel)?.contact ?? '';
}

/** The far end has answered: whoever dialled hears of it. */
export function dialAnswered(channel: Channel): void {
  const dialled = outgoing.get(channel);
  if (dialled === undefined) return;
  outgoing.delete(channel);
  if (dialled.user !== undefined) userOf.set(channel, dialled.user);
  dialled.events.answered(channel);
}

/** It is over before an answer. */
export function dialFailed(channel: Channel, cause: HangupCause): void {
  const dialled = outgoing.get(channel);
  outgoing.delete(channel);
  dialled?.events.failed(cause, channel);
}

const userOf = new WeakMap<Channel, string>();

/** What an answered call to a user of the directory brings in the end: the user's variables. */
export function settleUser(channel: Channel): void {
  const user = userOf.get(channel);
  channel.set('endpoint_disposition', 'ANSWER');
  if (user === undefined) return;
  userOf.delete(channel);
  channel.fill(userVariables(user));
  channel.set('originate_endpoint', 'user');
}

/**
 * Calls one far end. What cannot even be tried fails at once and without any event (freeswitch.md 26).
 *
 * @param by - the channel on whose behalf; absent for a call of its own
 */
export function dialOne(
  sw: EslSwitch,
  target: DialTarget,
  how: { readonly by: Channel | undefined; readonly timeoutMs: number; readonly events: DialEvents },
): Channel | undefined {
  const endpoint = findEndpoint(sw, target.endpoint);
  const { events, by } = how;
  if (typeof endpoint === 'string') {
    events.failed(endpoint, undefined);
    return undefined;
  }
  const { variables } = target;
  const uuid = variables.origination_uuid ?? sw.identity.uuid();
  const legId = connectionId(sw.pbx.options.switchId, uuid.replaceAll(/[^A-Za-z0-9.-]/gu, '-').slice(0, 64));
  if (sw.channels.has(uuid) || sw.pbx.isUsed(legId)) {
    events.failed('DESTINATION_OUT_OF_ORDER', undefined);
    return undefined;
  }
  const caller = callerOf(variables, by);
  sw.expecting = uuid;
  const leg = sw.pbx.ringOut({
    connectionId: legId,
    party: endpoint.party,
    device: endpoint.party.kind === 'extension' ? endpoint.party.device : sw.pbx.trunk,
    calling: { number: caller.number, ...(caller.name === '' ? {} : { name: caller.name }), presentation: 'allowed' },
    callId: undefined,
    ringTimeoutMs: how.timeoutMs,
    autoAnswer: undefined,
    exists:
      endpoint.party.kind === 'extension' || (sw.pbx.options.outsideExists?.(endpoint.number) ?? true)
        ? 'exists'
        : 'unknown',
  });
  sw.expecting = undefined;
  const channel = new Channel({
    uuid,
    leg,
    name: endpoint.name,
    profile: profileOf(sw, { uuid, endpoint, caller, by }),
    hitDialplan: false,
  });
  outgoing.set(channel, { events, user: endpoint.user, contact: endpoint.contact });
  begin(sw, channel, { endpoint, variables, by });
  return channel;
}

function begin(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly endpoint: Endpoint; readonly variables: DialTarget['variables']; readonly by: Channel | undefined },
): void {
  const { endpoint, variables, by } = how;
  sw.admit(channel);
  if (by !== undefined) {
    channel.other = { type: 'originator', profile: by.profile, times: { ...newTimes(0), created: 0 } };
  }
  sw.tell(channel, 'CHANNEL_OUTGOING', { detail: 'basic' });
  if (by !== undefined) channel.callUuid = by.callUuid;
  if (endpoint.user !== undefined) channel.presenceId = `${endpoint.user}@${DOMAIN}`;
  channel.running = 'CS_INIT';
  sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  channel.state = 'CS_ROUTING';
  channel.fill(outgoingFirst(channel, sw.identity.sessions, endpoint.contact));
  if (by !== undefined) {
    channel.fill({ max_forwards: '70', originator_codec: 'PCMU@8000h@20i', originator: by.uuid, signal_bond: by.uuid });
    channel.set('switch_m_sdp', by.get('switch_r_sdp'));
    channel.set('call_uuid', by.callUuid);
    channel.set('originating_leg_uuid', by.uuid);
    for (const name of (by.get('export_vars') ?? '').split(',')) if (name !== '') channel.set(name, by.get(name));
  }
  channel.fill(variables);
  if (endpoint.user !== undefined) {
    channel.fill({
      dialed_user: endpoint.user,
      dialed_domain: DOMAIN,
      sip_invite_domain: DOMAIN,
      presence_id: `${endpoint.user}@${DOMAIN}`,
    });
  }
  channel.fill({ originate_early_media: 'true', originate_endpoint: 'sofia' });
  channel.fill(outgoingInvite(sw.random, endpoint.contact));
  sw.tell(channel, 'CHANNEL_CREATE');
  sw.tell(channel, 'CHANNEL_ORIGINATE');
  channel.running = 'CS_ROUTING';
  sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  sw.presence(channel, 'CS_ROUTING');
  sw.enter(channel, 'CS_CONSUME_MEDIA');
}

function findEndpoint(sw: EslSwitch, text: string): Endpoint | HangupCause {
  const [kind = '', first = '', ...more] = text.split('/');
  if (kind === 'error') return hangupCause(first, 'CHAN_NOT_IMPLEMENTED');
  if (kind === 'user') return userEndpoint(sw, first);
  if (kind !== 'sofia') return 'CHAN_NOT_IMPLEMENTED';
  if (first === 'gateway') {
    const [gateway = '', ...number] = more;
    if (!sw.options.gateways.includes(gateway)) return 'INVALID_GATEWAY';
    return outside(sw, number.join('/'), 'external');
  }
  if (first !== 'internal' && first !== 'external') return 'INVALID_PROFILE';
  const number = more.join('/').split('@')[0] ?? '';
  const party = sw.pbx.extension(number);
  return party === undefined ? outside(sw, number, first) : toUser(sw, party, undefined);
}

function userEndpoint(sw: EslSwitch, text: string): Endpoint | HangupCause {
  const user = text.split('@')[0] ?? '';
  const party = sw.pbx.extension(user);
  if (party === undefined) return 'SUBSCRIBER_ABSENT';
  sw.fire('API', {
    source: 'API',
    headers: [
      ['API-Command', 'sofia_contact'],
      ['API-Command-Argument', `*/${user}@${DOMAIN}`],
    ],
  });
  return party.registered === 'unregistered' ? 'USER_NOT_REGISTERED' : toUser(sw, party, user);
}

function toUser(sw: EslSwitch, party: VirtualParty, user: string | undefined): Endpoint {
  const contact = `${party.address}@${DOMAIN}:${portOf(sw, party)}`;
  return { party, user, number: party.address, contact, name: `sofia/internal/${contact}` };
}

function outside(sw: EslSwitch, number: string, profile: string): Endpoint | HangupCause {
  if (number === '') return 'INVALID_NUMBER_FORMAT';
  const party = sw.pbx.party(number);
  return { party, user: undefined, number, contact: `${number}@${DOMAIN}:5080`, name: `sofia/${profile}/${number}` };
}

/** Each phone seems to have a port of its own. */
export function portOf(sw: EslSwitch, party: VirtualParty): number {
  return 7_000 + Math.max(0, sw.pbx.extensions.indexOf(party));
}

function callerOf(
  variables: DialTarget['variables'],
  by: Channel | undefined,
): { readonly name: string; readonly number: string } {
  const name = variables.origination_caller_id_name;
  const number = variables.origination_caller_id_number;
  if (by === undefined) return { name: name ?? '', number: number ?? '0000000000' };
  return {
    name: name ?? by.get('effective_caller_id_name') ?? by.profile.callerIdName,
    number: number ?? by.get('effective_caller_id_number') ?? by.profile.callerIdNumber,
  };
}

function profileOf(
  sw: EslSwitch,
  how: {
    readonly uuid: string;
    readonly endpoint: Endpoint;
    readonly caller: { readonly name: string; readonly number: string };
    readonly by: Channel | undefined;
  },
): CallerProfile {
  const { uuid, endpoint, caller, by } = how;
  const from = by?.profile;
  return {
    direction: 'outbound',
    logicalDirection: 'outbound',
    ...(from?.username === undefined ? {} : { username: from.username }),
    ...(from?.dialplan === undefined ? {} : { dialplan: from.dialplan }),
    callerIdName: caller.name,
    callerIdNumber: caller.number,
    origName: from?.origName ?? caller.name,
    origNumber: from?.origNumber ?? caller.number,
    calleeName: 'Outbound Call',
    calleeNumber: endpoint.number,
    networkAddress: from?.networkAddress ?? '',
    ani: from?.ani ?? caller.number,
    destination: endpoint.number,
    uniqueId: uuid,
    source: from?.source ?? 'src/switch_ivr_originate.c',
    context: from?.context ?? 'default',
    channelName: endpoint.name,
    index: 1,
    times: newTimes(sw.identity.nowUs),
  };
}

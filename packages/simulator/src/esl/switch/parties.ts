import type { DriverEvent } from '@cordboard/cti-core';
import type { Leg, VirtualParty } from '../../switch/model.js';
import { Channel } from './channel.js';
import { contactOf, dialAnswered, portOf } from './dial.js';
import { takeDigit } from './digits.js';
import type { EslSwitch } from './esl-switch.js';
import { causeOfRelease, type HangupCause } from './hangup-cause.js';
import { phoneHold, phoneRetrieve } from './hold.js';
import { hangUp, tellAnswered, tellRinging } from './lifecycle.js';
import { replaceBy, takeOver } from './pick-up.js';
import { newTimes } from './profile.js';
import { refer } from './refer.js';
import { tellRegistration } from './registration.js';
import { DOMAIN, incomingVariables } from './sip-variables.js';
import { route } from './transfer.js';

/** What telephones do, as the virtual switch tells of it in the moment it happens, becomes what happens to channels. */
export function watchParties(sw: EslSwitch): () => void {
  const heard = (event: DriverEvent, subject: Leg | VirtualParty): void => {
    if ('connectionId' in subject) onLeg(sw, subject, event);
    else noticeRegistration(sw, subject);
  };
  sw.pbx.wire.watchers.add(heard);
  return () => void sw.pbx.wire.watchers.delete(heard);
}

function onLeg(sw: EslSwitch, leg: Leg, event: DriverEvent): void {
  if (event.type === 'created') {
    if (leg.direction === 'incoming' && leg.control === 'full') incoming(sw, leg);
    return;
  }
  const channel = sw.byLeg.get(leg);
  if (channel === undefined || !channel.isUp) return;
  switch (event.type) {
    case 'alerting':
      return tellRinging(sw, channel, contactOf(channel));
    case 'connected':
      // Taken over before it has been told of at all: its own application answers it.
      if (channel.running === 'CS_NEW') return undefined;
      tellAnswered(sw, channel);
      return dialAnswered(channel);
    case 'digit':
      return takeDigit(sw, channel, { digit: event.digit, source: 'RTP', durationMs: event.toneMs ?? 100 });
    case 'heldByDevice':
      return phoneHold(sw, channel);
    case 'retrievedByDevice':
      return phoneRetrieve(sw, channel);
    case 'transferRequested':
      return refer(sw, channel, event);
    case 'replaced':
      return replaceBy(sw, channel, event.by);
    case 'cleared':
      return cleared(sw, channel);
    default:
      return undefined;
  }
}

function cleared(sw: EslSwitch, channel: Channel): void {
  const given = causeOfRelease(channel.leg.release);
  const early: HangupCause =
    channel.direction === 'inbound' && given === 'NORMAL_CLEARING' && channel.answer !== 'answered'
      ? 'ORIGINATOR_CANCEL'
      : given;
  hangUp(sw, channel, early);
}

/** A phone of ours, or somebody on a trunk, calls in: the number goes through the dialplan. */
function incoming(sw: EslSwitch, leg: Leg): void {
  const { party } = leg;
  const isUser = party.kind === 'extension';
  const uuid = sw.identity.uuid();
  const name = `sofia/${isUser ? 'internal' : 'external'}/${leg.calling.number || 'anonymous'}@${DOMAIN}`;
  const number = leg.calling.number === '' ? 'anonymous' : leg.calling.number;
  const callerName = leg.calling.name ?? (isUser ? '' : number);
  const channel = new Channel({
    uuid,
    leg,
    name,
    hitDialplan: true,
    profile: {
      direction: 'inbound',
      logicalDirection: 'inbound',
      username: number,
      dialplan: 'XML',
      callerIdName: callerName,
      callerIdNumber: number,
      origName: callerName,
      origNumber: number,
      calleeName: '',
      calleeNumber: '',
      networkAddress: DOMAIN,
      ani: number,
      destination: leg.called.number,
      uniqueId: uuid,
      source: 'mod_sofia',
      context: isUser ? 'default' : 'public',
      channelName: name,
      index: 1,
      times: newTimes(sw.identity.nowUs),
    },
  });
  sw.admit(channel);
  channel.state = 'CS_NEW';
  channel.running = 'CS_NEW';
  sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  if (isUser) channel.presenceId = `${party.address}@${DOMAIN}`;
  sw.onThread(channel, sw.noticeMs(), () => {
    sw.enter(channel, 'CS_INIT');
    channel.state = 'CS_ROUTING';
    channel.fill(
      incomingVariables(channel, {
        sessionId: sw.identity.sessions,
        random: sw.random,
        user: isUser ? party.address : undefined,
      }),
    );
    sw.tell(channel, 'CHANNEL_CREATE');
    channel.running = 'CS_ROUTING';
    sw.setCallState(channel, 'RINGING');
    sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
    const { destination: number, context } = channel.profile;
    if (channel.replaces !== undefined) return takeOver(sw, channel);
    route(sw, channel, { number, dialplan: 'XML', context, profile: 'first' });
  });
}

function noticeRegistration(sw: EslSwitch, party: VirtualParty): void {
  const before = known.get(party) ?? 'registered';
  known.set(party, party.registered);
  if (before !== party.registered) tellRegistration(sw, party, portOf(sw, party));
}

const known = new WeakMap<VirtualParty, VirtualParty['registered']>();

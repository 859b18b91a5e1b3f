import type { DriverEvent } from '@cordboard/cti-core';
import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { hangUp } from './lifecycle.js';
import { transfer } from './transfer.js';

type Requested = Extract<DriverEvent, { type: 'transferRequested' }>;

/** A phone asks for a transfer of its call (REFER): nothing but variables at its own end tell of it (freeswitch.md 37). */
export function refer(sw: EslSwitch, channel: Channel, event: Requested): void {
  if (event.kind === 'blind') blind(sw, channel, event.to.number);
  else attended(sw, channel, event.consultId);
}

/** The other party goes to the number, in the context that its transfers are bound to where one is set; the phone's channel ends. */
function blind(sw: EslSwitch, channel: Channel, number: string): void {
  const { partner } = channel;
  if (partner === undefined) return;
  const context =
    channel.get('force_transfer_context') ?? partner.get('force_transfer_context') ?? partner.profile.context;
  channel.fill({
    transfer_disposition: 'recv_replace',
    transfer_to: `blind:${partner.uuid}`,
    transfer_destination: `blind:${number}`,
    transfer_fallback_extension: channel.leg.party.address,
    endpoint_disposition: 'BLIND_TRANSFER',
  });
  const link = sw.links.get(channel);
  if (link !== undefined) link.bothMove = 'bothMove';
  const user = channel.leg.party.address;
  partner.fill({
    'sip_h_Referred-By': `<sip:${user}@127.0.0.1>`,
    sip_refer_to: `<sip:${number}@127.0.0.1>`,
    max_forwards: '70',
  });
  transfer(sw, partner, { number, dialplan: 'XML', context });
  hangUp(sw, channel, 'NORMAL_CLEARING');
}

/** REFER with Replaces. No recording shows it (unverified): the two far ends are joined and both channels of the phone end, each saying so. */
function attended(sw: EslSwitch, held: Channel, consultId: string): void {
  const consult = [...sw.channels.values()].find((one) => one.leg.connectionId === consultId);
  if (consult === undefined) return;
  const [partner, target] = [held.partner, consult.partner];
  for (const one of [held, consult]) {
    one.fill({ endpoint_disposition: 'ATTENDED_TRANSFER', transfer_disposition: 'recv_replace' });
    const link = sw.links.get(one);
    if (link !== undefined) link.bothMove = 'bothMove';
  }
  if (partner !== undefined && target !== undefined) sw.bridgeCommand?.(partner, target);
  hangUp(sw, held, 'NORMAL_CLEARING');
  hangUp(sw, consult, 'NORMAL_CLEARING');
}

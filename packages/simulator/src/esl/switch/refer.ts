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

/**
 * REFER with Replaces, as 1.11.2 carries it out: the far ends are joined, the consultation is parked for two seconds and says what it was, and the call
 * that was on hold is hung up by its phone and names the consultation.
 */
function attended(sw: EslSwitch, held: Channel, consultId: string): void {
  const consult = [...sw.channels.values()].find((one) => one.leg.connectionId === consultId);
  if (consult === undefined) return;
  const [partner, target] = [held.partner, consult.partner];
  if (partner === undefined || target === undefined) return setAside(sw, { held, consult, target });
  held.fill({
    refer_uuid: consult.uuid,
    transfer_disposition: 'recv_replace',
    transfer_to: `att:${target.uuid}`,
  });
  consult.fill({ transfer_disposition: 'replaced', endpoint_disposition: 'ATTENDED_TRANSFER' });
  const link = sw.links.get(held);
  if (link !== undefined) link.bothMove = 'bothMove';
  sw.bridgeCommand?.(partner, target);
  sw.after(TOLD_MS, () => {
    if (held.isUp) hangUp(sw, held, 'NORMAL_CLEARING');
  });
  sw.after(CONSULT_PARKED_MS, () => {
    if (consult.isUp) hangUp(sw, consult, 'ATTENDED_TRANSFER');
  });
}

/** The call on hold is in no bridge: both channels of the phone are ended, and the consulted party goes where the one on hold had come for. */
function setAside(
  sw: EslSwitch,
  legs: { readonly held: Channel; readonly consult: Channel; readonly target: Channel | undefined },
): void {
  const { held, consult, target } = legs;
  held.fill({ refer_uuid: consult.uuid, transfer_disposition: 'recv_replace' });
  consult.fill({ transfer_disposition: 'replaced' });
  const link = sw.links.get(consult);
  if (link !== undefined) link.bothMove = 'bothMove';
  hangUp(sw, consult, 'ATTENDED_TRANSFER');
  if (target !== undefined) {
    const context = target.get('force_transfer_context') ?? target.profile.context;
    transfer(sw, target, { number: held.profile.destination, dialplan: 'XML', context });
  }
  hangUp(sw, held, 'ATTENDED_TRANSFER');
}

/** A phone hangs up when it is told that it may: 7 ms with baresip on the same machine. */
const TOLD_MS = 7;
/** `park_timeout` of `2:attended_transfer`, by a clock of whole seconds. */
const CONSULT_PARKED_MS = 1_600;

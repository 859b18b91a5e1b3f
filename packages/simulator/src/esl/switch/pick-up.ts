import type { ConnectionId } from '@cordboard/cti-core';
import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { runSteps } from './executor.js';

/**
 * Another phone takes over a leg's place (INVITE with Replaces): the newcomer is answered and intercepts, the old leg ends as PICKED_OFF
 * (freeswitch.md 37; the application recorded, the INVITE not). The partner waits for the newcomer meanwhile.
 */
export function replaceBy(sw: EslSwitch, old: Channel, by: ConnectionId): void {
  const newcomer = [...sw.channels.values()].find((one) => one.leg.connectionId === by);
  const partner = old.partner ?? sw.channels.get(old.get('originator') ?? '');
  if (newcomer === undefined || partner === undefined) return;
  newcomer.replaces = { old, partner };
  const link = sw.links.get(old);
  if (link !== undefined) link.bothMove = 'bothMove';
  partner.epoch++;
  partner.steps = [];
}

/** The newcomer is let in: it answers and takes the place. */
export function takeOver(sw: EslSwitch, channel: Channel): void {
  const place = channel.replaces;
  sw.presence(channel, 'CS_ROUTING');
  sw.enter(channel, 'CS_EXECUTE');
  runSteps(sw, channel, [
    { app: 'answer', data: '' },
    { app: 'intercept', data: place?.old.uuid ?? '' },
  ]);
}

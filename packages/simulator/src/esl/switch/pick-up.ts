import type { ConnectionId } from '@cordboard/cti-core';
import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { hangUp } from './lifecycle.js';

/** Another phone has taken over a leg's place: the new one is joined to the partner, the old one ends as PICKED_OFF (freeswitch.md 37). */
export function replaceBy(sw: EslSwitch, old: Channel, by: ConnectionId): void {
  const newcomer = [...sw.channels.values()].find((one) => one.leg.connectionId === by);
  const { partner } = old;
  if (newcomer === undefined || partner === undefined) return;
  sw.bridgeCommand?.(partner, newcomer);
  sw.after(1, () => hangUp(sw, old, 'PICKED_OFF'));
}

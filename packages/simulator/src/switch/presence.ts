import type { DevicePresence, RawParty } from '@cordboard/cti-core';
import type { Leg, VirtualParty } from './model.js';

/** How a party shows itself to whom it calls. Parties outside whose address starts with `anonymous` withhold their number. */
export function rawParty(party: VirtualParty): RawParty {
  const withheld = party.address.startsWith('anonymous');
  const number = withheld ? '' : party.address;
  const presentation = withheld ? 'withheld' : 'allowed';
  return party.name === undefined ? { number, presentation } : { number, name: party.name, presentation };
}

/** A phone with one line: engaged by anything but what it holds itself. */
export function isEngaged(party: VirtualParty, but: Leg): boolean {
  for (const leg of party.legs) if (leg !== but && leg.heldByDevice === undefined) return party.kind === 'extension';
  return false;
}

/** What a phone is doing. */
export function presenceOf(party: VirtualParty): DevicePresence {
  if (party.registered === 'unregistered') return 'unreachable';
  if (party.legs.length === 0) return party.doNotDisturb ? 'doNotDisturb' : 'idle';
  let presence: 'held' | 'busy' | 'alerting' = 'held';
  for (const leg of party.legs) {
    if (leg.state === 'connected' && leg.heldByDevice) continue;
    if (leg.direction === 'outgoing' && leg.state !== 'connected') {
      if (presence === 'held') presence = 'alerting';
    } else return 'busy';
  }
  return presence;
}

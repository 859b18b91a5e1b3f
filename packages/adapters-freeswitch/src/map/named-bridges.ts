import type { BridgeId } from '@cordboard/cti-core';
import { bridgeOfConference, type Leg } from './leg.js';

/**
 * Puts right in which bridge channels are that were found on the switch. The name on a channel is written before it is joined, so a client that died in
 * between leaves channels that name a bridge in which they are not; their parties would hear nobody, and nobody would join them.
 *
 * - In a conference: that one's.
 * - Joined with another of ours that names another bridge: both are in the one that names nobody else.
 * - Alone, and others name the same: in none. Alone and the only one: a bridge of one has nothing else to be known by.
 */
export function putNamesRight(legs: readonly Leg[]): void {
  const byId = new Map(legs.map((leg) => [leg.id, leg]));
  const named = new Map<BridgeId, Leg[]>();
  for (const leg of legs) {
    if (leg.place.kind === 'conference') rename(leg, bridgeOfConference(leg.place.name));
    if (leg.bridgeId !== undefined) named.set(leg.bridgeId, [...(named.get(leg.bridgeId) ?? []), leg]);
  }
  const right = legs.map((leg): BridgeId | undefined => {
    const { bridgeId, place } = leg;
    if (bridgeId === undefined || place.kind === 'conference') return bridgeId;
    const partner = place.kind === 'pair' ? byId.get(place.withId) : undefined;
    const alone = (id: BridgeId): boolean => (named.get(id) ?? []).every((each) => each === leg || each === partner);
    if (place.kind !== 'pair') return alone(bridgeId) ? bridgeId : undefined;
    const theirs = partner?.bridgeId;
    if (theirs === undefined || theirs === bridgeId) return bridgeId;
    const [first, second] = [bridgeId, theirs].sort();
    return first !== undefined && alone(first) ? first : second;
  });
  for (const [at, leg] of legs.entries()) rename(leg, right[at]);
}

function rename(leg: Leg, bridgeId: BridgeId | undefined): void {
  if (bridgeId === undefined) delete leg.bridgeId;
  else leg.bridgeId = bridgeId;
}

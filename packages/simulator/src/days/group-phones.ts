import { randomStream } from '../random.js';
import type { VirtualParty } from '../switch/model.js';
import type { VirtualSwitch } from '../switch/virtual-switch.js';
import { GROUP_PHONES } from './day-floor.js';

/** How long who sits at such a phone talks. */
const TALKS_MS = 12_000;

/** Is it a phone that nothing but groups of flows rings? */
export function isOfGroup({ address }: VirtualParty): boolean {
  return (GROUP_PHONES as readonly string[]).includes(address);
}

/** Phones of a group are answered at one and the same moment, at any other, refused, or left to ring: drawn for each ringing. */
export function sitAt(party: VirtualParty, pbx: VirtualSwitch): void {
  const later = (delayMs: number, act: () => void): void => void pbx.clock.setTimer(delayMs, act);
  party.hooks = {
    ringing: (leg) => {
      const random = randomStream(pbx.options.seed, `group:${leg.connectionId}`);
      const die = random.next();
      if (die < 0.4) return;
      if (die < 0.55) later(random.int(300, 6_000), () => pbx.hangUp(leg));
      else later(random.chance(0.6) ? 2_000 : random.int(300, 20_000), () => pbx.lift(leg));
    },
    connected: (leg) => later(TALKS_MS, () => pbx.hangUp(leg)),
  };
}

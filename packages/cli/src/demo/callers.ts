import type { Leg, VirtualParty, VirtualSwitch } from '@cordboard/simulator';
import { CUSTOMERS } from './customers.js';
import { DEMO_NUMBER } from './floor.js';

/** What a simulated caller does. Times in ms. */
export interface CallerHabits {
  /** Keys pressed in the menus, one after the other. */
  readonly keys: string;
  readonly keyMs: number;
  /** Hangs up so long after first being put through to somebody. */
  readonly talkMs: number;
  /** Hangs up when nobody has answered for so long. */
  readonly patienceMs: number;
}

/** Calls in from a telephone outside. @returns `false` when the switch took no call */
export function callIn(pbx: VirtualSwitch, party: VirtualParty, habits: CallerHabits): boolean {
  const { clock } = pbx;
  let talked = false;
  let presses = 0;
  const end = (leg: Leg): void => {
    if (leg.state !== 'ended') pbx.hangUp(leg);
  };
  const pressNext = (leg: Leg): void => {
    const key = habits.keys[presses];
    if (key === undefined || leg.state === 'ended') return;
    presses += 1;
    pbx.press(leg, key);
  };
  party.hooks = {
    // One key for each announcement: the caller listens a while, as people do.
    playing: (leg) => void clock.setTimer(habits.keyMs, () => pressNext(leg)),
    bridged: (leg) => {
      if (talked || (leg.bridge?.members.length ?? 0) < 2) return;
      talked = true;
      clock.setTimer(habits.talkMs, () => end(leg));
    },
  };
  const leg = pbx.dial(party, DEMO_NUMBER);
  if (leg === undefined) return false;
  clock.setTimer(habits.patienceMs, () => {
    if (!talked) end(leg);
  });
  return true;
}

/** Who may be asked to call: a customer's number, anybody of them, a stranger, somebody who hides the number. */
export type CallFrom = string;

/** The address of the telephone that calls. `undefined` when there is no such caller. */
export function addressOf(from: CallFrom, random: () => number): string | undefined {
  const pick = (range: number): number => Math.floor(random() * range);
  if (from === 'any') return CUSTOMERS[pick(CUSTOMERS.length)]?.number;
  if (from === 'unknown') return `+86138${String(pick(100_000_000)).padStart(8, '0')}`;
  if (from === 'withheld') return `anonymous${pick(1_000_000)}`;
  return CUSTOMERS.find(({ number }) => number === from)?.number;
}

/** Callers who come by themselves, for sales, until stopped. */
export function startTraffic(
  pbx: VirtualSwitch,
  options: { readonly random: () => number; readonly everyMs: number },
): () => void {
  const { random, everyMs } = options;
  let cancel = (): void => undefined;
  const next = (): void => {
    // Arrivals are independent of one another: exponential gaps.
    const gapMs = -Math.log(1 - random()) * everyMs;
    cancel = pbx.clock.setTimer(Math.min(gapMs, everyMs * 5), () => {
      const party = pbx.party(`+86137${String(Math.floor(random() * 100_000_000)).padStart(8, '0')}`);
      callIn(pbx, party, {
        keys: '1',
        keyMs: 1_200 + random() * 2_500,
        talkMs: 15_000 + random() * 35_000,
        patienceMs: 45_000 + random() * 60_000,
      });
      next();
    });
  };
  next();
  return () => cancel();
}

import type { Release, ReleaseCause } from '@cordboard/cti-core';
import type { Leg } from './leg.js';

/**
 * Q.850 cause of Asterisk's channels -> our release cause. Source: ITU-T Q.850 and `include/asterisk/causes.h`; the
 * values met on 22.10.1 (2026-11-21) are 0, 1, 3, 16, 17, 19, 21, 34, 127.
 */
const BY_Q850: ReadonlyMap<number, ReleaseCause> = new Map([
  [1, 'unallocatedNumber'],
  [2, 'unallocatedNumber'],
  [3, 'unallocatedNumber'],
  [16, 'normalClearing'],
  [17, 'busy'],
  [18, 'noAnswer'],
  [19, 'noAnswer'],
  [20, 'deviceUnreachable'],
  [21, 'rejected'],
  [22, 'unallocatedNumber'],
  [26, 'answeredElsewhere'],
  [27, 'deviceUnreachable'],
  [28, 'unallocatedNumber'],
  [31, 'normalClearing'],
  [34, 'congestion'],
  [38, 'congestion'],
  [41, 'congestion'],
  [42, 'congestion'],
  [44, 'congestion'],
  [58, 'incompatible'],
  [65, 'incompatible'],
  [79, 'incompatible'],
  [88, 'incompatible'],
]);

/** What a channel's end means. 0 is "no cause told"; values that are not in the table are failures. */
export function causeOfQ850(q850: number | undefined): ReleaseCause {
  if (q850 === undefined || q850 === 0) return 'unknown';
  return BY_Q850.get(q850) ?? 'failure';
}

/** The Q.850 cause that we give when we end a connection: what the far end is told (`busy` becomes SIP 486, ...). */
export const Q850_OF_CAUSE: { readonly [C in ReleaseCause]: number } = {
  normalClearing: 16,
  busy: 17,
  noAnswer: 19,
  rejected: 21,
  unallocatedNumber: 1,
  deviceUnreachable: 20,
  congestion: 34,
  cancelled: 16,
  answeredElsewhere: 26,
  transferred: 16,
  replaced: 16,
  blocked: 21,
  forcedRelease: 16,
  shutdown: 16,
  lostInOutage: 16,
  incompatible: 88,
  failure: 38,
  unknown: 16,
};

/** Cause that Asterisk gives to soft hangups when it shuts down (`AST_SOFTHANGUP_SHUTDOWN`). */
export const SHUTDOWN = 4;

/** What an end means, from who wanted it, how far the call was and what the switch said. */
export function releaseOf(
  leg: Pick<Leg, 'direction' | 'state' | 'clearing' | 'hangup'>,
  native: { readonly q850?: number; readonly sip?: number; readonly text?: string },
): Release {
  const cause = ((): Release['cause'] => {
    if (leg.hangup?.q850 === SHUTDOWN) return 'shutdown';
    if (leg.clearing !== undefined) return leg.clearing;
    // The caller gave up before the answer; Asterisk says 127, 0 or 16 for it.
    if (leg.direction === 'incoming' && leg.state !== 'connected') return 'cancelled';
    const told = causeOfQ850(native.q850);
    return told === 'unknown' && leg.state === 'connected' ? 'normalClearing' : told;
  })();
  return Object.keys(native).length === 0 ? { cause } : { cause, native };
}

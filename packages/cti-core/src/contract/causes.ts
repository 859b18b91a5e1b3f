/**
 * Why a connection or a call ended: one closed list for every switch. The switch's own code stands beside it.
 * - `normalClearing` a party hung up (Q.850 16)
 * - `busy` (17), `noAnswer` (18, 19, a ring timeout of ours), `rejected` (21), `unallocatedNumber` (1, 2, 3, 28)
 * - `deviceUnreachable` not registered, out of order, switched off (20, 27)
 * - `congestion` (34, 38, 41, 42, 44), `cancelled` the calling side gave up before the answer
 * - `answeredElsewhere` (26), `transferred` it left by a transfer, `replaced` another connection took its place
 * - `blocked` refused by a rule (21 with our rule, firewall, call limit)
 * - `forcedRelease` a supervisor ended it, `shutdown` the switch or the server went down in order
 * - `lostInOutage` it was gone when a lost link came back: the real end lies between two bounds
 * - `incompatible` media or codec (58, 65, 79, 88), `failure` anything else that failed, `unknown` no reason was told
 */
export const RELEASE_CAUSES = [
  'normalClearing',
  'busy',
  'noAnswer',
  'rejected',
  'unallocatedNumber',
  'deviceUnreachable',
  'congestion',
  'cancelled',
  'answeredElsewhere',
  'transferred',
  'replaced',
  'blocked',
  'forcedRelease',
  'shutdown',
  'lostInOutage',
  'incompatible',
  'failure',
  'unknown',
] as const;

/** One of {@link RELEASE_CAUSES}. */
export type ReleaseCause = (typeof RELEASE_CAUSES)[number];

/** The switch's own words for an end, kept untouched. `q850` 0-127 where the switch tells one; `text` at most 128 characters. */
export interface NativeCause {
  readonly q850?: number;
  readonly sip?: number;
  readonly text?: string;
}

/** An end: our cause, the switch's own beside it. */
export interface Release {
  readonly cause: ReleaseCause;
  readonly native?: NativeCause;
}

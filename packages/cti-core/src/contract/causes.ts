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

/**
 * How a driver knows what became of a call on a line without signalling.
 * - `signalling` the switch said so; `polarity` both wires changed places; `modem` the modem's own word, made by its own ears
 * - `ringback` it rings at the far end; `colour-ringback` music or speech in the place of ringback
 * - `ringback-broken` ringback stopped and something else sounds; `voice-after-crbt` a voice after a colour ring-back tone
 * - `voice` there is a voice, and nothing before it told that it rang: an answer or an announcement
 * - `tone` a call-progress, fax or modem tone, named in `tone`; `hook` the local phone's hook; `timeout` nothing was heard in the time for it
 */
export const EVIDENCE_SOURCES = [
  'signalling',
  'polarity',
  'modem',
  'ringback',
  'colour-ringback',
  'ringback-broken',
  'voice-after-crbt',
  'voice',
  'tone',
  'hook',
  'timeout',
] as const;
/** One of {@link EVIDENCE_SOURCES}. */
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** What was heard and how far it can be believed: 0-1; 1 signalling and polarity, at most 0.9 by sound, at most 0.5 where an announcement sounds the same. */
export interface Evidence {
  readonly by: EvidenceSource;
  readonly confidence: number;
  /** Name of the tone: a progress tone's, `ced`, `cng`. At most 32 characters. */
  readonly tone?: string;
}

/** An end: our cause, the switch's own beside it, and how it is known where the line does not say. */
export interface Release {
  readonly cause: ReleaseCause;
  readonly native?: NativeCause;
  readonly evidence?: Evidence;
}

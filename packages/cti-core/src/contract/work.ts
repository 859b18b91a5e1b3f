/** Kinds of work that agents are ready for, each by itself (A1): calls that come in, calls that the system dials for them, calls back to callers. */
export const WORK_KINDS = ['inbound', 'dialled', 'callBack'] as const;
/** One of {@link WORK_KINDS}. */
export type WorkKind = (typeof WORK_KINDS)[number];

/**
 * Work that a ready agent can be in and that may keep a queue's callers away (A1). `workingAfterCall`: after-call work, which an offer
 * ends. `dialled`: connected calls of the agent's own making and nothing else; who is talked with waits with music once the offer is answered.
 */
export const BLOCKING_WORK = ['workingAfterCall', 'dialled'] as const;
/** One of {@link BLOCKING_WORK}. */
export type BlockingWork = (typeof BLOCKING_WORK)[number];

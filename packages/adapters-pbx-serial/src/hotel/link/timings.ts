/** Times of a FIAS link, ms, all on the injected clock. */
export interface FiasTimings {
  /** Serial: constant part of the wait for ACK or NAK; the time that the record and the answer take on the line is added. 100-60,000. */
  readonly ackMs: number;
  /** Serial: how often a record is sent again, or its answer asked for, before the link is down. 0-20. */
  readonly repeats: number;
  /** Serial: pause after an answer before the next record, in which further answers mean nothing. 0-1,000. */
  readonly turnMs: number;
  /** Serial: silence inside a record after which it is given up. 50-10,000. */
  readonly gapMs: number;
  /** Wait for the other side's word after LS before the description is sent anyway. 0-60,000. */
  readonly startMs: number;
  /** Bound from the opening to a link that is alive. 1,000-300,000. */
  readonly handshakeMs: number;
  /** Silence after which a LA is sent. 1,000-600,000. */
  readonly aliveEveryMs: number;
  /** Bound of its answer; without it the link is down. 500-60,000. */
  readonly aliveWithinMs: number;
}

/**
 * Usual times. The specification lets the installer choose them; the waits are those that public implementations use: three enquiries, 3-10 s each, and a sign of life
 * every minute or more.
 */
export const FIAS_TIMINGS: FiasTimings = {
  ackMs: 3_000,
  repeats: 3,
  turnMs: 30,
  gapMs: 1_000,
  startMs: 2_000,
  handshakeMs: 30_000,
  aliveEveryMs: 60_000,
  aliveWithinMs: 10_000,
};

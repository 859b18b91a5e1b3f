import { encodeNec, type NecControl, NecDecoder, type NecFrame, type NecText } from '../wire/nec-pms/index.js';
import type { ProtocolProfile } from './profile.js';

/** The hotel link of NEC NEAX PBXs. */
export type NecProfile = ProtocolProfile<NecFrame, NecText | { readonly kind: NecControl | 'start' }, undefined>;

/**
 * 1200 Bd, 7 data bits, even parity, 2 stop bits as they leave the factory (AIOC of the office data); 2400 and 4800 may be set. The asynchronous contention
 * protocol of the specification, host side; its counts and times are in {@link NEC_TIMES}.
 */
export const NEC_PMS: NecProfile = {
  id: 'nec-pms',
  serial: { baudRate: 1_200, dataBits: 7, parity: 'even', stopBits: 2, flow: 'none' },
  capabilities: new Set(['cdr', 'hotel']),
  timings: {
    ackMs: 1_000,
    repeats: 15,
    heartbeatMs: 30_000,
    deadMs: 90_000,
    gapMs: 2_000,
    helloMs: 0,
    answerMs: 1_000,
  },
  createDecoder: () => new NecDecoder(),
  encode: encodeNec,
  handshake: 'none',
};

/** Times, ms, and counts of the line. Source: NDA-30115 p. 4 (interval), 8 (counts), 10 (timers). */
export const NEC_TIMES = {
  /** Bound of an answer to a start sequence, a text or a query. */
  senderMs: 1_000,
  /** Bound of the text after the right to send was given. */
  receiverMs: 35_000,
  /** From the end of one transmission of ours to the next. */
  intervalMs: 500,
  /** Start sequences that nobody answers, and rejected ones. */
  startsUnanswered: 15,
  rejects: 3,
  /** Queries after a text that nobody answers. */
  queries: 32,
  /** Pauses asked for by the other side; one second each. */
  pauses: 3,
} as const;

import type { KtsFrame, KtsHeader, KtsMessage } from '../wire/kts/index.js';
import { encodeKtsAscii, KtsAsciiDecoder } from '../wire/kts-ascii/index.js';
import { encodeKtsBin, KtsBinDecoder } from '../wire/kts-bin/index.js';
import type { LinkTimings, ProfileCapability, ProtocolProfile } from './profile.js';
import { DEFAULT_SERIAL } from './transport.js';

/** A profile of the family kts-1. */
export type KtsProfile = ProtocolProfile<KtsFrame, KtsMessage, KtsHeader>;

/** Timers of kts-1. Source: docs/protocols/kts-1.md, "Timers". */
export const KTS_TIMINGS: LinkTimings = {
  ackMs: 300,
  repeats: 3,
  heartbeatMs: 5_000,
  deadMs: 15_000,
  gapMs: 50,
  helloMs: 2_000,
  answerMs: 5_000,
};

const CAPABILITIES: ReadonlySet<ProfileCapability> = new Set(['state', 'cdr', 'param', 'clock', 'call', 'hotel']);

/** kts-bin/1: frames with lengths and CRC-16. */
export const KTS_BIN: KtsProfile = {
  id: 'kts-bin/1',
  serial: DEFAULT_SERIAL,
  capabilities: CAPABILITIES,
  timings: KTS_TIMINGS,
  createDecoder: () => new KtsBinDecoder(),
  encode: encodeKtsBin,
  handshake: 'hello',
};

/** kts-ascii/1: the same messages as lines that a person can read and type. */
export const KTS_ASCII: KtsProfile = {
  id: 'kts-ascii/1',
  serial: DEFAULT_SERIAL,
  capabilities: CAPABILITIES,
  timings: { ...KTS_TIMINGS, gapMs: 0 },
  createDecoder: () => new KtsAsciiDecoder(),
  encode: encodeKtsAscii,
  handshake: 'hello',
};

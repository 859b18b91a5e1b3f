import { encodeShenou, type ShenouCommand, ShenouDecoder, type ShenouFrame } from '../wire/shenou-uso/index.js';
import type { ProtocolProfile } from './profile.js';

/** Class control and call records of Shenou (申瓯) USO. */
export type ShenouProfile = ProtocolProfile<ShenouFrame, ShenouCommand, undefined>;

/**
 * 2400 Bd, 8 data bits, no parity, 2 stop bits; `Q10*P*XXXX#` is answered by `R10*P*XXXX`, and each call gives a line that begins with `T`.
 *
 * @source the maker's note on serial forwarding (mk.cqshenou.com, news 121). It tells no answer to a class that cannot be set, no time in which one comes and no
 *   sign of life: an answer that does not come in five seconds, three times, is taken for a no.
 */
export const SHENOU_USO: ShenouProfile = {
  id: 'shenou-uso',
  serial: { baudRate: 2_400, dataBits: 8, parity: 'none', stopBits: 2, flow: 'none' },
  capabilities: new Set(['cdr', 'hotel']),
  timings: { ackMs: 0, repeats: 2, heartbeatMs: 0, deadMs: 0, gapMs: 0, helloMs: 0, answerMs: 5_000 },
  createDecoder: () => new ShenouDecoder(),
  encode: encodeShenou,
  handshake: 'none',
};

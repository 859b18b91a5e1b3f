import { CtiError } from '@cordboard/cti-core';
import type { FiasCoder } from './charset.js';
import { type FiasRecord, fiasText } from './records.js';

/**
 * What stands around a record. `serial`: an LRC behind ETX, every record answered by ACK or NAK. `stream`: neither, TCP does it.
 * Source: public FIAS specification; on TCP both exist in the field.
 */
export type FiasFraming = 'serial' | 'stream';

/** Begins a record. */
export const STX = 0x02;
/** Ends a record; behind it the LRC, where there is one. */
export const ETX = 0x03;
/** Serial: asks for the answer to the last record. */
export const ENQ = 0x05;
/** Serial: the record has arrived. */
export const ACK = 0x06;
/** Serial: it has to come again. */
export const NAK = 0x15;

/** Longest record, in bytes between STX and ETX. The longest that is known, a text message, is a tenth of it. */
export const MAX_FIAS_BYTES = 4_096;

/** What a decoder makes of the bytes of a line. */
export type FiasFrame =
  | { readonly kind: 'record'; readonly record: FiasRecord }
  | { readonly kind: 'control'; readonly control: 'ack' | 'nak' | 'enq' }
  /** Whole and with a good check, but no record: it is acknowledged and told, since a repeat would be the same. */
  | { readonly kind: 'malformed'; readonly sample: Uint8Array }
  /** `check`: wrong LRC; `cut`: it ended before its ETX; `long`: over {@link MAX_FIAS_BYTES}. `sample` holds at most 256 bytes. */
  | { readonly kind: 'damaged'; readonly why: 'check' | 'cut' | 'long'; readonly sample: Uint8Array };

/** XOR of all bytes after STX up to and with ETX. */
export function lrcOf(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}

/**
 * A record as bytes, with STX and ETX, and with LRC where the framing has one.
 *
 * @throws {CtiError} `wire.frameTooLarge`, `wire.unsafeValue` when the charset makes a control character of it
 */
export function encodeFias(
  record: FiasRecord,
  { framing, coder }: { readonly framing: FiasFraming; readonly coder: FiasCoder },
): Uint8Array {
  const body = coder.encode(fiasText(record));
  if (body.length > MAX_FIAS_BYTES) {
    throw new CtiError('wire.frameTooLarge', `a record of ${body.length} bytes`, {
      details: { limit: MAX_FIAS_BYTES },
    });
  }
  if (body.some((byte) => byte < 0x20 || byte === 0x7f)) {
    throw new CtiError('wire.unsafeValue', `record ${record.id} holds a control character`);
  }
  const checked = Buffer.concat([body, Uint8Array.of(ETX)]);
  const lrc = framing === 'serial' ? [lrcOf(checked)] : [];
  return Uint8Array.from(Buffer.concat([Uint8Array.of(STX), checked, Uint8Array.from(lrc)]));
}

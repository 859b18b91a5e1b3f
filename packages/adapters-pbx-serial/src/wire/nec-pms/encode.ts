import { CtiError } from '@cordboard/cti-core';
import { ACK, DLE, EI_HOTEL, ENQ, EOT, ETX, MAX_TEXT, NAK, SA_HOTEL, STX, UA } from './format.js';
import type { NecControl, NecText } from './frames.js';

const CONTROLS: Readonly<Record<NecControl | 'start', readonly number[]>> = {
  start: [SA_HOTEL, UA, ENQ],
  query: [ENQ],
  ack: [ACK],
  nak: [NAK],
  eot: [EOT],
  interrupt: [DLE, 0x3c],
  abort: [DLE, 0x3a],
  pause: [DLE, 0x3f],
};

/** The bytes of a text or of a word of the line. @throws {CtiError} `wire.frameTooLarge` a body that no text may have */
export function encodeNec(frame: NecText | { readonly kind: NecControl | 'start' }): Uint8Array {
  if (frame.kind !== 'text') return Uint8Array.from(CONTROLS[frame.kind]);
  const { feature, function: code, body } = frame;
  // Two digits tell the length, and the whole text has 128 bytes at most.
  if (body.length + 10 > MAX_TEXT || body.length > 94) {
    throw new CtiError('wire.frameTooLarge', 'a text of the NEC link has no room for this body');
  }
  const content = `${feature}${String(body.length + 5).padStart(2, '0')}${code}${body}`;
  const bytes = [SA_HOTEL, UA, EI_HOTEL, ...[...content].map((char) => char.charCodeAt(0) & 0x7f), ETX];
  return Uint8Array.from([STX, ...bytes, bytes.reduce((check, byte) => check ^ byte, 0)]);
}

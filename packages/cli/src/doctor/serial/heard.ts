import type { Finding } from '../finding.js';

/** Bytes that a report shows. */
const SHOWN = 32;

/** What came out of a port: how much, and how it begins. Digits are not shown: they may be telephone numbers. */
export function heardText(bytes: Uint8Array): Finding {
  if (bytes.length === 0) return { id: 'serial.heard', level: 'warning', text: 'no byte came' };
  const head = bytes.subarray(0, SHOWN);
  const hex = [...head]
    .map((byte) => (byte >= 0x30 && byte <= 0x39 ? '3x' : byte.toString(16).padStart(2, '0')))
    .join(' ');
  const count = (fits: (byte: number) => boolean): number =>
    Math.round((bytes.filter(fits).length * 100) / bytes.length);
  const printable = count((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a);
  const high = count((byte) => byte >= 0x80);
  const more = bytes.length > SHOWN ? ' ...' : '';
  return {
    id: 'serial.heard',
    level: 'ok',
    text: `${bytes.length} bytes came, ${printable} % of them text, ${high} % with the eighth bit: ${hex}${more}`,
  };
}

/** Lines of text, whoever writes them? */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const text = bytes.filter((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a || byte === 0x09);
  return text.length >= bytes.length * 0.95 && bytes.some((byte) => byte === 0x0d || byte === 0x0a);
}

/** Is what came nothing else than what was sent? */
export function isEcho(bytes: Uint8Array, sent: Uint8Array | undefined): boolean {
  if (sent === undefined || bytes.length < sent.length || sent.length === 0) return false;
  return bytes.every((byte, at) => byte === sent[at % sent.length]);
}

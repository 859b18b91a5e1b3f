/**
 * Text that may hold bytes which are no UTF-8: each such byte 0x80-0xff stands as one lone surrogate U+DC80-U+DCFF. A caller name in
 * another charset passes through the switch unchanged that way, as it does through the real one (freeswitch.md 6).
 */
const RAW_BYTE = /[\udc80-\udcff]/u;
const RAW_BASE = 0xdc00;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; what is no UTF-8 is kept byte by byte. */
export function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return lenient(bytes);
  }
}

/** A text of one raw byte per byte, whatever it spells. */
export function rawText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(RAW_BASE + byte);
  return text;
}

/** Text as bytes: the reverse of {@link textOf}. */
export function bytesOf(text: string): Buffer {
  if (!RAW_BYTE.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < RAW_BASE + 0x80 || code > RAW_BASE + 0xff || isLowHalf(text, at)) continue;
    parts.push(Buffer.from(text.slice(from, at), 'utf8'), Buffer.from([code - RAW_BASE]));
    from = at + 1;
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}

function isLowHalf(text: string, at: number): boolean {
  const before = at > 0 ? text.charCodeAt(at - 1) : 0;
  return before >= 0xd800 && before <= 0xdbff;
}

/** Longest well-formed pieces as they are, the rest raw. */
function lenient(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) text += rawText(bytes.subarray(at, at + 1));
    else text += strict.decode(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return text;
}

/** Length of the UTF-8 sequence at `at`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length < 2) return length;
  if (at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

import { isUtf8 } from 'node:buffer';

/** In what characters a value was found to be written. `bytes`: in none that is known; its text has one character for each byte. */
export type EslCharset = 'utf-8' | 'bytes' | (string & {});

/** A value with all that is known of it. */
export interface EslValue {
  readonly text: string;
  /** How the text was got from the bytes. ASCII counts as UTF-8. */
  readonly charset: EslCharset;
  /** What stood on the wire, percent-decoding done. */
  readonly bytes: Uint8Array;
}

/** Used where bytes are not UTF-8 and no other charset is configured: a superset of GBK and GB2312. */
export const DEFAULT_FALLBACK_CHARSET = 'gb18030';

const strict = new Map<string, InstanceType<typeof TextDecoder>>();

/**
 * Tells whether a charset may be named as fallback.
 *
 * @returns the label in the spelling of the runtime, or `undefined` for one that it does not know
 */
export function charsetOf(label: string): string | undefined {
  try {
    return decoderOf(label).encoding;
  } catch {
    return undefined;
  }
}

/** Text of bytes that are held as Latin-1: UTF-8, else the fallback, else one character for each byte. Never throws. */
export function textOf(latin1: string, fallback: string): string {
  return isAscii(latin1) ? latin1 : decodeBytes(Buffer.from(latin1, 'latin1'), fallback).text;
}

/** As {@link textOf}, with the charset that was found. */
export function detailOf(latin1: string, fallback: string): EslValue {
  return decodeBytes(Buffer.from(latin1, 'latin1'), fallback);
}

/** Are all characters below 0x80? */
export function isAscii(latin1: string): boolean {
  // In UTF-8 each character of Latin-1 from 0x80 on takes two bytes; the runtime counts them many at a time.
  if (latin1.length > SHORT) return Buffer.byteLength(latin1) === latin1.length;
  for (let at = 0; at < latin1.length; at++) if (latin1.charCodeAt(at) >= 0x80) return false;
  return true;
}

/** Up to this length a loop is quicker than a call of the runtime. */
const SHORT = 48;
function decodeBytes(bytes: Buffer, fallback: string): EslValue {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), charset: 'utf-8', bytes };
  const whole = cutCharacter(bytes);
  if (whole !== undefined) return { text: `${whole.toString('utf8')}\ufffd`, charset: 'utf-8', bytes };
  try {
    return { text: decoderOf(fallback).decode(bytes), charset: fallback, bytes };
  } catch {
    return { text: bytes.toString('latin1'), charset: 'bytes', bytes };
  }
}

/**
 * FreeSWITCH cuts long values by bytes. What is UTF-8 up to a last character that is cut, with a whole character of several bytes before
 * it, is UTF-8: the same bytes as GB18030 would be a row of other characters.
 *
 * @returns the bytes before the cut character
 */
function cutCharacter(bytes: Buffer): Buffer | undefined {
  for (let cut = 1; cut <= 3 && cut < bytes.length; cut++) {
    const lead = bytes[bytes.length - cut] ?? 0;
    if (lead < 0x80) return undefined;
    if (lead < 0xc0) continue;
    const whole = bytes.subarray(0, bytes.length - cut);
    const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return cut < wanted && isUtf8(whole) && whole.some((byte) => byte >= 0x80) ? whole : undefined;
  }
  return undefined;
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  let decoder = strict.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    strict.set(label, decoder);
  }
  return decoder;
}

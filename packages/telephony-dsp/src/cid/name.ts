/**
 * Text of a caller's name. The data link names no character set, so the bytes themselves have to tell: pure ASCII, else UTF-8 where it is
 * valid, else GBK (the superset of GB 2312 that YD/T 1277.1 names for China) where it is valid, else Latin-1.
 *
 * @param bytes - the name as sent
 * @returns the text, every byte accounted for; the bytes themselves stay the only sure thing
 */
export function decodeCallerName(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 0x80)) return latin1(bytes);
  return decodeAs('utf-8', bytes) ?? decodeAs('gbk', bytes) ?? latin1(bytes);
}

function decodeAs(charset: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Either these bytes are not of this charset, or this platform was built without it; the next one is tried for both.
    return undefined;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * A WebSocket text frame of a server around a text (RFC 6455, 5.2): final, unmasked, uncompressed. Made once and written to every
 * client, where `ws` would copy the text into a new frame for each of them.
 *
 * @param parts - the text in pieces, which are put together in the frame alone
 */
export function textFrame(...parts: readonly string[]): Buffer {
  let length = 0;
  for (const part of parts) length += Buffer.byteLength(part);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  let at = head;
  for (const part of parts) at += frame.write(part, at);
  return frame;
}

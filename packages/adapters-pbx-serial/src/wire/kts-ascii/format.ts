import type { MessageClass } from '../kts/message-table.js';

/** Longest line in bytes, without its end. */
export const MAX_LINE_BYTES = 3072;
/** The first character of a line, by what the message is. */
export const SIGIL: Readonly<Record<MessageClass, string>> = { request: '>', answer: '<', event: '!' };
/** What stands for the number of a frame that has none. */
export const NO_NUMBER = '-';

/** XOR of all bytes. */
export function xorOf(text: Uint8Array): number {
  return text.reduce((sum, byte) => sum ^ byte, 0);
}

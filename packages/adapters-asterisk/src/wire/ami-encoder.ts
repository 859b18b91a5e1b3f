import { CtiError } from '@cordboard/cti-core';
import type { AmiHeader } from './ami-message.js';

/**
 * Longest line that Asterisk 22 parses, in bytes without CRLF. One byte more is answered by an error without ActionID,
 * which nobody could match to its request. Measured on 22.10.1, 2026-11-21.
 */
export const MAX_LINE_BYTES = 1_022;

/**
 * An action as bytes for the wire: `Action`, `ActionID`, then the headers in their order, and exactly one blank line
 * (a second one would be an empty action and be answered with an error).
 *
 * @throws {CtiError} `wire.unsafeValue` when a key is not a word, a value holds CR, LF or NUL, or a line is over 1,022 bytes
 */
export function encodeAmiAction(action: string, actionId: string, headers: readonly AmiHeader[] = []): string {
  let text = line('Action', action) + line('ActionID', actionId);
  for (const [key, value] of headers) text += line(key, value);
  return `${text}\r\n`;
}

const KEY = /^[A-Za-z][A-Za-z0-9_-]*$/;

function line(key: string, value: string): string {
  if (!KEY.test(key)) throw unsafe('a manager header key must be a word');
  if (isUnsafe(value)) throw unsafe(`the value of header ${key} holds a line end or NUL`);
  const text = `${key}: ${value}`;
  if (text.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(text) > MAX_LINE_BYTES) {
    throw unsafe(`header ${key} is longer than ${MAX_LINE_BYTES} bytes`);
  }
  return `${text}\r\n`;
}

function isUnsafe(value: string): boolean {
  return value.includes('\r') || value.includes('\n') || value.includes('\0');
}

function unsafe(message: string): CtiError {
  return new CtiError('wire.unsafeValue', message);
}

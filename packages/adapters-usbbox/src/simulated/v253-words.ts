import { callSetup } from './call-setup.js';
import type { IncomingCall } from './far-end.js';

const FIGURES: Readonly<Record<string, string>> = {
  OK: '0',
  CONNECT: '1',
  RING: '2',
  'NO CARRIER': '3',
  ERROR: '4',
  'NO DIALTONE': '6',
  BUSY: '7',
  'NO ANSWER': '8',
};

/** Text as its bytes. */
export const textOf = (words: string): number[] => Array.from(words, (each) => each.charCodeAt(0) & 0xff);

/** A result code: between CR LF, before LF, or as a figure. */
export function resultBytes(words: string, style: 'framed' | 'bare' | 'figures'): number[] {
  if (style === 'figures') return textOf(`${FIGURES[words] ?? words}\r`);
  return textOf(style === 'bare' ? `${words}\n` : `\r\n${words}\r\n`);
}

/** Who calls, as `+VCID=1` (lines) or `+VCID=2` (the packet in hex, without its checksum) says it; `0`: not at all. */
export function callerIdBytes(call: IncomingCall, style: number): number[] {
  const datetime = '11220930';
  if (style === 2) {
    const who = call.number === undefined ? { absence: call.absence ?? ('O' as const) } : { number: call.number };
    const bytes = callSetup({ datetime, ...who, ...(call.name === undefined ? {} : { name: call.name }) });
    const hex = Array.from(bytes.subarray(0, -1), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return textOf(`\r\n${hex.toUpperCase()}\r\n`);
  }
  if (style !== 1) return [];
  const lines = ['DATE = 1122', 'TIME = 0930', `NMBR = ${call.number ?? call.absence ?? 'O'}`];
  const name = call.name === undefined ? [] : [...textOf('NAME = '), ...new TextEncoder().encode(call.name), 13, 10];
  return [...textOf(`\r\n${lines.join('\r\n')}\r\n`), ...name];
}

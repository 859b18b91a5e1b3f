import type { PbxRecord } from '../serial/index.js';

const two = (n: number): string => String(n).padStart(2, '0');

/** `MMDDhhmmss`. */
function stamp(atMs: number): string {
  const date = new Date(atMs);
  const parts = [
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return parts.map(two).join('');
}

const year = (atMs: number): string => two(new Date(atMs).getUTCFullYear() % 100);

/** Puts a value at a place that counts from 1, as the manual's ruler does. */
function put(data: string[], at: number, value: string): void {
  for (const [index, char] of [...value].entries()) data[at - 1 + index] = char;
}

/**
 * The 128 characters of a call: `KA` outgoing, `KE` incoming, `KB` inside. Source: NDA-24238 p. 406, figure 6-14, whose ruler it follows; years stand where
 * software of later issues puts them, or are left out as in earlier ones.
 */
export function recordData(record: PbxRecord, years: 'told' | 'untold'): string {
  const data = Array.from({ length: 128 }, () => ' ');
  const { direction, start: begunMs, durationS, ext = '', line, number = '', peer = '' } = record;
  const overMs = begunMs + durationS * 1_000;
  put(data, 1, { out: 'KA', in: 'KE', internal: 'KB' }[direction]);
  // One route, and the line as its trunk.
  if (line !== undefined) put(data, 3, `001${String(line).padStart(3, '0')}`);
  put(data, 9, '0');
  put(data, 10, '01');
  put(data, 12, ext.padEnd(6));
  put(data, 18, stamp(begunMs));
  put(data, 28, stamp(overMs));
  put(data, 38, (record.account ?? '').slice(0, 10));
  put(data, 51, record.more ? '1' : '0');
  put(data, 52, '00');
  if (direction === 'out') put(data, 60, number.slice(0, 32));
  if (direction === 'internal') put(data, 60, `01${peer}`);
  if (years === 'told') {
    put(data, 114, year(begunMs));
    put(data, 116, year(overMs));
  }
  return data.join('');
}

import { ROOM_STATES, type RoomCommand } from '@cordboard/cti-core';
import { z } from 'zod';
import type { FiasValues } from '../fias/index.js';

const text = z.string().max(256);
const count = z.number().int().min(0);
const values = z.record(z.string().max(2), text);
const device = z.string().max(200);
const mode = z.enum(['on', 'off']);
const command = z.discriminatedUnion('type', [
  z.object({ type: z.literal('checkIn'), room: device, classOfService: count.optional(), name: text.optional() }),
  z.object({ type: z.literal('checkOut'), room: device }),
  z.object({ type: z.literal('move'), room: device, to: device }),
  z.object({ type: z.literal('classOfService'), room: device, classOfService: count }),
  z.object({ type: z.literal('wakeUp'), room: device, at: text, repeat: z.literal('daily').optional() }),
  z.object({ type: z.literal('wakeUpClear'), room: device }),
  z.object({ type: z.literal('messageLamp'), room: device, mode }),
  z.object({ type: z.literal('doNotDisturb'), room: device, mode }),
  z.object({ type: z.literal('name'), room: device, name: text }),
  z.object({ type: z.literal('roomStatus'), room: device, status: z.enum(ROOM_STATES) }),
]);

const entry = z.discriminatedUnion('t', [
  /** A charge to be posted: its number, what it is known by, the fields of its record. */
  z.object({ t: z.literal('post'), p: count, k: text, f: values }),
  /** A posting was answered for good. */
  z.object({ t: z.literal('settle'), p: count, k: text, as: text }),
  /** A report (RE, WA) for the hotel's system, and that it has it. */
  z.object({ t: z.literal('say'), n: count, id: z.enum(['RE', 'WA']), f: values }),
  z.object({ t: z.literal('said'), n: count }),
  /** A command for the PBX, and that it is over. */
  z.object({ t: z.literal('do'), n: count, c: command }),
  z.object({ t: z.literal('done'), n: count }),
  /** The wake-up calls of a room, and the reservations of its guests: each replaces what was known. */
  z.object({ t: z.literal('wakes'), r: text, at: z.array(text).max(100) }),
  z.object({ t: z.literal('guests'), r: text, g: z.array(text).max(100) }),
  /** The last number given to a posting, to anything else. */
  z.object({ t: z.literal('last'), p: count, n: count }),
]);

/** One line of the ledger. */
export type LedgerEntry =
  | { readonly t: 'post'; readonly p: number; readonly k: string; readonly f: FiasValues }
  | { readonly t: 'settle'; readonly p: number; readonly k: string; readonly as: string }
  | { readonly t: 'say'; readonly n: number; readonly id: 'RE' | 'WA'; readonly f: FiasValues }
  | { readonly t: 'said'; readonly n: number }
  | { readonly t: 'do'; readonly n: number; readonly c: RoomCommand }
  | { readonly t: 'done'; readonly n: number }
  | { readonly t: 'wakes'; readonly r: string; readonly at: readonly string[] }
  | { readonly t: 'guests'; readonly r: string; readonly g: readonly string[] }
  | { readonly t: 'last'; readonly p: number; readonly n: number };

/** Reads a line; `undefined` where it is none of this version. */
export function readEntry(line: string): LedgerEntry | undefined {
  try {
    const checked = entry.safeParse(JSON.parse(line));
    return checked.success ? (checked.data as LedgerEntry) : undefined;
  } catch {
    // Told by the caller, which counts such lines.
    return undefined;
  }
}

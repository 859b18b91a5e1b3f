import { rateCall } from '../../rating/rate.js';
import type { RateBook } from '../../rating/table.js';
import type { SmdrRecord } from '../../smdr/record.js';
import type { FiasValues } from '../fias/index.js';
import { type LocalStamp, stampFields } from '../local-time.js';
import type { Rooms } from '../rooms.js';

/** How calls become charges. */
export interface ChargeRules {
  /** Prices; without them the cost that the PBX counted is posted. */
  readonly rates?: RateBook;
  /** `amount`: `PT` C with `TA` in minor units, the default. `pulses`: `PT` T with `MP`, the hotel's system knows the price of one. */
  readonly by?: 'amount' | 'pulses';
  /** Calls that cost nothing: default `omit`. */
  readonly free?: 'omit' | 'post';
  /** How many of the last dialled digits are replaced by `X`, 0-32; default 0. */
  readonly hideLast?: number;
  /** Sales outlet (`SO`), where the hotel's system asks for one. */
  readonly outlet?: string;
}

/** Why a call is not charged. */
export type NotCharged = 'noRoom' | 'free' | 'unrated' | 'noAmount' | 'internal';

/** A charge as fields of PS, without its number; or why there is none. */
export type Charge =
  | { readonly outcome: 'charge'; readonly room: string; readonly amount: number; readonly values: FiasValues }
  | { readonly outcome: 'none'; readonly why: NotCharged; readonly room?: string };

const MAX_SECONDS = 86_399;

/** What a call costs its room. Pure. @param at - local time, for a record without one */
export function chargeOf(
  record: SmdrRecord,
  { rules, rooms, at }: { readonly rules: ChargeRules; readonly rooms: Rooms; readonly at: LocalStamp },
): Charge {
  const room = record.extension === undefined ? undefined : rooms.roomOf(record.extension);
  if (room === undefined) return { outcome: 'none', why: 'noRoom' };
  const amount = amountOf(record, rules);
  if (typeof amount === 'string') return { outcome: 'none', why: amount, room };
  if (amount === 0 && rules.free !== 'post') return { outcome: 'none', why: 'free', room };
  const seconds = Math.min(MAX_SECONDS, Math.round((record.durationMs ?? 0) / 1_000));
  const dialled = dialledOf(record, rules.hideLast ?? 0);
  return {
    outcome: 'charge',
    room,
    amount,
    values: {
      RN: room,
      PT: rules.by === 'pulses' ? 'T' : 'C',
      ...(rules.by === 'pulses' ? { MP: String(Math.min(999_999, amount)) } : { TA: String(amount) }),
      ...(dialled === '' ? {} : { DD: dialled }),
      DU: [seconds / 3_600, (seconds / 60) % 60, seconds % 60]
        .map((part) => String(Math.floor(part)).padStart(2, '0'))
        .join(''),
      ...(rules.outlet === undefined ? {} : { SO: rules.outlet }),
      ...stampFields(record.start ?? at),
    },
  };
}

/** Minor units, or pulses. */
function amountOf(record: SmdrRecord, { rates, by }: ChargeRules): number | NotCharged {
  if (record.direction === 'internal') return 'internal';
  if (by === 'pulses') return record.pulses ?? 'noAmount';
  if (rates === undefined) return record.costMinor ?? (record.direction === 'in' ? 'free' : 'noAmount');
  const charge = rateCall(record, rates);
  return charge.outcome === 'unrated' ? 'unrated' : charge.costMinor;
}

/** The digits as they may stand on a bill. */
function dialledOf({ number = '' }: SmdrRecord, hideLast: number): string {
  const digits = number.replace(/[^\d*#+.]/gu, '').slice(0, 32);
  const shown = Math.max(0, digits.length - hideLast);
  return digits.slice(0, shown) + 'X'.repeat(digits.length - shown);
}

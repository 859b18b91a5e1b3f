import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';

const DAY_MS = 86_400_000;
const minor = z.number().int().min(0).max(1_000_000_000);
const unitMs = z.number().int().min(1).max(DAY_MS);

/** Prices of a call: the first unit is charged whole from its first moment, then every unit begun. Money in minor units, times in ms. */
const price = z.strictObject({
  firstMs: unitMs,
  firstPrice: minor,
  unitMs,
  unitPrice: minor,
});

/** Kinds of calls. */
export const CALL_KINDS = ['local', 'longDistance', 'international', 'mobile', 'free'] as const;
const kind = z.enum(CALL_KINDS);

const rate = price.extend({
  /** Digits that the number begins with, without the access code; empty: every number. */
  prefix: z.string().regex(/^\d{0,20}$/u, 'digits only'),
  kind,
  /** Prices on holidays; default: the same as on other days. */
  holiday: price.optional(),
});

const rates = z
  .array(rate)
  .max(100_000)
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [index, { prefix }] of list.entries()) {
      if (seen.has(prefix))
        context.addIssue({ code: 'custom', path: [index, 'prefix'], message: 'the prefix stands twice' });
      seen.add(prefix);
    }
  });

/** A table of prices, as its user writes it. */
export const rateTableSchema = z.strictObject({
  /** Of the currency, below its unit; default 2. */
  minorDigits: z.number().int().min(0).max(4).default(2),
  currency: z.string().regex(/^[A-Z]{3}$/u, 'three capital letters'),
  rates,
  /** Rates of single lines, tried before the table's own; the longest prefix of both wins, and of equal ones the line's. */
  lines: z.record(z.string().min(1).max(16), rates).default({}),
  /** Codes dialled to reach an outside line, taken off the number when it begins with one; the longest first. */
  accessCodes: z
    .array(z.string().regex(/^[\d*#]{1,8}$/u, 'digits, * and #'))
    .max(32)
    .default([]),
  /** `YYYY-MM-DD`, or `MM-DD` for every year. */
  holidays: z
    .array(z.string().regex(/^(?:\d{4}-)?\d\d-\d\d$/u, 'YYYY-MM-DD or MM-DD'))
    .max(1000)
    .default([]),
  /** Days of the week that count as holidays, 0 Sunday to 6 Saturday. */
  holidayWeekdays: z.array(z.number().int().min(0).max(6)).max(7).default([]),
  /** Outgoing calls shorter than this cost nothing, ms: on lines without polarity reversal nobody answered them. Default 0. */
  graceMs: z.number().int().min(0).max(600_000).default(0),
  /** What incoming calls cost; default: nothing. */
  incoming: price.optional(),
});

/** Table of prices; see {@link rateTableSchema}. */
export type RateTable = z.input<typeof rateTableSchema>;
/** One of {@link CALL_KINDS}. */
export type CallKind = (typeof CALL_KINDS)[number];
/** Prices of a call. */
export type CallPrice = z.output<typeof price>;
/** A prefix with its prices. */
export type CallRate = z.output<typeof rate>;

/** Rates by prefix, and the length of the longest. */
export interface PrefixIndex {
  readonly byPrefix: ReadonlyMap<string, CallRate>;
  readonly longest: number;
}

/** A checked table, ready to rate calls. */
export interface RateBook {
  readonly currency: string;
  readonly minorDigits: number;
  readonly graceMs: number;
  readonly incoming: CallPrice | undefined;
  readonly accessCodes: readonly string[];
  /** Rates of a line, with the table's own where the line has none. */
  ratesFor(line: string | undefined): readonly PrefixIndex[];
  /** Is the day of a local stamp a holiday? */
  isHoliday(stamp: string): boolean;
}

function indexOf(list: readonly CallRate[]): PrefixIndex {
  return {
    byPrefix: new Map(list.map((one) => [one.prefix, one])),
    longest: list.reduce((most, { prefix }) => Math.max(most, prefix.length), 0),
  };
}

/**
 * Checks a table of prices and makes it ready.
 *
 * @throws {CtiError} `config.invalid` with the place of the first wrong entry
 */
export function rateBook(table: RateTable): RateBook {
  const checked = rateTableSchema.safeParse(table);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const path = (issue?.path ?? []).map(String).join('.');
    throw new CtiError(
      'config.invalid',
      `the rate table is wrong at ${path || 'its top'}: ${issue?.message ?? 'unreadable'}`,
      {
        details: { path, problems: checked.error.issues.length },
      },
    );
  }
  const { data } = checked;
  const own = indexOf(data.rates);
  const lines = new Map(Object.entries(data.lines).map(([line, list]) => [line, [indexOf(list), own]]));
  const days = new Set(data.holidays);
  const weekdays = new Set(data.holidayWeekdays);
  const all = [own];
  return {
    currency: data.currency,
    minorDigits: data.minorDigits,
    graceMs: data.graceMs,
    incoming: data.incoming,
    accessCodes: data.accessCodes.toSorted((a, b) => b.length - a.length),
    ratesFor: (line) => (line === undefined ? all : (lines.get(line) ?? all)),
    isHoliday(stamp) {
      const day = stamp.slice(0, 10);
      if (days.has(day) || days.has(day.slice(5))) return true;
      return weekdays.size > 0 && weekdays.has(new Date(`${day}T00:00:00Z`).getUTCDay());
    },
  };
}

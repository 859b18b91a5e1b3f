import type { FirewallConfig, GroupConfig, ModeConfig } from '@cordboard/cti-core';
import * as z from 'zod';

const MAX_NAMED = 1000;
const MAX_LIST = 100_000;
const MAX_VALUES = 64;
const text = z.string().min(1).max(64);

/** A number in any written form that the dial plan reads. */
const plain = z.string().max(60);
const written = (value: string): string => value.replace(/[\s().-]/gu, '');

const members = z
  .array(plain.transform(written).pipe(z.string().regex(/^[0-9*#]{1,20}$/u, "expected an extension such as '8001'")))
  .min(1, 'expected at least one member')
  .max(32, 'expected at most 32 members')
  .refine((all) => new Set(all).size === all.length, 'expected members that are named once');

/** Phones that a flow rings as one: their extensions, or `{ members, ring }`. */
const groupInput = z.union(
  [
    members.transform((all): GroupConfig => ({ members: all, ring: 'all' })),
    z.strictObject({ members, ring: z.enum(['all', 'inOrder']).default('all') }),
  ],
  { error: 'expected a list of extensions, or { members, ring }' },
) satisfies z.ZodType<GroupConfig, unknown>;

const values = z
  .array(text)
  .min(2, 'expected at least two values')
  .max(MAX_VALUES, `expected at most ${MAX_VALUES} values`)
  .refine((all) => new Set(all).size === all.length, 'expected values that are named once');

/** A switch that operators set by hand: its values, the first of which holds at first, or `{ values, initial }`. */
const modeInput = z.union(
  [
    values.transform((all): ModeConfig => ({ values: all, initial: all[0] ?? '' })),
    z
      .strictObject({ values, initial: text })
      .refine((mode) => mode.values.includes(mode.initial), { path: ['initial'], error: 'expected one of the values' }),
  ],
  { error: 'expected a list of values, or { values, initial }' },
) satisfies z.ZodType<ModeConfig, unknown>;

/** A number, or the beginning of numbers with `*` behind it. */
const listed = plain
  .transform(written)
  .pipe(z.string().regex(/^\+?[0-9#*]{1,39}$/u, "expected a number, or the beginning of numbers and '*'"));

const atMost = (max: number) => (record: object) => Object.keys(record).length <= max;

/** Groups of phones by name. */
export const groupsInput = z.record(text, groupInput).refine(atMost(MAX_NAMED), `expected at most ${MAX_NAMED} groups`);
/** Modes by name. */
export const modesInput = z.record(text, modeInput).refine(atMost(MAX_NAMED), `expected at most ${MAX_NAMED} modes`);
/** Lists of numbers by name. */
export const listsInput = z
  .record(text, z.array(listed).max(MAX_LIST, `expected at most ${MAX_LIST} numbers`))
  .refine(atMost(MAX_NAMED), `expected at most ${MAX_NAMED} lists`);

const listNames = z.array(text).max(MAX_NAMED);

/** Caller firewall: names of lists. */
export const firewallInput = z.strictObject({
  refuse: listNames.exactOptional(),
  favour: z
    .array(z.strictObject({ list: text, priority: z.int().min(-1000).max(1000) }))
    .max(MAX_NAMED)
    .exactOptional(),
  outbound: listNames.exactOptional(),
}) satisfies z.ZodType<FirewallConfig>;

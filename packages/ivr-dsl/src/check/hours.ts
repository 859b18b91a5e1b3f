import type { HoursRule, IvrNode } from '@cordboard/cti-core';
import type { View } from './check.js';
import { DAY, dayNumber, holdsOn, type ReadRule, readRule, sampleDays } from './hour-rules.js';
import { type Found, found, type IvrProblemCode } from './problems.js';
import { clockChanges, YEARS } from './zones.js';

/** Longest hole between two rules that is taken for a slip: a break for lunch is meant. */
const MAX_GAP_MIN = 5;
/** Steps that one flow's rules may take to be compared; rules beyond are not. */
const BUDGET = 30_000_000;

type Hours = Extract<IvrNode, { type: 'hours' }>;
type Kind = NonNullable<HoursRule['dayKind']>;
const KINDS: readonly Kind[] = ['ordinary', 'holiday', 'workday'];

/** Rules of opening hours that never fit, never decide, contradict one another, leave a hole, or meet a change of the clocks. */
export function openingHours({ map, options }: View): Found[] {
  const budget = { left: BUDGET };
  return map.nodes.flatMap((node, at) => {
    if (node.type !== 'hours') return [];
    const name = map.names[at] ?? '';
    const place = (rule: number) => ({ node: name, field: `rules.${rule}` });
    const read = node.rules.map((rule, index) => readRule(rule, index, node.calendar));
    const never = read.flatMap((rule, index) => (rule === undefined ? [found('hours.invalid', place(index))] : []));
    const rules = read.filter((rule) => rule !== undefined);
    return [
      ...never,
      ...compared(name, { node, rules, budget }),
      ...clocks(name, { node, rules, zone: node.zone ?? options.site?.zone, years: options.years ?? YEARS }),
    ];
  });
}

function compared(
  name: string,
  given: { readonly node: Hours; readonly rules: readonly ReadRule[]; readonly budget: { left: number } },
): Found[] {
  const { node, rules, budget } = given;
  if (rules.length === 0) return [];
  const place = (rule: number) => ({ node: name, field: `rules.${rule}` });
  const days = sampleDays(rules);
  const dates = rules.reduce((sum, rule) => sum + 1 + (rule.dates?.length ?? 0), 0);
  budget.left -= days.length * dates * (2 + rules.length) + rules.length * rules.length;
  if (budget.left < 0) return [];
  const seen = decide(node, rules, days);
  const out: Found[] = [];
  for (const [at, rule] of rules.entries()) {
    if (!seen.fits.has(at)) out.push(found('hours.invalid', place(rule.index)));
    else if (!seen.decides.has(at)) out.push(found('hours.covered', place(rule.index)));
    else if (rules.slice(0, at).some((earlier) => contradicts(earlier, rule)))
      out.push(found('hours.overlap', place(rule.index)));
  }
  for (const at of seen.afterGaps) out.push(found('hours.gap', place(rules[at]?.index ?? 0)));
  if (seen.otherwise === 'never') out.push(found('hours.otherwise', { node: name, field: 'otherwise' }));
  return out;
}

/** What becomes of each rule over all kinds of days. Numbers are places among the rules. */
interface Decided {
  readonly fits: ReadonlySet<number>;
  readonly decides: ReadonlySet<number>;
  readonly afterGaps: ReadonlySet<number>;
  readonly otherwise: 'never' | 'sometimes';
}

function decide(node: Hours, rules: readonly ReadRule[], days: readonly number[]): Decided {
  const cuts = [...new Set([0, DAY, ...rules.flatMap(({ from, to }) => [from, to])])].sort((one, other) => one - other);
  const slots = cuts.length - 1;
  const slotOf = new Map(cuts.map((cut, index) => [cut, index]));
  const spans = rules.map(({ from, to }) => ({ from: slotOf.get(from) ?? 0, to: slotOf.get(to) ?? 0 }));
  const kinds =
    node.calendar === undefined || rules.every(({ kind }) => kind === undefined) ? KINDS.slice(0, 1) : KINDS;
  const kindsBefore = rules.some(({ kind, overnight }) => kind !== undefined && overnight === 'yes')
    ? kinds
    : KINDS.slice(0, 1);
  const fits = new Set<number>();
  const decides = new Set<number>();
  const afterGaps = new Set<number>();
  let otherwise: Decided['otherwise'] = 'never';
  const first = new Int16Array(slots);
  const take = (at: number, from: number, to: number): void => {
    if (from < to) fits.add(at);
    for (let slot = from; slot < to; slot += 1) {
      if (first[slot] !== -1) continue;
      first[slot] = at;
      decides.add(at);
    }
  };
  let run = { begun: 'no' as 'yes' | 'no', minutes: Infinity };
  for (const [index, day] of days.entries()) {
    const today = rules.map((rule) => holdsOn(rule, day));
    const before = rules.map((rule) => rule.overnight === 'yes' && holdsOn(rule, day - 1));
    for (const kind of kinds) {
      for (const kindBefore of kindsBefore) {
        first.fill(-1);
        for (const [at, rule] of rules.entries()) {
          const { from, to } = spans[at] ?? { from: 0, to: 0 };
          const now = today[at] === true && (rule.kind ?? kind) === kind;
          if (rule.overnight === 'no') {
            if (now) take(at, from, to);
            continue;
          }
          if (before[at] === true && (rule.kind ?? kindBefore) === kindBefore) take(at, 0, to);
          if (now) take(at, from, slots);
        }
        if (first.includes(-1)) otherwise = 'sometimes';
        if (kind !== 'ordinary' || kindBefore !== 'ordinary') continue;
        if (days[index - 1] !== day - 1) run = { begun: 'no', minutes: Infinity };
        for (let slot = 0; slot < slots; slot += 1) {
          const at = first[slot] ?? -1;
          if (at === -1) run.minutes += (cuts[slot + 1] ?? 0) - (cuts[slot] ?? 0);
          else {
            if (run.begun === 'yes' && run.minutes > 0 && run.minutes <= MAX_GAP_MIN) afterGaps.add(at);
            run = { begun: 'yes', minutes: 0 };
          }
        }
      }
    }
  }
  return { fits, decides, afterGaps, otherwise };
}

/** Do two rules fit at the same times and lead elsewhere, and the earlier is no exception to the later? An exception names dates or a kind of day of its own, fewer of the weekdays, or a shorter time within the other's. */
function contradicts(earlier: ReadRule, later: ReadRule): boolean {
  if (earlier.goTo === later.goTo) return false;
  if (earlier.dates !== undefined && earlier.dateText !== later.dateText) return false;
  if (earlier.kind !== undefined && earlier.kind !== later.kind) return false;
  if (!meet(earlier, later)) return false;
  // A later rule for some dates or a kind of day is the narrower one by its days.
  const wide = later.dateText === earlier.dateText && later.kind === earlier.kind;
  const fewerDays = wide && earlier.weekdays !== later.weekdays && (earlier.weekdays & ~later.weekdays) === 0;
  return !fewerDays && !within(earlier, later);
}

/** Parts of a rule that lie on one day: weekdays, begin, end. */
function parts({ from, to, weekdays, overnight }: ReadRule): readonly (readonly [number, number, number])[] {
  if (overnight === 'no') return [[weekdays, from, to]];
  const after = ((weekdays << 1) | (weekdays >> 6)) & 0b1111_1110;
  return [
    [weekdays, from, DAY],
    [after, 0, to],
  ];
}

function meet(one: ReadRule, other: ReadRule): boolean {
  return parts(one).some(([days, from, to]) =>
    parts(other).some(([otherDays, begin, end]) => (days & otherDays) !== 0 && from < end && begin < to),
  );
}

/** Does one lie within the times of the other, and is it shorter? */
function within(one: ReadRule, other: ReadRule): boolean {
  const length = (rule: ReadRule): number => (rule.to - rule.from + DAY) % DAY || DAY;
  const offset = (one.from - other.from + DAY) % DAY;
  return length(one) < length(other) && offset + length(one) <= length(other);
}

function clocks(
  name: string,
  given: {
    readonly node: Hours;
    readonly rules: readonly ReadRule[];
    readonly zone: string | undefined;
    readonly years: { readonly from: number; readonly to: number };
  },
): Found[] {
  const { node, rules, zone, years } = given;
  if (zone === undefined) return [];
  const changes = clockChanges(zone, years);
  // Whether the site's own zone is one is the configuration's question.
  if (changes === undefined)
    return node.zone === undefined ? [] : [found('zone.unknown', { node: name, field: 'zone' }, zone)];
  const told = new Set<string>();
  const out: Found[] = [];
  const tell = (code: IvrProblemCode, rule: ReadRule, date: string): void => {
    if (told.has(`${code} ${rule.index}`)) return;
    told.add(`${code} ${rule.index}`);
    out.push(found(code, { node: name, field: `rules.${rule.index}` }, `${date}, ${zone}`));
  };
  for (const { kind, date, from, to } of changes) {
    const day = dayNumber(date) ?? 0;
    for (const rule of rules) {
      // What kind of day that will be is in a calendar of that year.
      if (rule.kind === 'holiday' || rule.kind === 'workday') continue;
      const now = holdsOn(rule, day);
      const ends = rule.overnight === 'yes' ? holdsOn(rule, day - 1) : now;
      if (kind === 'skipped') {
        if (now && rule.overnight === 'no' && rule.from >= from && rule.to <= to) tell('hours.skipped', rule, date);
      } else if ((now && rule.from > from && rule.from < to) || (ends && rule.to > from && rule.to < to)) {
        tell('hours.twice', rule, date);
      }
    }
  }
  return out;
}

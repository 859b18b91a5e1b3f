import type { AreaRule, DialPlan, NodeRef } from '../contract/index.js';
import { compactNumber, isOwnNumber, normalise, numberKey, planDial, writtenForms } from '../numbers/index.js';

/** What a list holds, as a dial plan reads it. */
interface ReadList {
  readonly plan: DialPlan;
  readonly keys: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

/** Lists are read once for each configuration: they may be long, and every caller is looked up in them. */
const readLists = new WeakMap<readonly string[], ReadList>();

/** Does a list of numbers hold this one? An entry that ends in `*` is a beginning, of any form in which the number is written. A withheld number is in none. */
export function listHolds(list: readonly string[], number: string, plan: DialPlan): boolean {
  const read = normalise({ number, presentation: 'allowed' }, plan);
  const key = numberKey(read);
  if (key === undefined) return false;
  const { keys, beginnings } = readList(list, plan);
  if (keys.has(key)) return true;
  if (beginnings.length === 0) return false;
  const forms = writtenForms(read, plan);
  return beginnings.some((beginning) => forms.some((form) => form.startsWith(beginning)));
}

function readList(list: readonly string[], plan: DialPlan): ReadList {
  const known = readLists.get(list);
  if (known?.plan === plan) return known;
  const keys = new Set<string>();
  const beginnings: string[] = [];
  for (const entry of list) {
    if (entry.endsWith('*')) {
      const beginning = compactNumber(entry.slice(0, -1));
      if (beginning !== '') beginnings.push(beginning);
      continue;
    }
    const key = numberKey(normalise({ number: entry, presentation: 'allowed' }, plan));
    if (key !== undefined) keys.add(key);
  }
  const read = { plan, keys, beginnings };
  readLists.set(list, read);
  return read;
}

/** What the host knows of where a number belongs. */
export type Origin = Readonly<Record<string, string>>;

/** Where an `area` node leads by its rules. `ask`: that depends on what only the host knows. Nothing is asked about a number that is none. */
export function areaTarget(
  node: { readonly rules: readonly AreaRule[]; readonly otherwise: NodeRef },
  e164: string | undefined,
  origin?: Origin,
): { readonly to: NodeRef } | { readonly ask: string } {
  for (const rule of node.rules) {
    const { prefixes, province, city, carrier } = rule;
    if (prefixes !== undefined && (e164 === undefined || !prefixes.some((prefix) => e164.startsWith(prefix)))) continue;
    const wanted = { province, city, carrier };
    const isPlain = province === undefined && city === undefined && carrier === undefined;
    if (isPlain) return { to: rule.goTo };
    if (e164 === undefined) continue;
    if (origin === undefined) return { ask: e164 };
    const fits = Object.entries(wanted).every(
      ([part, value]) => value === undefined || (Object.hasOwn(origin, part) && origin[part] === value),
    );
    if (fits) return { to: rule.goTo };
  }
  return { to: node.otherwise };
}

/** The E.164 form of a number, where the dial plan is sure of it. */
export function e164Of(number: string, plan: DialPlan): string | undefined {
  return normalise({ number, presentation: 'allowed' }, plan).e164;
}

/**
 * A number that somebody may be called back at: an extension, or E.164. `undefined` for what is no number, for emergency numbers, for the site's own, and for
 * what has no E.164 form: nobody would reach anybody there.
 */
export function callableNumber(text: string, plan: DialPlan): string | undefined {
  const decision = planDial(text, plan);
  if (decision.kind === 'internal') return decision.number;
  if (decision.kind === 'invalid' || decision.emergency !== undefined || isOwnNumber(decision.number, plan))
    return undefined;
  return decision.number.e164;
}

/** A number that a person wrote down for people: E.164 where the plan reads it so, else its keys as they are; at most 40. `undefined` for none. */
export function contactNumber(text: string, plan: DialPlan): string | undefined {
  const keys = compactNumber(text)
    .replace(/[^\d*#+]/g, '')
    .slice(0, 40);
  return /\d/.test(keys) ? (e164Of(keys, plan) ?? keys) : undefined;
}

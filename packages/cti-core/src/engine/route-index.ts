import type { DialPlan, RouteConfig, TenantConfig } from '../contract/config.js';
import type { SwitchId } from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import { normalise, numberKey, writtenForms } from '../numbers/index.js';
import type { Run } from './run.js';

type Placed = readonly [place: number, route: RouteConfig];

/** Routes by the numbers that they take, in every way in which those are written; made once per configuration. */
export interface RouteIndex {
  readonly exact: ReadonlyMap<string, readonly Placed[]>;
  readonly prefixes: readonly (readonly [prefix: string, placed: Placed])[];
  /** What was looked for before. */
  readonly found: Map<string, readonly Placed[]>;
}

/** So many dialled numbers are remembered. */
const MAX_FOUND = 1000;

/** Reads the numbers of routes by the dial plan. */
export function routeIndex(config: Pick<TenantConfig, 'routes' | 'dialPlan'>): RouteIndex {
  const exact = new Map<string, Placed[]>();
  const prefixes: (readonly [string, Placed])[] = [];
  for (const [place, route] of config.routes.entries()) {
    if (route.number.endsWith('*')) {
      prefixes.push([route.number.slice(0, -1), [place, route]]);
      continue;
    }
    // `#` and `*` codes and extensions have no other form than their own.
    for (const form of new Set([route.number, ...writtenForms(read(route.number, config.dialPlan), config.dialPlan)])) {
      const same = exact.get(form);
      if (same === undefined) exact.set(form, [[place, route]]);
      else same.push([place, route]);
    }
  }
  return { exact, prefixes, found: new Map() };
}

function read(number: string, plan: DialPlan): PhoneNumber {
  return normalise({ number, presentation: 'allowed' }, plan);
}

/** What was dialled, where, and by whom: `outside` callers reach all routes, `inside` ones those that name the number itself. */
export interface Dialled {
  readonly number: PhoneNumber;
  readonly from: 'outside' | 'inside';
  /** Absent: routes of every switch. */
  readonly switchId?: SwitchId;
}

/** The first enabled route that fits the dialled number; `busy` when it is full. */
export function findRoute(run: Run, dialled: Dialled): RouteConfig | 'busy' | undefined {
  for (const [, route] of fitting(run, dialled)) {
    if (route.switchId !== undefined && dialled.switchId !== undefined && route.switchId !== dialled.switchId) continue;
    if ((run.s.routes.get(route.id) ?? route.enabled) !== 'enabled') continue;
    const full = route.maxConcurrent > 0 && (run.ix.routeCalls.get(route.id) ?? 0) >= route.maxConcurrent;
    return full ? 'busy' : route;
  }
  return undefined;
}

/** The routes that fit a number, in the order of the configuration. Callers dial the same few numbers. */
function fitting(run: Run, { number, from }: Dialled): readonly Placed[] {
  const { exact, prefixes, found } = run.ix.routes;
  const key = `${from} ${number.raw} ${number.e164 ?? ''}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const forms = [number.raw, ...writtenForms(number, run.s.config.dialPlan)];
  const fits = forms.flatMap((form) => exact.get(form) ?? []);
  if (from === 'outside') {
    for (const [prefix, placed] of prefixes) if (forms.some((form) => form.startsWith(prefix))) fits.push(placed);
  }
  fits.sort(([a], [b]) => a - b);
  if (found.size >= MAX_FOUND) found.clear();
  found.set(key, fits);
  return fits;
}

/** The keys of the numbers that are never recorded (R1). */
export function neverKeys(config: Pick<TenantConfig, 'recording' | 'dialPlan'>): ReadonlySet<string> {
  const keys = config.recording.neverNumbers.flatMap((text) => numberKey(read(text, config.dialPlan)) ?? []);
  return new Set(keys);
}

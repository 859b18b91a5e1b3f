import type { AreaRule, HoursRule, IvrNode } from '@cordboard/cti-core';
import type { Duration } from '../duration.js';
import { edgesOf, given, msIf } from '../lower.js';
import { type NodeSpec, type OpenTime, type Scope, spec, type Target } from '../spec.js';
import type { UsesNamed } from '../uses.js';

/** Rules of {@link hours}: in order, the first that fits; all given parts of a rule must fit. */
export interface HoursOptions<T extends string, U extends string> {
  /** A calendar of the configuration, for `dayKind`. */
  readonly calendar?: string;
  /** IANA name of the zone whose local time counts, such as `Europe/Paris`; default: the site's. */
  readonly zone?: string;
  readonly rules: readonly (OpenTime & {
    readonly dayKind?: 'holiday' | 'workday' | 'ordinary';
    readonly goTo: Target<T, U>;
  })[];
  readonly otherwise: Target<T, U>;
}
/** Branches on named opening hours of the flow (`defineIvr({ hours })`). */
export function hours<const H extends string, const T extends string = never, const U extends string = never>(
  name: H,
  edges: { readonly open: Target<T, U>; readonly closed: Target<T, U> },
): NodeSpec<T, U | UsesNamed<'hours', H>>;
/** Branches on local time by rules of its own. */
export function hours<const T extends string = never, const U extends string = never>(
  options: HoursOptions<T, U>,
): NodeSpec<T, U>;
export function hours(
  first: string | HoursOptions<string, string>,
  edges?: { readonly open: unknown; readonly closed: unknown },
): NodeSpec {
  return spec((scope) => {
    if (typeof first === 'string') return namedHours(scope, first, edges ?? { open: undefined, closed: undefined });
    return {
      type: 'hours',
      ...given({ calendar: first.calendar, zone: first.zone }),
      rules: first.rules.map((rule, index): HoursRule => ({ ...rule, goTo: scope.edge(`rules.${index}`, rule.goTo) })),
      otherwise: scope.edge('otherwise', first.otherwise),
    };
  });
}

function namedHours(scope: Scope, name: string, edges: { open: unknown; closed: unknown }): IvrNode {
  const office = scope.hours(name) ?? scope.refuse('hours', 'a name of the hours of this flow');
  const open = scope.edge('open', edges.open);
  const closed = scope.edge('closed', edges.closed);
  const special: readonly HoursRule[] =
    office.calendar === undefined
      ? []
      : [
          // A special working day is one whatever its weekday is.
          ...wholeTimes(office.open).map(
            ({ from, to }): HoursRule => ({ ...given({ from, to }), dayKind: 'workday', goTo: open }),
          ),
          { dayKind: 'workday', goTo: closed },
          { dayKind: 'holiday', goTo: closed },
        ];
  return {
    type: 'hours',
    ...given({ calendar: office.calendar, zone: office.zone }),
    rules: [...special, ...office.open.map((opening): HoursRule => ({ ...opening, goTo: open }))],
    otherwise: closed,
  };
}

/** The times of day at which anything is open, those that touch or overlap as one. What runs over midnight, or has no end, stands for itself. */
function wholeTimes(open: readonly OpenTime[]): readonly Pick<OpenTime, 'from' | 'to'>[] {
  const whole: { from: string; to: string }[] = [];
  const others = new Map<string, Pick<OpenTime, 'from' | 'to'>>();
  const sorted = [...open].sort((a, b) => (a.from ?? '').localeCompare(b.from ?? ''));
  for (const { from, to } of sorted) {
    const last = whole.at(-1);
    if (from === undefined || to === undefined || to <= from) others.set(`${from}-${to}`, { ...given({ from, to }) });
    else if (last === undefined || from > last.to) whole.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return [...whole, ...others.values()];
}

/** Branches on a switch of the configuration (`modes`) that operators set by hand, such as day and night. */
export function mode<
  const M extends string,
  const W extends string = never,
  const T extends string = never,
  const U extends string = never,
>(
  name: M,
  edges: {
    /** An edge for each value of the switch. */
    readonly ways: { readonly [K in W]: Target<T, U> };
    /** Any other value. */
    readonly otherwise: Target<T, U>;
  },
): NodeSpec<T, U | UsesNamed<'mode', M | `${M}=${W}`>> {
  return spec((scope) => ({
    type: 'mode',
    mode: name,
    ways: edgesOf(scope, 'ways.', edges.ways),
    otherwise: scope.edge('otherwise', edges.otherwise),
  }));
}

/** Rules of {@link area}: in order, the first that fits; all given parts of a rule must fit. */
export interface AreaOptions<T extends string, U extends string> {
  readonly rules: readonly (Omit<AreaRule, 'goTo'> & { readonly goTo: Target<T, U> })[];
  /** No rule fits, or the area is not known in time. */
  readonly otherwise: Target<T, U>;
  /** How long the host may take for province, city and carrier; default `2s`. */
  readonly timeout?: Duration;
}
/** Branches on where the caller's number belongs. `prefixes` are beginnings of E.164 numbers (`+8610`). */
export function area<const T extends string = never, const U extends string = never>(
  options: AreaOptions<T, U>,
): NodeSpec<T, U> {
  return spec((scope) => ({
    type: 'area',
    rules: options.rules.map((rule, index) => ({ ...rule, goTo: scope.edge(`rules.${index}`, rule.goTo) })),
    otherwise: scope.edge('otherwise', options.otherwise),
    ...given({ timeoutMs: msIf(scope, 'timeout', options.timeout) }),
  }));
}

/** Rules of {@link list}: the first list that holds the caller's number. */
export interface ListOptions<N extends string, T extends string, U extends string> {
  readonly rules: readonly { readonly list: N; readonly goTo: Target<T, U> }[];
  readonly otherwise: Target<T, U>;
}
/** Branches on the first list of the configuration (`lists`) that holds the caller's number. */
export function list<const N extends string, const T extends string = never, const U extends string = never>(
  options: ListOptions<N, T, U>,
): NodeSpec<T, U | UsesNamed<'list', N>> {
  return spec((scope) => ({
    type: 'list',
    rules: options.rules.map((rule, index) => ({ list: rule.list, goTo: scope.edge(`rules.${index}`, rule.goTo) })),
    otherwise: scope.edge('otherwise', options.otherwise),
  }));
}

import type { DigitKey, HoursRule, IvrNode, TransferGoal } from '@cordboard/cti-core';
import type { Duration } from './duration.js';
import type { SayInput } from './say.js';
import { type NodeSpec, type OpenTime, type Scope, spec, type Target } from './spec.js';

/** Drops the fields that were not given. */
type Given<F> = { [K in keyof F]?: Exclude<F[K], undefined> };
function given<F extends object>(fields: F): Given<F> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<F>;
}
function sayIf(scope: Scope, input: SayInput | undefined): IvrNodeSay | undefined {
  return input === undefined ? undefined : scope.say(input);
}
function saysIf(scope: Scope, input: SayInput | undefined): readonly IvrNodeSay[] | undefined {
  return input === undefined ? undefined : [scope.say(input)];
}
type IvrNodeSay = Extract<IvrNode, { type: 'play' }>['say'];
function msIf(scope: Scope, field: string, duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : scope.ms(field, duration);
}

/** Options of {@link play}. */
export interface PlayOptions<T extends string, P extends string, R extends string, H extends string> {
  readonly say: SayInput<P>;
  /** Times to say it, 1-99; default 1. */
  readonly loop?: number;
  /** A key ends it and, where the next node asks for keys, counts there; default: keys are not heard. */
  readonly bargeIn?: boolean;
  readonly next: Target<T, P, R, H>;
}
/** Says something, then goes on. */
export function play<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(options: PlayOptions<T, P, R, H>): NodeSpec<T, P, R, H> {
  return spec((scope) => ({
    type: 'play',
    say: scope.say(options.say),
    ...given({ loop: options.loop, bargeIn: options.bargeIn }),
    next: scope.edge('next', options.next),
  }));
}

/** Options of {@link menu}. */
export interface MenuOptions<T extends string, P extends string, R extends string, H extends string> {
  readonly say: SayInput<P>;
  /** Where each key leads. */
  readonly keys: { readonly [K in DigitKey]?: Target<T, P, R, H> };
  /** Rounds of asking, 1-10; default 3. Silence and wrong keys count together. */
  readonly tries?: number;
  /** From the end of the announcement to the key; default `5s`. */
  readonly timeout?: Duration;
  /** Said before the menu is repeated after silence. */
  readonly noInputSay?: SayInput<P>;
  /** Said before the menu is repeated after a wrong key. */
  readonly noMatchSay?: SayInput<P>;
  /** Taken when the last round ended without a key. */
  readonly noInput: Target<T, P, R, H>;
  /** Taken when the last round ended with a wrong key. */
  readonly noMatch: Target<T, P, R, H>;
}
/** Asks for one key. Keys are heard while it speaks. `BACK` further on leads here again. */
export function menu<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(options: MenuOptions<T, P, R, H>): NodeSpec<T, P, R, H> {
  return spec((scope) => ({
    type: 'menu',
    say: scope.say(options.say),
    keys: edgesOf(scope, '', options.keys),
    ...given({
      tries: options.tries,
      timeoutMs: msIf(scope, 'timeout', options.timeout),
      noInputSay: saysIf(scope, options.noInputSay),
      noMatchSay: saysIf(scope, options.noMatchSay),
    }),
    noInput: scope.edge('noInput', options.noInput),
    noMatch: scope.edge('noMatch', options.noMatch),
  }));
}

/** Options of {@link collect}. */
export interface CollectOptions<T extends string, P extends string, R extends string, H extends string> {
  readonly say: SayInput<P>;
  /** Fewest and most keys, 0-64 and 1-64; the last one ends the input at once. */
  readonly min: number;
  readonly max: number;
  /** The key that ends the input and is no part of it; default `#`; `null` for none. */
  readonly terminator?: DigitKey | null;
  /** From the end of the announcement to the first key; default `5s`. */
  readonly timeout?: Duration;
  /** From one key to the next; default `3s`. */
  readonly interDigit?: Duration;
  /** Rounds of asking, 1-10; default 3. */
  readonly tries?: number;
  /** What the whole input must look like: keys, `\d`, classes, each with `?`, `{n}` or `{n,m}`. */
  readonly pattern?: string;
  /** The variable never becomes data of the call, nor does what is made of it. */
  readonly masked?: boolean;
  readonly noMatchSay?: SayInput<P>;
  readonly next: Target<T, P, R, H>;
  readonly noInput: Target<T, P, R, H>;
  readonly noMatch: Target<T, P, R, H>;
}
/** Asks for several keys and keeps them in a variable. */
export function collect<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(variable: string, options: CollectOptions<T, P, R, H>): NodeSpec<T, P, R, H> {
  const { min, max, terminator, tries, pattern, masked } = options;
  return spec((scope) => ({
    type: 'collect',
    say: scope.say(options.say),
    variable,
    min,
    max,
    ...given({
      terminator,
      tries,
      pattern,
      masked,
      timeoutMs: msIf(scope, 'timeout', options.timeout),
      interDigitMs: msIf(scope, 'interDigit', options.interDigit),
      noMatchSay: saysIf(scope, options.noMatchSay),
    }),
    next: scope.edge('next', options.next),
    noInput: scope.edge('noInput', options.noInput),
    noMatch: scope.edge('noMatch', options.noMatch),
  }));
}

/** Rules of {@link hours}: in order, the first that fits; all given parts of a rule must fit. */
export interface HoursOptions<T extends string, P extends string, R extends string, H extends string> {
  /** A calendar of the configuration, for `dayKind`. */
  readonly calendar?: string;
  readonly rules: readonly (OpenTime & {
    readonly dayKind?: 'holiday' | 'workday' | 'ordinary';
    readonly goTo: Target<T, P, R, H>;
  })[];
  readonly otherwise: Target<T, P, R, H>;
}
/** Branches on named opening hours of the flow (`defineIvr({ hours })`). */
export function hours<
  const H extends string,
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
>(name: H, edges: { readonly open: Target<T, P, R, H>; readonly closed: Target<T, P, R, H> }): NodeSpec<T, P, R, H>;
/** Branches on the local time of the site by rules of its own. */
export function hours<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(options: HoursOptions<T, P, R, H>): NodeSpec<T, P, R, H>;
export function hours(
  first: string | HoursOptions<string, string, string, string>,
  edges?: { readonly open: unknown; readonly closed: unknown },
): NodeSpec {
  return spec((scope) => {
    if (typeof first === 'string') return namedHours(scope, first, edges ?? { open: undefined, closed: undefined });
    return {
      type: 'hours',
      ...given({ calendar: first.calendar }),
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
          ...office.open.map(({ from, to }): HoursRule => ({ ...given({ from, to }), dayKind: 'workday', goTo: open })),
          { dayKind: 'workday', goTo: closed },
          { dayKind: 'holiday', goTo: closed },
        ];
  return {
    type: 'hours',
    ...given({ calendar: office.calendar }),
    rules: [...special, ...office.open.map((time): HoursRule => ({ ...time, goTo: open }))],
    otherwise: closed,
  };
}

/** Options of {@link queue}. */
export interface QueueOptions<T extends string, P extends string, R extends string, H extends string> {
  /** Said before the caller begins to wait. */
  readonly say?: SayInput<P>;
  /** Larger is served first, -1,000 to 1,000; default: the queue's own. */
  readonly priority?: number;
  /** Leaves the queue after so long; default: the queue's own bound. */
  readonly overflowAfter?: Duration;
  readonly overflow: Target<T, P, R, H>;
  /** The queue was full; default: as `overflow`. */
  readonly full?: Target<T, P, R, H>;
  /** An agent gave the caller back to the flow; default `END`. */
  readonly returned?: Target<T, P, R, H>;
}
/** Lets the caller wait for an agent of a queue. */
export function queue<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(name: string, options: QueueOptions<T, P, R, H>): NodeSpec<T, P, R, H> {
  return spec((scope) => ({
    type: 'queue',
    queue: name,
    ...given({
      say: sayIf(scope, options.say),
      priority: options.priority,
      overflowAfterMs: msIf(scope, 'overflowAfter', options.overflowAfter),
    }),
    overflow: scope.edge('overflow', options.overflow),
    ...given({
      full: options.full === undefined ? undefined : scope.edge('full', options.full),
      returned: options.returned === undefined ? undefined : scope.edge('returned', options.returned),
    }),
  }));
}

/** Where a transfer goes: exactly one of these. `variable` holds an extension, or an outside number where that is `allowed`. */
export type Goal =
  | { readonly extension: string }
  | { readonly outside: string; readonly trunk?: string }
  | { readonly agent: string }
  | { readonly variable: string; readonly outside?: 'allowed' };

/** Options of {@link transfer}. */
export interface TransferOptions<T extends string, P extends string, R extends string, H extends string> {
  readonly to: Goal;
  /** Said before dialling. */
  readonly say?: SayInput<P>;
  /** Said when it failed, before the edge is taken. */
  readonly failedSay?: SayInput<P>;
  /** How long the goal may ring, `1s` to `5m`; default: the server's. */
  readonly ringTimeout?: Duration;
  readonly busy: Target<T, P, R, H>;
  readonly noAnswer: Target<T, P, R, H>;
  readonly failed: Target<T, P, R, H>;
}
/** Puts the caller through to an extension, an agent or an outside number. */
export function transfer<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(options: TransferOptions<T, P, R, H>): NodeSpec<T, P, R, H> {
  return spec((scope) => ({
    type: 'transfer',
    to: goalOf(options.to),
    ...given({
      say: sayIf(scope, options.say),
      failedSay: sayIf(scope, options.failedSay),
      ringTimeoutMs: msIf(scope, 'ringTimeout', options.ringTimeout),
    }),
    busy: scope.edge('busy', options.busy),
    noAnswer: scope.edge('noAnswer', options.noAnswer),
    failed: scope.edge('failed', options.failed),
  }));
}

function goalOf(goal: Goal): TransferGoal {
  if ('variable' in goal) return { kind: 'variable', variable: goal.variable, ...given({ outside: goal.outside }) };
  if ('extension' in goal) return { kind: 'extension', number: goal.extension };
  if ('agent' in goal) return { kind: 'agent', agent: goal.agent };
  return { kind: 'outside', number: goal.outside, ...given({ trunk: goal.trunk }) };
}

/** Sets variables; a value may hold `{variables}`. They become data of the call. */
export function set<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(assign: Readonly<Record<string, string>>, edges: { readonly next: Target<T, P, R, H> }): NodeSpec<T, P, R, H> {
  return spec((scope) => ({ type: 'set', assign: { ...assign }, next: scope.edge('next', edges.next) }));
}

/** Speaks another language from here on; one of the flow's. */
export function language<
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(tag: string, edges: { readonly next: Target<T, P, R, H> }): NodeSpec<T, P, R, H> {
  return spec((scope) => ({ type: 'language', language: tag, next: scope.edge('next', edges.next) }));
}

/** Ends the call, after an announcement if there is one. */
export function hangup<const P extends string = never>(
  options: { readonly say?: SayInput<P> } = {},
): NodeSpec<never, P, never, never> {
  return spec((scope) => ({ type: 'hangup', ...given({ say: sayIf(scope, options.say) }) }));
}

/** Ends a sub-flow with a result; the flow that called it goes on at that result's edge. */
export function returns<const R extends string>(result: R): NodeSpec<never, never, R, never> {
  return spec(() => ({ type: 'return', result }));
}

/** Lowers a record of edges. */
export function edgesOf(scope: Scope, prefix: string, edges: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(edges).flatMap(([key, target]) =>
      target === undefined ? [] : [[key, scope.edge(prefix + key, target)]],
    ),
  );
}

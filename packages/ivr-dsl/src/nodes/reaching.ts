import type { TransferGoal } from '@cordboard/cti-core';
import type { Duration } from '../duration.js';
import { edgeIf, given, msIf, sayIf } from '../lower.js';
import type { SayInput } from '../say.js';
import { type NodeSpec, spec, type Target } from '../spec.js';
import type { Reads, Says, UsesNamed } from '../uses.js';

/** Options of {@link queue}. */
export interface QueueOptions<T extends string, P extends string, U extends string> {
  /** Said before the caller begins to wait. */
  readonly say?: SayInput<P, U>;
  /** Larger is served first, -1,000 to 1,000; default: the queue's own. */
  readonly priority?: number;
  /** Leaves the queue after so long; default: the queue's own bound. */
  readonly overflowAfter?: Duration;
  readonly overflow: Target<T, U>;
  /** The queue was full; default: as `overflow`. */
  readonly full?: Target<T, U>;
  /** An agent gave the caller back to the flow; default `END`. */
  readonly returned?: Target<T, U>;
}
/** Lets the caller wait for an agent of a queue. */
export function queue<
  const N extends string,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(name: N, options: QueueOptions<T, P, U>): NodeSpec<T, U | Says<P> | UsesNamed<'queue', N>> {
  return spec((scope) => ({
    type: 'queue',
    queue: name,
    ...given({
      say: sayIf(options.say),
      priority: options.priority,
      overflowAfterMs: msIf(scope, 'overflowAfter', options.overflowAfter),
    }),
    overflow: scope.edge('overflow', options.overflow),
    ...given({ full: edgeIf(scope, 'full', options.full), returned: edgeIf(scope, 'returned', options.returned) }),
  }));
}

/**
 * Where a transfer goes: exactly one of these. `group` is a group of the configuration. `variable` holds an extension, or an outside number where
 * that is `allowed`.
 */
export type Goal<V extends string = string, G extends string = string> =
  | { readonly extension: string }
  | { readonly group: G }
  | { readonly outside: string; readonly trunk?: string }
  | { readonly agent: string }
  | { readonly variable: V; readonly outside?: 'allowed' };

/** Options of {@link transfer}. */
export interface TransferOptions<
  T extends string,
  P extends string,
  U extends string,
  V extends string = string,
  G extends string = string,
> {
  readonly to: Goal<V, G>;
  /** Said before dialling. */
  readonly say?: SayInput<P, U>;
  /** Said when it failed, before the edge is taken. */
  readonly failedSay?: SayInput<P, U>;
  /** How long the goal may ring, `1s` to `5m`; default: the server's. */
  readonly ringTimeout?: Duration;
  readonly busy: Target<T, U>;
  readonly noAnswer: Target<T, U>;
  readonly failed: Target<T, U>;
}
/** Puts the caller through to an extension, a group of phones, an agent or an outside number. */
export function transfer<
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
  const V extends string = never,
  const G extends string = never,
>(options: TransferOptions<T, P, U, V, G>): NodeSpec<T, U | Says<P> | Reads<V> | UsesNamed<'group', G>> {
  return spec((scope) => ({
    type: 'transfer',
    to: goalOf(options.to),
    ...given({
      say: sayIf(options.say),
      failedSay: sayIf(options.failedSay),
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
  if ('group' in goal) return { kind: 'group', group: goal.group };
  if ('agent' in goal) return { kind: 'agent', agent: goal.agent };
  return { kind: 'outside', number: goal.outside, ...given({ trunk: goal.trunk }) };
}

/** Options of {@link orderDesk}. */
export interface OrderDeskOptions<T extends string, P extends string, U extends string> {
  /** Said before the phones ring. */
  readonly say?: SayInput<P, U>;
  /** How long to go on ringing; default `10m`. */
  readonly max?: Duration;
  /** Nobody picked up in that time. */
  readonly timeout: Target<T, U>;
  /** The phones cannot be rung. */
  readonly failed: Target<T, U>;
}
/** The order desk: rings the phones of a group again and again while the caller hears music, until somebody picks up. */
export function orderDesk<
  const G extends string,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(group: G, options: OrderDeskOptions<T, P, U>): NodeSpec<T, U | Says<P> | UsesNamed<'group', G>> {
  return spec((scope) => ({
    type: 'orderDesk',
    group,
    ...given({ say: sayIf(options.say), maxMs: msIf(scope, 'max', options.max) }),
    timeout: scope.edge('timeout', options.timeout),
    failed: scope.edge('failed', options.failed),
  }));
}

/** Options of {@link callback}. */
export interface CallbackOptions<V extends string, T extends string, U extends string> {
  /** Holds the number to call; default: the caller's own. */
  readonly variable?: V;
  readonly next: Target<T, U>;
  /** That is no number that may be dialled. */
  readonly refused: Target<T, U>;
}
/** Keeps the wish to be called back by an agent of the queue. */
export function callback<
  const N extends string,
  const V extends string = never,
  const T extends string = never,
  const U extends string = never,
>(queueName: N, options: CallbackOptions<V, T, U>): NodeSpec<T, U | Reads<V> | UsesNamed<'queue', N>> {
  return spec((scope) => ({
    type: 'callback',
    queue: queueName,
    ...given({ variable: options.variable }),
    next: scope.edge('next', options.next),
    refused: scope.edge('refused', options.refused),
  }));
}

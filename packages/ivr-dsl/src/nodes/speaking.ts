import { given, sayIf } from '../lower.js';
import { type SayInput, sayOf } from '../say.js';
import { type NodeSpec, spec, type Target } from '../spec.js';
import type { Returns, Says, Speaks } from '../uses.js';

/** Options of {@link play}. */
export interface PlayOptions<T extends string, P extends string, U extends string> {
  readonly say: SayInput<P, U>;
  /** Times to say it, 1-99; default 1. */
  readonly loop?: number;
  /** A key ends it and, where the next node asks for keys, counts there; default: keys are not heard. */
  readonly bargeIn?: boolean;
  readonly next: Target<T, U>;
}
/** Says something, then goes on. */
export function play<const T extends string = never, const P extends string = never, const U extends string = never>(
  options: PlayOptions<T, P, U>,
): NodeSpec<T, U | Says<P>> {
  return spec((scope) => ({
    type: 'play',
    say: sayOf(options.say),
    ...given({ loop: options.loop, bargeIn: options.bargeIn }),
    next: scope.edge('next', options.next),
  }));
}

/** Speaks another language from here on; one of the flow's. */
export function language<const L extends string, const T extends string = never, const U extends string = never>(
  tag: L,
  edges: { readonly next: Target<T, U> },
): NodeSpec<T, U | Speaks<L>> {
  return spec((scope) => ({ type: 'language', language: tag, next: scope.edge('next', edges.next) }));
}

/** Ends the call, after an announcement if there is one. */
export function hangup<const P extends string = never, const U extends string = never>(
  options: { readonly say?: SayInput<P, U> } = {},
): NodeSpec<never, U | Says<P>> {
  return spec(() => ({ type: 'hangup', ...given({ say: sayIf(options.say) }) }));
}

/** Ends a sub-flow with a result; the flow that called it goes on at that result's edge. */
export function returns<const R extends string>(result: R): NodeSpec<never, Returns<R>> {
  return spec(() => ({ type: 'return', result }));
}

import {
  type BACK,
  CtiError,
  type END,
  type IvrGraph,
  type IvrNode,
  isCtiError,
  type NodeRef,
  type RETURN,
} from '@cordboard/cti-core';
import { readIvrGraph } from '@cordboard/cti-protocol';
import { msOf } from './duration.js';
import { deepFreeze } from './freeze.js';
import { edgesOf } from './nodes.js';
import { sayOf } from './say.js';
import {
  type AnySpec,
  isSpec,
  LOWER,
  type NodeSpec,
  type OfficeHours,
  type ResultsOf,
  type Scope,
  spec,
  type Target,
} from './spec.js';

/** What a flow is beside its nodes. */
export interface IvrOptions<L extends string = string> {
  /** The flow's name in routes and configuration. */
  readonly id: string;
  /** Default: a hash of the content. */
  readonly version?: string;
  /** Language tags, the first is the one that a call begins with. */
  readonly languages: readonly [L, ...L[]];
  /** Key -> language -> file of the voice library. A text is the file's name in every language. */
  readonly prompts: Readonly<Record<string, string | Readonly<Record<L, string>>>>;
  /** Opening hours by name, for {@link hours}. */
  readonly hours?: Readonly<Record<string, OfficeHours>>;
}

declare const results: unique symbol;

/** A flow: plain, frozen data. `R` are the results that it may give to a flow that calls it; for the compiler alone. */
export type IvrFlow<R extends string = string> = IvrGraph & { readonly [results]?: R };

type Reserved = typeof END | typeof RETURN | typeof BACK;
type HoursOf<O> = O extends { readonly hours: infer H } ? keyof H & string : never;

/** Every node, held against what the flow has: a name that it lacks does not compile. */
export type Complete<N, O extends IvrOptions> = {
  readonly [K in keyof N]: Fitting<
    N[K],
    NodeSpec<(keyof N & string) | Reserved, keyof O['prompts'] & string, string, HoursOf<O>>
  >;
};
// A condition, so that what a node may refer to does not flow back into what the compiler infers that it refers to.
type Fitting<S, Allowed> = S extends Allowed ? S : Allowed;

/**
 * Writes a flow. It begins at the node `start`. Names of nodes, prompts and hours are checked by the compiler; what it cannot see (loops,
 * unreachable nodes, variables) is `checkIvr`'s. The value is frozen and equal to the one that its JSON gives.
 * @throws {CtiError} `flow.invalid` for what only shows at run time: a bad duration or pattern length, two nodes of one name
 */
export function defineIvr<
  const L extends string,
  const O extends IvrOptions<L>,
  const N extends { readonly start: AnySpec } & Readonly<Record<string, AnySpec>>,
>(
  options: O & { readonly languages: readonly [L, ...L[]] },
  nodes: N & Complete<N, O>,
): IvrFlow<ResultsOf<N[keyof N]>> {
  const lowered = new Map<string, IvrNode>();
  for (const [name, node] of Object.entries<AnySpec>(nodes)) lower(name, node, { options, lowered, own: nodes });
  const graph = {
    format: 'cordboard-ivr/1',
    id: options.id,
    ...(options.version === undefined ? {} : { version: options.version }),
    languages: [...options.languages],
    start: 'start',
    nodes: Object.fromEntries(lowered),
    prompts: Object.fromEntries(
      Object.entries(options.prompts).map(([key, files]) => [
        key,
        typeof files === 'string' ? Object.fromEntries(options.languages.map((tag) => [tag, files])) : { ...files },
      ]),
    ),
  };
  return deepFreeze(readIvrGraph(graph, options.id));
}

interface Making {
  readonly options: IvrOptions;
  readonly lowered: Map<string, IvrNode>;
  /** The nodes that the author named. */
  readonly own: object;
}

function lower(name: string, node: unknown, making: Making): void {
  const refuse: Scope['refuse'] = (field, expected) => {
    const path = `${making.options.id}.nodes.${name}${field === '' ? '' : `.${field}`}`;
    throw new CtiError('flow.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
  };
  if (!isSpec(node)) refuse('', 'a node made by a builder such as menu()');
  if (making.lowered.has(name)) refuse('', 'a name that is used once');
  const scope: Scope = {
    edge(field, target) {
      if (typeof target === 'string') return target as NodeRef;
      const nested = `${name}.${field}`;
      if (Object.hasOwn(making.own, nested)) return refuse(field, `a place whose name (${nested}) no other node has`);
      lower(nested, target, making);
      return nested;
    },
    say: sayOf,
    ms(field, duration) {
      try {
        return msOf(duration, field);
      } catch (error) {
        return isCtiError(error) ? refuse(field, String(error.details.expected)) : refuse(field, 'a duration');
      }
    },
    hours: (wanted) => {
      const known = making.options.hours ?? {};
      return Object.hasOwn(known, wanted) ? known[wanted] : undefined;
    },
    refuse,
  };
  making.lowered.set(name, node[LOWER](scope));
}

/** Calls another flow and goes on by its result. `flow` is a flow, whose every result needs an edge, or the name of one. */
export function subflow<
  const F extends string,
  const T extends string = never,
  const P extends string = never,
  const R extends string = never,
  const H extends string = never,
>(
  flow: IvrFlow<F> | string,
  edges: {
    readonly results: { readonly [K in F]: Target<T, P, R, H> };
    /** Taken for any other result, for `RETURN`, and where the flow is not there or calls are nested deeper than 16. */
    readonly otherwise: Target<T, P, R, H>;
  },
): NodeSpec<T, P, R, H> {
  return spec((scope) => ({
    type: 'subflow',
    flow: typeof flow === 'string' ? flow : flow.id,
    results: edgesOf(scope, 'results.', edges.results),
    otherwise: scope.edge('otherwise', edges.otherwise),
  }));
}

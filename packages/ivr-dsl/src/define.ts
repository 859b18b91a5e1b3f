import {
  CtiError,
  type IvrBounds,
  type IvrGraph,
  type IvrNode,
  type IvrPrompt,
  type NodeRef,
  sha256Hex,
} from '@cordboard/cti-core';
import { readIvrGraph } from '@cordboard/cti-protocol';
import type { Complete, NamesOf, ResultsOf, SetBy } from './complete.js';
import type { Duration } from './duration.js';
import { deepFreeze } from './freeze.js';
import { edgesOf, given, msIf } from './lower.js';
import { type AnySpec, isSpec, LOWER, type NodeSpec, type OfficeHours, type Scope, spec, type Target } from './spec.js';
import type { Reads, Sets } from './uses.js';

/** What a flow is beside its nodes. */
export interface IvrOptions<L extends string = string> {
  /** The flow's name in routes and configuration. */
  readonly id: string;
  /** Default: a hash of the content. */
  readonly version?: string;
  /** Language tags, the first is the one that a call begins with. */
  readonly languages: readonly [L, ...L[]];
  /** Key -> language -> file of the voice library, or `{ file, text }`: the words it says, which go to speech output where there is no file. A text is the file's name in every language. */
  readonly prompts: Readonly<Record<string, string | Readonly<Record<L, IvrPrompt>>>>;
  /** Opening hours by name, for {@link hours}. */
  readonly hours?: Readonly<Record<string, OfficeHours>>;
  /** Variables that are there when the flow begins: set by the flow that calls this one, or by the application. */
  readonly variables?: readonly string[];
  /** Names of the configuration that the flow may use. Where a field is given, no other name compiles; where it is not, the server finds wrong names. */
  readonly queues?: readonly string[];
  readonly groups?: readonly string[];
  readonly lists?: readonly string[];
  /** Modes of the configuration with their values. */
  readonly modes?: Readonly<Record<string, readonly string[]>>;
  /** What the checker holds the flow to. */
  readonly bounds?: FlowBounds;
}

/** What the author promises of a flow. */
export interface FlowBounds {
  /** Longest stay in the flow, without queues, transfers and order desks; the server ends a flow that runs longer. */
  readonly max?: Duration;
  /** Most menus on one way. */
  readonly depth?: number;
  /** `consent`: nothing may be recorded on a way that has not set `recording.consent`. */
  readonly recordingNeeds?: 'consent';
}

declare const gives: unique symbol;

/**
 * A flow: plain, frozen data. For the compiler alone: `R` are the results that it may give to a flow that calls it, `V` the variables that it sets, `W` those that
 * it is given (`variables` of its options), which a flow that calls it must have.
 */
export type IvrFlow<R extends string = string, V extends string = string, W extends string = never> = IvrGraph & {
  readonly [gives]?: { readonly results: R; readonly variables: V; readonly given: (variable: W) => void };
};

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
): IvrFlow<ResultsOf<N>, SetBy<N>, NamesOf<O, 'variables', never>> {
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
    ...given({ bounds: boundsOf(options) }),
  };
  return deepFreeze(readIvrGraph(graph, options.id));
}

function boundsOf({ id, bounds }: IvrOptions): IvrBounds | undefined {
  if (bounds === undefined) return undefined;
  const refuse = refusal(`${id}.bounds`);
  const { max, ...rest } = bounds;
  return { ...rest, ...given({ maxMs: msIf({ refuse }, 'max', max) }) };
}

const refusal =
  (place: string): Scope['refuse'] =>
  (field, expected) => {
    const path = field === '' ? place : `${place}.${field}`;
    throw new CtiError('flow.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
  };

interface Making {
  readonly options: IvrOptions;
  readonly lowered: Map<string, IvrNode>;
  /** The nodes that the author named. */
  readonly own: object;
}

/** Longest name that is made of places. The limit of names is 512; nodes may be nested a hundred deep and more. */
const MAX_PLACES = 400;
const KEPT_PLACES = 300;

/** The name of a node by its place within another: `pick.1`. Where that is too long or no name, it is cut and cleaned, and a hash tells it from others. */
function nestedName(name: string, field: string): string {
  const place = `${name}.${field}`;
  const clean = place.replace(/[^\p{L}\p{N}_.*#-]/gu, '_');
  if (clean === place && place.length <= MAX_PLACES) return place;
  return `${[...clean].slice(0, KEPT_PLACES).join('')}-${sha256Hex(place).slice(0, 16)}`;
}

function lower(name: string, node: unknown, making: Making): void {
  const refuse: Scope['refuse'] = refusal(`${making.options.id}.nodes.${name}`);
  if (!isSpec(node)) refuse('', 'a node made by a builder such as menu()');
  if (making.lowered.has(name)) refuse('', 'a name that is used once');
  const scope: Scope = {
    edge(field, target) {
      if (typeof target === 'string') return target as NodeRef;
      const nested = nestedName(name, field);
      if (Object.hasOwn(making.own, nested)) return refuse(field, `a place whose name (${nested}) no other node has`);
      lower(nested, target, making);
      return nested;
    },
    at: (field) => nestedName(name, field),
    hours: (wanted) => {
      const known = making.options.hours ?? {};
      return Object.hasOwn(known, wanted) ? known[wanted] : undefined;
    },
    refuse,
  };
  making.lowered.set(name, node[LOWER](scope));
}

/**
 * Calls another flow and goes on by its result. `flow` is a flow, whose every result needs an edge, or the name of one. Variables are shared: what the
 * other flow sets can be read after it, and what it is given (`variables`) must be set here.
 */
export function subflow<
  const F extends string,
  const V extends string = never,
  const W extends string = never,
  const T extends string = never,
  const U extends string = never,
>(
  flow: IvrFlow<F, V, W> | string,
  edges: {
    readonly results: { readonly [K in F]: Target<T, U> };
    /** Taken for any other result, for `RETURN`, and where the flow is not there or calls are nested deeper than 16. */
    readonly otherwise: Target<T, U>;
  },
): NodeSpec<T, U | Sets<V> | Reads<W>> {
  return spec((scope) => ({
    type: 'subflow',
    flow: typeof flow === 'string' ? flow : flow.id,
    results: edgesOf(scope, 'results.', edges.results),
    otherwise: scope.edge('otherwise', edges.otherwise),
  }));
}

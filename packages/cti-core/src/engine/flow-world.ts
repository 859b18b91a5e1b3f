import type { FlowId } from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import type { IvrContext } from '../contract/ivr-session.js';
import type { IvrWorld } from '../ivr/index.js';
import { modesNow } from './modes.js';
import type { Run } from './run.js';
import type { Call } from './state.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
const NO_LISTS: Readonly<Record<string, readonly string[]>> = {};

/** What flows may look at. One for an engine, filled in before each step: steps keep nothing of it, and none begins within another. */
export interface FlowWorld extends Writable<Omit<IvrWorld, 'context' | 'edge' | 'speech'>> {
  readonly context: Writable<IvrContext>;
}

/** The world as a flow sees it now; holds until it is asked for again. `session` names the stay of the call in the flow. */
export function worldOf(run: Run, call: Call, session: string): FlowWorld {
  run.flowWorld ??= newWorld(run);
  const world = run.flowWorld;
  const { config } = run.s;
  const { context } = world;
  context.session = session;
  context.atMs = run.at;
  context.wallMs = run.wall;
  context.offsetMin = run.offset;
  context.callerNumber = call.calling.e164 ?? call.calling.raw;
  context.dialledNumber = call.called.raw;
  world.calendars = config.calendars;
  world.lists = config.lists ?? NO_LISTS;
  world.modes = modesNow(run);
  world.zones = run.s.zones;
  world.dialPlan = config.dialPlan;
  return world;
}

function newWorld(run: Run): FlowWorld {
  const { config, zones } = run.s;
  return {
    context: { session: '', atMs: 0, wallMs: 0, offsetMin: 0, callerNumber: '', dialledNumber: '' },
    graph: (flow, version) => graphNow(run, flow, version),
    calendars: config.calendars,
    lists: NO_LISTS,
    modes: modesNow(run),
    zones,
    dialPlan: config.dialPlan,
  };
}

/** A flow in the version that is given, else in the one of the configuration. What somebody is in stays, whatever the configuration becomes. */
function graphNow(run: Run, flow: FlowId, version: string | undefined): IvrGraph | undefined {
  const current = run.ix.flows.get(flow);
  const graph =
    version === undefined || current?.version === version ? current : run.s.graphs.get(graphKey(flow, version));
  if (graph !== undefined) keepGraph(run, graph);
  return graph;
}

/** Keeps a graph for those who are in it. */
export function keepGraph(run: Run, graph: IvrGraph): void {
  // Asked for at every step: a key that is put together each time would have to be hashed each time.
  let key = keys.get(graph);
  if (key === undefined) {
    key = graphKey(graph.id, graph.version);
    keys.set(graph, key);
  }
  if (run.s.graphs.get(key) !== graph) run.s.graphs.set(key, graph);
}

const keys = new WeakMap<IvrGraph, string>();

/** The name under which a version of a flow is kept. */
export function graphKey(flow: FlowId, version: string): string {
  return `${flow}\n${version}`;
}

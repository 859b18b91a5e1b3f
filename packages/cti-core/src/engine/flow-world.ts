import type { FlowId } from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import type { IvrContext } from '../contract/ivr-session.js';
import type { IvrWorld } from '../ivr/index.js';
import { modesNow } from './modes.js';
import type { Run } from './run.js';
import type { Call } from './state.js';

const NO_LISTS: Readonly<Record<string, readonly string[]>> = {};

/** What a flow may know of its caller and the time. */
class FlowContext implements IvrContext {
  session = '';
  call: Call | undefined;
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  get atMs(): number {
    return this.run.at;
  }
  get wallMs(): number {
    return this.run.wall;
  }
  get offsetMin(): number {
    return this.run.offset;
  }
  get callerNumber(): string {
    const calling = this.call?.calling;
    return calling?.e164 ?? calling?.raw ?? '';
  }
  get dialledNumber(): string {
    return this.call?.called.raw ?? '';
  }
}

/**
 * What flows may look at: the engine's own state, read when it is asked for. One for an engine: no step keeps anything of it, and none begins
 * within another.
 */
export class FlowWorld implements IvrWorld {
  readonly context: FlowContext;
  readonly graph: IvrWorld['graph'];
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
    this.context = new FlowContext(run);
    this.graph = (flow, version) => graphNow(run, flow, version);
  }

  get calendars(): IvrWorld['calendars'] {
    return this.run.s.config.calendars;
  }
  get lists(): NonNullable<IvrWorld['lists']> {
    return this.run.s.config.lists ?? NO_LISTS;
  }
  get modes(): NonNullable<IvrWorld['modes']> {
    return modesNow(this.run);
  }
  get zones(): NonNullable<IvrWorld['zones']> {
    return this.run.s.zones;
  }
  get dialPlan(): IvrWorld['dialPlan'] {
    return this.run.s.config.dialPlan;
  }
}

/** The world of one call in a flow; holds until it is asked for again. `session` names the stay of the call in the flow. */
export function worldOf(run: Run, call: Call, session: string): FlowWorld {
  run.flowWorld ??= new FlowWorld(run);
  const { context } = run.flowWorld;
  if (context.call !== call) context.call = call;
  if (context.session !== session) context.session = session;
  return run.flowWorld;
}

/** A place in a flow as records and views name it: `flow/node`. The same text each time that it is asked for in a row, not an equal one. */
export function placeOf(run: Run, flow: string, node: string): string {
  const { place } = run;
  if (place.flow === flow && place.node === node) return place.text;
  place.flow = flow;
  place.node = node;
  place.text = `${flow}/${node}`;
  return place.text;
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

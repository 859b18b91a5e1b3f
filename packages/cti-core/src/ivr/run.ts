import type { IvrAction, IvrGraph, IvrNode, NodeRef } from '../contract/index.js';
import type { Draft } from './draft.js';
import { nodeOf } from './graph-access.js';
import type { IvrWorld } from './world.js';

/** Entries of `path` that are kept: the newest. */
export const MAX_PATH = 200;

/** A session being stepped: a private copy that may be written to, and what it wants done so far. */
export interface Run {
  readonly state: Draft;
  readonly actions: IvrAction[];
  readonly world: IvrWorld;
  /** Nodes entered in this step and in those before it at the same `atMs`. */
  entered: number;
  /** The graph that was looked up last. */
  graph: IvrGraph | undefined;
  /** The node that was looked up last, by its name and its graph. */
  node: IvrNode | undefined;
  nodeName: string;
  nodeGraph: IvrGraph | undefined;
}

/** Where a step goes on. `undefined`: the session waits or is over. */
export type Onward = NodeRef | undefined;

/** The graph that the session is in; `undefined` when its version is not there any more. */
export function graphOf(run: Run): IvrGraph | undefined {
  const { flow, version } = run.state;
  const { graph } = run;
  if (graph !== undefined && graph.id === flow && graph.version === version) return graph;
  run.graph = run.world.graph(flow, version);
  return run.graph;
}

/** The node that the session is in. */
export function currentNode(run: Run): IvrNode | undefined {
  const graph = graphOf(run);
  const name = run.state.node;
  if (graph !== undefined && graph === run.nodeGraph && name === run.nodeName) return run.node;
  run.nodeGraph = graph;
  run.nodeName = name;
  run.node = graph === undefined ? undefined : nodeOf(graph, name);
  return run.node;
}

/** Writes a place (`flow/node`) into the path; `note` says why it went no further there. */
export function trace(run: Run, note = ''): void {
  const { state } = run;
  const place = note === '' ? `${state.flow}/${state.node}` : `${state.flow}/${state.node}${note}`;
  state.path = appended(state.path, place, MAX_PATH);
}

/** A list with one more at its end: the newest `max`. Of its exact length, where a copy that is pushed to keeps room for as many again. */
export function appended<T>(list: readonly T[], item: T, max: number): T[] {
  const from = Math.max(0, list.length + 1 - max);
  const kept = list.length - from;
  const longer = new Array<T>(kept + 1);
  for (let at = 0; at < kept; at += 1) longer[at] = list[from + at] as T;
  longer[kept] = item;
  return longer;
}

/** Ends the session. */
export function finish(run: Run, reason: 'hangup' | 'end' | 'return', result?: string): undefined {
  clearVisit(run);
  run.state.ahead = undefined;
  run.state.phase = 'ended';
  run.actions.push({ type: 'collectDigits', mode: 'stop' });
  run.actions.push({ type: 'end', reason, ...(result === undefined ? {} : { result }) });
}

/** Ends the session because the graph has no way on, or none that is allowed; the path says where and why. */
export function breakOff(run: Run, why: 'unknownNode' | 'unknownFlow' | 'endless' | 'tooLong'): undefined {
  trace(run, `!${why}`);
  return finish(run, 'end');
}

/** Forgets what belongs to one visit of a node. */
export function clearVisit(run: Run): void {
  const { state } = run;
  state.digits = '';
  state.loops = 0;
  state.saying = undefined;
  state.stretch = undefined;
  state.answer = undefined;
  state.outcome = undefined;
}

/** Waits for a key for so long. */
export function waitForKey(run: Run, inMs: number): undefined {
  run.state.turn += 1;
  run.state.phase = 'waiting';
  run.state.saying = undefined;
  run.state.stretch = undefined;
  setTimer(run, inMs);
}

/** Sets the timer of the present turn; it fires earlier where the stay in the flow is over before. */
export function setTimer(run: Run, inMs: number): void {
  run.actions.push({ type: 'setTimer', turn: run.state.turn, inMs: withinStay(run, inMs) });
}

/** So long, but no longer than a caller may stay in the flow. At least 1 ms. */
export function withinStay(run: Run, ms: number): number {
  const { stay } = run.state;
  return stay === undefined ? ms : Math.max(1, Math.min(ms, stay.endMs - stay.spentMs));
}

/** Stops what is under way; what it still tells is late from now on. */
export function interrupt(run: Run): void {
  const { phase, turn, saying } = run.state;
  if (saying !== undefined) run.actions.push({ type: 'stopPlay', turn });
  if (phase === 'waiting' || phase === 'asking') run.actions.push({ type: 'cancelTimer', turn });
  if (phase === 'recording') run.actions.push({ type: 'stopRecord', turn });
  run.state.turn += 1;
}

/** Keys that may be pressed ahead of the node that asks for them. */
export const MAX_AHEAD = 32;

/** Keeps a key for the node that asks next; one too many is lost. */
export function keepKey(run: Run, key: string): 'ignored' | 'taken' {
  const { ahead = '' } = run.state;
  if (ahead.length >= MAX_AHEAD) return 'ignored';
  run.state.ahead = ahead + key;
  return 'taken';
}

/** A number of the graph within its bounds; the default where it is absent or no number. */
export function bounded(
  value: number | undefined,
  bounds: { readonly min: number; readonly max: number; readonly otherwise: number },
): number {
  if (value === undefined || !Number.isFinite(value)) return bounds.otherwise;
  return Math.min(bounds.max, Math.max(bounds.min, Math.round(value)));
}

import type { IvrAction, IvrGraph, IvrNode, IvrSessionState, MediaRef, NodeRef, Say } from '../contract/index.js';
import { MAX_DIGITS } from './digit-pattern.js';
import { nodeOf } from './graph-access.js';
import { mediaOf } from './media.js';
import { fillIn, isVariableName, MAX_VALUE_TEXT, MAX_VARIABLES, referencesIn } from './variables.js';
import type { IvrWorld } from './world.js';

/** Entries of `path` that are kept: the newest. */
export const MAX_PATH = 200;

/** A session being stepped: a private copy that may be written to, and what it wants done so far. */
export interface Run {
  readonly state: { -readonly [K in keyof IvrSessionState]: IvrSessionState[K] };
  readonly actions: IvrAction[];
  readonly world: IvrWorld;
  /** Nodes entered in this step and in those before it at the same `atMs`. */
  entered: number;
}

/** The graph that the session is in; `undefined` when its version is not there any more. */
export function graphOf(run: Run): IvrGraph | undefined {
  return run.world.graph(run.state.flow, run.state.version);
}

/** The node that the session is in. */
export function currentNode(run: Run): IvrNode | undefined {
  const graph = graphOf(run);
  return graph === undefined ? undefined : nodeOf(graph, run.state.node);
}

/** Writes a place (`flow/node`) into the path; `note` says why it went no further there. */
export function trace(run: Run, note = ''): void {
  const { state } = run;
  state.path = [...state.path.slice(1 - MAX_PATH), `${state.flow}/${state.node}${note}`];
}

/** Ends the session. */
export function finish(run: Run, reason: 'hangup' | 'end' | 'return', result?: string): undefined {
  clearVisit(run);
  run.state.phase = 'ended';
  run.actions.push({ type: 'collectDigits', mode: 'stop' });
  run.actions.push({ type: 'end', reason, ...(result === undefined ? {} : { result }) });
}

/** Ends the session because the graph has no way on; the path says where and why. */
export function breakOff(run: Run, why: 'unknownNode' | 'unknownFlow' | 'endless'): undefined {
  trace(run, `!${why}`);
  return finish(run, 'end');
}

/** Forgets what belongs to one visit of a node. */
export function clearVisit(run: Run): void {
  run.state.digits = '';
  run.state.loops = 0;
  delete run.state.saying;
  delete run.state.outcome;
}

/** Says something; `false` when there is nothing to hear. */
export function say(run: Run, what: NonNullable<IvrSessionState['saying']>, text: Say | undefined): boolean {
  const graph = graphOf(run);
  const media: readonly MediaRef[] = graph === undefined ? [] : mediaOf(text, { graph, ...run.state }, run.world);
  if (media.length === 0) return false;
  run.state.turn += 1;
  run.state.phase = 'saying';
  run.state.saying = what;
  run.actions.push({ type: 'play', turn: run.state.turn, media });
  return true;
}

/** Waits for a key for so long. */
export function waitForKey(run: Run, inMs: number): undefined {
  run.state.turn += 1;
  run.state.phase = 'waiting';
  delete run.state.saying;
  run.actions.push({ type: 'setTimer', turn: run.state.turn, inMs });
}

/** Stops the announcement or the timer that is under way; what they still tell is late from now on. */
export function interrupt(run: Run): void {
  const { phase, turn } = run.state;
  if (phase === 'saying') run.actions.push({ type: 'stopPlay', turn });
  if (phase === 'waiting') run.actions.push({ type: 'cancelTimer', turn });
  run.state.turn += 1;
}

/** Keeps variables and publishes those that no mask covers. Names that a flow may not assign and what exceeds the bounds are left out. */
export function assign(run: Run, values: Readonly<Record<string, string>>, origin: 'masked' | 'clear'): void {
  const variables = { ...run.state.variables };
  const masked = new Set(run.state.masked);
  const shown: Record<string, string> = {};
  for (const [name, template] of Object.entries(values)) {
    const known = Object.hasOwn(variables, name);
    if (!isVariableName(name) || (!known && Object.keys(variables).length >= MAX_VARIABLES)) continue;
    const value = origin === 'masked' ? template.slice(0, MAX_DIGITS) : fillIn(template, variables);
    const covered = origin === 'masked' || referencesIn(template).some((used) => masked.has(used));
    variables[name] = value.slice(0, MAX_VALUE_TEXT);
    if (covered) masked.add(name);
    else {
      masked.delete(name);
      shown[name] = variables[name];
    }
  }
  run.state.variables = variables;
  if (masked.size > 0) run.state.masked = [...masked];
  else delete run.state.masked;
  if (Object.keys(shown).length > 0) run.actions.push({ type: 'setData', data: shown });
}

/** A number of the graph within its bounds; the default where it is absent or no number. */
export function bounded(value: number | undefined, bounds: { min: number; max: number; otherwise: number }): number {
  if (value === undefined || !Number.isFinite(value)) return bounds.otherwise;
  return Math.min(bounds.max, Math.max(bounds.min, Math.round(value)));
}

/** Where a step goes on, and the key that was pressed ahead and not used yet. `undefined`: the session waits or is over. */
export type Onward = { readonly to: NodeRef; readonly key?: string } | undefined;

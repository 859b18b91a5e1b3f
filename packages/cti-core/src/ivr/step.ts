import type { IvrAction, IvrContext, IvrGraph, IvrInput, IvrSessionState } from '../contract/index.js';
import { draftOf } from './draft.js';
import { take } from './inputs.js';
import type { Run } from './run.js';
import { stayOf } from './stay.js';
import { MAX_VALUE_TEXT } from './variables.js';
import type { IvrWorld } from './world.js';

/** What a step makes of a session: its new state, and what it wants done, in order. */
export interface IvrStep {
  readonly state: IvrSessionState;
  readonly actions: readonly IvrAction[];
}

/**
 * A session that stands before its flow; the input `start` sets it going. `variables` are those that the call already has.
 * The language is the given one if the flow has it, else the flow's first.
 */
export function createIvrSession(
  graph: IvrGraph,
  context: IvrContext,
  begin: { readonly language?: string; readonly variables?: Readonly<Record<string, string>> } = {},
): IvrSessionState {
  const wanted = begin.language;
  const language = wanted !== undefined && graph.languages.includes(wanted) ? wanted : (graph.languages[0] ?? '');
  const stay = stayOf(graph.bounds);
  return {
    flow: graph.id,
    version: graph.version,
    node: graph.start,
    phase: 'entering',
    tries: 0,
    loops: 0,
    digits: '',
    visit: 0,
    turn: 0,
    language,
    variables: {
      ...begin.variables,
      'call.number': context.callerNumber.slice(0, MAX_VALUE_TEXT),
      'call.dialled': context.dialledNumber.slice(0, MAX_VALUE_TEXT),
      'call.language': language,
    },
    stack: [],
    menus: [],
    path: [],
    ...(stay === undefined ? {} : { stay }),
  };
}

/**
 * Takes one input. Pure and total: no graph and no input makes it throw or run for long (at most 1,000 nodes
 * an input, and 1,000 without time passing between inputs). Inputs that do not fit (late turns, keys that nobody asked for, anything after
 * the end) leave the state as it is and ask for nothing. Keys that come too early for the node that asks for them are kept, at most 32.
 */
export function stepIvr(state: IvrSessionState, input: IvrInput, world: IvrWorld): IvrStep {
  const { atMs } = world.context;
  const run: Run = {
    state: draftOf(state),
    actions: [],
    world,
    entered: state.burst?.atMs === atMs ? state.burst.entered : 0,
    graph: undefined,
    node: undefined,
    nodeName: '',
    nodeGraph: undefined,
  };
  if (take(run, input) === 'ignored') return { state, actions: [] };
  run.state.burst = { atMs, entered: run.entered };
  return { state: run.state, actions: run.actions };
}

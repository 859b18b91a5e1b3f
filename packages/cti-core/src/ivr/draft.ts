import type { IvrSessionState } from '../contract/index.js';

/**
 * A session's state while a step writes to it; the step's result is the draft itself. All fields are there, so that states have one shape and
 * reading them is quick: what is absent is `undefined`, which no text of a state shows.
 */
export type Draft = { -readonly [K in keyof Required<IvrSessionState>]: IvrSessionState[K] };

/** A private copy of a state. What it refers to is still shared: nothing in there may be written to. */
export function draftOf(state: IvrSessionState): Draft {
  return {
    flow: state.flow,
    version: state.version,
    node: state.node,
    phase: state.phase,
    tries: state.tries,
    loops: state.loops,
    digits: state.digits,
    visit: state.visit,
    turn: state.turn,
    language: state.language,
    variables: state.variables,
    stack: state.stack,
    menus: state.menus,
    path: state.path,
    silent: state.silent,
    saying: state.saying,
    stretch: state.stretch,
    ahead: state.ahead,
    spent: state.spent,
    answer: state.answer,
    outcome: state.outcome,
    masked: state.masked,
    stay: state.stay,
    burst: state.burst,
  };
}

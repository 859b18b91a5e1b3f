import type { IvrSessionState } from '../contract/index.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OptionalKey = {
  [K in keyof IvrSessionState]-?: object extends Pick<IvrSessionState, K> ? K : never;
}[keyof IvrSessionState];

/** A session's state while a step writes to it. All fields are there, so that every draft has one shape and reading it is quick. */
export type Draft = Mutable<Omit<IvrSessionState, OptionalKey>> & {
  [K in OptionalKey]: IvrSessionState[K] | undefined;
};

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

/** The finished state: absent fields are absent, and the order of fields depends on nothing but which ones there are. */
export function stateOf(draft: Draft): IvrSessionState {
  const state: Mutable<IvrSessionState> = {
    flow: draft.flow,
    version: draft.version,
    node: draft.node,
    phase: draft.phase,
    tries: draft.tries,
    loops: draft.loops,
    digits: draft.digits,
    visit: draft.visit,
    turn: draft.turn,
    language: draft.language,
    variables: draft.variables,
    stack: draft.stack,
    menus: draft.menus,
    path: draft.path,
  };
  if (draft.burst !== undefined) state.burst = draft.burst;
  if (draft.saying !== undefined) state.saying = draft.saying;
  if (draft.outcome !== undefined) state.outcome = draft.outcome;
  if (draft.silent !== undefined) state.silent = draft.silent;
  if (draft.stretch !== undefined) state.stretch = draft.stretch;
  if (draft.ahead !== undefined) state.ahead = draft.ahead;
  if (draft.spent !== undefined) state.spent = draft.spent;
  if (draft.answer !== undefined) state.answer = draft.answer;
  if (draft.masked !== undefined) state.masked = draft.masked;
  if (draft.stay !== undefined) state.stay = draft.stay;
  return state;
}

import type { ConnectionState, CallAction as CstaAction, AgentState as CstaAgentState } from '@cordboard/cti-core';

/**
 * The one table between the everyday words of this package and the words of ECMA-269 on the wire. What stands in
 * neither column is the same in both.
 */
const ACTION_WORDS = {
  clear: 'hangUp',
  completeTransfer: 'complete',
  cancelConsult: 'cancel',
  alternate: 'swap',
  returnToFlow: 'toFlow',
} as const satisfies Partial<Record<CstaAction, string>>;

const CALL_STATE_WORDS = { initiated: 'dialing', null: 'ended' } as const satisfies Partial<
  Record<ConnectionState, string>
>;

const AGENT_STATE_WORDS = { workingAfterCall: 'wrapUp' } as const satisfies Partial<Record<CstaAgentState, string>>;

/** What supervisors may do with an agent's part of a call: said to a board, never by the agent. */
const SUPERVISION = ['listen', 'whisper', 'barge', 'forceRelease'] as const satisfies readonly CstaAction[];

type Renamed<W extends string, T extends Partial<Record<W, string>>> = Exclude<W, keyof T> | T[keyof T & string];

/** What may be done with a call now. */
export type CallAction = Renamed<
  Exclude<CstaAction, (typeof SUPERVISION)[number]>,
  { readonly [K in keyof typeof ACTION_WORDS]: (typeof ACTION_WORDS)[K] }
>;
/** What my part of a call is doing. */
export type CallState = Renamed<ConnectionState, typeof CALL_STATE_WORDS>;
/** What an agent is doing. `reserved`: a call is on its way; `wrapUp`: work after a call. */
export type AgentState = Renamed<CstaAgentState, typeof AGENT_STATE_WORDS>;

function translated(table: Readonly<Record<string, string>>, word: string): string {
  return Object.hasOwn(table, word) ? (table[word] ?? word) : word;
}

/** The everyday words for actions of the wire, without those of supervisors. A word that is in no column stays as it is. */
export function actionWords(actions: readonly CstaAction[]): readonly CallAction[] {
  const supervision: readonly CstaAction[] = SUPERVISION;
  const own = actions.filter((action) => !supervision.includes(action));
  return own.map((action) => translated(ACTION_WORDS, action) as CallAction);
}

/** The everyday word for a connection state of the wire. */
export function callStateWord(state: ConnectionState): CallState {
  return translated(CALL_STATE_WORDS, state) as CallState;
}

/** The everyday word for an agent state of the wire. */
export function agentStateWord(state: CstaAgentState): AgentState {
  return translated(AGENT_STATE_WORDS, state) as AgentState;
}

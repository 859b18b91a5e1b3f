import type { EngineEffect, EngineInput } from '@cordboard/cti-core';
import type { VirtualSwitch } from '../switch/virtual-switch.js';

/** A sentence that must hold on every day, and did not. */
export interface Violation {
  /** Stable name of the sentence. */
  readonly invariant: InvariantId;
  readonly atMs: number;
  readonly what: string;
}

/** Every sentence of the oracle. */
export const INVARIANTS = {
  'stream-contiguous': 'sequence numbers of a stream are contiguous from 1, across crashes',
  'connection-legal': 'a connection goes only from state to state as ECMA-269 has it',
  'connection-true': 'a connection is alerting or connected only because the switch said so',
  'connection-gone': 'what the switch said is over is shown by nobody, and commanded by nobody',
  'agent-legal': 'an agent goes only from state to state as the two axes allow',
  'one-reservation': 'an agent has at most one reservation, and a caller is offered to one agent',
  'cdr-once': 'every call that was not merged ends in exactly one CDR, and no other call has one',
  'cdr-adds-up': 'the segments of a CDR follow one another and add up to the duration',
  'cdr-true': 'outcome, duration and agents of a CDR are what happened',
  'stays-add-up': 'the stays of an agent follow one another and add up to the time logged on',
  'nobody-forgotten':
    'nothing waits in a queue while a ready agent fits it whose phone does not rest after it could not be rung',
  'dialled-once': 'no customer is dialled twice for one attempt',
  'leg-outlives-call': 'no connection stays alive on the switch after its call ended',
  'call-outlives-legs': 'no call is shown as alive when its connections are gone',
  'work-ends': 'after-call work ends when it says it does',
  'not-stranded': 'a caller on the line is in a flow, in a queue, with somebody, or somebody is on the way',
  'let-go-rightly': 'the system lets a caller go only for a reason, never while a queue on the way has room',
  'transfer-keeps': 'a failed transfer does not end a call that has a queue to go back to',
  unmuted: 'nobody stays muted when the agent who muted them has left',
  'not-kept': 'an agent whose caller is with somebody else is not held in that call',
  hears: 'parties that are shown as talking hear each other, and a held one hears nobody',
  'settles-once': 'every client command settles exactly once, in bounds',
  'pop-alive': 'no screen pops for a call that is over',
  'recovers-equal': 'the state after a crash is the state before it',
  'all-quiet': 'when everybody has hung up nothing is left: no call, no entry, no busy agent',
  'never-throws': 'nothing that a switch, a client or a timer says makes the engine throw',
  'no-storm': 'inputs and effects do not feed on one another: a second holds a bounded number of inputs',
  'recording-ends': 'every recording that started ends',
  undisturbed: 'an agent who is not to be disturbed is offered nothing',
  'never-recorded': 'nothing is recorded while a number that is never recorded is in the call',
  'offer-fits':
    'an agent is offered work of a kind they are ready for, and no other work keeps it away, unless a supervisor decides',
  'released-by-hand': 'who lets go by hand stays in the line when the other party has left',
  'place-kept': 'who takes the place of another one lets nobody else go, and ends and joins no call of theirs',
  'told-in-order': 'an agent who is in a call has it on the screen, and nobody hears of a call whose end was told',
  'asked-once':
    'a question of a flow has one key for each visit, the same after an outage, and what was answered is not asked again',
  'late-answer': 'an answer that nobody waits for any more changes nothing',
  'message-kept': 'what a caller said for long enough into a box is a message, however it ended, and nothing else is',
  'not-in-secret': 'nobody is recorded by a flow for longer than it asked for, or whose recording is shown as over',
  'one-of-group': 'of the phones that a flow rings for one caller one talks',
  'rings-for-somebody': 'no phone that a flow rings rings on when its caller has left or talks',
} as const;
/** Name of one of the {@link INVARIANTS}. */
export type InvariantId = keyof typeof INVARIANTS;

/** What checks share. */
export interface CheckContext {
  readonly pbx: VirtualSwitch;
  readonly fail: (invariant: InvariantId, what: string) => void;
  readonly nowMs: () => number;
  /** Since when the link has been up without a break, in ms of the clock; `undefined` while it is down or the server is. */
  readonly upSinceMs: () => number | undefined;
  /** When something last went wrong by itself: a fault, or a refused command. Long after that everything is prompt. */
  readonly troubleMs: () => number;
}

/** One group of sentences. It sees inputs, effects and the switch; never the engine. */
export interface Check {
  applied?(input: EngineInput, effects: readonly EngineEffect[]): void;
  /** Once a second of virtual time. */
  tick?(): void;
  /** When everybody has hung up. */
  end?(): void;
}

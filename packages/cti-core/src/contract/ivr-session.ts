import type { MediaRef } from './driver-commands.js';
import type { Stamp } from './engine-io.js';
import type { FlowId } from './ids.js';
import type { TransferGoal } from './ivr-graph.js';

/** Where a caller is in a flow: a plain value; with the graph's version it is all that a restart needs. */
export interface IvrSessionState {
  readonly flow: FlowId;
  readonly version: string;
  readonly node: string;
  readonly phase: 'entering' | 'saying' | 'waiting' | 'queued' | 'transferring' | 'ended';
  /** Rounds used in this node. */
  readonly tries: number;
  /** Which announcement of the node is being said. */
  readonly saying?: 'main' | 'noInput' | 'noMatch' | 'failed';
  /** Announcements played to the end in this visit (for `loop`). */
  readonly loops: number;
  /** Keys collected in this visit. Never published. */
  readonly digits: string;
  /** Counts playbacks and timers, so that late ones are known. */
  readonly turn: number;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Flows that called this one, outermost first; at most 16. */
  readonly stack: readonly {
    readonly flow: FlowId;
    readonly version: string;
    readonly node: string;
    readonly menus: readonly string[];
  }[];
  /** Menus passed on the way, for BACK; at most 128. */
  readonly menus: readonly string[];
  /** `flow/node` in order, at most 200. */
  readonly path: readonly string[];
  readonly outcome?: 'noInput' | 'noMatch' | 'busy' | 'noAnswer' | 'failed';
  /** Variables that hold what was collected under a mask, or were made of it: never part of `setData`. */
  readonly masked?: readonly string[];
  /** Nodes entered at one and the same `atMs`: a flow that runs on without time passing is cut at 1,000. */
  readonly burst?: { readonly atMs: number; readonly entered: number };
}

/** What a session can be told. `turn` numbers that are not the present ones are late and ignored. */
export type IvrInput =
  | { readonly type: 'start' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'playbackFinished'; readonly turn: number; readonly outcome: 'done' | 'stopped' | 'failed' }
  | { readonly type: 'timer'; readonly turn: number }
  | { readonly type: 'queueResult'; readonly result: 'overflow' | 'full' | 'returned' }
  | { readonly type: 'transferResult'; readonly result: 'busy' | 'noAnswer' | 'failed' }
  /** The server came back after an outage: the node is entered again, digits cleared, tries kept. A transfer under way counts as failed: nobody is dialled twice. */
  | { readonly type: 'reenter' };

/** What a session wants done, in order. */
export type IvrAction =
  | { readonly type: 'play'; readonly turn: number; readonly media: readonly MediaRef[] }
  | { readonly type: 'stopPlay'; readonly turn: number }
  | { readonly type: 'setTimer'; readonly turn: number; readonly inMs: number }
  | { readonly type: 'cancelTimer'; readonly turn: number }
  | { readonly type: 'collectDigits'; readonly mode: 'start' | 'stop' }
  | { readonly type: 'enqueue'; readonly queue: string; readonly priority?: number; readonly overflowAfterMs?: number }
  | {
      readonly type: 'transfer';
      readonly to: Exclude<TransferGoal, { kind: 'variable' }>;
      readonly ringTimeoutMs?: number;
    }
  /** Variables that the call's data shall hold from now on. */
  | { readonly type: 'setData'; readonly data: Readonly<Record<string, string>> }
  | { readonly type: 'visited'; readonly flow: FlowId; readonly node: string }
  /** The flow is over: the engine hangs up, or goes on where the flow was called from (an agent's `call.toFlow`). */
  | { readonly type: 'end'; readonly reason: 'hangup' | 'end' | 'return'; readonly result?: string };

/** What a session may know of the world. */
export interface IvrContext extends Stamp {
  readonly callerNumber: string;
  readonly dialledNumber: string;
}

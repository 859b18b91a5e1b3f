import type { MediaRef } from './driver-commands.js';
import type { Stamp } from './engine-io.js';
import type { FlowId, RecordingId } from './ids.js';
import type { TransferGoal } from './ivr-graph.js';

/** Where a caller is in a flow: a plain value; with the graph's version it is all that a restart needs. */
export interface IvrSessionState {
  readonly flow: FlowId;
  readonly version: string;
  readonly node: string;
  readonly phase: 'entering' | 'saying' | 'waiting' | 'asking' | 'recording' | 'queued' | 'transferring' | 'ended';
  /** Rounds used in this node. */
  readonly tries: number;
  /** Those of them that ended in silence: announcements before a repetition are counted by their reason. */
  readonly silent?: number | undefined;
  /** Which announcement of the node is being said. */
  readonly saying?: 'main' | 'noInput' | 'noMatch' | 'failed' | undefined;
  /** Announcements played to the end in this visit (for `loop`). */
  readonly loops: number;
  /** Keys collected in this visit. Never published. */
  readonly digits: string;
  /** Keys pressed ahead of the node that will ask for them; at most 32. Never published. */
  readonly ahead?: string | undefined;
  /** An input ended by its length: the key that would have ended it, pressed out of habit by `untilMs`, still belongs to it and means nothing. */
  readonly spent?: { readonly key: string; readonly untilMs: number } | undefined;
  /** Which stretch of the announcement is being said, from 0: stretches that keys may cut short and those that they may not follow one another. */
  readonly stretch?: number | undefined;
  /** Counts the nodes entered. Entering a node again after a restart is the same visit. Part of the key of a question. */
  readonly visit: number;
  /** What the world outside answered while the announcement is still being said. */
  readonly answer?: IvrAnswer | undefined;
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
    /** `stay.endMs` of that flow. */
    readonly stayEndMs?: number;
  }[];
  /** Menus passed on the way, for BACK; at most 128. */
  readonly menus: readonly string[];
  /** `flow/node` in order, at most 200. */
  readonly path: readonly string[];
  readonly outcome?: 'noInput' | 'noMatch' | 'busy' | 'noAnswer' | 'failed' | undefined;
  /** Variables that hold what was collected under a mask, or were made of it: never part of `setData`. */
  readonly masked?: readonly string[] | undefined;
  /** Where a flow promises how long a caller stays in it at most: the time spent, queues and transfers left out, and the time at which the session ends. */
  readonly stay?: { readonly spentMs: number; readonly endMs: number } | undefined;
  /** Nodes entered at one and the same `atMs`: a flow that runs on without time passing is cut at 1,000. */
  readonly burst?: { readonly atMs: number; readonly entered: number } | undefined;
}

/** A question to the world outside of the engine. Texts are filled in; `secret` parts are not. */
export type IvrQuestion =
  | {
      readonly type: 'http';
      readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: Readonly<Record<string, string>>;
      readonly keep: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'host';
      readonly function: string;
      readonly pass: Readonly<Record<string, string>>;
      readonly keep: Readonly<Record<string, string>>;
      readonly ways: readonly string[];
    }
  /** Answered by `values` `province`, `city`, `carrier`, those that are known. */
  | { readonly type: 'area'; readonly number: string }
  /** Answered by `way` `match` and `values.text`, or `noInput`, `noMatch`. */
  | {
      readonly type: 'speech';
      readonly recordingId: RecordingId;
      readonly language: string;
      readonly phrases: readonly string[];
    }
  /** Answered by `way` `done`. */
  | { readonly type: 'fax'; readonly document: string; readonly number: string };

/** An answer. `http`: `way` is the status. `host`: one of its ways. `values` are texts of at most 1,000 characters, by variable. */
export type IvrAnswer =
  | { readonly outcome: 'answered'; readonly way: string; readonly values: Readonly<Record<string, string>> }
  | { readonly outcome: 'failed' };

/** What a session can be told. `turn` numbers that are not the present ones are late and ignored. */
export type IvrInput =
  | { readonly type: 'start' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'playbackFinished'; readonly turn: number; readonly outcome: 'done' | 'stopped' | 'failed' }
  | { readonly type: 'timer'; readonly turn: number }
  | { readonly type: 'answer'; readonly turn: number; readonly answer: IvrAnswer }
  /** The recording is over; it is complete and can be played. */
  | {
      readonly type: 'recorded';
      readonly turn: number;
      readonly outcome: 'done' | 'failed';
      readonly recordingId: RecordingId;
      readonly durationMs: number;
    }
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
  /** Ask the world outside; `turn` comes back with the answer. The session sets a timer of the same turn beside it. */
  | {
      readonly type: 'ask';
      readonly turn: number;
      readonly key: string;
      readonly timeoutMs: number;
      readonly tries: number;
      readonly question: IvrQuestion;
    }
  /** Record the caller; ends by `stopRecord` or after `maxMs`, always with a `recorded`. `box`: it is a message from the first second on. */
  | {
      readonly type: 'record';
      readonly turn: number;
      readonly maxMs: number;
      readonly minMs: number;
      readonly box?: string;
    }
  | { readonly type: 'stopRecord'; readonly turn: number }
  | { readonly type: 'keep'; readonly what: IvrKeepsake }
  | { readonly type: 'enqueue'; readonly queue: string; readonly priority?: number; readonly overflowAfterMs?: number }
  | {
      readonly type: 'transfer';
      readonly to: Exclude<TransferGoal, { kind: 'variable' }>;
      readonly ringTimeoutMs?: number;
      /** Ring again and again for so long in all (order desk). */
      readonly untilMs?: number;
    }
  /** Variables that the call's data shall hold from now on. */
  | { readonly type: 'setData'; readonly data: Readonly<Record<string, string>> }
  | { readonly type: 'visited'; readonly flow: FlowId; readonly node: string }
  /** The flow is over: the engine hangs up, or goes on where the flow was called from (an agent's `call.toFlow`). */
  | { readonly type: 'end'; readonly reason: 'hangup' | 'end' | 'return'; readonly result?: string };

/** What stays of a flow beside the call's own record. */
export type IvrKeepsake =
  | { readonly kind: 'discard'; readonly recordingId: RecordingId }
  | { readonly kind: 'contact'; readonly recordingId: RecordingId; readonly number: string }
  | { readonly kind: 'score'; readonly survey: string; readonly score: number }
  | { readonly kind: 'callback'; readonly queue: string; readonly number: string };

/** What a session may know of the world. */
export interface IvrContext extends Stamp {
  /** Names this stay in the flow: another one for each time that a call enters one. Part of the key of a question. */
  readonly session: string;
  readonly callerNumber: string;
  readonly dialledNumber: string;
}

/**
 * The messages between a Cordboard server and its clients, as plain types: no schema library is imported here, so that
 * a page that only needs the words carries no weight. The same words as schemas are in the package's main entry.
 */
import type {
  AgentId,
  ClientCommand,
  ClientCommandId,
  ClientId,
  ClientOutcome,
  CtiErrorCode,
  CtiErrorDetails,
  PublishedEvent,
  QueueId,
  Role,
  StreamId,
  StreamSnapshot,
  UserId,
  WorkKind,
} from '@cordboard/cti-core';

/** Version of the frames. A server answers a `hello` of another version with `bye` (`command.notSupported`). */
export const PROTOCOL_VERSION = 1;
/** The WebSocket sub-protocol that a client offers. */
export const SUBPROTOCOL = 'cordboard.v1';
/** A second offered sub-protocol may carry the token: this prefix, then the token. Then `hello` needs none. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'cordboard.token.';
/** Bytes that one frame from a client may have. A larger one is answered with `error` (`wire.frameTooLarge`), then closed with 1009. */
export const MAX_CLIENT_FRAME_BYTES = 256 * 1024;
/** Streams that one socket may be subscribed to. */
export const MAX_SUBSCRIPTIONS = 256;

/**
 * How much of numbers and names a client may see. `clear`: all. `masked`: references in the place of outside numbers,
 * which dialling and transfer accept. `hidden`: neither numbers nor references nor names of callers (wallboards, platform operators).
 */
export const MASK_CLASSES = ['clear', 'masked', 'hidden'] as const;
/** One of {@link MASK_CLASSES}. */
export type MaskClass = (typeof MASK_CLASSES)[number];

/** What stands in the place of a number in the mask class `masked`: `ref:` and 22 characters of `[A-Za-z0-9_-]`. */
export const NUMBER_REFERENCE = /^ref:[A-Za-z0-9_-]{22}$/u;

/** Up to where a client has seen a stream. Of use only with the `epoch` that `welcome` told. */
export interface Cursor {
  readonly epoch: string;
  /** Sequence number of the last event that was seen; 0: none. */
  readonly seq: number;
}

/** A stream and where to go on in it. */
export interface ResumePoint {
  readonly stream: StreamId;
  readonly cursor: Cursor;
}

/** What a client sends. One JSON object in one text frame. */
export type ClientFrame =
  /** First frame. `token` may be left out when it came as a sub-protocol. */
  | {
      readonly type: 'hello';
      readonly protocol: number;
      readonly token?: string;
      /** One page of a browser; chosen by the client; names the tab that claims a pop. */
      readonly tab?: string;
      /** Name and version of the program, for logs. */
      readonly clientName?: string;
      /** Streams to go on with. Each is answered by `resumed` or `reset`. */
      readonly resume?: readonly ResumePoint[];
    }
  /** Another token of the same user: the socket lives on past the end of the old one. A change of rights is answered by a `reset` of each stream. */
  | { readonly type: 'token'; readonly token: string }
  /** Answered by `resumed` (cursor given and recent) or `reset`. Again for the same stream: starts anew. */
  | { readonly type: 'subscribe'; readonly stream: StreamId; readonly cursor?: Cursor }
  | { readonly type: 'unsubscribe'; readonly stream: StreamId }
  /** Answered by one `outcome`, or by `error` with the same `commandId` when it was refused at the door. */
  | { readonly type: 'command'; readonly commandId: ClientCommandId; readonly command: ClientCommand }
  /** The page is alive. Sent at least every `pingMs` of `welcome`; answered by `pong`. Renews the agent's lease. */
  | { readonly type: 'ping'; readonly nonce?: string };

/** The `type` of every client frame. */
export type ClientFrameType = ClientFrame['type'];

/** Why a stream starts anew: first subscription, events no longer kept, client too slow, rights changed. */
export const RESET_REASONS = ['new', 'tooOld', 'tooSlow', 'permissionsChanged'] as const;
/** One of {@link RESET_REASONS}. */
export type ResetReason = (typeof RESET_REASONS)[number];

/** One published event with its place in its stream. */
export interface EventItem {
  readonly seq: number;
  /** Epoch ms. */
  readonly atWallMs: number;
  readonly event: PublishedEvent;
}

/** What is said on a socket before it is closed, and on any failure. The code alone is for programs. */
export interface WireError {
  readonly code: CtiErrorCode;
  readonly message: string;
  readonly details?: CtiErrorDetails;
  /** May the same request succeed later? */
  readonly retryable: boolean;
}

/** A code that can be dialled as `speed:<code>`. */
export interface SpeedDialEntry {
  readonly code: string;
  readonly name: string;
  /** Absent for those who may not see it. */
  readonly number?: string;
  /** `own`: of the agent's own list. */
  readonly list: 'own' | 'site';
}

/** What a server sends. One JSON object in one text frame. Unknown `type`s and fields are to be ignored. */
export type ServerFrame =
  /** Answer to `hello`. */
  | {
      readonly type: 'welcome';
      readonly protocol: number;
      readonly userId: UserId;
      readonly role: Role;
      readonly agentId?: AgentId;
      readonly clientId: ClientId;
      readonly tenant: string;
      readonly epoch: string;
      /** Epoch ms. */
      readonly serverTimeMs: number;
      /** The server's monotone clock, which the `...Ms` of views count on. */
      readonly serverNowMs: number;
      readonly maskClass: MaskClass;
      /** Command types that this role may send; what the state allows is in `actions` of the views. */
      readonly commands: readonly string[];
      /** Kinds of stream that this role may subscribe to; `self` is the agent's own. */
      readonly streams: readonly StreamGrant[];
      /** A `ping` is due at least every so many ms. */
      readonly pingMs: number;
      /** A page that is silent for so long stops being ready. */
      readonly leaseMs: number;
      readonly maxFrameBytes: number;
      /** When the token ends, epoch ms; a `token` frame before that keeps the socket. */
      readonly tokenEndsWallMs: number;
      /** Reasons that an agent can give for not being ready. */
      readonly notReadyReasons?: readonly string[];
      /** What calls can be filed under. */
      readonly callCategories?: readonly string[];
      /** Names of the agent's queues; of all queues for roles that watch them. */
      readonly queues?: readonly {
        readonly queueId: QueueId;
        readonly name: string;
        /** The kind of work that it gives; absent: `inbound`. */
        readonly work?: WorkKind;
      }[];
      /** The agent's speed dial list: the own codes and those of the site that they do not hide. */
      readonly speedDial?: readonly SpeedDialEntry[];
    }
  /** The speed dial list that `welcome` told has changed: this is all of it now. */
  | { readonly type: 'speedDial'; readonly entries: readonly SpeedDialEntry[] }
  /** Nothing was missed that does not follow: `count` events come next in `events`. `cursor` is where they end. */
  | { readonly type: 'resumed'; readonly stream: StreamId; readonly cursor: Cursor; readonly count: number }
  /** Forget what you knew of this stream: this is its content after event `cursor.seq`. `gap`: events not delivered, where known. */
  | {
      readonly type: 'reset';
      readonly stream: StreamId;
      readonly cursor: Cursor;
      readonly why: ResetReason;
      readonly gap?: number;
      readonly snapshot: StreamSnapshot;
    }
  /** What happened since, in order, without a hole: `seq` of the first is one more than the last one seen. */
  | { readonly type: 'events'; readonly stream: StreamId; readonly items: readonly EventItem[] }
  /** Answer to `unsubscribe`, or the server's end of a stream (rights changed, the agent or queue is gone: `code`). */
  | { readonly type: 'unsubscribed'; readonly stream: StreamId; readonly code?: CtiErrorCode }
  /** How a command settled. May come again after a repeated command. */
  | { readonly type: 'outcome'; readonly commandId: ClientCommandId; readonly outcome: ClientOutcome }
  /** A frame was refused; the socket lives. */
  | ({ readonly type: 'error'; readonly commandId?: ClientCommandId; readonly stream?: StreamId } & WireError)
  | { readonly type: 'pong'; readonly nonce?: string; readonly serverTimeMs: number }
  /** Nothing was heard for `pingMs`: answer with `ping` at once. Timers of hidden pages run late, messages do not. */
  | { readonly type: 'probe' }
  /** The server closes the socket now, for this reason. */
  | ({ readonly type: 'bye' } & WireError);

/** The `type` of every server frame. */
export type ServerFrameType = ServerFrame['type'];

/** A kind of stream that a role may have. `agent:self`: the stream of the agent that the user is. */
export const STREAM_GRANTS = ['agent:self', 'agent', 'queue', 'board'] as const;
/** One of {@link STREAM_GRANTS}. */
export type StreamGrant = (typeof STREAM_GRANTS)[number];

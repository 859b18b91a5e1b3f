import type { Evidence, NativeCause, ReleaseCause } from './causes.js';
import type { AgentId, CallId, ConnectionId, DeviceId, QueueId, RecordingId } from './ids.js';
import type { PhoneNumber } from './numbers.js';
import type { AgentState, CallDirection, EndPlace } from './views.js';
import type { WorkKind } from './work.js';

/** How a call ended, in one word. `abandoned`: the caller left a queue or a ringing agent; `droppedInFlow`: left in an IVR. */
export type CallOutcome =
  | 'answered'
  | 'abandoned'
  | 'droppedInFlow'
  | 'noAnswer'
  | 'busy'
  | 'failed'
  | 'blocked'
  | 'lostInOutage'
  | 'completedInFlow';

/**
 * What became of a number that was dialled on a line (L10). `answeredOrAnnouncement`: somebody or something speaks, and nothing on the line tells which. `noDialTone`: the line
 * itself was dead or taken. `fax`, `modem`: a machine answered.
 */
export const PROGRESS_RESULTS = [
  'answered',
  'answeredOrAnnouncement',
  'fax',
  'modem',
  'busy',
  'congestion',
  'unallocated',
  'noAnswer',
  'noDialTone',
  'cancelled',
  'failed',
] as const;
/** One of {@link PROGRESS_RESULTS}. */
export type ProgressResult = (typeof PROGRESS_RESULTS)[number];

/** The result of one dialling, with what it is known by. */
export interface CallProgress {
  readonly result: ProgressResult;
  readonly evidence: Evidence;
}

/** A stretch of a call with one thing going on. Segments follow one another without gap or overlap and add up to the call's duration. */
export interface CdrSegment {
  readonly kind:
    | 'route'
    | 'flow'
    | 'queue'
    | 'ringing'
    | 'talking'
    | 'held'
    | 'consulting'
    /** Somebody waits on a park slot, which `device` names. */
    | 'parked'
    | 'transferring'
    | 'conference'
    /** Everybody else has left; an agent who releases by hand has not laid the phone down yet. */
    | 'releasing';
  readonly startMs: number;
  readonly endMs: number;
  readonly agentId?: AgentId;
  readonly device?: DeviceId;
  readonly queueId?: QueueId;
  readonly node?: string;
}

/** A consultation that was merged: a call without a CDR of its own. */
export interface CdrMerged {
  readonly callId: CallId;
  readonly startedWallMs: number;
  readonly mergedWallMs: number;
  readonly called: PhoneNumber;
}

/** The one record of a call that was not merged into another. Upserted by `callId`. */
export interface Cdr {
  readonly callId: CallId;
  readonly tenant: string;
  readonly direction: CallDirection;
  readonly calling: PhoneNumber;
  readonly called: PhoneNumber;
  readonly customer?: PhoneNumber;
  readonly startedWallMs: number;
  readonly answeredWallMs?: number;
  readonly endedWallMs: number;
  /** By the monotone stamps: segments add up to this. */
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  readonly cause: ReleaseCause;
  readonly native?: NativeCause;
  /** Of the outside number that was dialled last, where the driver told how it knows. */
  readonly progress?: CallProgress;
  readonly endedBy: 'caller' | 'agent' | 'system' | 'supervisor' | 'unknown';
  readonly endedAt: EndPlace;
  /** Of a call that was gone after an outage: it ended between these two. */
  readonly lostBetweenWallMs?: readonly [number, number];
  readonly queueId?: QueueId;
  /** The agent who dialled, at a phone or by a command, whether anybody answered or not. Absent: nobody of the site, or nobody who is known. */
  readonly madeBy?: AgentId;
  /** Those who talked. */
  readonly agents: readonly AgentId[];
  /** Those whose phone rang for this call and who did not take it, then: offers of a queue, direct calls and transfers. Absent: nobody. */
  readonly missedBy?: readonly AgentId[];
  readonly ivrPath: readonly string[];
  readonly data: Readonly<Record<string, string>>;
  /** What its switch called it, the latest last, where the switch carried it out by itself: found by these in the switch's own call records. */
  readonly nativeCallRefs?: readonly string[];
  readonly segments: readonly CdrSegment[];
  readonly merged: readonly CdrMerged[];
  readonly recordings: readonly RecordingId[];
  readonly transfers: readonly {
    readonly kind: 'blind' | 'attended';
    readonly by: AgentId | 'system' | 'device';
    readonly to: string;
    readonly outcome: 'done' | 'failed';
    readonly atMs: number;
  }[];
}

/** What is kept of a recording. Upserted by `recordingId`. */
export interface RecordingRecord {
  readonly recordingId: RecordingId;
  readonly callId: CallId;
  readonly connectionId: ConnectionId;
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  readonly startedWallMs: number;
  readonly endedWallMs?: number;
  readonly state: 'recording' | 'paused' | 'done' | 'failed';
  readonly files: readonly string[];
  /**
   * The switch did not tell of the end: `done` and the names of `files` are what should be. Who fetches the files and finds none
   * makes it `failed`.
   */
  readonly unsure?: 'unsure';
  readonly durationMs?: number;
  readonly format: 'wav' | 'ulaw' | 'wav49';
  readonly tracks: 'mixed' | 'separate';
  readonly cause: 'rule' | 'agent' | 'supervisor' | 'flow';
  readonly basis: string;
  /**
   * What the caller said to being recorded, by the call's data `recording.consent` (`yes` or `no`): set by a flow, or by the agent (also a
   * supervisor) with `call.setData`. After `no` the recording ends and none begins. Absent: nobody has noted it.
   */
  readonly consent?: { readonly given: 'yes' | 'no'; readonly atWallMs: number; readonly by: 'flow' | 'agent' };
  /**
   * The system ended it: the caller refused `consent`, or a number that is never recorded (`recording.neverNumbers`) joined the call. It
   * does not begin again while that is so.
   */
  readonly stopped?: { readonly reason: 'consent' | 'neverRecord'; readonly atWallMs: number };
  readonly announcement?: string;
  readonly deleteAfterWallMs: number;
  readonly pauses: readonly { readonly fromWallMs: number; readonly toWallMs?: number }[];
}

/**
 * One stay of an agent in one state, and while ready for one set of kinds of work. Stays follow one another without gap while logged on. Upserted by
 * `agentId` + `sinceWallMs` + `n`.
 */
export interface AgentStay {
  readonly agentId: AgentId;
  readonly n: number;
  readonly state: AgentState;
  readonly reason?: string;
  /** Of `ready`: the kinds of work; absent: all. */
  readonly readyFor?: readonly WorkKind[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromWallMs: number;
}

/** A message in a voice box (R5). Upserted by the recording's id; `discarded` ones and their files go. */
export interface MessageRecord {
  readonly recordingId: RecordingId;
  readonly callId: CallId;
  readonly box: string;
  readonly caller: PhoneNumber;
  /** The number to call back that the caller keyed in. */
  readonly contact?: string;
  readonly leftWallMs: number;
  readonly durationMs: number;
  readonly state: 'new' | 'discarded';
}

/** One answer of a survey (R7). Upserted by `callId` and `survey`. */
export interface ScoreRecord {
  readonly callId: CallId;
  readonly survey: string;
  readonly score: number;
  /** Who talked with the caller last, and in which queue. */
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  readonly atWallMs: number;
}

/** A wish to be called back. Upserted by `callId`. */
export interface CallbackRecord {
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly number: PhoneNumber;
  readonly askedWallMs: number;
}

/** A record to keep: an upsert by key. */
export type RecordEffect =
  | { readonly table: 'message'; readonly key: RecordingId; readonly value: MessageRecord }
  | { readonly table: 'score'; readonly key: string; readonly value: ScoreRecord }
  | { readonly table: 'callback'; readonly key: CallId; readonly value: CallbackRecord }
  | { readonly table: 'cdr'; readonly key: CallId; readonly value: Cdr }
  | { readonly table: 'recording'; readonly key: RecordingId; readonly value: RecordingRecord }
  | { readonly table: 'agentStay'; readonly key: string; readonly value: AgentStay };

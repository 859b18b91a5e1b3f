import type { Evidence, NativeCause, ReleaseCause } from './causes.js';
import type { MonitorMode } from './driver-commands.js';
import type { Control, DeviceDetail, DevicePresence, DeviceState } from './driver-events.js';
import type {
  AgentId,
  CallId,
  ConnectionId,
  DeviceId,
  FlowId,
  PopId,
  QueueEntryId,
  QueueId,
  RecordingId,
  ReservationId,
} from './ids.js';
import type { PhoneNumber } from './numbers.js';
import type { WorkKind } from './work.js';

/** Connection states of ECMA-269, clause 6.1.5. `null` is the end. */
export const CONNECTION_STATES = ['null', 'initiated', 'alerting', 'connected', 'held', 'queued', 'failed'] as const;
/** One of {@link CONNECTION_STATES}. */
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** What a connection is in its call. */
export type ConnectionRole = 'party' | 'consult' | MonitorMode;

/** A request that the switch has not confirmed yet. */
export type Pending =
  | 'answer'
  | 'clear'
  | 'hold'
  | 'retrieve'
  | 'transfer'
  | 'conference'
  | 'monitor'
  | 'originate'
  | 'record'
  | 'park';

/** What may be asked for at an agent's phone beside its calls. The client shows exactly these. */
export const SEAT_SERVICES = ['unpark', 'pickUp', 'page', 'redial'] as const;
/** One of {@link SEAT_SERVICES}. */
export type SeatService = (typeof SEAT_SERVICES)[number];

/** What may be done now, computed from state, control and capabilities. The client shows exactly these. */
export const CALL_ACTIONS = [
  'answer',
  'reject',
  'clear',
  'hold',
  'retrieve',
  'mute',
  'unmute',
  'sendDigits',
  'consult',
  'transfer',
  'completeTransfer',
  'cancelConsult',
  'alternate',
  'conference',
  'addParty',
  'dropParty',
  'park',
  'flash',
  'startRecording',
  'stopRecording',
  'pauseRecording',
  'resumeRecording',
  'setData',
  'returnToFlow',
  'listen',
  'whisper',
  'barge',
  'stopMonitor',
  'forceRelease',
] as const;
/** One of {@link CALL_ACTIONS}. */
export type CallAction = (typeof CALL_ACTIONS)[number];

/** One device's part in a call, as clients see it. */
export interface ConnectionView {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly state: ConnectionState;
  readonly role: ConnectionRole;
  readonly control: Control;
  readonly party: PhoneNumber;
  readonly partyName?: string;
  readonly agentId?: AgentId;
  readonly pending?: Pending;
  readonly heldBy?: 'agent' | 'device';
  /** It waits on this park slot of its switch. */
  readonly parkedAt?: number;
  readonly muted?: 'muted';
  /** How it is known that it rings or was answered, where the line does not say. Below 0.9 an answer may be an announcement. */
  readonly evidence?: Evidence;
  /** Everybody else has left; the agent lays the phone down by hand (`release: 'manual'`). */
  readonly awaits?: 'release';
  readonly sinceMs: number;
  readonly sinceWallMs: number;
  readonly actions: readonly CallAction[];
}

/** How a call came to be. */
export type CallDirection = 'inbound' | 'outbound' | 'internal';

/** One call, as clients see it. */
export interface CallView {
  readonly callId: CallId;
  /** Ids of calls that were merged into this one. */
  readonly aliases: readonly CallId[];
  readonly direction: CallDirection;
  readonly calling: PhoneNumber;
  readonly called: PhoneNumber;
  /** The outside party that the call is about; the customer. */
  readonly customer?: PhoneNumber;
  readonly startedWallMs: number;
  readonly queueId?: QueueId;
  /** Nodes walked in flows, `flow/node`, in order; at most 200 kept. */
  readonly ivrPath: readonly string[];
  /** What the flow and the agents know of it: texts, at most 64 keys of 1,000 characters. Moves along with the call. */
  readonly data: Readonly<Record<string, string>>;
  /** The customer as matched by the host's directory. */
  readonly match?: CustomerMatch;
  readonly connections: readonly ConnectionView[];
  readonly recordings: readonly {
    readonly recordingId: RecordingId;
    readonly state: 'recording' | 'paused' | 'stopped';
  }[];
  /** What its switch calls it, where the switch carries it out by itself: also in its call records, and in the details of its devices. */
  readonly nativeCallRef?: string;
  /** For a consultation: the call that waits for it. */
  readonly consultOf?: CallId;
}

/** What the host's directory knows of a number. */
export interface CustomerMatch {
  readonly decision: 'none' | 'one' | 'many';
  readonly customers: readonly { readonly id: string; readonly name: string; readonly url?: string }[];
}

/** The public state of an agent: computed from what the agent wants and what the switch has them doing. */
export const AGENT_STATES = ['loggedOff', 'notReady', 'ready', 'reserved', 'busy', 'workingAfterCall'] as const;
/** One of {@link AGENT_STATES}. */
export type AgentState = (typeof AGENT_STATES)[number];

/** Reasons of not being ready that the system sets. */
export const SYSTEM_REASONS = [
  'connectionLost',
  'deviceDown',
  'ringNoAnswer',
  'supervisorForced',
  'loggedOn',
  'seatTaken',
  'rejected',
  'outcomeUnknown',
] as const;
/** One of {@link SYSTEM_REASONS}. */
export type SystemReason = (typeof SYSTEM_REASONS)[number];

/** An agent, as clients see it. */
export interface AgentView {
  readonly agentId: AgentId;
  readonly name: string;
  readonly state: AgentState;
  /** Of `notReady`: a configured or a system reason. */
  readonly reason?: string;
  readonly sinceMs: number;
  readonly sinceWallMs: number;
  /** Waits for the end of the call. */
  readonly next?: {
    readonly state: 'ready' | 'notReady' | 'loggedOff';
    readonly reason?: string;
    readonly readyFor?: readonly WorkKind[];
  };
  /** The kinds of work that the agent is ready for. Absent: all kinds, when ready at all. */
  readonly readyFor?: readonly WorkKind[];
  /** Takes no calls, neither direct ones nor from queues, whatever `state` says. */
  readonly doNotDisturb?: 'on';
  readonly seat?: DeviceId;
  /** What can be asked for at the seat's phone beside its calls; absent: nothing. */
  readonly services?: readonly SeatService[];
  readonly seatPresence?: DevicePresence;
  readonly queues: readonly QueueId[];
  readonly calls: readonly CallId[];
  readonly reservation?: { readonly reservationId: ReservationId; readonly callId: CallId; readonly queueId: QueueId };
  /** When the after-call work ends by itself. */
  readonly afterCallWorkUntilMs?: number;
}

/** A waiting caller. */
export interface QueueEntryView {
  readonly entryId: QueueEntryId;
  readonly callId: CallId;
  readonly caller: PhoneNumber;
  readonly enqueuedWallMs: number;
  readonly priority: number;
  readonly offers: number;
  readonly offeredTo?: AgentId;
}

/** A queue, as clients see it. */
export interface QueueView {
  readonly queueId: QueueId;
  readonly name: string;
  /** The first 20 in the order of service; `waitingCount` says how many there are. */
  readonly waiting: readonly QueueEntryView[];
  readonly waitingCount: number;
  readonly agentsReady: number;
  readonly agentsLoggedOn: number;
}

/** A switch that operators set by hand (V5), as a board shows it. */
export interface ModeView {
  readonly mode: string;
  readonly value: string;
  /** What it can be set to. */
  readonly values: readonly string[];
}

/** A screen pop: a command with a receipt. */
export interface PopView {
  readonly popId: PopId;
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly at: 'alerting' | 'connected';
  readonly url?: string;
  readonly match?: CustomerMatch;
  readonly state: 'offered' | 'claimed' | 'shown' | 'blocked' | 'dismissed' | 'expired';
  /** The tab that holds the claim. */
  readonly claimedBy?: string;
}

/** Why an agent's connection, or the call at all, came to its end. */
export interface EndView {
  readonly cause: ReleaseCause;
  readonly native?: NativeCause;
  readonly evidence?: Evidence;
  readonly by?: 'caller' | 'agent' | 'system' | 'supervisor';
}

/** A place in a call's life, for the CDR. */
export type EndPlace =
  | { readonly kind: 'flow'; readonly flow: FlowId; readonly node: string }
  | { readonly kind: 'queue'; readonly queue: QueueId }
  | { readonly kind: 'agent'; readonly agent: AgentId }
  | { readonly kind: 'device'; readonly device: DeviceId }
  | { readonly kind: 'route' };

/** What a switch of the `callControl` profile tells of a device beside its presence, its numbers as the dial plan reads them. What is absent is none. */
export interface DeviceDetailView {
  readonly state: DeviceState;
  readonly direction?: NonNullable<DeviceDetail['direction']>;
  /** The phone or slot at the other side. */
  readonly peer?: DeviceId;
  readonly line?: DeviceId;
  /** The outside party, or the inside one where there is no outside party. */
  readonly party?: PhoneNumber;
  readonly partyName?: string;
  /** The call of the switch: the call with this `nativeCallRef` of the same switch. */
  readonly nativeCallRef?: string;
  /** Where calls to it are sent. */
  readonly forward?: PhoneNumber;
  readonly doNotDisturb?: 'on';
  readonly messageLamp?: 'on';
  /** Class of service, 1-6. */
  readonly classOfService?: number;
}

/** A telephone, a line or a park slot on the board (P2, A8), whoever's call it is. */
export interface DeviceView {
  readonly device: DeviceId;
  /** `unknown` too when the switch has ceased to tell of it. */
  readonly presence: DevicePresence;
  /** Absent: the switch tells the presence alone. */
  readonly detail?: DeviceDetailView;
  /** When it came into its `detail.state`, else into its presence; by the engine's monotone clock. What else changes leaves it as it is. */
  readonly sinceMs: number;
  /** The same in epoch ms. */
  readonly sinceWallMs: number;
}

import type { ReleaseCause } from '../contract/causes.js';
import type { ClientOutcome } from '../contract/client-commands.js';
import type { TenantConfig } from '../contract/config.js';
import type { DriverCapability } from '../contract/driver.js';
import type { DriverCommandType, MonitorMode } from '../contract/driver-commands.js';
import type { ConnectionDirection, Control, DevicePresence, DriverEvent } from '../contract/driver-events.js';
import type {
  AgentId,
  BridgeId,
  CallId,
  ClientCommandId,
  ClientId,
  CommandId,
  ConnectionId,
  DeviceId,
  LinkId,
  LookupId,
  PlaybackId,
  PopId,
  QueueEntryId,
  QueueId,
  RecordingId,
  ReservationId,
  StreamId,
  SwitchId,
  TimerId,
  UserId,
} from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import type { IvrSessionState } from '../contract/ivr-session.js';
import type { PhoneNumber } from '../contract/numbers.js';
import type { CdrMerged, RecordingRecord } from '../contract/records.js';
import type {
  AgentState,
  CallDirection,
  ConnectionRole,
  ConnectionState,
  CustomerMatch,
  EndPlace,
  EndView,
  Pending,
  PopView,
} from '../contract/views.js';
import type { AgentWants, AgentWork } from '../machines/agent.js';
import type { IvrSessionMachineState } from '../machines/ivr-session.js';
import type { QueueEntryState } from '../machines/queue-entry.js';
import type { RecordingState } from '../machines/recording.js';
import type { ReservationState } from '../machines/reservation.js';

/** Why a device was dialled; decides what its answer and its failure mean. */
export type DialPurpose =
  | 'offer'
  | 'route'
  | 'makeSeat'
  | 'party'
  | 'consult'
  | 'transfer'
  | 'return'
  | 'add'
  | 'monitor'
  | 'flow';

/** One switch. `media`: calls can be acted on. `downSince`: what is missing in the next snapshot ended after it. */
export interface SwitchState {
  readonly id: SwitchId;
  links: LinkId[];
  media: 'up' | 'down';
  capabilities: DriverCapability[];
  downSinceMs?: number | undefined;
  downSinceWallMs?: number | undefined;
  /** Callers and leftovers that a snapshot showed, acted on when the link is synced. */
  fresh: Extract<DriverEvent, { type: 'created' }>[];
  ghosts: ConnectionId[];
}

/** One media path: what a driver calls a connection. */
export interface Leg {
  readonly id: ConnectionId;
  readonly n: number;
  readonly switchId: SwitchId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly control: Control;
  state: 'initiated' | 'alerting' | 'connected';
  /** CSTA connections on this path, oldest first. */
  conns: ConnectionId[];
  nextConn: number;
  /** `no`: the switch has not told of it yet. `unsure`: nor is it known whether the dialling reached it. */
  seen: 'yes' | 'no' | 'unsure';
  clearing?: ReleaseCause | undefined;
  clearAskedMs?: number | undefined;
  bridgeId?: BridgeId | undefined;
  askedBridge?: BridgeId | 'none' | undefined;
  askedMs?: number | undefined;
  tries: number;
  /** What the switch refused is not asked for again before this. */
  notBeforeMs?: number | undefined;
  music: 'off' | 'on';
  tone?: PlaybackId | undefined;
  answerAsked?: 'asked' | undefined;
  heldByDevice?: 'held' | undefined;
  monitor?: { targetId: ConnectionId; asked: MonitorMode; mode?: MonitorMode | undefined } | undefined;
  watch?: TimerId | undefined;
  ringUntilMs?: number | undefined;
}

/** One CSTA connection. Several of one agent may lie on one leg; at most one of them is not held. */
export interface Conn {
  readonly id: ConnectionId;
  readonly legId: ConnectionId;
  callId: CallId;
  readonly device: DeviceId;
  state: ConnectionState;
  role: ConnectionRole;
  agentId?: AgentId | undefined;
  party: PhoneNumber;
  partyName?: string | undefined;
  purpose?: DialPurpose | undefined;
  reservationId?: ReservationId | undefined;
  /** Wanted hold; the state follows when the switch confirms. */
  hold?: 'agent' | 'device' | undefined;
  pending?: Pending | undefined;
  leaving?: 'leaving' | undefined;
  muted?: 'muted' | undefined;
  talked?: 'talked' | undefined;
  watches?: AgentId | undefined;
  sinceMs: number;
  sinceWallMs: number;
}

/** A stretch of a call, times from its start. */
export interface Segment {
  kind: import('../contract/records.js').CdrSegment['kind'];
  startMs: number;
  endMs: number;
  agentId?: AgentId | undefined;
  device?: DeviceId | undefined;
  queueId?: QueueId | undefined;
  node?: string | undefined;
}

/** A transfer under way after the transferor left. */
export interface Transfer {
  readonly kind: 'blind' | 'attended';
  readonly by: AgentId | 'system' | 'device';
  readonly agentId?: AgentId | undefined;
  readonly seat?: DeviceId | undefined;
  readonly to: string;
  readonly backTo?:
    | {
        readonly queueId: QueueId;
        readonly enqueuedMs: number;
        readonly enqueuedWallMs: number;
        readonly priority: number;
      }
    | undefined;
  stage: 'ringing' | 'returning';
  /** The transferor's leg, which must be gone before the seat can ring again. */
  waitsFor?: ConnectionId | undefined;
  readonly atMs: number;
}

/** How a call came to its end: the first reason wins. */
export interface Ending {
  readonly by: NonNullable<EndView['by']> | 'unknown';
  readonly end: Omit<EndView, 'by'>;
  readonly place: EndPlace;
  readonly lostBetweenWallMs?: readonly [number, number] | undefined;
}

/** One flow session of a call. */
export interface Flow {
  readonly id: string;
  machine: IvrSessionMachineState;
  state: IvrSessionState;
  readonly connId: ConnectionId;
  playing?: { readonly playbackId: PlaybackId; readonly turn: number } | undefined;
  timer?: { readonly timerId: TimerId; readonly turn: number } | undefined;
  collecting?: 'collecting' | undefined;
  /** Goes back to this agent's connection when it ends. */
  returnTo?: ConnectionId | undefined;
}

/** One call. */
export interface Call {
  readonly id: CallId;
  readonly n: number;
  readonly switchId: SwitchId;
  aliases: CallId[];
  direction: CallDirection;
  calling: PhoneNumber;
  called: PhoneNumber;
  callingName?: string | undefined;
  customer?: PhoneNumber | undefined;
  readonly startedMs: number;
  readonly startedWallMs: number;
  answeredWallMs?: number | undefined;
  routeId?: string | undefined;
  queueId?: QueueId | undefined;
  lastEntry?: Transfer['backTo'];
  ivrPath: string[];
  data: Record<string, string>;
  match?: CustomerMatch | undefined;
  conns: ConnectionId[];
  watchers: AgentId[];
  agents: AgentId[];
  bridgeId?: BridgeId | undefined;
  consultOf?: CallId | undefined;
  consultedBy?: CallId | undefined;
  make?: { readonly to: string; readonly agentId: AgentId } | undefined;
  flow?: Flow | undefined;
  entryId?: QueueEntryId | undefined;
  transfer?: Transfer | undefined;
  transfers: {
    kind: 'blind' | 'attended';
    by: AgentId | 'system' | 'device';
    to: string;
    outcome: 'done' | 'failed';
    atMs: number;
  }[];
  segments: Segment[];
  merged: CdrMerged[];
  recordings: RecordingId[];
  pops: PopId[];
  ops: string[];
  ending?: Ending | undefined;
  maxTimer?: TimerId | undefined;
  outage?: 'outage' | undefined;
}

/** One agent. */
export interface Agent {
  readonly id: AgentId;
  wants: AgentWants;
  reason?: string | undefined;
  next?: { state: 'ready' | 'notReady' | 'loggedOff'; reason?: string | undefined } | undefined;
  work: AgentWork;
  seat?: DeviceId | undefined;
  /** Queues joined and left by hand, beside the configured ones. */
  joined: QueueId[];
  left: QueueId[];
  conns: ConnectionId[];
  reservationId?: ReservationId | undefined;
  lastQueue?: QueueId | undefined;
  workTimer?: TimerId | undefined;
  workUntilMs?: number | undefined;
  idleSinceMs: number;
  shown: { state: AgentState; reason?: string | undefined; sinceMs: number; sinceWallMs: number };
  stays: number;
  clients: ClientId[];
  leaseUntilMs?: number | undefined;
  leaseTimer?: TimerId | undefined;
}

/** One waiting. */
export interface Entry {
  readonly id: QueueEntryId;
  readonly n: number;
  callId: CallId;
  readonly queueId: QueueId;
  readonly priority: number;
  readonly enqueuedMs: number;
  readonly enqueuedWallMs: number;
  readonly returned?: 'returned' | undefined;
  /** Who hears of the overflow. */
  readonly origin: 'route' | 'flow' | 'transfer';
  state: QueueEntryState;
  offers: number;
  /** The bound ran out while a phone rang for the caller: leaves when that fails. */
  late?: 'late' | undefined;
  reservationId?: ReservationId | undefined;
  timer?: TimerId | undefined;
}

/** One offer. */
export interface Reservation {
  readonly id: ReservationId;
  readonly entryId: QueueEntryId;
  callId: CallId;
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  connId?: ConnectionId | undefined;
  readonly startedMs: number;
  state: ReservationState;
}

/** One pop. */
export interface Pop {
  readonly id: PopId;
  callId: CallId;
  readonly agentId: AgentId;
  readonly at: 'alerting' | 'connected';
  url?: string | undefined;
  match?: CustomerMatch | undefined;
  state: PopView['state'];
  claimedBy?: string | undefined;
  timer?: TimerId | undefined;
}

/** One recording. */
export interface Recording {
  readonly id: RecordingId;
  callId: CallId;
  readonly legId: ConnectionId;
  state: RecordingState;
  record: RecordingRecord;
}

/** A connection that takes somebody's place; which one is told next. */
export interface Limbo {
  readonly switchId: SwitchId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  state: Leg['state'];
  bridgeId?: BridgeId | undefined;
}

/** A driver command whose answer is not here yet. */
export interface Asked {
  readonly type: DriverCommandType;
  readonly switchId: SwitchId;
  readonly legId?: ConnectionId | undefined;
  readonly legIds?: readonly ConnectionId[] | undefined;
  readonly callId?: CallId | undefined;
  readonly recordingId?: RecordingId | undefined;
  readonly mode?: string | undefined;
  readonly turn?: number | undefined;
}

/** What must hold for a client's request to be done; all of its conditions. */
export type Until =
  | { readonly is: 'legGone'; readonly legId: ConnectionId }
  | { readonly is: 'connGone'; readonly connId: ConnectionId }
  | { readonly is: 'seen'; readonly legId: ConnectionId }
  | { readonly is: 'up'; readonly legId: ConnectionId }
  | { readonly is: 'state'; readonly connId: ConnectionId; readonly state: ConnectionState }
  | { readonly is: 'talking'; readonly callId: CallId }
  | { readonly is: 'reply'; readonly commandId: CommandId }
  | { readonly is: 'recording'; readonly recordingId: RecordingId; readonly states: readonly RecordingState[] }
  | { readonly is: 'monitoring'; readonly legId: ConnectionId; readonly mode: MonitorMode };

/** A client's request that the switch has not confirmed. */
export interface Op {
  readonly key: string;
  readonly userId: UserId;
  readonly commandId: ClientCommandId;
  callId: CallId;
  readonly resultCallId?: CallId | undefined;
  readonly until: readonly Until[];
  readonly timer: TimerId;
  readonly settle: 'done' | 'unconfirmed';
}

/** The first outcome of a client command, kept for ten minutes. */
export interface Kept {
  readonly body: string;
  readonly n: number;
  atMs: number;
  outcome?: ClientOutcome | undefined;
}

/** What a timer does when it fires. */
export type TimerWork =
  | { readonly do: 'queueWait'; readonly entryId: QueueEntryId }
  | { readonly do: 'afterCallWork'; readonly agentId: AgentId }
  | { readonly do: 'lease'; readonly agentId: AgentId }
  | { readonly do: 'popClaim'; readonly popId: PopId }
  | { readonly do: 'op'; readonly key: string }
  | { readonly do: 'watchLeg'; readonly legId: ConnectionId }
  | { readonly do: 'retry'; readonly callId: CallId }
  | { readonly do: 'recordingEnd'; readonly recordingId: RecordingId }
  | { readonly do: 'maxCall'; readonly callId: CallId }
  | { readonly do: 'ivr'; readonly callId: CallId; readonly turn: number };

/** A timer that runs. */
export interface Timer {
  readonly dueAtMs: number;
  readonly work: TimerWork;
}

/** Everything that matters, as plain data; {@link dumpState} writes it, {@link loadState} reads it. */
export interface State {
  coreVersion: string;
  epoch: string;
  seed: number;
  config: TenantConfig;
  mode: 'running' | 'draining';
  atMs: number;
  wallMs: number;
  offsetMin: number;
  ids: Record<string, number>;
  switches: Map<SwitchId, SwitchState>;
  calls: Map<CallId, Call>;
  aliases: Map<CallId, CallId>;
  legs: Map<ConnectionId, Leg>;
  conns: Map<ConnectionId, Conn>;
  agents: Map<AgentId, Agent>;
  entries: Map<QueueEntryId, Entry>;
  reservations: Map<ReservationId, Reservation>;
  pops: Map<PopId, Pop>;
  recordings: Map<RecordingId, Recording>;
  asked: Map<CommandId, Asked>;
  timers: Map<TimerId, Timer>;
  ops: Map<string, Op>;
  kept: Map<string, Kept>;
  lookups: Map<LookupId, CallId>;
  seqs: Map<StreamId, number>;
  routes: Map<string, 'enabled' | 'paused'>;
  graphs: Map<string, IvrGraph>;
  presence: Map<DeviceId, DevicePresence>;
  limbo: Map<ConnectionId, Limbo>;
}

import type { RouteTarget } from '../contract/config.js';
import type {
  AgentId,
  CallId,
  ClientId,
  ConnectionId,
  DeviceId,
  PopId,
  QueueEntryId,
  QueueId,
  RecordingId,
  ReservationId,
  TimerId,
} from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import type { MessageRecord, RecordingRecord } from '../contract/records.js';
import type { AgentState, CustomerMatch, PopView } from '../contract/views.js';
import type { WorkKind } from '../contract/work.js';
import type { AgentWants, AgentWork } from '../machines/agent.js';
import type { QueueEntryState } from '../machines/queue-entry.js';
import type { RecordingState } from '../machines/recording.js';
import type { ReservationState } from '../machines/reservation.js';

/** One agent. */
export interface Agent {
  readonly id: AgentId;
  wants: AgentWants;
  reason?: string | undefined;
  next?:
    | {
        state: 'ready' | 'notReady' | 'loggedOff';
        reason?: string | undefined;
        kinds?: readonly WorkKind[] | undefined;
      }
    | undefined;
  /** Ready for these kinds of work alone. */
  kinds?: readonly WorkKind[] | undefined;
  work: AgentWork;
  doNotDisturb?: 'on' | undefined;
  seat?: DeviceId | undefined;
  /** Queues joined and left by hand, beside the configured ones. */
  joined: QueueId[];
  left: QueueId[];
  conns: ConnectionId[];
  reservationId?: ReservationId | undefined;
  lastQueue?: QueueId | undefined;
  /** Calls that this agent gave away and that wait to ring the seat again, oldest first. */
  returns?: CallId[] | undefined;
  workTimer?: TimerId | undefined;
  workUntilMs?: number | undefined;
  idleSinceMs: number;
  /** The phone could not be rung `strikes` times in a row, first at `sinceMs`; it is left alone until `untilMs`. */
  rest?: { strikes: number; sinceMs: number; untilMs: number; timer: TimerId | undefined } | undefined;
  /** What is told. `stayMs`: the stay began later than the state, when the agent became ready for other kinds of work. */
  shown: {
    state: AgentState;
    reason?: string | undefined;
    readyFor?: readonly WorkKind[] | undefined;
    sinceMs: number;
    sinceWallMs: number;
    stayMs?: number | undefined;
    stayWallMs?: number | undefined;
  };
  stays: number;
  clients: ClientId[];
  leaseUntilMs?: number | undefined;
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
  /** The queue is no more: where its callers go instead when the phone that rings for them is not answered. */
  homeless?: RouteTarget | undefined;
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
  /** Not for who takes part in the call: it stands until the call is over. */
  stays?: 'stays' | undefined;
  timer?: TimerId | undefined;
}

/** One recording. */
export interface Recording {
  readonly id: RecordingId;
  callId: CallId;
  readonly legId: ConnectionId;
  state: RecordingState;
  /** When the end was asked for, because the call may not be recorded any more. */
  stopAskedMs?: number | undefined;
  /** Since when nobody wants it to go on: asked to end until it has. */
  unwantedMs?: number | undefined;
  /** The switch has told that it runs. */
  startedMs?: number | undefined;
  /** Of a flow: the most that was asked for, and the box of which it becomes a message. */
  maxMs?: number | undefined;
  message?:
    | {
        readonly box: string;
        readonly minMs: number;
        readonly caller: PhoneNumber;
        /** As it was told last. */
        kept?: MessageRecord | undefined;
      }
    | undefined;
  /** Since when nobody has heard of it. */
  untoldSinceMs?: number | undefined;
  /** Runs while a switch does not show it, or its call is over, and nobody has told of its end. */
  untold?: TimerId | undefined;
  record: RecordingRecord;
}

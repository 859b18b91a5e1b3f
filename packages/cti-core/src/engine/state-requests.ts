import type { ClientOutcome } from '../contract/client-commands.js';
import type { DriverCommandType, MonitorMode } from '../contract/driver-commands.js';
import type {
  AgentId,
  CallId,
  ClientCommandId,
  CommandId,
  ConnectionId,
  PopId,
  QueueEntryId,
  RecordingId,
  SwitchId,
  TimerId,
  UserId,
} from '../contract/ids.js';
import type { ConnectionState } from '../contract/views.js';
import type { RecordingState } from '../machines/recording.js';

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
  /** It waits on a park slot. */
  | { readonly is: 'parked'; readonly callId: CallId }
  /** The switch has made one call of the two. */
  | { readonly is: 'joined'; readonly a: CallId; readonly b: CallId }
  /** The call has a connection that came after the leg of that number. */
  | { readonly is: 'newPart'; readonly callId: CallId; readonly after: number }
  /** No condition: the request fails when the switch refuses that command. */
  | { readonly is: 'asked'; readonly commandId: CommandId }
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
  | { readonly do: 'rest'; readonly agentId: AgentId }
  | { readonly do: 'leases' }
  | { readonly do: 'popClaim'; readonly popId: PopId }
  | { readonly do: 'op'; readonly key: string }
  | { readonly do: 'watchLeg'; readonly legId: ConnectionId }
  | { readonly do: 'retry'; readonly callId: CallId }
  | { readonly do: 'recordingEnd'; readonly recordingId: RecordingId }
  | { readonly do: 'maxCall'; readonly callId: CallId }
  | { readonly do: 'returnWait'; readonly callId: CallId }
  | { readonly do: 'recordEnd'; readonly callId: CallId; readonly recordingId: RecordingId }
  | { readonly do: 'groupAgain' | 'groupOver'; readonly callId: CallId }
  | { readonly do: 'ivr'; readonly callId: CallId; readonly turn: number };

/** A timer that runs. */
export interface Timer {
  readonly dueAtMs: number;
  readonly work: TimerWork;
}

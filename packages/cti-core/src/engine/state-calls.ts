import type { Evidence, ReleaseCause } from '../contract/causes.js';
import type { DriverCommand, MonitorMode } from '../contract/driver-commands.js';
import type { ConnectionDirection, Control } from '../contract/driver-events.js';
import type {
  AgentId,
  BridgeId,
  CallId,
  CommandId,
  ConnectionId,
  DeviceId,
  LookupId,
  PlaybackId,
  PopId,
  QueueEntryId,
  QueueId,
  RecordingId,
  ReservationId,
  SwitchId,
  TimerId,
  UserId,
} from '../contract/ids.js';
import type { IvrSessionState } from '../contract/ivr-session.js';
import type { PhoneNumber } from '../contract/numbers.js';
import type { CallProgress, CdrMerged, CdrSegment, RecordingRecord } from '../contract/records.js';
import type {
  CallDirection,
  ConnectionRole,
  ConnectionState,
  CustomerMatch,
  EndPlace,
  EndView,
  Pending,
} from '../contract/views.js';
import type { IvrSessionMachineState } from '../machines/ivr-session.js';

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

/** What is dialled, as it is sent. */
export type DialAgain = Omit<Extract<DriverCommand, { type: 'originate' }>, 'commandId' | 'boundMs'>;

/** One media path: what a driver calls a connection. */
export interface Leg {
  readonly id: ConnectionId;
  readonly n: number;
  readonly switchId: SwitchId;
  readonly device: DeviceId;
  direction: ConnectionDirection;
  readonly control: Control;
  state: 'initiated' | 'alerting' | 'connected';
  /** CSTA connections on this path, oldest first. */
  conns: ConnectionId[];
  nextConn: number;
  /** `no`: the switch has not told of it yet. `unsure`: nor is it known whether the dialling reached it. */
  seen: 'yes' | 'no' | 'unsure';
  clearing?: ReleaseCause | undefined;
  clearAskedMs?: number | undefined;
  /** Not hung up but given back to the switch's own dialplan. */
  givenBack?: 'asked' | undefined;
  bridgeId?: BridgeId | undefined;
  askedBridge?: BridgeId | 'none' | undefined;
  askedMs?: number | undefined;
  /** The command that asked for it: the refusal of an earlier one means nothing. */
  askedBy?: CommandId | undefined;
  tries: number;
  /** What `tries` counts: refusals to put it into a bridge, to take it out of one, or to take it off the hook. */
  refused?: 'in' | 'out' | 'answer' | undefined;
  /** What the switch refused is not asked for again before this. */
  notBeforeMs?: number | undefined;
  music: 'off' | 'on';
  tone?: PlaybackId | undefined;
  /** It was asked to stop, and its end is not told yet. */
  toneStop?: 'asked' | undefined;
  answerAsked?: 'asked' | undefined;
  heldByDevice?: 'held' | undefined;
  /** `talks`: the supervisor was let into the talk, and has not been taken out of it by another mode. */
  monitor?:
    | { targetId: ConnectionId; asked: MonitorMode; mode?: MonitorMode | undefined; talks?: 'talks' | undefined }
    | undefined;
  watch?: TimerId | undefined;
  ringUntilMs?: number | undefined;
  /** Dialled (once more) when the switch can be reached again, because nobody was rung by it. */
  dialAgain?: DialAgain | undefined;
  /** How it is known what became of it, where the line does not say. */
  evidence?: Evidence | undefined;
  /** Of a switch that carries its calls out by itself: its reference of the call; empty until it has told of the connection. */
  nativeRef?: string | undefined;
  /** It waits on this park slot. */
  parkedAt?: number | undefined;
  /** Sent to an extension of the PBX behind the line by a flash: its end is the transfer's. */
  flash?: { readonly by: Transfer['by']; readonly to: string; readonly commandId: CommandId } | undefined;
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
  /** Held because the caller of a queue was served: the phone's own hold takes its place. */
  setAside?: 'setAside' | undefined;
  /** Everybody else has left; the agent releases by hand. */
  open?: 'open' | undefined;
  pending?: Pending | undefined;
  leaving?: 'leaving' | undefined;
  muted?: 'muted' | undefined;
  talked?: 'talked' | undefined;
  /** Somebody else of those who were rung with it has answered: that is no missed call. */
  spared?: 'spared' | undefined;
  /** Of an agent: a recording ran while they were in the call. */
  recorded?: 'recorded' | undefined;
  /** Of another party: the agent who muted it. */
  mutedBy?: AgentId | undefined;
  watches?: AgentId | undefined;
  /** Who asked for this supervision. */
  watcher?: UserId | undefined;
  sinceMs: number;
  sinceWallMs: number;
}

/** A stretch of a call, times from its start. */
export interface Segment {
  kind: CdrSegment['kind'];
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
  /** `waiting`: the caller hears music until the transferor, who is in another call, can be rung. */
  stage: 'ringing' | 'waiting' | 'returning';
  /** Goes on when the switch can be reached again. */
  deferred?: 'outage' | undefined;
  waitTimer?: TimerId | undefined;
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

/** The ringing of a group for a flow. */
export interface GroupRinging {
  readonly members: readonly string[];
  readonly order: 'all' | 'inOrder';
  readonly ringMs: number;
  /** The member that is rung next. */
  next: number;
  /** What will be told when nobody comes. */
  result: 'busy' | 'noAnswer' | 'failed';
  /** Again and again until then. */
  readonly untilMs?: number | undefined;
  readonly over?: TimerId | undefined;
  again?: TimerId | undefined;
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
  /** The switch would not collect keys: asked again after this. */
  collectAgainMs?: number | undefined;
  /** The question that waits for its answer. `visit`: of the node that asks. */
  asked?:
    | { readonly lookupId: LookupId; readonly turn: number; readonly key: string; readonly visit: number }
    | undefined;
  /** The caller is being recorded. `stopping`: the switch was asked to end it. */
  recording?:
    | {
        readonly recordingId: RecordingId;
        readonly turn: number;
        stage: 'running' | 'stopping' | 'over';
        timer: TimerId;
      }
    | undefined;
  /** The phones of a group are rung. */
  ringing?: GroupRinging | undefined;
  /** Goes back to this agent's connection when it ends. */
  returnTo?: ConnectionId | undefined;
}

/** A transfer by a phone of a switch that carries it out by itself, until somebody has answered. */
export interface Handed {
  readonly by: AgentId | 'device';
  readonly device: DeviceId;
  readonly kind: 'blind' | 'attended';
  /** From the start of the call. */
  readonly atMs: number;
  /** As it was asked for. */
  readonly to: string | undefined;
  /** Who was in the talk with the phone, and so is not whom it sends them to. */
  readonly among: readonly DeviceId[];
  /** Who was rung last, kept when its connection is gone: the transfer may have failed by that. One of `among`: two were left to each other. */
  readonly target: { readonly device: DeviceId; readonly name: string } | undefined;
}

/** The second part of a service of a phone: it dials when `connId` is held; it takes `connId` back when `goneId` is gone. */
export type NativeNext =
  | {
      readonly do: 'makeCall';
      readonly connId: ConnectionId;
      readonly legId: ConnectionId;
      readonly dial: { readonly to: string; readonly trunk?: DeviceId };
    }
  | { readonly do: 'retrieve'; readonly connId: ConnectionId; readonly goneId: ConnectionId };

/** What is kept of a call that its switch carries out by itself. */
export interface NativeCall {
  /** The references that it had there, the latest last. */
  refs: string[];
  /** Whose screen pops by the route. */
  popTo?: AgentId | undefined;
  routed?: 'routed' | undefined;
  /** The number that was looked up. */
  asked?: { readonly key: string; readonly lookupId: LookupId | undefined } | undefined;
  handed?: Handed | undefined;
  /** The phone that has left the call by a transfer. */
  handedBy?: DeviceId | undefined;
  /** Where an agent asked to send it: named in the record when the switch has not said who it is. */
  transferTo?: string | undefined;
  /** What is asked for next, when the switch has done the first part of a service. */
  next?: NativeNext | undefined;
  /** One who speaks through loudspeakers talks alone. */
  alone?: 'page' | undefined;
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
  /** On a line at which a unit only watches. */
  watched?: 'watched' | undefined;
  /** Its switch carries it out by itself (`callControl`). */
  native?: NativeCall | undefined;
  /** What became of the outside number that was dialled last, where the driver told how it knows. */
  progress?: CallProgress | undefined;
  routeId?: string | undefined;
  queueId?: QueueId | undefined;
  lastEntry?: Transfer['backTo'];
  ivrPath: string[];
  data: Record<string, string>;
  match?: CustomerMatch | undefined;
  consent?: RecordingRecord['consent'];
  conns: ConnectionId[];
  watchers: AgentId[];
  agents: AgentId[];
  missed?: AgentId[] | undefined;
  bridgeId?: BridgeId | undefined;
  /** How often the caller went back to the queue because the switch would not join them with an agent. */
  bridgeReturns?: number | undefined;
  consultOf?: CallId | undefined;
  consultedBy?: CallId | undefined;
  /** The agent whose call it is from the start. */
  madeBy?: AgentId | undefined;
  /** Whom the call is made to as soon as the seat is lifted; without an agent: the flow for who answers. */
  make?: { readonly to: string; readonly agentId?: AgentId } | undefined;
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
  /** The caller was put into the survey of the queue. */
  surveyed?: 'surveyed' | undefined;
  /** A recording by rule has failed; begun again then, once a call. */
  recordNotBeforeMs?: number | undefined;
  pops: PopId[];
  ops: string[];
  ending?: Ending | undefined;
  maxTimer?: TimerId | undefined;
  outage?: 'outage' | undefined;
}

import type { Actor, ClientCommand, ClientOutcome } from './client-commands.js';
import type { TenantConfig } from './config.js';
import type { DriverCommand, DriverReply } from './driver-commands.js';
import type { DriverEvent } from './driver-events.js';
import type {
  AgentId,
  CallId,
  ClientCommandId,
  ClientId,
  CommandId,
  LookupId,
  QueueId,
  StreamId,
  SwitchId,
  TimerId,
  UserId,
} from './ids.js';
import type { IvrAnswer, IvrQuestion } from './ivr-session.js';
import type { PhoneNumber } from './numbers.js';
import type { RecordEffect } from './records.js';
import type { AgentView, CallView, CustomerMatch, DeviceView, EndView, ModeView, PopView, QueueView } from './views.js';

/** The two stamps that the shell puts on each input. */
export interface Stamp {
  /** Monotone within a journal; for everything that is measured. Integer ms. */
  readonly atMs: number;
  /** Epoch ms; for opening hours and records. */
  readonly wallMs: number;
  /** Minutes that the site's zone is ahead of UTC at `wallMs`: the shell knows time-zone rules, the engine does not. */
  readonly offsetMin: number;
}

/** What goes into the engine, one at a time. Durable before any of its effects. */
export type EngineInput = Stamp & EngineInputBody;

/** An input without its stamps. */
export type EngineInputBody =
  /** First in every journal: nothing is drawn, named or known but from here. `epoch` `[a-z0-9]{1,16}`, new for each empty journal. */
  | {
      readonly kind: 'boot';
      readonly coreVersion: string;
      readonly epoch: string;
      readonly seed: number;
      readonly config: TenantConfig;
    }
  /** The shell came back from a crash with snapshot + journal: commands without a journaled answer have an unknown outcome, links are down. */
  | { readonly kind: 'recovered' }
  | { readonly kind: 'config'; readonly config: TenantConfig }
  | { readonly kind: 'driver'; readonly switchId: SwitchId; readonly event: DriverEvent }
  | { readonly kind: 'reply'; readonly commandId: CommandId; readonly reply: DriverReply }
  | {
      readonly kind: 'client';
      readonly commandId: ClientCommandId;
      readonly actor: Actor;
      readonly command: ClientCommand;
    }
  /** A client's socket came or went; the lease runs on while it is gone. */
  | {
      readonly kind: 'presence';
      readonly userId: UserId;
      readonly clientId: ClientId;
      readonly agentId?: AgentId;
      readonly state: 'online' | 'offline';
    }
  | { readonly kind: 'timer'; readonly timerId: TimerId }
  /** Minutes that the zones which flows name are ahead of UTC: at the start, and whenever one of them changes. */
  | { readonly kind: 'zones'; readonly offsets: Readonly<Record<string, number>> }
  | { readonly kind: 'lookup'; readonly lookupId: LookupId; readonly result: LookupResult }
  /** The wall clock jumped by more than five seconds against the monotone one. */
  | { readonly kind: 'clockJump'; readonly byMs: number }
  /** `drain`: take no new calls; end when the last one has ended. */
  | { readonly kind: 'drain'; readonly mode: 'start' | 'stop' };

/**
 * A question to the shell. `customer` asks the host's directory; `ivr` is a flow's question, whose `key` is the same whenever it is asked again, `timeoutMs` the bound
 * of each of its `tries`.
 */
export type Lookup =
  | { readonly type: 'customer'; readonly number: PhoneNumber; readonly callId: CallId }
  | {
      readonly type: 'ivr';
      readonly callId: CallId;
      readonly key: string;
      readonly timeoutMs: number;
      readonly tries: number;
      readonly question: IvrQuestion;
    };
/** Its answer; `failed` when the host did not answer in its bound. */
export type LookupResult = { readonly outcome: 'found'; readonly match: CustomerMatch } | IvrAnswer;

/** What happened to a call, beside its new view. */
export type CallChange =
  | 'offered'
  | 'alerting'
  | 'connected'
  | 'held'
  | 'retrieved'
  | 'bridged'
  | 'conferenced'
  | 'transferred'
  | 'merged'
  | 'queued'
  | 'unqueued'
  | 'flow'
  | 'data'
  | 'match'
  | 'recording'
  | 'muted'
  | 'partyChanged'
  | 'supervised'
  | 'pending'
  | 'replaced'
  | 'parked'
  | 'unparked'
  /** Who calls or is called is known only now. */
  | 'identified'
  | 'outage'
  | 'resumed';

/** What clients are told. State has changed before it is told; each carries the whole new view, so that any one frame is enough. */
export type PublishedEvent =
  | { readonly type: 'agent'; readonly agent: AgentView }
  | { readonly type: 'call'; readonly change: CallChange; readonly call: CallView }
  /** The call, or this agent's part in it, is over. */
  | {
      readonly type: 'callEnded';
      readonly callId: CallId;
      readonly end: EndView;
      readonly mergedInto?: CallId;
      readonly stillLives?: 'lives';
    }
  | { readonly type: 'pop'; readonly pop: PopView; readonly call: CallView }
  | { readonly type: 'queue'; readonly queue: QueueView }
  /** A link of a switch: what can be done may have changed. */
  | { readonly type: 'link'; readonly switchId: SwitchId; readonly state: 'up' | 'down' }
  /** A telephone, a line or a park slot has changed, whoever's call it is. On the board; slots to the agents of their switch as well. */
  | ({ readonly type: 'device' } & DeviceView)
  /** A switch that flows branch on was set, or the configuration has changed it. On the board. */
  | { readonly type: 'mode'; readonly mode: ModeView };

/**
 * What comes out of the engine, to be carried out in order after the input is durable.
 * `publish`: `seq` is contiguous per stream from 1. Command effects are never sent again after a recovery.
 */
export type EngineEffect =
  | { readonly kind: 'driver'; readonly switchId: SwitchId; readonly command: DriverCommand }
  | { readonly kind: 'setTimer'; readonly timerId: TimerId; readonly dueAtMs: number }
  | { readonly kind: 'cancelTimer'; readonly timerId: TimerId }
  | {
      readonly kind: 'publish';
      readonly stream: StreamId;
      readonly seq: number;
      readonly atWallMs: number;
      readonly event: PublishedEvent;
    }
  | { readonly kind: 'record'; readonly record: RecordEffect }
  | { readonly kind: 'lookup'; readonly lookupId: LookupId; readonly lookup: Lookup }
  | {
      readonly kind: 'outcome';
      readonly userId: UserId;
      readonly commandId: ClientCommandId;
      readonly outcome: ClientOutcome;
    }
  /** Something that a person should see: counted, logged. `code` is stable; no personal data. */
  | {
      readonly kind: 'note';
      readonly level: 'info' | 'warn' | 'error';
      readonly code: string;
      readonly callId?: CallId;
    }
  | { readonly kind: 'drained' };

/** What a stream holds now, for a client that subscribes or must be reset. */
export type StreamSnapshot =
  | {
      readonly kind: 'agent';
      readonly agent: AgentView;
      readonly calls: readonly CallView[];
      readonly pops: readonly PopView[];
      /** The park slots of the agent's switch that somebody waits on. Absent: none. */
      readonly slots?: readonly DeviceView[];
    }
  | { readonly kind: 'queue'; readonly queue: QueueView; readonly calls: readonly CallView[] }
  | {
      readonly kind: 'board';
      readonly agents: readonly AgentView[];
      readonly queues: readonly QueueView[];
      readonly calls: readonly CallView[];
      /** Absent: there are none. */
      readonly modes?: readonly ModeView[];
      /** All devices that switches tell of, by id. Absent: there are none. */
      readonly devices?: readonly DeviceView[];
    };

/** How an engine is made. */
export interface EngineOptions {
  /**
   * `tell` (default): what changes is published on the streams. `count`: events get their numbers and are left out, for who wants nothing but
   * the state, the commands and the records. Everything else, the state and its dump with it, is the same.
   */
  readonly events?: 'tell' | 'count';
}

/** The deterministic core of one tenant. Pure: no I/O, clock, randomness or waiting. */
export interface Engine {
  /**
   * Takes one input, changes the model, returns what is to be done. Never throws on anything that a switch, a client or a timer says;
   * inputs that do not fit the state are ignored (counted) or answered with an error.
   * @throws {CtiError} `journal.version` for a `boot` of another core version; `config.unresolved` for a configuration with dangling names
   */
  apply(input: EngineInput): readonly EngineEffect[];
  /** The sequence number of the last event of a stream (0: none yet). */
  lastSeq(stream: StreamId): number;
  /** The present content of a stream; `undefined` when there is no such agent or queue. Cost: that of its content. */
  snapshotOf(stream: StreamId): StreamSnapshot | undefined;
  /** Views for REST and checks. */
  agent(id: AgentId): AgentView | undefined;
  call(id: CallId): CallView | undefined;
  /** The agents who have or had a part in a living call, and those at whom it rang in vain; empty when no call of this id lives. */
  agentsOf(id: CallId): readonly AgentId[];
  queue(id: QueueId): QueueView | undefined;
  /** A canonical text of the whole state: equal text, equal state. Written into snapshots. */
  dump(): string;
  /** Counters: `ignored.<machine>.<state>.<event>`, `rejected...`, `inputs`, `liveCalls` and so on. */
  counters(): Readonly<Record<string, number>>;
}

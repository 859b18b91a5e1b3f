/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AgentId,
  CallId,
  CallView,
  DeviceDetailView,
  DeviceId,
  DeviceKind,
  DeviceView,
  EndView,
  ModeView,
  MonitorMode,
  QueueEntryView,
  QueueId,
  SwitchId,
  WorkKind,
} from '@cordboard/cti-core';
import type { EventSource } from '../base/hub.js';
import type { AgentInfo, CallEnd, Settled, WaitOptions } from '../desk/types.js';
import type { LinkState } from '../link/link-state.js';
import type { OtherParty, Party } from '../model/party.js';

/** An agent on the board. */
export interface BoardAgent extends AgentInfo {
  readonly calls: readonly CallId[];
}

/** A waiting caller on the board. */
export interface BoardWaiting {
  readonly callId: CallId;
  readonly caller: Party;
  /** Epoch ms. */
  readonly since: number;
  readonly priority: number;
  readonly offers: number;
  readonly offeredTo?: QueueEntryView['offeredTo'];
}

/** A queue on the board. */
export interface BoardQueue {
  readonly id: QueueId;
  readonly name: string;
  /** The first 20 in the order of service. */
  readonly waiting: readonly BoardWaiting[];
  /** How many wait in all. */
  readonly waitingCount: number;
  readonly agentsReady: number;
  readonly agentsLoggedOn: number;
}

/** A call on the board: plain data, new after each change. */
export interface BoardCall {
  readonly id: CallId;
  readonly aliases: readonly CallId[];
  readonly direction: CallView['direction'];
  readonly caller: Party;
  readonly called: Party;
  readonly customer?: Party;
  readonly queueId?: QueueId;
  readonly ivrPath: readonly string[];
  readonly data: Readonly<Record<string, string>>;
  readonly parts: readonly OtherParty[];
  /** Agents who take part in it. */
  readonly agents: readonly AgentId[];
  /** Who supervises it, and how. */
  readonly monitors: readonly { readonly agentId?: AgentId; readonly mode: MonitorMode }[];
  /** Epoch ms. */
  readonly startedAt: number;
  readonly recording: 'recording' | 'paused' | 'stopped' | undefined;
}

/** A telephone, an outside line or a park slot on the board, whoever's call it is: plain data, new after each change. */
export interface BoardDevice {
  readonly id: DeviceId;
  readonly kind: DeviceKind;
  /** The extension, the line or the slot: its id without switch and kind. */
  readonly address: string;
  readonly presence: DeviceView['presence'];
  /** What it is doing, where its switch tells more than its presence. */
  readonly state?: DeviceDetailView['state'];
  readonly direction?: DeviceDetailView['direction'];
  /** Who is at the other side: an outside party, else the inside one. */
  readonly party?: Party;
  /** The phone or slot at the other side. */
  readonly peer?: DeviceId;
  readonly line?: DeviceId;
  /** The call that it is in, where the board has it. */
  readonly nativeCallRef?: string;
  readonly forward?: Party;
  readonly doNotDisturb?: 'on';
  readonly messageLamp?: 'on';
  /** Class of service, 1-6. */
  readonly classOfService?: number;
  /** Epoch ms: how long it has been in this state. */
  readonly since: number;
}

/** What a board tells, after its state has changed. */
export type BoardEvents = {
  agentChanged: { readonly agent: BoardAgent };
  queueChanged: { readonly queue: BoardQueue };
  callChanged: { readonly call: BoardCall };
  deviceChanged: { readonly device: BoardDevice };
  modeChanged: { readonly mode: ModeView };
  callEnded: { readonly callId: CallId; readonly end: CallEnd & Partial<EndView> };
  /** The whole board is new: after a connect, or a gap too large to be told. */
  reset: { readonly board: Supervisor };
  linkChanged: { readonly state: LinkState; readonly before: LinkState };
  switchChanged: { readonly switchId: SwitchId; readonly state: 'up' | 'down' };
};

/** Whom to supervise: a call, and the agent of it where it has several. */
export interface MonitorTarget {
  readonly callId: string;
  /** Default: the only agent in the call. */
  readonly agentId?: string;
  /** The supervisor's own phone; default: the one configured. */
  readonly seat?: string;
}

/** A supervisor's board: who does what now, and the means to step in. Verbs settle when the switch confirms. */
export interface Supervisor extends EventSource<BoardEvents> {
  readonly agents: ReadonlyMap<string, BoardAgent>;
  readonly queues: ReadonlyMap<string, BoardQueue>;
  readonly calls: ReadonlyMap<string, BoardCall>;
  /** Telephones, outside lines and park slots of the switches that tell of them, by id. */
  readonly devices: ReadonlyMap<string, BoardDevice>;
  /** Switches that flows branch on (day and night), by name. */
  readonly modes: ReadonlyMap<string, ModeView>;
  readonly link: LinkState;
  /** Epoch ms by the server's clock. */
  serverNow(): number;
  /** Hears both sides; heard by none. Said again with another verb: switches. @throws {CtiError} `call.notFound`, `call.state`, `auth.forbidden`, `command.notSupported` */
  listen(target: MonitorTarget, options?: WaitOptions): Promise<Settled>;
  /** Heard by the agent alone. */
  whisper(target: MonitorTarget, options?: WaitOptions): Promise<Settled>;
  /** Heard by all. */
  barge(target: MonitorTarget, options?: WaitOptions): Promise<Settled>;
  /** Leaves the call. */
  stop(callId: string, options?: WaitOptions): Promise<Settled>;
  /** Ends the customer's part; the agent comes back to a known state. */
  forceRelease(callId: string, options?: WaitOptions): Promise<Settled>;
  /**
   * Sets an agent ready, not ready or logged off. `kinds`: ready for these kinds of work alone, or these taken away and the rest left; absent: all.
   * `reason`: for not ready, one of those that the site has configured; default `supervisorForced`.
   * @throws {CtiError} `agent.notFound`, `agent.state`; `argument.invalid` for a reason that is not configured, and for `kinds` with `loggedOff`
   */
  setAgent(
    agentId: string,
    state: 'ready' | 'notReady' | 'loggedOff',
    options?: WaitOptions & { readonly reason?: string; readonly kinds?: readonly WorkKind[] },
  ): Promise<Settled>;
  /** Gives a waiting caller to an agent. @throws {CtiError} `call.notFound`, `agent.state` */
  pickWaiting(callId: string, toAgent: string, options?: WaitOptions): Promise<Settled>;
  /** Starts or stops recording a call. */
  record(callId: string, mode: 'start' | 'stop', options?: WaitOptions): Promise<Settled>;
  /** Puts an agent into a queue, or takes them out. */
  membership(
    target: { readonly agentId: string; readonly queueId: string },
    mode: 'join' | 'leave',
    options?: WaitOptions,
  ): Promise<Settled>;
  /** Pauses or enables a route by hand. */
  setRoute(routeId: string, enabled: 'enabled' | 'paused', options?: WaitOptions): Promise<Settled>;
  /** Sets a switch that flows branch on. @throws {CtiError} `resource.notFound`, `argument.invalid` for a value that it does not have */
  setMode(mode: string, value: string, options?: WaitOptions): Promise<Settled>;
  /** Closes the link and removes all listeners. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

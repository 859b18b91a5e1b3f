/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AgentId,
  CallDirection,
  CallId,
  ConnectionId,
  CustomerMatch,
  DeviceId,
  DevicePresence,
  EndView,
  Pending,
  PopView,
  QueueId,
  RecordingId,
  SeatService,
  SwitchId,
  WorkKind,
} from '@cordboard/cti-core';
import type { SpeedDialEntry } from '@cordboard/cti-protocol/types';
import type { EventSource } from '../base/hub.js';
import type { LinkState } from '../link/link-state.js';
import type { OtherParty, Party } from '../model/party.js';
import type { AgentState, CallAction, CallState } from '../model/words.js';
import type { CallNote, CallNoteText, MissedCall } from './call-log.js';

/** Each wait can be given up; the request itself may still be carried out. */
export interface WaitOptions {
  /** Rejects the promise with `wait.aborted`. */
  readonly signal?: AbortSignal;
}

/** How a request ended well: the switch confirmed it, or has no way to confirm it. */
export type Settled = 'done' | 'unconfirmed';

/** The agent at this desk, as the server last said. */
export interface AgentInfo {
  readonly id: AgentId;
  readonly name: string;
  readonly state: AgentState;
  /** Why not ready: a configured reason, or one of the system's (`connectionLost`, `ringNoAnswer`, ...). */
  readonly reason?: string;
  /** Since when, epoch ms. */
  readonly since: number;
  /** Takes no calls, whatever the state is; see {@link AgentDesk.doNotDisturb}. */
  readonly doNotDisturb?: 'on';
  /** What follows when the call ends. */
  readonly next?: {
    readonly state: 'ready' | 'notReady' | 'loggedOff';
    readonly reason?: string;
    readonly readyFor?: readonly WorkKind[];
  };
  /** Ready for these kinds of work alone. Absent: for all, when ready. */
  readonly readyFor?: readonly WorkKind[];
  readonly seat?: DeviceId;
  readonly seatPresence?: DevicePresence;
  readonly queues: readonly QueueId[];
  /** What the phone of the seat can be asked for beside its calls. Show exactly these. */
  readonly services: readonly SeatService[];
}

/** Why a call, or this agent's part in it, is over. */
export interface CallEnd extends Partial<EndView> {
  /** `ended`: the call is over. `left`: my part is; others go on, or are being cleared. `merged`: it lives on in another call. `lost`: it was gone when the page came back. */
  readonly how: 'ended' | 'left' | 'merged' | 'lost';
  /** The call that goes on, when merged. */
  readonly into?: CallId;
}

/**
 * One call at this desk. A live object: reading it gives the present state, at once; after a reload or a lost network the
 * same calls are there again. Verbs settle when the switch confirms and reject with a `CtiError`; common to all are
 * `call.notFound` (it is over), `call.state` (not now: see `actions`), `command.notSupported` (this switch or phone cannot),
 * `driver.timeout`, `driver.linkLost`, `driver.outcomeUnknown`, `client.closed` and `wait.aborted`.
 */
export interface Call {
  readonly id: CallId;
  /** Ids of calls that were merged into this one. */
  readonly aliases: readonly CallId[];
  /** My part: `dialing`, `alerting`, `connected`, `held`, `queued`, `failed`, `ended`. */
  readonly state: CallState;
  /** A request that the switch has not confirmed yet. */
  readonly pending: Pending | undefined;
  /** What is allowed now. Show exactly these. */
  readonly actions: readonly CallAction[];
  /** Is `action` allowed now? */
  can(action: CallAction): boolean;
  readonly direction: CallDirection;
  readonly caller: Party;
  readonly called: Party;
  /** The outside party that the call is about. */
  readonly customer: Party | undefined;
  /** Who the agent speaks with: the customer, else the other end. */
  readonly peer: Party;
  readonly others: readonly OtherParty[];
  /** The queue it came through; its name is its id where the server tells none. */
  readonly queue: { readonly id: QueueId; readonly name: string } | undefined;
  /** Nodes walked in flows, `flow/node`, in order. */
  readonly ivrPath: readonly string[];
  /** What the flow and the agents know of it. Change it with {@link Call.setData}. */
  readonly data: Readonly<Record<string, string>>;
  /** The customer as the host's directory knows it. */
  readonly match: CustomerMatch | undefined;
  readonly muted: 'muted' | undefined;
  readonly heldBy: 'agent' | 'device' | undefined;
  /** `release`: everybody else has left, and this phone is laid down by hand ({@link Call.hangUp}); work after the call begins then. */
  readonly awaits: 'release' | undefined;
  readonly recordings: readonly {
    readonly recordingId: RecordingId;
    readonly state: 'recording' | 'paused' | 'stopped';
  }[];
  /** Epoch ms of the first ring. */
  readonly startedAt: number;
  /** Epoch ms since when my part is in this state. */
  readonly since: number;
  /** For a consultation: the call that waits for it. */
  readonly consultOf: CallId | undefined;
  /** Set when it is over. */
  readonly end: CallEnd | undefined;

  /** Picks up. @throws {CtiError} `command.notSupported` where the phone must be lifted by hand */
  answer(options?: WaitOptions): Promise<Settled>;
  /** Refuses a ringing call: the next agent is tried. */
  reject(options?: WaitOptions): Promise<Settled>;
  /** Ends my part; a call of two ends. */
  hangUp(options?: WaitOptions): Promise<Settled>;
  hold(options?: WaitOptions): Promise<Settled>;
  retrieve(options?: WaitOptions): Promise<Settled>;
  mute(options?: WaitOptions): Promise<Settled>;
  unmute(options?: WaitOptions): Promise<Settled>;
  /** Sends 1-64 of `0-9*#A-D`. @throws {CtiError} `argument.invalid` */
  sendDigits(digits: string, options?: WaitOptions): Promise<Settled>;
  /** Holds this call and calls `to` (extension, number, `agent:<id>`, `queue:<id>`). @returns the consultation, a call of its own */
  consult(to: string, options?: WaitOptions & { readonly note?: string }): Promise<Call>;
  /** Joins the waiting party with the consulted one and leaves. Works on either of the two calls; before the answer it is a blind transfer. */
  complete(options?: WaitOptions): Promise<Settled>;
  /** Ends the consultation and takes the waiting party back. Works on either of the two calls. */
  cancel(options?: WaitOptions): Promise<Settled>;
  /** Swaps the held and the active one of the two calls. */
  swap(options?: WaitOptions): Promise<Settled>;
  /** Joins the waiting party, the consulted one and me. */
  conference(options?: WaitOptions): Promise<Settled>;
  /** Blind transfer to an extension, number, `agent:<id>`, `queue:<id>` or `ivr:<flow>`. Nobody there: my phone rings again, else back to the queue. */
  transfer(to: string, options?: WaitOptions & { readonly note?: string }): Promise<Settled>;
  /** Dials another member into the call. */
  addParty(to: string, options?: WaitOptions): Promise<Settled>;
  /** Leaves another member out of a conference. */
  dropParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled>;
  /** Another member is not heard by the rest; see `muted` and `actions` of {@link Call.others}. */
  muteParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled>;
  /** The member is heard again. */
  unmuteParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled>;
  /**
   * Leaves the other party waiting on a park slot, from where any phone takes them back ({@link AgentDesk.unpark}); my part is over. `slot`: default the first free one.
   * @returns the slot, where the switch told it. @throws {CtiError} `driver.refused` when it is taken
   */
  park(options?: WaitOptions & { readonly slot?: number }): Promise<number | undefined>;
  /** A hook flash on the outside line of the call. */
  flash(options?: WaitOptions): Promise<Settled>;
  /** Sends the caller into a flow and takes them back when it ends. */
  toFlow(flow: string, options?: WaitOptions): Promise<Settled>;
  startRecording(options?: WaitOptions): Promise<Settled>;
  stopRecording(options?: WaitOptions): Promise<Settled>;
  pauseRecording(options?: WaitOptions): Promise<Settled>;
  resumeRecording(options?: WaitOptions): Promise<Settled>;
  /** Puts texts beside the call (at most 64 keys of 1,000 characters); they move along with it. */
  setData(data: Readonly<Record<string, string>>, options?: WaitOptions): Promise<Settled>;
}

/** The calls of a desk, by id; an alias finds the call that it was merged into. Iterates over the calls, oldest first. */
export interface CallList extends Iterable<Call> {
  readonly size: number;
  get(id: string): Call | undefined;
  /** @throws {CtiError} `call.notFound` */
  getOrThrow(id: string): Call;
  has(id: string): boolean;
}

/** Somebody who waits on a park slot of the desk's switch. */
export interface ParkedCall {
  readonly slot: number;
  /** Who it is, where the switch tells it. */
  readonly party?: Party;
  /** Epoch ms. */
  readonly since: number;
}

/** What a desk tells, after its state has changed. A change that happened while the page was away is told when it is back, once. */
export type DeskEvents = {
  /** My phone rings for a call that I did not make. */
  callOffered: { readonly call: Call };
  /** A call that I make has begun. */
  callDialing: { readonly call: Call };
  callConnected: { readonly call: Call };
  callHeld: { readonly call: Call };
  callRetrieved: { readonly call: Call };
  /** Anything of the call changed (also after each event above). */
  callUpdated: { readonly call: Call };
  /** My part in it is over. `call.state` is `ended`, and it is no longer among the calls. */
  callEnded: { readonly call: Call; readonly end: CallEnd };
  /** My phone rang for a call of somebody else's, and nobody took it while it did. Told after `callEnded`. */
  callMissed: { readonly call: Call };
  /** {@link AgentDesk.speedDial} is another now. */
  speedDialChanged: { readonly speedDial: readonly SpeedDialEntry[] };
  /** {@link AgentDesk.parked} is another now. */
  parkedChanged: { readonly parked: readonly ParkedCall[] };
  agentChanged: { readonly agent: AgentInfo; readonly before: AgentInfo };
  /** A screen pop was offered or changed. Use `screenPop` to show it once whatever the number of tabs. */
  pop: { readonly pop: PopView; readonly call: Call | undefined };
  /** The link to the server. */
  linkChanged: { readonly state: LinkState; readonly before: LinkState };
  /** The link between the server and a switch. */
  switchChanged: { readonly switchId: SwitchId; readonly state: 'up' | 'down' };
};

/** An agent's desk. */
export interface AgentDesk extends EventSource<DeskEvents> {
  /** The agent, as the server last said. Plain data; a new object after each change. */
  readonly agent: AgentInfo;
  readonly calls: CallList;
  readonly link: LinkState;
  /** Reasons that the site has configured for {@link AgentDesk.notReady}; empty when the server does not tell them. */
  readonly notReadyReasons: readonly string[];
  /** The kinds of work that the agent's queues give, as the server said at the last connect. */
  readonly workKinds: readonly WorkKind[];
  /** The agent's speed dial list: the own codes and those of the site. Dial one as `speed:<code>`; who may not see a number dials it so as well. */
  readonly speedDial: readonly SpeedDialEntry[];
  /** Epoch ms by the server's clock: what `since` and `startedAt` count on, whatever this machine's clock says. */
  serverNow(): number;
  /** Logs on at a seat (default: the configured one); the agent is then not ready. @throws {CtiError} `agent.seat` when someone else sits there */
  logOn(options?: WaitOptions & { readonly seat?: string }): Promise<Settled>;
  /** Logs off, during a call at its end. */
  logOff(options?: WaitOptions): Promise<Settled>;
  /** Ready for work, during a call at its end; ends work after a call. Logs on first when logged off. `kinds`: for these and no others; default: for all. */
  ready(options?: WaitOptions & { readonly kinds?: readonly WorkKind[] }): Promise<Settled>;
  /**
   * Not ready, with a configured reason. `kinds`: for these kinds of work only, of those that the agent is ready for; without any left the
   * agent is not ready. @throws {CtiError} `argument.invalid` for a reason that is not configured
   */
  notReady(reason: string, options?: WaitOptions & { readonly kinds?: readonly WorkKind[] }): Promise<Settled>;
  /**
   * `on`: nobody rings me. Direct calls and transfers to me find me busy, and queues offer me nothing, also not what rings now; my own calls, emergency
   * numbers and a direct call that rings already are not touched. Ends with `off` and when I log off. @throws {CtiError} `agent.state` when logged off
   */
  doNotDisturb(mode: 'on' | 'off', options?: WaitOptions): Promise<Settled>;
  /** Rings my phone, then dials `to`: extension, number, masked reference, `agent:<id>` or `speed:<code>`. @returns the call, as soon as it exists */
  dial(to: string, options?: WaitOptions & { readonly data?: Readonly<Record<string, string>> }): Promise<Call>;
  /** Who waits on the park slots of the desk's switch, whoever has parked them, by slot. */
  readonly parked: readonly ParkedCall[];
  /** My phone takes back who waits on a slot. @throws {CtiError} `call.notFound` when nobody does, `command.notSupported` */
  unpark(slot: number, options?: WaitOptions): Promise<Call>;
  /** My phone takes what rings at another one: `from` an extension or `agent:<id>`, default any that rings in its own group. @throws {CtiError} `call.state` when nothing rings there */
  pickUp(options?: WaitOptions & { readonly from?: string }): Promise<Call>;
  /** My phone speaks through the loudspeakers of a zone, 0 (all) to 9. */
  page(zone: number, options?: WaitOptions): Promise<Call>;
  /** Is there a number to dial again? What this desk last dialled is kept in its own memory alone, until it closes; a phone that can do it by itself knows its own. */
  readonly canRedial: boolean;
  /** Dials again what this desk last dialled with {@link AgentDesk.dial}, else what the phone itself did, where it can. @throws {CtiError} `argument.invalid` when nothing was dialled yet; as `dial` */
  redial(options?: WaitOptions): Promise<Call>;
  /** What calls can be filed under, as the site has configured. */
  readonly callCategories: readonly string[];
  /** The last calls that rang here and were not taken, newest first; at most 500, default 20. */
  missedCalls(options?: WaitOptions & { readonly limit?: number }): Promise<readonly MissedCall[]>;
  /**
   * What stands on a call of mine, while it goes on or any time afterwards, whoever wrote it; `undefined` when nobody has. Numbers in it are masked as in all that I am told.
   * @throws {CtiError} `cdr.notFound`, `resource.notFound` (an older server, which tells no notes), `link.closed`, `wait.aborted`
   */
  readNote(callId: string, options?: WaitOptions): Promise<CallNote | undefined>;
  /**
   * Writes a note, a ticket or a category on a call of mine, while it goes on or any time afterwards, in the place of what stood there (see
   * {@link AgentDesk.readNote}); nothing at all takes it away. Of two who write at the same time, the later one's note stays.
   * @throws {CtiError} `cdr.notFound`, `argument.invalid` (a category that is not configured), `link.closed`, `wait.aborted`
   */
  writeNote(callId: string, note: CallNoteText & WaitOptions): Promise<void>;
  /** Closes the link and removes all listeners; calls and agent state live on at the server until the lease runs out. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

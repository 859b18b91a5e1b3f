import type { MonitorMode } from './driver-commands.js';
import type { CtiErrorCode, CtiErrorDetails } from './errors.js';
import type {
  AgentId,
  CallId,
  ClientCommandId,
  ClientId,
  ConnectionId,
  DeviceId,
  PopId,
  QueueId,
  UserId,
} from './ids.js';
import type { WorkKind } from './work.js';

/** What a user is to the system. Checked before a command becomes an input; the engine checks again what depends on its state. */
export const ROLES = ['agent', 'supervisor', 'reviewer', 'admin', 'operator'] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Who says a command. */
export interface Actor {
  readonly userId: UserId;
  readonly role: Role;
  /** The agent that this user is, if any. */
  readonly agentId?: AgentId;
  readonly clientId: ClientId;
}

/**
 * What clients ask for, in the words of ECMA-269 where it has them. `callId` may be an alias. "Mine" is the acting agent's
 * own connection of that call. Each settles once: `done` when the switch has confirmed, `unconfirmed` where nothing on the line can confirm it, or an error.
 */
export type ClientCommand =
  /** Logs on at a seat (default: the configured one) as not ready (`loggedOn`). `agent.seat` when another agent sits there. */
  | { readonly type: 'agent.logOn'; readonly seat?: DeviceId }
  /** At once when free, else after the call. */
  | { readonly type: 'agent.logOff' }
  /** Ready for these kinds of work and no others (1-3; absent: all); during a call it waits as `next`. Ends after-call work. */
  | { readonly type: 'agent.ready'; readonly kinds?: readonly WorkKind[] }
  /**
   * Not ready, with a configured reason. `kinds`: only for these kinds of work; ready for the others, where the agent is ready (or will be, `next`)
   * for any of them. Nothing else changes for an agent who is not ready anyhow.
   */
  | { readonly type: 'agent.notReady'; readonly reason: string; readonly kinds?: readonly WorkKind[] }
  /**
   * `on`: calls to the agent (by name, at the extension of their seat, by transfer, by a route) are refused as `busy`, and queues offer
   * nothing, whatever the readiness is; a queue's offer that rings goes to the next agent. A direct call that rings already rings on; calls
   * of the agent's own making, what comes back from a failed transfer of theirs, and emergency numbers are not touched. Ends with `off` and at log-off. `agent.state` when logged off.
   */
  | { readonly type: 'agent.doNotDisturb'; readonly mode: 'on' | 'off' }
  /** The page is alive; renews the lease. */
  | { readonly type: 'agent.lease' }
  /** Rings the agent's seat first, then dials (L9). `to` is an extension, a number, a masked reference, an agent as `agent:<id>`, or a speed dial as `speed:<code>`. */
  | { readonly type: 'call.make'; readonly to: string; readonly data?: Readonly<Record<string, string>> }
  /**
   * Dials an outside number or extension and puts whoever answers into a flow, for supervisors and for the server itself (call-out of a message, R6). `data` are the flow's
   * to read. Settles with the new `callId` when the switch dials; what became of it stands in its record. `argument.number`: an emergency number is never dialled by a machine.
   */
  | {
      readonly type: 'flow.call';
      readonly to: string;
      readonly flow: string;
      readonly data?: Readonly<Record<string, string>>;
    }
  /** Answers my alerting connection, where the phone lets itself be told; else `command.notSupported`. */
  | { readonly type: 'call.answer'; readonly callId: CallId }
  /** Refuses my alerting connection: the next agent is tried. */
  | { readonly type: 'call.reject'; readonly callId: CallId }
  /** Clears my connection; a call of two ends. */
  | { readonly type: 'call.clear'; readonly callId: CallId }
  | { readonly type: 'call.hold'; readonly callId: CallId }
  | { readonly type: 'call.retrieve'; readonly callId: CallId }
  | { readonly type: 'call.mute'; readonly callId: CallId; readonly mode: 'mute' | 'unmute' }
  | { readonly type: 'call.sendDigits'; readonly callId: CallId; readonly digits: string }
  /** Holds the call and calls another party from the same seat. The result carries the new `callId`. `to` may be `queue:<id>`. */
  | { readonly type: 'call.consult'; readonly callId: CallId; readonly to: string; readonly note?: string }
  /** Joins the held call's others with the consulted party; I leave. Before the answer: completes as a blind transfer. */
  | { readonly type: 'call.completeTransfer'; readonly callId: CallId }
  /** Ends the consultation and retrieves the held call. */
  | { readonly type: 'call.cancelConsult'; readonly callId: CallId }
  /** Swaps held and active. */
  | { readonly type: 'call.alternate'; readonly callId: CallId }
  /** Joins held call and consultation with me in it. */
  | { readonly type: 'call.conference'; readonly callId: CallId }
  /** Blind transfer: I leave at once. Fails -> my seat rings again, else back to the queue. `to` may be `queue:<id>`, `ivr:<flow>`, `agent:<id>`. */
  | { readonly type: 'call.transfer'; readonly callId: CallId; readonly to: string; readonly note?: string }
  /** Dials another member into the call. */
  | { readonly type: 'call.addParty'; readonly callId: CallId; readonly to: string }
  | { readonly type: 'call.dropParty'; readonly callId: CallId; readonly connectionId: ConnectionId }
  | {
      readonly type: 'call.mutePart';
      readonly callId: CallId;
      readonly connectionId: ConnectionId;
      readonly mode: 'mute' | 'unmute';
    }
  /** Sends the caller into a flow and takes them back when it ends (L5). */
  | { readonly type: 'call.toFlow'; readonly callId: CallId; readonly flow: string }
  /**
   * Leaves the other party of a call of two on a park slot (1-255; the first free one where absent), to be taken back from any phone. The result carries the `slot`.
   * `driver.refused` when the slot is taken.
   */
  | { readonly type: 'call.park'; readonly callId: CallId; readonly slot?: number }
  /** My phone takes whoever waits on this slot. `call.notFound` when nobody does. */
  | { readonly type: 'call.unpark'; readonly slot: number }
  /** My phone takes what rings at that extension (or `agent:<id>`), else anything that rings in its own group. */
  | { readonly type: 'call.pickUp'; readonly from?: string }
  /** My phone speaks through the loudspeakers of a zone, 0 (all) to 9. */
  | { readonly type: 'call.page'; readonly zone: number }
  /** My phone dials its last outside number again. */
  | { readonly type: 'call.redial' }
  /** A hook flash on the outside line of my call. */
  | { readonly type: 'call.flash'; readonly callId: CallId }
  | { readonly type: 'call.record'; readonly callId: CallId; readonly mode: 'start' | 'stop' | 'pause' | 'resume' }
  /** `recording.consent` of `yes` or `no` notes what the caller says to being recorded; after `no` nothing is recorded. */
  | { readonly type: 'call.setData'; readonly callId: CallId; readonly data: Readonly<Record<string, string>> }
  /** Supervisors: joins with the supervisor's own seat, or switches the mode. */
  | {
      readonly type: 'supervise.monitor';
      readonly callId: CallId;
      readonly agentId: AgentId;
      readonly mode: MonitorMode;
      readonly seat?: DeviceId;
    }
  | { readonly type: 'supervise.stop'; readonly callId: CallId }
  /** Ends the customer's part; the agent returns to a known state. */
  | { readonly type: 'supervise.forceRelease'; readonly callId: CallId }
  /**
   * Sets what an agent wants. `kinds` is as in `agent.ready` and `agent.notReady`: ready for these alone, or these taken away; with `loggedOff` it is
   * refused (`argument.invalid`). `reason` goes with `notReady` and is one of the configured ones, else it is refused as well; default `supervisorForced`.
   */
  | {
      readonly type: 'supervise.agentState';
      readonly agentId: AgentId;
      readonly state: 'ready' | 'notReady' | 'loggedOff';
      readonly reason?: string;
      readonly kinds?: readonly WorkKind[];
    }
  | { readonly type: 'supervise.pickWaiting'; readonly callId: CallId; readonly toAgent: AgentId }
  | { readonly type: 'supervise.record'; readonly callId: CallId; readonly mode: 'start' | 'stop' }
  /** One tab takes the pop. `pop.gone` when another one has it or the call is over. */
  | { readonly type: 'pop.claim'; readonly popId: PopId; readonly tab: string }
  | {
      readonly type: 'pop.acknowledge';
      readonly popId: PopId;
      readonly tab: string;
      readonly outcome: 'shown' | 'blocked' | 'dismissed';
    }
  /** A route is paused or enabled by hand (L2, V5). */
  | { readonly type: 'route.set'; readonly routeId: string; readonly enabled: 'enabled' | 'paused' }
  /**
   * Supervisors: sets a switch of the configuration (`modes`) that flows branch on (V5). It holds until it is set again, across restarts, and as long as the
   * configuration has the value. `resource.notFound` for a switch that is none, `argument.invalid` for a value that it does not have.
   */
  | { readonly type: 'mode.set'; readonly mode: string; readonly value: string }
  | {
      readonly type: 'queue.membership';
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly mode: 'join' | 'leave';
    };

/** The `type` of every client command. */
export type ClientCommandType = ClientCommand['type'];

/** How a client command settled. Kept for at least ten minutes and across a restart. */
export type ClientOutcome =
  /** `slot`: where the call was parked. */
  | { readonly outcome: 'done'; readonly callId?: CallId; readonly slot?: number }
  | { readonly outcome: 'unconfirmed'; readonly callId?: CallId }
  | {
      readonly outcome: 'failed';
      readonly code: CtiErrorCode;
      readonly message: string;
      readonly details?: CtiErrorDetails;
    };

/** A command under its id. */
export interface ClientRequest {
  readonly commandId: ClientCommandId;
  readonly actor: Actor;
  readonly command: ClientCommand;
}

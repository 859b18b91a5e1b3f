import type {
  AgentId,
  AgentView,
  CallView,
  ClientCommand,
  ClientCommandId,
  ClientId,
  ClientOutcome,
  ConnectionState,
  EngineInputBody,
  Role,
  UserId,
  WorkKind,
} from '@cordboard/cti-core';
import { timerOn } from '../scheduler.js';
import type { Leg, VirtualParty } from '../switch/model.js';
import type { VirtualSwitch } from '../switch/virtual-switch.js';
import type { Timer } from '../timer-queue.js';
import type { EngineHost } from './engine-host.js';
import { inMs, type Time } from './time.js';

/** What an agent does with a call that rings. */
export type RingHabit =
  | { readonly does: 'answer'; readonly afterMs: number }
  | { readonly does: 'reject'; readonly afterMs: number }
  | { readonly does: 'ignore' };

/** A command that was given; `outcome` is there when it has settled. */
export interface Given {
  outcome?: ClientOutcome;
}

/** What agents look at: the latest views of agents and calls. */
export interface LookedAt {
  agent(name: string): AgentView | undefined;
  call(callId: string): CallView | undefined;
}

/** What an agent is made of. */
export interface AgentParts {
  readonly name: string;
  readonly pbx: VirtualSwitch;
  readonly host: EngineHost;
  readonly board: LookedAt;
  readonly phone: VirtualParty;
  readonly role?: Role;
}

const DEFAULT_RING: RingHabit = { does: 'answer', afterMs: 2_000 };
/** Two thirds of the lease of 30 s. */
const LEASE_EVERY_MS = 20_000;

/** A person at a phone with a page: gives commands, lifts and hangs up. Logged on and ready unless told otherwise. */
export class FloorAgent {
  readonly name: string;
  readonly phone: VirtualParty;
  /** Asked at each ring; what it returns is done. Default: answers after 2 s. */
  onRing: (leg: Leg) => RingHabit = () => DEFAULT_RING;
  /** Called when a call at the phone is up and bridged for the first time. */
  onTalk: ((leg: Leg) => void) | undefined;
  readonly #parts: AgentParts;
  readonly #clientId: ClientId;
  #commands = 0;
  #wish: 'none' | 'told' = 'none';
  #online: 'online' | 'offline' = 'offline';
  /** What the server hears of the page. */
  readonly #presence: Readonly<Record<'online' | 'offline', EngineInputBody>>;
  /** Runs until the page is heard again. */
  #lease: Timer | undefined;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#clientId = `tab-${parts.name}` as ClientId;
    this.name = parts.name;
    this.phone = parts.phone;
    const { name } = parts;
    const said = {
      kind: 'presence',
      userId: name as UserId,
      clientId: this.#clientId,
      agentId: name as AgentId,
    } as const;
    this.#presence = { online: { ...said, state: 'online' }, offline: { ...said, state: 'offline' } };
    let greeted: readonly Leg[] = [];
    parts.phone.hooks = {
      ringing: (leg) => this.#ring(leg),
      bridged: (leg) => {
        if (greeted.includes(leg)) return;
        greeted = [...greeted, leg];
        timerOn(parts.pbx.clock, 0, () => this.onTalk?.(leg));
      },
      cleared: (leg) => {
        greeted = greeted.filter((other) => other !== leg);
      },
    };
  }

  /** As the board shows it. */
  get view(): AgentView | undefined {
    return this.#parts.board.agent(this.name);
  }

  /** Was anything said about whether this agent works? */
  get isTold(): boolean {
    return this.#wish === 'told';
  }

  /** Logs on and takes calls: of all kinds of work, or of these. */
  ready(kinds?: readonly WorkKind[]): this {
    this.#logOn();
    this.give({ type: 'agent.ready', ...(kinds === undefined ? {} : { kinds }) });
    return this;
  }

  /** Logs on and does not take calls. */
  isOnBreak(reason = 'break'): this {
    this.#logOn();
    this.give({ type: 'agent.notReady', reason });
    return this;
  }

  /** Is away. */
  isLoggedOff(): this {
    this.#wish = 'told';
    this.#lease?.cancel();
    if (this.view !== undefined && this.view.state !== 'loggedOff') this.give({ type: 'agent.logOff' });
    return this;
  }

  /** Lifts each call after so long. */
  answers(options: { readonly after: Time }): this {
    const afterMs = inMs(options.after);
    this.onRing = () => ({ does: 'answer', afterMs });
    return this;
  }

  /** Lets it ring. */
  ignores(): this {
    this.onRing = () => ({ does: 'ignore' });
    return this;
  }

  /** Refuses each call at the phone. */
  rejects(options: { readonly after: Time } = { after: '1s' }): this {
    const afterMs = inMs(options.after);
    this.onRing = () => ({ does: 'reject', afterMs });
    return this;
  }

  /** Hangs up at the phone. */
  hangsUp(): this {
    for (const leg of [...this.phone.legs]) this.#parts.pbx.hangUp(leg);
    return this;
  }

  /** The page falls silent: no lease is renewed and no command given. */
  goesSilent(): this {
    this.#lease?.cancel();
    return this;
  }

  /** Holds the call. */
  hold(): Given {
    return this.#onCall('connected', (callId) => ({ type: 'call.hold', callId }));
  }
  /** Takes the held call back. */
  retrieve(): Given {
    return this.#onCall('held', (callId) => ({ type: 'call.retrieve', callId }));
  }
  /** Ends the call by command. */
  clear(): Given {
    return this.#onCall('connected', (callId) => ({ type: 'call.clear', callId }));
  }
  /** Holds the call and calls somebody else. */
  consult(to: string, note?: string): Given {
    return this.#onCall('connected', (callId) => ({
      type: 'call.consult',
      callId,
      to,
      ...(note === undefined ? {} : { note }),
    }));
  }
  /** Joins the held call with the consulted party. */
  completeTransfer(): Given {
    return this.#onCall('held', (callId) => ({ type: 'call.completeTransfer', callId }));
  }
  /** Ends the consultation. */
  cancelConsult(): Given {
    return this.#onCall('held', (callId) => ({ type: 'call.cancelConsult', callId }));
  }
  /** Swaps the held call and the active one. */
  alternate(): Given {
    return this.#onCall('held', (callId) => ({ type: 'call.alternate', callId }));
  }
  /** Joins all three. */
  conference(): Given {
    return this.#onCall('held', (callId) => ({ type: 'call.conference', callId }));
  }
  /** Sends the call elsewhere. */
  transfer(to: string): Given {
    return this.#onCall('connected', (callId) => ({ type: 'call.transfer', callId, to }));
  }
  /** Calls somebody. */
  make(to: string): Given {
    return this.give({ type: 'call.make', to });
  }

  /** Gives any command. */
  give(command: ClientCommand): Given {
    const given: Given = {};
    const { host, name, role = 'agent' } = this.#parts;
    const commandId = `${name}-${this.#commands++}` as ClientCommandId;
    const isAgent = role === 'agent' ? { agentId: name as AgentId } : {};
    host.client(
      { commandId, actor: { userId: name as UserId, role, ...isAgent, clientId: this.#clientId }, command },
      (outcome) => {
        given.outcome = outcome;
      },
    );
    return given;
  }

  /** The call in which this agent's connection has that state, if any. */
  callIn(state: ConnectionState): CallView | undefined {
    for (const callId of this.view?.calls ?? []) {
      const call = this.#parts.board.call(callId);
      if (call?.connections.some((item) => item.agentId === this.name && item.state === state)) return call;
    }
    return undefined;
  }

  #onCall(state: ConnectionState, command: (callId: CallView['callId']) => ClientCommand): Given {
    const call = this.callIn(state);
    return call === undefined ? {} : this.give(command(call.callId));
  }

  /** The page's socket comes or goes; the lease is renewed while it is there. */
  isOnline(state: 'online' | 'offline'): this {
    this.#online = state;
    this.#parts.host.input(this.#presence[state]);
    if (state === 'online') this.#renew();
    else this.#lease?.cancel();
    return this;
  }

  #logOn(): void {
    this.#wish = 'told';
    if (this.#online === 'offline') this.isOnline('online');
    else this.#renew();
    if ((this.view?.state ?? 'loggedOff') === 'loggedOff') this.give({ type: 'agent.logOn' });
  }

  #renew(): void {
    this.#lease?.cancel();
    this.#lease = timerOn(this.#parts.pbx.clock, LEASE_EVERY_MS, this.#hear);
  }

  /** As a server does for a page that it hears. One function for all the times of a shift. */
  readonly #hear = (): void => {
    this.#parts.host.input(this.#presence.online);
    this.#renew();
  };

  #ring(leg: Leg): void {
    const { pbx } = this.#parts;
    const habit = this.onRing(leg);
    if (habit.does === 'ignore') return;
    timerOn(pbx.clock, habit.afterMs, () => {
      if (leg.state !== 'alerting') return;
      if (habit.does === 'answer') pbx.lift(leg);
      else pbx.hangUp(leg);
    });
  }
}

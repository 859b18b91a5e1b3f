import type { Clock } from '@cordboard/cti-core';
import type { RandomStream } from '../../random.js';
import { randomStream } from '../../random.js';
import type { Leg } from '../../switch/model.js';
import type { VirtualSwitch } from '../../switch/virtual-switch.js';
import type { AppTable } from '../apps/app.js';
import { Identity } from '../identity.js';
import { drawEslOrder, type EslOrder, type EslOrderGroup } from '../orders.js';
import type { EslEvent, HeaderValue } from '../wire/event.js';
import type { Channel } from './channel.js';
import type { Conference } from './conference.js';
import type { Dialplan } from './dialplan.js';
import type { Link } from './link.js';
import { SOURCES, type SourceId } from './sources.js';
import { CALL_STATES, type CallState, type ChannelState } from './states.js';

/** One more header of an event. */
export type Extra = readonly [name: string, value: HeaderValue];

/** What an event of a channel has beside the channel's own headers. */
export interface ChannelEventParts {
  readonly source?: SourceId;
  readonly subclass?: string;
  /** Default `full`: with variables. */
  readonly detail?: 'full' | 'basic';
  /** In front of everything: what another event brought along. */
  readonly first?: readonly Extra[];
  /** In front of the channel's headers. */
  readonly lead?: readonly Extra[];
  /** Behind them. */
  readonly trail?: readonly Extra[];
  readonly body?: string;
}

/** An event that belongs to no channel. */
export interface PlainEventParts {
  readonly source: SourceId;
  readonly subclass?: string;
  readonly headers: readonly Extra[];
  readonly body?: string;
}

/** What the switch needs to know of its site. */
export interface EslSwitchOptions {
  readonly pbx: VirtualSwitch;
  readonly clock: Clock;
  readonly seed: number;
  readonly hostname: string;
  readonly orders: 'drawn' | 'plain';
  readonly dialplan: Dialplan;
  readonly apps: AppTable;
  /** Length of a sound file in ms; `undefined`: there is no such file. */
  readonly soundMs: (path: string) => number | undefined;
  /** A recording is finished: its file should hold that much sound. */
  readonly keepRecording: (path: string, durationMs: number) => void;
  /** Names of gateways that `sofia/gateway/NAME/...` may dial. */
  readonly gateways: readonly string[];
}

/**
 * The switch as its event socket shows it: channels with states, variables and applications over the connections of a virtual switch, which
 * alone knows telephones, rings them and carries calls. Everything that happens is fired as an event to whoever listens.
 */
export class EslSwitch {
  readonly options: EslSwitchOptions;
  readonly pbx: VirtualSwitch;
  readonly clock: Clock;
  readonly random: RandomStream;
  readonly channels = new Map<string, Channel>();
  readonly byLeg = new Map<Leg, Channel>();
  readonly links = new Map<Channel, Link>();
  readonly conferences = new Map<string, Conference>();
  readonly globals = new Map<string, string>();
  /** Whoever hears all events. */
  readonly listeners = new Set<(event: EslEvent) => void>();
  /** How often each order came up. */
  readonly reached = new Map<EslOrder, number>();
  identity: Identity;
  /** Members of conferences so far. */
  memberIds = 0;
  /** The connection that is being made by a call of ours: what the virtual switch tells of its making is known already. */
  expecting: string | undefined;
  /** Joins two channels; set where the parts of the switch are put together. */
  bridgeCommand: ((a: Channel, b: Channel) => void) | undefined;
  /** Hear of each channel that hangs up, a moment after CHANNEL_HANGUP. */
  readonly endings = new Set<(channel: Channel) => void>();
  /** Asked when a channel is about to go for good: a client that lingers on it keeps it until it lets go. */
  readonly lingers = new Set<(channel: Channel) => ((last: () => void) => void) | undefined>();
  #life = 0;
  readonly #timers = new Set<() => void>();

  constructor(options: EslSwitchOptions) {
    this.options = options;
    this.pbx = options.pbx;
    this.clock = options.clock;
    this.random = randomStream(options.seed, 'esl:switch');
    this.identity = this.#newIdentity();
  }

  /** Timers that are set. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Comes up as another process: nothing of before is known any more. */
  rebirth(): void {
    this.halt();
    this.channels.clear();
    this.byLeg.clear();
    this.links.clear();
    this.conferences.clear();
    this.endings.clear();
    this.globals.clear();
    this.#life++;
    this.identity = this.#newIdentity();
  }

  /** Takes all timers back. */
  halt(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #newIdentity(): Identity {
    const { seed, hostname } = this.options;
    return new Identity(this.clock, { seed, hostname, life: this.#life });
  }

  /** Takes a new channel in. */
  admit(channel: Channel): void {
    this.channels.set(channel.uuid, channel);
    this.byLeg.set(channel.leg, channel);
    this.identity.sessions++;
    this.identity.peakSessions = Math.max(this.identity.peakSessions, this.channels.size);
  }

  /** Whoever keeps a channel that has ended, if somebody does. */
  lingering(channel: Channel): ((last: () => void) => void) | undefined {
    for (const ask of this.lingers) {
      const keeps = ask(channel);
      if (keeps !== undefined) return keeps;
    }
    return undefined;
  }

  /** Draws an order and counts it. */
  order<G extends EslOrderGroup>(group: G): EslOrder<G> {
    const id = drawEslOrder(group, this.random, this.options.orders);
    this.reached.set(id, (this.reached.get(id) ?? 0) + 1);
    return id;
  }

  /** Runs after a while; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void {
    const cancel = this.clock.setTimer(delayMs, () => {
      this.#timers.delete(dispose);
      run();
    });
    const dispose = (): void => {
      this.#timers.delete(dispose);
      cancel();
    };
    this.#timers.add(dispose);
    return dispose;
  }

  /** Runs after a while unless the channel has hung up or been sent elsewhere by then. */
  onThread(channel: Channel, delayMs: number, run: () => void): () => void {
    const { epoch } = channel;
    return this.after(delayMs, () => {
      if (channel.isUp && channel.epoch === epoch) run();
    });
  }

  /** How long another thread takes to notice: up to one frame of 20 ms, as media loops do. */
  noticeMs(): number {
    return this.options.orders === 'plain' ? 5 : this.random.int(0, 20);
  }

  /** Fires an event that belongs to no channel. */
  fire(name: string, parts: PlainEventParts): void {
    this.prepare(name, parts)();
  }

  /** Makes an event that belongs to no channel, with its number and time of now, to be fired later. */
  prepare(name: string, parts: PlainEventParts): () => void {
    const { source, subclass, headers, body } = parts;
    const event: EslEvent = {
      name,
      headers: [...this.identity.stamp(name, SOURCES[source], subclass), ...headers],
      ...(subclass === undefined ? {} : { subclass }),
      ...(body === undefined ? {} : { body }),
    };
    return () => this.send(event);
  }

  /** Makes an event of a channel as it stands now. */
  eventOf(channel: Channel, name: string, parts: ChannelEventParts = {}): EslEvent {
    const { subclass, detail = 'full', first = [], lead = [], trail = [], body } = parts;
    const source = SOURCES[parts.source ?? (name as SourceId)];
    const headers = [
      ...first,
      ...this.identity.stamp(name, source, subclass),
      ...lead,
      ...channel.headers(detail),
      ...trail,
    ];
    return {
      name,
      headers,
      ...(subclass === undefined ? {} : { subclass }),
      ...(body === undefined ? {} : { body }),
    };
  }

  /** Fires an event of a channel. */
  tell(channel: Channel, name: string, parts: ChannelEventParts = {}): void {
    this.send(this.eventOf(channel, name, parts));
  }

  /** Hands an event to all listeners. */
  send(event: EslEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  /** The channel's thread enters a state: CHANNEL_STATE. */
  enter(channel: Channel, state: ChannelState): void {
    channel.running = state;
    if (channel.hangupCause === undefined || state === 'CS_REPORTING') channel.state = state;
    this.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  }

  /** The call state changes: CHANNEL_CALLSTATE with the old one beside it. */
  setCallState(channel: Channel, state: CallState): void {
    if (channel.callState === state) return;
    const old = channel.callState;
    channel.callState = state;
    this.tell(channel, 'CHANNEL_CALLSTATE', {
      detail: 'basic',
      lead: [
        ['Original-Channel-Call-State', old],
        ['Channel-Call-State-Number', String(CALL_STATES[state])],
      ],
    });
  }

  /** Tells what a phone is doing, for lamps: PRESENCE_IN. Only channels of users have it. */
  presence(channel: Channel, status: string): void {
    const { presenceId } = channel;
    if (presenceId === undefined) return;
    const gone = channel.answer === 'hangup';
    const info = gone ? 'idle' : status === 'hold' ? 'held' : channel.answer === 'answered' ? 'active' : 'progressing';
    this.tell(channel, 'PRESENCE_IN', {
      detail: 'basic',
      trail: [
        ['proto', 'any'],
        ['login', 'src/switch_channel.c'],
        ['from', presenceId],
        ['rpid', 'unknown'],
        ['status', status],
        ['event_type', 'presence'],
        ['alt_event_type', 'dialog'],
        ['presence-call-info-state', channel.direction === 'inbound' && info === 'progressing' ? 'alerting' : info],
        ['presence-call-direction', channel.direction],
        ['event_count', String(presenceCount(channel))],
        ['Presence-Calling-File', 'src/switch_core_state_machine.c'],
        ['Presence-Calling-Function', 'check_presence'],
        ['Presence-Calling-Line', '521'],
      ],
    });
  }
}

const counts = new WeakMap<Channel, number>();
function presenceCount(channel: Channel): number {
  const count = counts.get(channel) ?? 0;
  counts.set(channel, count + 1);
  return count;
}

import type {
  ConnectionSnapshot,
  DriverEvent,
  DriverHost,
  DriverSink,
  LinkDownReason,
  LinkId,
  SwitchId,
} from '@cordboard/cti-core';
import { LinkLoop, linkLog, Unreadable } from '@cordboard/driver-kit';
import { type AmiAddress, type AmiSession, dialAmi } from '../link/ami-link.js';
import { type ObserveEffect, ObserveModel } from '../map/observe.js';
import { type AsteriskOptions, linkPolicy } from '../options.js';
import type { AmiMessage } from '../wire/ami-message.js';

const ACTION_MS = 10_000;
/** A channel that the dialplan answers before it hands it to the application is there within this. */
const DOUBT_MS = 500;
/** Channels of other people that are kept; a switch with more is not watched. */
const MAX_CHANNELS = 50_000;
const MAX_WAITING_EVENTS = 100_000;

/** What {@link AmiSide} is made of. */
export interface AmiSideOptions {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: AsteriskOptions;
  readonly address: AmiAddress;
  readonly linkId: LinkId;
  readonly sink: DriverSink;
  readonly isOurs: (channelId: string) => boolean;
  readonly trunks: () => ReadonlySet<string>;
  /** The calls' own link: while it is down nothing is known, and nothing is told of anybody. */
  readonly calls: {
    readonly isUp: () => boolean;
    /** Tells the snapshot of everything and what can be done now. */
    readonly announce: (linkId: LinkId) => void;
    /** Tells that this link is down and what can be done without it. */
    readonly retract: (linkId: LinkId, reason: LinkDownReason) => void;
  };
}

/** Other people's calls: one link to the manager port, which is only listened to. */
export class AmiSide {
  readonly #options: AmiSideOptions;
  readonly #loop: LinkLoop<AmiSession>;
  readonly #model: ObserveModel;
  readonly #unreadable: Unreadable;
  readonly #timers = new Set<() => void>();
  #phase: 'down' | 'asking' | 'ready' | 'announced' = 'down';
  #waiting: AmiMessage[] = [];

  constructor(options: AmiSideOptions) {
    this.#options = options;
    const { host } = options;
    this.#model = new ObserveModel(options);
    this.#unreadable = new Unreadable({ linkId: options.linkId, clock: host.clock, emit: options.sink });
    this.#loop = new LinkLoop<AmiSession>({
      clock: host.clock,
      random: host.random,
      policy: linkPolicy(options.options),
      dial: (signal) => dialAmi(options.address, { clock: host.clock, random: host.random, signal }),
      logIn: (session, signal) => session.logIn(options.address, { timeoutMs: options.options.connectTimeout, signal }),
      probe: (session, signal) => session.probe({ timeoutMs: options.options.probeTimeout, signal }),
      heardAtMs: (session) => session.heardAtMs,
      up: (session) => this.#up(session),
      down: (reason) => this.#down(reason),
      state: linkLog({ log: host.log, switchId: options.switchId, linkId: options.linkId }),
    });
  }

  /** Is it up, complete, and told? */
  get isAnnounced(): boolean {
    return this.#phase === 'announced';
  }

  /** Other people's connections, for a snapshot. */
  get connections(): readonly ConnectionSnapshot[] {
    return this.#phase === 'down' ? [] : this.#model.snapshot;
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#unreadable.stop();
  }

  /** The calls' link has come up: what waited for it is told. */
  callsUp(): void {
    if (this.#phase !== 'ready') return;
    this.#phase = 'announced';
    this.#options.calls.announce(this.#options.linkId);
  }

  #up(session: AmiSession): void {
    this.#phase = 'asking';
    this.#waiting = [];
    this.#model.clear();
    session.read(
      (event) => this.#read(session, event),
      (sample) => this.#unreadable.add(sample),
    );
    session.list('CoreShowChannels', [], { timeoutMs: ACTION_MS }).then(
      (items) => this.#ready(items),
      () => session.close('timeout'),
    );
  }

  #ready(items: readonly AmiMessage[]): void {
    if (this.#phase !== 'asking') return;
    for (const item of items) this.#model.load(item);
    // An event of the meantime tells a state; told twice it changes nothing, and nobody was told of anything yet.
    for (const event of this.#waiting) this.#follow(this.#model.apply(event));
    this.#waiting = [];
    this.#phase = 'ready';
    if (this.#options.calls.isUp()) this.callsUp();
  }

  #down(reason: LinkDownReason): void {
    const announced = this.#phase === 'announced';
    this.#phase = 'down';
    for (const cancel of [...this.#timers]) cancel();
    this.#model.clear();
    if (announced) this.#options.calls.retract(this.#options.linkId, reason);
  }

  #read(session: AmiSession, event: AmiMessage): void {
    if (this.#phase === 'asking') {
      if (this.#waiting.push(event) > MAX_WAITING_EVENTS) session.close('overflow');
      return;
    }
    this.#follow(this.#model.apply(event));
    if (this.#model.size > MAX_CHANNELS) session.close('overflow');
  }

  #follow(effects: readonly ObserveEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'tell') this.#tell(effect.event);
      else this.#doubt(effect.channelId);
    }
  }

  #tell(event: DriverEvent): void {
    if (this.#phase === 'announced' && this.#options.calls.isUp()) this.#options.sink(event);
  }

  #doubt(channelId: string): void {
    const cancel = this.#options.host.clock.setTimer(DOUBT_MS, () => {
      this.#timers.delete(cancel);
      this.#follow(this.#model.settle(channelId));
    });
    this.#timers.add(cancel);
  }
}

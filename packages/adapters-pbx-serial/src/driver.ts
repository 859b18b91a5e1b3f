import {
  asId,
  type CtiDriver,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverFacets,
  type DriverFactory,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  type LinkDownReason,
  type LinkId,
  type SwitchId,
} from '@cordboard/cti-core';
import { CommandDesk, checkedOptions, linkLog, refused, Unreadable } from '@cordboard/driver-kit';
import { PbxClock } from './clock/clock.js';
import { hotelOf } from './hotel/hotel-of.js';
import { KtsLink, LinkRequests, OfferedRequests } from './link/index.js';
import { BoardView } from './map/board-view.js';
import { Calls } from './map/calls.js';
import { ALL_CAPABILITIES, capabilitiesOf, FACET_WORDS, facetsOf } from './map/capabilities.js';
import { ServiceMap } from './map/commands.js';
import { Devices } from './map/devices.js';
import { epochOf } from './map/local-time.js';
import { recordOf } from './map/records.js';
import { resync, snapshotOf } from './map/resync.js';
import { type PbxSerialOptions, type PbxSerialOptionsInput, pbxSerialOptions, type RecordSink } from './options.js';
import { KTS_ASCII, KTS_BIN, type KtsProfile, type OpenTransport, openSerial, openTcp } from './profile/index.js';
import { KtsProgramming, StartCheck } from './programming/index.js';
import { openRecordFolder } from './records/record-folder.js';
import { Services } from './services.js';
import type { KtsMessage, MessageOf } from './wire/index.js';

/**
 * A driver of a PBX that speaks `kts-bin/1` or `kts-ascii/1` (profile `callControl`, facets `devices`, `programming`, `clock` and `hotel`).
 *
 * @returns a factory for the `switches` of a configuration
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { main: createPbxSerialDriver({ profile: 'kts-bin/1', transport: { port: '/dev/ttyUSB0' }, lines: { 1: { number: '01065001000' } } }) }
 * ```
 */
export function createPbxSerialDriver(
  input: PbxSerialOptionsInput,
): DriverFactory & { readonly options: PbxSerialOptions } {
  const options = checkedOptions(pbxSerialOptions, input, { whole: 'pbx' });
  const factory: DriverFactory = (switchId, host) => new PbxSerialDriver({ switchId, host, options });
  return Object.assign(factory, { options });
}

const PROFILES: Readonly<Record<PbxSerialOptions['profile'], KtsProfile>> = {
  'kts-bin/1': KTS_BIN,
  'kts-ascii/1': KTS_ASCII,
};
const LINK = asId<LinkId>('pbx');
/** What belongs together a PBX tells at once: at 1,200 Bd a dozen messages of it take so long. */
const DOUBT_MS = 2_000;
/** Above any PBX that can be: what tells more is not one. */
const MAX_CONNECTIONS = 8_192;

/** See {@link createPbxSerialDriver}. */
export class PbxSerialDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'callControl';
  readonly #host: DriverHost;
  readonly #stop = new AbortController();
  readonly #desk: CommandDesk;
  readonly #link: KtsLink;
  readonly #requests: LinkRequests;
  readonly #calls: Calls;
  readonly #devices: Devices;
  readonly #view: BoardView;
  readonly #services: Services;
  readonly #unreadable: Unreadable;
  readonly #records: RecordSink | undefined;
  readonly #startCheck: StartCheck | undefined;
  readonly #allFacets: DriverFacets;
  #facets: DriverFacets;
  #inForce: ReadonlySet<DriverCapability> = new Set();
  #stage: 'down' | 'up' | 'synced' = 'down';
  #lostAtMs: number | undefined;
  #sink: DriverSink | undefined;
  #cancelDoubts: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(made: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: PbxSerialOptions }) {
    const { switchId, host, options } = made;
    this.switchId = switchId;
    this.#host = host;
    this.#desk = new CommandDesk({ clock: host.clock });
    const lines = new Map(Object.entries(options.lines).map(([number, line]) => [Number(number), line]));
    this.#devices = new Devices({ switchId, lines });
    this.#unreadable = new Unreadable({ linkId: LINK, clock: host.clock, emit: (event) => this.#tell(event) });
    this.#records = typeof options.records === 'string' ? openRecordFolder(options.records) : options.records;
    this.#link = this.#makeLink(options);
    this.#requests = new LinkRequests(this.#link);
    const board = () => this.#link.board;
    this.#calls = new Calls({
      switchId,
      devices: this.#devices,
      board,
      tell: (event) => this.#tell(event),
      epochOf: (at) => (options.timeZone === undefined ? undefined : epochOf(at, options.timeZone)),
    });
    this.#view = new BoardView({ devices: this.#devices, calls: this.#calls, board, slots: options.slots });
    const map = new ServiceMap({ calls: this.#calls, devices: this.#devices, board });
    this.#services = new Services({ calls: this.#calls, map, ask: (asked, how) => this.#link.ask(asked, how) });
    const { baudRate } = wayOf(options);
    const wayMs = (message: KtsMessage): number => {
      const { length } = PROFILES[options.profile].encode(message, { seq: 100, node: 0 });
      return baudRate > 0 ? (length * 10_000) / baudRate : 0;
    };
    const query = this.#records?.query?.bind(this.#records);
    const offered = (facet: keyof typeof FACET_WORDS) => new OfferedRequests(this.#requests, FACET_WORDS[facet]);
    const programming = new KtsProgramming(offered('programming'));
    const { backup: file } = options;
    this.#startCheck =
      file === undefined ? undefined : new StartCheck({ facet: programming, file, log: host.log, switchId });
    this.#allFacets = {
      clock: new PbxClock({
        requests: offered('clock'),
        clock: host.clock,
        wayMs,
        ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
      }),
      programming,
      hotel: hotelOf(offered('hotel'), switchId),
      ...(query === undefined ? {} : { records: { query } }),
    };
    this.#facets = this.#allFacets;
  }

  /** Before the first link all of this family; from then on those that the PBX's last WELCOME offers. One that was taken before and is not offered says so when it is asked. */
  get facets(): DriverFacets {
    return this.#facets;
  }

  /** All that a PBX of this family may be able to do; which of it this one is, WELCOME says. */
  get capabilities(): ReadonlySet<DriverCapability> {
    return ALL_CAPABILITIES;
  }

  async start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stop.signal.aborted) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#sink !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    this.#sink = sink;
    if (options.signal.aborted) return this.stop();
    options.signal.addEventListener('abort', () => void this.stop(), { once: true, signal: this.#stop.signal });
    this.#link.start();
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    if (this.#stop.signal.aborted) return refused('stopped');
    if (!ALL_CAPABILITIES.has(command.type)) return refused('notSupported');
    if (this.#stage !== 'synced') return refused('linkLost');
    if (!this.#inForce.has(command.type)) return refused('notSupported');
    return this.#desk.execute(command, (one, signal) => this.#services.carryOut(one, signal));
  }

  /** A PBX records nothing. */
  openRecording(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    this.#startCheck?.stop();
    this.#desk.stop();
    await this.#link.stop();
    this.#unreadable.stop();
  }

  #makeLink(options: PbxSerialOptions): KtsLink {
    const { clock, random, log } = this.#host;
    const records = this.#records;
    const { open, baudRate } = wayOf(options);
    return new KtsLink({
      clock,
      random,
      open,
      baudRate,
      profile: PROFILES[options.profile],
      node: options.node,
      policy: {
        backoffFirstMs: options.backoffFirst,
        backoffMaxMs: options.backoffMax,
        connectTimeoutMs: options.connectTimeout,
      },
      ...(records === undefined ? {} : { records: storeOf(records) }),
      sink: {
        up: (welcome) => this.#up(welcome),
        message: (message) => this.#message(message),
        synced: () => this.#synced(),
        down: (reason) => this.#down(reason),
        recordsMissing: (from, to) => {
          log.warn('call records are lost', { switchId: this.switchId, from, to });
          records?.missing?.(from, to);
        },
        unreadable: (sample) => this.#unreadable.add(sample),
        state: linkLog({ log, switchId: this.switchId, linkId: LINK }),
      },
    });
  }

  #tell(event: DriverEvent): void {
    if (!this.#stop.signal.aborted) this.#sink?.(event);
  }

  #up(welcome: MessageOf<'welcome'>): void {
    this.#stage = 'up';
    this.#calls.connections.boot = welcome.boot;
    this.#inForce = capabilitiesOf(welcome.caps);
    this.#facets = facetsOf(this.#allFacets, welcome.caps);
    this.#tell({ type: 'linkUp', linkId: LINK });
    this.#requests.deliver(welcome);
    // It has no state to tell: there is nothing to wait for.
    if (!welcome.caps.includes('state')) this.#synced();
  }

  #synced(): void {
    this.#stage = 'synced';
    const nowMs = this.#host.clock.nowMs();
    resync(this.#calls, { board: this.#link.board, awayMs: nowMs - (this.#lostAtMs ?? nowMs) });
    this.#lostAtMs = undefined;
    const connections = snapshotOf(this.#calls, this.#devices);
    const devices = this.#view.all();
    this.#tell({ type: 'snapshot', snapshot: { connections, devices, recordings: [], monitors: [] } });
    this.#tell({ type: 'linkSynced', linkId: LINK, capabilities: [...this.#inForce], profile: 'callControl' });
    this.#startCheck?.begin();
  }

  #message(message: KtsMessage): void {
    if (this.#stage !== 'synced') this.#calls.learn(message);
    else this.#changed(message);
    this.#requests.deliver(message);
  }

  #changed(message: KtsMessage): void {
    this.#calls.take(message);
    const shown = this.#view.show(message);
    if (shown !== undefined) this.#tell(shown);
    if (message.type === 'callerId') {
      const line = this.#link.board.lines.get(message.line);
      for (const each of line === undefined ? [] : this.#view.showLineCall(line)) this.#tell(each);
    }
    if (this.#calls.isInDoubt) {
      this.#cancelDoubts ??= this.#host.clock.setTimer(DOUBT_MS, () => {
        this.#cancelDoubts = undefined;
        this.#calls.endDoubts();
      });
    }
    if (this.#calls.connections.size > MAX_CONNECTIONS) this.#link.reset('overflow');
  }

  #down(reason: LinkDownReason): void {
    this.#startCheck?.stop();
    if (this.#stage === 'synced') this.#lostAtMs = this.#host.clock.nowMs();
    this.#stage = 'down';
    this.#cancelDoubts?.();
    this.#cancelDoubts = undefined;
    this.#calls.forgetDoubts();
    this.#desk.linkLost();
    this.#tell({ type: 'linkDown', linkId: LINK, reason, capabilities: [] });
  }
}

/** How the PBX is reached, and at which rate. */
function wayOf({ transport }: PbxSerialOptions): { readonly open: OpenTransport; readonly baudRate: number } {
  if ('open' in transport) return transport;
  if ('host' in transport) return { open: openTcp(transport), baudRate: 0 };
  const { port, ...settings } = transport;
  return { open: openSerial(port, settings), baudRate: settings.baudRate };
}

function storeOf(records: RecordSink): {
  position(store: number): Promise<number | undefined>;
  keep(messages: readonly MessageOf<'cdr'>[]): Promise<void>;
} {
  return {
    position: (store) => records.position(store),
    keep: (messages) => records.keep(messages.map(recordOf)),
  };
}

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, CtiError, type SwitchId } from '@cordboard/cti-core';
import { Scheduler } from '../scheduler.js';
import { VirtualSwitch } from '../switch/virtual-switch.js';
import { API } from './api/index.js';
import { heartbeatHeaders } from './api/system.js';
import { APPS } from './apps/index.js';
import { OutboundDialler } from './outbound.js';
import { settleSockets } from './quiet.js';
import { keepWav } from './recordings.js';
import type { EslUser } from './session/rights.js';
import { type EslFaults, EslSession, type SessionHost } from './session/session.js';
import { Dialplan, type DialplanRule } from './switch/dialplan.js';
import { EslSwitch } from './switch/esl-switch.js';
import { hangUp } from './switch/lifecycle.js';
import { watchParties } from './switch/parties.js';
import { uuidBridge } from './switch/uuid-bridge.js';
import { type EslEvent, headerOf } from './wire/event.js';

/** Monday, 5 January 2026, 09:00 UTC. */
const START_WALL_MS = Date.UTC(2026, 0, 5, 9);
const DEFAULT_SOUND_MS = 1_500;
const HEARTBEAT_MS = 20_000;
const MAX_CONNECTIONS = 1_000;
/** Recordings that can be played again. */
const MAX_TAPES = 10_000;

/** An ESL face of a virtual switch. */
export interface EslFaceOptions {
  /** Of everything random; default 1. */
  readonly seed?: number;
  /** Default: virtual time, which stands until {@link EslFace.pass} or {@link EslFace.until} moves it. `systemClock` of driver-kit for real time. */
  readonly clock?: Clock;
  /** A virtual switch of one's own, on the same clock and with plain orders; default one made of the next three. */
  readonly pbx?: VirtualSwitch;
  readonly extensions?: readonly string[];
  /** Names of the trunks: `sofia/gateway/NAME/NUMBER` dials them. Default `['carrier']`. */
  readonly trunks?: readonly string[];
  readonly outsideExists?: (number: string) => boolean;
  /** Where numbers lead; extensions reach each other without any rule. */
  readonly dialplan?: readonly DialplanRule[];
  /** Default `ClueCon`. */
  readonly password?: string;
  /** For `userauth`, by `user@domain`. */
  readonly users?: Readonly<Record<string, EslUser>>;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Event orders: drawn by the seed from those recorded, or the first of each. Default `drawn`. */
  readonly orders?: 'drawn' | 'plain';
  /** Length of a sound file in ms, `undefined`: there is none such. Default 1.5 s for all whose name does not begin with `missing` or `/no/such`. */
  readonly soundMs?: (path: string) => number | undefined;
  /** A folder below which recordings are written as WAV files, where their path lies in it. Default: none is written. */
  readonly recordings?: string;
  readonly faults?: EslFaults;
  readonly hostname?: string;
}

/**
 * A FreeSWITCH event socket on a virtual switch: inbound (clients dial it) and outbound (it dials the `socket` application's address), over real
 * TCP, with an encoder of its own. Nothing is open until {@link listen}.
 */
export class EslFace {
  readonly clock: Clock;
  readonly pbx: VirtualSwitch;
  /** The switch behind the socket, for tests that look past it. */
  readonly sw: EslSwitch;
  readonly #options: EslFaceOptions;
  readonly #sessions = new Set<EslSession>();
  readonly #sockets = new Set<Socket>();
  /** Lengths of what was recorded, by path, oldest first. */
  readonly #tapes = new Map<string, number>();
  readonly #used = new Set<string>(['sofia::register', 'sofia::unregister', 'conference::maintenance']);
  readonly #host: SessionHost;
  readonly #dialler: OutboundDialler;
  #server: Server | undefined;
  #port = 0;
  #state: 'closed' | 'open' | 'down' = 'closed';
  #unwatch: (() => void) | undefined;
  #cancelRestart: (() => void) | undefined;
  /** Reads and writes so far: moves whenever something passes a socket. */
  #traffic = 0;

  constructor(options: EslFaceOptions = {}) {
    const { seed = 1, trunks = ['carrier'], extensions = [] } = options;
    this.#options = options;
    this.clock = options.clock ?? new Scheduler(START_WALL_MS);
    this.pbx =
      options.pbx ??
      new VirtualSwitch(
        {
          switchId: 'freeswitch' as SwitchId,
          seed,
          extensions,
          trunks,
          orders: 'plain',
          ...(options.outsideExists === undefined ? {} : { outsideExists: options.outsideExists }),
        },
        this.clock,
      );
    this.#dialler = new OutboundDialler((socket) => this.#open(socket));
    this.sw = new EslSwitch({
      pbx: this.pbx,
      clock: this.clock,
      seed,
      hostname: options.hostname ?? 'simulator',
      orders: options.orders ?? 'drawn',
      dialplan: new Dialplan(options.dialplan ?? [], (number) => this.pbx.extension(number) !== undefined),
      apps: { ...APPS, socket: this.#dialler.app },
      soundMs: (path) => this.#tapes.get(path) ?? (options.soundMs ?? defaultSoundMs)(path),
      keepRecording: (path, durationMs) => {
        this.#tapes.set(path, durationMs);
        for (const oldest of this.#tapes.keys()) {
          if (this.#tapes.size <= MAX_TAPES) break;
          this.#tapes.delete(oldest);
        }
        if (options.recordings !== undefined) keepWav(options.recordings, path, durationMs);
      },
      gateways: this.pbx.options.trunks ?? trunks,
    });
    this.sw.bridgeCommand = (a, b) => uuidBridge(this.sw, a, b);
    this.#host = {
      sw: this.sw,
      api: API,
      password: options.password ?? 'ClueCon',
      users: options.users ?? {},
      faults: options.faults ?? {},
      usedSubclasses: this.#used,
      closed: (session) => this.#closed(session),
    };
  }

  /** The port that it listens on; 0 while it does not. */
  get port(): number {
    return this.#port;
  }

  /** Connections that are open, in either direction. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Timers, sockets and listeners that are held: 0 before {@link listen} and after {@link close}. */
  get resources(): number {
    return this.sw.pendingTimers + this.#sockets.size + (this.#server === undefined ? 0 : 1);
  }

  /**
   * Opens the port and lets the switch live.
   *
   * @returns the address
   * @throws {CtiError} `resource.conflict` when the port is taken
   */
  async listen(): Promise<{ readonly host: string; readonly port: number }> {
    if (this.#state === 'open') return { host: this.#hostname, port: this.#port };
    this.#state = 'open';
    this.#unwatch ??= watchParties(this.sw);
    this.sw.listeners.add(this.#watch);
    this.sw.lingers.add(this.#lingering);
    this.#beat();
    await this.#bind(this.#options.port ?? 0);
    return { host: this.#hostname, port: this.#port };
  }

  /** Closes the port, all connections and all timers; twice if asked. Calls on the virtual switch live on, unheard. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelRestart?.();
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#dialler.close();
    for (const socket of [...this.#sockets]) socket.destroy();
    await this.#unbind();
    this.sw.listeners.delete(this.#watch);
    this.sw.lingers.delete(this.#lingering);
    this.sw.halt();
    this.#port = 0;
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Breaks every connection without a word; new ones are taken at once. */
  cut(): void {
    for (const session of [...this.#sessions]) session.cut();
  }

  /** Every open connection goes dead without being closed: nothing is heard and nothing said on it any more. */
  halfOpen(): void {
    for (const session of [...this.#sessions]) session.freeze();
  }

  /**
   * Goes down with all its calls and comes back on the same port after `forMs`, as another process: new Core-UUID, event numbers from the start.
   *
   * @param how - `crash`: nothing is told; `shutdown`: SHUTDOWN, the calls' ends and a notice are told first (freeswitch.md 22)
   */
  async restart(forMs: number, how: 'crash' | 'shutdown' = 'crash'): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'down';
    if (how === 'shutdown') {
      this.sw.fire('SHUTDOWN', { source: 'SHUTDOWN', headers: [['Event-Info', 'System Shutting Down']] });
      for (const channel of [...this.sw.channels.values()]) hangUp(this.sw, channel, 'SYSTEM_SHUTDOWN');
      for (const session of [...this.#sessions]) session.goodbye('The system is being shut down.\n');
    }
    this.#dialler.close();
    this.sw.rebirth();
    for (const leg of [...this.pbx.legs.values()]) this.pbx.end(leg, 'shutdown', { q850: 0, text: 'shutdown' });
    if (how === 'crash') for (const socket of [...this.#sockets]) socket.destroy();
    const port = this.#port;
    await this.#unbind();
    this.#cancelRestart = this.clock.setTimer(forMs, () => {
      this.#cancelRestart = undefined;
      if (this.#state !== 'down') return;
      this.#state = 'open';
      this.#beat();
      this.#bind(port).catch(() => {
        this.#state = 'closed';
      });
    });
  }

  /**
   * Lets virtual time go on until the condition holds, checked after everything that happens, or `boundMs` have passed. Between two moments all that
   * is on its way through sockets of this process arrives.
   *
   * @returns whether it holds
   * @throws {CtiError} `argument.invalid` when the face runs on a clock of its own
   */
  async until(condition: () => boolean, boundMs: number): Promise<boolean> {
    const { clock } = this;
    if (!(clock instanceof Scheduler)) throw new CtiError('argument.invalid', 'only virtual time can be moved');
    const untilMs = clock.nowMs() + boundMs;
    const quiet = (): Promise<void> =>
      settleSockets({
        count: () => this.#traffic,
        isPartial: () => [...this.#sessions].some((session) => session.isPartial),
      });
    await quiet();
    while (!condition()) {
      if (!clock.step(untilMs)) {
        clock.runTo(untilMs);
        await quiet();
        return condition();
      }
      await quiet();
    }
    return true;
  }

  /** Lets virtual time pass. @throws {CtiError} `argument.invalid` as {@link until} */
  async pass(forMs: number): Promise<void> {
    await this.until(() => false, forMs);
  }

  get #hostname(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  readonly #watch = (event: EslEvent): void => {
    if (event.subclass !== undefined) this.#used.add(event.subclass);
    if (event.name !== 'CHANNEL_HANGUP') return;
    const channel = this.sw.channels.get(headerOf(event, 'Unique-ID') ?? '');
    if (channel === undefined) return;
    for (const session of this.#sessions) {
      if (session.control?.channel !== channel) continue;
      // Sometimes before CHANNEL_HANGUP_COMPLETE, sometimes after it (freeswitch.md 50).
      const delayMs = this.sw.options.orders === 'plain' ? 50 : this.sw.random.int(15, 50);
      this.sw.after(delayMs, () => session.callEnded(channel));
    }
  };

  readonly #lingering = (channel: Parameters<EslSession['keep']>[0]): ((last: () => void) => void) | undefined => {
    for (const session of this.#sessions) {
      const keeps = session.keep(channel);
      if (keeps !== undefined) return keeps;
    }
    return undefined;
  };

  #beat(): void {
    this.sw.after(HEARTBEAT_MS, () => {
      this.sw.fire('HEARTBEAT', { source: 'HEARTBEAT', headers: heartbeatHeaders(this.sw) });
      this.#beat();
    });
  }

  #bind(port: number): Promise<void> {
    const server = createServer((socket) => this.#open(socket).greet());
    server.maxConnections = MAX_CONNECTIONS;
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => {
        this.#server = undefined;
        this.#state = 'closed';
        reject(new CtiError('resource.conflict', `port ${port} cannot be opened`, { cause }));
      });
      server.listen(port, this.#hostname, () => {
        this.#port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async #unbind(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #open(socket: Socket): EslSession {
    this.#sockets.add(socket);
    socket.on('data', () => this.#traffic++);
    socket.on('drain', () => this.#traffic++);
    socket.on('close', () => {
      this.#traffic++;
      this.#sockets.delete(socket);
    });
    const session = new EslSession(this.#host, socket);
    this.#sessions.add(session);
    this.#traffic++;
    return session;
  }

  /** A client that goes lets its call go too, when it held one and did not say otherwise (freeswitch.md 49, 54). */
  #closed(session: EslSession): void {
    this.#sessions.delete(session);
    const { control } = session;
    if (control === undefined || this.#state !== 'open') return;
    if (control.kind === 'outbound') this.#dialler.clientLeft(control.channel);
    else if (control.channel.app?.name === 'park') hangUp(this.sw, control.channel, 'NORMAL_CLEARING');
  }
}

function defaultSoundMs(path: string): number | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith('missing') || path.startsWith('/no/such') ? undefined : DEFAULT_SOUND_MS;
}

/** Makes an ESL face; {@link EslFace.listen} opens it. */
export function eslFace(options: EslFaceOptions = {}): EslFace {
  return new EslFace(options);
}

import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, type LinkPolicy, type LinkState } from '@cordboard/driver-kit';
import type { OpenTransport } from '../../profile/transport.js';
import { type FiasCharset, type FiasFraming, type FiasRecord, fiasCoder } from '../fias/index.js';
import { fiasStamp } from '../local-time.js';
import type { OnSilence } from './channel.js';
import { type FiasWishes, PmsRole } from './pms-role.js';
import type { FiasRole, RoleHost } from './role.js';
import { FiasSession } from './session.js';
import { FIAS_TIMINGS, type FiasTimings } from './timings.js';
import { type FiasDescription, PBX_DESCRIPTION, VendorRole } from './vendor-role.js';

/** What a {@link FiasLink} tells. Nothing of it may throw. */
export interface FiasLinkSink {
  /** Both sides are alive. */
  readonly up?: () => void;
  /** Once for each `up`. What was being sent was rejected `driver.linkLost` before it. */
  readonly down?: (reason: LinkDownReason) => void;
  /** Every record that is not of the link itself, in order. */
  readonly record?: (record: FiasRecord) => void;
  /** Bytes that looked like a record and were none, at most 256 of them. They may hold names: not for a log. */
  readonly unreadable?: (sample: Uint8Array) => void;
  /** Each change of what the link is doing. */
  readonly state?: (state: LinkState, error?: unknown) => void;
}

/** What a {@link FiasLink} is made of. */
export interface FiasLinkOptions {
  readonly clock: Clock;
  /** 0 <= x < 1; jitter of the back-off. */
  readonly random: () => number;
  /** Opens the port, dials, or waits for the hotel system to dial ({@link listenTcp}). */
  readonly open: OpenTransport;
  /** `serial`: LRC, ACK, NAK, ENQ. `stream`: none of them. */
  readonly framing: FiasFraming;
  /** Rate of a serial line, Bd, default 9,600; it only lengthens waits. */
  readonly baudRate?: number;
  /** `vendor`: the PBX's side, the default. `pms`: the hotel system's. */
  readonly role?: 'vendor' | 'pms';
  /** What the vendor's side tells of itself, default {@link PBX_DESCRIPTION}. */
  readonly description?: FiasDescription;
  /** Default `windows-1252`. */
  readonly charset?: FiasCharset;
  /** Zone of the hotel's clocks, `Europe/Berlin`. */
  readonly timeZone: string;
  readonly timings?: Partial<FiasTimings>;
  readonly policy?: Partial<LinkPolicy>;
  readonly sink: FiasLinkSink;
}

/** Bound of dialling in front of the handshake. A link that waits for the other side to dial is told of nothing for so long. */
const DIAL_MS = 60_000;

/**
 * Keeps a FIAS link: opens it, describes itself or is described to, sends signs of life, and after a loss the same again with growing pauses. Inert until `start`.
 */
export class FiasLink {
  readonly #options: FiasLinkOptions;
  readonly #loop: LinkLoop<FiasSession>;
  #session: FiasSession | undefined;
  #wishes: FiasWishes | undefined;
  #isUp = false;

  /** @throws {CtiError} `config.invalid` for a charset that this platform cannot read, `argument.invalid` for a zone that it does not know */
  constructor(options: FiasLinkOptions) {
    const { clock, random, sink, framing, timeZone } = options;
    const timings = { ...FIAS_TIMINGS, ...options.timings };
    const coder = fiasCoder(options.charset ?? 'windows-1252');
    const stamp = fiasStamp(clock, timeZone);
    this.#options = options;
    this.#loop = new LinkLoop<FiasSession>({
      clock,
      random,
      policy: {
        ...DEFAULT_LINK_POLICY,
        connectTimeoutMs: DIAL_MS + timings.handshakeMs,
        giveUpOn: [],
        probeEveryMs: timings.aliveEveryMs,
        probeTimeoutMs: timings.aliveWithinMs,
        ...options.policy,
      },
      dial: async (signal) => {
        const transport = await options.open(signal);
        return new FiasSession({
          transport,
          clock,
          framing,
          coder,
          timings,
          baudRate: framing === 'serial' ? (options.baudRate ?? 9_600) : 0,
          stamp,
          role: (host) => this.#role(host),
          alive: () => this.#alive(),
          again: () => this.#gone('closed'),
          record: (record) => sink.record?.(record),
          unreadable: (sample) => sink.unreadable?.(sample),
        });
      },
      logIn: (session) => {
        this.#session = session;
        return session.logIn();
      },
      probe: (session) => session.probe(),
      heardAtMs: (session) => session.heardAtMs,
      up: () => undefined,
      down: (reason) => this.#gone(reason),
      ...(sink.state === undefined ? {} : { state: sink.state }),
    });
  }

  /** Are both sides there and know of each other? */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** In the role `pms`: what the vendor wants, while the link is up. */
  get wishes(): FiasWishes | undefined {
    return this.#isUp ? this.#wishes : undefined;
  }

  /**
   * Starts to keep the link up, and returns at once.
   * @throws {CtiError} `driver.started`, `driver.stopped`
   */
  start(): void {
    this.#loop.start();
  }

  /** Says LE, ends the link and every timer. Resolves when nothing of it is left; may be called again. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#gone('stopped');
  }

  /**
   * Sends a record.
   * @throws {CtiError} `driver.linkLost` no link, or it was lost before the other side acknowledged it (on a stream: before it was written);
   *   `wire.unsafeValue`, `wire.frameTooLarge`
   */
  send(record: FiasRecord, onSilence: OnSilence = 'repeat'): Promise<void> {
    const session = this.#session;
    if (session === undefined || !this.#isUp) {
      return Promise.reject(new CtiError('driver.linkLost', 'no link to the hotel system'));
    }
    return session.send(record, onSilence);
  }

  /**
   * Sends a record and waits until the other side has read it, also on a stream, where LA is asked for behind it.
   * @throws {CtiError} as {@link send}
   */
  async sendSurely(record: FiasRecord): Promise<void> {
    const session = this.#session;
    await this.send(record);
    await session?.confirm();
  }

  #role(host: RoleHost): FiasRole {
    if (this.#options.role !== 'pms') return new VendorRole(host, this.#options.description ?? PBX_DESCRIPTION);
    const role = new PmsRole(host);
    this.#wishes = role;
    return role;
  }

  #alive(): void {
    this.#isUp = true;
    this.#options.sink.up?.();
  }

  #gone(reason: LinkDownReason): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#options.sink.down?.(reason);
  }
}

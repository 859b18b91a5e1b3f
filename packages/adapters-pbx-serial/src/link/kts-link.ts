import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, type LinkPolicy, type LinkState } from '@cordboard/driver-kit';
import { Board, type BoardState } from '../map/board.js';
import type { KtsProfile } from '../profile/kts.js';
import type { OpenTransport } from '../profile/transport.js';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';
import { CdrIntake, type CdrStore } from './cdr-intake.js';
import { KtsSession } from './kts-session.js';
import type { Answer, Asked, AskOptions } from './requests.js';

/** What a {@link KtsLink} tells. Nothing of it may throw. */
export interface KtsLinkSink {
  /** The session is open. What was known before counts no more until `synced`. */
  readonly up?: (welcome: MessageOf<'welcome'>) => void;
  /** Every event and answer of the PBX, in order. */
  readonly message?: (message: KtsMessage) => void;
  /** The snapshot is whole: from now on `message` tells every change of `board`. */
  readonly synced?: (board: BoardState) => void;
  /** Once for each `up`. Requests under way were rejected `driver.linkLost` before it. */
  readonly down?: (reason: LinkDownReason) => void;
  /** Call records that can not be had any more: numbers from and to, both among them. */
  readonly recordsMissing?: (from: number, to: number) => void;
  /** Bytes that looked like a frame and could not be read, at most 256 of them. */
  readonly unreadable?: (sample: Uint8Array) => void;
  /** Each change of what the link is doing. */
  readonly state?: (state: LinkState, error?: unknown) => void;
}

/** What a {@link KtsLink} is made of. */
export interface KtsLinkOptions {
  readonly clock: Clock;
  /** 0 <= x < 1; numbers of sessions and jitter of the back-off. */
  readonly random: () => number;
  readonly profile: KtsProfile;
  readonly open: OpenTransport;
  /** Rate of the line, Bd, default the profile's; 0: a stream without one (TCP). */
  readonly baudRate?: number;
  /** Which PBX of the line: 0-254, 255: the only one there is. Default 0. */
  readonly node?: number;
  /** Where call records go. Absent: none are asked for, and the PBX keeps them. */
  readonly records?: CdrStore;
  readonly policy?: Partial<LinkPolicy>;
  readonly sink: KtsLinkSink;
}

/** A whole PBX of 128 extensions at 1200 Bd needs 40 s. */
const SNAPSHOT_MS = 60_000;
/** Of 10^8 numbers that a line could tell; far above any key telephone system. */
const MAX_EXTS = 4_096;

/**
 * The host's end of a line to a PBX that speaks kts-bin/1 or kts-ascii/1: opens it, says HELLO, takes a snapshot, takes call records in, asks for signs of
 * life, and after a loss the same again with growing pauses. Inert until `start`.
 */
export class KtsLink {
  readonly #options: KtsLinkOptions;
  readonly #loop: LinkLoop<KtsSession>;
  #board = new Board();
  #intake: CdrIntake | undefined;
  #number = 0;
  #cancelSnapshot: (() => void) | undefined;

  constructor(options: KtsLinkOptions) {
    this.#options = options;
    const { clock, random, sink, profile } = options;
    const { heartbeatMs, deadMs } = profile.timings;
    this.#loop = new LinkLoop<KtsSession>({
      clock,
      random,
      policy: {
        ...DEFAULT_LINK_POLICY,
        probeEveryMs: heartbeatMs,
        probeTimeoutMs: deadMs - heartbeatMs,
        ...options.policy,
      },
      dial: (signal) => this.#dial(signal),
      logIn: (session, signal) => session.logIn(signal),
      probe: (session) => session.probe(),
      heardAtMs: (session) => session.heardAtMs,
      up: (session) => this.#up(session),
      down: (reason) => this.#down(reason),
      ...(sink.state === undefined ? {} : { state: sink.state }),
    });
  }

  /** What is known of the PBX; complete between `synced` and `down`. */
  get board(): BoardState {
    return this.#board;
  }

  /** What the PBX said of itself, while a session is open. */
  get welcome(): MessageOf<'welcome'> | undefined {
    return this.#loop.session?.welcome;
  }

  /**
   * Starts to keep the link up, and returns at once.
   * @throws {CtiError} `driver.started`, `driver.stopped`
   */
  start(): void {
    this.#loop.start();
  }

  /** Says BYE, ends the link and every timer. Resolves when nothing of it is left; may be called again. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /**
   * Sends a request and waits for its answer, which may say no: look at its `code`.
   * @throws {CtiError} `driver.timeout` no answer in time, `driver.linkLost` no session or it was lost: the outcome is not known; `wire.unsafeValue`
   */
  ask(asked: Asked, options: AskOptions = {}): Promise<Answer> {
    const session = this.#loop.session;
    if (session === undefined) return Promise.reject(new CtiError('driver.linkLost', 'no session with the PBX'));
    return session.ask(asked, options);
  }

  /** Gives the session up and begins anew: what the PBX tells can not be right. */
  reset(reason: LinkDownReason): void {
    this.#loop.session?.close(reason);
  }

  async #dial(signal: AbortSignal): Promise<KtsSession> {
    const { open, profile, clock, random, sink } = this.#options;
    const transport = await open(signal);
    // Never the number of the session before, so that an answer to that one is not taken for one to this.
    this.#number = ((this.#number + 1 + Math.floor(random() * 0xffff_0000)) % 0xffff_ffff) + 1;
    return new KtsSession({
      transport,
      profile,
      clock,
      baudRate: this.#options.baudRate ?? profile.serial.baudRate,
      node: this.#options.node ?? 0,
      number: this.#number,
      message: (message) => this.#message(message),
      unreadable: (sample) => sink.unreadable?.(sample),
    });
  }

  #up(session: KtsSession): void {
    const { welcome } = session;
    const { sink, records, clock } = this.#options;
    if (welcome === undefined) return;
    this.#board = new Board();
    sink.up?.(welcome);
    // Its answer comes as a message; a link that goes down meanwhile asks again on the next session.
    if (welcome.caps.includes('state')) {
      session.ask({ type: 'snapshotGet' }).catch(() => undefined);
      this.#cancelSnapshot = clock.setTimer(SNAPSHOT_MS, () => session.close('timeout'));
    }
    if (records === undefined) return;
    const intake = new CdrIntake({
      clock,
      records,
      send: (message) => {
        if (session.isOpen) session.send(message);
      },
      gap: (from, to) => sink.recordsMissing?.(from, to),
      overflow: () => session.close('overflow'),
    });
    const before = this.#intake?.settled ?? Promise.resolve();
    this.#intake = intake;
    // Without knowing where to go on nothing may be acknowledged: the next session asks the store again.
    before.then(() => intake.begin(welcome)).catch(() => session.close('closed'));
  }

  #down(reason: LinkDownReason): void {
    this.#intake?.close();
    this.#cancelSnapshot?.();
    this.#options.sink.down?.(reason);
  }

  #message(message: KtsMessage): void {
    const { sink } = this.#options;
    if (message.type === 'cdr') this.#intake?.take(message);
    if (message.type === 'cdrLost') this.#intake?.lost(message);
    const end = this.#board.take(message);
    if (this.#board.exts.size > MAX_EXTS) return this.reset('overflow');
    sink.message?.(message);
    if (end !== 'synced') return;
    this.#cancelSnapshot?.();
    sink.synced?.(this.#board);
  }
}

import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import { type LinkSession, sleep } from '@cordboard/driver-kit';
import type { KtsProfile } from '../profile/kts.js';
import type { LineDecoder } from '../profile/profile.js';
import type { Transport } from '../profile/transport.js';
import type { KtsFrame, KtsMessage, MessageOf } from '../wire/kts/index.js';
import { ReliableChannel } from './reliable-channel.js';
import { type Answer, type Asked, type AskOptions, Requests } from './requests.js';

/** What one life of the line is made of. */
export interface KtsSessionOptions {
  readonly transport: Transport;
  readonly profile: KtsProfile;
  readonly clock: Clock;
  /** Rate of the line, Bd; 0: a stream without one (TCP). */
  readonly baudRate: number;
  /** Which PBX of the line: 0-254, 255: the only one there is. */
  readonly node: number;
  /** A number that the session before did not have, 1 to 2^32-1. */
  readonly number: number;
  /** Events and answers of the session, in order, from the WELCOME on. */
  readonly message: (message: KtsMessage) => void;
  /** Bytes that looked like a frame and could not be read. */
  readonly unreadable: (sample: Uint8Array) => void;
}

/** Frames that this host takes without acknowledging them one by one. */
const WINDOW = 8;
/** A stream may pause inside a frame, but not for ever. */
const STREAM_GAP_MS = 2_000;
const MAX_UNSENT_BYTES = 1 << 20;
/** Bound of the last bytes' way out. */
const BYE_MS = 500;
const EMPTY = new Uint8Array();

/** The host's side of one session of kts-1 on one open transport. */
export class KtsSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #options: KtsSessionOptions;
  readonly #decoder: LineDecoder<KtsFrame>;
  readonly #requests: Requests;
  #channel: ReliableChannel | undefined;
  #welcomed: ((welcome: MessageOf<'welcome'>) => void) | undefined;
  #welcome: MessageOf<'welcome'> | undefined;
  #node: number;
  #heardAtMs: number;
  #cancelGap: (() => void) | undefined;
  #isOver = false;
  /** Aborts when the session is over: nobody says HELLO to a line that is gone. */
  readonly #over = new AbortController();
  #resolve: (reason: LinkDownReason) => void = () => undefined;

  constructor(options: KtsSessionOptions) {
    const { transport, profile, clock } = options;
    this.#options = options;
    this.#node = options.node;
    this.#heardAtMs = clock.nowMs();
    this.#decoder = profile.createDecoder();
    this.#requests = new Requests({ clock, boundMs: profile.timings.answerMs });
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    transport.on('data', (chunk: Uint8Array) => this.#heard(chunk));
    transport.on('error', () => this.close('closed'));
    transport.on('end', () => this.close('closed'));
    transport.on('close', () => this.close('closed'));
  }

  /** When the last whole frame came, on the clock of the link. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Is it of use? */
  get isOpen(): boolean {
    return this.#channel !== undefined && !this.#isOver;
  }

  /** What the PBX said of itself. */
  get welcome(): MessageOf<'welcome'> | undefined {
    return this.#welcome;
  }

  /** Messages that the PBX has not acknowledged yet. */
  get unacknowledged(): number {
    return this.#channel?.unacknowledged ?? 0;
  }

  /**
   * Says HELLO until the PBX answers. Resolves when the session is open.
   * @throws {CtiError} by rejection: `link.closed` the line was closed before; what the signal says
   */
  async logIn(signal: AbortSignal): Promise<void> {
    const { clock, profile, number } = this.#options;
    const answered = new AbortController();
    this.#welcomed = (welcome) => {
      this.#open(welcome);
      answered.abort();
    };
    const either = AbortSignal.any([signal, answered.signal, this.#over.signal]);
    do {
      this.#write({ type: 'hello', session: number, model: 'Cordboard', window: WINDOW });
    } while (await sleep(clock, profile.timings.helloMs, either));
    this.#welcomed = undefined;
    if (answered.signal.aborted) return;
    signal.throwIfAborted();
    throw new CtiError('link.closed', 'the line was closed before the PBX answered', {
      details: { linkDown: await this.closed },
    });
  }

  /** Resolves when the PBX has acknowledged a heartbeat. */
  probe(): Promise<void> {
    return new Promise((resolve) => this.#channel?.send({ type: 'heartbeat' }, resolve));
  }

  /**
   * Sends a message that has no answer.
   * @throws {CtiError} `driver.linkLost` when no session is open, `wire.unsafeValue` when it cannot be encoded
   */
  send(message: KtsMessage): void {
    if (this.#channel === undefined || this.#isOver) throw new CtiError('driver.linkLost', 'no session with the PBX');
    this.#channel.send(message);
  }

  /**
   * Sends a request and waits for its answer.
   * @throws {CtiError} `driver.timeout`, `driver.linkLost`, `wire.unsafeValue`
   */
  ask(asked: Asked, options: AskOptions = {}): Promise<Answer> {
    const send = (message: KtsMessage, acked: () => void): void => {
      if (this.#channel === undefined) throw new CtiError('driver.linkLost', 'no session with the PBX');
      this.#channel.send(message, acked);
    };
    return this.#requests.ask(asked, { ...options, send });
  }

  close(reason: LinkDownReason): void {
    if (this.#isOver) return;
    if (reason === 'stopped' && this.#channel !== undefined) this.#write({ type: 'bye' });
    this.#isOver = true;
    this.#over.abort();
    this.#cancelGap?.();
    this.#channel?.close();
    this.#requests.close();
    const { transport, clock } = this.#options;
    // A socket may still tell an error while it goes; it is of no interest any more, and unheard it would end the process.
    transport.on('error', () => undefined);
    const finish = (): void => {
      cancel();
      transport.destroy();
      this.#resolve(reason);
    };
    // The BYE may leave first, but a peer that does not read holds nothing up.
    const cancel = reason === 'stopped' ? clock.setTimer(BYE_MS, finish) : () => undefined;
    if (reason === 'stopped') transport.end(finish);
    else finish();
  }

  #open(welcome: MessageOf<'welcome'>): void {
    const { clock, profile, baudRate } = this.#options;
    this.#welcome = welcome;
    this.#channel = new ReliableChannel({
      clock,
      baudRate,
      timings: profile.timings,
      node: this.#node,
      window: Math.max(1, Math.min(WINDOW, welcome.window ?? 1)),
      encode: (message, header) => profile.encode(message, header),
      write: (bytes) => this.#send(bytes),
      fail: (reason) => this.close(reason),
    });
  }

  #write(message: KtsMessage): void {
    const { transport, profile } = this.#options;
    transport.write(profile.encode(message, { seq: 0, node: this.#node }));
  }

  #send(bytes: Uint8Array): void {
    const { transport } = this.#options;
    transport.write(bytes);
    // Nobody reads at the other end, or the line is far slower than it was said to be.
    if (transport.writableLength > MAX_UNSENT_BYTES) this.close('overflow');
  }

  #heard(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#cancelGap?.();
    this.#decoder.push(chunk, (frame) => this.#frame(frame));
    if (this.#decoder.pendingBytes === 0 || this.#isOver) return;
    const { clock, profile, baudRate } = this.#options;
    const { gapMs } = profile.timings;
    if (gapMs === 0) return;
    const waitMs = baudRate > 0 ? Math.max(gapMs, 200_000 / baudRate) : STREAM_GAP_MS;
    this.#cancelGap = clock.setTimer(waitMs, () => this.#decoder.giveUp((frame) => this.#frame(frame)));
  }

  #frame(frame: KtsFrame): void {
    if (this.#isOver) return;
    if (frame.kind === 'damaged') {
      this.#options.unreadable(frame.sample);
      this.#channel?.damaged();
      return;
    }
    const { header } = frame;
    if (this.#node !== 255 && header.node !== this.#node) return;
    if (frame.kind === 'message' && frame.message.type === 'welcome')
      return this.#welcomeOf(frame.message, header.node);
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#heardAtMs = this.#options.clock.nowMs();
    if (frame.kind !== 'message') {
      if (frame.kind === 'malformed') this.#options.unreadable(EMPTY);
      if (frame.link === 'reliable') channel.arrived(header.seq);
      return;
    }
    this.#message(frame.message, { seq: header.seq, channel });
  }

  #welcomeOf(welcome: MessageOf<'welcome'>, node: number): void {
    if (welcome.session !== this.#options.number || this.#channel !== undefined) return;
    this.#node = node;
    this.#heardAtMs = this.#options.clock.nowMs();
    this.#welcomed?.(welcome);
  }

  #message(message: KtsMessage, { seq, channel }: { readonly seq: number; readonly channel: ReliableChannel }): void {
    switch (message.type) {
      case 'ack':
        return channel.acknowledged(seq);
      case 'nak':
        return channel.askedAgain(seq, message.reason);
      case 'bye':
      case 'ready':
        return this.close('closed');
      case 'error':
        return message.code === 'nosession' ? this.close('closed') : this.#options.message(message);
      case 'hello':
        return;
      default:
    }
    if (channel.arrived(seq) === 'drop') return;
    if (message.type !== 'heartbeat') this.#requests.heard();
    if (isAnswer(message)) this.#requests.answered(message);
    if (message.type !== 'heartbeat') this.#options.message(message);
  }
}

function isAnswer(message: KtsMessage): message is Answer {
  const { type } = message;
  return type === 'result' || type === 'callResult' || type === 'clock' || type === 'paramValue' || type === 'snapshot';
}

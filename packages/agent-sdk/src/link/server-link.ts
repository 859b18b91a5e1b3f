import type { ClientCommand, ClientCommandId, StreamId } from '@cordboard/cti-core';
import { CtiError, ERROR_CODES, isCtiError } from '@cordboard/cti-core';
import { MAX_CLIENT_FRAME_BYTES, PROTOCOL_VERSION, type ServerFrame, SUBPROTOCOL } from '@cordboard/cti-protocol/types';
import { failureKind } from '../base/failure-kind.js';
import type { Host } from '../base/host.js';
import { randomId } from '../base/host.js';
import { Attempt, type Welcome } from './attempt.js';
import { type BackoffOptions, backoffMs } from './backoff.js';
import { errorOf } from './errors.js';
import { readFrame } from './frames.js';
import { Inflight, type Reply } from './inflight.js';
import type { LinkState } from './link-state.js';
import { StreamReader, type StreamSink } from './stream-reader.js';
import { startTicker } from './ticker.js';

export type { Welcome } from './attempt.js';

/** Why a token is asked for. */
export type TokenReason = 'connect' | 'renew';

/** What a link is made of. */
export interface LinkOptions {
  readonly address: string;
  readonly getToken: (reason: TokenReason) => string | Promise<string>;
  readonly clientName: string | undefined;
  /** Names this page towards the server. */
  readonly tab: string;
  readonly host: Host;
  readonly backoff: BackoffOptions;
  readonly requestTimeoutMs: number;
  /** The stream to read, known once the server has said who we are. */
  readonly streamFor: (welcome: Welcome) => StreamId;
  readonly sink: StreamSink;
  readonly onState: (state: LinkState, before: LinkState) => void;
  /** The server told something of `welcome` anew. */
  readonly onTold?: (() => void) | undefined;
  /** The link ends for good, without having been closed. */
  readonly onFailed: (error: CtiError) => void;
}

/** Bound of one attempt: token, socket and greeting. */
const attemptMs = 15_000;
/** A socket that says nothing for so long after a beat is dead. */
const answerMs = 10_000;
/** A new token is asked for so long before the end of the old one. */
const renewMs = 60_000;
/** Room for the command id and the frame around a command. */
const frameOverheadBytes = 256;
/** Longest time that browsers' timers can count. */
const maxTimerMs = 2_147_483_000;

/** Keeps a link to the server: dials, greets, follows one stream, carries commands, comes back when lost. Inert until {@link start}. */
export class ServerLink {
  readonly #options: LinkOptions;
  readonly #inflight: Inflight;
  #state: LinkState = 'connecting';
  #attempt: Attempt | undefined;
  #reader: StreamReader | undefined;
  #failures = 0;
  #refusals = 0;
  #cancelRetry: () => void = () => undefined;
  #welcome: Welcome | undefined;
  #offsetMs = 0;

  constructor(options: LinkOptions) {
    const { host } = options;
    this.#options = options;
    this.#inflight = new Inflight({
      clock: host.clock,
      newId: () => randomId(host.random),
      timeoutMs: options.requestTimeoutMs,
      send: (commandId, command) => this.#sendCommand(commandId, command),
    });
  }

  /** Where the link stands. */
  get state(): LinkState {
    return this.#state;
  }

  /** What the server said last when it greeted. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  /** Epoch ms by the server's clock. */
  serverNow(): number {
    return this.#options.host.clock.wallMs() + this.#offsetMs;
  }

  /** Dials, and again whenever the link is lost, until {@link close}. */
  start(): void {
    if (this.#state === 'connecting' && this.#attempt === undefined) this.#dial();
  }

  /** Dials at once if a wait is under way: the network is said to be back. */
  hurry(): void {
    if (this.#state === 'closed' || this.#attempt !== undefined) return;
    this.#cancelRetry();
    this.#dial();
  }

  /** Carries a command; it survives lost links. */
  request(command: ClientCommand, signal?: AbortSignal): Promise<Reply> {
    // Checked here: the server would close the socket on it, again after each repeat.
    const bytes = new TextEncoder().encode(JSON.stringify(command)).length + frameOverheadBytes;
    const limit = this.#welcome?.maxFrameBytes ?? MAX_CLIENT_FRAME_BYTES;
    if (bytes > limit) {
      const message = `${command.type} makes a frame of ${bytes} bytes; ${limit} at most`;
      return Promise.reject(new CtiError('argument.invalid', message));
    }
    return this.#inflight.request(command, signal);
  }

  /** Ends the link; what waits is rejected with `error`. */
  close(error: CtiError = new CtiError('client.closed', 'the desk was closed')): void {
    if (this.#state === 'closed') return;
    this.#cancelRetry();
    this.#attempt?.drop('closed');
    this.#attempt = undefined;
    this.#inflight.end(error);
    this.#move('closed');
  }

  #move(state: LinkState): void {
    const before = this.#state;
    if (before === state) return;
    this.#state = state;
    this.#options.onState(state, before);
  }

  #dial(): void {
    const { host } = this.#options;
    const attempt = new Attempt(host.clock);
    this.#attempt = attempt;
    attempt.after(attemptMs, () => {
      if (attempt.welcome === undefined) this.#lost(attempt);
    });
    this.#open(attempt).catch((cause: unknown) => {
      if (attempt.over) return;
      // A host without sockets, or an application that says in our words that it gives no token, is not tried again.
      if (isCtiError(cause) && !cause.retryable) this.#fail(cause);
      else this.#lost(attempt);
    });
  }

  async #open(attempt: Attempt): Promise<void> {
    const token = await this.#askToken(attempt, 'connect');
    if (attempt.over) return;
    try {
      this.#connect(attempt, token);
    } catch (cause) {
      this.#options.host.log.warn('no socket could be made', { failure: failureKind(cause) });
      throw cause;
    }
  }

  async #askToken(attempt: Attempt, reason: TokenReason): Promise<string> {
    try {
      return await this.#options.getToken(reason);
    } catch (cause) {
      if (!attempt.over) this.#options.host.log.warn('getToken failed', { reason, failure: failureKind(cause) });
      throw cause;
    }
  }

  #connect(attempt: Attempt, token: string): void {
    const socket = this.#options.host.socketOf(this.#options.address, [SUBPROTOCOL]);
    attempt.socket = socket;
    socket.onopen = () => this.#greet(attempt, token);
    socket.onmessage = (event) => this.#heard(attempt, event.data);
    socket.onclose = (event) => this.#closed(attempt, event.code);
    socket.onerror = () => undefined;
  }

  /** Where a closing comes without the words that should go before it, its code still says whose fault it was. */
  #closed(attempt: Attempt, code: number): void {
    if (attempt.over) return;
    if (code === ERROR_CODES['auth.invalid'].ws)
      this.#bye(attempt, new CtiError('auth.invalid', 'the token was refused'));
    else if (code === ERROR_CODES['auth.origin'].ws) {
      this.#bye(attempt, new CtiError('auth.origin', 'pages of this origin are not let in'));
    } else this.#lost(attempt);
  }

  #greet(attempt: Attempt, token: string): void {
    const reader = this.#reader;
    const { clientName, tab } = this.#options;
    attempt.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      token,
      tab,
      ...(clientName === undefined ? {} : { clientName }),
      ...(reader?.cursor === undefined ? {} : { resume: [{ stream: reader.stream, cursor: reader.cursor }] }),
    });
  }

  #heard(attempt: Attempt, data: unknown): void {
    if (attempt.over) return;
    attempt.heardAtMs = this.#options.host.clock.nowMs();
    const reading = readFrame(data);
    if (reading.outcome === 'unreadable') this.#options.host.log.warn('a frame of the server cannot be read');
    if (reading.outcome === 'frame') this.#take(attempt, reading.frame);
  }

  #take(attempt: Attempt, frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(attempt, frame);
        break;
      case 'reset':
        if (frame.stream !== this.#reader?.stream) break;
        this.#reader.reset(frame.cursor, frame.snapshot);
        this.#completeAt(attempt, frame.cursor.seq);
        break;
      case 'resumed':
        if (frame.stream === this.#reader?.stream) this.#completeAt(attempt, frame.cursor.seq);
        break;
      case 'events':
        this.#events(attempt, frame);
        break;
      case 'outcome':
        this.#inflight.settle(frame.commandId, frame.outcome);
        break;
      case 'error':
        this.#refused(attempt, frame);
        break;
      case 'unsubscribed':
        if (frame.stream !== this.#reader?.stream) break;
        this.#fail(errorOf({ code: frame.code ?? 'auth.forbidden', message: 'the server ended the stream' }));
        break;
      case 'bye':
        this.#bye(attempt, errorOf(frame));
        break;
      case 'probe':
        // In a hidden page the beat's own timer is too slow for the lease; messages are not.
        attempt.send({ type: 'ping' });
        break;
      case 'pong':
        break;
      case 'speedDial':
        if (this.#welcome !== undefined) this.#welcome = { ...this.#welcome, speedDial: frame.entries };
        this.#options.onTold?.();
        break;
      default:
        frame satisfies never;
    }
  }

  #refused(attempt: Attempt, frame: Extract<ServerFrame, { type: 'error' }>): void {
    if (frame.commandId !== undefined) {
      this.#inflight.refuse(frame.commandId, errorOf(frame));
      return;
    }
    this.#options.host.log.warn('the server refused a frame', { code: frame.code });
    if (frame.stream === undefined || frame.stream !== this.#reader?.stream) return;
    if (frame.retryable) this.#lost(attempt);
    else this.#fail(errorOf(frame));
  }

  #welcomed(attempt: Attempt, welcome: Welcome): void {
    const { host, streamFor, sink } = this.#options;
    attempt.welcome = welcome;
    this.#welcome = welcome;
    this.#offsetMs = welcome.serverTimeMs - host.clock.wallMs();
    this.#failures = 0;
    this.#refusals = 0;
    let stream: StreamId;
    try {
      stream = streamFor(welcome);
    } catch (cause) {
      this.#fail(isCtiError(cause) ? cause : new CtiError('auth.forbidden', 'no stream for this user', { cause }));
      return;
    }
    if (this.#reader?.stream !== stream) this.#reader = new StreamReader(stream, sink);
    if (this.#reader.cursor === undefined) attempt.send({ type: 'subscribe', stream });
    const everyMs = Math.max(1_000, Math.floor(welcome.pingMs / 2));
    attempt.ticker = startTicker(host.clock, everyMs, () => this.#beat(attempt));
    this.#planRenewal(attempt, welcome.tokenEndsWallMs);
  }

  #completeAt(attempt: Attempt, seq: number): void {
    attempt.completeAt = seq;
    this.#complete(attempt);
  }

  /** Once the stream is complete again the desk is online, and what waits is said again. */
  #complete(attempt: Attempt): void {
    const seq = this.#reader?.cursor?.seq;
    if (attempt.over || this.#state === 'online' || attempt.completeAt === undefined) return;
    if (seq === undefined || seq < attempt.completeAt) return;
    this.#move('online');
    this.#inflight.resend();
  }

  #events(attempt: Attempt, frame: Extract<ServerFrame, { type: 'events' }>): void {
    const reader = this.#reader;
    if (reader === undefined || frame.stream !== reader.stream) return;
    const read = reader.events(frame.items);
    if (read.outcome === 'hole') {
      this.#options.host.log.warn('events are missing, the stream is asked for again');
      const { cursor, stream } = reader;
      attempt.send({ type: 'subscribe', stream, ...(cursor === undefined ? {} : { cursor }) });
      return;
    }
    if (read.ignored > 0) this.#options.host.log.debug('events were passed over', { count: read.ignored });
    this.#complete(attempt);
  }

  /** A beat on the link: renews the lease, and finds out whether anybody is there. */
  #beat(attempt: Attempt): void {
    if (attempt.over) return;
    attempt.send({ type: 'ping' });
    const sentAtMs = this.#options.host.clock.nowMs();
    attempt.after(answerMs, () => {
      if (attempt.heardAtMs < sentAtMs) this.#lost(attempt);
    });
  }

  #planRenewal(attempt: Attempt, endsWallMs: number): void {
    if (!Number.isFinite(endsWallMs)) return;
    const leftMs = endsWallMs - this.serverNow();
    const delayMs = Math.max(leftMs - renewMs, leftMs / 2);
    if (delayMs > maxTimerMs) return;
    attempt.after(Math.max(0, delayMs), () => {
      this.#askToken(attempt, 'renew').then(
        (token) => attempt.over || attempt.send({ type: 'token', token }),
        // The old token still holds; when it ends, the next dial asks for another one.
        () => undefined,
      );
    });
  }

  #bye(attempt: Attempt, error: CtiError): void {
    // A refused token may have been a stale one: one more, fresh, is tried before giving up.
    this.#refusals += error.retryable ? 0 : 1;
    const first = this.#welcome === undefined;
    if (!error.retryable && (first || this.#refusals > 1)) this.#fail(error);
    else this.#lost(attempt);
  }

  #fail(error: CtiError): void {
    if (this.#state === 'closed') return;
    this.close(error);
    this.#options.onFailed(error);
  }

  #lost(attempt: Attempt): void {
    if (attempt.over) return;
    attempt.drop('lost');
    if (this.#attempt === attempt) this.#attempt = undefined;
    if (this.#state === 'closed') return;
    if (this.#state === 'online') this.#move('offline');
    this.#failures += 1;
    const { host, backoff } = this.#options;
    this.#cancelRetry = host.clock.setTimer(backoffMs(this.#failures, host.random, backoff), () => this.#dial());
  }

  #sendCommand(commandId: ClientCommandId, command: ClientCommand): void {
    const attempt = this.#attempt;
    // Said before the stream is complete it would be answered for a desk that is not there yet.
    if (this.#state !== 'online' || attempt === undefined) return;
    attempt.send({ type: 'command', commandId, command });
  }
}

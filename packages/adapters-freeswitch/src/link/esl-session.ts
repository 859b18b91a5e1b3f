import { type Clock, CtiError, isCtiError, type LinkDownReason } from '@cordboard/cti-core';
import { Correlator, type LinkSession, reasonOf } from '@cordboard/driver-kit';
import { EslDecoder, type EslDecoderOptions } from '../wire/esl-decoder.js';
import { type EslCommand, encodeEslCommand } from '../wire/esl-encoder.js';
import type { EslEvent } from '../wire/esl-event.js';
import type { EslApiResponse, EslDisconnectNotice, EslFrame, EslLog, EslReply } from '../wire/esl-frames.js';
import { DEFAULT_LIMITS, Delivery, type DeliveryLimits } from './delivery.js';
import { DEFAULT_TIMEOUT_MS, type EslAnswer, type EslWait, type QueuedCommand, ReplyQueue } from './reply-queue.js';

/** The part of a socket that a session uses: of `node:net` and `node:tls` alike. */
export interface EslSocket {
  readonly writableLength: number;
  write(text: string): boolean;
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** What a session is made with. */
export interface EslSessionOptions {
  readonly clock: Clock;
  /** 0 <= x < 1. Job ids begin with a random stem, so that those of other clients and ours are kept apart. */
  readonly random: () => number;
  readonly decoder?: EslDecoderOptions;
  readonly limits?: Partial<DeliveryLimits>;
  /** Commands whose answer has not come. 1 to 100,000, default 1,000. */
  readonly maxPending?: number;
}

/** Who hears what a session reads. Absent members hear nothing. */
export interface EslReader {
  /** Each event, in wire order. */
  readonly event?: (event: EslEvent) => void;
  /** So many events were dropped before the next one: only a snapshot tells what is so now. */
  readonly gap?: (dropped: number) => void;
  readonly log?: (line: EslLog) => void;
  readonly notice?: (notice: EslDisconnectNotice) => void;
  /** What nobody could read, at most 256 bytes of it. */
  readonly unreadable?: (sample: Uint8Array) => void;
}

/** How a job of `bgapi` ended. */
export interface EslJobResult {
  /** What the command printed; may be empty. */
  readonly text: string;
  /** Does the text begin with `-ERR` or `-USAGE`? */
  readonly isRefusal: boolean;
  readonly event: EslEvent;
}

/** Unsent bytes over which further commands are refused: a peer that reads nothing is not worth more memory. */
const MAX_UNSENT_BYTES = 32 << 20;
/** After its notice FreeSWITCH closes at once; a proxy may not. */
const CLOSE_AFTER_NOTICE_MS = 3_000;
const SAMPLE_BYTES = 256;

/**
 * One life of a connection to FreeSWITCH: the socket, the commands under way, the jobs, the events. Logs in only when it is told to.
 */
export class EslSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #socket: EslSocket;
  readonly #clock: Clock;
  readonly #decoder: EslDecoder;
  readonly #replies: ReplyQueue;
  readonly #jobs: Correlator<EslEvent>;
  readonly #delivery: Delivery;
  readonly #stem: string;
  readonly #sink = (frame: EslFrame): void => this.#frame(frame);
  #ids = 0;
  #heardAtMs: number;
  #reason: LinkDownReason | undefined;
  #reader: EslReader = {};
  #greeted = false;
  #onGreeted: (() => void) | undefined;
  #cancelNotice: (() => void) | undefined;

  /** @internal Made by `dialEsl` and by the server. */
  constructor(socket: EslSocket, options: EslSessionOptions) {
    this.#socket = socket;
    this.#clock = options.clock;
    this.#heardAtMs = options.clock.nowMs();
    this.#decoder = new EslDecoder(options.decoder);
    const maxPending = options.maxPending ?? 1_000;
    this.#replies = new ReplyQueue({
      clock: options.clock,
      maxPending,
      write: (text) => void socket.write(text),
      sendMarker: () => this.#sendMarker(),
    });
    this.#jobs = new Correlator({ clock: options.clock, maxPending: maxPending * 10 });
    this.#delivery = new Delivery({
      clock: options.clock,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      event: (event) => this.#reader.event?.(event),
      gap: (dropped) => this.#reader.gap?.(dropped),
    });
    this.#stem = Array.from({ length: 2 }, () => Math.floor(options.random() * 0x1_0000_0000).toString(36)).join('');
    socket.on('error', (error) => {
      this.#reason ??= reasonOf(error);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#cancelNotice?.();
        this.#replies.close();
        this.#jobs.close();
        this.#onGreeted?.();
        // What came before the end is still to be told, unless it was we who ended it.
        this.#delivery.whenDrained(() => resolve(this.#reason ?? 'closed'));
      });
    });
  }

  /** When anything was last heard, on the session's clock. A command within its own bound counts: FreeSWITCH is silent while it runs an `api`. */
  get heardAtMs(): number {
    return this.#replies.isAwaited ? this.#clock.nowMs() : this.#heardAtMs;
  }

  /** Answers that nobody could have asked for, and jobs' results that came too late. */
  get strays(): number {
    return this.#replies.strays;
  }

  /** Events that wait for a slow reader. */
  get queuedEvents(): number {
    return this.#delivery.queued;
  }

  /** Hands over what is read from now on. One reader at a time. */
  read(reader: EslReader): void {
    this.#reader = reader;
  }

  /**
   * Sends a command and waits for its answer, whatever it says.
   *
   * @throws {CtiError} `wire.unsafeValue`; by rejection `driver.timeout`, `driver.linkLost`, `wait.aborted`, `server.busy`,
   *   `driver.outcomeUnknown` when FreeSWITCH answered later commands and not this one
   */
  command(command: EslCommand, wait: EslWait = {}): Promise<EslAnswer> {
    return this.#send({ text: encodeEslCommand(command), isApi: /^\s*api\b/i.test(command.line) }, wait);
  }

  /**
   * `api`: runs a command in FreeSWITCH's thread of this connection, which gives neither answers nor events until it is done. For anything
   * that takes longer than a moment use {@link bgapi}.
   *
   * @throws {CtiError} as {@link command}; by rejection `driver.refused` when FreeSWITCH does not let this user or this connection run it
   */
  async api(line: string, wait: EslWait = {}): Promise<EslApiResponse> {
    const answer = await this.command({ line: `api ${line}` }, wait);
    if (answer.type === 'reply') throw refused('the switch does not run this api command here');
    return answer;
  }

  /**
   * `bgapi`: starts a command and waits for its result. The id of the job is ours and is waited for before it is sent, so that no result
   * is missed. Needs events of `BACKGROUND_JOB`.
   *
   * @throws {CtiError} as {@link command}; by rejection `driver.refused` when FreeSWITCH does not start it
   */
  async bgapi(line: string, wait: EslWait = {}): Promise<EslJobResult> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = wait;
    const id = this.newId();
    const text = encodeEslCommand({ line: `bgapi ${line}`, headers: [['Job-UUID', id]] });
    const result = this.#jobs.open(id, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
    result.catch(() => undefined);
    try {
      const reply = await this.#send({ text, isApi: false, marker: id }, wait);
      if (reply.isRefusal) throw refused('the switch did not start a job');
    } catch (error) {
      this.#jobs.reject(id, error);
    }
    const event = await result;
    const body = event.body ?? '';
    return { text: body, isRefusal: body.startsWith('-ERR') || body.startsWith('-USAGE'), event };
  }

  /** An id that no other client uses: for jobs, applications and channels. */
  newId(): string {
    this.#ids += 1;
    // Of equal length, so that none is the beginning of another.
    return `cb${this.#stem}-${this.#ids.toString(36).padStart(7, '0')}`;
  }

  /**
   * Waits to be asked and logs in.
   *
   * @param login.user - `name@domain` for `userauth`, which grants what the directory says; without it `auth`, which grants all
   * @throws {CtiError} `wire.unsafeValue`; by rejection `link.auth` when FreeSWITCH refuses, else as {@link command}
   */
  async logIn(login: { readonly user?: string; readonly password: string }, wait: EslWait = {}): Promise<EslReply> {
    await this.#greeting(wait.signal);
    const { user, password } = login;
    const line = user === undefined ? `auth ${password}` : `userauth ${user}:${password}`;
    const reply = await this.command({ line }, wait);
    if (reply.type !== 'reply' || !reply.text.startsWith('+OK')) {
      throw new CtiError('link.auth', 'the event socket refused the user or the password');
    }
    return reply;
  }

  /**
   * Takes over the channel for which FreeSWITCH opened this connection; must be the first command.
   *
   * @returns the channel's headers
   * @throws {CtiError} by rejection as {@link command}; `wire.frameInvalid` when the peer is no outbound event socket
   */
  async connect(wait: EslWait = {}): Promise<EslEvent> {
    const reply = await this.command({ line: 'connect' }, wait);
    const channel = reply.type === 'reply' ? reply.asEvent() : undefined;
    if (channel?.get('Unique-ID') === undefined) {
      throw new CtiError('wire.frameInvalid', 'the peer did not answer connect with a channel');
    }
    return channel;
  }

  /** Asks for a sign of life: any answer is one. */
  async probe(wait: EslWait = {}): Promise<void> {
    await this.#sendMarkerCommand(wait);
  }

  /** Ends it at once; commands without an answer get `driver.linkLost`, events that wait are dropped. May be called again. */
  close(reason: LinkDownReason): void {
    this.#reason ??= reason;
    this.#delivery.close();
    this.#socket.destroy();
  }

  /** @internal Bytes from the socket. */
  receive(chunk: Uint8Array): void {
    if (this.#reason !== undefined) return;
    this.#heardAtMs = this.#clock.nowMs();
    this.#delivery.begin();
    try {
      this.#decoder.push(chunk, this.#sink);
    } catch (error) {
      this.#reader.unreadable?.(chunk.slice(0, SAMPLE_BYTES));
      this.close(isCtiError(error) ? reasonOf(error) : 'protocol');
    }
  }

  #send(command: QueuedCommand, wait: EslWait): Promise<EslAnswer> {
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
      return Promise.reject(new CtiError('server.busy', 'the switch does not read what it is sent'));
    }
    return this.#replies.open(command, wait);
  }

  /** `filter delete` of a filter that nobody has: changes nothing, needs no right, and its answer repeats our words. */
  #sendMarkerCommand(wait: EslWait): Promise<EslAnswer> {
    const marker = this.newId();
    const text = encodeEslCommand({ line: `filter delete cordboard-marker ${marker}` });
    return this.#send({ text, isApi: false, marker, isUrgent: true }, wait);
  }

  #sendMarker(): void {
    this.#sendMarkerCommand({}).catch((error: unknown) => {
      // Nothing can be matched any more: only a new connection begins with a known order.
      if (isCtiError(error, 'driver.timeout')) this.close('timeout');
    });
  }

  #greeting(signal: AbortSignal | undefined): Promise<void> {
    if (this.#greeted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#onGreeted = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #frame(frame: EslFrame): void {
    switch (frame.type) {
      case 'event':
        return this.#event(frame);
      case 'reply':
      case 'apiResponse':
        return this.#replies.answer(frame);
      case 'authRequest':
        this.#greeted = true;
        return this.#onGreeted?.();
      case 'log':
        return this.#reader.log?.(frame);
      case 'disconnectNotice':
        return this.#notice(frame);
      case 'rejection':
        this.#reason ??= 'refused';
        return void this.#socket.destroy();
      case 'unknown':
        return this.#reader.unreadable?.(frame.sample);
      default:
        return frame satisfies never;
    }
  }

  #event(event: EslEvent): void {
    // A result is brought to its waiter at once: it must not wait, or be dropped, behind the events of a slow reader.
    if (this.#jobs.pending > 0 && event.name === 'BACKGROUND_JOB') {
      const id = event.get('Job-UUID');
      if (id !== undefined && this.#jobs.has(id)) this.#jobs.resolve(id, event);
    }
    this.#delivery.take(event);
  }

  #notice(notice: EslDisconnectNotice): void {
    this.#reader.notice?.(notice);
    if (notice.disposition === 'linger') return;
    this.#cancelNotice ??= this.#clock.setTimer(CLOSE_AFTER_NOTICE_MS, () => this.#socket.destroy());
  }
}

function refused(message: string): CtiError {
  return new CtiError('driver.refused', message);
}

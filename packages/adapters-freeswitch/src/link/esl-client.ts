import type { ConnectionOptions } from 'node:tls';
import { type Clock, CtiError, type LinkDownReason, type Logger } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, type LinkState, systemClock } from '@cordboard/driver-kit';
import { type EslOptions, type EslOptionsInput, eslOptions } from '../options.js';
import type { EslCommand, EslExecute } from '../wire/esl-encoder.js';
import type { EslEvent } from '../wire/esl-event.js';
import type { EslApiResponse, EslDisconnectNotice, EslLog, EslReply } from '../wire/esl-frames.js';
import { checkAccepted, executeOn, hangUp } from './channel-control.js';
import { dialEsl } from './dial.js';
import type { EslJobResult, EslSession } from './esl-session.js';
import { type EslGap, type EslStreamOptions, EventStream } from './event-stream.js';
import { type EslListener, type EslListenOptions, type EslTopic, Listeners } from './listeners.js';
import type { EslAnswer, EslWait } from './reply-queue.js';
import { type EslSubscription, filterLine, hearJobs, subscribeTo } from './subscribe.js';

/** What becomes of the connection, and what else comes over it. */
export type EslLinkEvent =
  | { readonly type: 'up'; readonly reply: EslReply }
  | { readonly type: 'down'; readonly reason: LinkDownReason }
  /** `error` ended the attempt before it, where one did. */
  | { readonly type: 'state'; readonly state: LinkState; readonly error?: unknown }
  | { readonly type: 'notice'; readonly notice: EslDisconnectNotice }
  | { readonly type: 'log'; readonly line: EslLog }
  | { readonly type: 'unreadable'; readonly sample: Uint8Array }
  | EslGap;

/** What an application may put in place of the real world. */
export interface EslContext {
  readonly clock?: Clock;
  /** 0 <= x < 1, default `Math.random`. */
  readonly random?: () => number;
  readonly log?: Logger;
}

/** How long a polite end may take. */
const EXIT_TIMEOUT_MS = 1_000;

/**
 * A connection to FreeSWITCH that stays: it dials, logs in, asks for its events, looks whether the peer is alive, and does all of that
 * again after a loss. Inert until {@link start}.
 */
export class EslClient implements AsyncDisposable {
  readonly #options: EslOptions;
  readonly #clock: Clock;
  readonly #loop: LinkLoop<EslSession>;
  readonly #listeners: Listeners;
  readonly #linkListeners = new Set<(event: EslLinkEvent) => void>();
  readonly #streams = new Set<EventStream>();
  readonly #added: EslSubscription[] = [];
  readonly #log: Logger | undefined;
  #reply: EslReply | undefined;
  #wasUp = false;

  /** @throws {CtiError} `config.invalid` with the path of the first option that is wrong */
  constructor(options: EslOptionsInput, context: EslContext = {}) {
    this.#options = checkedOptions(options);
    this.#clock = context.clock ?? systemClock;
    this.#log = context.log;
    this.#listeners = new Listeners(context.log);
    const random = context.random ?? Math.random;
    const { connectTimeout, probeEvery, probeTimeout, backoffFirst, backoffMax } = this.#options;
    this.#loop = new LinkLoop({
      clock: this.#clock,
      random,
      policy: {
        ...DEFAULT_LINK_POLICY,
        connectTimeoutMs: connectTimeout,
        probeEveryMs: probeEvery,
        probeTimeoutMs: probeTimeout,
        backoffFirstMs: backoffFirst,
        backoffMaxMs: backoffMax,
      },
      dial: (signal) => this.#dial(random, signal),
      logIn: (session, signal) => this.#logIn(session, signal),
      probe: (session, signal) => session.probe({ signal, timeoutMs: probeTimeout * 2 }),
      heardAtMs: (session) => session.heardAtMs,
      up: () => this.#up(),
      down: (reason) => this.#emitLink({ type: 'down', reason }),
      state: (state, error) => this.#emitLink({ type: 'state', state, ...(error === undefined ? {} : { error }) }),
    });
  }

  /** Where it dials, and how long one attempt may take. */
  get target(): { readonly host: string; readonly port: number; readonly connectTimeoutMs: number } {
    const { host, port, connectTimeout } = this.#options;
    return { host, port, connectTimeoutMs: connectTimeout };
  }

  /** Is it logged in now? */
  get isUp(): boolean {
    return this.#loop.session !== undefined;
  }

  /** The connection while it is up, for what the client has no method for. */
  get session(): EslSession | undefined {
    return this.#loop.session;
  }

  /** Starts to keep the connection, and returns at once. @throws {CtiError} `driver.started`, `driver.stopped` */
  start(): void {
    this.#loop.start();
  }

  /**
   * Resolves when it is logged in and its events are asked for. It waits for a switch that is not there yet: `connectEsl` tells the first failure instead.
   *
   * @throws {CtiError} by rejection `link.auth` when the password is refused, `driver.stopped`, `wait.aborted`
   */
  ready(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.isUp) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const onAbort = (): void =>
        done(() => reject(new CtiError('wait.aborted', 'the wait for the switch was given up by its caller')));
      const off = this.onLink((event) => {
        if (event.type === 'up') return done(resolve);
        if (event.type !== 'state') return;
        const { state } = event;
        if (state.kind === 'stopped') done(() => reject(new CtiError('driver.stopped', 'the client was closed')));
        if (state.kind === 'waiting' && state.reason === 'authFailed') {
          done(() => reject(new CtiError('link.auth', 'the event socket refused the user or the password')));
        }
      });
      const done = (then: () => void): void => {
        off();
        signal?.removeEventListener('abort', onAbort);
        then();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
    });
  }

  /**
   * Hears events by name (`CHANNEL_ANSWER`), by subclass (`sofia::register`), or all that come (`*`). It only hears what was asked for by the
   * options or by {@link subscribe}.
   *
   * @returns what ends it
   */
  on(topic: EslTopic, listener: EslListener, options?: EslListenOptions): () => void {
    return this.#listeners.on(topic, listener, options);
  }

  /** Hears what becomes of the connection: up, down, gaps, notices, log lines. @returns what ends it */
  onLink(listener: (event: EslLinkEvent) => void): () => void {
    const own = (event: EslLinkEvent): void => listener(event);
    this.#linkListeners.add(own);
    return () => {
      this.#linkListeners.delete(own);
    };
  }

  /** All events in their order, for `for await`, with a gap in place of those that were lost. Ends with the client or the signal. */
  events(options: EslStreamOptions = {}): AsyncIterableIterator<EslEvent | EslGap> {
    const stream: EventStream = new EventStream(options, () => this.#streams.delete(stream));
    if (options.signal?.aborted !== true) this.#streams.add(stream);
    return stream;
  }

  /**
   * Runs an API command and gives what it printed. FreeSWITCH sends this connection nothing else until the command is done: for what
   * takes longer than a moment there is {@link bgapi}.
   *
   * @throws {CtiError} as `EslSession.api`; `driver.linkLost` while the connection is down
   */
  async api(line: string, wait?: EslWait): Promise<EslApiResponse> {
    return await this.#session().api(line, wait);
  }

  /** Runs an API command beside everything else and waits for its result. @throws {CtiError} as `EslSession.bgapi` */
  async bgapi(line: string, wait?: EslWait): Promise<EslJobResult> {
    return await this.#session().bgapi(line, wait);
  }

  /** Sends any command. @throws {CtiError} as `EslSession.command` */
  async command(command: EslCommand, wait?: EslWait): Promise<EslAnswer> {
    return await this.#session().command(command, wait);
  }

  /** Starts an application on a channel. @returns its `Application-UUID`. @throws {CtiError} `driver.refused` when there is no such channel */
  async execute(uuid: string, execute: EslExecute, wait?: EslWait): Promise<string> {
    return await executeOn(this.#session(), { uuid, execute }, wait);
  }

  /** Ends a channel. @throws {CtiError} `driver.refused` when there is no such channel */
  async hangUp(uuid: string, options: { readonly cause?: string } = {}, wait?: EslWait): Promise<void> {
    await hangUp(this.#session(), { uuid, ...options }, wait);
  }

  /**
   * Hears more events, now and after each reconnect.
   *
   * @throws {CtiError} `driver.refused` when this user may not hear them; then nothing is kept
   */
  async subscribe(wanted: Omit<EslSubscription, 'format'>, wait?: EslWait): Promise<void> {
    const { session } = this;
    if (session !== undefined) await subscribeTo(session, { ...wanted, format: this.#options.format }, wait);
    this.#added.push(wanted);
  }

  /** Lets only events with such a header pass, now and after each reconnect. @throws {CtiError} as {@link subscribe} */
  async filter(header: string, value: string, wait?: EslWait): Promise<void> {
    const { session } = this;
    if (session !== undefined)
      checkAccepted(await session.command(filterLine(header, value), wait), 'the switch did not take the filter');
    this.#added.push({ filters: [[header, value]] });
  }

  /** Says goodbye, ends the connection and every wait. Never rejects; may be called again. */
  async close(): Promise<void> {
    const { session } = this;
    if (session !== undefined) {
      const goodbye = session.command({ line: 'exit' }, { timeoutMs: EXIT_TIMEOUT_MS }).catch(() => undefined);
      await Promise.race([goodbye, session.closed]);
    }
    await this.#loop.stop();
    for (const stream of [...this.#streams]) stream.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #session(): EslSession {
    const { session } = this;
    if (session === undefined) throw new CtiError('driver.linkLost', 'there is no link to the switch now');
    return session;
  }

  #dial(random: () => number, signal: AbortSignal): Promise<EslSession> {
    const { host, port, tls, charset, maxHeaderBytes, maxBodyBytes, maxQueuedEvents, maxQueuedBytes, maxPending } =
      this.#options;
    const secure: ConnectionOptions | undefined = tls === false ? undefined : tls === true ? {} : tls;
    return dialEsl(
      { host, port, ...(secure === undefined ? {} : { tls: secure }) },
      {
        clock: this.#clock,
        random,
        signal,
        decoder: { charset, maxHeaderBytes, maxBodyBytes },
        limits: { maxQueuedEvents, maxQueuedBytes },
        maxPending,
      },
    );
  }

  async #logIn(session: EslSession, signal: AbortSignal): Promise<void> {
    const { user, password, events, custom, filters, format, connectTimeout } = this.#options;
    const wait: EslWait = { signal, timeoutMs: connectTimeout };
    session.read({
      event: (event) => {
        this.#listeners.emit(event);
        for (const stream of this.#streams) stream.push(event);
      },
      gap: (dropped) => this.#gap({ type: 'gap', reason: 'slow', dropped }),
      log: (line) => this.#emitLink({ type: 'log', line }),
      notice: (notice) => this.#emitLink({ type: 'notice', notice }),
      unreadable: (sample) => this.#emitLink({ type: 'unreadable', sample }),
    });
    this.#reply = await session.logIn({ password, ...(user === undefined ? {} : { user }) }, wait);
    await hearJobs(session, format, wait);
    for (const wanted of [{ events, custom, filters }, ...this.#added])
      await subscribeTo(session, { ...wanted, format }, wait);
  }

  #up(): void {
    if (this.#wasUp) this.#gap({ type: 'gap', reason: 'linkLost', dropped: 0 });
    this.#wasUp = true;
    if (this.#reply !== undefined) this.#emitLink({ type: 'up', reply: this.#reply });
  }

  #gap(gap: EslGap): void {
    for (const stream of this.#streams) stream.push(gap);
    this.#emitLink(gap);
  }

  #emitLink(event: EslLinkEvent): void {
    for (const listener of [...this.#linkListeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#log?.error('a listener of a link failed', { what: error instanceof Error ? error.name : typeof error });
      }
    }
  }
}

function checkedOptions(options: EslOptionsInput): EslOptions {
  const checked = eslOptions.safeParse(options);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new CtiError(
    'config.invalid',
    `option ${issue?.path.join('.') ?? ''} of the event socket: ${issue?.message ?? 'is wrong'}`,
  );
}

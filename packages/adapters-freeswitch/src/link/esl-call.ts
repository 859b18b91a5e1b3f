import { type Clock, CtiError, type LinkDownReason, type Logger } from '@cordboard/cti-core';
import { Correlator } from '@cordboard/driver-kit';
import type { EslCommand, EslExecute } from '../wire/esl-encoder.js';
import type { EslEvent } from '../wire/esl-event.js';
import type { EslApiResponse } from '../wire/esl-frames.js';
import { executeOn, hangUp } from './channel-control.js';
import type { EslJobResult, EslSession } from './esl-session.js';
import { type EslGap, type EslStreamOptions, EventStream } from './event-stream.js';
import { type EslListener, type EslListenOptions, type EslTopic, Listeners } from './listeners.js';
import type { EslAnswer, EslWait } from './reply-queue.js';

/** Applications whose end is waited for at a time. */
const MAX_RUNNING = 1_000;
const DEFAULT_RUN_TIMEOUT_MS = 600_000;

/**
 * One call that FreeSWITCH has handed to us by its `socket` application: the channel, its events, and the commands on it. It lasts as long
 * as the connection, which FreeSWITCH closes after the call.
 */
export class EslCall {
  /** Headers of the channel as they were when the call came. */
  readonly channel: EslEvent;
  /** `Unique-ID` of the channel. */
  readonly uuid: string;
  /** `full`: all commands. `single`: FreeSWITCH was not told `full`; `api`, `bgapi` and `linger` are refused. */
  readonly control: 'full' | 'single';
  /** `async`: commands are answered at once. `sync`: the answer to an application comes when it has ended. */
  readonly mode: 'async' | 'sync';
  /** Resolves once, when the connection is over, and with it this object. */
  readonly closed: Promise<LinkDownReason>;
  readonly #session: EslSession;
  readonly #listeners: Listeners;
  readonly #streams = new Set<EventStream>();
  readonly #running: Correlator<EslEvent>;
  readonly #runIds = new Set<string>();
  #isOver = false;

  /** @internal Made by the server. */
  constructor(
    session: EslSession,
    channel: EslEvent,
    context: { readonly clock: Clock; readonly log?: Logger | undefined },
  ) {
    this.#session = session;
    this.channel = channel;
    this.uuid = channel.get('Unique-ID') ?? '';
    this.control = channel.get('Control') === 'full' ? 'full' : 'single';
    this.mode = channel.get('Socket-Mode') === 'async' ? 'async' : 'sync';
    this.#listeners = new Listeners(context.log);
    this.#running = new Correlator({ clock: context.clock, maxPending: MAX_RUNNING });
    session.read({
      event: (event) => this.#event(event),
      gap: (dropped) => this.#push({ type: 'gap', reason: 'slow', dropped }),
    });
    this.closed = session.closed.then((reason) => {
      this.#isOver = true;
      this.#running.close();
      for (const stream of [...this.#streams]) stream.end();
      return reason;
    });
  }

  /** Has the channel been hung up, or the connection ended? */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Hears events of the call as `EslClient.on` does. @returns what ends it */
  on(topic: EslTopic, listener: EslListener, options?: EslListenOptions): () => void {
    return this.#listeners.on(topic, listener, options);
  }

  /** All events in their order, for `for await`; ends with the connection. */
  events(options: EslStreamOptions = {}): AsyncIterableIterator<EslEvent | EslGap> {
    const stream: EventStream = new EventStream(options, () => this.#streams.delete(stream));
    if (options.signal?.aborted !== true) this.#streams.add(stream);
    return stream;
  }

  /**
   * Starts an application: `playback`, `answer`, `bridge`. Applications run one after the other, in the order in which they were started.
   *
   * @returns its `Application-UUID`
   * @throws {CtiError} `wire.unsafeValue`; by rejection as `EslSession.command`, `driver.refused` when the call is over
   */
  async execute(app: string, arg?: string, options: Omit<EslExecute, 'app' | 'arg'> & EslWait = {}): Promise<string> {
    const { timeoutMs, signal, ...more } = options;
    const execute: EslExecute = { app, ...(arg === undefined ? {} : { arg }), ...more };
    return await executeOn(this.#session, { execute }, waitOf({ timeoutMs, signal }));
  }

  /**
   * Starts an application and waits for its end.
   *
   * @param options.timeoutMs - bound of the whole, default ten minutes
   * @returns `CHANNEL_EXECUTE_COMPLETE`, which tells by `Application-Response` and variables how it went
   * @throws {CtiError} as {@link execute}; by rejection `call.state` when the call ended first, for then FreeSWITCH does not tell
   */
  async run(
    app: string,
    arg?: string,
    options: Omit<EslExecute, 'app' | 'arg' | 'eventUuid'> & EslWait = {},
  ): Promise<EslEvent> {
    const { timeoutMs = DEFAULT_RUN_TIMEOUT_MS, signal } = options;
    const eventUuid = this.#session.newId();
    const end = this.#running.open(eventUuid, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
    end.catch(() => undefined);
    this.#runIds.add(eventUuid);
    try {
      await this.execute(app, arg, { ...options, timeoutMs, eventUuid });
      return await end;
    } catch (error) {
      if (this.#running.has(eventUuid)) this.#running.reject(eventUuid, error);
      throw error;
    } finally {
      this.#runIds.delete(eventUuid);
    }
  }

  /** Ends the call. @throws {CtiError} by rejection `driver.refused` when it is over */
  async hangUp(options: { readonly cause?: string } = {}, wait?: EslWait): Promise<void> {
    await hangUp(this.#session, options, wait);
  }

  /** An API command; needs `full`. @throws {CtiError} as `EslSession.api` */
  api(line: string, wait?: EslWait): Promise<EslApiResponse> {
    return this.#session.api(line, wait);
  }

  /** A job; needs `full`. @throws {CtiError} as `EslSession.bgapi` */
  bgapi(line: string, wait?: EslWait): Promise<EslJobResult> {
    return this.#session.bgapi(line, wait);
  }

  /** Any command. @throws {CtiError} as `EslSession.command` */
  command(command: EslCommand, wait?: EslWait): Promise<EslAnswer> {
    return this.#session.command(command, wait);
  }

  /**
   * Value of a channel variable now; needs `full`. It is asked by `uuid_getvar`, for the answer to `getvar` is neither encoded nor framed by
   * length, so that a value with a blank line in it would forge the next answer.
   *
   * @returns `undefined` when it is not set
   */
  async variable(name: string, wait?: EslWait): Promise<string | undefined> {
    const { text } = await this.#session.api(`uuid_getvar ${this.uuid} ${name}`, wait);
    return text === '_undef_' || text.startsWith('-ERR') ? undefined : text;
  }

  /** Ends the connection. FreeSWITCH ends the call, or goes on in the dialplan after {@link resume}. May be called again. */
  async close(): Promise<void> {
    this.#session.close('stopped');
    await this.closed;
  }

  /** Lets the dialplan go on when the connection ends. @throws {CtiError} as {@link command} */
  async resume(wait?: EslWait): Promise<void> {
    await this.#session.command({ line: 'resume' }, wait);
  }

  #event(event: EslEvent): void {
    const { name } = event;
    if (name === 'CHANNEL_EXECUTE_COMPLETE' && this.#running.pending > 0) {
      const id = event.get('Application-UUID');
      if (id !== undefined && this.#running.has(id)) this.#running.resolve(id, event);
    }
    this.#listeners.emit(event);
    this.#push(event);
    if (name === 'CHANNEL_HANGUP_COMPLETE' && event.get('Unique-ID') === this.uuid) this.#end();
  }

  /** What has not ended by now never tells: applications behind the one that ran are dropped without a word. */
  #end(): void {
    this.#isOver = true;
    for (const id of [...this.#runIds])
      this.#running.reject(id, new CtiError('call.state', 'the call ended before the application'));
  }

  #push(item: EslEvent | EslGap): void {
    for (const stream of this.#streams) stream.push(item);
  }
}

function waitOf(wait: { readonly timeoutMs: number | undefined; readonly signal: AbortSignal | undefined }): EslWait {
  return {
    ...(wait.timeoutMs === undefined ? {} : { timeoutMs: wait.timeoutMs }),
    ...(wait.signal === undefined ? {} : { signal: wait.signal }),
  };
}

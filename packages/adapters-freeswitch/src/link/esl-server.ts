import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Clock, CtiError, type Logger } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { type EslServerOptions, type EslServerOptionsInput, eslServerOptions } from '../options.js';
import { EslCall } from './esl-call.js';
import type { EslContext } from './esl-client.js';
import { EslSession } from './esl-session.js';
import type { EslWait } from './reply-queue.js';

/** Takes one call. When it throws, the connection is closed, and FreeSWITCH ends the call. */
export type EslCallHandler = (call: EslCall) => void | Promise<void>;

/**
 * Takes the connections that FreeSWITCH opens for calls: `<action application="socket" data="host:port async full"/>`. Inert until
 * {@link start}.
 */
export class EslServer implements AsyncDisposable {
  readonly #options: EslServerOptions;
  readonly #handler: EslCallHandler;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: Logger | undefined;
  readonly #sessions = new Set<EslSession>();
  #calls = 0;
  #server: Server | undefined;

  /** @throws {CtiError} `config.invalid` with the path of the first option that is wrong */
  constructor(options: EslServerOptionsInput, handler: EslCallHandler, context: EslContext = {}) {
    const checked = eslServerOptions.safeParse(options);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      throw new CtiError(
        'config.invalid',
        `option ${issue?.path.join('.') ?? ''} of the ESL server: ${issue?.message ?? 'is wrong'}`,
      );
    }
    this.#options = checked.data;
    this.#handler = handler;
    this.#clock = context.clock ?? systemClock;
    this.#random = context.random ?? Math.random;
    this.#log = context.log;
  }

  /** The port it listens on, 0 before {@link start}. */
  get port(): number {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return address?.port ?? 0;
  }

  /** Calls under way. */
  get calls(): number {
    return this.#calls;
  }

  /** Listens. @throws {CtiError} `driver.started`; by rejection the socket's error, such as `EADDRINUSE` */
  start(): Promise<void> {
    if (this.#server !== undefined)
      return Promise.reject(new CtiError('driver.started', 'this server listens already'));
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.#options.host, port: this.#options.port }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.#log?.error('the ESL server failed', { code: codeOf(error) }));
        resolve();
      });
    });
  }

  /** Takes no more calls and ends the connections of those under way. Never rejects; may be called again. */
  async close(): Promise<void> {
    const server = this.#server;
    const sessions = [...this.#sessions];
    for (const session of sessions) session.close('stopped');
    await Promise.all(sessions.map((session) => session.closed));
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(socket: Socket): void {
    const { charset, maxHeaderBytes, maxBodyBytes, maxQueuedEvents, maxQueuedBytes, maxPending } = this.#options;
    socket.setNoDelay(true);
    const session = new EslSession(socket, {
      clock: this.#clock,
      random: this.#random,
      decoder: { charset, maxHeaderBytes, maxBodyBytes },
      limits: { maxQueuedEvents, maxQueuedBytes },
      maxPending,
    });
    socket.on('data', (chunk) => session.receive(chunk));
    this.#sessions.add(session);
    const counted = this.#calls < this.#options.maxCalls;
    if (counted) this.#calls += 1;
    session.closed
      .then(() => {
        this.#sessions.delete(session);
        if (counted) this.#calls -= 1;
      })
      .catch(() => undefined);
    const taken = counted ? this.#take(session) : this.#turnAway(session);
    taken.catch((error: unknown) => {
      this.#log?.warn('a call could not be taken', { code: codeOf(error) });
      session.close('protocol');
    });
  }

  async #take(session: EslSession): Promise<void> {
    const { connectTimeout, linger } = this.#options;
    const wait: EslWait = { timeoutMs: connectTimeout };
    const channel = await session.connect(wait);
    const call = new EslCall(session, channel, { clock: this.#clock, log: this.#log });
    // Without `full` FreeSWITCH refuses to linger; the call is taken all the same.
    if (linger > 0) await session.command({ line: `linger ${Math.ceil(linger / 1_000)}` }, wait);
    await session.command({ line: 'myevents' }, wait);
    await this.#handler(call);
  }

  /** To close without a word would leave the caller parked for ever; so the dialplan is told to go on. */
  async #turnAway(session: EslSession): Promise<void> {
    const wait: EslWait = { timeoutMs: this.#options.connectTimeout };
    this.#log?.warn('a call is given back to the dialplan: too many are under way', { calls: this.#calls });
    await session.connect(wait);
    await session.command({ line: 'resume' }, wait);
    session.close('stopped');
  }
}

/** Listens for calls. @throws {CtiError} `config.invalid`; by rejection the socket's error */
export async function listenEsl(
  options: EslServerOptionsInput,
  handler: EslCallHandler,
  context: EslContext = {},
): Promise<EslServer> {
  const server = new EslServer(options, handler, context);
  await server.start();
  return server;
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

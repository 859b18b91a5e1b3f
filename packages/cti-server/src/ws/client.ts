import { type AgentId, asId, type ClientId, CtiError, ERROR_CODES, type StreamId } from '@cordboard/cti-core';
import {
  type ClientFrame,
  COMMAND_ROLES,
  MAX_CLIENT_FRAME_BYTES,
  maySend,
  PROTOCOL_VERSION,
  type ServerFrame,
  type SpeedDialEntry,
  STREAM_ROLES,
  toWireError,
  type WireError,
} from '@cordboard/cti-protocol';
import type { Identity } from '../auth/tokens.js';
import { agentOf, type Desk, maskClassOf, queuesOf } from './desk.js';
import { FloodGate } from './flood.js';
import { DEAD_BYTES, type Outbox } from './outbox.js';
import { Pulse } from './pulse.js';
import { readFrame } from './read-frame.js';
import { commandInput } from './requests.js';
import { SpeedDialTeller } from './speed-dial.js';
import { Subscriptions, type Watcher } from './subscriptions.js';

/** How the socket under a client is ended. */
export interface SocketEnd {
  /** Closes with a code, in order. */
  close(code: number, reason: string): void;
  /** Drops it at once. */
  terminate(): void;
}

const BURST_FRAMES = 100;
const FRAMES_A_SECOND = 50;
const REFUSALS_TO_CLOSE = 1000;

/** One connected page or program, from its first frame to its end. */
export class WsClient {
  readonly clientId: ClientId;
  readonly #desk: Desk;
  readonly #outbox: Outbox;
  readonly #end: SocketEnd;
  readonly #offeredToken: string | undefined;
  readonly #flood: FloodGate;
  readonly #streams: Subscriptions;
  readonly #pulse: Pulse;
  readonly #speedDial = new SpeedDialTeller();
  #state: 'waiting' | 'checking' | 'open' | 'closed' = 'waiting';
  #who: Identity | undefined;
  /** Frames are handled one after the other, also while a token is checked. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly clientId: ClientId;
    readonly desk: Desk;
    readonly outbox: Outbox;
    readonly end: SocketEnd;
    readonly offeredToken: string | undefined;
  }) {
    this.clientId = options.clientId;
    this.#desk = options.desk;
    this.#outbox = options.outbox;
    this.#end = options.end;
    this.#offeredToken = options.offeredToken;
    const { desk, outbox } = options;
    const { clock, pingMs, config, count } = desk;
    this.#flood = new FloodGate({ burst: BURST_FRAMES, perSecond: FRAMES_A_SECOND, nowMs: clock.nowMs() });
    this.#streams = new Subscriptions({
      desk,
      outbox,
      send: (frame) => this.send(frame),
      refuse: (error, stream) => this.#refuse(error, { stream }),
    });
    this.#pulse = new Pulse({
      clock,
      pingMs,
      leaseMs: () => config().timers.clientLeaseMs,
      endsWallMs: () => this.#who?.endsWallMs,
      slowSinceMs: () => this.#streams.slowSinceMs,
      alive: () => this.#tellPresence('online'),
      probe: () => this.send({ type: 'probe' }),
      end: (error, code) => this.leave(error, code),
      drop: () => this.#drop(),
      lapsed: () => count('lapsed'),
    });
    outbox.onDrain(() => {
      if (this.#state === 'open') this.#streams.catchUp();
    });
  }

  /** Who this is; `undefined` before the welcome. */
  get who(): Identity | undefined {
    return this.#who;
  }

  /** Handles one text frame. */
  receive(text: string): void {
    if (this.#state === 'closed') return;
    const nowMs = this.#desk.clock.nowMs();
    this.#pulse.heard(nowMs);
    this.#desk.count('frames');
    if (this.#flood.take(nowMs) === 'refused') {
      this.#refuse(new CtiError('server.busy', 'more frames than this socket may send: slow down'));
      if (this.#flood.refused > REFUSALS_TO_CLOSE) this.leave(new CtiError('server.busy', 'far too many frames'));
      return;
    }
    const read = readFrame(text);
    if ('error' in read) {
      this.#refuse(read.error, read.commandId === undefined ? {} : { commandId: asId(read.commandId) });
      return;
    }
    this.#turn = this.#turn.then(() => this.#handle(read.frame)).catch((error: unknown) => this.#fault(error));
  }

  /** Handles a binary frame. */
  receiveBinary(): void {
    this.#refuse(new CtiError('wire.frameInvalid', 'binary frames have no meaning here'));
  }

  /** Sends any frame. */
  send(frame: ServerFrame): void {
    if (this.#state === 'closed') return;
    // What waited before counts, not the frame itself: a large floor's content is a large frame.
    if (this.#outbox.waitingBytes > DEAD_BYTES) this.#drop();
    else this.#outbox.send(JSON.stringify(frame));
  }

  /** Says why, then closes. */
  leave(error: CtiError, code = closeCode(error)): void {
    if (this.#state === 'closed') return;
    this.send({ type: 'bye', ...toWireError(error) });
    this.gone();
    this.#end.close(code, error.code);
  }

  /** The socket is closed, by whomever. */
  gone(): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#pulse.stop();
    this.#streams.clear();
    if (wasOpen) this.#tellPresence('offline');
    this.#desk.closed(this);
  }

  /** Follows a changed configuration: an agent's mask may be another one, queues and agents may be gone. */
  reconsider(): void {
    if (this.#state !== 'open' || this.#who === undefined) return;
    const wanted = maskClassOf(this.#who, this.#desk.config());
    if (wanted !== this.#streams.maskClass) this.#streams.setRights(this.#watcher(this.#who), wanted);
    this.#tellSpeedDial(this.#who);
  }

  #tellSpeedDial(who: Identity): void {
    const entries = this.#speedDialNews(who);
    if (entries !== undefined) this.send({ type: 'speedDial', entries });
  }

  #speedDialNews(who: Identity): readonly SpeedDialEntry[] | undefined {
    const { masker, config } = this.#desk;
    return this.#speedDial.news({ who, config: config(), masker, maskClass: this.#streams.maskClass });
  }

  async #handle(frame: ClientFrame): Promise<void> {
    if (this.#state === 'closed') return;
    if (this.#who === undefined || this.#state !== 'open') {
      if (frame.type !== 'hello') throw new CtiError('auth.missing', 'the first frame must be hello');
      await this.#welcome(frame);
      return;
    }
    switch (frame.type) {
      case 'hello':
        return this.#refuse(new CtiError('wire.frameInvalid', 'hello comes once'));
      case 'token':
        return await this.#swapToken(frame.token);
      case 'ping':
        return this.send({
          type: 'pong',
          ...(frame.nonce === undefined ? {} : { nonce: frame.nonce }),
          serverTimeMs: Math.floor(this.#desk.clock.wallMs()),
        });
      case 'subscribe':
        return this.#streams.subscribe(this.#watcher(this.#who), frame.stream, frame.cursor);
      case 'unsubscribe':
        this.#streams.unsubscribe(frame.stream);
        return this.send({ type: 'unsubscribed', stream: frame.stream });
      case 'command':
        return this.#command(this.#who, frame);
    }
  }

  async #welcome(hello: Extract<ClientFrame, { type: 'hello' }>): Promise<void> {
    if (hello.protocol !== PROTOCOL_VERSION) {
      throw new CtiError('command.notSupported', `this server speaks protocol ${PROTOCOL_VERSION}`);
    }
    this.#state = 'checking';
    const who = await this.#desk.tokens.check(hello.token ?? this.#offeredToken);
    if ((this.#state as string) === 'closed') return;
    const config = this.#desk.config();
    const agentId = agentOf(who);
    if (who.role === 'agent' && !config.agents.some((agent) => agent.id === agentId)) {
      throw new CtiError('auth.forbidden', 'the token is of an agent that is not configured here');
    }
    this.#who = who;
    this.#state = 'open';
    this.#streams.setRights(this.#watcher(who), maskClassOf(who, config));
    const { engine, clock, pingMs } = this.#desk;
    const speedDial = this.#speedDialNews(who);
    this.send({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      userId: who.userId,
      role: who.role,
      ...(agentId === undefined ? {} : { agentId }),
      clientId: this.clientId,
      tenant: config.tenant,
      epoch: engine.epoch,
      serverTimeMs: Math.floor(clock.wallMs()),
      serverNowMs: engine.nowMs,
      maskClass: this.#streams.maskClass,
      commands: Object.keys(COMMAND_ROLES).filter((type) => maySend(who.role, type as keyof typeof COMMAND_ROLES)),
      streams: STREAM_ROLES[who.role],
      pingMs,
      leaseMs: config.timers.clientLeaseMs,
      maxFrameBytes: MAX_CLIENT_FRAME_BYTES,
      tokenEndsWallMs: who.endsWallMs,
      notReadyReasons: config.notReadyReasons,
      ...(config.callCategories === undefined ? {} : { callCategories: config.callCategories }),
      queues: queuesOf(who, config).map(({ id, name, work }) => ({
        queueId: id,
        name,
        ...(work === undefined ? {} : { work }),
      })),
      ...(speedDial === undefined ? {} : { speedDial }),
    });
    this.#pulse.begin();
    this.#tellPresence('online');
    for (const { stream, cursor } of hello.resume ?? []) this.#streams.subscribe(this.#watcher(who), stream, cursor);
  }

  async #swapToken(token: string): Promise<void> {
    const next = await this.#desk.tokens.check(token);
    if (this.#state === 'closed') return;
    const before = this.#who;
    if (before === undefined || next.userId !== before.userId || agentOf(next) !== agentOf(before)) {
      throw new CtiError('auth.forbidden', 'a socket stays with the user who opened it');
    }
    this.#who = next;
    const maskClass = maskClassOf(next, this.#desk.config());
    const sameRights = next.role === before.role && maskClass === this.#streams.maskClass;
    if (!sameRights) this.#streams.setRights(this.#watcher(next), maskClass);
    this.#tellSpeedDial(next);
  }

  #watcher(who: Identity): Watcher {
    return { ...who, ...this.#agent() };
  }

  #agent(): { agentId?: AgentId } {
    const agentId = this.#who === undefined ? undefined : agentOf(this.#who);
    return agentId === undefined ? {} : { agentId };
  }

  #command(who: Identity, frame: Extract<ClientFrame, { type: 'command' }>): void {
    const { commandId, command } = frame;
    if (!maySend(who.role, command.type)) {
      return this.#refuse(new CtiError('auth.forbidden', `the role ${who.role} may not send this command`), {
        commandId,
      });
    }
    if (this.#desk.engine.isBusy) {
      return this.#refuse(new CtiError('server.busy', 'too many inputs wait: send it again under its id'), {
        commandId,
      });
    }
    const actor = { userId: who.userId, role: who.role, clientId: this.clientId, ...this.#agent() };
    const input = commandInput({ commandId, actor, command }, this.#desk.references);
    if (input instanceof CtiError) return this.#refuse(input, { commandId });
    this.#desk.awaitOutcome(this, commandId);
    this.#desk.submit(input);
  }

  #refuse(error: CtiError, about: { commandId?: never; stream?: StreamId } | { commandId: unknown } = {}): void {
    this.#desk.count('refused');
    this.send({ type: 'error', ...(about as object), ...this.#shown(error) } as ServerFrame);
  }

  #shown(error: CtiError): WireError {
    return toWireError(error);
  }

  /** An error while a frame was handled: those of the door close the socket, all others are told. */
  #fault(error: unknown): void {
    const known = error instanceof CtiError ? error : new CtiError('server.internal', 'a frame could not be handled');
    if (!(error instanceof CtiError)) this.#desk.log.error('a frame could not be handled', { clientId: this.clientId });
    if (this.#state === 'open') this.#refuse(known);
    else this.leave(known, closeCode(known, 4401));
  }

  #tellPresence(state: 'online' | 'offline'): void {
    const { agentId } = this.#agent();
    if (this.#who === undefined || agentId === undefined) return;
    this.#desk.submit({ kind: 'presence', userId: this.#who.userId, clientId: this.clientId, agentId, state });
  }

  /** Reads nothing at all: no frame would reach it. */
  #drop(): void {
    this.gone();
    this.#end.terminate();
  }
}

function closeCode(error: CtiError, otherwise = 1011): number {
  const entry: { readonly http: number; readonly ws?: number } = ERROR_CODES[error.code];
  return entry.ws ?? otherwise;
}

import { type AgentId, asId, type ClientId, CtiError, ERROR_CODES, type StreamId } from '@cordboard/cti-core';
import {
  type ClientFrame,
  COMMAND_ROLES,
  type Cursor,
  MAX_CLIENT_FRAME_BYTES,
  MAX_SUBSCRIPTIONS,
  type MaskClass,
  maySend,
  mayWatch,
  PROTOCOL_VERSION,
  type ResetReason,
  type ServerFrame,
  type SpeedDialEntry,
  STREAM_ROLES,
  toWireError,
  type WireError,
} from '@cordboard/cti-protocol';
import type { Identity } from '../auth/tokens.js';
import type { Bundles } from '../streams/bundles.js';
import type { StreamReader } from '../streams/hub.js';
import { agentOf, type Desk, maskClassOf, queuesOf } from './desk.js';
import { FloodGate } from './flood.js';
import { DEAD_BYTES, type Outbox, SLOW_BYTES } from './outbox.js';
import { readFrame } from './read-frame.js';
import { commandInput } from './requests.js';
import { SpeedDialTeller } from './speed-dial.js';

/** How the socket under a client is ended. */
export interface SocketEnd {
  /** Closes with a code, in order. */
  close(code: number, reason: string): void;
  /** Drops it at once. */
  terminate(): void;
}

interface Subscription {
  /** First event that was left out since the client is slow. */
  missedFrom?: number;
}

const HELLO_MS = 10_000;
const BURST_FRAMES = 100;
const FRAMES_A_SECOND = 50;
const REFUSALS_TO_CLOSE = 1000;
/** A silent page is closed with this code; `client.timeout` has none of its own. */
const LAPSED = 4408;

/** One connected page or program, from its first frame to its end. */
export class WsClient implements StreamReader {
  readonly clientId: ClientId;
  maskClass: MaskClass = 'hidden';
  readonly #desk: Desk;
  readonly #outbox: Outbox;
  readonly #end: SocketEnd;
  readonly #offeredToken: string | undefined;
  readonly #flood: FloodGate;
  readonly #streams = new Map<StreamId, Subscription>();
  readonly #speedDial = new SpeedDialTeller();
  #state: 'waiting' | 'checking' | 'open' | 'closed' = 'waiting';
  #who: Identity | undefined;
  #heardMs: number;
  #slowSinceMs: number | undefined;
  #cancelTick: () => void = () => undefined;
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
    const nowMs = options.desk.clock.nowMs();
    this.#heardMs = nowMs;
    this.#flood = new FloodGate({ burst: BURST_FRAMES, perSecond: FRAMES_A_SECOND, nowMs });
    this.#outbox.onDrain(() => this.#catchUp());
    this.#cancelTick = options.desk.clock.setTimer(HELLO_MS, () => {
      this.leave(new CtiError('auth.missing', 'the first frame did not come in time'));
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
    this.#heardMs = nowMs;
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
    this.#outbox.send(JSON.stringify(frame));
    if (this.#outbox.waitingBytes > DEAD_BYTES) this.#drop();
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
    this.#cancelTick();
    for (const stream of this.#streams.keys()) this.#desk.hub.remove(stream, this);
    this.#streams.clear();
    if (wasOpen) this.#tellPresence('offline');
    this.#desk.closed(this);
  }

  /** Follows a changed configuration: an agent's mask may be another one, queues and agents may be gone. */
  reconsider(): void {
    if (this.#state !== 'open' || this.#who === undefined) return;
    const wanted = maskClassOf(this.#who, this.#desk.config());
    if (wanted !== this.maskClass) this.#changeRights(this.#who);
    this.#tellSpeedDial(this.#who);
  }

  #tellSpeedDial(who: Identity): void {
    const entries = this.#speedDialNews(who);
    if (entries !== undefined) this.send({ type: 'speedDial', entries });
  }

  #speedDialNews(who: Identity): readonly SpeedDialEntry[] | undefined {
    const { masker, config } = this.#desk;
    return this.#speedDial.news({ who, config: config(), masker, maskClass: this.maskClass });
  }

  take(stream: StreamId, frame: Buffer, seq: number): void {
    const subscription = this.#streams.get(stream);
    if (subscription === undefined) return;
    if (subscription.missedFrom !== undefined || this.#isSlow()) {
      subscription.missedFrom ??= seq;
      return;
    }
    this.#outbox.take(frame);
  }

  release(bundles: Bundles): void {
    this.#outbox.release(bundles);
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
        return this.#subscribe(frame.stream, frame.cursor);
      case 'unsubscribe':
        this.#unsubscribe(frame.stream);
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
    this.maskClass = maskClassOf(who, config);
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
      maskClass: this.maskClass,
      commands: Object.keys(COMMAND_ROLES).filter((type) => maySend(who.role, type as keyof typeof COMMAND_ROLES)),
      streams: STREAM_ROLES[who.role],
      pingMs,
      leaseMs: config.timers.clientLeaseMs,
      maxFrameBytes: MAX_CLIENT_FRAME_BYTES,
      tokenEndsWallMs: who.endsWallMs,
      notReadyReasons: config.notReadyReasons,
      queues: queuesOf(who, config).map(({ id, name, work }) => ({
        queueId: id,
        name,
        ...(work === undefined ? {} : { work }),
      })),
      ...(speedDial === undefined ? {} : { speedDial }),
    });
    this.#cancelTick();
    this.#armTick();
    this.#tellPresence('online');
    for (const { stream, cursor } of hello.resume ?? []) this.#subscribe(stream, cursor);
  }

  async #swapToken(token: string): Promise<void> {
    const next = await this.#desk.tokens.check(token);
    if (this.#state === 'closed') return;
    const before = this.#who;
    if (before === undefined || next.userId !== before.userId || agentOf(next) !== agentOf(before)) {
      throw new CtiError('auth.forbidden', 'a socket stays with the user who opened it');
    }
    this.#who = next;
    const sameRights = next.role === before.role && maskClassOf(next, this.#desk.config()) === this.maskClass;
    if (!sameRights) this.#changeRights(next);
    this.#tellSpeedDial(next);
  }

  #changeRights(who: Identity): void {
    const streams = [...this.#streams.keys()];
    for (const stream of streams) this.#unsubscribe(stream);
    this.maskClass = maskClassOf(who, this.#desk.config());
    for (const stream of streams) {
      if (mayWatch({ ...who, ...this.#agent() }, stream)) this.#reset(stream, 'permissionsChanged');
      else this.send({ type: 'unsubscribed', stream, code: 'auth.forbidden' });
    }
  }

  #agent(): { agentId?: AgentId } {
    const agentId = this.#who === undefined ? undefined : agentOf(this.#who);
    return agentId === undefined ? {} : { agentId };
  }

  #subscribe(stream: StreamId, cursor: Cursor | undefined): void {
    const who = this.#who;
    if (who === undefined || !mayWatch({ ...who, ...this.#agent() }, stream)) {
      return this.#refuse(new CtiError('auth.forbidden', 'this role may not watch this stream'), { stream });
    }
    if (!this.#streams.has(stream) && this.#streams.size >= MAX_SUBSCRIPTIONS) {
      return this.#refuse(new CtiError('server.busy', `a socket may watch ${MAX_SUBSCRIPTIONS} streams`), { stream });
    }
    this.#unsubscribe(stream);
    const { engine, hub } = this.#desk;
    if (cursor === undefined) return this.#reset(stream, 'new');
    const lastSeq = engine.lastSeq(stream);
    if (cursor.epoch !== engine.epoch || cursor.seq > lastSeq) return this.#reset(stream, 'tooOld');
    const missed = cursor.seq === lastSeq ? { frames: [], count: 0 } : hub.after(stream, cursor.seq, this.maskClass);
    if (missed === undefined) return this.#reset(stream, 'tooOld', lastSeq - cursor.seq);
    if (engine.snapshotOf(stream) === undefined) return this.#reset(stream, 'tooOld');
    this.#streams.set(stream, {});
    hub.add(stream, this);
    this.send({ type: 'resumed', stream, cursor: { epoch: engine.epoch, seq: lastSeq }, count: missed.count });
    for (const frame of missed.frames) this.#outbox.take(frame);
    this.#outbox.release();
  }

  #unsubscribe(stream: StreamId): void {
    if (this.#streams.delete(stream)) this.#desk.hub.remove(stream, this);
  }

  #reset(stream: StreamId, why: ResetReason, gap?: number): void {
    const { engine, hub, masker } = this.#desk;
    const snapshot = engine.snapshotOf(stream);
    if (snapshot === undefined) {
      this.#unsubscribe(stream);
      const code = stream.startsWith('queue:') ? 'queue.notFound' : 'agent.notFound';
      return this.#refuse(new CtiError(code, 'there is nothing of this name to watch'), { stream });
    }
    if (!this.#streams.has(stream)) hub.add(stream, this);
    this.#streams.set(stream, {});
    const cursor = { epoch: engine.epoch, seq: engine.lastSeq(stream) };
    const shown = masker.snapshot(snapshot, this.maskClass);
    this.send({ type: 'reset', stream, cursor, why, ...(gap === undefined ? {} : { gap }), snapshot: shown });
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

  /** One timer a client: asks silent pages for a word, ends those that give none, ends ended tokens. */
  #armTick(): void {
    const { clock, pingMs, config } = this.#desk;
    this.#cancelTick = clock.setTimer(pingMs, () => {
      const silentMs = clock.nowMs() - this.#heardMs;
      if (this.#who !== undefined && clock.wallMs() > this.#who.endsWallMs) {
        this.leave(new CtiError('auth.expired', 'the token has ended'));
      } else if (silentMs >= config().timers.clientLeaseMs) {
        this.#desk.count('lapsed');
        this.leave(new CtiError('client.timeout', 'the page was silent for too long'), LAPSED);
      } else if (this.#slowSinceMs !== undefined && clock.nowMs() - this.#slowSinceMs > config().timers.clientLeaseMs) {
        this.#drop();
      } else {
        if (silentMs >= pingMs * 0.9) this.send({ type: 'probe' });
        else this.#tellPresence('online');
        this.#armTick();
      }
    });
  }

  #isSlow(): boolean {
    if (this.#slowSinceMs !== undefined) return true;
    if (this.#outbox.waitingBytes <= SLOW_BYTES) return false;
    this.#slowSinceMs = this.#desk.clock.nowMs();
    this.#desk.count('slow');
    return true;
  }

  /** The client has read what was sent: tell it anew what it could not be told. */
  #catchUp(): void {
    if (this.#slowSinceMs === undefined || this.#state !== 'open') return;
    this.#slowSinceMs = undefined;
    for (const [stream, subscription] of [...this.#streams]) {
      if (subscription.missedFrom === undefined) continue;
      this.#reset(stream, 'tooSlow', this.#desk.engine.lastSeq(stream) - subscription.missedFrom + 1);
    }
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

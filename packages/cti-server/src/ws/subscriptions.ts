import { CtiError, type StreamId } from '@cordboard/cti-core';
import {
  type Cursor,
  MAX_SUBSCRIPTIONS,
  type MaskClass,
  mayWatch,
  type ResetReason,
  type ServerFrame,
} from '@cordboard/cti-protocol';
import type { Bundle } from '../streams/bundle.js';
import type { Outlet, StreamReader } from '../streams/hub.js';
import type { Desk } from './desk.js';
import { type Outbox, SLOW_BYTES } from './outbox.js';

/** Who watches: role and agent. */
export type Watcher = Parameters<typeof mayWatch>[0];

/** What subscriptions work with. */
export interface SubscriptionPorts {
  readonly desk: Pick<Desk, 'hub' | 'engine' | 'masker' | 'clock' | 'count'>;
  readonly outbox: Outbox;
  readonly send: (frame: ServerFrame) => void;
  readonly refuse: (error: CtiError, stream: StreamId) => void;
}

/** Why a stream's whole content has to be told as soon as the client has read what was sent. */
interface Owed {
  readonly why: ResetReason;
  /** First event that was left out. */
  readonly missedFrom?: number;
}

/** Whether a client reads what it is sent. */
interface Flow {
  readonly outbox: Outbox;
  isSlow(): boolean;
}

/** One stream of a client, under the rights that the client has when it begins to watch. */
class Subscription implements StreamReader {
  readonly maskClass: MaskClass;
  owed: Owed | undefined = undefined;
  readonly #flow: Flow;
  readonly #outbox: Outbox;

  constructor(flow: Flow, maskClass: MaskClass) {
    this.#flow = flow;
    this.#outbox = flow.outbox;
    this.maskClass = maskClass;
  }

  take(frame: Bundle, seq: number, due: Outlet[]): void {
    if (this.owed === undefined && !this.#flow.isSlow()) this.#outbox.take(frame, due);
    else this.owed ??= { why: 'tooSlow', missedFrom: seq };
  }
}

/** The streams of one client: where it stands in each, and what it is owed because it reads too slowly. */
export class Subscriptions {
  readonly #ports: SubscriptionPorts;
  readonly #flow: Flow;
  readonly #streams = new Map<StreamId, Subscription>();
  #maskClass: MaskClass = 'hidden';
  #slowSinceMs: number | undefined;

  constructor(ports: SubscriptionPorts) {
    this.#ports = ports;
    this.#flow = { outbox: ports.outbox, isSlow: () => this.#isSlow() };
  }

  get maskClass(): MaskClass {
    return this.#maskClass;
  }

  /** Since when the client has been reading too slowly, on the clock; `undefined` while it keeps up. */
  get slowSinceMs(): number | undefined {
    return this.#slowSinceMs;
  }

  /** Streams that are watched. */
  get names(): readonly StreamId[] {
    return [...this.#streams.keys()];
  }

  /** From here on everything is shown as this class may see it. What is watched and still allowed is told anew. */
  setRights(watcher: Watcher, maskClass: MaskClass): void {
    const streams = this.names;
    for (const stream of streams) this.unsubscribe(stream);
    this.#maskClass = maskClass;
    for (const stream of streams) {
      if (mayWatch(watcher, stream)) this.#reset(stream, { why: 'permissionsChanged' });
      else this.#ports.send({ type: 'unsubscribed', stream, code: 'auth.forbidden' });
    }
  }

  /** Begins to watch: goes on behind the cursor where that can be, else tells the whole content. */
  subscribe(watcher: Watcher, stream: StreamId, cursor: Cursor | undefined): void {
    const { desk, refuse } = this.#ports;
    if (!mayWatch(watcher, stream)) {
      return refuse(new CtiError('auth.forbidden', 'this role may not watch this stream'), stream);
    }
    if (!this.#streams.has(stream) && this.#streams.size >= MAX_SUBSCRIPTIONS) {
      return refuse(new CtiError('server.busy', `a socket may watch ${MAX_SUBSCRIPTIONS} streams`), stream);
    }
    this.unsubscribe(stream);
    if (cursor === undefined) return this.#reset(stream, { why: 'new' });
    const { engine } = desk;
    const lastSeq = engine.lastSeq(stream);
    if (cursor.epoch !== engine.epoch || cursor.seq > lastSeq) return this.#reset(stream, { why: 'tooOld' });
    if (!this.#resume(stream, cursor.seq)) this.#reset(stream, { why: 'tooOld', missedFrom: cursor.seq + 1 });
  }

  /** Watches it no more. */
  unsubscribe(stream: StreamId): void {
    const subscription = this.#streams.get(stream);
    if (subscription === undefined) return;
    this.#streams.delete(stream);
    this.#ports.desk.hub.remove(stream, subscription);
  }

  /** The client is gone. */
  clear(): void {
    for (const stream of this.names) this.unsubscribe(stream);
    this.#slowSinceMs = undefined;
  }

  /** The client has read what was sent: tells it what it is owed, one stream at a time while it reads. */
  catchUp(): void {
    if (this.#slowSinceMs === undefined) return;
    this.#slowSinceMs = undefined;
    for (const [stream, { owed }] of [...this.#streams]) {
      if (owed === undefined) continue;
      if (this.#isSlow()) return;
      this.#reset(stream, owed);
    }
  }

  #resume(stream: StreamId, seq: number): boolean {
    const { desk, outbox, send } = this.#ports;
    const { engine, hub } = desk;
    const lastSeq = engine.lastSeq(stream);
    const missed = seq === lastSeq ? { frames: [], count: 0 } : hub.after(stream, seq, this.#maskClass);
    if (missed === undefined || engine.snapshotOf(stream) === undefined || this.#isSlow()) return false;
    this.#begin(stream);
    send({ type: 'resumed', stream, cursor: { epoch: engine.epoch, seq: lastSeq }, count: missed.count });
    if (missed.frames.length > 0) outbox.write(missed.frames);
    return true;
  }

  /** Tells the whole content, or owes it to a client that has not read yet what was sent. */
  #reset(stream: StreamId, owed: Owed): void {
    const { desk, send, refuse } = this.#ports;
    const { engine, masker } = desk;
    const snapshot = engine.snapshotOf(stream);
    if (snapshot === undefined) {
      this.unsubscribe(stream);
      const code = stream.startsWith('queue:') ? 'queue.notFound' : 'agent.notFound';
      return refuse(new CtiError(code, 'there is nothing of this name to watch'), stream);
    }
    const subscription = this.#streams.get(stream) ?? this.#begin(stream);
    subscription.owed = this.#isSlow() ? owed : undefined;
    if (subscription.owed !== undefined) return;
    const { why, missedFrom } = owed;
    const cursor = { epoch: engine.epoch, seq: engine.lastSeq(stream) };
    const gap = missedFrom === undefined ? {} : { gap: cursor.seq - missedFrom + 1 };
    send({ type: 'reset', stream, cursor, why, ...gap, snapshot: masker.snapshot(snapshot, this.#maskClass) });
  }

  #begin(stream: StreamId): Subscription {
    const subscription = new Subscription(this.#flow, this.#maskClass);
    this.#streams.set(stream, subscription);
    this.#ports.desk.hub.add(stream, subscription);
    return subscription;
  }

  #isSlow(): boolean {
    if (this.#slowSinceMs !== undefined) return true;
    if (this.#ports.outbox.waitingBytes <= SLOW_BYTES) return false;
    const { clock, count } = this.#ports.desk;
    this.#slowSinceMs = clock.nowMs();
    count('slow');
    return true;
  }
}

import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import type { LinkTimings } from '../profile/profile.js';
import { definitionOf, type KtsHeader, type KtsMessage } from '../wire/kts/index.js';

/** What a {@link ReliableChannel} is made of. */
export interface ReliableChannelOptions {
  readonly clock: Clock;
  readonly timings: LinkTimings;
  /** Rate of the line, Bd; 0: a stream without one (TCP). */
  readonly baudRate: number;
  /** Which PBX of the line. 0-254. */
  readonly node: number;
  /** Frames that may be under way without acknowledgement, 1-8: the smaller of what both sides told. */
  readonly window: number;
  readonly encode: (message: KtsMessage, header: KtsHeader) => Uint8Array;
  readonly write: (bytes: Uint8Array) => void;
  /** The link is of no use any more: `timeout` no acknowledgement, `overflow` too much is waiting to be sent. Called once. */
  readonly fail: (reason: LinkDownReason) => void;
}

interface Sent {
  readonly message: KtsMessage;
  readonly seq: number;
  readonly bytes: number;
  readonly acked: (() => void) | undefined;
}

/** Messages that may wait to be sent. */
const MAX_QUEUED = 1_024;
/** A frame of the peer may be on its way in front of the acknowledgement: the wait is never reckoned for fewer bytes. */
const LEAST_BYTES = 256;
/** Bits of a byte on the line, doubled for both ways, in ms per second. */
const MS_PER_BYTE_BOTH_WAYS = 20_000;
/** The wait on a stream without a rate. */
const STREAM_ACK_MS = 1_000;

/**
 * One direction each way of numbered frames: every message handed to `send` reaches the peer once and in order, or the link fails. Both ends of a line
 * may use it, it knows no roles. Go back N: the receiver takes only the number that it expects.
 */
export class ReliableChannel {
  readonly #options: ReliableChannelOptions;
  readonly #queue: { readonly message: KtsMessage; readonly acked: (() => void) | undefined }[] = [];
  readonly #sent: Sent[] = [];
  #nextSeq = 0;
  #expected = 0;
  #toldOf: number | undefined;
  #tries = 0;
  #lineFreeAtMs = 0;
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(options: ReliableChannelOptions) {
    this.#options = options;
  }

  /** Messages that the peer has not acknowledged, sent or waiting. */
  get unacknowledged(): number {
    return this.#sent.length + this.#queue.length;
  }

  /**
   * Sends a message: a bare one at once, a reliable one when the window has room.
   *
   * @param acked - called once when the peer has acknowledged it
   * @throws {CtiError} `wire.unsafeValue`, `wire.frameTooLarge` when it cannot be encoded; nothing was sent then
   */
  send(message: KtsMessage, acked?: () => void): void {
    if (this.#isOver) return;
    const { node, encode } = this.#options;
    if (definitionOf(message.type).link === 'bare') return this.#write(encode(message, { seq: 0, node }));
    encode(message, { seq: 0, node });
    if (this.#queue.length >= MAX_QUEUED) return this.#fail('overflow');
    this.#queue.push({ message, acked });
    this.#pump();
  }

  /** A reliable frame came: acknowledges it and says whether it is to be delivered. */
  arrived(seq: number): 'deliver' | 'drop' {
    if (this.#isOver) return 'drop';
    const ahead = (seq - this.#expected) & 0xff;
    if (ahead === 0) {
      this.#expected = (this.#expected + 1) & 0xff;
      this.#toldOf = undefined;
      this.#control({ type: 'ack' }, seq);
      return 'deliver';
    }
    if (ahead >= 128) this.#control({ type: 'ack' }, (this.#expected - 1) & 0xff);
    else this.#askAgain('gap');
    return 'drop';
  }

  /** Something like a frame came and could not be read. */
  damaged(): void {
    if (!this.#isOver) this.#askAgain('check');
  }

  /** ACK: everything up to and with this number has arrived. A number that is not under way means nothing. */
  acknowledged(seq: number): void {
    const first = this.#sent[0];
    if (first === undefined || this.#isOver) return;
    const count = ((seq - first.seq) & 0xff) + 1;
    if (count > this.#sent.length) return;
    this.#settle(count);
    this.#watch();
    this.#pump();
  }

  /** NAK: everything before this number has arrived, this one and what follows is to be sent again: after T1 where the peer has no room, else now. */
  askedAgain(seq: number, reason: string): void {
    const first = this.#sent[0];
    if (first === undefined || this.#isOver) return;
    const count = (seq - first.seq) & 0xff;
    if (count > this.#sent.length) return;
    this.#settle(count);
    if (reason === 'full') return this.#watch();
    this.#repeatAll();
    this.#pump();
  }

  /** Ends every timer; nothing is sent after it. */
  close(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #settle(count: number): void {
    if (count > 0) this.#tries = 0;
    for (const { acked } of this.#sent.splice(0, count)) acked?.();
  }

  #pump(): void {
    const { window, node, encode } = this.#options;
    while (!this.#isOver && this.#sent.length < window) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      const seq = this.#nextSeq;
      this.#nextSeq = (seq + 1) & 0xff;
      const bytes = encode(next.message, { seq, node });
      this.#sent.push({ ...next, seq, bytes: bytes.length });
      this.#write(bytes);
      if (this.#sent.length === 1) this.#watch();
    }
  }

  #askAgain(reason: 'gap' | 'check'): void {
    if (this.#toldOf === this.#expected) return;
    this.#toldOf = this.#expected;
    this.#control({ type: 'nak', reason }, this.#expected);
  }

  #control(message: KtsMessage, seq: number): void {
    this.#write(this.#options.encode(message, { seq, node: this.#options.node }));
  }

  #write(bytes: Uint8Array): void {
    const { baudRate, clock, write } = this.#options;
    const nowMs = clock.nowMs();
    const takesMs = baudRate > 0 ? (bytes.length * 10_000) / baudRate : 0;
    this.#lineFreeAtMs = Math.max(nowMs, this.#lineFreeAtMs) + takesMs;
    write(bytes);
  }

  #repeatAll(): void {
    const { node, encode } = this.#options;
    for (const { message, seq } of this.#sent) this.#write(encode(message, { seq, node, repeat: 'repeat' }));
    this.#watch();
  }

  /** Waits for the acknowledgement of the oldest. */
  #watch(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#sent.length === 0 || this.#isOver) return;
    const { clock, timings, baudRate } = this.#options;
    const bytes = this.#sent.reduce((sum, frame) => sum + frame.bytes, 0);
    const lineMs = baudRate > 0 ? (Math.max(LEAST_BYTES, bytes) * MS_PER_BYTE_BOTH_WAYS) / baudRate : 0;
    const ackMs = baudRate > 0 ? timings.ackMs + lineMs : Math.max(timings.ackMs, STREAM_ACK_MS);
    const queuedMs = Math.max(0, this.#lineFreeAtMs - clock.nowMs());
    this.#cancel = clock.setTimer(queuedMs + ackMs, () => this.#late());
  }

  #late(): void {
    this.#tries += 1;
    if (this.#tries > this.#options.timings.repeats) return this.#fail('timeout');
    this.#repeatAll();
  }

  #fail(reason: LinkDownReason): void {
    if (this.#isOver) return;
    this.close();
    this.#options.fail(reason);
  }
}

/** The error of a request that a lost link left without an answer. */
export function lostLink(): CtiError {
  return new CtiError('driver.linkLost', 'the line to the PBX was lost before it answered');
}

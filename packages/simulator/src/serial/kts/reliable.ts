import type { FaceLine } from '../port/face.js';
import type { KtsCodec, Outgoing } from './frame.js';

/** What is to be sent reliably. */
export type ReliableMessage = Pick<Outgoing, 'word' | 'one' | 'many'>;

/** T1: this and the time of the bytes (docs/protocols/kts-1.md, section 9), ms. */
const T1_MS = 300;
const T1_BIT_MS = 20_000;
const T1_LEAST_BYTES = 256;
const T1_TCP_MS = 1_000;
/** One sending and three repeats. */
const MAX_SENDINGS = 4;
/** `d` up to this: one before it was lost. */
const HALF = 128;

/** What came of a frame that was received. */
export type Verdict = 'deliver' | 'known' | 'gap';

interface Sent {
  readonly number: number;
  readonly message: ReliableMessage;
  readonly bytes: number;
  /** Of its last sending the last byte has left. */
  left: boolean;
}

/** What a PBX's end of a session is built on. */
export interface ReliableParts {
  readonly line: FaceLine;
  readonly codec: KtsCodec;
  readonly node: number;
  /** The window that the host told, 1-8. */
  readonly window: number;
  /** Acknowledgements stay away: the link is down. */
  readonly down: () => void;
  /** So many frames were acknowledged. */
  readonly acknowledged: (messages: readonly ReliableMessage[]) => void;
}

/** Numbers, acknowledgements and repeats of one session, section 8.2. */
export class Reliable {
  readonly #parts: ReliableParts;
  #expected = 0;
  #refusedAt: number | undefined;
  #next = 0;
  readonly #waiting: ReliableMessage[] = [];
  /** Call records wait until nothing else does. */
  readonly #records: ReliableMessage[] = [];
  #unacknowledged: Sent[] = [];
  #sendings = 0;
  #cancel: (() => void) | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(parts: ReliableParts) {
    this.#parts = parts;
  }

  /** Frames that wait or are not acknowledged. */
  get pending(): number {
    return this.#waiting.length + this.#records.length + this.#unacknowledged.length;
  }

  /** Sends in order, as the window allows; call records behind all else. */
  send(message: ReliableMessage): void {
    if (this.#state === 'closed') return;
    (message.word === 'CDR' || message.word === 'CDRLOST' ? this.#records : this.#waiting).push(message);
    this.#fill();
  }

  /** A reliable frame has come: acknowledges or refuses it. */
  received(number: number): Verdict {
    const ahead = (number - this.#expected) & 0xff;
    if (ahead === 0) {
      this.#expected = (this.#expected + 1) & 0xff;
      this.#refusedAt = undefined;
      this.#answer({ word: 'ACK', number });
      return 'deliver';
    }
    if (ahead >= HALF) {
      this.#answer({ word: 'ACK', number: (this.#expected - 1) & 0xff });
      return 'known';
    }
    this.refuse('GAP');
    return 'gap';
  }

  /** Something is wrong: says which frame it waits for, once for each. */
  refuse(reason: 'CHECK' | 'GAP'): void {
    if (this.#refusedAt === this.#expected) return;
    this.#refusedAt = this.#expected;
    this.#answer({ word: 'NAK', number: this.#expected, one: { reason } });
  }

  /** The host has this frame, and every one before. */
  acknowledge(number: number): void {
    const at = this.#unacknowledged.findIndex((sent) => sent.number === number);
    if (at === -1) return;
    this.#forget(at + 1);
    this.#arm();
    this.#fill();
  }

  /** The host waits for this frame. */
  refused(number: number, reason: string): void {
    const at = this.#unacknowledged.findIndex((sent) => sent.number === number);
    const isAll = at === -1 && number === this.#next;
    if (at === -1 && !isAll) return;
    this.#forget(isAll ? this.#unacknowledged.length : at);
    if (reason === 'FULL' || this.#unacknowledged.length === 0) this.#arm();
    else this.#repeat();
    if (reason !== 'FULL') this.#fill();
  }

  /** Nothing more is sent. Twice is once. */
  close(): void {
    this.#state = 'closed';
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.length = 0;
    this.#records.length = 0;
    this.#unacknowledged = [];
  }

  #answer(message: Pick<Outgoing, 'word' | 'number' | 'one'>): void {
    const { codec, line, node } = this.#parts;
    line.write(codec.encode({ ...message, node }), { place: 'front' });
  }

  #forget(count: number): void {
    if (count === 0) return;
    this.#sendings = 1;
    this.#parts.acknowledged(this.#unacknowledged.splice(0, count).map(({ message }) => message));
  }

  #fill(): void {
    while (this.#state === 'open' && this.#unacknowledged.length < this.#parts.window) {
      const message = this.#waiting.shift() ?? this.#records.shift();
      if (message === undefined) return;
      if (this.#unacknowledged.length === 0) this.#sendings = 1;
      const number = this.#next;
      this.#next = (this.#next + 1) & 0xff;
      const bytes = this.#encode(message, number);
      const sent: Sent = { number, message, bytes: bytes.length, left: false };
      this.#unacknowledged.push(sent);
      this.#write(sent, bytes);
    }
  }

  #encode(message: ReliableMessage, number: number, repeat?: 'repeat'): Uint8Array {
    const { codec, node } = this.#parts;
    return codec.encode({ ...message, number, node, ...(repeat === undefined ? {} : { repeat }) });
  }

  #write(sent: Sent, bytes: Uint8Array): void {
    sent.left = false;
    this.#parts.line.write(bytes, {
      sent: () => {
        sent.left = true;
        this.#arm();
      },
    });
  }

  #repeat(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const sent of [...this.#unacknowledged]) this.#write(sent, this.#encode(sent.message, sent.number, 'repeat'));
  }

  /** T1 runs from the moment at which the last byte has left. */
  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#state === 'closed' || this.#unacknowledged.length === 0) return;
    if (this.#unacknowledged.some(({ left }) => !left)) return;
    this.#cancel = this.#parts.line.clock.setTimer(this.#t1Ms(), () => {
      this.#cancel = undefined;
      if (this.#sendings >= MAX_SENDINGS) return this.#parts.down();
      this.#sendings++;
      this.#repeat();
    });
  }

  #t1Ms(): number {
    const { line } = this.#parts;
    if (line.kind === 'tcp') return T1_TCP_MS;
    const bytes = this.#unacknowledged.reduce((sum, sent) => sum + sent.bytes, 0);
    return T1_MS + (T1_BIT_MS * Math.max(T1_LEAST_BYTES, bytes)) / line.baudRate;
  }
}

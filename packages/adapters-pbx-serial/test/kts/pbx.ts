import type { Clock } from '@cordboard/cti-core';
import { ReliableChannel } from '../../src/link/index.js';
import type { KtsProfile, LineDecoder } from '../../src/profile/index.js';
import type { KtsFrame, KtsMessage, MessageOf } from '../../src/wire/index.js';

/** What outlives a loss of power. */
export interface PbxMemory {
  store: number;
  first: number;
  next: number;
  readonly records: Map<number, MessageOf<'cdr'>>;
}

/** Writes to the host. */
export interface PbxPort {
  write(bytes: Uint8Array): void;
}

/** A PBX for tests of the link: the PBX's side of docs/protocols/kts-1.md, sections 8, 10 and 12. */
export class TestPbx {
  readonly heard: KtsMessage[] = [];
  readonly #clock: Clock;
  readonly #profile: KtsProfile;
  readonly #port: PbxPort;
  readonly #memory: PbxMemory;
  readonly #baudRate: number;
  readonly #decoder: LineDecoder<KtsFrame>;
  readonly #boot: number;
  #channel: ReliableChannel | undefined;
  #session = 0;
  #sentUpTo: number | undefined;
  #epoch = 0;
  #isOff = false;
  #cancelReady: (() => void) | undefined;
  #cancelGap: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #heardAtMs = 0;
  /** Answers a request; `undefined`: never. */
  answer: (request: KtsMessage) => KtsMessage | undefined = () => undefined;
  /** What WELCOME tells of it. */
  caps: MessageOf<'welcome'>['caps'] = ['state', 'cdr', 'call'];
  /** What SNAPGET tells between SNAP and SNAPEND. */
  states: () => KtsMessage[] = () => [];

  constructor(options: {
    readonly clock: Clock;
    readonly profile: KtsProfile;
    readonly port: PbxPort;
    readonly memory: PbxMemory;
    readonly boot: number;
    readonly baudRate?: number;
  }) {
    this.#clock = options.clock;
    this.#profile = options.profile;
    this.#port = options.port;
    this.#memory = options.memory;
    this.#boot = options.boot;
    this.#baudRate = options.baudRate ?? 9_600;
    this.#decoder = options.profile.createDecoder();
    this.#sayReady();
  }

  /** Power is cut: nothing is sent or heard any more. */
  powerOff(): void {
    this.#isOff = true;
    this.#forget();
    this.#cancelReady?.();
    this.#cancelGap?.();
  }

  /** Bytes of the host. */
  hear(bytes: Uint8Array): void {
    if (this.#isOff) return;
    this.#cancelGap?.();
    this.#decoder.push(bytes, (frame) => this.#frame(frame));
    if (this.#decoder.pendingBytes > 0 && this.#profile.timings.gapMs > 0) {
      this.#cancelGap = this.#clock.setTimer(50, () => this.#decoder.giveUp((frame) => this.#frame(frame)));
    }
  }

  /** A call has ended: its record is written, and told when the host has begun. */
  record(fields: Partial<MessageOf<'cdr'>> = {}): void {
    const memory = this.#memory;
    memory.records.set(memory.next, {
      type: 'cdr',
      store: memory.store,
      record: memory.next,
      start: '2026-11-22T09:30:12',
      durationS: memory.next % 3_600,
      dir: 'out',
      end: 'normal',
      ext: '801',
      line: 1,
      number: '13912345678',
      ...fields,
    });
    memory.next += 1;
    this.#pumpRecords();
  }

  /** Tells an event when a session is open. */
  tell(message: KtsMessage): void {
    this.#channel?.send(message);
  }

  get isOpen(): boolean {
    return this.#channel !== undefined;
  }

  #sayReady(): void {
    if (this.#isOff) return;
    this.#write({ type: 'ready', boot: this.#boot });
    this.#cancelReady = this.#clock.setTimer(5_000, () => this.#sayReady());
  }

  #write(message: KtsMessage): void {
    this.#port.write(this.#profile.encode(message, { seq: 0, node: 0 }));
  }

  #forget(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#session = 0;
    this.#sentUpTo = undefined;
    this.#cancelBeat?.();
  }

  #frame(frame: KtsFrame): void {
    if (this.#isOff) return;
    if (frame.kind === 'damaged') return this.#channel?.damaged();
    this.#heardAtMs = this.#clock.nowMs();
    if (frame.kind !== 'message') return;
    const { header, message } = frame;
    if (message.type === 'hello') return this.#hello(message);
    const channel = this.#channel;
    if (channel === undefined) {
      if (message.type !== 'bye' && message.type !== 'ack' && message.type !== 'nak') {
        this.#write({ type: 'error', code: 'nosession' });
      }
      return;
    }
    if (message.type === 'ack') return channel.acknowledged(header.seq);
    if (message.type === 'nak') return channel.askedAgain(header.seq, message.reason);
    if (message.type === 'bye') return this.#lose();
    if (channel.arrived(header.seq) === 'drop') return;
    this.heard.push(message);
    if (message.type === 'cdrAck') return this.#acknowledged(message);
    if (message.type === 'snapshotGet') return this.#snapshot(message.ref);
    const answer = this.answer(message);
    if (answer !== undefined) channel.send(answer);
  }

  #hello({ session, window = 1 }: MessageOf<'hello'>): void {
    const { store, first, next } = this.#memory;
    if (session !== this.#session) {
      this.#forget();
      this.#cancelReady?.();
      this.#session = session;
      this.#channel = new ReliableChannel({
        clock: this.#clock,
        timings: this.#profile.timings,
        baudRate: this.#baudRate,
        node: 0,
        window: Math.min(8, window),
        encode: (message, header) => this.#profile.encode(message, header),
        write: (bytes) => this.#port.write(bytes),
        fail: () => this.#lose(),
      });
      this.#heardAtMs = this.#clock.nowMs();
      this.#beat();
    }
    const about = { boot: this.#boot, lines: 4, exts: 8, caps: this.caps, window: 8 };
    this.#write({ type: 'welcome', session, ...about, store, first, next });
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.setTimer(5_000, () => {
      const silentMs = this.#clock.nowMs() - this.#heardAtMs;
      if (silentMs >= 15_000) return this.#lose();
      if (silentMs >= 5_000) this.#channel?.send({ type: 'heartbeat' });
      this.#beat();
    });
  }

  #lose(): void {
    this.#forget();
    this.#cancelReady?.();
    this.#sayReady();
  }

  #snapshot(ref: number): void {
    this.#epoch += 1;
    this.#channel?.send({ type: 'snapshot', ref, epoch: this.#epoch, idleExt: ['801', '802'], idleLine: [1] });
    for (const state of this.states()) this.#channel?.send({ ...state, epoch: this.#epoch } as KtsMessage);
    this.#channel?.send({ type: 'snapshotEnd', epoch: this.#epoch });
  }

  #acknowledged({ store, record }: MessageOf<'cdrAck'>): void {
    const memory = this.#memory;
    const isRight = store === memory.store && (this.#sentUpTo === undefined || record <= this.#sentUpTo);
    if (!isRight) return this.#write({ type: 'error', code: 'badstore' });
    for (; memory.first <= record && memory.first < memory.next; memory.first++) memory.records.delete(memory.first);
    this.#sentUpTo ??= record;
    this.#pumpRecords();
  }

  #pumpRecords(): void {
    const memory = this.#memory;
    if (this.#sentUpTo === undefined) return;
    while (this.#sentUpTo + 1 < memory.next && this.#sentUpTo + 1 < memory.first + 32) {
      const record = memory.records.get(this.#sentUpTo + 1);
      if (record === undefined) throw new Error(`the PBX has forgotten ${this.#sentUpTo + 1}`);
      this.#sentUpTo += 1;
      this.#channel?.send(record);
    }
  }
}

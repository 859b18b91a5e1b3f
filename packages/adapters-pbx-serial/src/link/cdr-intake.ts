import type { Clock } from '@cordboard/cti-core';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';

/** Where call records are kept. What it has kept is what the PBX may forget. */
export interface CdrStore {
  /** Number of the last record kept of this record memory of a PBX; `undefined` when none was. */
  position(store: number): Promise<number | undefined>;
  /**
   * Keeps records, all or none, in order, with the new position. When it resolves they are durable: the PBX is told to forget them. When it rejects, the
   * same records are handed to it again a second later.
   */
  keep(records: readonly MessageOf<'cdr'>[]): Promise<void>;
}

/** What a {@link CdrIntake} is made of. */
export interface CdrIntakeOptions {
  readonly clock: Clock;
  readonly records: CdrStore;
  readonly send: (message: KtsMessage) => void;
  /** Records that the PBX has lost or never had: from and to, both among them. */
  readonly gap: (from: number, to: number) => void;
  /** The PBX sends more than it may without an acknowledgement. */
  readonly overflow: () => void;
}

const RETRY_MS = 1_000;
/** The PBX sends at most 32 records beyond the last acknowledged one. */
const MAX_WAITING = 64;

/** Takes call records in from one session: each once, in order, acknowledged when they are kept. */
export class CdrIntake {
  readonly #options: CdrIntakeOptions;
  #store: number | undefined;
  #last = 0;
  #waiting: MessageOf<'cdr'>[] = [];
  #isKeeping = false;
  #isOver = false;
  #cancel: (() => void) | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: CdrIntakeOptions) {
    this.#options = options;
  }

  /** Finds where to go on from the PBX's WELCOME, and asks it to begin. A PBX without records is left alone. */
  async begin({ store, first, next }: MessageOf<'welcome'>): Promise<void> {
    if (store === undefined || first === undefined || next === undefined) return;
    const kept = await this.#options.records.position(store);
    if (this.#isOver) return;
    const isFollowed = kept !== undefined && kept < next;
    this.#last = isFollowed ? kept : first - 1;
    if (isFollowed && kept + 1 < first) {
      this.#options.gap(kept + 1, first - 1);
      this.#last = first - 1;
    }
    this.#store = store;
    this.#options.send({ type: 'cdrAck', store, record: this.#last });
  }

  /** A record came. */
  take(record: MessageOf<'cdr'>): void {
    if (this.#isOver || record.store !== this.#store) return;
    if (record.record <= this.#last) return this.#acknowledge();
    if (record.record > this.#last + 1) this.#options.gap(this.#last + 1, record.record - 1);
    this.#last = record.record;
    this.#waiting.push(record);
    if (this.#waiting.length > MAX_WAITING) return this.#options.overflow();
    this.#keepOn();
  }

  /** The PBX says that it has nothing before `first` any more. */
  lost({ store, first }: MessageOf<'cdrLost'>): void {
    if (store !== this.#store || first <= this.#last + 1) return;
    this.#options.gap(this.#last + 1, first - 1);
    this.#last = first - 1;
  }

  /** Resolves when nothing is being kept any more: only then may the store be asked for its position again. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Ends it; records that are being kept are kept. */
  close(): void {
    this.#isOver = true;
    this.#cancel?.();
  }

  #acknowledge(): void {
    if (this.#isKeeping || this.#isOver || this.#store === undefined) return;
    this.#options.send({ type: 'cdrAck', store: this.#store, record: this.#last });
  }

  #keepOn(): void {
    if (this.#isKeeping || this.#isOver || this.#waiting.length === 0) return;
    this.#isKeeping = true;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#keep(batch);
  }

  #keep(batch: readonly MessageOf<'cdr'>[]): void {
    const { records, clock, send } = this.#options;
    const kept = (): void => {
      this.#isKeeping = false;
      const last = batch.at(-1);
      if (last !== undefined && !this.#isOver) send({ type: 'cdrAck', store: last.store, record: last.record });
      this.#keepOn();
    };
    const failed = (): void => {
      if (!this.#isOver) this.#cancel = clock.setTimer(RETRY_MS, () => this.#keep(batch));
    };
    this.#settled = records.keep(batch).then(kept, failed);
  }
}

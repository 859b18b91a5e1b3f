import type { EngineInput } from '@cordboard/cti-core';
import { BATCHES_IN_FLIGHT } from '../journal/format.js';

/** Inputs that were given to the disk together. */
export interface Batch {
  readonly inputs: readonly EngineInput[];
  /** Resolves when they are on the disk. */
  readonly durable: Promise<void>;
  readonly beganMs: number;
}

/** Inputs of one batch: bounds how long the thread is held after a sync. */
const BATCH_INPUTS = 500;

/**
 * Brings inputs to the disk. What comes while the disk works is the next batch, and that one does not wait for the sync before it:
 * so many of them are under way at once, and they are handed on in their order.
 */
export class InputWriter {
  readonly #write: (inputs: readonly EngineInput[]) => Promise<void>;
  readonly #nowMs: () => number;
  readonly #flying: Batch[] = [];
  #waiting: EngineInput[] = [];
  #state: 'open' | 'held' = 'open';
  #planned: 'planned' | 'none' = 'none';

  constructor(options: {
    readonly write: (inputs: readonly EngineInput[]) => Promise<void>;
    readonly nowMs: () => number;
  }) {
    this.#write = options.write;
    this.#nowMs = options.nowMs;
  }

  /** Inputs that are not on the disk yet. */
  get pending(): number {
    return this.#flying.reduce((sum, { inputs }) => sum + inputs.length, this.#waiting.length);
  }

  /** Takes an input. Everything that one turn of the event loop brings becomes one batch. */
  push(input: EngineInput): void {
    this.#waiting.push(input);
    if (this.#planned === 'planned') return;
    this.#planned = 'planned';
    queueMicrotask(() => {
      this.#planned = 'none';
      this.#fill();
    });
  }

  /** The batch that was written first, done or not; `undefined` when there is none, nor anything that may be written. */
  oldest(): Batch | undefined {
    this.#fill();
    return this.#flying[0];
  }

  /** The oldest batch is durable: makes room for the next. */
  landed(): void {
    this.#flying.shift();
    this.#fill();
  }

  /** Is nothing written until {@link release}? */
  get isHeld(): boolean {
    return this.#state === 'held';
  }

  /** Begins no write until {@link release}. */
  hold(): void {
    this.#state = 'held';
  }

  /** See {@link hold}. */
  release(): void {
    this.#state = 'open';
  }

  #fill(): void {
    while (this.#state === 'open' && this.#waiting.length > 0 && this.#flying.length < BATCHES_IN_FLIGHT) {
      const inputs = this.#waiting.splice(0, BATCH_INPUTS);
      const durable = this.#write(inputs);
      // Its reader comes when it is the oldest.
      durable.catch(() => undefined);
      this.#flying.push({ inputs, durable, beganMs: this.#nowMs() });
    }
  }
}

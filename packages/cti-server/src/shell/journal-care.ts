import type { Clock, Logger } from '@cordboard/cti-core';
import type { Snapshot } from '../journal/format.js';
import type { Journal } from '../journal/journal.js';
import type { Seal } from '../journal/seal.js';
import { factsOf } from './failure-facts.js';

/** What of a snapshot the shell knows; the engine's text is not sealed yet. */
export type Cut = Omit<Snapshot, 'format' | 'coreVersion' | 'epoch' | 'file'>;

/** What a journal's care works with. */
export interface CareOptions {
  readonly journal: Journal;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long old files are kept, ms. */
  readonly keepMs: number;
  /** Makes durable what came of the inputs so far: records come before the snapshot that makes the inputs behind them superfluous. */
  readonly flush: () => Promise<void>;
}

/** Keeps a journal short: begins its files, keeps the states they go on from, removes what is old. Inputs go on meanwhile. */
export class JournalCare {
  readonly #options: CareOptions;
  #working: Promise<void> | undefined;

  constructor(options: CareOptions) {
    this.#options = options;
  }

  /** Is it time for the next file? Never while the state of the last one is being kept. */
  get wantsNextFile(): boolean {
    return this.#working === undefined && this.#options.journal.wantsNextFile(this.#options.clock.wallMs());
  }

  /** Resolves when no state is being kept. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Goes on in a new file; its state is kept beside, and is needed only after a crash. No write may be under way. */
  async nextFile(cut: Cut): Promise<void> {
    await this.#options.journal.nextFile();
    this.#beside(() => this.#keep(cut));
  }

  /** Removes old files. */
  sweep(): void {
    if (this.#working === undefined) this.#beside(() => this.#prune());
  }

  /** Keeps the last state of a run. */
  async finish(cut: Cut): Promise<void> {
    await this.#options.journal.nextFile();
    await this.#keep(cut);
  }

  #beside(work: () => Promise<void>): void {
    this.#working = work()
      .catch((error: unknown) => {
        const { code, cause, reason } = factsOf(error);
        // The files alone lead to the same state; it only takes longer.
        this.#options.log.error('the journal cannot be shortened; it goes on', { code, cause, reason });
      })
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #keep(cut: Cut): Promise<void> {
    const { flush, journal, seal } = this.#options;
    await flush();
    await journal.keep({ ...cut, engine: seal.sealText(cut.engine) });
    await this.#prune();
  }

  #prune(): Promise<void> {
    return this.#options.journal.prune(this.#options.clock.wallMs() - this.#options.keepMs);
  }
}

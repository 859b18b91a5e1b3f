import type { Clock } from '@cordboard/cti-core';
import { fiasRecord } from '../fias/index.js';
import type { HotelLedger } from '../ledger/index.js';
import type { FiasLink } from '../link/index.js';
import { type Next, Worker } from './worker.js';

/** Brings reports (RE, WA) to the hotel's system, in order; what it has not read is sent again when the link is back. */
export class Reporter {
  readonly #ledger: HotelLedger;
  readonly #link: Pick<FiasLink, 'isUp' | 'sendSurely'>;
  readonly #worker: Worker;

  constructor(options: {
    readonly clock: Clock;
    readonly ledger: HotelLedger;
    readonly link: Pick<FiasLink, 'isUp' | 'sendSurely'>;
    readonly failed: (error: unknown) => void;
  }) {
    this.#ledger = options.ledger;
    this.#link = options.link;
    this.#worker = new Worker({ clock: options.clock, step: () => this.#step(), failed: options.failed });
  }

  /** Begins. */
  start(): void {
    this.#worker.start();
  }

  /** There may be something to tell, or somebody to tell it to. */
  poke(): void {
    this.#worker.poke();
  }

  /** Ends it; what is not told stays in the ledger. May be called again. */
  stop(): Promise<void> {
    return this.#worker.stop();
  }

  async #step(): Promise<Next> {
    const report = this.#ledger.nextReport;
    if (report === undefined || !this.#link.isUp) return 'idle';
    await this.#link.sendSurely(fiasRecord(report.id, report.values));
    await this.#ledger.reported(report);
    return 'more';
  }
}

import type { Clock } from '@cordboard/cti-core';
import { type FiasRecord, fiasRecord, fiasValue, verdictOf } from '../fias/index.js';
import type { HotelLedger, Posting } from '../ledger/index.js';
import type { FiasLink } from '../link/index.js';
import { type Next, Worker } from './worker.js';

/** What a {@link Poster} is made of. */
export interface PosterOptions {
  readonly clock: Clock;
  readonly ledger: HotelLedger;
  readonly link: Pick<FiasLink, 'isUp' | 'send'>;
  /** Wait for PA before the posting is sent again, ms; doubled each time up to eight times as long. */
  readonly answerMs: number;
  /** Wait after `RY` and its like, ms. */
  readonly againMs: number;
  /** Nothing may be posted now: a swap. */
  readonly isHeld: () => boolean;
  readonly settled: (posting: Posting, status: string) => void;
  /** It was sent so often without an answer that somebody should look. */
  readonly stuck: (posting: Posting, times: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Longest night audit: it ends without NE when a system forgets to say so. */
const AUDIT_MS = 4 * 3_600_000;
const MANY = 5;

/**
 * Brings postings to the hotel's system: one at a time, in order, each with its own number until it is answered for good. What is not answered is sent again with the
 * same number; what is answered `again` waits, and the others behind it.
 */
export class Poster {
  readonly #options: PosterOptions;
  readonly #worker: Worker;
  #sent: { readonly sequence: number; times: number; dueMs: number } | undefined;
  #status: string | undefined;
  #notBeforeMs = 0;
  #auditUntilMs = 0;

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#worker = new Worker({ clock: options.clock, step: () => this.#step(), failed: options.failed });
  }

  /** Begins. */
  start(): void {
    this.#worker.start();
  }

  /** There may be something to post. */
  poke(): void {
    this.#worker.poke();
  }

  /** The link is up once more: what is under way is sent again at once. */
  linkUp(): void {
    this.#sent = undefined;
    this.#auditUntilMs = 0;
    this.#notBeforeMs = 0;
    this.poke();
  }

  /** PA, NS or NE came. */
  take(record: FiasRecord): void {
    if (record.id === 'NS') this.#auditUntilMs = this.#options.clock.nowMs() + AUDIT_MS;
    if (record.id === 'NE') {
      this.#auditUntilMs = 0;
      this.#notBeforeMs = 0;
    }
    const head = this.#options.ledger.nextPosting;
    if (record.id === 'PA' && head !== undefined && this.#isAnswerTo(record, head))
      this.#status = fiasValue(record, 'AS');
    this.poke();
  }

  /** Ends it; what is not answered stays in the ledger. May be called again. */
  stop(): Promise<void> {
    return this.#worker.stop();
  }

  async #step(): Promise<Next> {
    const { ledger, clock, link, isHeld, answerMs, againMs, stuck } = this.#options;
    const head = ledger.nextPosting;
    if (head === undefined) return 'idle';
    const status = this.#status;
    if (status !== undefined) {
      this.#status = undefined;
      this.#sent = undefined;
      if (verdictOf(status) !== 'again') return this.#settle(head, status);
      this.#notBeforeMs = clock.nowMs() + againMs;
    }
    if (!link.isUp || isHeld()) return 'idle';
    const nowMs = clock.nowMs();
    const waitMs = Math.max(this.#auditUntilMs, this.#notBeforeMs) - nowMs;
    if (waitMs > 0) return { pauseMs: waitMs };
    const sent = this.#sent;
    if (sent !== undefined && sent.sequence === head.sequence && sent.dueMs > nowMs)
      return { pauseMs: sent.dueMs - nowMs };
    const times = sent?.sequence === head.sequence ? sent.times + 1 : 1;
    if (times > 1 && times % MANY === 0) stuck(head, times);
    this.#sent = { sequence: head.sequence, times, dueMs: nowMs + answerMs * Math.min(8, 2 ** (times - 1)) };
    await link.send(fiasRecord('PS', head.values), 'enquire');
    return 'more';
  }

  /** By its number where it has one. By its room, of what was sent, where the hotel's system leaves the number out. */
  #isAnswerTo(record: FiasRecord, { sequence, values }: Posting): boolean {
    const [number, room] = [fiasValue(record, 'P#'), fiasValue(record, 'RN')];
    if (fiasValue(record, 'AS') === undefined || (room !== undefined && room !== values.RN)) return false;
    if (number !== undefined) return Number(number) === sequence;
    return room !== undefined && this.#sent?.sequence === sequence;
  }

  async #settle(head: Posting, status: string): Promise<Next> {
    await this.#options.ledger.settle(head, status);
    this.#options.settled(head, status);
    return 'more';
  }
}

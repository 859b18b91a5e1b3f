import { setMaxListeners } from 'node:events';
import type {
  Clock,
  CustomerMatch,
  EngineInputBody,
  Logger,
  Lookup,
  LookupId,
  LookupResult,
  PhoneNumber,
} from '@cordboard/cti-core';
import { customerMatch } from '@cordboard/cti-protocol';
import { bounded } from '../questions/bounded.js';
import type { Questions } from '../questions/questions.js';

/** Asks the host who a number belongs to. May take its time within the bound; what it throws means "not known". */
export type CustomerDirectory = (
  number: PhoneNumber,
  options: { readonly signal: AbortSignal },
) => Promise<CustomerMatch> | CustomerMatch;

const DEFAULT_TIMEOUT_MS = 2000;
const AT_ONCE = 50;

/** What look-ups work with. `timeoutMs`: bound of one of a customer, default 2,000. */
export interface LookupOptions {
  readonly directory: CustomerDirectory | undefined;
  readonly questions: Pick<Questions, 'ask' | 'stop'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly submit: (input: EngineInputBody) => void;
  readonly timeoutMs?: number;
}

/** Look-ups under way, each bounded in time, all bounded in number. */
export class Lookups {
  readonly #options: LookupOptions;
  readonly #stopping = new AbortController();
  #running = 0;

  constructor(options: LookupOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Begins a look-up; its result becomes an input, always. */
  begin(lookupId: LookupId, lookup: Lookup): void {
    const { submit, questions } = this.#options;
    const asked: Promise<LookupResult> =
      lookup.type === 'ivr'
        ? questions.ask(lookup)
        : this.#ask(lookup.number).then((match) => ({ outcome: 'found', match }));
    asked
      .then((result) => submit({ kind: 'lookup', lookupId, result }))
      .catch(() => submit({ kind: 'lookup', lookupId, result: { outcome: 'failed' } }));
  }

  /** Ends the wait of all that are under way: a socket that is waited for would keep the process alive. */
  stop(): void {
    this.#stopping.abort();
    this.#options.questions.stop();
  }

  async #ask(number: PhoneNumber): Promise<CustomerMatch> {
    const { directory, clock, log, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    if (directory === undefined) return { decision: 'none', customers: [] };
    if (this.#running >= AT_ONCE) throw new Error('too many look-ups at once');
    this.#running += 1;
    try {
      const ask = async (signal: AbortSignal): Promise<unknown> => directory(number, { signal });
      return customerMatch.parse(await bounded(ask, { clock, timeoutMs, signal: this.#stopping.signal }));
    } catch (error) {
      log.warn('a look-up of a customer failed', { reason: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      this.#running -= 1;
    }
  }
}

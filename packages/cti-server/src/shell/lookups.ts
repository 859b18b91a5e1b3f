import type { Clock, CustomerMatch, EngineInputBody, Logger, Lookup, LookupId, PhoneNumber } from '@cordboard/cti-core';
import { customerMatch } from '@cordboard/cti-protocol';

/** Asks the host who a number belongs to. May take its time within the bound; what it throws means "not known". */
export type CustomerDirectory = (
  number: PhoneNumber,
  options: { readonly signal: AbortSignal },
) => Promise<CustomerMatch> | CustomerMatch;

const DEFAULT_TIMEOUT_MS = 2000;
const AT_ONCE = 50;

/** What look-ups work with. `timeoutMs`: bound of one, default 2,000. */
export interface LookupOptions {
  readonly directory: CustomerDirectory | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly submit: (input: EngineInputBody) => void;
  readonly timeoutMs?: number;
}

/** Look-ups under way, each bounded in time, all bounded in number. */
export class Lookups {
  readonly #options: LookupOptions;
  #running = 0;

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** Begins a look-up; its result becomes an input, always. */
  begin(lookupId: LookupId, lookup: Lookup): void {
    const { submit } = this.#options;
    this.#ask(lookup.number)
      .then((match) => submit({ kind: 'lookup', lookupId, result: { outcome: 'found', match } }))
      .catch(() => submit({ kind: 'lookup', lookupId, result: { outcome: 'failed' } }));
  }

  async #ask(number: PhoneNumber): Promise<CustomerMatch> {
    const { directory, clock, log, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    if (directory === undefined) return { decision: 'none', customers: [] };
    if (this.#running >= AT_ONCE) throw new Error('too many look-ups at once');
    this.#running += 1;
    const stop = new AbortController();
    let cancel: () => void = () => undefined;
    const timeout = new Promise<never>((_, reject) => {
      cancel = clock.setTimer(timeoutMs, () => {
        stop.abort();
        reject(new Error('the directory did not answer in time'));
      });
    });
    try {
      const asked = Promise.resolve().then(() => directory(number, { signal: stop.signal }));
      return customerMatch.parse(await Promise.race([asked, timeout]));
    } catch (error) {
      log.warn('a look-up of a customer failed', { reason: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      cancel();
      this.#running -= 1;
    }
  }
}

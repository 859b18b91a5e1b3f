import { type Clock, CtiError, type Logger } from '@cordboard/cti-core';
import type { LinkLife } from '@cordboard/driver-kit';
import type { AriAnswer, AriRest } from '../link/ari-rest.js';
import type { AriRequest } from '../map/request.js';

/** Bound of requests of the driver's own. */
const OWN_REQUEST_MS = 5_000;

/** What {@link Requests} works with. */
export interface RequestsOptions {
  readonly clock: Clock;
  readonly life: LinkLife;
  readonly log: Logger;
  /** The client of the link that is up. */
  readonly rest: () => AriRest | undefined;
}

/** Requests and timers of one life of the link after the other: what a life began ends with it. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * Sends a request; without a signal of its own within five seconds.
   *
   * @throws {CtiError} `driver.linkLost` when none is up or it goes down, `wait.aborted` with the signal
   */
  async send(request: AriRequest, signal?: AbortSignal): Promise<AriAnswer> {
    const rest = this.#options.rest();
    if (rest === undefined) throw new CtiError('driver.linkLost', 'ARI is not connected');
    const bound = new AbortController();
    const end = (): void => bound.abort();
    const life = this.#options.life.signal;
    const cancel = signal === undefined ? this.#options.clock.setTimer(OWN_REQUEST_MS, end) : () => undefined;
    life.addEventListener('abort', end, { once: true });
    signal?.addEventListener('abort', end, { once: true });
    if (life.aborted || signal?.aborted) end();
    try {
      return await rest.send(request, { signal: bound.signal });
    } finally {
      cancel();
      life.removeEventListener('abort', end);
      signal?.removeEventListener('abort', end);
    }
  }

  /** Sends a request of the driver's own: a failure is logged with its status and changes nothing else. Never rejects. */
  async tidy(request: AriRequest): Promise<void> {
    const { log } = this.#options;
    const what = `${request.method} ${request.path.split('/')[1] ?? ''}`;
    try {
      const answer = await this.send(request);
      if (answer.status >= 400 && answer.status !== 404) {
        log.debug('ari request of our own failed', { what, status: answer.status });
      }
    } catch (error) {
      log.debug('ari request of our own failed', { what, code: error instanceof CtiError ? error.code : 'internal' });
    }
  }
}

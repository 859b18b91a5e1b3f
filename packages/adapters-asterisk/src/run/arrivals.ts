import { CtiError } from '@cordboard/cti-core';
import type { Kit } from './kit.js';

/** Bound of the time between Asterisk's answer and a new channel's arrival in the application. */
const ARRIVAL_MS = 2_000;

/** A channel that is expected. */
export interface Arrival {
  /**
   * Resolves when it has entered the application.
   *
   * @throws {CtiError} by rejection: `driver.timeout` when it did not within 2 s, `wait.aborted` with the signal
   */
  readonly here: Promise<void>;
  /** Expects it no longer; may be called twice. */
  cancel(): void;
}

/**
 * Channels that the driver has asked for and that take no command before they have entered the application: Asterisk answers the
 * request that makes them a little earlier, and a command of that moment is refused with 409 (one in six on 22.10.1, 2026-11-22).
 */
export class Arrivals {
  readonly #kit: Pick<Kit, 'later'>;
  readonly #waiting = new Map<string, () => void>();

  constructor(kit: Pick<Kit, 'later'>) {
    this.#kit = kit;
  }

  /** A channel has entered the application. */
  arrived(id: string): void {
    this.#waiting.get(id)?.();
  }

  /** Expects a channel: to be called before the request that makes it, since its event may overtake the answer. */
  expect(id: string, signal: AbortSignal): Arrival {
    let stop: () => void = () => undefined;
    const here = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, resolve);
      const cancel = this.#kit.later(ARRIVAL_MS, () =>
        reject(new CtiError('driver.timeout', 'a channel that was asked for did not enter the application')),
      );
      const aborted = (): void => reject(new CtiError('wait.aborted', 'the command is over'));
      signal.addEventListener('abort', aborted, { once: true });
      stop = () => {
        cancel();
        signal.removeEventListener('abort', aborted);
      };
    });
    // Nobody may wait for it: when the request itself fails.
    here.catch(() => undefined);
    return {
      here,
      cancel: () => {
        stop();
        this.#waiting.delete(id);
      },
    };
  }
}

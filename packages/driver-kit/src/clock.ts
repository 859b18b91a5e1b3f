import type { Clock } from '@cordboard/cti-core';

/**
 * The clock of the running process: `performance.now()`, `Date.now()` and Node's timers.
 *
 * Timers keep the process alive until they fire or are cancelled; what sets one cancels it.
 */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (delayMs, callback) => {
    const handle = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};

/**
 * Waits for `delayMs` milliseconds, or until `signal` aborts.
 *
 * @returns `true` when the time has passed, `false` when the signal aborted first; it never rejects and leaves no timer
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

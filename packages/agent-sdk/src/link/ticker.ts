import type { Clock } from '@cordboard/cti-core';

/** A timer that goes on until it is stopped. */
export interface Ticker {
  stop(): void;
}

/** Calls `tick` about every `everyMs`; in a hidden page browsers make that once a minute. */
export function startTicker(clock: Clock, everyMs: number, tick: () => void): Ticker {
  let cancel = (): void => undefined;
  const arm = (): void => {
    cancel = clock.setTimer(everyMs, () => {
      arm();
      tick();
    });
  };
  arm();
  return { stop: () => cancel() };
}

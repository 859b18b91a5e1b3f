import type { Clock } from '@cordboard/cti-core';

/** A clock that knows how many timers were set by it. */
export class CountingClock implements Clock {
  readonly clock: Clock;
  pending = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }
  nowMs(): number {
    return this.clock.nowMs();
  }
  wallMs(): number {
    return this.clock.wallMs();
  }
  setTimer(delayMs: number, callback: () => void): () => void {
    this.pending += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) this.pending -= 1;
      isOver = true;
    };
    const cancel = this.clock.setTimer(delayMs, () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}

import { expect, it, vi } from 'vitest';
import { BOUND_MS } from './test-bounds.js';

it('waits as long for all that a test waits for, not for a second', async () => {
  vi.useFakeTimers();
  try {
    const fromMs = Date.now();
    for (const wait of [
      () => vi.waitFor(() => expect(Date.now() - fromMs).toBeGreaterThan(BOUND_MS - 1_000), { interval: 100 }),
      () => vi.waitUntil(() => Date.now() - fromMs > 2 * BOUND_MS - 2_000),
    ]) {
      const waited = wait();
      await vi.advanceTimersByTimeAsync(BOUND_MS - 500);
      await waited;
    }
  } finally {
    vi.useRealTimers();
  }
  let polled = 0;
  const fromMs = performance.now();
  // Beyond the second after which it would give up by default.
  await expect.poll(() => performance.now() - fromMs + (polled++ && 0)).toBeGreaterThan(1_200);
});

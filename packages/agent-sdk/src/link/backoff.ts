/** How long to wait between attempts to reach the server. */
export interface BackoffOptions {
  /** First wait, 50-60,000 ms; default 500 ms. */
  readonly minMs?: number;
  /** Longest wait, up to 600,000 ms; default 15,000 ms. */
  readonly maxMs?: number;
}

/**
 * The wait before attempt `attempt` (1 = the first repeat): doubles from `minMs` to `maxMs`, of which a random half to the
 * whole is taken, so that a thousand desks do not come back in the same instant.
 */
export function backoffMs(attempt: number, random: () => number, options: BackoffOptions = {}): number {
  const { minMs = 500, maxMs = 15_000 } = options;
  const bound = Math.min(maxMs, minMs * 2 ** Math.min(Math.max(attempt - 1, 0), 20));
  return Math.round(bound * (0.5 + random() / 2));
}

import { vi } from 'vitest';

/** What a test waits for may take so long on a machine that does much else, ms; who waits for what never comes fails no earlier. */
export const BOUND_MS = 30_000;

/** Files that share a process share `vi`, and this is read for each of them: what is bounded already stays as it is. */
const BOUNDED = Symbol.for('cordboard.test-bounds');

const { waitFor, waitUntil } = vi;
if (!(BOUNDED in vi)) {
  /** `vi.waitFor` and `vi.waitUntil` wait for 1 s by default, and no option of the project changes that; `expect.poll` has one, in vitest.config.ts. */
  vi.waitFor = (callback, options) => waitFor(callback, bounded(options));
  vi.waitUntil = (callback, options) => waitUntil(callback, bounded(options));
  Object.defineProperty(vi, BOUNDED, { value: true });
}

function bounded<T extends { readonly timeout?: number }>(
  options: number | T | undefined,
): number | T | { timeout: number } {
  return typeof options === 'number' ? options : { timeout: BOUND_MS, ...options };
}

import type { Clock } from '@cordboard/cti-core';

/** What ended a wait: told in logs, so it holds nothing personal. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Waits for work of somebody else, at most `timeoutMs`, and no longer than `signal`. The work is told by its own signal when nobody waits any more.
 * Rejects with what it throws, or with {@link NoAnswer}.
 */
export async function bounded<T>(
  work: (signal: AbortSignal) => Promise<T> | T,
  bound: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<T> {
  const stop = new AbortController();
  let giveUp: () => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      stop.abort();
      reject(new NoAnswer('nobody answered in time'));
    };
  });
  if (bound.signal.aborted) giveUp();
  bound.signal.addEventListener('abort', giveUp, { once: true });
  const cancel = bound.clock.setTimer(bound.timeoutMs, giveUp);
  try {
    const done = Promise.resolve().then(() => work(stop.signal));
    // Whoever is late is not heard, but must not end the process either.
    done.catch(() => undefined);
    return await Promise.race([done, over]);
  } finally {
    cancel();
    bound.signal.removeEventListener('abort', giveUp);
  }
}

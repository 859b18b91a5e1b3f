/** Something that did not come true in its time. The message says what was awaited and what was seen instead. */
export class LabTimeout extends Error {
  override readonly name = 'LabTimeout';
}

/** Resolves after `ms`; for pacing media only, never for "by then it will have happened". */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Bound of whatever takes a second where nothing else runs: a failure waits that long, and a machine that is busy with other work is none. */
export const PATIENCE_MS = 60_000;

/** How {@link until} asks. */
export interface UntilOptions {
  /** What is awaited, for the error. */
  readonly what: string;
  /** Bound in ms; default {@link PATIENCE_MS}. */
  readonly withinMs?: number;
  /** Time between two questions in ms; default 20. */
  readonly everyMs?: number;
  /** An error of the probe that means "not yet"; any other one ends the wait. Default: none. */
  readonly ignore?: (error: unknown) => boolean;
  /** Told in the error, so that a failure explains itself. */
  readonly seen?: () => unknown;
}

/**
 * Asks `probe` until it answers something other than `undefined`, `null` or `false`.
 * @throws {LabTimeout} when the bound runs out.
 */
export async function until<T>(
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: UntilOptions,
): Promise<T> {
  const deadline = Date.now() + (options.withinMs ?? PATIENCE_MS);
  // One more look after the bound: a process that got no core for a while finds all that was due meanwhile still undone.
  let last = false;
  for (;;) {
    const answer = await ask(probe, options);
    if (answer !== undefined && answer !== null && answer !== false) return answer as T;
    if (last) throw timeoutOf(options);
    last = Date.now() >= deadline;
    await pause(options.everyMs ?? 20);
  }
}

/** Whether a request failed because its server is being started again: it refuses connections, breaks them off, or is not ready yet. */
export function isAway(error: unknown): boolean {
  return /fetch failed|terminated|: 503 /.test(String(error));
}

async function ask<T>(probe: () => T | Promise<T>, options: UntilOptions): Promise<T | undefined> {
  try {
    return await probe();
  } catch (error) {
    if (options.ignore?.(error) === true) return undefined;
    throw error;
  }
}

/**
 * `promise`, but bounded.
 * @throws {LabTimeout} when `withinMs` (default {@link PATIENCE_MS}) runs out.
 */
export async function within<T>(promise: Promise<T>, options: UntilOptions): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bound = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeoutOf(options)), options.withinMs ?? PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, bound]);
  } finally {
    clearTimeout(timer);
  }
}

function timeoutOf(options: UntilOptions): LabTimeout {
  const seen = options.seen === undefined ? '' : `; seen: ${JSON.stringify(options.seen())?.slice(0, 2_000)}`;
  return new LabTimeout(`not within ${options.withinMs ?? PATIENCE_MS} ms: ${options.what}${seen}`);
}

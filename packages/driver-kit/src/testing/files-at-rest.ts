import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

/** As Node names its requests to files: of promises, of callbacks and streams, and the closing of a file handle. Measured on Node 20 and 24. */
const REQUESTS = new Set(['FSReqPromise', 'FSReqCallback', 'CloseReq']);
/** Between one request of a chain and the next there may be a turn of the event loop without any: at most one was measured. */
const QUIET_TURNS = 4;
/** A disk that takes longer is broken, or the request is one that never ends, such as a read of a pipe. */
const MAX_MS = 30_000;

/**
 * Waits until this process asks nothing more of its files: each read, write and sync under way is through, and so is what follows from it at once.
 *
 * For a `SimulatedClock`, whose time would else run for hours in the milliseconds that a disk needs.
 *
 * @throws {Error} where a request stands for longer than 30 s
 */
export async function filesAtRest(): Promise<void> {
  const endMs = performance.now() + MAX_MS;
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await turn();
    if (!process.getActiveResourcesInfo().some((each) => REQUESTS.has(each))) {
      quiet += 1;
      continue;
    }
    quiet = 0;
    if (performance.now() > endMs) throw new Error(`files are not at rest after ${MAX_MS} ms`);
    await pause(1);
  }
}

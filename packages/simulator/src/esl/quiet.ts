/** Turns of the event loop without traffic after which nothing is on its way between sockets of one process: both ends, each way, and their callbacks. */
const QUIET_TURNS = 8;
const MAX_TURNS = 20_000;
/** A client that writes a command in pieces without TCP_NODELAY has the second one held back until the first is acknowledged: 40 ms on Linux. */
const PIECES_BOUND_MS = 120;

/** What passes the sockets. */
export interface Traffic {
  /** Grows with everything that comes in or opens or closes. */
  count(): number;
  /** Has a part of something arrived? */
  isPartial(): boolean;
}

/** Waits until nothing has passed a socket for some turns of the event loop, and what has begun to arrive has arrived. */
export async function settleSockets(traffic: Traffic): Promise<void> {
  let quiet = 0;
  let last = traffic.count();
  let untilMs = performance.now() + PIECES_BOUND_MS;
  for (let turn = 0; quiet < QUIET_TURNS && turn < MAX_TURNS; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const now = traffic.count();
    if (now !== last) untilMs = performance.now() + PIECES_BOUND_MS;
    const waits = traffic.isPartial() && performance.now() < untilMs;
    quiet = now === last && !waits ? quiet + 1 : 0;
    if (waits) turn = 0;
    last = now;
  }
}

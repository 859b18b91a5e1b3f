/** Turns of the event loop without traffic after which nothing is on its way between sockets of one process: both ends, each way, and their callbacks. */
const QUIET_TURNS = 8;
const MAX_TURNS = 20_000;

/** Waits until nothing has passed a socket for some turns of the event loop. */
export async function settleSockets(traffic: () => number): Promise<void> {
  let quiet = 0;
  let last = traffic();
  for (let turn = 0; quiet < QUIET_TURNS && turn < MAX_TURNS; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const now = traffic();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
}

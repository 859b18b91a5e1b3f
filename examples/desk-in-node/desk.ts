// An agent without a screen: takes every call, tells what it learned of the caller, and writes one line for each.
import { type AgentDesk, type Call, connectAgent, isCtiError, type SocketConstructor } from '@cordboard/agent-sdk';
import { WebSocket } from 'ws';

/** What is kept of a call. */
export interface Line {
  readonly call: string;
  readonly from: string;
  readonly queue: string | undefined;
  readonly way: readonly string[];
  readonly heldMs: number;
  readonly ended: string;
}

/** How the desk works. */
export interface DeskOptions {
  readonly url: string;
  readonly getToken: () => string | Promise<string>;
  /** What is done while the caller is on hold, such as a look-up in another system. */
  readonly lookUp: (call: Call) => Promise<Readonly<Record<string, string>>>;
  readonly write: (line: Line) => void;
}

async function serve(call: Call, options: DeskOptions): Promise<number> {
  await call.answer();
  await call.hold();
  const heldSince = Date.now();
  await call.setData(await options.lookUp(call));
  await call.retrieve();
  const heldMs = Date.now() - heldSince;
  await call.hangUp();
  return heldMs;
}

/** Signs in and takes calls until it is closed. */
export async function openDesk(options: DeskOptions): Promise<AgentDesk> {
  const desk = await connectAgent({
    url: options.url,
    getToken: options.getToken,
    clientName: 'desk-in-node',
    // Node 22 and newer have a WebSocket of their own.
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
  const held = new Map<string, number>();
  desk.on('callOffered', async ({ call }) => {
    try {
      held.set(call.id, await serve(call, options));
    } catch (error) {
      // The caller may hang up at any moment: then there is nothing left to do.
      if (!isCtiError(error, 'call.notFound') && !isCtiError(error, 'call.state')) throw error;
    }
  });
  desk.on('callEnded', ({ call, end }) => {
    options.write({
      call: call.id,
      from: call.caller.e164 ?? call.caller.number,
      queue: call.queue?.name,
      way: call.ivrPath,
      heldMs: held.get(call.id) ?? 0,
      ended: end.cause ?? end.how,
    });
  });
  await desk.ready();
  return desk;
}

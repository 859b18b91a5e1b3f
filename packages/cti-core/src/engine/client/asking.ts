import type { Actor, ClientCommand, ClientCommandType } from '../../contract/client-commands.js';
import type { CallId, ClientCommandId } from '../../contract/ids.js';
import { callOf, connOfAgent } from '../lookups.js';
import { type Failure, failure, type Run } from '../run.js';
import type { Call, Conn } from '../state.js';

/** Who asks, under which id, of which engine. */
export interface Asker {
  readonly run: Run;
  readonly actor: Actor;
  readonly commandId: ClientCommandId;
}

/** One client command being carried out, with its command. */
export interface Asking<T extends ClientCommandType = ClientCommandType> extends Asker {
  readonly command: Extract<ClientCommand, { type: T }>;
}

/** What a handler says: done at once, waiting for the switch (it has called `waitFor`), or why not. */
export type Said = 'done' | 'waiting' | { readonly callId: CallId } | Failure;

/** A handler of one command. */
export type Handler<T extends ClientCommandType> = (asking: Asking<T>) => Said;

/** The acting agent's own connection of a call. */
export function mine(asking: Asker, callId: CallId): { readonly call: Call; readonly conn: Conn } | Failure {
  const { run, actor } = asking;
  const call = callOf(run, callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  if (actor.agentId === undefined) return failure('auth.forbidden', 'only an agent can do that with a call');
  const conn = connOfAgent(run, call, actor.agentId);
  return conn === undefined ? failure('call.notFound', 'this agent has no part in the call') : { call, conn };
}

/** One client command being carried out, whichever it is. */
export type AskingAny = Asker & { readonly command: { readonly type: ClientCommandType } };

/** The acting agent's own connection, if its call can be acted on now. */
export function mineNow(asking: AskingAny, callId: CallId): { readonly call: Call; readonly conn: Conn } | Failure {
  const found = mine(asking, callId);
  if ('fail' in found) return found;
  if (found.conn.open !== undefined && asking.command.type !== 'call.clear') {
    return failure('call.state', 'everybody else has left; release the phone');
  }
  const leg = asking.run.s.legs.get(found.conn.legId);
  if (leg === undefined) return failure('call.state', 'the connection has ended');
  if (asking.run.s.switches.get(leg.switchId)?.media !== 'up') {
    return failure('driver.linkLost', 'the switch cannot be reached now; the call lives on');
  }
  return found;
}

/** The failure of a command that the present state does not allow. */
export function wrongState(what: string): Failure {
  return failure('call.state', what);
}

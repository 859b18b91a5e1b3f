import type { DriverCommand, ServiceCommand } from '../contract/driver-commands.js';
import { type CommandId, type ConnectionId, connectionId, type DeviceId } from '../contract/ids.js';
import { send } from './commands.js';
import { addLeg, watchLeg } from './legs.js';
import { connsOfLeg, legOf } from './lookups.js';
import { nativePart, type Served } from './native-calls.js';
import { endNative } from './native-events.js';
import { changed, nextId, note, type Run } from './run.js';
import type { Asked, Call, Conn, Leg, NativeNext } from './state.js';

/** The services that bring a connection of the phone that asks. */
export type Bringing = Extract<ServiceCommand, { type: 'makeCall' | 'unpark' | 'pickUp' | 'page' | 'redial' }>;
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** A service of a phone before its connection has an id. */
export type BringingBody = Without<Bringing, 'commandId' | 'boundMs' | 'connectionId' | 'mark' | 'device'>;
/** A service on a connection. */
export type ActingBody = Without<
  Extract<
    DriverCommand,
    {
      type:
        | 'answer'
        | 'clear'
        | 'hold'
        | 'retrieve'
        | 'transfer'
        | 'singleStepTransfer'
        | 'conference'
        | 'singleStepConference'
        | 'park'
        | 'flash'
        | 'sendDigits';
    }
  >,
  'commandId' | 'boundMs' | 'connectionId'
>;

/** A connection that a phone will have when its switch has done what it is asked for. */
export function expectPart(run: Run, call: Served, device: DeviceId): Conn {
  const { switchId } = call;
  const leg = addLeg(run, {
    id: connectionId(switchId, nextId<string>(run, 'o')),
    switchId,
    device,
    direction: 'incoming',
    control: 'full',
    seen: 'no',
  });
  // Not known to the switch yet, and nothing that the engine itself carries out.
  leg.nativeRef = '';
  const conn = nativePart(run, call, leg);
  conn.pending = 'originate';
  changed(run, call.id, 'pending');
  return conn;
}

/**
 * Asks a phone's switch for something that brings {@link expectPart}'s connection. `about`: the call whose requests wait for it, where that is another one.
 * @returns `undefined` when the switch cannot be reached
 */
export function bring(
  run: Run,
  conn: Conn,
  what: { readonly body: BringingBody; readonly about?: Call['id'] | undefined },
): CommandId | undefined {
  const leg = legOf(run, conn);
  if (leg === undefined) return undefined;
  const { device, id, switchId } = leg;
  const body = { ...what.body, connectionId: id, device, mark: { callId: conn.callId } };
  const sent = send(run, body, { switchId, legId: id, callId: what.about ?? conn.callId });
  if (sent === undefined) leg.seen = 'unsure';
  // Who asked is told first that it did not come.
  watchLeg(run, leg, run.s.config.timers.confirmMs + run.s.config.timers.commandMs);
  return sent;
}

/** Asks for a service on a connection. @returns `undefined` when the switch cannot be reached */
export function act(run: Run, conn: Conn, body: ActingBody): CommandId | undefined {
  const { legId, callId } = conn;
  const leg = legOf(run, conn);
  return leg === undefined
    ? undefined
    : send(run, { ...body, connectionId: legId }, { switchId: leg.switchId, legId, callId });
}

/** Looks at what waits until a phone has put a call on hold, or has ended another one. */
export function tendNext(run: Run, call: Served): void {
  const { next } = call.native;
  if (next === undefined) return;
  const own = run.s.conns.get(next.connId);
  const step = own === undefined ? 'never' : stepOf(run, own, next);
  if (step === 'wait') return;
  call.native.next = undefined;
  if (step === 'go' && own !== undefined) return go(run, own, next);
  if (next.do === 'makeCall') forget(run, next.legId);
}

function stepOf(run: Run, own: Conn, next: NativeNext): 'go' | 'wait' | 'never' {
  if (next.do === 'retrieve') return run.s.conns.has(next.goneId) ? 'wait' : 'go';
  if (!run.s.legs.has(next.legId)) return 'never';
  if (own.state === 'held') return 'go';
  return own.pending === 'hold' ? 'wait' : 'never';
}

function go(run: Run, own: Conn, next: NativeNext): void {
  if (next.do === 'retrieve') {
    if (own.state !== 'held') return;
    own.pending = 'retrieve';
    if (act(run, own, { type: 'retrieve' }) === undefined) own.pending = undefined;
    return changed(run, own.callId, 'pending');
  }
  const leg = run.s.legs.get(next.legId);
  const [conn] = leg === undefined ? [] : connsOfLeg(run, leg);
  if (conn !== undefined) bring(run, conn, { body: { type: 'makeCall', ...next.dial }, about: own.callId });
}

/** What was to be dialled is not. */
function forget(run: Run, legId: ConnectionId): void {
  const leg = run.s.legs.get(legId);
  if (leg !== undefined) endNative(run, leg, { release: { cause: 'cancelled' } });
}

/** The switch has not shown within its bound what it was asked to bring: it is not waited for. What comes all the same is met like any other. */
export function watchNative(run: Run, leg: Leg): void {
  if (leg.seen === 'yes') return;
  note(run, 'service.unconfirmed');
  endNative(run, leg, { release: { cause: 'failure' } });
}

/** The switch refused a service. */
export function nativeRefused(run: Run, asked: Asked, what: { readonly leg: Leg; readonly code: string }): void {
  const { leg, code } = what;
  if (leg.seen !== 'yes') {
    // Without the link nobody knows, and an answer that did not come may come: the snapshot and the bound decide.
    if (code === 'linkLost') leg.seen = 'unsure';
    else if (code !== 'timeout') endNative(run, leg, { release: { cause: 'failure' } });
    return;
  }
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call?.native === undefined) continue;
    if (asked.type === 'singleStepTransfer') call.native.transferTo = undefined;
    if (asked.type === 'clear' && call.ending?.by === 'supervisor') call.ending = undefined;
    conn.pending = undefined;
    changed(run, call.id, 'pending');
  }
}

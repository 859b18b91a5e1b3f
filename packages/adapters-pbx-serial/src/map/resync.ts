import type { ConnectionSnapshot, SwitchSnapshot } from '@cordboard/cti-core';
import type { MessageOf } from '../wire/kts/index.js';
import type { BoardState } from './board.js';
import { callOfExt, callOfLine, callOfSlot, isHeldBy } from './call-keys.js';
import type { Calls } from './calls.js';
import type { CallKey, Connection, NewConnection } from './connections.js';
import type { DeviceKey, Devices } from './devices.js';
import type { ExpectedConnections } from './expected.js';
import { newExt, newLine } from './new-connection.js';
import { isNews } from './parties.js';
import { extStage, lineStage } from './stages.js';

/** A number of a call is not given again within 60 s after its end; source: docs/protocols/kts-1.md, 5. */
const NUMBER_IS_FREE_AFTER_MS = 60_000;

/** A part in a call as the board shows it. */
interface Part {
  readonly begun: NewConnection;
  readonly stage: Connection['stage'];
  readonly held: 'held' | undefined;
}

/**
 * Brings the connections in line with a whole board, without telling an event: what is on both sides keeps its id, what the board does not show is gone.
 *
 * @param awayMs - how long nothing was known of the PBX
 */
export function resync(calls: Calls, { board, awayMs }: { readonly board: BoardState; readonly awayMs: number }): void {
  const { connections, expected } = calls;
  const parts = partsOf(calls, board);
  const shown = new Map(parts.map(({ begun }) => [`${begun.call} ${begun.device}`, begun]));
  const others = new Set<CallKey>();
  for (const known of connections.all) {
    const begun = shown.get(`${known.call} ${known.device}`);
    if (begun !== undefined && !isSameCall(known, { begun, awayMs })) others.add(known.call);
  }
  for (const known of connections.all) {
    if (others.has(known.call) || !shown.has(`${known.call} ${known.device}`)) connections.remove(known);
  }
  for (const { begun, stage, held } of parts) {
    const known = connections.find(begun.device, begun.call);
    const connection = known ?? connections.add(withChosen(begun, expected));
    if (isNews(connection.other, begun.other)) connection.other = begun.other;
    // What was answered stays so, whatever tone is heard at its end.
    if (connection.stage !== 'connected') connection.stage = stage;
    if (held === undefined) delete connection.held;
    else connection.held = held;
    delete connection.slot;
  }
  expected.clear();
  for (const slot of board.slots.values()) parkOn(calls, { board, slot });
}

function withChosen(begun: NewConnection, expected: ExpectedConnections): NewConnection {
  if (!begun.device.startsWith('x')) return begun;
  const service = expected.take(begun.device.slice(1), begun.call);
  return service === undefined ? begun : { ...begun, chosen: service.connectionId, callId: service.callId };
}

function isSameCall(known: Connection, { begun, awayMs }: { begun: NewConnection; awayMs: number }): boolean {
  if (awayMs < NUMBER_IS_FREE_AFTER_MS) return true;
  const one = known.other.number;
  const other = begun.other.number;
  return known.otherIs === begun.otherIs && (one === '' || other === '' || one === other);
}

function partsOf(calls: Calls, board: BoardState): Part[] {
  const parts: Part[] = [];
  const isThere = (device: DeviceKey, call: CallKey): boolean =>
    parts.some(({ begun }) => begun.device === device && begun.call === call);
  const add = (message: MessageOf<'extState'>, call: CallKey): void => {
    const made = newExt(message, { ...calls.beside(), call, expected: undefined });
    const stage = extStage(message.extState);
    const direction = stage === 'connected' && message.dir === 'in' ? 'outgoing' : made.direction;
    const held = message.extState === 'hold' ? 'held' : undefined;
    parts.push({ begun: { ...made, direction }, stage: stage === 'same' ? 'initiated' : stage, held });
  };
  for (const message of board.exts.values()) {
    const call = callOfExt(message, board);
    if (call !== undefined) add(message, call);
  }
  for (const message of board.lines.values()) {
    const call = callOfLine(message);
    if (call === undefined) continue;
    const stage = lineStage(message.lineState);
    parts.push({
      begun: newLine(message, { ...calls.beside(), call }),
      stage: stage === 'same' ? 'initiated' : stage,
      held: undefined,
    });
  }
  // Who holds a call and talks in another is named by the other side alone.
  for (const { begun } of [...parts]) {
    for (const message of board.exts.values()) {
      const { ext } = message;
      if (begun.device === `x${ext}` || isThere(`x${ext}`, begun.call)) continue;
      if (!isHolder(board, { begun, ext })) continue;
      const { number, presentation } = begun.other;
      const dir = begun.direction === 'incoming' ? 'in' : 'out';
      const held = { type: 'extState', ext, extState: 'hold', dir, ...(number === '' ? {} : { number }) } as const;
      const made = newExt(held, { ...calls.beside(), call: begun.call, expected: undefined });
      const other = number === '' ? { ...made.other, presentation } : made.other;
      parts.push({ begun: { ...made, other }, stage: 'connected', held: 'held' });
    }
  }
  return parts;
}

function isHolder(board: BoardState, { begun, ext }: { readonly begun: NewConnection; readonly ext: string }): boolean {
  const { device, call } = begun;
  const number = device.slice(1);
  if (device.startsWith('l')) {
    const line = board.lines.get(Number(number));
    return line?.lineState === 'held' && line.peer === ext;
  }
  const state = board.exts.get(ext)?.extState;
  return board.exts.get(number)?.peer === ext && state !== 'idle' && state !== 'oos' && isHeldBy(board, { call, ext });
}

function parkOn(
  calls: Calls,
  { board, slot }: { readonly board: BoardState; readonly slot: MessageOf<'parkState'> },
): void {
  const call = slot.parkState === 'taken' ? callOfSlot(slot, board) : undefined;
  if (call === undefined) return;
  for (const each of calls.connections.ofCall(call)) {
    const isParked = slot.line === undefined ? each.device !== `x${slot.peer ?? ''}` : each.device === `l${slot.line}`;
    if (isParked) each.slot = slot.slot;
  }
}

/** What a snapshot shows of the connections. */
export function snapshotOf(calls: Calls, devices: Devices): SwitchSnapshot['connections'] {
  return calls.connections.all.map((each): ConnectionSnapshot => {
    const { connectionId, device, direction, stage, otherIs, own, other, call, callId, held, slot } = each;
    return {
      connectionId,
      device: devices.id(device),
      direction,
      state: stage,
      control: 'full',
      calling: otherIs === 'calling' ? other : own,
      called: otherIs === 'called' ? other : own,
      nativeCallRef: calls.connections.refOf(call),
      ...(callId === undefined ? {} : { callId }),
      ...(slot === undefined ? {} : { parkedAt: slot }),
      ...(held === undefined ? {} : { heldByDevice: held }),
    };
  });
}

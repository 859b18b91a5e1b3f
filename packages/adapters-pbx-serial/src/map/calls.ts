import type { ConnectionId, DriverEvent, RawParty, Release, ReleaseCause, SwitchId } from '@cordboard/cti-core';
import type { BoardState } from '../link/board.js';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';
import { callOfExt, callOfLine, callOfSlot, isHeldBy, isUnknownWord } from './call-keys.js';
import { releaseOf } from './causes.js';
import { type CallKey, type Connection, Connections, type NewConnection } from './connections.js';
import type { DeviceKey, Devices } from './devices.js';
import { type Expected, ExpectedConnections } from './expected.js';
import { Callers, callerOf, isNews, party } from './parties.js';
import { extStage, lineStage } from './stages.js';

/** What a {@link Calls} is made of. */
export interface CallsOptions {
  readonly switchId: SwitchId;
  readonly devices: Devices;
  /** What is known of the PBX; holds each message before it is taken here. */
  readonly board: () => BoardState;
  readonly tell: (event: DriverEvent) => void;
  /** Epoch ms of a stamp of the PBX. */
  readonly epochOf: (at: string) => number | undefined;
}

const KEY = /^[0-9*#A-D]$/u;
const MAX_DIALLED = 64;

/**
 * Makes connections of what a PBX tells of its lines and extensions: which begin, ring, are answered, held, parked, joined to others and gone. A pure
 * state machine; see decisions/015.
 */
export class Calls {
  readonly connections: Connections;
  readonly expected = new ExpectedConnections();
  readonly callers = new Callers();
  readonly #options: CallsOptions;
  /** Keys pressed at phones that have no number of whom they call yet. */
  readonly #dialled = new Map<string, string>();
  /** Why commands end connections: the PBX tells no more than that somebody hung up. */
  readonly #wanted = new Map<ConnectionId, ReleaseCause>();
  #atMs: number | undefined;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.connections = new Connections(options.switchId);
  }

  /** Takes one message, and tells what it means for connections. */
  take(message: KtsMessage): void {
    this.#atMs = 'at' in message && message.at !== undefined ? this.#options.epochOf(message.at) : undefined;
    if (message.type === 'extState') this.#ext(message);
    if (message.type === 'lineState') this.#line(message);
    if (message.type === 'parkState') this.#slot(message);
    if (message.type === 'callerId') this.#caller(message);
    if (message.type === 'digits') this.#digits(message);
    this.#atMs = undefined;
  }

  /** Takes what does not belong to a device: who calls. For the time of a snapshot, when nothing is told of connections. */
  learn(message: KtsMessage): void {
    const call = message.type === 'callerId' ? this.#callOfCaller(message) : undefined;
    if (message.type === 'callerId' && call !== undefined) this.callers.set(call, callerOf(message));
  }

  /** A service has begun that brings a connection with an id that was chosen. */
  begun(expected: Expected): void {
    const { ext, call, connectionId } = expected;
    const there = call === undefined ? undefined : this.connections.find(`x${ext}`, call);
    if (there !== undefined) return this.#replace(there, expected);
    const before = this.expected.add(expected);
    if (before !== undefined && before.connectionId !== connectionId) this.#neverCame(before, { cause: 'failure' });
  }

  /** A command ends this connection; its cause counts where the PBX tells none of its own. */
  ends(id: ConnectionId, cause: ReleaseCause): void {
    if (this.connections.get(id) !== undefined) this.#wanted.set(id, cause);
  }

  #ext(message: MessageOf<'extState'>): void {
    const { ext, extState, end } = message;
    if (isUnknownWord(extState)) return;
    const board = this.#options.board();
    const device: DeviceKey = `x${ext}`;
    const call = callOfExt(message, board);
    if (call === undefined) return this.#apart(message);
    const own = this.connections.ofDevice(device);
    const active = own.find((each) => each.call !== call && each.held === undefined && each.stage !== 'alerting');
    const isJoined =
      active !== undefined &&
      end === undefined &&
      extState !== 'ring' &&
      this.connections.ofCall(call).length > 0 &&
      this.connections.find(device, call) === undefined;
    const here = this.connections.find(device, call);
    const expected = here === undefined ? this.expected.take(ext, call) : undefined;
    let connection = here;
    if (connection === undefined && isJoined && expected === undefined) connection = this.#move(active, call);
    connection ??= this.#begin(this.newExt(message, { call, expected }));
    const wasHeld = connection.held;
    this.#identify(
      connection,
      this.callers.partyOf(call, { dir: message.dir, number: message.number || message.peer }),
    );
    this.#reach(connection, extStage(extState));
    this.#hold(connection, extState === 'hold' ? 'held' : extState === 'ring' ? connection.held : undefined);
    if (extState === 'ring') return;
    for (const other of own) if (other !== connection) this.#aside(other, { message, wasHeld });
  }

  /** It goes on in another call than this one: does it hold it, has it left it, was it joined to the other? */
  #aside(
    other: Connection,
    { message, wasHeld }: { message: MessageOf<'extState'>; wasHeld: 'held' | undefined },
  ): void {
    const { extState, end, ext } = message;
    if (other.held !== undefined) return;
    if (other.stage === 'alerting') return;
    if (end !== undefined) return this.#clear(other, releaseOf(end));
    if (extState === 'conf') return this.#clear(other, { cause: 'transferred' });
    // It holds the one that it names, and has no other.
    if (extState === 'hold' && wasHeld !== undefined) return this.#clear(other, { cause: 'normalClearing' });
    const isAlone = this.connections.ofCall(other.call).every((each) => each.device === `x${ext}`);
    if (isAlone) return this.#clear(other, { cause: 'normalClearing' });
    this.#hold(other, 'held');
  }

  /** An extension takes part in no call any more, but may go on holding one. */
  #apart({ ext, extState, end }: MessageOf<'extState'>): void {
    const board = this.#options.board();
    this.#dialled.delete(ext);
    if (extState === 'idle') {
      const expected = this.expected.take(ext);
      if (expected !== undefined) this.#neverCame(expected, end === undefined ? { cause: 'unknown' } : releaseOf(end));
    }
    for (const connection of this.connections.ofDevice(`x${ext}`)) {
      const { call } = connection;
      const goesOn = connection.held !== undefined && end !== 'transferred' && isHeldBy(board, { call, ext });
      if (!goesOn) this.#clear(connection, this.#endOf(connection, end));
    }
  }

  #endOf(connection: Connection, end: string | undefined): Release {
    const rang = connection.stage === 'alerting';
    const isElsewhere = this.connections
      .ofCall(connection.call)
      .some((each) => each !== connection && each.device.startsWith('x') && each.stage === 'connected');
    if (rang && (end === undefined || end === 'normal'))
      return { cause: isElsewhere || this.#isTaken(connection.call) ? 'answeredElsewhere' : 'cancelled' };
    if (end !== undefined) return releaseOf(end);
    return { cause: this.#isParked(connection.call) ? 'transferred' : 'normalClearing' };
  }

  #isParked(call: CallKey): boolean {
    const board = this.#options.board();
    for (const slot of board.slots.values())
      if (slot.parkState === 'taken' && callOfSlot(slot, board) === call) return true;
    return this.#lineOf(call)?.lineState === 'parked';
  }

  #isTaken(call: CallKey): boolean {
    const state = this.#lineOf(call)?.lineState;
    return state === 'talk' || state === 'conf';
  }

  #lineOf(call: CallKey): MessageOf<'lineState'> | undefined {
    for (const { device } of this.connections.ofCall(call)) {
      if (device.startsWith('l')) return this.#options.board().lines.get(Number(device.slice(1)));
    }
    return undefined;
  }

  #line(message: MessageOf<'lineState'>): void {
    const { line, lineState, end, peer } = message;
    if (isUnknownWord(lineState)) return;
    const device: DeviceKey = `l${line}`;
    const call = callOfLine(message);
    const own = this.connections.ofDevice(device);
    const before = own.find((each) => each.call !== call);
    if (call === undefined) {
      const release = end === undefined ? { cause: 'normalClearing' as const } : releaseOf(end);
      for (const connection of own) this.#clear(connection, release);
      return;
    }
    let connection = this.connections.find(device, call);
    if (connection === undefined && before !== undefined) {
      if (end === undefined && this.connections.ofCall(call).length > 0) connection = this.#move(before, call);
      else this.#clear(before, end === undefined ? { cause: 'unknown' } : releaseOf(end));
    }
    connection ??= this.#begin(this.newLine(message, call));
    this.#identify(connection, this.callers.partyOf(call, message));
    this.#reach(connection, lineStage(lineState));
    if (lineState === 'parked') this.#parkedAlready(connection);
    if (lineState === 'talk' && peer !== undefined) this.#takenBy(peer, call);
  }

  /** Somebody else talks with the party that these hold: they have it no more. */
  #takenBy(peer: string, call: CallKey): void {
    for (const each of this.connections.ofCall(call)) {
      if (each.device === `x${peer}` || !this.#isApart(each)) continue;
      this.#clear(each, { cause: each.stage === 'alerting' ? 'answeredElsewhere' : 'transferred' });
    }
  }

  /** Does its telephone tell of something else meanwhile, so that only others can tell of its end? */
  #isApart({ device, call }: Connection): boolean {
    if (!device.startsWith('x')) return false;
    const board = this.#options.board();
    const state = board.exts.get(device.slice(1));
    return state === undefined || callOfExt(state, board) !== call;
  }

  #slot(message: MessageOf<'parkState'>): void {
    const { slot, parkState, line, peer } = message;
    const call = parkState === 'taken' ? callOfSlot(message, this.#options.board()) : undefined;
    for (const each of this.connections.all) if (each.slot === slot && each.call !== call) this.#park(each, undefined);
    if (call === undefined) return;
    for (const each of this.connections.ofCall(call)) {
      const isParked = line === undefined ? each.device !== `x${peer ?? ''}` : each.device === `l${line}`;
      if (isParked) this.#park(each, slot);
    }
  }

  /** The slot was told before the connection was known to be in this call. */
  #parkedAlready(connection: Connection): void {
    const board = this.#options.board();
    for (const slot of board.slots.values()) {
      if (slot.parkState === 'taken' && callOfSlot(slot, board) === connection.call) this.#park(connection, slot.slot);
    }
  }

  #park(connection: Connection, slot: number | undefined): void {
    if (connection.slot === slot) return;
    if (slot === undefined) delete connection.slot;
    else connection.slot = slot;
    this.#tell({ type: 'parked', connectionId: connection.connectionId, slot: slot ?? null });
  }

  #callOfCaller({ line, call }: MessageOf<'callerId'>): CallKey | undefined {
    if (call !== undefined) return `c${call}`;
    const state = this.#options.board().lines.get(line);
    return state === undefined ? undefined : callOfLine(state);
  }

  #caller(message: MessageOf<'callerId'>): void {
    const call = this.#callOfCaller(message);
    if (call === undefined) return;
    const before = this.callers.get(call);
    const caller = callerOf(message);
    this.callers.set(call, caller);
    for (const connection of this.connections.ofCall(call)) {
      const isHis =
        connection.device === `l${message.line}` ||
        connection.other.number === '' ||
        connection.other.number === caller.number ||
        connection.other.number === before?.number;
      if (connection.otherIs === 'calling' && isHis) this.#identify(connection, caller);
    }
  }

  #digits({ ext, digits, call }: MessageOf<'digits'>): void {
    const own = this.connections.ofDevice(`x${ext}`);
    const connection =
      own.find((each) => call !== undefined && each.call === `c${call}`) ?? own.find((each) => each.held === undefined);
    if (connection?.stage === 'connected') {
      for (const digit of digits)
        if (KEY.test(digit)) this.#tell({ type: 'digit', connectionId: connection.connectionId, digit });
      return;
    }
    const gathered = ((this.#dialled.get(ext) ?? '') + digits).slice(0, MAX_DIALLED);
    this.#dialled.set(ext, gathered);
    // What the PBX takes the digits for counts more than the digits: an access code is not part of a number.
    const state = this.#options.board().exts.get(ext);
    const isTold = (state?.number ?? '') !== '' || (state?.peer ?? '') !== '';
    if (connection !== undefined && connection.otherIs === 'called' && !isTold)
      this.#identify(connection, party(gathered));
  }

  /** What a connection of an extension begins as. */
  newExt(
    message: MessageOf<'extState'>,
    { call, expected }: { readonly call: CallKey; readonly expected: Expected | undefined },
  ): NewConnection {
    const { ext, extState, dir } = message;
    const isRung = extState === 'ring' && expected === undefined;
    const otherIs = isRung || dir === 'in' ? 'calling' : 'called';
    const other = this.callers.partyOf(call, { dir, number: message.number || message.peer || this.#dialled.get(ext) });
    return {
      device: `x${ext}`,
      call,
      direction: isRung ? 'outgoing' : 'incoming',
      otherIs,
      own: party(ext),
      other,
      stage: 'initiated',
      ...(expected === undefined ? {} : { chosen: expected.connectionId, callId: expected.callId }),
    };
  }

  /** What a connection of a line begins as. */
  newLine(message: MessageOf<'lineState'>, call: CallKey): NewConnection {
    const { line, lineState, dir, peer } = message;
    const isIn = dir === undefined ? lineState === 'ring' : dir === 'in';
    const number = this.#options.devices.numberOf(line);
    return {
      device: `l${line}`,
      call,
      direction: isIn ? 'incoming' : 'outgoing',
      otherIs: isIn ? 'calling' : 'called',
      own: isIn ? { number, presentation: 'allowed' } : party(peer),
      other: this.callers.partyOf(call, { dir: isIn ? 'in' : dir, number: message.number }),
      stage: 'initiated',
    };
  }

  #begin(begun: NewConnection): Connection {
    const connection = this.connections.add(begun);
    this.#created(connection);
    return connection;
  }

  #created(connection: Connection): void {
    const { connectionId, device, direction, otherIs, own, other, call, callId } = connection;
    this.#tell({
      type: 'created',
      connectionId,
      device: this.#options.devices.id(device),
      direction,
      control: 'full',
      calling: otherIs === 'calling' ? other : own,
      called: otherIs === 'called' ? other : own,
      nativeCallRef: this.connections.refOf(call),
      ...(callId === undefined ? {} : { callId }),
    });
  }

  #reach(connection: Connection, stage: Connection['stage'] | 'same'): void {
    if (stage === 'same' || stage === 'initiated' || connection.stage === 'connected') return;
    if (stage === 'alerting' && (connection.direction === 'incoming' || connection.stage === 'alerting')) return;
    connection.stage = stage;
    this.#tell({ type: stage, connectionId: connection.connectionId });
  }

  #hold(connection: Connection, held: 'held' | undefined): void {
    if (connection.held === held) return;
    if (held === undefined) delete connection.held;
    else {
      this.#reach(connection, 'connected');
      connection.held = held;
    }
    const { connectionId } = connection;
    this.#tell({ type: held === undefined ? 'retrievedByDevice' : 'heldByDevice', connectionId });
  }

  #identify(connection: Connection, told: RawParty): void {
    if (!isNews(connection.other, told)) return;
    connection.other = told;
    const { connectionId, otherIs } = connection;
    this.#tell({ type: 'identified', connectionId, ...(otherIs === 'calling' ? { calling: told } : { called: told }) });
  }

  #move(connection: Connection, call: CallKey): Connection {
    const before = connection.call;
    this.connections.move(connection, call);
    const { connectionId } = connection;
    this.#tell({ type: 'movedCall', connectionId, nativeCallRef: this.connections.refOf(call) });
    this.#settle(before, { cause: 'transferred' });
    return connection;
  }

  #clear(connection: Connection, release: Release): void {
    if (this.connections.get(connection.connectionId) !== connection) return;
    const { connectionId, call } = connection;
    this.connections.remove(connection);
    const wanted = this.#wanted.get(connectionId);
    this.#wanted.delete(connectionId);
    const isPlain = release.cause === 'normalClearing' || release.cause === 'unknown';
    const told = wanted !== undefined && isPlain ? { ...release, cause: wanted } : release;
    this.#tell({ type: 'cleared', connectionId, release: told });
    this.#settle(call, release);
  }

  /** Who holds a call, or is called in it, while nobody else is in it any more: that is over, and no message of its telephone will say so. */
  #settle(call: CallKey, release: Release): void {
    const left = this.connections.ofCall(call);
    if (left.length === 0) this.callers.delete(call);
    if (left.every((each) => this.#isApart(each))) for (const each of left) this.#clear(each, release);
  }

  #replace(there: Connection, { connectionId, callId }: Expected): void {
    if (there.connectionId === connectionId) return;
    const { connectionId: old, stage, held } = there;
    const by = this.connections.rename(there, connectionId);
    by.callId = callId;
    this.#created(by);
    if (stage === 'connected') this.#tell({ type: 'connected', connectionId });
    if (held !== undefined) this.#tell({ type: 'heldByDevice', connectionId });
    this.#tell({ type: 'replaced', connectionId: old, by: connectionId });
    this.#tell({ type: 'cleared', connectionId: old, release: { cause: 'replaced' } });
  }

  /** The PBX began a service, and nothing came of it. */
  #neverCame({ ext, connectionId, callId, call = `x${ext}` }: Expected, release: Release): void {
    const connection = this.#begin({
      device: `x${ext}`,
      call,
      direction: 'incoming',
      otherIs: 'called',
      own: party(ext),
      other: party(undefined),
      stage: 'initiated',
      chosen: connectionId,
      callId,
    });
    this.#clear(connection, release);
  }

  #tell(event: Extract<DriverEvent, { connectionId: ConnectionId }>): void {
    this.#options.tell(this.#atMs === undefined ? event : { ...event, nativeAtMs: this.#atMs });
  }
}

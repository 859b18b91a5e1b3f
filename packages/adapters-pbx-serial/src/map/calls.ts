import type { Release } from '@cordboard/cti-core';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';
import { ConnectionActs, type ConnectionActsOptions } from './acts.js';
import { callOfExt, callOfLine, callOfSlot, isHeldBy, isUnknownWord } from './call-keys.js';
import { releaseOf } from './causes.js';
import type { CallKey, Connection, Connections } from './connections.js';
import type { DeviceKey } from './devices.js';
import { type Expected, ExpectedConnections } from './expected.js';
import { type Beginnings, newExt, newLine } from './new-connection.js';
import { type Callers, callerOf, otherNumber, party } from './parties.js';
import { extStage, lineStage } from './stages.js';

/** What a {@link Calls} is made of. */
export interface CallsOptions extends ConnectionActsOptions {
  /** Epoch ms of a stamp of the PBX. */
  readonly epochOf: (at: string) => number | undefined;
}

const KEY = /^[0-9*#A-D]$/u;
const MAX_DIALLED = 64;
const MAX_DIALLING = 4_096;

/**
 * Makes connections of what a PBX tells of its lines and extensions: which begin, ring, are answered, held, parked, joined to others and gone. A pure
 * state machine; see decisions/015.
 */
export class Calls {
  readonly acts: ConnectionActs;
  readonly expected = new ExpectedConnections();
  readonly #options: CallsOptions;
  /** Keys pressed at phones that have no number of whom they call yet. */
  readonly #dialled = new Map<string, string>();
  /** Connections that have ended without a reason, which the next messages tell. */
  readonly #doubts = new Set<Connection>();

  constructor(options: CallsOptions) {
    this.#options = options;
    this.acts = new ConnectionActs(options);
  }

  /** The connections that live. */
  get connections(): Connections {
    return this.acts.connections;
  }

  /** Who calls, as caller ID has told it. */
  get callers(): Callers {
    return this.acts.callers;
  }

  /** What connections begin with beside the message that shows them. */
  beside(ext = ''): Beginnings {
    const { devices } = this.#options;
    return { callers: this.acts.callers, devices, dialled: this.#dialled.get(ext) };
  }

  /** Takes one message, and tells what it means for connections. */
  take(message: KtsMessage): void {
    this.#take(message);
    for (const each of this.#doubts)
      if (this.acts.connections.get(each.connectionId) !== each) this.#doubts.delete(each);
  }

  #take(message: KtsMessage): void {
    this.acts.atMs = 'at' in message && message.at !== undefined ? this.#options.epochOf(message.at) : undefined;
    if (message.type === 'extState') this.#ext(message);
    if (message.type === 'lineState') this.#line(message);
    if (message.type === 'parkState') this.#slot(message);
    if (message.type === 'callerId') this.#caller(message);
    if (message.type === 'digits') this.#digits(message);
    this.acts.atMs = undefined;
  }

  /** Takes what does not belong to a device: who calls. For the time of a snapshot, when nothing is told of connections. */
  learn(message: KtsMessage): void {
    const call = message.type === 'callerId' ? this.#callOfCaller(message) : undefined;
    if (message.type === 'callerId' && call !== undefined) this.acts.callers.set(call, callerOf(message));
  }

  /** A service has begun that brings a connection with an id that was chosen. */
  begun(expected: Expected): void {
    const { ext, call, connectionId } = expected;
    const there = call === undefined ? undefined : this.acts.connections.find(`x${ext}`, call);
    if (there !== undefined) return this.acts.replace(there, expected);
    const before = this.expected.add(expected);
    if (before !== undefined && before.connectionId !== connectionId) this.acts.neverCame(before, { cause: 'failure' });
  }

  #ext(message: MessageOf<'extState'>): void {
    const { ext, extState, end } = message;
    if (isUnknownWord(extState)) return;
    const board = this.#options.board();
    const device: DeviceKey = `x${ext}`;
    const call = callOfExt(message, board);
    if (call === undefined) return this.#apart(message);
    const own = this.acts.connections.ofDevice(device).filter((each) => !this.#doubts.has(each));
    const active = own.find((each) => each.call !== call && each.held === undefined && each.stage !== 'alerting');
    const isJoined =
      active !== undefined &&
      end === undefined &&
      extState !== 'ring' &&
      this.acts.connections.ofCall(call).length > 0 &&
      this.acts.connections.find(device, call) === undefined;
    const before = this.acts.connections.find(device, call);
    if (before !== undefined && this.#doubts.has(before)) this.#decide(before);
    const here = this.acts.connections.find(device, call);
    // A caller who rings there meanwhile is not what the service brings.
    const isCaller = extState === 'ring' && message.dir === 'in';
    const expected = here === undefined && !isCaller ? this.expected.take(ext, call) : undefined;
    let connection = here;
    if (connection === undefined && isJoined && expected === undefined) connection = this.acts.move(active, call);
    connection ??= this.acts.begin(newExt(message, { ...this.beside(ext), call, expected }));
    const wasHeld = connection.held;
    this.acts.identify(connection, this.acts.callers.partyOf(call, { dir: message.dir, number: otherNumber(message) }));
    this.acts.reach(connection, extStage(extState));
    if (connection.stage === 'connected') this.#talkedTo(message, call);
    this.acts.hold(connection, extState === 'hold' ? 'held' : extState === 'ring' ? connection.held : undefined);
    if (extState === 'ring') return;
    for (const other of own) if (other !== connection) this.#aside(other, { message, wasHeld });
    this.#lookAtHolders(call);
  }

  /** A phone that lies idle held this call as long as the other side said so. */
  #lookAtHolders(call: CallKey): void {
    const board = this.#options.board();
    for (const each of this.acts.connections.ofCall(call)) {
      const ext = each.device.slice(1);
      const state = each.device.startsWith('x') && each.held !== undefined ? board.exts.get(ext) : undefined;
      if (state?.extState !== 'idle' || isHeldBy(board, { call, ext })) continue;
      this.acts.clear(each, releaseOf(state.end ?? 'normal'));
    }
  }

  /** It goes on in another call than this one: does it hold it, has it left it, was it joined to the other? */
  #aside(
    other: Connection,
    { message, wasHeld }: { message: MessageOf<'extState'>; wasHeld: 'held' | undefined },
  ): void {
    const { extState, end, ext } = message;
    if (other.held !== undefined) return;
    if (other.stage === 'alerting') return;
    if (end !== undefined) return this.acts.clear(other, releaseOf(end));
    if (extState === 'conf') return this.acts.clear(other, { cause: 'transferred' });
    // It holds the one that it names, and has no other.
    if (extState === 'hold' && wasHeld !== undefined) return this.acts.clear(other, { cause: 'normalClearing' });
    const isAlone = this.acts.connections.ofCall(other.call).every((each) => each.device === `x${ext}`);
    if (isAlone) return this.acts.clear(other, { cause: 'normalClearing' });
    this.acts.hold(other, 'held');
  }

  /** An extension takes part in no call any more, but may go on holding one. */
  #apart({ ext, extState, end }: MessageOf<'extState'>): void {
    const board = this.#options.board();
    this.#dialled.delete(ext);
    // What ends here was something else where there was something.
    if (extState === 'idle' && this.acts.connections.ofDevice(`x${ext}`).every((each) => each.held !== undefined)) {
      const expected = this.expected.take(ext);
      if (expected !== undefined)
        this.acts.neverCame(expected, end === undefined ? { cause: 'unknown' } : releaseOf(end));
    }
    for (const connection of this.acts.connections.ofDevice(`x${ext}`)) {
      const { call } = connection;
      const goesOn = connection.held !== undefined && end !== 'transferred' && isHeldBy(board, { call, ext });
      if (goesOn) continue;
      if (this.#isDoubtful(connection, end)) this.#doubts.add(connection);
      else this.acts.clear(connection, this.#endOf(connection, end));
    }
  }

  /**
   * It is gone, but why it is the messages behind this one will tell: a phone stops ringing since the caller gave up or since somebody took the call; one that
   * goes idle without a reason has hung up or has parked.
   */
  #isDoubtful(connection: Connection, end: string | undefined): boolean {
    const isVague = end === undefined || (end === 'normal' && connection.stage === 'alerting');
    if (!isVague || this.acts.isEnding(connection)) return false;
    const isOver = this.acts.connections.ofCall(connection.call).every((each) => this.acts.isApart(each));
    if (isOver) return false;
    const { cause } = this.#endOf(connection, end);
    return cause === 'cancelled' || cause === 'normalClearing';
  }

  /** Are there ends whose reason has not come yet? */
  get isInDoubt(): boolean {
    return this.#doubts.size > 0;
  }

  /** Nothing more will be said of them: they ended as it seems. */
  endDoubts(): void {
    for (const connection of [...this.#doubts]) this.#decide(connection);
  }

  /** Nothing is known any more. */
  forgetDoubts(): void {
    this.#doubts.clear();
  }

  #decide(connection: Connection): void {
    this.#doubts.delete(connection);
    this.acts.clear(connection, this.#endOf(connection, undefined));
  }

  #endOf(connection: Connection, end: string | undefined): Release {
    const rang = connection.stage === 'alerting';
    const isElsewhere = this.acts.connections
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
    for (const { device } of this.acts.connections.ofCall(call)) {
      if (device.startsWith('l')) return this.#options.board().lines.get(Number(device.slice(1)));
    }
    return undefined;
  }

  #line(message: MessageOf<'lineState'>): void {
    const { line, lineState, end, peer } = message;
    if (isUnknownWord(lineState)) return;
    const device: DeviceKey = `l${line}`;
    const call = callOfLine(message);
    const own = this.acts.connections.ofDevice(device);
    const before = own.find((each) => each.call !== call);
    if (call === undefined) {
      const release = end === undefined ? { cause: 'normalClearing' as const } : releaseOf(end);
      for (const connection of own) this.acts.clear(connection, release);
      return;
    }
    let connection = this.acts.connections.find(device, call);
    if (connection === undefined && before !== undefined) {
      if (end === undefined && this.acts.connections.ofCall(call).length > 0) connection = this.acts.move(before, call);
      else this.acts.clear(before, end === undefined ? { cause: 'unknown' } : releaseOf(end));
    }
    connection ??= this.acts.begin(newLine(message, { ...this.beside(), call }));
    this.acts.identify(connection, this.acts.callers.partyOf(call, message));
    this.acts.reach(connection, lineStage(lineState));
    if (lineState === 'parked') this.#parkedAlready(connection);
    if (lineState === 'parked' || lineState === 'conf') {
      for (const each of this.acts.connections.ofCall(call)) if (this.#doubts.has(each)) this.#decide(each);
    }
    if (lineState === 'talk' && peer !== undefined) this.#takenBy(peer, call);
    this.#lookAtHolders(call);
  }

  /** An extension talks in this call: who rang for it rings no more, and who held it for another one has it no more. */
  #talkedTo({ ext, peer, line }: MessageOf<'extState'>, call: CallKey): void {
    for (const each of this.acts.connections.ofCall(call)) {
      if (each.device === `x${ext}` || !this.acts.isApart(each)) continue;
      const isWithOther = line === undefined && peer !== undefined && each.device !== `x${peer}`;
      if (each.held !== undefined && !isWithOther) continue;
      this.acts.clear(each, { cause: each.stage === 'alerting' ? 'answeredElsewhere' : 'transferred' });
    }
  }

  /** Somebody else talks with the party that these hold: they have it no more. */
  #takenBy(peer: string, call: CallKey): void {
    for (const each of this.acts.connections.ofCall(call)) {
      if (each.device === `x${peer}` || !this.acts.isApart(each)) continue;
      this.acts.clear(each, { cause: each.stage === 'alerting' ? 'answeredElsewhere' : 'transferred' });
    }
  }

  #slot(message: MessageOf<'parkState'>): void {
    const { slot, parkState, line, peer } = message;
    const call = parkState === 'taken' ? callOfSlot(message, this.#options.board()) : undefined;
    for (const each of this.acts.connections.all)
      if (each.slot === slot && each.call !== call) this.acts.park(each, undefined);
    if (call === undefined) return;
    for (const each of this.acts.connections.ofCall(call)) {
      const isParked = line === undefined ? each.device !== `x${peer ?? ''}` : each.device === `l${line}`;
      if (isParked) this.acts.park(each, slot);
      else if (this.#doubts.has(each)) this.#decide(each);
    }
  }

  /** The slot was told before the connection was known to be in this call. */
  #parkedAlready(connection: Connection): void {
    const board = this.#options.board();
    for (const slot of board.slots.values()) {
      if (slot.parkState === 'taken' && callOfSlot(slot, board) === connection.call)
        this.acts.park(connection, slot.slot);
    }
  }

  #callOfCaller({ line, call }: MessageOf<'callerId'>): CallKey | undefined {
    if (call !== undefined) return `c${call}`;
    const state = this.#options.board().lines.get(line);
    return state === undefined ? undefined : callOfLine(state);
  }

  #caller(message: MessageOf<'callerId'>): void {
    const call = this.#callOfCaller(message);
    if (call === undefined) return;
    const before = this.acts.callers.get(call);
    const caller = callerOf(message);
    this.acts.callers.set(call, caller);
    for (const connection of this.acts.connections.ofCall(call)) {
      const isHis =
        connection.device === `l${message.line}` ||
        connection.other.number === '' ||
        connection.other.number === caller.number ||
        connection.other.number === before?.number;
      if (connection.otherIs === 'calling' && isHis) this.acts.identify(connection, caller);
    }
  }

  #digits({ ext, digits, call }: MessageOf<'digits'>): void {
    const own = this.acts.connections.ofDevice(`x${ext}`);
    const connection =
      own.find((each) => call !== undefined && each.call === `c${call}`) ?? own.find((each) => each.held === undefined);
    if (connection?.stage === 'connected') {
      for (const digit of digits) if (KEY.test(digit)) this.acts.digit(connection, digit);
      return;
    }
    const gathered = ((this.#dialled.get(ext) ?? '') + digits).slice(0, MAX_DIALLED);
    if (this.#dialled.size < MAX_DIALLING || this.#dialled.has(ext)) this.#dialled.set(ext, gathered);
    // What the PBX takes the digits for counts more than the digits: an access code is not part of a number.
    const state = this.#options.board().exts.get(ext);
    const isTold = (state?.number ?? '') !== '' || (state?.peer ?? '') !== '';
    if (connection !== undefined && connection.otherIs === 'called' && !isTold)
      this.acts.identify(connection, party(gathered));
  }
}

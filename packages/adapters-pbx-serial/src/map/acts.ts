import type { ConnectionId, DriverEvent, RawParty, Release, ReleaseCause, SwitchId } from '@cordboard/cti-core';
import type { BoardState } from './board.js';
import { callOfExt } from './call-keys.js';
import { type CallKey, type Connection, Connections, type NewConnection } from './connections.js';
import type { Devices } from './devices.js';
import type { Expected } from './expected.js';
import { Callers, isNews, party } from './parties.js';
import type { Stage } from './stages.js';

/** What {@link ConnectionActs} are made of. */
export interface ConnectionActsOptions {
  readonly switchId: SwitchId;
  readonly devices: Devices;
  /** What is known of the PBX; holds each message before it is acted upon. */
  readonly board: () => BoardState;
  readonly tell: (event: DriverEvent) => void;
}

/** What may happen to a connection: each act changes it and tells the event of it, once. */
export class ConnectionActs {
  readonly connections: Connections;
  readonly callers = new Callers();
  readonly #options: ConnectionActsOptions;
  /** Why commands end connections: the PBX tells no more than that somebody hung up. */
  readonly #wanted = new Map<ConnectionId, ReleaseCause>();
  /** The PBX's stamp of what happens now, epoch ms. */
  atMs: number | undefined;

  constructor(options: ConnectionActsOptions) {
    this.#options = options;
    this.connections = new Connections(options.switchId);
  }

  /** A command ends this connection; its cause counts where the PBX tells none of its own. */
  ends(id: ConnectionId, cause: ReleaseCause): void {
    if (this.connections.get(id) !== undefined) this.#wanted.set(id, cause);
  }

  /** Does a command end it? */
  isEnding({ connectionId }: Connection): boolean {
    return this.#wanted.has(connectionId);
  }

  /** It begins. */
  begin(begun: NewConnection): Connection {
    const connection = this.connections.add(begun);
    this.#created(connection);
    return connection;
  }

  /** It has come so far; never back. */
  reach(connection: Connection, stage: Stage): void {
    if (stage === 'same' || stage === 'initiated' || connection.stage === 'connected') return;
    if (stage === 'alerting' && (connection.direction === 'incoming' || connection.stage === 'alerting')) return;
    connection.stage = stage;
    this.#tell({ type: stage, connectionId: connection.connectionId });
  }

  /** Its device holds it, or has taken it back. */
  hold(connection: Connection, held: 'held' | undefined): void {
    if (connection.held === held) return;
    if (held === undefined) delete connection.held;
    else {
      this.reach(connection, 'connected');
      connection.held = held;
    }
    const { connectionId } = connection;
    this.#tell({ type: held === undefined ? 'retrievedByDevice' : 'heldByDevice', connectionId });
  }

  /** Somebody says who the other party is. */
  identify(connection: Connection, told: RawParty): void {
    if (!isNews(connection.other, told)) return;
    connection.other = told;
    const { connectionId, otherIs } = connection;
    this.#tell({ type: 'identified', connectionId, ...(otherIs === 'calling' ? { calling: told } : { called: told }) });
  }

  /** A key was pressed at it. */
  digit({ connectionId }: Connection, digit: string): void {
    this.#tell({ type: 'digit', connectionId, digit });
  }

  /** It waits on a slot; `undefined`: no longer. */
  park(connection: Connection, slot: number | undefined): void {
    if (connection.slot === slot) return;
    if (slot === undefined) delete connection.slot;
    else connection.slot = slot;
    this.#tell({ type: 'parked', connectionId: connection.connectionId, slot: slot ?? null });
  }

  /** The PBX counts it to another call. */
  move(connection: Connection, call: CallKey): Connection {
    const before = connection.call;
    this.connections.move(connection, call);
    const { connectionId } = connection;
    this.#tell({ type: 'movedCall', connectionId, nativeCallRef: this.connections.refOf(call) });
    this.#settle(before, { cause: 'transferred' });
    return connection;
  }

  /** It is gone. */
  clear(connection: Connection, release: Release): void {
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

  /** Another id was chosen for what is there already: it takes the place of the first. */
  replace(there: Connection, { connectionId, callId }: Expected): void {
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
  neverCame({ ext, connectionId, callId, call = `x${ext}` }: Expected, release: Release): void {
    const connection = this.begin({
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
    this.clear(connection, release);
  }

  /** Does its telephone tell of something else meanwhile, so that only others can tell of its end? */
  isApart({ device, call }: Connection): boolean {
    if (!device.startsWith('x')) return false;
    const board = this.#options.board();
    const state = board.exts.get(device.slice(1));
    return state === undefined || callOfExt(state, board) !== call;
  }

  /** Who holds a call, or is called in it, while nobody else is in it any more: that is over, and no message of its telephone will say so. */
  #settle(call: CallKey, release: Release): void {
    const left = this.connections.ofCall(call);
    if (left.length === 0) this.callers.delete(call);
    if (left.every((each) => this.isApart(each))) for (const each of left) this.clear(each, release);
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

  #tell(event: Extract<DriverEvent, { connectionId: ConnectionId }>): void {
    this.#options.tell(this.atMs === undefined ? event : { ...event, nativeAtMs: this.atMs });
  }
}

import {
  asId,
  type CtiDriver,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverFacets,
  type DriverFactory,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  type FacetOptions,
  type HotelFacet,
  type LinkDownReason,
  type LinkId,
  type RoomCommand,
  type RoomEvent,
  type SwitchId,
} from '@cordboard/cti-core';
import {
  checkedOptions,
  DEFAULT_LINK_POLICY,
  LinkLoop,
  type LinkSession,
  linkLog,
  refused,
  Unreadable,
} from '@cordboard/driver-kit';
import { type RecordForward, startRecordForward } from '../hotel/forward/index.js';
import { localClock } from '../hotel/local-time.js';
import { NecHotel, ShenouLink, type Transport } from '../profile/index.js';
import { createSmdrParser, openSmdrArchive, type SmdrRecord } from '../smdr/index.js';
import { IntakeWriter } from '../smdr/intake-writer.js';
import { necRecordOf } from '../wire/index.js';
import { type PbxRoomsInput, type PbxRoomsOptions, pbxRoomsOptions, wayTo } from './options.js';

const LINK = asId<LinkId>('rooms');
const NONE: ReadonlySet<DriverCapability> = new Set();

/**
 * A driver of a PBX that lets a computer set its rooms and tells its call records, and nothing of its calls: `shenou-uso` and `nec-pms`. It has the facets `hotel` and,
 * with an archive, `records`; every command on calls is refused as `notSupported`.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { rooms: { driver: pbxRooms({ profile: 'nec-pms', transport: { port: '/dev/ttyUSB1' }, timeZone: 'Asia/Shanghai' }) } }
 * ```
 */
export function pbxRooms(input: PbxRoomsInput): DriverFactory & { readonly options: PbxRoomsOptions } {
  const options = checkedOptions(pbxRoomsOptions, input, { whole: 'pbx' });
  const factory: DriverFactory = (switchId, host) => new PbxRoomsDriver({ switchId, host, options });
  return Object.assign(factory, { options });
}

/** One life of the line. */
class RoomsSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly hotel: HotelFacet & { close(): void };
  #resolve: (reason: LinkDownReason) => void = () => undefined;

  constructor(make: (ends: { readonly closed: () => void }) => HotelFacet & { close(): void }) {
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.hotel = make({ closed: () => this.#resolve('closed') });
  }

  close(reason: LinkDownReason): void {
    this.#resolve(reason);
    this.hotel.close();
  }
}

/** See {@link pbxRooms}. */
class PbxRoomsDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'callControl';
  readonly capabilities = NONE;
  readonly facets: DriverFacets;
  readonly #host: DriverHost;
  readonly #options: PbxRoomsOptions;
  readonly #baudRate: number;
  readonly #loop: LinkLoop<RoomsSession>;
  readonly #writer: IntakeWriter;
  readonly #unreadable: Unreadable;
  readonly #now: () => string;
  readonly #listeners = new Set<(event: RoomEvent) => void>();
  readonly #parser = createSmdrParser('shenou');
  #forward: RecordForward | undefined;
  #sink: DriverSink | undefined;
  #stopped: Promise<void> | undefined;

  constructor(made: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: PbxRoomsOptions }) {
    const { switchId, host, options } = made;
    this.switchId = switchId;
    this.#host = host;
    this.#options = options;
    this.#now = localClock(host.clock, options.timeZone);
    const archive = options.records === undefined ? undefined : openSmdrArchive(options.records);
    this.#writer = new IntakeWriter({
      clock: host.clock,
      archive,
      kept: (records) => {
        for (const record of records) this.#forward?.send(record);
      },
      failed: () => host.log.error('call records could not be archived; they are tried again', { switchId }),
      // The PBX cannot be held: what it says while the disk is full is kept in memory.
      pressure: (state) => host.log.warn('call records wait for the disk', { switchId, state }),
    });
    this.#unreadable = new Unreadable({ linkId: LINK, clock: host.clock, emit: (event) => this.#sink?.(event) });
    const { open, baudRate } = wayTo(options);
    this.#baudRate = baudRate;
    this.#loop = new LinkLoop<RoomsSession>({
      clock: host.clock,
      random: host.random,
      policy: { ...DEFAULT_LINK_POLICY, probeEveryMs: 86_400_000 },
      dial: async (signal) => this.#session(await open(signal)),
      // Neither language has a log-in; NEC's signs of life are the link's own.
      logIn: async () => undefined,
      probe: async () => undefined,
      up: () => this.#up(),
      down: (reason) => this.#sink?.({ type: 'linkDown', linkId: LINK, reason, capabilities: [] }),
      state: linkLog({ log: host.log, switchId, linkId: LINK }),
    });
    this.facets = {
      hotel: {
        carryOut: (command, how) => this.#carryOut(command, how),
        listen: (listener) => this.#listen(listener),
      },
      ...(archive === undefined ? {} : { records: { query: (query) => archive.query(query) } }),
    };
  }

  async start(sink: DriverSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stopped !== undefined) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#sink !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    this.#sink = sink;
    const { forward } = this.#options;
    if (forward !== undefined && !signal.aborted) {
      this.#forward = startRecordForward(forward, { host: this.#host, switchId: this.switchId });
    }
    signal.addEventListener('abort', () => void this.stop(), { once: true });
    this.#loop.start();
    if (signal.aborted) await this.stop();
  }

  async execute(_command: DriverCommand): Promise<DriverReply> {
    return refused(this.#stopped === undefined ? 'notSupported' : 'stopped');
  }

  /** It records nothing. */
  openRecording(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await this.#loop.stop();
    this.#unreadable.stop();
    const lost = await this.#writer.end();
    if (lost > 0)
      this.#host.log.error('call records could not be archived', { switchId: this.switchId, records: lost });
    await this.#forward?.stop();
  }

  #session(transport: Transport): RoomsSession {
    const { profile, model, guestClass, vacantClass } = this.#options;
    const base = {
      switchId: this.switchId,
      transport,
      clock: this.#host.clock,
      onDamaged: (sample: Uint8Array) => this.#unreadable.add(sample),
    };
    return new RoomsSession(({ closed }) => {
      if (profile === 'shenou-uso') {
        return new ShenouLink({
          ...base,
          onClosed: closed,
          onRecord: (line) => this.#keep(this.#parser.push(`${line}\n`).records),
          ...(guestClass === undefined ? {} : { guestClass }),
          ...(vacantClass === undefined ? {} : { vacantClass }),
        });
      }
      const hotel = new NecHotel({
        ...base,
        model,
        baudRate: this.#baudRate,
        onClosed: closed,
        onRecord: (data) => this.#necRecord(data),
      });
      hotel.listen((event) => {
        for (const listener of [...this.#listeners]) listener(event);
      });
      return hotel;
    });
  }

  #up(): void {
    this.#sink?.({ type: 'linkUp', linkId: LINK });
    this.#sink?.({ type: 'snapshot', snapshot: { connections: [], devices: [], recordings: [], monitors: [] } });
    this.#sink?.({ type: 'linkSynced', linkId: LINK, capabilities: [], profile: 'callControl' });
  }

  async #carryOut(command: RoomCommand, how: FacetOptions): Promise<void> {
    const { session } = this.#loop;
    if (session === undefined) throw new CtiError('driver.linkLost', 'the line to the PBX is down');
    await session.hotel.carryOut(command, how);
  }

  #listen(listener: (event: RoomEvent) => void): () => void {
    const own = (event: RoomEvent): void => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  #necRecord(data: string): void {
    const record = necRecordOf(data, this.#now());
    if (record === undefined) this.#unreadable.add(Buffer.from(data, 'latin1'));
    else this.#keep([record]);
  }

  #keep(records: readonly SmdrRecord[]): void {
    this.#writer.push(records);
  }
}

import {
  asId,
  type ConnectionId,
  type CtiDriver,
  CtiError,
  connectionId,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverFactory,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  type LinkDownReason,
  type LinkId,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { CommandDesk, checkedOptions, refused } from '@cordboard/driver-kit';
import { BoxLine } from './box-line.js';
import { Bridges } from './bridges.js';
import { Commands } from './commands.js';
import { checkDevice } from './device/check.js';
import type { DeviceKinds } from './device/kinds.js';
import type { LineDeviceFactory } from './device/port.js';
import { unionOf } from './map/capabilities.js';
import { refusalOf } from './map/from-core.js';
import { type LineOptions, type UsbBoxOptions, type UsbBoxOptionsInput, usbBoxOptions } from './options.js';
import type { Party, PartyWorld } from './party.js';
import { Recorder } from './record/recorder.js';
import { MusicShelf } from './sound/music.js';
import { SoundLibrary } from './sound/prompts.js';
import { diskStorage, type Storage } from './storage.js';

/** What a driver of analog lines is made of beside its options. */
export interface UsbBoxParts {
  /** Makers of devices by the `kind` that lines name. Default: none, so that each line brings a factory. */
  readonly kinds?: DeviceKinds;
  /** The disk; default this machine's. */
  readonly storage?: Storage;
}

/**
 * A driver for 1 to 128 analog lines, each with a box of its own (profile `line`).
 *
 * @returns a factory for the `switches` of a configuration
 * @throws {CtiError} `config.invalid` with the path of the first wrong field, also for a `kind` that nobody makes
 * @example
 * ```ts
 * switches: { box: createUsbBoxDriver({ lines: [{ name: 'one', device: { kind: 'v253', path: '/dev/ttyACM0' } }] }, { kinds }) }
 * ```
 */
export function createUsbBoxDriver(
  input: UsbBoxOptionsInput,
  parts: UsbBoxParts = {},
): DriverFactory & { readonly options: UsbBoxOptions } {
  const options = checkedOptions(usbBoxOptions, input, { whole: 'usbbox' });
  options.lines.forEach((one, index) => {
    checkDevice(one, { place: ['lines', index, 'device'], kinds: parts.kinds ?? {} });
  });
  const factory: DriverFactory = (switchId, host) => new UsbBoxDriver({ switchId, host, options, parts });
  return Object.assign(factory, { options });
}

/** The link that is up as long as any line has been: it says what became of calls on a box that was pulled out. */
const BOX_LINK = asId<LinkId>('box');

/** See {@link createUsbBoxDriver}. */
export class UsbBoxDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'line';
  readonly #host: DriverHost;
  readonly #stop = new AbortController();
  readonly #desk: CommandDesk;
  readonly #lines: readonly BoxLine[];
  readonly #parties = new Map<ConnectionId, Party>();
  readonly #bridges: Bridges;
  readonly #commands: Commands;
  readonly #recorder: Recorder | undefined;
  readonly #idStem: string;
  #ids = 0;
  #sink: DriverSink | undefined;
  #boxLink: 'down' | 'up' = 'down';
  #stopped: Promise<void> | undefined;

  constructor(made: {
    readonly switchId: SwitchId;
    readonly host: DriverHost;
    readonly options: UsbBoxOptions;
    readonly parts: UsbBoxParts;
  }) {
    const { switchId, host, options, parts } = made;
    const storage = parts.storage ?? diskStorage;
    this.switchId = switchId;
    this.#host = host;
    this.#desk = new CommandDesk({ clock: host.clock });
    this.#idStem = `${Math.floor(host.clock.wallMs()).toString(36)}${Math.floor(host.random() * 36 ** 4).toString(36)}`;
    this.#recorder =
      options.recordings === undefined
        ? undefined
        : new Recorder({ folder: options.recordings, storage, clock: host.clock, log: host.log });
    this.#bridges = new Bridges((event) => this.#tell(event));
    const world = this.#world(options, storage);
    this.#lines = options.lines.map(
      (line) =>
        new BoxLine({
          switchId,
          host,
          options,
          line,
          factory: factoryOf(line, { host, kinds: parts.kinds ?? {} }),
          world,
          tell: (event) => this.#tell(event),
          newId: () => connectionId(switchId, `${this.#idStem}-${(++this.#ids).toString(36)}`),
          up: (each) => this.#up(each),
          down: (each, reason) => this.#down(each, reason),
        }),
    );
    this.#commands = new Commands({
      switchId,
      lines: this.#lines,
      bridges: this.#bridges,
      party: (id) => this.#parties.get(id),
    });
  }

  /** What all lines together can do; of devices that do not know before they are open, all that is possible. */
  get capabilities(): ReadonlySet<DriverCapability> {
    return new Set(unionOf(this.#lines.map((line) => line.capabilities)));
  }

  async start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stop.signal.aborted) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#sink !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    this.#sink = sink;
    if (options.signal.aborted) return this.stop();
    options.signal.addEventListener('abort', () => void this.stop(), { once: true, signal: this.#stop.signal });
    void this.#recorder?.prepare();
    for (const line of this.#lines) line.start();
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    if (this.#stop.signal.aborted) return refused('stopped');
    if (!this.capabilities.has(command.type)) return refused('notSupported');
    const refusal = refusalOf(command);
    if (refusal !== undefined) return refused(refusal);
    if (this.#sink === undefined) return refused('linkLost');
    const line = this.#commands.lineOf(command);
    if (line === undefined && !this.#lines.some((each) => each.isUp)) return refused('linkLost');
    if (line !== undefined && !line.isUp)
      return command.type === 'originate' ? refused('rejected', 'its box is not there') : refused('linkLost');
    if (line !== undefined && !line.capabilities.has(command.type)) return refused('notSupported');
    return (line?.desk ?? this.#desk).execute(command, (one) => this.#commands.carryOut(one));
  }

  async openRecording(recordingId: RecordingId, file: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#recorder?.open(recordingId, file);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    this.#desk.stop();
    await Promise.all(this.#lines.map((line) => line.stop()));
    this.#recorder?.stop();
  }

  #world(options: UsbBoxOptions, storage: Storage): PartyWorld {
    const cacheBytes = options.promptCacheBytes;
    const music = new MusicShelf(options.music, { storage, cacheBytes });
    return {
      clock: this.#host.clock,
      tell: (event) => this.#tell(event),
      media: {
        prompts: options.prompts === undefined ? undefined : new SoundLibrary(options.prompts, { storage, cacheBytes }),
        language: options.language,
        recording: async (id) => this.#recorder?.samples(id),
      },
      music: (musicClass) => music.find(musicClass),
      recorder: this.#recorder,
      entered: (party) => void this.#parties.set(party.connectionId, party),
      left: (party) => {
        this.#parties.delete(party.connectionId);
        this.#bridges.forget(party);
      },
    };
  }

  #tell(event: DriverEvent): void {
    if (!this.#stop.signal.aborted) this.#sink?.(event);
  }

  #up(line: BoxLine): void {
    this.#synced(line.linkId);
    if (this.#boxLink === 'up') return;
    this.#boxLink = 'up';
    this.#synced(BOX_LINK);
  }

  #synced(linkId: LinkId): void {
    this.#tell({ type: 'linkUp', linkId });
    this.#tellSnapshot();
    this.#tell({ type: 'linkSynced', linkId, capabilities: this.#inForce(), profile: 'line' });
  }

  /** A box that is gone has let go of its line: what was on it is over, and that is told at once by what is left. */
  #down(line: BoxLine, reason: LinkDownReason): void {
    this.#tell({ type: 'linkDown', linkId: line.linkId, reason, capabilities: this.#inForce() });
    this.#tellSnapshot();
  }

  #inForce(): readonly DriverCapability[] {
    return unionOf(this.#lines.filter((line) => line.isUp).map((line) => line.capabilities));
  }

  #tellSnapshot(): void {
    const connections = [...this.#parties.values()].map((party) => party.snapshot());
    const recordings = [...this.#parties.values()].flatMap((party) =>
      party.recordings.map((recordingId) => ({ recordingId, connectionId: party.connectionId })),
    );
    const devices = this.#lines.flatMap((line) => [
      { device: line.unit.device, presence: line.unit.presence },
      ...(line.phoneDevice === undefined ? [] : [{ device: line.phoneDevice, presence: line.phone.presence }]),
    ]);
    this.#tell({ type: 'snapshot', snapshot: { connections, recordings, monitors: [], devices } });
  }
}

function factoryOf(
  line: LineOptions,
  made: { readonly host: DriverHost; readonly kinds: DeviceKinds },
): LineDeviceFactory {
  const { device } = line;
  if (typeof device === 'function') return device;
  const kind = made.kinds[device.kind];
  if (kind === undefined)
    throw new CtiError('config.invalid', 'no such kind of device', { details: { kind: device.kind } });
  const { clock, random, log } = made.host;
  return kind(device, { clock, random, log });
}

import {
  type CtiDriver,
  CtiError,
  type DriverCommand,
  type DriverFactory,
  type DriverHost,
  type DriverSink,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { createPbxSerialDriver } from './driver.js';
import {
  type HotelNotice,
  type HotelOptionsInput,
  hotelOptions,
  type RunningHotelBridge,
  startHotelBridge,
} from './hotel/index.js';
import type { PbxSerialOptions, PbxSerialOptionsInput, RecordSink } from './options.js';
import { openRecordFolder } from './records/record-folder.js';

/** A PBX on a serial line with what hangs on it, as a configuration writes it. */
export interface PbxSerialInput extends PbxSerialOptionsInput {
  /** The hotel's system behind the PBX: guests, room equipment, wake-up calls, charges. See docs/hotel.md. Needs `records`. */
  readonly hotel?: HotelOptionsInput;
}

/**
 * The driver of {@link createPbxSerialDriver}, with the link to a hotel's system that runs as long as it does.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { kts: { driver: pbxSerial({ profile: 'kts-bin/1', transport: { port: '/dev/ttyUSB0' }, records: 'data/pbx-records' }) } }
 * ```
 */
export function pbxSerial(input: PbxSerialInput): DriverFactory & { readonly options: PbxSerialOptions } {
  const { hotel, ...rest } = input;
  if (hotel === undefined) return createPbxSerialDriver(rest);
  const { options } = createPbxSerialDriver(rest);
  const { records } = options;
  if (records === undefined) {
    throw new CtiError('config.invalid', 'option records: a hotel is charged by call records, which need a place', {
      details: { path: 'records', expected: 'a folder' },
    });
  }
  const checked = hotelOptions.safeParse(hotel);
  if (!checked.success) {
    const path = ['hotel', ...(checked.error.issues[0]?.path ?? [])].map(String).join('.');
    throw new CtiError('config.invalid', `option ${path}: ${checked.error.issues[0]?.message ?? 'is wrong'}`, {
      details: { path, expected: checked.error.issues[0]?.message ?? '' },
    });
  }
  const inner = typeof records === 'string' ? openRecordFolder(records) : records;
  const factory: DriverFactory = (switchId, host) => new PbxWithHotel({ switchId, host, inner, hotel, options: rest });
  return Object.assign(factory, { options });
}

interface Made {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: PbxSerialOptionsInput;
  readonly hotel: HotelOptionsInput;
  readonly inner: RecordSink;
}

/** Notices that a person has to look at. */
const SERIOUS: ReadonlySet<HotelNotice['kind']> = new Set(['chargeRefused', 'chargeStuck', 'ledgerDamaged', 'failed']);

/** The bridge begins before the first record can come, and ends after the last. */
class PbxWithHotel implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'callControl';
  readonly #driver: CtiDriver;
  readonly #made: Made;
  #records: RecordSink;
  #bridge: Promise<RunningHotelBridge> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(made: Made) {
    const { switchId, host, inner, options } = made;
    this.switchId = switchId;
    this.#made = made;
    this.#records = inner;
    const records: RecordSink = {
      position: (store) => this.#records.position(store),
      keep: (batch) => this.#records.keep(batch),
      missing: (from, to) => this.#records.missing?.(from, to),
      ...(inner.query === undefined ? {} : { query: inner.query.bind(inner) }),
    };
    this.#driver = createPbxSerialDriver({ ...options, records })(switchId, host);
  }

  get capabilities(): CtiDriver['capabilities'] {
    return this.#driver.capabilities;
  }

  get facets(): NonNullable<CtiDriver['facets']> {
    return this.#driver.facets ?? {};
  }

  async start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    const pbx = this.facets.hotel;
    if (this.#bridge !== undefined || this.#stopped !== undefined || pbx === undefined) {
      return this.#driver.start(sink, options);
    }
    const { switchId, host, hotel, inner } = this.#made;
    const { clock, random } = host;
    this.#bridge = startHotelBridge({
      options: hotel,
      told: (notice) => this.#tell(notice),
      ...{ pbx, switchId, clock, random },
    });
    this.#records = (await this.#bridge).records(inner);
    // Aborted meanwhile: the driver is not begun, and the bridge goes with it.
    if (options.signal.aborted) return this.stop();
    options.signal.addEventListener('abort', () => void this.stop(), { once: true });
    return this.#driver.start(sink, options);
  }

  execute(command: DriverCommand): ReturnType<CtiDriver['execute']> {
    return this.#driver.execute(command);
  }

  openRecording(
    recordingId: RecordingId,
    file: string,
    options: { readonly signal: AbortSignal },
  ): ReturnType<CtiDriver['openRecording']> {
    return this.#driver.openRecording(recordingId, file, options);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#driver.stop();
    // A bridge that did not start has told its caller so.
    const bridge = await this.#bridge?.catch(() => undefined);
    await bridge?.stop();
  }

  #tell(notice: HotelNotice): void {
    const { log } = this.#made.host;
    const { kind } = notice;
    const { switchId } = this;
    if (SERIOUS.has(kind)) log.error('the link to the hotel needs somebody to look', { switchId, kind });
    else log.info('the link to the hotel', { switchId, kind });
  }
}

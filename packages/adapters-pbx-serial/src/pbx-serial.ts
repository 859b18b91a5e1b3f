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
import type { ZodType } from 'zod';
import { createPbxSerialDriver } from './driver.js';
import {
  type HotelNotice,
  type HotelOptionsInput,
  hotelOptions,
  type RecordForward,
  type RecordForwardInput,
  type RecordForwardOptions,
  type RunningHotelBridge,
  recordForwardOptions,
  startHotelBridge,
  startRecordForward,
} from './hotel/index.js';
import type { PbxSerialOptions, PbxSerialOptionsInput, RecordSink } from './options.js';
import { openRecordFolder } from './records/record-folder.js';

/** A PBX on a serial line with what hangs on it, as a configuration writes it. */
export interface PbxSerialInput extends PbxSerialOptionsInput {
  /** The hotel's system behind the PBX: guests, room equipment, wake-up calls, charges. See docs/hotel.md. Needs `records`. */
  readonly hotel?: HotelOptionsInput;
  /** A second port that gets each call record as a line, when it is kept: for a hotel's or billing system that reads such lines. Needs `records`. */
  readonly forward?: RecordForwardInput;
}

/**
 * The driver of {@link createPbxSerialDriver}, with the link to a hotel's system and the second port for call records, which run as long as it does.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { kts: { driver: pbxSerial({ profile: 'kts-bin/1', transport: { port: '/dev/ttyUSB0' }, records: 'data/pbx-records' }) } }
 * ```
 */
export function pbxSerial(input: PbxSerialInput): DriverFactory & { readonly options: PbxSerialOptions } {
  const { hotel, forward, ...rest } = input;
  if (hotel === undefined && forward === undefined) return createPbxSerialDriver(rest);
  const { options } = createPbxSerialDriver(rest);
  const { records } = options;
  if (records === undefined) {
    const who = hotel === undefined ? 'a second port gets' : 'a hotel is charged by';
    throw new CtiError('config.invalid', `option records: ${who} call records, which need a place`, {
      details: { path: 'records', expected: 'a folder' },
    });
  }
  if (hotel !== undefined) checked(hotelOptions, hotel, 'hotel');
  const behind = {
    ...(hotel === undefined ? {} : { hotel }),
    ...(forward === undefined ? {} : { forward: checked(recordForwardOptions, forward, 'forward') }),
  };
  const inner = typeof records === 'string' ? openRecordFolder(records) : records;
  const factory: DriverFactory = (switchId, host) =>
    new PbxWithOthers({ switchId, host, inner, options: rest, ...behind });
  return Object.assign(factory, { options });
}

/**
 * Options of what stands behind the PBX. What the schema says is told with the path from this driver's options on, and not as its cause, whose paths begin one level deeper.
 *
 * @throws {CtiError} `config.invalid`
 */
function checked<T>(schema: ZodType<T>, input: unknown, key: 'hotel' | 'forward'): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [key, ...(issue?.path ?? [])].map(String).join('.');
  const expected = issue?.message ?? 'is wrong';
  throw new CtiError('config.invalid', `option ${path}: ${expected}`, { details: { path, expected } });
}

interface Made {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: PbxSerialOptionsInput;
  readonly hotel?: HotelOptionsInput;
  readonly forward?: RecordForwardOptions;
  readonly inner: RecordSink;
}

/** Notices that a person has to look at. */
const SERIOUS: ReadonlySet<HotelNotice['kind']> = new Set(['chargeRefused', 'chargeStuck', 'ledgerDamaged', 'failed']);

/** Bridge and second port begin before the first record can come, and end after the last. */
class PbxWithOthers implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'callControl';
  readonly #driver: CtiDriver;
  readonly #made: Made;
  #records: RecordSink;
  #bridge: Promise<RunningHotelBridge> | undefined;
  #forward: RecordForward | undefined;
  #stopped: Promise<void> | undefined;

  constructor(made: Made) {
    const { switchId, host, inner, options } = made;
    this.switchId = switchId;
    this.#made = made;
    this.#records = inner;
    const records: RecordSink = {
      position: (store) => this.#records.position(store),
      keep: async (batch) => {
        await this.#records.keep(batch);
        // What is kept does not come again: one that waits while the other side is away is lost with this process alone.
        for (const { smdr } of batch) this.#forward?.send(smdr);
      },
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
    const { switchId, host, hotel, forward, inner } = this.#made;
    const { clock, random } = host;
    const pbx = this.facets.hotel;
    const isFirst = this.#bridge === undefined && this.#forward === undefined && this.#stopped === undefined;
    if (isFirst && forward !== undefined && !options.signal.aborted) {
      this.#forward = startRecordForward(forward, { host, switchId });
      options.signal.addEventListener('abort', () => void this.stop(), { once: true });
    }
    if (!isFirst || hotel === undefined || pbx === undefined) return this.#driver.start(sink, options);
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
    await this.#forward?.stop();
  }

  #tell(notice: HotelNotice): void {
    const { log } = this.#made.host;
    const { kind } = notice;
    const { switchId } = this;
    if (SERIOUS.has(kind)) log.error('the link to the hotel needs somebody to look', { switchId, kind });
    else log.info('the link to the hotel', { switchId, kind });
  }
}

import { type Clock, CtiError } from '@cordboard/cti-core';
import { z } from 'zod';
import type { DeviceKind } from '../device/kinds.js';
import type { LineAbilities, LineDevice, LineDeviceSink } from '../device/port.js';
import { WHOZZ_IDLE, type WhozzLine, whozzStep } from '../map/whozz.js';
import { type OpenSerial, openSerial } from '../serial/open-serial.js';
import type { WhozzRecord } from '../wire/whozz/record.js';
import { deviceOptions } from './options.js';
import { type OpenWhozzSource, serialSource, udpSource } from './whozz-source.js';
import { WhozzUnit } from './whozz-unit.js';

/** Options of the device kind `whozz`. Without `path` the unit is on the network. */
export const whozzOptions = z.strictObject({
  kind: z.literal('whozz'),
  /** Number of the line as the unit says it, 1 to 99. */
  line: z.number().int().min(1).max(99),
  /** Serial port of the unit: `/dev/ttyUSB0`, better `/dev/serial/by-id/...`; `COM3`. Default: none, the unit sends datagrams. */
  path: z.string().min(1).max(256).optional(),
  /** Bits a second of the serial port. Default 9600. */
  baudRate: z.number().int().min(300).max(115_200).default(9_600),
  /** UDP port that units send to. Default 3520. */
  udpPort: z.number().int().min(0).max(65_535).default(3_520),
  /** Address that it is listened on. Default all of this machine. */
  udpHost: z.string().min(1).max(64).default('0.0.0.0'),
  /** Address of the unit, for its setup. Default: none, the unit is left as it is. */
  address: z.string().min(1).max(64).optional(),
  /** Number of the unit, where several send to the same port. Default: whichever. */
  unit: z.number().int().min(0).max(281_474_976_710_655).optional(),
  /** `set` turns on both ends of calls, detail, outgoing calls and the comprehensive format; `leave` changes nothing. Default `set`. */
  setup: z.enum(['set', 'leave']).default('set'),
  /** `full` tells rings, hook and ends of calls; `basic` the caller ID alone, so that every call looks missed. Default `full`. */
  model: z.enum(['full', 'basic']).default('full'),
});

/** Checked options of a `whozz` device. */
export type WhozzOptions = z.output<typeof whozzOptions>;

const ABILITIES: LineAbilities = {
  detects: new Set(['ring', 'callerId', 'phoneHook']),
  sound: 'none',
  listensOnHook: 'deaf',
  hook: 'none',
  dials: 'none',
  phone: 'parallel',
  ringsPhone: 'silent',
};

/** A unit may tell the first ring alone: the bell is kept up until it tells what became of it. More than 3.5 s, less than a missed call. */
const RING_EVERY_MS = 5_000;
/** A line whose last end was lost is cleared first, and is deaf for a ring meanwhile: it is told again. */
const RING_AGAIN_MS = 300;
/** No exchange rings for longer; the end of the call was lost on the way. */
const RING_BOUND_MS = 180_000;

/**
 * The kind `whozz`: a Whozz Calling? unit on a serial port or on the network. It tells who calls and what the phone on the line does, and can do nothing by itself: no
 * sound, no hook. Lines of the same unit name the same path; it is opened once.
 * @param parts - how ports are opened; default serial ports by the package `serialport`, UDP ports of this machine
 */
export function createWhozzKind(
  parts: { readonly openSerial?: OpenSerial; readonly openUdp?: typeof udpSource } = {},
): DeviceKind {
  const units = new WeakMap<Clock, Map<string, WhozzUnit>>();
  return (input, { clock }) => {
    const options = deviceOptions(whozzOptions, input);
    return () => new WhozzDevice(options, { clock, unit: () => unitOf(options, clock) });
  };

  function unitOf(options: WhozzOptions, clock: Clock): WhozzUnit {
    const key = options.path ?? `udp ${options.udpHost} ${options.udpPort}`;
    const known = units.get(clock) ?? new Map<string, WhozzUnit>();
    units.set(clock, known);
    let unit = known.get(key);
    if (unit === undefined) {
      unit = new WhozzUnit({ clock, openSource: sourceOf(options, { openSerial, openUdp: udpSource, ...parts }) });
      known.set(key, unit);
    }
    return unit;
  }
}

function sourceOf(
  options: WhozzOptions,
  open: { readonly openSerial: OpenSerial; readonly openUdp: typeof udpSource },
): OpenWhozzSource {
  const { path, baudRate, udpPort, udpHost, address } = options;
  if (path !== undefined) return serialSource({ path, baudRate }, open.openSerial);
  return open.openUdp({ port: udpPort, host: udpHost, ...(address === undefined ? {} : { address }) });
}

/** One line of a unit. */
class WhozzDevice implements LineDevice {
  readonly abilities = ABILITIES;
  readonly #options: WhozzOptions;
  readonly #clock: Clock;
  readonly #unit: () => WhozzUnit;
  #sink: LineDeviceSink | undefined;
  #line: WhozzLine = WHOZZ_IDLE;
  #leave: () => void = () => undefined;
  #cancelRing: () => void = () => undefined;
  #rangAtMs = 0;

  constructor(options: WhozzOptions, parts: { readonly clock: Clock; readonly unit: () => WhozzUnit }) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#unit = parts.unit;
  }

  async open(sink: LineDeviceSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { line, unit, setup, model } = this.#options;
    this.#sink = sink;
    this.#leave = await this.#unit().join(
      {
        line,
        unit,
        record: (record) => this.#record(record),
        lost: (reason) => {
          this.#end();
          sink.event({ type: 'lost', reason });
        },
      },
      { setup: model === 'full' ? setup : 'leave', signal },
    );
  }

  async hook(): Promise<void> {
    throw watcher();
  }

  async flash(): Promise<void> {
    throw watcher();
  }

  async close(): Promise<void> {
    this.#end();
    this.#leave();
  }

  #record(record: WhozzRecord): void {
    const before = this.#line;
    const { line, events } = whozzStep(before, record);
    this.#line = line;
    this.#cancelRing();
    if (before.bell === 'silent') this.#rangAtMs = this.#clock.nowMs();
    if (line.bell === 'rings' && this.#options.model === 'full')
      this.#keepRinging(before.hook === 'off' ? RING_AGAIN_MS : RING_EVERY_MS);
    for (const event of events) this.#sink?.event(event);
  }

  #keepRinging(afterMs: number): void {
    this.#cancelRing = this.#clock.setTimer(afterMs, () => {
      if (this.#clock.nowMs() - this.#rangAtMs >= RING_BOUND_MS) {
        this.#line = WHOZZ_IDLE;
        return;
      }
      this.#sink?.event({ type: 'signal', signal: 'ringStart' });
      this.#keepRinging(RING_EVERY_MS);
    });
  }

  #end(): void {
    this.#cancelRing();
    this.#cancelRing = () => undefined;
    this.#sink = undefined;
  }
}

function watcher(): CtiError {
  return new CtiError('device.notSupported', 'a caller-ID unit watches the line and does nothing on it');
}

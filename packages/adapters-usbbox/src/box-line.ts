import {
  type ConnectionId,
  type DeviceId,
  type DriverCapability,
  type DriverEvent,
  type DriverHost,
  type DriverReply,
  deviceId,
  type LinkId,
  type SwitchId,
} from '@cordboard/cti-core';
import { ACCEPTED, CommandDesk, type LinkLoop, refused } from '@cordboard/driver-kit';
import type { LineAbilities, LineDevice, LineDeviceFactory } from './device/port.js';
import { createPhoneEars, tonesOf } from './line/dsp.js';
import { LineUnit } from './line/unit.js';
import { createLineLink, type DeviceSession } from './link/line-link.js';
import { capabilitiesOf } from './map/capabilities.js';
import { type LineOptions, timingOf, type UsbBoxOptions } from './options.js';
import type { PartyWorld } from './party.js';
import { PhoneUnit } from './phone/unit.js';

/** What a line of a driver is made of. */
export interface BoxLineParts {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: UsbBoxOptions;
  readonly line: LineOptions;
  readonly factory: LineDeviceFactory;
  readonly world: PartyWorld;
  readonly tell: (event: DriverEvent) => void;
  readonly newId: () => ConnectionId;
  readonly up: (line: BoxLine) => void;
  readonly down: (line: BoxLine, reason: Parameters<Parameters<typeof createLineLink>[0]['down']>[0]) => void;
}

/** One line of a driver with its device, its local phone and the link between. */
export class BoxLine {
  readonly name: string;
  readonly trunk: string | undefined;
  readonly linkId: LinkId;
  readonly unit: LineUnit;
  readonly phone: PhoneUnit;
  readonly phoneDevice: DeviceId | undefined;
  readonly desk: CommandDesk;
  readonly #parts: BoxLineParts;
  readonly #link: LinkLoop<DeviceSession>;
  #abilities: LineAbilities | undefined;
  #device: LineDevice | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: BoxLineParts) {
    const { switchId, host, line, options } = parts;
    this.#parts = parts;
    this.name = line.name;
    this.trunk = line.trunk;
    this.linkId = line.name as LinkId;
    this.#abilities = abilitiesOf(parts.factory);
    this.desk = new CommandDesk({ clock: host.clock });
    const timing = timingOf(options, line);
    this.unit = new LineUnit({
      device: deviceId(switchId, 'line', line.name),
      ownNumber: line.ownNumber,
      timing,
      tones: tonesOf(options, line),
      clock: host.clock,
      log: host.log,
      world: parts.world,
      tell: parts.tell,
      newId: parts.newId,
      onPhone: (event) => this.phone.onLine(event),
    });
    const extension = line.phone?.extension;
    this.phoneDevice = extension === undefined ? undefined : deviceId(switchId, 'extension', extension);
    this.phone = new PhoneUnit({
      device: this.phoneDevice ?? deviceId(switchId, 'extension', line.name),
      extension: extension ?? '',
      line: this.unit,
      timing,
      clock: host.clock,
      world: parts.world,
      tell: parts.tell,
      newId: parts.newId,
      createEars: () => createPhoneEars(),
      ring: (way) => this.#ring(way),
    });
    this.#link = createLineLink({
      switchId,
      linkId: this.linkId,
      host,
      factory: parts.factory,
      policy: {
        openTimeoutMs: options.openTimeout,
        backoffFirstMs: options.backoffFirst,
        backoffMaxMs: options.backoffMax,
      },
      sink: {
        event: (event) => this.#event(event),
        heard: (samples) => this.unit.heard(samples),
        wanted: (samples) => this.unit.port.wanted(samples),
        phoneHeard: (samples) => this.phone.heard(samples),
        phoneWanted: (samples) => this.phone.port.wanted(samples),
      },
      up: (device, signal) => this.#up(device, signal),
      lost: () => this.#lost(),
      down: (reason) => parts.down(this, reason),
    });
  }

  /** Its device is open. */
  get isUp(): boolean {
    return this.#device !== undefined;
  }

  /** What it can do: as its device says, or all that is possible while that is not known. */
  get capabilities(): ReadonlySet<DriverCapability> {
    return capabilitiesOf(this.#abilities, {
      recordings: this.#parts.options.recordings === undefined ? 'none' : 'kept',
    });
  }

  /** Begins to open its device. */
  start(): void {
    this.#link.start();
  }

  /** Closes its device, for good. */
  async stop(): Promise<void> {
    this.desk.stop();
    await this.#link.stop();
    this.unit.stop();
    this.phone.stop();
  }

  #up(device: LineDevice, signal: AbortSignal): void {
    this.#device = device;
    this.#signal = signal;
    this.#abilities = device.abilities;
    if (this.phoneDevice !== undefined) this.phone.opened(device.abilities);
    this.unit.opened(device, signal);
    this.#parts.up(this);
  }

  async #lost(): Promise<void> {
    this.#device = undefined;
    this.desk.linkLost();
    await Promise.all([this.phone.lost(), this.unit.lost()]);
  }

  #event(event: Parameters<LineUnit['deviceEvent']>[0]): void {
    const separate = this.#abilities?.phone === 'separate';
    if (separate && event.type === 'phoneHook') return this.phone.hookIs(event.hook);
    if (separate && event.type === 'phoneFlash') return this.phone.onLine({ type: 'flash' });
    if (separate && event.type === 'digit' && event.from === 'phone')
      return this.phone.onLine({ type: 'digit', digit: event.digit });
    this.unit.deviceEvent(event);
  }

  async #ring(way: 'start' | 'stop'): Promise<DriverReply> {
    const device = this.#device;
    const signal = this.#signal;
    if (device?.ringPhone === undefined || signal === undefined) return refused('notSupported');
    try {
      await device.ringPhone(way, { signal });
      return ACCEPTED;
    } catch {
      return refused('rejected');
    }
  }
}

/** What a device says of itself before it is open, where it knows. */
function abilitiesOf(factory: LineDeviceFactory): LineAbilities | undefined {
  try {
    const { abilities } = factory();
    return abilities === undefined || abilities.detects === undefined ? undefined : abilities;
  } catch {
    // Known once open, as the port says.
    return undefined;
  }
}

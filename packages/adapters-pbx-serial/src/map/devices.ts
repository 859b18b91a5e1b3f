import { type DeviceId, deviceId, parseDeviceId, type SwitchId } from '@cordboard/cti-core';

/** What takes part in a call, as the PBX numbers it: `x801` an extension, `l3` a line, `s1` a park slot. */
export type DeviceKey = `x${string}` | `l${number}` | `s${number}`;

/** How a site calls a line. */
export interface LineName {
  /** Address of its device; default the line's number. */
  readonly name?: string | undefined;
  /** The number by which it is reached from outside: the called number of what comes in on it. */
  readonly number?: string | undefined;
  /** The group that it belongs to: device of kind `trunk`. */
  readonly trunk?: string | undefined;
}

/** Brings the PBX's numbers and device ids together. */
export class Devices {
  readonly #switchId: SwitchId;
  readonly #lines: ReadonlyMap<number, LineName>;
  readonly #lineOf = new Map<string, number>();
  readonly #ids = new Map<DeviceKey, DeviceId>();

  constructor(options: { readonly switchId: SwitchId; readonly lines: ReadonlyMap<number, LineName> }) {
    this.#switchId = options.switchId;
    this.#lines = options.lines;
    for (const [line, { name }] of options.lines) if (name !== undefined) this.#lineOf.set(name, line);
  }

  /** The id of a device. */
  id(key: DeviceKey): DeviceId {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const number = key.slice(1);
    const kind = key.startsWith('x') ? 'extension' : key.startsWith('l') ? 'line' : 'park';
    const address = kind === 'line' ? (this.#lines.get(Number(number))?.name ?? number) : number;
    const id = deviceId(this.#switchId, kind, address);
    // A PBX has at most 65,535 of them; a peer that makes numbers up must not fill the memory.
    if (this.#ids.size < 4_096) this.#ids.set(key, id);
    return id;
  }

  /** The extension, `undefined` for what is none of this PBX. */
  extensionOf(device: DeviceId): string | undefined {
    const parsed = parseDeviceId(device);
    return parsed?.kind === 'extension' && parsed.switchId === this.#switchId ? parsed.address : undefined;
  }

  /** The lines that a line or a trunk stands for, `undefined` for what is none of this PBX. */
  linesOf(device: DeviceId): readonly number[] | undefined {
    const parsed = parseDeviceId(device);
    if (parsed === undefined || parsed.switchId !== this.#switchId) return undefined;
    if (parsed.kind === 'trunk') {
      const lines = [...this.#lines].filter(([, { trunk }]) => trunk === parsed.address).map(([line]) => line);
      return lines.length === 0 ? undefined : lines;
    }
    if (parsed.kind !== 'line') return undefined;
    const named = this.#lineOf.get(parsed.address);
    if (named !== undefined) return [named];
    const line = Number(parsed.address);
    return Number.isInteger(line) && line >= 1 && line <= 255 ? [line] : undefined;
  }

  /** By which number a line is reached; empty where nobody has said it. */
  numberOf(line: number): string {
    return this.#lines.get(line)?.number ?? '';
  }
}

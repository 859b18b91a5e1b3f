import { CtiError, type DeviceId, deviceId, parseDeviceId, type RoomEvent, type SwitchId } from '@cordboard/cti-core';

/** Extensions of a switch as rooms, and whoever listens to what happens there. */
export class Rooms {
  readonly #switchId: SwitchId;
  readonly #listeners = new Set<(event: RoomEvent) => void>();

  constructor(switchId: SwitchId) {
    this.#switchId = switchId;
  }

  /** The extension of a room. @throws {CtiError} `argument.invalid` for another switch's, or what is no extension */
  extensionOf(room: DeviceId): string {
    const parsed = parseDeviceId(room);
    if (parsed?.switchId === this.#switchId && parsed.kind === 'extension') return parsed.address;
    throw new CtiError('argument.invalid', 'a room is an extension of this switch', { details: { path: 'room' } });
  }

  roomOf(extension: string): DeviceId {
    return deviceId(this.#switchId, 'extension', extension);
  }

  tell(event: RoomEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  listen(listener: (event: RoomEvent) => void): () => void {
    const own = (event: RoomEvent): void => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }
}

/** The error of a room command that this language has no words for. */
export const notInThisLanguage = (what: string): CtiError =>
  new CtiError('device.notSupported', `this PBX's language has no words for ${what}`);

/** Waits for a promise no longer than a signal allows. @throws {CtiError} `wait.aborted` */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const gaveUp = (): CtiError => new CtiError('wait.aborted', 'the wait for the PBX was given up by its caller');
  if (signal.aborted) return Promise.reject(gaveUp());
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(gaveUp());
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

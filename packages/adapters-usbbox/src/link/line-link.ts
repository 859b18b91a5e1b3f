import { type DriverHost, isCtiError, type LinkDownReason, type LinkId, type SwitchId } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, type LinkSession, linkLog } from '@cordboard/driver-kit';
import type { DeviceLoss, LineDevice, LineDeviceEvent, LineDeviceFactory, LineDeviceSink } from '../device/port.js';

/** What the link to one device is made of. */
export interface LineLinkParts {
  readonly switchId: SwitchId;
  readonly linkId: LinkId;
  readonly host: DriverHost;
  readonly factory: LineDeviceFactory;
  readonly policy: { readonly openTimeoutMs: number; readonly backoffFirstMs: number; readonly backoffMaxMs: number };
  /** Where sound and events of the open device go. */
  readonly sink: LineDeviceSink;
  readonly up: (device: LineDevice, signal: AbortSignal) => void;
  /** The device is gone: everything of it is brought to its end before the loss is told. */
  readonly lost: () => Promise<void>;
  readonly down: (reason: LinkDownReason) => void;
}

/** Why the loss of a device looks so to those who watch links. */
const DOWN: Readonly<Record<DeviceLoss, LinkDownReason>> = {
  removed: 'closed',
  failed: 'protocol',
  busy: 'refused',
  absent: 'refused',
  closed: 'closed',
};

/** Keeps the device of one line open: opens it, and when it is lost closes it and opens a new one, with growing pauses. */
export function createLineLink(parts: LineLinkParts): LinkLoop<DeviceSession> {
  const { host, policy } = parts;
  const log = linkLog({ log: host.log, switchId: parts.switchId, linkId: parts.linkId });
  return new LinkLoop<DeviceSession>({
    clock: host.clock,
    random: host.random,
    policy: {
      ...DEFAULT_LINK_POLICY,
      connectTimeoutMs: policy.openTimeoutMs,
      backoffFirstMs: policy.backoffFirstMs,
      backoffMaxMs: policy.backoffMaxMs,
    },
    dial: (signal) => DeviceSession.open(parts, signal),
    logIn: () => Promise.resolve(),
    // Devices tell of their own loss; one that is asked for nothing need not speak.
    probe: () => Promise.resolve(),
    up: (session) => session.begin(),
    down: parts.down,
    state: log,
  });
}

/** One open device, until it is lost or closed. */
export class DeviceSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #parts: LineLinkParts;
  readonly #device: LineDevice;
  readonly #abort = new AbortController();
  #resolve: (reason: LinkDownReason) => void = () => undefined;
  #state: 'opening' | 'open' | 'up' | 'ended' = 'opening';
  /** What came before the link was told to be up. */
  readonly #early: LineDeviceEvent[] = [];

  private constructor(parts: LineLinkParts, device: LineDevice) {
    this.#parts = parts;
    this.#device = device;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Opens a new device; leaves nothing behind when that fails. */
  static async open(parts: LineLinkParts, signal: AbortSignal): Promise<DeviceSession> {
    const device = parts.factory();
    const session = new DeviceSession(parts, device);
    try {
      await device.open(session.#sink(), { signal });
    } catch (error) {
      session.#state = 'ended';
      session.#abort.abort();
      await device.close();
      throw isCtiError(error) ? error : new Error('the device could not be opened', { cause: error });
    }
    if (session.#state === 'opening') session.#state = 'open';
    return session;
  }

  /** The link is up: from now on its events are told. */
  begin(): void {
    if (this.#state !== 'open') return;
    this.#state = 'up';
    this.#parts.up(this.#device, this.#abort.signal);
    for (const event of this.#early.splice(0)) this.#parts.sink.event(event);
  }

  close(reason: LinkDownReason): void {
    void this.#end(reason);
  }

  async #end(reason: LinkDownReason): Promise<void> {
    if (this.#state === 'ended') return;
    const wasUp = this.#state === 'up';
    this.#state = 'ended';
    this.#abort.abort();
    await Promise.all([this.#device.close(), wasUp ? this.#parts.lost() : undefined]);
    this.#resolve(reason);
  }

  #sink(): LineDeviceSink {
    const { sink } = this.#parts;
    const isUp = (): boolean => this.#state === 'up';
    return {
      event: (event) => {
        if (this.#state === 'ended') return;
        if (event.type === 'lost') return void this.#end(DOWN[event.reason] ?? 'closed');
        if (isUp()) sink.event(event);
        else if (this.#early.length < 64) this.#early.push(event);
      },
      heard: (samples) => {
        if (isUp()) sink.heard(samples);
      },
      wanted: (samples) => (isUp() ? sink.wanted(samples) : 'nothing'),
      phoneHeard: (samples) => {
        if (isUp()) sink.phoneHeard(samples);
      },
      phoneWanted: (samples) => (isUp() ? sink.phoneWanted(samples) : 'nothing'),
    };
  }
}

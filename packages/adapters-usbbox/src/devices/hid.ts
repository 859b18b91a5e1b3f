import { CtiError } from '@cordboard/cti-core';
import { usbModel } from '../map/usb-models.js';

/** An open HID device. */
export interface HidPort {
  /** Sends an output report, report number first. Rejects when it is gone. */
  write(report: Uint8Array): Promise<void>;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Takes what an HID device says. */
export interface HidListener {
  /** An input report. */
  report(bytes: Uint8Array): void;
  /** It is gone. */
  lost(): void;
}

/**
 * Opens an HID device: the one at `path`, else the first C-Media one.
 * @throws {CtiError} `device.missing` without the package for it; `device.lost` when it is not there or may not be opened
 */
export type OpenHid = (
  target: { readonly path?: string },
  use: { readonly listener: HidListener; readonly signal: AbortSignal },
) => Promise<HidPort>;

/** What is used of the package, in words of our own: programs that do not install it must be able to read our types. */
export interface NodeHid {
  getHidapiVersion(): string;
  devicesAsync(): Promise<
    readonly { readonly vendorId: number; readonly productId: number; readonly path?: string | undefined }[]
  >;
  readonly HIDAsync: { open(path: string): Promise<NodeHidDevice> };
}

/** An open device of the package. */
export interface NodeHidDevice {
  write(report: number[]): Promise<number>;
  close(): Promise<void>;
  on(event: 'data', take: (bytes: Uint8Array) => void): unknown;
  on(event: 'error', take: (error: unknown) => void): unknown;
}

/** {@link OpenHid} by the package `node-hid`, which is loaded when the first device is opened. */
export const openHid: OpenHid = async (target, { listener, signal }) => {
  const hid = await load();
  const path = target.path ?? (await find(hid));
  const device = await hid.HIDAsync.open(path).catch((cause: unknown) => {
    const fix = 'is it there, and may this user open it (a udev rule for /dev/hidraw*)';
    throw new CtiError('device.lost', `the HID device cannot be opened: ${fix}`, {
      details: { path, linkDown: 'refused' },
      cause,
    });
  });
  let state: 'open' | 'closed' = 'open';
  const close = async (): Promise<void> => {
    if (state === 'closed') return;
    state = 'closed';
    await device.close().catch(() => undefined);
  };
  if (signal.aborted) {
    await close();
    throw new CtiError('wait.aborted', 'the HID device was closed again');
  }
  device.on('data', (bytes: Uint8Array) => listener.report(bytes));
  device.on('error', () => {
    if (state === 'open') listener.lost();
  });
  return {
    write: async (report) => {
      await device.write([...report]);
    },
    close,
  };
};

/**
 * Loads the package with its native half, which it would only load with its first use and then fail without a word of ours.
 * @throws what the loader says
 */
export async function loadNodeHid(): Promise<NodeHid> {
  const loaded = (await import('node-hid')) as unknown as NodeHid & { readonly default?: NodeHid };
  const hid = loaded.default ?? loaded;
  hid.getHidapiVersion();
  return hid;
}

async function load(): Promise<NodeHid> {
  try {
    return await loadNodeHid();
  } catch (cause) {
    const fix = 'npm install node-hid, and on Linux apt-get install libusb-1.0-0 libudev1';
    throw new CtiError('device.missing', `USB sound boxes need the package node-hid: ${fix}`, {
      details: { package: 'node-hid', linkDown: 'refused' },
      cause,
    });
  }
}

async function find(hid: NodeHid): Promise<string> {
  const found = (await hid.devicesAsync()).find(
    ({ vendorId, productId, path }) => path !== undefined && usbModel(vendorId, productId)?.kind === 'cm108',
  );
  if (found?.path !== undefined) return found.path;
  throw new CtiError('device.lost', 'no C-Media box is plugged in', { details: { linkDown: 'refused' } });
}

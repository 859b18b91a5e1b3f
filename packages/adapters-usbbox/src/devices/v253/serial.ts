import type { Duplex } from 'node:stream';
import { CtiError } from '@cordboard/cti-core';
import type { DeviceLoss } from '../../device/port.js';

/** What a serial port tells. Nothing follows `closed`. */
export interface SerialEvents {
  data(bytes: Uint8Array): void;
  /** What was written is on its way: more may be written. */
  drained(): void;
  closed(reason: DeviceLoss): void;
}

/** An open serial port. */
export interface SerialLink {
  /** @returns `full`: nothing more should be written until `drained` */
  write(bytes: Uint8Array): 'more' | 'full';
  /** Drops DTR where there is such a wire, so that a modem hangs up whatever it is doing. */
  dropDtr(): Promise<void>;
  /** Idempotent, never rejects; `closed` is not told after it. */
  close(): Promise<void>;
}

/**
 * Opens a serial port. Rejects with `CtiError`: `device.missing` when a package must be installed, `device.lost` when the port is not there or
 * another program has it (`details.linkDown`: `refused`).
 */
export type SerialOpener = (events: SerialEvents, options: { readonly signal: AbortSignal }) => Promise<SerialLink>;

/** A duplex stream of bytes as a serial port, open: a pty, a socket, one made in memory. */
export function serialOverDuplex(stream: Duplex, events: SerialEvents): SerialLink {
  let state: 'open' | 'closed' = 'open';
  const over = (reason: DeviceLoss): void => {
    if (state === 'closed') return;
    state = 'closed';
    stream.destroy();
    events.closed(reason);
  };
  stream.on('data', (bytes: Uint8Array) => {
    if (state === 'open') events.data(bytes);
  });
  stream.on('drain', () => {
    if (state === 'open') events.drained();
  });
  // A tty that is pulled out reads EIO or ENXIO, or ends.
  stream.on('error', () => over('removed'));
  stream.on('end', () => over('removed'));
  stream.on('close', () => over('removed'));
  return {
    write(bytes) {
      if (state === 'closed') return 'full';
      return stream.write(bytes) ? 'more' : 'full';
    },
    dropDtr: () => Promise.resolve(),
    close() {
      if (state === 'closed') return Promise.resolve();
      state = 'closed';
      return new Promise<void>((resolve) => {
        stream.once('close', () => resolve());
        stream.destroy();
      });
    },
  };
}

/** The part of npm's `serialport` that is used. */
interface SerialPortLike extends Duplex {
  open(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  set(options: { readonly dtr?: boolean; readonly rts?: boolean }, callback: (error: Error | null) => void): void;
  readonly isOpen: boolean;
}

interface SerialPortModule {
  readonly SerialPort: new (options: {
    readonly path: string;
    readonly baudRate: number;
    readonly rtscts: boolean;
    readonly autoOpen: false;
  }) => SerialPortLike;
}

/** Loads npm's `serialport`, which is installed where modems are used. */
export type SerialModuleLoader = () => Promise<unknown>;

const load: SerialModuleLoader = () => import('serialport');

/** How a tty is opened. */
export interface SerialPortOptions {
  /** Such as `/dev/ttyACM0` or `COM3`. */
  readonly path: string;
  readonly baudRate: number;
  /** `hardware`: RTS/CTS. `none`: for ttys that lack the wires (CDC-ACM does it within USB). */
  readonly flow: 'hardware' | 'none';
}

/** Opens ttys through npm's `serialport`, loaded when the first is opened. */
export function serialPortOpener(options: SerialPortOptions, loader: SerialModuleLoader = load): SerialOpener {
  return async (events) => {
    const { SerialPort } = await loaded(loader);
    const port = new SerialPort({
      path: options.path,
      baudRate: options.baudRate,
      rtscts: options.flow === 'hardware',
      autoOpen: false,
    });
    await new Promise<void>((resolve, reject) => {
      // An error may come beside the callback's: nobody else listens yet.
      port.once('error', (error: Error) => reject(openError(error)));
      port.open((error) => (error === null || error === undefined ? resolve() : reject(openError(error))));
    });
    const set = (wires: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void> =>
      // A pty has no such wires: what it says is no fault.
      new Promise((resolve) => port.set(wires, () => resolve()));
    await set({ dtr: true, rts: true });
    const link = serialOverDuplex(port, events);
    return { ...link, dropDtr: () => (port.isOpen ? set({ dtr: false }) : Promise.resolve()) };
  };
}

async function loaded(loader: SerialModuleLoader): Promise<SerialPortModule> {
  let module: unknown;
  try {
    module = await loader();
  } catch (cause) {
    throw new CtiError('device.missing', 'a modem needs the package serialport: npm install serialport', {
      details: { package: 'serialport', linkDown: 'refused' },
      cause,
    });
  }
  return module as SerialPortModule;
}

function openError(cause: Error): CtiError {
  const busy = /lock|busy|EBUSY|EACCES|denied/i.test(cause.message);
  const message = busy
    ? 'the serial port is held by another program, or closed to this user'
    : 'there is no such serial port';
  return new CtiError(busy ? 'device.refused' : 'device.lost', message, { details: { linkDown: 'refused' }, cause });
}

import type { Duplex } from 'node:stream';
import type { DeviceLoss } from '../../device/port.js';
import { type OpenSerial, openSerial } from '../../serial/open-serial.js';

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

/** How a tty is opened. */
export interface SerialPortOptions {
  /** Such as `/dev/ttyACM0` or `COM3`. */
  readonly path: string;
  readonly baudRate: number;
  /** `hardware`: RTS/CTS. `none`: for ttys that lack the wires (CDC-ACM does it within USB). */
  readonly flow: 'hardware' | 'none';
}

/** Opens ttys. */
export function serialPortOpener(options: SerialPortOptions, open: OpenSerial = openSerial): SerialOpener {
  const { path, baudRate, flow } = options;
  return async (events, { signal }) => {
    const stream = await open({ path, baudRate, flow: flow === 'hardware' ? 'rtscts' : 'none' }, { signal });
    await setWires(stream, { dtr: true, rts: true });
    const link = serialOverDuplex(stream, events);
    return { ...link, dropDtr: () => setWires(stream, { dtr: false, rts: true }) };
  };
}

/** A pty has no such wires, and a stream that is none of a tty does not know them: what is said then is no fault. */
function setWires(stream: Duplex & Partial<Wires>, wires: Parameters<Wires['set']>[0]): Promise<void> {
  return new Promise((resolve) => {
    if (stream.set === undefined || stream.destroyed) resolve();
    else stream.set(wires, () => resolve());
  });
}

/** What a port of the package `serialport` has beyond a stream. */
interface Wires {
  set(wires: { readonly dtr: boolean; readonly rts: boolean }, done: () => void): void;
}

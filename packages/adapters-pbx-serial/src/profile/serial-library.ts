import type { Duplex } from 'node:stream';

/** A port of the package `serialport`, as far as it is used here: its own types are not there for who has not installed it. */
export interface SerialLibraryPort extends Duplex {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  /** The modem lines. Fails on a pty. */
  get(
    done: (
      error: Error | null,
      status?: { readonly cts: boolean; readonly dsr: boolean; readonly dcd: boolean },
    ) => void,
  ): void;
}

/** The package `serialport`, as far as it is used here. */
export interface SerialLibrary {
  readonly SerialPort: {
    new (options: {
      readonly path: string;
      readonly baudRate: number;
      readonly dataBits?: 7 | 8;
      readonly parity?: 'none' | 'even' | 'odd' | 'mark' | 'space';
      readonly stopBits?: 1 | 2;
      readonly rtscts?: boolean;
      readonly xon?: boolean;
      readonly xoff?: boolean;
      readonly autoOpen: false;
    }): SerialLibraryPort;
    list(): Promise<
      readonly {
        readonly path: string;
        readonly manufacturer?: string | undefined;
        readonly serialNumber?: string | undefined;
      }[]
    >;
  };
}

/** The optional package `serialport`, or undefined where it is not installed. */
export async function serialLibrary(): Promise<SerialLibrary | undefined> {
  try {
    return (await import('serialport')) as SerialLibrary;
  } catch {
    // Optional: whoever has no serial port needs none.
    return undefined;
  }
}

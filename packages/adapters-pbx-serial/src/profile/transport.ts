import type { Duplex } from 'node:stream';

/** How a serial port is to be set. Where there is no port (TCP, memory) only `baudRate` matters: it is the rate that timers reckon with. */
export interface SerialSettings {
  /** 300-921,600. */
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space';
  readonly stopBits: 1 | 2;
  readonly flow: 'none' | 'rtscts' | 'xonxoff';
}

/** Where the bytes go: a serial port, a TCP socket, one end of a pair in memory. The driver owns it and destroys it. */
export type Transport = Duplex;

/**
 * Opens a transport, ready to be written to. The only place where one is opened.
 * It must reject and leave nothing open when the signal aborts.
 */
export type OpenTransport = (signal: AbortSignal) => Promise<Transport>;

/** The settings that kts-1 devices leave the factory with. */
export const DEFAULT_SERIAL: SerialSettings = {
  baudRate: 9_600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flow: 'none',
};

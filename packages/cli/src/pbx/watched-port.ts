import { openSerial, type PbxSerialOptionsInput } from '@cordboard/adapters-pbx-serial';
import { CtiError, isCtiError } from '@cordboard/cti-core';
import { failureOf, type OpenFailure } from '../doctor/serial/system.js';

/** What a driver is to be made of, with an eye on its serial port. */
export interface WatchedPort {
  readonly input: PbxSerialOptionsInput;
  /** Rejects when the serial port does not open, with what can be done. */
  readonly refused: Promise<never>;
}

/**
 * A driver tries a port that does not open for ever; somebody at a terminal wants to know at once, above all that a server has it: the system locks a serial port that is open.
 *
 * @returns options whose `refused` rejects with `device.missing`
 */
export function watchedPort(input: PbxSerialOptionsInput): WatchedPort {
  let refuse: (error: CtiError) => void = () => undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    refuse = reject;
  });
  // Where the port opens nobody looks at this one.
  refused.catch(() => undefined);
  const { transport } = input;
  if ('open' in transport || 'host' in transport) return { input, refused };
  const { port, baudRate = 9_600, dataBits = 8, parity = 'none', stopBits = 1, flow = 'none' } = transport;
  const openPort = openSerial(port, { baudRate, dataBits, parity, stopBits, flow });
  const open: typeof openPort = async (signal) => {
    try {
      return await openPort(signal);
    } catch (error) {
      if (!signal.aborted) refuse(refusalOf(port, error));
      throw error;
    }
  };
  return { refused, input: { ...input, transport: { baudRate, open } } };
}

const WORDS: Readonly<Record<OpenFailure, string>> = {
  busy: 'is open in another program; where that is a cordboard server, -c with its configuration or --server URL --token-file FILE goes through it',
  missing: 'is not there',
  forbidden: 'may not be opened by this user; usually: sudo usermod -aG dialout $USER, and log in again',
  notSerial: 'is no serial port',
  settings: 'refuses these settings',
  other: 'does not open',
};

function refusalOf(port: string, error: unknown): CtiError {
  if (isCtiError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  const failure = failureOf(text);
  const more = failure === 'settings' || failure === 'other' ? `: ${text}` : '';
  return new CtiError('device.missing', `${port} ${WORDS[failure]}${more}`, { cause: error });
}

import { createSocket, type Socket } from 'node:dgram';
import type { Duplex } from 'node:stream';
import { CtiError } from '@cordboard/cti-core';
import type { DeviceLoss } from '../device/port.js';
import type { OpenSerial } from '../serial/open-serial.js';
import { parseWhozzDatagram, WhozzDecoder } from '../wire/whozz/decoder.js';
import type { WhozzRecord } from '../wire/whozz/record.js';

/** Where the records of units come from. */
export interface WhozzSource {
  /** Of UDP: the port that it listens on. */
  readonly port?: number;
  /** Sends one setup toggle or command letter, where the unit can be reached. */
  send(letter: string): void;
  /** Idempotent. */
  close(): void;
}

/** Who takes what a source gives. */
export interface WhozzListener {
  /** @param unit - number of the unit; `undefined` of serial units, which have none */
  record(record: WhozzRecord, unit: number | undefined): void;
  lost(reason: DeviceLoss): void;
}

/** Opens a source for its listener. */
export type OpenWhozzSource = (
  listener: WhozzListener,
  options: { readonly signal: AbortSignal },
) => Promise<WhozzSource>;

/** A unit on a serial port, 9600 8N1 unless told otherwise. */
export function serialSource(
  port: { readonly path: string; readonly baudRate: number },
  open: OpenSerial,
): OpenWhozzSource {
  return async (listener, { signal }) => {
    const stream = await open(port, { signal });
    return readFrom(stream, listener);
  };
}

function readFrom(stream: Duplex, listener: WhozzListener): WhozzSource {
  const decoder = new WhozzDecoder();
  let state: 'open' | 'closed' = 'open';
  const lost = (): void => {
    if (state === 'closed') return;
    state = 'closed';
    stream.destroy();
    listener.lost('removed');
  };
  stream.on('data', (bytes: Uint8Array) => {
    if (state === 'open') decoder.push(bytes, (record) => listener.record(record, undefined));
  });
  for (const end of ['end', 'close', 'error'] as const) stream.on(end, lost);
  return {
    send: (letter) => {
      if (state === 'open') stream.write(letter);
    },
    close: () => {
      state = 'closed';
      stream.destroy();
    },
  };
}

/** Units on the network: all that send to a UDP port of this machine. */
export function udpSource(place: {
  readonly port: number;
  readonly host: string;
  /** Address of the unit, for setup. */
  readonly address?: string;
}): OpenWhozzSource {
  return (listener, { signal }) =>
    new Promise((resolve, reject) => {
      const socket = createSocket({ type: 'udp4', reuseAddr: false });
      const abort = (): void => {
        socket.close();
        reject(new CtiError('wait.aborted', 'the UDP port was not opened'));
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      socket.once('error', (cause) => {
        signal.removeEventListener('abort', abort);
        socket.close();
        const details = { port: place.port, linkDown: 'refused' };
        reject(
          new CtiError('device.lost', 'the UDP port cannot be opened; is another program on it', { details, cause }),
        );
      });
      socket.bind(place.port, place.host, () => {
        signal.removeEventListener('abort', abort);
        socket.removeAllListeners('error');
        resolve(listenOn(socket, { listener, ...place }));
      });
    });
}

function listenOn(
  socket: Socket,
  made: { readonly listener: WhozzListener; readonly port: number; readonly address?: string },
): WhozzSource {
  const { listener, address } = made;
  let state: 'open' | 'closed' = 'open';
  socket.on('message', (bytes) => {
    const datagram = state === 'open' ? parseWhozzDatagram(bytes) : undefined;
    if (datagram !== undefined) listener.record(datagram.record, datagram.unit);
  });
  socket.on('error', () => {
    if (state === 'closed') return;
    state = 'closed';
    socket.close();
    listener.lost('failed');
  });
  return {
    port: socket.address().port,
    send: (letter) => {
      // Commands to the unit behind the network interface begin with a dash (Ethernet Link Supplement).
      if (state === 'open' && address !== undefined) socket.send(`^^Id-${letter}`, made.port, address, () => undefined);
    },
    close: () => {
      if (state === 'closed') return;
      state = 'closed';
      socket.close();
    },
  };
}

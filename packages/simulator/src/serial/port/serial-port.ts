import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { VirtualPbx } from '../pbx/pbx.js';
import type { AttachedFace, FaceSettings, SerialFace } from './face.js';
import type { WireLine } from './wire-line.js';

/** A host that reads nothing is let go beyond this, bytes. */
const MAX_UNREAD = 8 * 1024 * 1024;

/** One port of a PBX: a face, and the line that it is on. */
export class PbxPort {
  readonly line: WireLine;
  /** How it is to be opened. */
  readonly settings: FaceSettings;
  readonly #pbx: VirtualPbx;
  readonly #attached: AttachedFace & { connected(): void; disconnected(): void };
  readonly #open = new Set<() => Promise<void>>();
  #duplex: Duplex | undefined;

  constructor(pbx: VirtualPbx, face: SerialFace, line: WireLine) {
    this.line = line;
    this.settings = face.settings;
    this.#pbx = pbx;
    this.#attached = pbx.addPort(face, line);
    line.onReceive((bytes) => this.#attached.receive(bytes));
    line.onCut = () => (line.kind === 'tcp' ? this.dropHost() : undefined);
  }

  /** The host's end in memory, in the place of any before. */
  hostEnd(): Duplex {
    this.#duplex?.destroy();
    const end = this.line.hostEnd();
    this.#duplex = end;
    if (this.line.kind === 'tcp') {
      this.#attached.connected();
      end.once('close', () => (this.#duplex === end ? this.#attached.disconnected() : undefined));
    }
    return end;
  }

  /** Puts the line on a stream (a serial port, a socket), in the place of any before. The stream's errors end it and nothing more. */
  connect(duplex: Duplex): void {
    this.#duplex?.destroy();
    this.#duplex = duplex;
    const receive = this.line.connect((bytes) => {
      if (duplex.destroyed) return;
      duplex.write(bytes);
      if (duplex.writableLength > MAX_UNREAD) duplex.destroy();
    });
    duplex.on('data', (chunk: Uint8Array) => receive(new Uint8Array(chunk)));
    // What went wrong is told by `close`; the PBX goes on without a host.
    duplex.on('error', () => undefined);
    duplex.once('close', () => {
      if (this.#duplex !== duplex) return;
      this.#duplex = undefined;
      this.line.disconnect();
      if (this.line.kind === 'tcp') this.#attached.disconnected();
    });
    if (this.line.kind === 'tcp') this.#attached.connected();
  }

  /** The stream that it is on has no host any more: a new start of the PBX, a cable out of a TCP port. */
  dropHost(): void {
    this.#duplex?.destroy();
  }

  /**
   * Listens for hosts over TCP, one at a time: a new one replaces the one before.
   * @param at - `port` 0: any free one; `host` default 127.0.0.1
   */
  async listen(at: { readonly port: number; readonly host?: string }): Promise<{ host: string; port: number }> {
    const server = createServer((socket) => this.#accept(socket));
    server.listen({ port: at.port, host: at.host ?? '127.0.0.1' });
    await once(server, 'listening');
    this.#open.add(() => stop(server));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has an address');
    return { host: address.address, port: address.port };
  }

  /** Closes the port and everything that it was on. Twice is once. */
  async close(): Promise<void> {
    this.#attached.close();
    this.#duplex?.destroy();
    this.line.close();
    const closing = [...this.#open].map((close) => close());
    this.#open.clear();
    await Promise.all(closing);
  }

  #accept(socket: Socket): void {
    if (this.#pbx.power === 'off') {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.connect(socket);
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

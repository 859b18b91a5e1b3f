import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP cable between the server and the switch that can be cut: connections that it carries break at once, new ones are refused
 * until it is mended. Or it goes deaf: connections stay open and nothing passes any more.
 */
export class Cable {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #state: 'whole' | 'cut' | 'deaf' | 'hushed' = 'whole';

  private constructor(server: Server, ports: { readonly own: number; readonly target: number }) {
    this.#server = server;
    this.#target = ports.target;
    this.port = ports.own;
    server.on('connection', (near) => this.#join(near));
  }

  /** Lays a cable from a port of the kernel's choice to `target`, both on 127.0.0.1. */
  static async to(target: number): Promise<Cable> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    return new Cable(server, { own: address.port, target });
  }

  /** Connections that it carries and that whoever dialled has not ended: FreeSWITCH keeps its end open for as long as a job of the other one runs. */
  get connections(): number {
    return [...this.#pairs].filter(([near]) => !near.readableEnded).length;
  }

  /** Breaks every connection (reset) and takes no new one until {@link mend}. */
  cut(): void {
    this.#state = 'cut';
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  /** Lets nothing through in either direction and leaves the connections open until {@link mend}, which then breaks them. */
  deafen(): void {
    this.#state = 'deaf';
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** Lets nothing of the target's words through until {@link unhush}, and loses none of them. */
  hush(): void {
    if (this.#state !== 'whole') return;
    this.#state = 'hushed';
    for (const [, far] of this.#pairs) far.pause();
  }

  /** Lets the target be heard again, with what it said meanwhile. */
  unhush(): void {
    if (this.#state !== 'hushed') return;
    this.#state = 'whole';
    for (const [, far] of this.#pairs) far.resume();
  }

  /** Carries new connections again. */
  mend(): void {
    if (this.#state === 'deaf') this.cut();
    this.#state = 'whole';
  }

  /** Takes it away; may be called twice. */
  async close(): Promise<void> {
    this.cut();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: this.#target, allowHalfOpen: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as const) {
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      from.on('drain', () => {
        if (this.#state !== 'deaf' && !(this.#state === 'hushed' && to === far)) to.resume();
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.#state === 'deaf') near.pause();
    if (this.#state === 'deaf' || this.#state === 'hushed') far.pause();
  }
}

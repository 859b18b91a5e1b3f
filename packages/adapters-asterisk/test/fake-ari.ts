import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the driver asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer of the fake: a status, a body, or silence. */
export type Answer = { readonly status: number; readonly body?: unknown } | 'silence';

/** ARI as far as a driver's link needs it: event socket and REST on one port of the kernel's choice. */
export class FakeAri {
  readonly asked: Asked[] = [];
  readonly sockets = new Set<WebSocket>();
  /** Status with which the event socket is refused; 0 lets it in. */
  refuse = 0;
  channels: unknown[] = [];
  bridges: unknown[] = [];
  /** Overrides the answer to a request. */
  answer: (asked: Asked) => Answer | undefined | Promise<Answer | undefined> = () => undefined;
  readonly #server: Server;
  readonly #ws = new WebSocketServer({ noServer: true });
  readonly #raw = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#raw.add(socket);
      socket.on('close', () => this.#raw.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => {
      if (this.refuse > 0) {
        socket.end(`HTTP/1.1 ${this.refuse} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        return;
      }
      this.#ws.handleUpgrade(request, socket, head, (client) => {
        this.sockets.add(client);
        client.on('close', () => this.sockets.delete(client));
        client.on('error', () => undefined);
      });
    });
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<FakeAri> {
    const server = createServer();
    const fake = new FakeAri(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sockets that are open, of either kind. */
  get connections(): number {
    return this.#raw.size;
  }

  /** Sends an event, as it is when text. */
  say(event: object | string): void {
    for (const socket of this.sockets) socket.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  /**
   * Resolves once the driver has read every event said so far. An answer goes over another connection than the events: without this, either may come first.
   */
  async heard(): Promise<void> {
    await Promise.all(
      [...this.sockets].map(async (socket) => {
        const pong = once(socket, 'pong');
        socket.ping();
        await pong;
      }),
    );
  }

  /** Breaks every socket. */
  cut(): void {
    for (const socket of this.#raw) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#ws.close();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://x');
    const text = Buffer.concat(chunks).toString();
    const asked: Asked = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname.replace('/ari', '')),
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.asked.push(asked);
    const answer = (await this.answer(asked)) ?? this.#standard(asked);
    if (answer === 'silence') return;
    const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  #standard(asked: Asked): Answer {
    if (asked.method === 'GET') {
      if (asked.path === '/channels') return { status: 200, body: this.channels };
      if (asked.path === '/bridges') return { status: 200, body: this.bridges };
      if (asked.path === '/endpoints')
        return { status: 200, body: [{ technology: 'PJSIP', resource: '8001', state: 'online' }] };
      if (asked.path.startsWith('/applications/')) return { status: 200, body: { channel_ids: [] } };
      return { status: 404, body: { message: 'not found' } };
    }
    return { status: 204 };
  }
}

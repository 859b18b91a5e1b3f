import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  asId,
  type ClientCommandId,
  type ClientId,
  type ClientOutcome,
  CtiError,
  type UserId,
} from '@cordboard/cti-core';
import { MAX_CLIENT_FRAME_BYTES, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX, toWireError } from '@cordboard/cti-protocol';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../streams/frame.js';
import { WsClient } from './client.js';
import type { Desk } from './desk.js';
import { Outbox } from './outbox.js';
import { refuseUpgrade } from './refuse-upgrade.js';

/** A socket that says why before `ws` closes it for a frame that is too large. */
class ClientSocket extends WebSocket {
  /** Called before the close frame goes out. */
  beforeClose: ((code: number | undefined) => void) | undefined;

  override close(code?: number, data?: string | Buffer): void {
    this.beforeClose?.(code);
    super.close(code, data);
  }
}

/** What the gateway needs; the rest of {@link Desk} it makes itself. */
export interface GatewayOptions extends Omit<Desk, 'awaitOutcome' | 'closed'> {
  /** Origins of pages that may connect beside the server's own. */
  readonly origins: readonly string[];
  /** Sockets at once, with those that were told to go and are not closed yet; one more is refused with 503. */
  readonly maxClients: number;
}

const TOO_LARGE = 1009;
/** How long a client may take to answer the server's goodbye, ms. */
const GOODBYE_MS = 2000;
/** Origins whose pages were turned away that are remembered, to tell each in the log once only; and characters of one that are told. */
const STRANGERS = 100;
const ORIGIN_CHARS = 200;

/** Takes WebSocket clients in, knows who waits for which outcome, lets all go at the end. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #desk: Desk;
  readonly #sockets: WebSocketServer;
  readonly #clients = new Set<WsClient>();
  readonly #waiting = new Map<string, Set<WsClient>>();
  readonly #waitedFor = new Map<WsClient, Set<string>>();
  #state: 'open' | 'draining' = 'open';
  /** Sockets that are not closed yet, their clients gone or not. */
  readonly #live = new Set<ClientSocket>();
  /** Origins whose pages were turned away. */
  readonly #strangers = new Set<string>();
  #cutting: 'planned' | 'none' = 'none';
  #cancelCut: () => void = () => undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#desk = {
      ...options,
      engine: options.engine,
      awaitOutcome: (client, commandId) => this.#await(client, commandId),
      closed: (client) => this.#forget(client),
    };
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_CLIENT_FRAME_BYTES,
      WebSocket: ClientSocket,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
  }

  /** Connected clients. */
  get size(): number {
    return this.#clients.size;
  }

  /** Takes over a request to upgrade, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      if (!(ws instanceof ClientSocket)) return;
      const client = this.#open(ws, socket, tokenOf(request));
      if (!originAllowed(request, this.#options.origins)) this.#turnAway(client, request.headers.origin ?? '');
    });
  }

  /** Gives an outcome to those who wait for it. */
  outcome(userId: UserId, commandId: ClientCommandId, outcome: ClientOutcome): void {
    const key = `${userId}\0${commandId}`;
    const clients = this.#waiting.get(key);
    if (clients === undefined) return;
    this.#waiting.delete(key);
    for (const client of clients) {
      this.#waitedFor.get(client)?.delete(key);
      client.send({ type: 'outcome', commandId, outcome });
    }
  }

  /** Lets every client follow a changed configuration. */
  reconsider(): void {
    for (const client of [...this.#clients]) client.reconsider();
  }

  /** Says goodbye to all and takes nobody in any more. */
  close(): void {
    this.#state = 'draining';
    for (const client of [...this.#clients]) {
      client.leave(new CtiError('server.draining', 'the server stops: connect again in a moment'));
    }
    this.#sockets.close();
    this.#planCut();
  }

  /** A client that does not answer must not hold up the end. */
  #planCut(): void {
    if (this.#live.size === 0 || this.#cutting === 'planned') return;
    this.#cutting = 'planned';
    this.#cancelCut = this.#options.clock.setTimer(GOODBYE_MS, () => {
      for (const ws of this.#live) ws.terminate();
    });
  }

  #refusal(): string | undefined {
    if (this.#state === 'draining' || this.#live.size >= this.#options.maxClients) return '503 Service Unavailable';
    return undefined;
  }

  /** Over the socket, since a browser keeps the status of a refused upgrade from its page: the page could not say why, and would try for ever. */
  #turnAway(client: WsClient, origin: string): void {
    client.leave(new CtiError('auth.origin', 'pages of this origin may not use this server unless it is configured'));
    const told = origin.slice(0, ORIGIN_CHARS);
    if (this.#strangers.has(told) || this.#strangers.size >= STRANGERS) return;
    this.#strangers.add(told);
    this.#options.log.warn('a page was turned away: name its origin in server.origins if it is yours', {
      origin: told,
    });
  }

  #open(ws: ClientSocket, socket: Duplex, offeredToken: string | undefined): WsClient {
    const outbox = new Outbox(socket);
    const client = new WsClient({
      clientId: asId<ClientId>(randomUUID()),
      desk: this.#desk,
      outbox,
      offeredToken,
      end: { close: (code, reason) => ws.close(code, reason), terminate: () => ws.terminate() },
    });
    this.#clients.add(client);
    this.#live.add(ws);
    ws.beforeClose = (code) => {
      if (code !== TOO_LARGE || ws.readyState !== WebSocket.OPEN) return;
      const error = new CtiError('wire.frameTooLarge', `a frame may have ${MAX_CLIENT_FRAME_BYTES} bytes`);
      socket.write(textFrame(JSON.stringify({ type: 'error', ...toWireError(error) })));
    };
    ws.on('message', (data, isBinary) => {
      if (isBinary) client.receiveBinary();
      else client.receive(data.toString());
    });
    // `ws` closes the socket after an error by itself; without a listener it would end the process.
    ws.on('error', () => this.#options.count('refused'));
    ws.on('close', () => {
      this.#live.delete(ws);
      if (this.#live.size === 0) this.#cancelCut();
      client.gone();
    });
    return client;
  }

  #await(client: WsClient, commandId: ClientCommandId): void {
    if (client.who === undefined) return;
    const key = `${client.who.userId}\0${commandId}`;
    const clients = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, clients.add(client));
    const keys = this.#waitedFor.get(client) ?? new Set();
    this.#waitedFor.set(client, keys.add(key));
  }

  #forget(client: WsClient): void {
    this.#clients.delete(client);
    for (const key of this.#waitedFor.get(client) ?? []) {
      const clients = this.#waiting.get(key);
      clients?.delete(client);
      if (clients?.size === 0) this.#waiting.delete(key);
    }
    this.#waitedFor.delete(client);
  }
}

/** Programs send no origin; pages do: their own server's, or a configured one. */
export function originAllowed(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (origins.includes(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function tokenOf(request: IncomingMessage): string | undefined {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  return offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))?.slice(TOKEN_SUBPROTOCOL_PREFIX.length);
}

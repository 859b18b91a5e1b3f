import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As long as a card's number may be, and no key twice in a row: one that is heard twice makes a number that is none. */
export const CARD = '6212020201213232141';
export const PIN = '482913';
/** In fen: one thousand two hundred thirty four yuan fifty six fen. */
const BALANCE = 123_456;
export const ACCOUNT = 'A-77-of-the-laboratory';
const ORDER = '501';

/** One request that came. */
export interface BankRequest {
  readonly path: string;
  readonly key: string;
  readonly atMs: number;
}

/**
 * The bank's service, as real as a scenario needs it: it refuses who does not show its key, refuses a request without an Idempotency-Key, and books an
 * order once for each of those.
 */
export class LabBank {
  readonly requests: BankRequest[] = [];
  /** Numbers of orders by the key with which they were booked. */
  readonly booked = new Map<string, string>();
  /** What was wrong with requests. */
  readonly faults: string[] = [];
  /** While it holds, orders are booked and nobody is told. */
  holds: 'no' | 'orders' = 'no';
  readonly #server: Server;
  readonly #secret: string;

  private constructor(secret: string) {
    this.#secret = secret;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.faults.push(String(error)));
    });
  }

  /** Listens on a port of the kernel's choice. */
  static async open(secret: string): Promise<LabBank> {
    const bank = new LabBank(secret);
    bank.#server.listen(0, '127.0.0.1');
    await once(bank.#server, 'listening');
    return bank;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests to one path. */
  to(path: string): readonly BankRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const key = String(request.headers['idempotency-key'] ?? '');
    this.requests.push({ path, key, atMs: Date.now() });
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${this.#secret}`) {
      this.faults.push(`${path}: wrong key of the bank`);
      return send(403, {});
    }
    if (key === '' || request.method !== 'POST') {
      this.faults.push(`${request.method} ${path}: key '${key}'`);
      return send(400, {});
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Readonly<Record<string, string>>;
    if (path === '/sessions') {
      const isRight = body.card === CARD && body.pin === PIN;
      return isRight ? send(201, { account: ACCOUNT, level: 'gold' }) : send(401, {});
    }
    if (body.account !== ACCOUNT) return send(404, {});
    if (path === '/balance') return send(200, { balance: BALANCE });
    if (path !== '/orders') return send(404, {});
    if (!this.booked.has(key)) this.booked.set(key, ORDER);
    if (this.holds === 'no') send(201, { number: this.booked.get(key) });
  }
}

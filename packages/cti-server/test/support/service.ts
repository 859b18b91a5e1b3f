import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP service on a port of its own that remembers what it was asked. */
export interface Service {
  readonly origin: string;
  readonly port: number;
  readonly asked: Asked[];
  /** Resolves when it has been asked so often. */
  count(n: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one. @param answer - what it does with each request */
export async function startService(answer: (asked: Asked, response: ServerResponse) => void): Promise<Service> {
  const asked: Asked[] = [];
  let waiters: { readonly n: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      for (const { n, resolve } of waiters) if (asked.length >= n) resolve();
      waiters = waiters.filter(({ n }) => asked.length < n);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    count: (n) => (asked.length >= n ? Promise.resolve() : new Promise((resolve) => waiters.push({ n, resolve }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

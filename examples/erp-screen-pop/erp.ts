// A small ERP with a web server of its own. What it does for the telephone fits in three routes: the page with the bar in it,
// a token for the person who is signed in, and the customer page that the pop opens.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the ERP knows of its customers. */
const customers: Readonly<Record<string, { readonly name: string; readonly orders: string }>> = {
  '+8613900000001': { name: 'Weilan Trading', orders: 'A-2210' },
  '+8613900000002': { name: 'Fang Home Textiles', orders: 'A-2198' },
  '+8613900000003': { name: 'Nowak & Sons', orders: 'A-2231' },
};

/** What the ERP needs. */
export interface ErpOptions {
  readonly port: number;
  /** Address of the Cordboard server as the browser reaches it. */
  readonly cti: () => string;
  /** A token for the person of this session; a real ERP looks at its own cookie first and answers 401 to strangers. */
  readonly tokenOf: () => Promise<string>;
  /** The client, one file: `dist/cordboard.js` of `@cordboard/agent-sdk`. */
  readonly client: string;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/gu, (sign) => `&#${sign.codePointAt(0) ?? 63};`);

async function page(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
  return text.replace(/\{\{(\w+)\}\}/gu, (_whole, key: string) => escapeHtml(values[key] ?? ''));
}

async function answer(
  options: ErpOptions,
  url: URL,
): Promise<{ readonly type: string; readonly body: string } | undefined> {
  const html = 'text/html; charset=utf-8';
  switch (url.pathname) {
    case '/':
      return { type: html, body: await page('index.html', { cti: options.cti() }) };
    case '/customer': {
      const value = (key: string): string => url.searchParams.get(key) ?? '';
      const { name = 'New customer', orders = 'none' } = customers[value('phone')] ?? {};
      const facts = { name, orders, phone: value('phone'), queue: value('queue'), call: value('call') };
      return { type: html, body: await page('customer.html', facts) };
    }
    case '/token':
      return { type: 'application/json', body: JSON.stringify({ token: await options.tokenOf() }) };
    case '/cordboard.js':
      return { type: 'text/javascript; charset=utf-8', body: options.client };
    case '/erp.css':
      return { type: 'text/css; charset=utf-8', body: await page('erp.css', {}) };
    default:
      return undefined;
  }
}

/** Starts it on this machine. */
export async function startErp(options: ErpOptions): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    answer(options, new URL(request.url ?? '/', 'http://erp')).then(
      (found) => {
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' });
        response.end(found?.body ?? 'not here');
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

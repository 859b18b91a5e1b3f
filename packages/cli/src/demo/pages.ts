import { readFile } from 'node:fs/promises';
import type { CtiServer, ServerPorts } from '@cordboard/cti-server';
import type { VirtualSwitch } from '@cordboard/simulator';
import { addressOf, callIn } from './callers.js';
import { clientScript } from './client-script.js';
import { CUSTOMERS, customerOf } from './customers.js';
import { PEOPLE, SUPERVISOR, SUPERVISOR_SEAT, YOU } from './floor.js';

/** The server's HTTP side, as it hands itself out for pages. */
export type App = Parameters<NonNullable<ServerPorts['extend']>>[0];

/** What the pages reach. */
export interface PagesOptions {
  readonly pbx: VirtualSwitch;
  readonly random: () => number;
  readonly server: () => CtiServer;
}

const FILES = {
  'index.html': 'text/html; charset=utf-8',
  'board.html': 'text/html; charset=utf-8',
  'erp.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'texts.js': 'text/javascript; charset=utf-8',
  'desk.js': 'text/javascript; charset=utf-8',
  'board.js': 'text/javascript; charset=utf-8',
  'erp.js': 'text/javascript; charset=utf-8',
} as const;

const webDir = new URL('../web/', import.meta.url);
const webDirOfSource = new URL('../../web/', import.meta.url);

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const tokenS = 12 * 3600;
const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/u;

async function fileText(name: string): Promise<string> {
  const inSource = import.meta.url.endsWith('.ts');
  return readFile(new URL(name, inSource ? webDirOfSource : webDir), 'utf8');
}

/** Adds the demo's pages: files, tokens for its two people, a telephone that calls in, and the sample ERP's customers. */
export async function addPages(app: App, options: PagesOptions): Promise<void> {
  const page = (path: string, type: string, text: string): void => {
    app.get(path, async (_request, reply) => reply.headers({ ...HEADERS, 'content-type': type }).send(text));
  };
  for (const [name, type] of Object.entries(FILES)) {
    const text = await fileText(name);
    page(`/${name}`, type, text);
    if (name === 'index.html') page('/', type, text);
  }
  page('/cordboard.js', 'text/javascript; charset=utf-8', await clientScript());
  // Only a browser on this machine, by a name of this machine: a page elsewhere must not get a token by a name that leads here.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/demo/') || loopback.test(request.headers.host ?? '')) return undefined;
    return reply.code(403).send({ code: 'auth.origin', message: 'the demo answers this machine alone' });
  });
  addData(app, options);
}

function addData(app: App, { pbx, random, server }: PagesOptions): void {
  app.get('/demo/info', async (_request, reply) =>
    reply.headers(HEADERS).send({
      you: YOU,
      supervisor: SUPERVISOR,
      supervisorSeat: SUPERVISOR_SEAT,
      colleagues: PEOPLE.filter(({ id }) => id !== YOU).map(({ seat, name, queue }) => ({ seat, name, queue })),
      customers: CUSTOMERS.map(({ number, name }) => ({ number, name })),
    }),
  );
  app.get('/demo/token/:who', async (request, reply) => {
    const { who } = request.params as { readonly who: string };
    const wanted = tokenRequestOf(who);
    if (wanted === undefined) return reply.code(404).send({ code: 'resource.notFound' });
    return reply.headers(HEADERS).send(await server().makeToken(wanted));
  });
  app.get('/demo/customers', async (request, reply) => {
    const { phone } = request.query as { readonly phone?: unknown };
    const customer = typeof phone === 'string' ? customerOf(phone) : undefined;
    return reply.headers(HEADERS).send({ customer: customer ?? null });
  });
  app.post('/demo/calls', async (request, reply) => {
    const from = (request.body as { readonly from?: unknown } | null)?.from ?? 'any';
    const address = typeof from === 'string' ? addressOf(from, random) : undefined;
    if (address === undefined) return reply.code(400).send({ code: 'argument.invalid' });
    const taken = callIn(pbx, pbx.party(address), {
      keys: `2${random() < 0.5 ? '1' : '2'}`,
      keyMs: 900,
      talkMs: 5 * 60_000,
      patienceMs: 4 * 60_000,
    });
    return taken ? reply.code(202).send({ from: address }) : reply.code(503).send({ code: 'driver.refused' });
  });
}

/** Whose tokens the demo gives away. */
export function tokenRequestOf(who: string): Parameters<CtiServer['makeToken']>[0] | undefined {
  if (who === 'agent') return { userId: YOU, role: 'agent', agentId: YOU, ttlS: tokenS };
  if (who === 'supervisor') return { userId: SUPERVISOR, role: 'supervisor', ttlS: tokenS };
  if (who === 'admin') return { userId: 'admin', role: 'admin', ttlS: tokenS };
  return undefined;
}

// The server of the board: a Cordboard server on the simulated PBX, with the page, its token, and day and night.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ProgrammingFacet } from '@cordboard/cti-core';
import { type CtiServer, createServer, type ServerPorts } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { build } from 'esbuild';
import { site } from './config.js';
import { makeWorld, type World } from './world.js';

type App = Parameters<NonNullable<ServerPorts['extend']>>[0];

/** How to start it. */
export interface BoardOptions {
  /** 0: any free one. Default that of the configuration. */
  readonly port?: number;
  readonly dataDir: string;
  readonly people?: 'busy' | 'none';
  readonly log?: ServerPorts['log'];
}

/** A board that runs. */
export interface RunningBoard {
  readonly url: string;
  readonly world: World;
  readonly server: CtiServer;
  stop(): Promise<void>;
}

/** The system password of the simulated PBX, as it left the factory. Yours belongs in an environment variable. */
const PASSWORD = '1967590';
const MODE = { id: 'dayNight.mode', index: 0 } as const;
const MODES = ['day', 'night'] as const;
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** The page's script with the client in it, one file. */
async function pageScript(): Promise<string> {
  const made = await build({
    entryPoints: [fileURLToPath(new URL('page/board.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    conditions: ['@cordboard/source'],
    write: false,
    logLevel: 'silent',
  });
  return made.outputFiles[0]?.text ?? '';
}

/** Starts the simulated PBX and the server. */
export async function startBoard({ port, dataDir, people = 'busy', log }: BoardOptions): Promise<RunningBoard> {
  const world = makeWorld(systemClock, people);
  const at = await world.pbx.listen({ port: 0 });
  world.pbx.start();
  const config = site({ host: at.host, port: at.port }, dataDir);
  const server = createServer(
    { ...config, server: { ...config.server, ...(port === undefined ? {} : { port }) } },
    { extend: (app) => addPages(app, () => server), ...(log === undefined ? {} : { log }) },
  );
  const { url } = await server.start();
  return {
    url,
    world,
    server,
    async stop() {
      world.stop();
      await server.stop();
      await world.pbx.close();
    },
  };
}

async function addPages(app: App, server: () => CtiServer): Promise<void> {
  const files = [
    ['/', 'text/html; charset=utf-8', await readFile(new URL('page/index.html', import.meta.url), 'utf8')],
    ['/board.css', 'text/css; charset=utf-8', await readFile(new URL('page/board.css', import.meta.url), 'utf8')],
    ['/board.js', 'text/javascript; charset=utf-8', await pageScript()],
  ] as const;
  for (const [path, type, text] of files) {
    app.get(path, async (_request, reply) => reply.headers({ ...HEADERS, 'content-type': type }).send(text));
  }
  // Your own server looks at its session first. A supervisor with a seat sees the board and telephones.
  app.get('/board/token', async (_request, reply) =>
    reply
      .headers(HEADERS)
      .send(await server().makeToken({ userId: 'ann', role: 'supervisor', agentId: 'ann', ttlS: 3_600 })),
  );
  app.get('/board/mode', async (_request, reply) => reply.headers(HEADERS).send({ mode: await modeOf(server()) }));
  app.put('/board/mode', async (request, reply) => {
    const value = MODES.indexOf((request.body as { readonly mode?: 'day' } | null)?.mode ?? ('' as 'day'));
    if (value < 0) return reply.code(400).send({ code: 'argument.invalid' });
    const { signal } = new AbortController();
    await programmingOf(server()).set([{ ...MODE, value }], { password: PASSWORD, signal });
    return reply.headers(HEADERS).send({ mode: await modeOf(server()) });
  });
}

function programmingOf(server: CtiServer): ProgrammingFacet {
  const facet = server.driver('kts')?.facets?.programming;
  if (facet === undefined) throw new Error('the PBX cannot be programmed');
  return facet;
}

async function modeOf(server: CtiServer): Promise<(typeof MODES)[number]> {
  const [outcome] = await programmingOf(server).get([MODE], new AbortController());
  return outcome?.value === 1 ? 'night' : 'day';
}

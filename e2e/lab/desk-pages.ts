import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const script = fileURLToPath(new URL('../../packages/agent-sdk/dist/cordboard.js', import.meta.url));

/** Adds the page of an agent's desk and of the customer that it pops, with the built script of the agent SDK. */
export function deskPages(app: FastifyInstance): void {
  app.get('/lab/cordboard.js', (_request, reply) => {
    if (!existsSync(script)) return reply.code(503).type('text/plain').send('the agent SDK is not built');
    return reply.type('text/javascript').send(readFileSync(script));
  });
}

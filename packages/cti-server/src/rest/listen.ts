import { CtiError } from '@cordboard/cti-core';
import type { FastifyInstance } from 'fastify';
import type { ServerAddress } from '../server.js';

/** Begins to listen; port 0 takes a free one. @throws {CtiError} `resource.conflict` when the port cannot be had */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<ServerAddress> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw new CtiError('resource.conflict', `port ${port} cannot be listened on: choose another one`, {
      cause,
      details: { port },
    });
  }
  const bound = app.server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shown}:${boundPort}`, ws: `ws://${shown}:${boundPort}/v1/ws`, port: boundPort };
}

import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ByteRange, readRange } from './range.js';

/** A file that is sent. */
export interface Sendable {
  readonly bytes: number;
  readonly mediaType: string;
  /** Name for who saves it. */
  readonly name: string;
  readonly open: (range?: ByteRange) => Readable;
}

/** Sends a file, or the part of it that was asked for. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: Sendable): FastifyReply {
  const range = readRange(request.headers.range, file.bytes);
  reply.header('accept-ranges', 'bytes').header('content-type', file.mediaType);
  reply
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `inline; filename="${file.name.replace(/[^A-Za-z0-9._-]/gu, '_')}"`);
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${file.bytes}`).type('application/json').send({
      code: 'argument.invalid',
      message: 'range: expected bytes of the file [argument.invalid]',
      retryable: false,
    });
  }
  if (range === undefined) return reply.header('content-length', file.bytes).send(file.open());
  return reply
    .code(206)
    .header('content-range', `bytes ${range.first}-${range.last}/${file.bytes}`)
    .header('content-length', range.last - range.first + 1)
    .send(file.open(range));
}

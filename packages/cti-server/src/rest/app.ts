import { CtiError, type CtiErrorCode, ERROR_CODES, isCtiError } from '@cordboard/cti-core';
import {
  fromZodError,
  OPERATION_IDS,
  type Operation,
  type OperationId,
  operation,
  toWireError,
} from '@cordboard/cti-protocol';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Identity } from '../auth/tokens.js';
import { maskClassOf } from '../ws/desk.js';
import { originAllowed } from '../ws/gateway.js';
import { callNoteHandlers } from './call-notes.js';
import type { Handler, RestDesk } from './context.js';
import { deskHandlers } from './desk-handlers.js';
import { flowRecordHandlers } from './flow-records.js';
import { objectHandlers } from './objects.js';
import { recordHandlers } from './records.js';
import { speedDialHandlers } from './speed-dial.js';
import { switchHandlers } from './switches.js';
import { voiceHandlers } from './voice.js';

const BODY_BYTES = 2 * 1024 * 1024;
/** Requests of one address in ten seconds. */
const REQUESTS = 3000;
const WINDOW_MS = 10_000;

const NOBODY: Identity = { userId: '' as Identity['userId'], role: 'operator', tenant: '', endsWallMs: 0 };

/** The REST interface: one route for each operation of the table, with its checks, its permission and its errors. */
export async function createApp(
  desk: RestDesk,
  extend?: (app: FastifyInstance) => void | Promise<void>,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  await app.register(rateLimit, { max: REQUESTS, timeWindow: WINDOW_MS, errorResponseBuilder: tooMany });
  app.addHook('onRequest', async (request, reply) => guardOrigin(request, reply, desk.origins));
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // Clients that name a media type for every request send none of it where there is no body.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body.toString(), done);
  });
  // Bytes that are no JSON come to the operations that ask for them alone; the others refuse the type.
  const media = OPERATION_IDS.flatMap((id) => operation(id).upload?.media ?? []);
  app.addContentTypeParser([...new Set(media)], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => {
    answerError(new CtiError('resource.notFound', 'there is no such operation'), _request, reply);
  });
  const handlers = {
    ...deskHandlers(desk),
    ...objectHandlers(desk),
    ...recordHandlers(desk),
    ...flowRecordHandlers(desk),
    ...voiceHandlers(desk),
    ...speedDialHandlers(desk),
    ...switchHandlers(desk),
    ...callNoteHandlers(desk),
  };
  for (const id of OPERATION_IDS) addRoute(app, desk, { id, handler: handlers[id] });
  await extend?.(app);
  return app;
}

function addRoute(
  app: FastifyInstance,
  desk: RestDesk,
  route: { id: OperationId; handler: Handler | undefined },
): void {
  const { id, handler } = route;
  if (handler === undefined) throw new CtiError('server.internal', `operation ${id} has no handler`);
  const one = operation(id);
  app.route({
    method: one.method,
    ...(one.upload === undefined ? {} : { bodyLimit: one.upload.bytes }),
    url: one.path.replace(/\{(\w+)\}/gu, ':$1'),
    handler: async (request, reply) => {
      const who = one.roles === 'anyone' ? NOBODY : await admit(request, desk, one);
      const value = await handler({
        who,
        maskClass: one.roles === 'anyone' ? 'hidden' : maskClassOf(who, desk.keeper.current),
        params: checked(one.params, request.params, '') as Record<string, string>,
        query: checked(one.query, request.query, ''),
        body: bodyOf(one, request),
        request,
        reply,
      });
      if (reply.sent || value === reply) return reply;
      if (one.answer.status === 204) return reply.code(204).send();
      if (reply.statusCode === 200) reply.code(one.answer.status);
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
    },
  });
}

/** Who asks, when they may. */
async function admit(request: FastifyRequest, desk: RestDesk, one: Operation): Promise<Identity> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ', 2);
  const who = await desk.tokens.check(scheme?.toLowerCase() === 'bearer' ? token : undefined);
  if (one.roles !== 'anyone' && !one.roles.includes(who.role)) {
    throw new CtiError('auth.forbidden', `the role ${who.role} may not do this`);
  }
  return who;
}

/** The body as its operation wants it: JSON that fits its schema, or bytes. */
function bodyOf(one: Operation, { body }: FastifyRequest): unknown {
  if (one.upload === undefined) {
    if (Buffer.isBuffer(body)) throw new CtiError('argument.invalid', 'expected a body of type application/json');
    return checked(one.body, body ?? (one.body === undefined ? undefined : {}), '');
  }
  if (Buffer.isBuffer(body)) return body;
  throw new CtiError('argument.invalid', `expected a body of one of the types ${one.upload.media.join(', ')}`);
}

function checked(schema: Operation['body'], value: unknown, root: string): unknown {
  if (schema === undefined) return value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const error = fromZodError('argument.invalid', result.error, root);
  throw error.details.path === 'number' ? fromZodError('argument.number', result.error, root) : error;
}

/** Programs send no origin. Pages of configured origins are answered with the headers that let them read; foreign ones are refused. */
function guardOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  origins: readonly string[],
): FastifyReply | undefined {
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  if (!originAllowed(request.raw, origins)) {
    throw new CtiError('auth.origin', 'pages of this origin may not use this server unless it is configured');
  }
  reply.header('access-control-allow-origin', origin).header('vary', 'origin');
  if (request.method !== 'OPTIONS') return undefined;
  return reply
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    .header('access-control-allow-headers', 'authorization, content-type, range')
    .header('access-control-max-age', '600')
    .code(204)
    .send();
}

function tooMany(): Error {
  return new CtiError('server.busy', 'too many requests from this address: slow down');
}

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const ours = isCtiError(error) ? error : fromFastify(error);
  const wire = toWireError(ours);
  void reply.code(ERROR_CODES[wire.code].http).type('application/json; charset=utf-8').send(JSON.stringify(wire));
}

/** Fastify's own refusals in our codes; their texts may quote the body, their codes are the library's: both are left out. */
function fromFastify(error: unknown): unknown {
  const { statusCode } = error as { readonly statusCode?: number };
  const known: Readonly<Record<number, readonly [CtiErrorCode, string]>> = {
    400: ['argument.invalid', 'the request cannot be read'],
    413: ['wire.frameTooLarge', `a body may have ${BODY_BYTES} bytes`],
    415: ['argument.invalid', 'expected a body of type application/json'],
    429: ['server.busy', 'too many requests from this address: slow down'],
  };
  const entry = statusCode === undefined ? undefined : known[statusCode];
  if (entry === undefined) return error;
  return new CtiError(entry[0], entry[1]);
}

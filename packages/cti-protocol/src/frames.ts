import { type ClientOutcome, ROLES, WORK_KINDS } from '@cordboard/cti-core';
import * as z from 'zod';
import { clientCommand } from './client-commands.js';
import { errorCode, errorDetails, wireError } from './errors.js';
import { agentId, callId, clientCommandId, clientId, queueId, streamId, userId } from './ids.js';
import { wallMs } from './schema-helpers.js';
import {
  type ClientFrame,
  type Cursor,
  MASK_CLASSES,
  MAX_SUBSCRIPTIONS,
  RESET_REASONS,
  type ServerFrame,
  type SpeedDialEntry,
  STREAM_GRANTS,
} from './types.js';
import { publishedEvent, streamSnapshot } from './views.js';

/** Schema of {@link Cursor}. */
export const cursor = z.object({ epoch: z.string().min(1).max(16), seq: z.int().min(0) }) satisfies z.ZodType<Cursor>;

/** A token as text: at most 4,096 characters. */
export const tokenText = z.string().min(1).max(4096);

/** Schema of {@link ClientFrame}. */
export const clientFrame = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('hello'),
      protocol: z.int(),
      token: tokenText.exactOptional(),
      tab: z.string().min(1).max(64).exactOptional(),
      clientName: z.string().max(128).exactOptional(),
      resume: z
        .array(z.object({ stream: streamId, cursor }))
        .max(MAX_SUBSCRIPTIONS)
        .exactOptional(),
    }),
    z.object({ type: z.literal('token'), token: tokenText }),
    z.object({ type: z.literal('subscribe'), stream: streamId, cursor: cursor.exactOptional() }),
    z.object({ type: z.literal('unsubscribe'), stream: streamId }),
    z.object({ type: z.literal('command'), commandId: clientCommandId, command: clientCommand }),
    z.object({ type: z.literal('ping'), nonce: z.string().max(64).exactOptional() }),
  ])
  .meta({ id: 'ClientFrame' }) satisfies z.ZodType<ClientFrame>;

/** Schema of {@link ClientOutcome}. */
export const clientOutcome = z
  .discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('done'), callId: callId.exactOptional(), slot: z.int().exactOptional() }),
    z.object({ outcome: z.literal('unconfirmed'), callId: callId.exactOptional() }),
    z.object({
      outcome: z.literal('failed'),
      code: errorCode,
      message: z.string(),
      details: errorDetails.exactOptional(),
    }),
  ])
  .meta({ id: 'ClientOutcome' }) satisfies z.ZodType<ClientOutcome>;

/** Schema of {@link SpeedDialEntry}. */
export const speedDialEntry = z
  .object({
    code: z.string(),
    name: z.string(),
    number: z.string().exactOptional(),
    list: z.enum(['own', 'site']),
  })
  .meta({ id: 'SpeedDialEntry' }) satisfies z.ZodType<SpeedDialEntry>;

const wireErrorFields = wireError.shape;

/** Schema of {@link ServerFrame}. Servers do not check their own frames with it; tests and strict clients do. */
export const serverFrame = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('welcome'),
      protocol: z.int(),
      userId,
      role: z.enum(ROLES),
      agentId: agentId.exactOptional(),
      clientId,
      tenant: z.string(),
      epoch: z.string(),
      serverTimeMs: wallMs,
      serverNowMs: z.number(),
      maskClass: z.enum(MASK_CLASSES),
      commands: z.array(z.string()),
      streams: z.array(z.enum(STREAM_GRANTS)),
      pingMs: z.int(),
      leaseMs: z.int(),
      maxFrameBytes: z.int(),
      tokenEndsWallMs: wallMs,
      notReadyReasons: z.array(z.string()).exactOptional(),
      callCategories: z.array(z.string()).exactOptional(),
      queues: z
        .array(z.object({ queueId, name: z.string(), work: z.enum(WORK_KINDS).exactOptional() }))
        .exactOptional(),
      speedDial: z.array(speedDialEntry).exactOptional(),
    }),
    z.object({ type: z.literal('speedDial'), entries: z.array(speedDialEntry) }),
    z.object({ type: z.literal('resumed'), stream: streamId, cursor, count: z.int().min(0) }),
    z.object({
      type: z.literal('reset'),
      stream: streamId,
      cursor,
      why: z.enum(RESET_REASONS),
      gap: z.int().min(0).exactOptional(),
      snapshot: streamSnapshot,
    }),
    z.object({
      type: z.literal('events'),
      stream: streamId,
      items: z.array(z.object({ seq: z.int().min(1), atWallMs: wallMs, event: publishedEvent })).min(1),
    }),
    z.object({ type: z.literal('unsubscribed'), stream: streamId, code: errorCode.exactOptional() }),
    z.object({ type: z.literal('outcome'), commandId: clientCommandId, outcome: clientOutcome }),
    z.object({
      type: z.literal('error'),
      commandId: clientCommandId.exactOptional(),
      stream: streamId.exactOptional(),
      ...wireErrorFields,
    }),
    z.object({ type: z.literal('pong'), nonce: z.string().exactOptional(), serverTimeMs: wallMs }),
    z.object({ type: z.literal('probe') }),
    z.object({ type: z.literal('bye'), ...wireErrorFields }),
  ])
  .meta({ id: 'ServerFrame' }) satisfies z.ZodType<ServerFrame>;

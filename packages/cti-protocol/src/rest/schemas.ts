import { ROLES } from '@cordboard/cti-core';
import * as z from 'zod';
import { agentConfig, deviceConfig, queueConfig, routeConfig, speedCode } from '../config/tenant.js';
import { agentId, callId, deviceId, queueId, recordingId, userId } from '../ids.js';
import { callOutcome, cdr, recordingResource } from '../records.js';
import { wallMs } from '../schema-helpers.js';
import { MASK_CLASSES } from '../types.js';
import { agentView, callDirection, deviceView, queueView } from '../views.js';

/** A page of a list: `next` is given back as `cursor` to get the following one; absent on the last. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().exactOptional() });

const PAGE = 'expected a whole number from 1 to 500';
/** Fields of every query for pages. */
export const pageQuery = {
  limit: z.coerce
    .number(PAGE)
    .int(PAGE)
    .min(1, PAGE)
    .max(500, PAGE)
    .default(50)
    .meta({ description: 'items of a page' }),
  cursor: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9_-]+$/u, 'expected `next` of the page before')
    .exactOptional()
    .meta({ description: '`next` of the page before' }),
};
const SINCE_1970 = 'expected ms since 1970';
const time = z.coerce.number(SINCE_1970).int(SINCE_1970).min(0, SINCE_1970);
/** Fields that bound by time. */
export const timeQuery = {
  from: time.exactOptional().meta({ description: 'begun at or after, epoch ms' }),
  to: time.exactOptional().meta({ description: 'begun before, epoch ms' }),
};
/** A number, or a reference to one. */
export const numberQuery = z
  .string()
  .max(40)
  .regex(/^(\+?[0-9*#]{2,39}|ref:[A-Za-z0-9_-]{22})$/u, 'expected a number or a reference');

/** Query of the list of CDRs. Newest first. */
export const cdrQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  agent: agentId.exactOptional().describe('calls in which this agent talked, or that this agent dialled'),
  missedBy: agentId.exactOptional().describe('calls that rang at this agent and were not taken there'),
  queue: queueId.exactOptional(),
  number: numberQuery.exactOptional(),
  outcome: callOutcome.exactOptional(),
  direction: callDirection.exactOptional(),
  category: z.string().min(1).max(64).exactOptional().describe('calls that somebody put into this category'),
  flow: z.string().min(1).max(64).exactOptional().describe('calls that went through this flow'),
  node: z.string().min(1).max(512).exactOptional().describe('with `flow`: calls that went through this node of it'),
});
/** Query of the list of CDRs. */
export type CdrQuery = z.output<typeof cdrQuery>;

/** Query of the list of recordings. Newest first. */
export const recordingQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  agent: agentId.exactOptional(),
  queue: queueId.exactOptional(),
  call: callId.exactOptional(),
});
/** Query of the list of recordings. */
export type RecordingQuery = z.output<typeof recordingQuery>;

/** Query of an agent's stays. Newest first. */
export const stayQuery = z.object({ ...pageQuery, ...timeQuery });
/** Query of an agent's stays. */
export type StayQuery = z.output<typeof stayQuery>;

/** An agent: how it is configured, and what it does now. */
export const agentResource = agentConfig.extend({ live: agentView.exactOptional() }).meta({ id: 'AgentResource' });
/** A queue: how it is configured, and who waits now. */
export const queueResource = queueConfig.extend({ live: queueView.exactOptional() }).meta({ id: 'QueueResource' });
/** A device: how it is configured, and what it does now, where its switch tells of it. */
export const deviceResource = deviceConfig
  .extend({
    source: z
      .enum(['configuration', 'switch'])
      .describe(
        '`switch`: nobody has configured it, a switch tells of it; its label is the name of the agent whose seat it is',
      ),
    live: deviceView.exactOptional(),
  })
  .meta({ id: 'DeviceResource' });

/**
 * The schema of a change: every field but `id` may be left out, and one that is not required is taken away with `null`.
 * Defaults do not apply, or a change of one field would reset the others.
 */
export function changeOf(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape).filter(([key]) => key !== 'id');
  return z.strictObject(
    Object.fromEntries(
      fields.map(([key, field]) => {
        if (field instanceof z.ZodDefault) return [key, z.optional(field.removeDefault() as z.ZodType)];
        if (field instanceof z.ZodExactOptional) return [key, z.optional(z.nullable(field.unwrap() as z.ZodType))];
        return [key, z.optional(field as z.ZodType)];
      }),
    ),
  );
}

/** Bodies of changes, by kind of object. */
export const changes = {
  agent: changeOf(agentConfig).meta({ id: 'AgentChange' }),
  queue: changeOf(queueConfig).meta({ id: 'QueueChange' }),
  route: changeOf(routeConfig).meta({ id: 'RouteChange' }),
  device: changeOf(deviceConfig).meta({ id: 'DeviceChange' }),
};

/** A flow as plain data; checked on the server, problems come as `flow.invalid`. */
export const flowBody = z.looseObject({ format: z.literal('cordboard-ivr/1'), id: z.string().min(1).max(64) });

/** A flow in a list. */
export const flowSummary = z.object({
  id: z.string(),
  version: z.string(),
  nodes: z.int(),
  languages: z.array(z.string()),
  /** Came by REST and is kept in the store, or stands in the configuration file. */
  source: z.enum(['file', 'store']),
});

/** Who the token says you are. */
export const me = z.object({
  userId,
  role: z.enum(ROLES),
  agentId: agentId.exactOptional(),
  tenant: z.string(),
  maskClass: z.enum(MASK_CLASSES),
  operations: z.array(z.string()),
  tokenEndsWallMs: wallMs,
});

/** Whom one can transfer to. */
export const directory = z.object({
  agents: z.array(z.object({ id: agentId, name: z.string(), state: z.string() })),
  queues: z.array(z.object({ id: queueId, name: z.string(), waiting: z.int(), agentsReady: z.int() })),
  devices: z.array(z.object({ id: deviceId, label: z.string() })),
});

/** Facts about the journal. */
export const journalInfo = z.object({
  epoch: z.string(),
  coreVersion: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), snapshot: z.enum(['with', 'without']) })),
  inputs: z.int().meta({ description: 'inputs of this run' }),
  lastSyncMs: z.number().exactOptional().meta({ description: 'how long the last write to disk took' }),
});

/** Health of the process and its parts. */
export const health = z.object({
  status: z.enum(['ok', 'starting', 'draining', 'failed']).meta({ description: 'of the process; 503: failed' }),
  links: z.record(z.string(), z.enum(['up', 'down'])),
  disk: z.enum(['ok', 'low']).meta({ description: 'free space where recordings go' }),
});

/** Can the whole work be done? */
export const readiness = health.extend({
  status: z
    .enum(['ok', 'starting', 'linkDown', 'draining', 'failed'])
    .meta({ description: 'ok with 200 alone; linkDown: a switch is not synced yet, or a link to one is down' }),
});

/** References to turn back into numbers. */
export const resolveBody = z.object({
  references: z
    .array(z.string().regex(/^ref:[A-Za-z0-9_-]{22}$/u))
    .min(1)
    .max(100),
});
/** Numbers by reference; what is no reference of this tenant is left out. */
export const resolved = z.object({ numbers: z.record(z.string(), z.string()) });

/** A token to be made. `ttlS` seconds, 60 to 86,400, default 3,600. */
export const tokenBody = z.object({
  userId,
  role: z.enum(['agent', 'supervisor', 'reviewer', 'admin']),
  agentId: agentId.exactOptional(),
  ttlS: z.int().min(60).max(86_400).default(3600),
  numbers: z.enum(MASK_CLASSES).exactOptional(),
});
/** A made token. */
export const tokenMade = z.object({ token: z.string(), endsWallMs: wallMs });

/** What somebody wrote about a call. */
export const callNoteBody = z.strictObject({
  text: z.string().min(1).max(4_000).exactOptional(),
  ticket: z.string().min(1).max(64).exactOptional().describe('the id of a ticket in another system'),
  category: z.string().min(1).max(64).exactOptional().describe('one of the configured `callCategories`'),
});
/** What somebody wrote about a call, by whom and when. */
export const callNote = z.object({ ...callNoteBody.shape, by: z.string(), atWallMs: wallMs }).meta({ id: 'CallNote' });
/** What somebody wrote about a call. */
export type CallNote = z.output<typeof callNote>;
/** The note on a call; none where nobody has written one. */
export const callNoteAnswer = z.object({ note: callNote.exactOptional() });
/** A CDR with what somebody wrote about the call. */
export const notedCdr = cdr.extend({ note: callNote.exactOptional() }).meta({ id: 'NotedCdr' });

/** A page of CDRs. */
export const cdrPage = pageOf(notedCdr);
/** A page of recordings. */
export const recordingPage = pageOf(recordingResource);
/** Parameters by name. */
export const params = {
  agent: z.object({ agentId }),
  queue: z.object({ queueId }),
  speedDial: z.object({ code: speedCode }),
  agentSpeedDial: z.object({ agentId, code: speedCode }),
  route: z.object({ routeId: z.string().min(1).max(64) }),
  device: z.object({ deviceId }),
  flow: z.object({ flowId: z.string().min(1).max(64) }),
  call: z.object({ callId }),
  recording: z.object({ recordingId }),
  file: z.object({ recordingId, index: z.coerce.number().int().min(0).max(99) }),
};

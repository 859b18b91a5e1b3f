import {
  AGENT_STATES,
  type AgentStay,
  type Cdr,
  PROGRESS_RESULTS,
  type RecordingRecord,
  WORK_KINDS,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { agentId, callId, connectionId, deviceId, flowId, queueId, recordingId } from './ids.js';
import { phoneNumber } from './numbers.js';
import { clockMs, wallMs } from './schema-helpers.js';
import { callDirection, evidence, nativeCause, releaseCause } from './views.js';

/** Schema of a call's outcome. */
export const callOutcome = z.enum([
  'answered',
  'abandoned',
  'droppedInFlow',
  'noAnswer',
  'busy',
  'failed',
  'blocked',
  'lostInOutage',
  'completedInFlow',
]);

const endPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flow'), flow: flowId, node: z.string() }),
  z.object({ kind: z.literal('queue'), queue: queueId }),
  z.object({ kind: z.literal('agent'), agent: agentId }),
  z.object({ kind: z.literal('device'), device: deviceId }),
  z.object({ kind: z.literal('route') }),
]);

const segment = z.object({
  kind: z.enum([
    'route',
    'flow',
    'queue',
    'ringing',
    'talking',
    'held',
    'consulting',
    'parked',
    'transferring',
    'conference',
    'releasing',
  ]),
  startMs: clockMs,
  endMs: clockMs,
  agentId: agentId.exactOptional(),
  device: deviceId.exactOptional(),
  queueId: queueId.exactOptional(),
  node: z.string().exactOptional(),
});

/** Schema of {@link Cdr}. */
export const cdr = z
  .object({
    callId,
    tenant: z.string(),
    direction: callDirection,
    calling: phoneNumber,
    called: phoneNumber,
    customer: phoneNumber.exactOptional(),
    startedWallMs: wallMs,
    answeredWallMs: wallMs.exactOptional(),
    endedWallMs: wallMs,
    durationMs: z.number(),
    outcome: callOutcome,
    cause: releaseCause,
    native: nativeCause.exactOptional(),
    progress: z.object({ result: z.enum(PROGRESS_RESULTS), evidence }).exactOptional(),
    endedBy: z.enum(['caller', 'agent', 'system', 'supervisor', 'unknown']),
    endedAt: endPlace,
    lostBetweenWallMs: z.tuple([wallMs, wallMs]).exactOptional(),
    queueId: queueId.exactOptional(),
    madeBy: agentId.exactOptional(),
    agents: z.array(agentId),
    missedBy: z.array(agentId).exactOptional(),
    ivrPath: z.array(z.string()),
    data: z.record(z.string(), z.string()),
    nativeCallRefs: z.array(z.string()).exactOptional(),
    segments: z.array(segment),
    merged: z.array(z.object({ callId, startedWallMs: wallMs, mergedWallMs: wallMs, called: phoneNumber })),
    recordings: z.array(recordingId),
    transfers: z.array(
      z.object({
        kind: z.enum(['blind', 'attended']),
        by: z.string() as unknown as z.ZodType<Cdr['transfers'][number]['by'], string>,
        to: z.string(),
        outcome: z.enum(['done', 'failed']),
        atMs: clockMs,
      }),
    ),
  })
  .meta({ id: 'Cdr', description: 'The one record of a call' }) satisfies z.ZodType<Cdr>;

/** Schema of {@link RecordingRecord}. */
export const recordingRecord = z
  .object({
    recordingId,
    callId,
    connectionId,
    agentId: agentId.exactOptional(),
    queueId: queueId.exactOptional(),
    startedWallMs: wallMs,
    endedWallMs: wallMs.exactOptional(),
    state: z.enum(['recording', 'paused', 'done', 'failed']),
    files: z.array(z.string()),
    unsure: z.literal('unsure').exactOptional(),
    durationMs: z.number().exactOptional(),
    format: z.enum(['wav', 'ulaw', 'wav49']),
    tracks: z.enum(['mixed', 'separate']),
    cause: z.enum(['rule', 'agent', 'supervisor', 'flow']),
    basis: z.string(),
    consent: z
      .object({ given: z.enum(['yes', 'no']), atWallMs: wallMs, by: z.enum(['flow', 'agent']) })
      .exactOptional(),
    stopped: z.object({ reason: z.enum(['consent', 'neverRecord']), atWallMs: wallMs }).exactOptional(),
    announcement: z.string().exactOptional(),
    deleteAfterWallMs: wallMs,
    pauses: z.array(z.object({ fromWallMs: wallMs, toWallMs: wallMs.exactOptional() })),
  })
  .meta({ id: 'Recording' }) satisfies z.ZodType<RecordingRecord>;

/** A recording with what is kept of it: `stored` files are those that can be fetched now. */
export const recordingResource = recordingRecord
  .extend({ stored: z.array(z.object({ index: z.int(), bytes: z.int(), mediaType: z.string() })) })
  .meta({ id: 'RecordingResource' });

/** Schema of {@link AgentStay}. */
export const agentStay = z
  .object({
    agentId,
    n: z.int(),
    state: z.enum(AGENT_STATES),
    reason: z.string().exactOptional(),
    readyFor: z.array(z.enum(WORK_KINDS)).exactOptional(),
    fromMs: clockMs,
    toMs: clockMs,
    fromWallMs: wallMs,
  })
  .meta({ id: 'AgentStay' }) satisfies z.ZodType<AgentStay>;

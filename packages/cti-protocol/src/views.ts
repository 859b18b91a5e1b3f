import {
  AGENT_STATES,
  type AgentView,
  CALL_ACTIONS,
  type CallChange,
  type CallView,
  CONNECTION_STATES,
  type ConnectionView,
  type CustomerMatch,
  type DeviceDetailView,
  type DeviceState,
  type DeviceView,
  type EndView,
  EVIDENCE_SOURCES,
  type Evidence,
  type ModeView,
  type PopView,
  type PublishedEvent,
  type QueueEntryView,
  type QueueView,
  RELEASE_CAUSES,
  SEAT_SERVICES,
  type StreamSnapshot,
  WORK_KINDS,
} from '@cordboard/cti-core';
import * as z from 'zod';
import {
  agentId,
  callId,
  connectionId,
  deviceId,
  popId,
  queueEntryId,
  queueId,
  recordingId,
  reservationId,
  switchId,
} from './ids.js';
import { phoneNumber } from './numbers.js';
import { clockMs, wallMs } from './schema-helpers.js';

const devicePresence = z.enum(['idle', 'alerting', 'busy', 'held', 'doNotDisturb', 'unreachable', 'unknown']);

/** Schema of {@link EndView}'s native cause. */
export const nativeCause = z.object({
  q850: z.int().exactOptional(),
  sip: z.int().exactOptional(),
  text: z.string().exactOptional(),
});

/** Schema of a release cause. */
export const releaseCause = z.enum(RELEASE_CAUSES);

/** Schema of {@link Evidence}. */
export const evidence = z
  .object({
    by: z.enum(EVIDENCE_SOURCES),
    confidence: z.number().min(0).max(1),
    tone: z.string().max(32).exactOptional(),
  })
  .meta({ id: 'Evidence' }) satisfies z.ZodType<Evidence>;

/** Schema of {@link EndView}. */
export const endView = z.object({
  cause: releaseCause,
  native: nativeCause.exactOptional(),
  evidence: evidence.exactOptional(),
  by: z.enum(['caller', 'agent', 'system', 'supervisor']).exactOptional(),
}) satisfies z.ZodType<EndView>;

/** Schema of {@link CustomerMatch}. */
export const customerMatch = z
  .object({
    decision: z.enum(['none', 'one', 'many']),
    customers: z.array(z.object({ id: z.string(), name: z.string(), url: z.string().exactOptional() })),
  })
  .meta({ id: 'CustomerMatch' }) satisfies z.ZodType<CustomerMatch>;

/** Schema of {@link ConnectionView}. */
export const connectionView = z
  .object({
    connectionId,
    device: deviceId,
    state: z.enum(CONNECTION_STATES),
    role: z.enum(['party', 'consult', 'listen', 'whisper', 'barge']),
    control: z.enum(['full', 'observe']),
    party: phoneNumber,
    partyName: z.string().exactOptional(),
    agentId: agentId.exactOptional(),
    pending: z
      .enum(['answer', 'clear', 'hold', 'retrieve', 'transfer', 'conference', 'monitor', 'originate', 'record', 'park'])
      .exactOptional(),
    heldBy: z.enum(['agent', 'device']).exactOptional(),
    parkedAt: z.int().exactOptional(),
    muted: z.literal('muted').exactOptional(),
    evidence: evidence.exactOptional(),
    awaits: z.literal('release').exactOptional(),
    sinceMs: clockMs,
    sinceWallMs: wallMs,
    actions: z.array(z.enum(CALL_ACTIONS)),
  })
  .meta({ id: 'Connection' }) satisfies z.ZodType<ConnectionView>;

/** Schema of a call's direction. */
export const callDirection = z.enum(['inbound', 'outbound', 'internal']);

/** Schema of {@link CallView}. */
export const callView = z
  .object({
    callId,
    aliases: z.array(callId),
    direction: callDirection,
    calling: phoneNumber,
    called: phoneNumber,
    customer: phoneNumber.exactOptional(),
    startedWallMs: wallMs,
    queueId: queueId.exactOptional(),
    ivrPath: z.array(z.string()),
    data: z.record(z.string(), z.string()),
    match: customerMatch.exactOptional(),
    connections: z.array(connectionView),
    recordings: z.array(z.object({ recordingId, state: z.enum(['recording', 'paused', 'stopped']) })),
    nativeCallRef: z.string().exactOptional(),
    consultOf: callId.exactOptional(),
  })
  .meta({ id: 'Call' }) satisfies z.ZodType<CallView>;

/** Schema of {@link AgentView}. */
export const agentView = z
  .object({
    agentId,
    name: z.string(),
    state: z.enum(AGENT_STATES),
    reason: z.string().exactOptional(),
    sinceMs: clockMs,
    sinceWallMs: wallMs,
    next: z
      .object({
        state: z.enum(['ready', 'notReady', 'loggedOff']),
        reason: z.string().exactOptional(),
        readyFor: z.array(z.enum(WORK_KINDS)).exactOptional(),
      })
      .exactOptional(),
    readyFor: z.array(z.enum(WORK_KINDS)).exactOptional(),
    doNotDisturb: z.literal('on').exactOptional(),
    seat: deviceId.exactOptional(),
    services: z.array(z.enum(SEAT_SERVICES)).exactOptional(),
    seatPresence: devicePresence.exactOptional(),
    queues: z.array(queueId),
    calls: z.array(callId),
    reservation: z.object({ reservationId, callId, queueId }).exactOptional(),
    afterCallWorkUntilMs: clockMs.exactOptional(),
  })
  .meta({ id: 'Agent' }) satisfies z.ZodType<AgentView>;

/** Schema of {@link QueueEntryView}. */
export const queueEntryView = z
  .object({
    entryId: queueEntryId,
    callId,
    caller: phoneNumber,
    enqueuedWallMs: wallMs,
    priority: z.number(),
    offers: z.int(),
    offeredTo: agentId.exactOptional(),
  })
  .meta({ id: 'QueueEntry' }) satisfies z.ZodType<QueueEntryView>;

/** Schema of {@link QueueView}. */
export const queueView = z
  .object({
    queueId,
    name: z.string(),
    waiting: z.array(queueEntryView),
    waitingCount: z.int(),
    agentsReady: z.int(),
    agentsLoggedOn: z.int(),
  })
  .meta({ id: 'Queue' }) satisfies z.ZodType<QueueView>;

/** Schema of {@link PopView}. */
export const popView = z
  .object({
    popId,
    callId,
    agentId,
    at: z.enum(['alerting', 'connected']),
    url: z.string().exactOptional(),
    match: customerMatch.exactOptional(),
    state: z.enum(['offered', 'claimed', 'shown', 'blocked', 'dismissed', 'expired']),
    claimedBy: z.string().exactOptional(),
  })
  .meta({ id: 'Pop' }) satisfies z.ZodType<PopView>;

const CALL_CHANGES = [
  'offered',
  'alerting',
  'connected',
  'held',
  'retrieved',
  'bridged',
  'conferenced',
  'transferred',
  'merged',
  'queued',
  'unqueued',
  'flow',
  'data',
  'match',
  'recording',
  'muted',
  'partyChanged',
  'supervised',
  'pending',
  'replaced',
  'parked',
  'unparked',
  'identified',
  'outage',
  'resumed',
] as const satisfies readonly CallChange[];

/** Schema of {@link ModeView}. */
export const modeView = z
  .object({ mode: z.string(), value: z.string(), values: z.array(z.string()) })
  .meta({ id: 'ModeView' }) satisfies z.ZodType<ModeView>;

const DEVICE_STATES = [
  'outOfService',
  'idle',
  'offHook',
  'dialling',
  'ringing',
  'ringback',
  'talking',
  'held',
  'parked',
  'conference',
  'busyTone',
  'howler',
  'wrapUp',
  'programming',
  'taken',
  'free',
  'unknown',
] as const satisfies readonly DeviceState[];

/** Schema of {@link DeviceDetailView}. */
export const deviceDetailView = z
  .object({
    state: z.enum(DEVICE_STATES),
    direction: z.enum(['in', 'out', 'internal']).exactOptional(),
    peer: deviceId.exactOptional(),
    line: deviceId.exactOptional(),
    party: phoneNumber.exactOptional(),
    partyName: z.string().exactOptional(),
    nativeCallRef: z.string().exactOptional(),
    forward: phoneNumber.exactOptional(),
    doNotDisturb: z.literal('on').exactOptional(),
    messageLamp: z.literal('on').exactOptional(),
    classOfService: z.int().exactOptional(),
  })
  .meta({ id: 'DeviceDetail' }) satisfies z.ZodType<DeviceDetailView>;

/** Schema of {@link DeviceView}. */
export const deviceView = z
  .object({
    device: deviceId,
    presence: devicePresence,
    detail: deviceDetailView.exactOptional(),
    sinceMs: clockMs,
    sinceWallMs: wallMs,
  })
  .meta({ id: 'DeviceView' }) satisfies z.ZodType<DeviceView>;

/** Schema of {@link PublishedEvent}. */
export const publishedEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('agent'), agent: agentView }),
    z.object({ type: z.literal('call'), change: z.enum(CALL_CHANGES), call: callView }),
    z.object({
      type: z.literal('callEnded'),
      callId,
      end: endView,
      mergedInto: callId.exactOptional(),
      stillLives: z.literal('lives').exactOptional(),
    }),
    z.object({ type: z.literal('pop'), pop: popView, call: callView }),
    z.object({ type: z.literal('queue'), queue: queueView }),
    z.object({ type: z.literal('link'), switchId, state: z.enum(['up', 'down']) }),
    z.object({ type: z.literal('device'), ...deviceView.shape }),
    z.object({ type: z.literal('mode'), mode: modeView }),
  ])
  .meta({ id: 'PublishedEvent' }) satisfies z.ZodType<PublishedEvent>;

/** Schema of {@link StreamSnapshot}. */
export const streamSnapshot = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('agent'),
      agent: agentView,
      calls: z.array(callView),
      pops: z.array(popView),
      slots: z.array(deviceView).exactOptional(),
    }),
    z.object({ kind: z.literal('queue'), queue: queueView, calls: z.array(callView) }),
    z.object({
      kind: z.literal('board'),
      agents: z.array(agentView),
      queues: z.array(queueView),
      calls: z.array(callView),
      modes: z.array(modeView).exactOptional(),
      devices: z.array(deviceView).exactOptional(),
    }),
  ])
  .meta({ id: 'StreamSnapshot' }) satisfies z.ZodType<StreamSnapshot>;

import {
  type AgentConfig,
  BLOCKING_WORK,
  type DeviceConfig,
  type DialPlan,
  type EngineTimers,
  type PopConfig,
  type QueueConfig,
  type RecordingRules,
  type RouteConfig,
  type RouteTarget,
  type SpeedDialConfig,
  WORK_KINDS,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { agentId, deviceId, flowId, queueId, switchId } from '../ids.js';

const DAY_MS = 86_400_000;
const name = z.string().min(1).max(128);
const numberText = z
  .string()
  .max(40)
  .regex(/^\+?[0-9*#]{1,39}$/u, 'expected a number: digits, *, #, a leading +');
const extension = z.string().regex(/^[0-9]{1,12}$/u, 'expected an extension of 1-12 digits');
/** Address of a page with `{...}` for facts of the call. */
const popUrl = z.string().min(1).max(2000);
const popAt = z.enum(['alerting', 'connected']);
const msBetween = (min: number, max: number): z.ZodInt => z.int().min(min).max(max);

/** Schema of {@link RouteTarget}. */
export const routeTarget = z
  .discriminatedUnion(
    'kind',
    [
      z.object({ kind: z.literal('ivr'), flow: flowId }),
      z.object({ kind: z.literal('queue'), queue: queueId }),
      z.object({ kind: z.literal('extension'), number: numberText }),
      z.object({ kind: z.literal('agent'), agent: agentId }),
      z.object({ kind: z.literal('outside'), number: numberText }),
      z.object({ kind: z.literal('hangup') }),
    ],
    { error: 'expected one of ivr, queue, extension, agent, outside, hangup' },
  )
  .meta({ id: 'RouteTarget' }) satisfies z.ZodType<RouteTarget>;

/** Schema of {@link DialPlan} with its defaults. */
export const dialPlan = z.object({
  countryCode: z.string().regex(/^[1-9][0-9]{0,2}$/u, "expected a country calling code without '+', such as '86'"),
  areaCode: z
    .string()
    .regex(/^[0-9]{1,6}$/u, 'expected an area code without its trunk zero')
    .exactOptional(),
  nationalPrefix: z
    .string()
    .regex(/^[0-9]{0,4}$/u, 'expected at most 4 digits')
    .exactOptional(),
  internationalPrefix: z
    .string()
    .regex(/^[0-9]{1,4}$/u, 'expected 1-4 digits')
    .exactOptional(),
  internal: z
    .array(
      z
        .object({ from: extension, to: extension })
        .refine((range) => range.from.length === range.to.length && range.from <= range.to, {
          message: 'expected a range of equal length, from <= to',
        }),
    )
    .default([]),
  ownNumbers: z.array(numberText).default([]),
  emergency: z.array(numberText).default(['110', '119', '120', '122', '112', '911']),
  outsidePrefix: z
    .string()
    .regex(/^[0-9,]{1,8}$/u, 'expected digits and commas')
    .exactOptional(),
  speedDialPrefix: z
    .string()
    .regex(/^[0-9*#]{1,3}$/u, 'expected 1-3 digits, * or #')
    .exactOptional(),
  prefixRules: z
    .array(
      z.object({
        pattern: z.string().regex(/^\+?[0-9*#]{1,20}$/u, 'expected the first digits of a number'),
        strip: z.int().min(0).max(20).exactOptional(),
        prefix: z
          .string()
          .regex(/^\+?[0-9*#,]{1,20}$/u, 'expected digits to put in front')
          .exactOptional(),
        trunk: deviceId.exactOptional(),
      }),
    )
    .exactOptional(),
}) satisfies z.ZodType<DialPlan>;

/** Schema of {@link AgentConfig} with its defaults. */
export const agentConfig = z
  .object({
    id: agentId,
    name,
    seat: deviceId.exactOptional(),
    allowedSeats: z.array(deviceId).max(1000).exactOptional(),
    queues: z.array(queueId).max(1000).default([]),
    answer: z.enum(['manual', 'auto']).default('manual'),
    ring: z.enum(['audible', 'silent']).exactOptional(),
    release: z.enum(['manual', 'auto']).exactOptional(),
    record: z.enum(['always', 'never', 'byQueue']).default('byQueue'),
    numbers: z.enum(['clear', 'masked']).default('clear'),
    mayDial: z.enum(['any', 'internal', 'none']).default('any'),
  })
  .meta({ id: 'AgentConfig' }) satisfies z.ZodType<AgentConfig>;

/** Schema of {@link QueueConfig} with its defaults. */
export const queueConfig = z
  .object({
    id: queueId,
    name,
    strategy: z.literal('longestIdle').default('longestIdle'),
    ringTimeoutMs: msBetween(1000, 300_000).default(20_000),
    waitTimeoutMs: msBetween(0, DAY_MS).default(0),
    maxWaiting: z.int().min(0).max(100_000).default(0),
    overflow: routeTarget.default({ kind: 'hangup' }),
    afterCallWorkMs: msBetween(0, DAY_MS).default(10_000),
    musicClass: z.string().min(1).max(64).exactOptional(),
    record: z.enum(['always', 'never']).default('never'),
    priority: z.int().min(-1000).max(1000).default(0),
    ageingMs: msBetween(1000, DAY_MS).exactOptional(),
    ringNoAnswer: z.enum(['notReady', 'ready']).default('notReady'),
    routesToReasons: z.array(z.string().min(1).max(64)).max(100).default([]),
    work: z.enum(WORK_KINDS).exactOptional(),
    blockedBy: z.array(z.enum(BLOCKING_WORK)).max(BLOCKING_WORK.length).exactOptional(),
    survey: flowId.exactOptional(),
    popUrl: popUrl.exactOptional(),
    popAt: popAt.default('alerting'),
  })
  .meta({ id: 'QueueConfig' }) satisfies z.ZodType<QueueConfig>;

const popTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agent: agentId }),
  z.object({ kind: z.literal('extension'), number: extension }),
]);

/** Schema of {@link RouteConfig} with its defaults. */
export const routeConfig = z
  .object({
    id: z.string().min(1).max(64),
    number: z
      .string()
      .max(40)
      .regex(/^(\+?[0-9*#]{1,39}\*?|\*)$/u, "expected a dialled number, or a prefix ending in '*'"),
    switchId: switchId.exactOptional(),
    to: routeTarget,
    popTo: popTarget.exactOptional(),
    enabled: z.enum(['enabled', 'paused']).default('enabled'),
    maxConcurrent: z.int().min(0).max(100_000).default(0),
    priority: z.int().min(-1000).max(1000).default(0),
    note: z.string().max(1000).default(''),
  })
  .meta({ id: 'RouteConfig' }) satisfies z.ZodType<RouteConfig>;

/** Schema of {@link DeviceConfig}. */
export const deviceConfig = z
  .object({
    id: deviceId,
    label: z.string().max(128).default(''),
    dial: z.object({ trunk: deviceId, number: numberText }).exactOptional(),
    popUrl: popUrl.exactOptional(),
    popAt: popAt.exactOptional(),
  })
  .meta({ id: 'DeviceConfig' }) satisfies z.ZodType<DeviceConfig>;

/** Schema of {@link PopConfig}. */
export const popConfig = z.object({
  url: popUrl.exactOptional(),
  createUrl: popUrl.exactOptional(),
  at: popAt.exactOptional(),
}) satisfies z.ZodType<PopConfig>;

/** Codes that one speed dial list may have. */
export const MAX_SPEED_DIAL = 200;

/** A code of a speed dial list. */
export const speedCode = z.string().regex(/^[0-9*#]{1,8}$/u, 'expected a code of 1-8 digits, * or #');

/** What stands under a code. */
export const speedDialBody = z.object({ number: numberText, name });

/** Schema of {@link SpeedDialConfig}. */
export const speedDialConfig = z
  .object({ id: z.string().min(1).max(80), code: speedCode, agent: agentId.exactOptional(), ...speedDialBody.shape })
  .meta({ id: 'SpeedDial' }) satisfies z.ZodType<SpeedDialConfig>;

/** The id of a code in the list of the site, or of one agent. */
export function speedDialId(code: string, agent?: string): string {
  return agent === undefined ? code : `${agent}/${code}`;
}

/** Schema of {@link RecordingRules} with its defaults. */
export const recordingRules = z.object({
  neverNumbers: z.array(numberText).default([]),
  format: z.enum(['wav', 'ulaw', 'wav49']).default('wav'),
  tracks: z.enum(['mixed', 'separate']).default('mixed'),
  basis: z.string().min(1).max(64).default('consentAnnounced'),
  announcement: z.string().min(1).max(128).exactOptional(),
  retentionDays: z.int().min(1).max(3660).default(180),
}) satisfies z.ZodType<RecordingRules>;

/** A calendar's days. */
export const calendar = z.object({
  holidays: z.array(z.iso.date()).max(5000).default([]),
  workdays: z.array(z.iso.date()).max(5000).default([]),
});

/** Defaults of {@link EngineTimers}, ms. */
export const DEFAULT_TIMERS: EngineTimers = {
  commandMs: 5000,
  confirmMs: 10_000,
  clientLeaseMs: 30_000,
  popClaimMs: 2000,
  ringMs: 60_000,
  maxCallMs: 14_400_000,
};

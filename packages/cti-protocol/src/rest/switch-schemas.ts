import {
  type CallRecordQuery,
  PARAMETER_GROUPS,
  type ParameterDefinition,
  type ParameterOutcome,
  type ParameterValue,
  ROOM_STATES,
  type RoomCommand,
  SWITCH_CALL_ENDS,
  type SwitchCallRecord,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { deviceId, switchId } from '../ids.js';
import { durationMs, wallMs } from '../schema-helpers.js';
import { pageQuery } from './schemas.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u;
/** Local time of a switch, which knows no zone. */
const switchTime = z.string().regex(TIME, 'expected YYYY-MM-DDTHH:MM:SS').meta({ description: 'local time' });
const zoneOf = z.string().min(1).max(64).meta({ description: 'IANA time zone of the site' });

/** What can be done with a switch itself. */
export const SWITCH_FACETS = ['programming', 'clock', 'hotel', 'records'] as const;

/** A switch: its kind, whether it can be reached, and what can be done with it apart from calls. */
export const switchView = z
  .object({
    id: switchId,
    profile: z.enum(['media', 'callControl', 'line']),
    link: z.enum(['up', 'down']),
    facets: z.array(z.enum(SWITCH_FACETS)),
  })
  .meta({ id: 'Switch' });

const parameterType = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    min: z.int(),
    max: z.int(),
    unit: z.string().exactOptional(),
    words: z.array(z.string()).exactOptional(),
  }),
  z.object({ kind: z.literal('flag') }),
  z.object({ kind: z.literal('digits'), min: z.int(), max: z.int() }),
  z.object({ kind: z.literal('text'), max: z.int() }),
  z.object({ kind: z.literal('time') }),
  z.object({ kind: z.literal('set'), of: z.enum(['line', 'port']), max: z.int() }),
]);

/** Schema of {@link ParameterDefinition}. */
export const parameterDefinition = z
  .object({
    id: z.string(),
    item: z.int().exactOptional().describe('number of it in the specification of the protocol, where it has one'),
    field: z.int().exactOptional(),
    group: z.enum(PARAMETER_GROUPS),
    scope: z.enum(['extension', 'port', 'line', 'table', 'system']),
    places: z.int().exactOptional(),
    type: parameterType,
    help: z.string(),
    empty: z.literal('allowed').exactOptional().describe('an empty value is good too: there is none'),
    secret: z.literal('secret').exactOptional(),
  })
  .meta({ id: 'Parameter' }) satisfies z.ZodType<ParameterDefinition>;

/** Schema of {@link ParameterValue}. */
export const parameterValue = z.union([
  z.boolean(),
  z.number(),
  z.string().max(256),
  z.array(z.int().min(0).max(65_535)).max(512),
]) satisfies z.ZodType<ParameterValue>;

/** Most parameters of one request. */
export const MAX_PARAMETERS = 2_000;
const parameterAt = z.strictObject({ id: z.string().min(1).max(64), index: z.int().min(0).max(99_999_999) });
/** Goes to the switch and nowhere else: it is kept in no record and in no log. */
const password = z
  .string()
  .min(1)
  .max(16)
  .meta({ description: 'the system password of the switch', format: 'password' });

/** Which parameters to read. Secret ones are read only with the password, and never shown. */
export const parametersToRead = z.strictObject({
  items: z.array(parameterAt).min(1).max(MAX_PARAMETERS),
  password: password.exactOptional(),
});
/** Parameters to write, in this order. */
export const parametersToWrite = z.strictObject({
  items: z
    .array(parameterAt.extend({ value: parameterValue }))
    .min(1)
    .max(MAX_PARAMETERS),
  password,
  mode: z
    .enum(['write', 'dryRun'])
    .default('write')
    .describe('`dryRun`: writes nothing, and says of each item whether it could be written and what stands there now'),
});

const PARAMETER_CODES = [
  'ok',
  'unverified',
  'range',
  'noDevice',
  'readOnly',
  'wrongType',
  'denied',
  'unsupported',
  'mismatch',
  'failed',
  'lost',
] as const satisfies readonly ParameterOutcome['code'][];

/** What became of each parameter, in the order of the request. Values of secret ones are left out. */
export const parameterOutcomes = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      index: z.int(),
      code: z.enum(PARAMETER_CODES),
      value: parameterValue.exactOptional().describe('what the switch says its value is'),
      change: z.enum(['changes', 'same']).exactOptional().describe('of a dry run: would writing change it?'),
    }) satisfies z.ZodType<ParameterOutcome>,
  ),
});

/** The clock of a switch. */
export const switchClock = z.object({
  at: switchTime,
  aheadMs: z.int().describe("by how much it is ahead of the server's own clock in that zone; negative: behind"),
  timeZone: zoneOf,
});

const room = deviceId.meta({ description: 'the extension of the room' });
const onOff = z.enum(['on', 'off']);
const classOfService = z.int().min(1).max(6);
const roomStatus = z.enum(ROOM_STATES);

/** Schema of {@link RoomCommand}. */
export const roomCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('checkIn'),
    room,
    classOfService: classOfService.exactOptional(),
    name: z.string().max(64).exactOptional(),
  }),
  z.strictObject({ type: z.literal('checkOut'), room }),
  z.strictObject({ type: z.literal('move'), room, to: room }),
  z.strictObject({ type: z.literal('classOfService'), room, classOfService }),
  z.strictObject({
    type: z.literal('wakeUp'),
    room,
    at: switchTime,
    repeat: z.literal('daily').exactOptional(),
  }),
  z.strictObject({ type: z.literal('wakeUpClear'), room }),
  z.strictObject({ type: z.literal('messageLamp'), room, mode: onOff }),
  z.strictObject({ type: z.literal('doNotDisturb'), room, mode: onOff }),
  z.strictObject({ type: z.literal('name'), room, name: z.string().max(64) }),
  z.strictObject({ type: z.literal('roomStatus'), room, status: roomStatus }),
]) satisfies z.ZodType<RoomCommand>;

/** What a switch has told of a room since the server was started. */
export const roomView = z
  .object({
    room: deviceId,
    messageLamp: onOff.exactOptional(),
    doNotDisturb: onOff.exactOptional(),
    status: roomStatus.exactOptional(),
    wakeUp: z
      .object({ outcome: z.enum(['answered', 'noAnswer', 'busy', 'unknown']), atWallMs: wallMs })
      .exactOptional()
      .describe('how the last wake-up call ended'),
  })
  .meta({ id: 'Room' });
/** What a switch has told of a room. */
export type RoomView = z.output<typeof roomView>;

const DIRECTIONS = ['out', 'in', 'internal', 'unknown'] as const;

/** Schema of {@link SwitchCallRecord}. */
export const switchCallRecord = z
  .object({
    start: switchTime.exactOptional(),
    durationMs: durationMs.exactOptional(),
    ringMs: durationMs.exactOptional(),
    extension: z.string().exactOptional(),
    line: z.string().exactOptional(),
    direction: z.enum(DIRECTIONS),
    number: z.string().exactOptional(),
    name: z.string().exactOptional(),
    did: z.string().exactOptional().describe('what a caller dialled to reach the switch'),
    accountCode: z.string().exactOptional(),
    personalCode: z
      .string()
      .exactOptional()
      .describe('key of the person whose password let the call out; not the password'),
    disaCode: z
      .string()
      .exactOptional()
      .describe('key of the password that let a caller in to dial out; not the password'),
    costMinor: z.int().exactOptional(),
    currency: z.string().exactOptional(),
    pulses: z.int().exactOptional(),
    answered: z.enum(['answered', 'unanswered']).exactOptional(),
    end: z
      .enum(SWITCH_CALL_ENDS)
      .exactOptional()
      .describe(
        'how it ended; `transferred`: another extension has the call from here on; `cut`: the switch lost its power',
      ),
    holdMs: durationMs.exactOptional().describe('on hold or parked, part of `durationMs`'),
    parkMs: durationMs.exactOptional(),
    callRef: z
      .string()
      .exactOptional()
      .describe('shared by the records of one call; a switch may use it again after the one without `continues`'),
    part: z.int().exactOptional().describe('which record of its call, from 1'),
    continues: z.literal('continues').exactOptional().describe('another record of the same call follows'),
    transferredFrom: z.string().exactOptional().describe('the extension that gave the call to this one'),
    transferredTo: z.string().exactOptional().describe('the extension that got the call from this one'),
    recordNo: z.string().exactOptional().describe("the switch's own number: the same one twice is the same record"),
    doubts: z.array(z.string()),
  })
  .meta({ id: 'SwitchCallRecord' }) satisfies z.ZodType<SwitchCallRecord>;

const day = z.string().regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/u, 'expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS');
const recordFilter = {
  from: day.exactOptional().describe('begun at or after, local time of the switch'),
  to: day.exactOptional().describe('begun before'),
  extension: z.string().min(1).max(16).exactOptional(),
  line: z.string().min(1).max(16).exactOptional(),
  number: z
    .string()
    .regex(/^[0-9*#+.]{1,32}$/u, 'expected the beginning of a number')
    .exactOptional()
    .describe('beginning of the number'),
  direction: z.enum(DIRECTIONS).exactOptional(),
  accountCode: z.string().min(1).max(32).exactOptional(),
};
/** Query of the archive of a switch's call records. Oldest first. */
export const callRecordQuery = z.object({ ...pageQuery, ...recordFilter });
/** Query of the archive of a switch's call records. */
export type CallRecordPageQuery = z.output<typeof callRecordQuery>;
/** Query of an export: a month at a time is usual. */
export const callRecordExportQuery = z.object(recordFilter) satisfies z.ZodType<CallRecordQuery>;

/** Parameters by name. */
export const switchParams = z.object({ switchId });

import { type ClientCommand, type ClientCommandType, type MonitorMode, WORK_KINDS } from '@cordboard/cti-core';
import * as z from 'zod';
import { agentId, callId, connectionId, deviceId, popId, queueId } from './ids.js';
import { callData } from './schema-helpers.js';

const DIALLED = 'expected a number, a reference, agent:<id>, queue:<id>, ivr:<flow> or speed:<code>';

/**
 * What can be dialled: an extension, an outside number, a masked reference (`ref:...`), `agent:<id>`, `queue:<id>`,
 * `ivr:<flow>` or `speed:<code>`. Spaces, dots, brackets and hyphens in a number are for people and are taken out by the dial plan.
 */
export const dialString = z
  .string()
  .min(1, DIALLED)
  .max(80, DIALLED)
  .regex(
    /^(\+?[0-9*#(][0-9*#(). -]{0,39}|ref:[A-Za-z0-9_-]{22}|speed:[0-9*#]{1,8}|(agent|queue|ivr):[^\p{Cc}]{1,64})$/u,
    DIALLED,
  );

/** Schema of {@link MonitorMode}. */
export const monitorMode: z.ZodType<MonitorMode, MonitorMode> = z.enum(['listen', 'whisper', 'barge']);

const note = z.string().max(1000).exactOptional();
const tab = z.string().min(1).max(64);
const muteMode = z.enum(['mute', 'unmute']);
const reason = z.string().min(1).max(64);
const slot = z.int().min(1).max(255);
const onCall = { callId };
const kinds = z.array(z.enum(WORK_KINDS)).min(1).max(WORK_KINDS.length).exactOptional();

/** Schemas of the client commands by `type`. */
export const clientCommands = {
  'agent.logOn': z.object({ type: z.literal('agent.logOn'), seat: deviceId.exactOptional() }),
  'agent.logOff': z.object({ type: z.literal('agent.logOff') }),
  'agent.ready': z.object({ type: z.literal('agent.ready'), kinds }),
  'agent.notReady': z.object({ type: z.literal('agent.notReady'), reason, kinds }),
  'agent.doNotDisturb': z.object({ type: z.literal('agent.doNotDisturb'), mode: z.enum(['on', 'off']) }),
  'agent.lease': z.object({ type: z.literal('agent.lease') }),
  'call.make': z.object({ type: z.literal('call.make'), to: dialString, data: callData.exactOptional() }),
  'flow.call': z.object({
    type: z.literal('flow.call'),
    to: dialString,
    flow: z.string().min(1).max(64),
    data: callData.exactOptional(),
  }),
  'call.answer': z.object({ type: z.literal('call.answer'), ...onCall }),
  'call.reject': z.object({ type: z.literal('call.reject'), ...onCall }),
  'call.clear': z.object({ type: z.literal('call.clear'), ...onCall }),
  'call.hold': z.object({ type: z.literal('call.hold'), ...onCall }),
  'call.retrieve': z.object({ type: z.literal('call.retrieve'), ...onCall }),
  'call.mute': z.object({ type: z.literal('call.mute'), ...onCall, mode: muteMode }),
  'call.sendDigits': z.object({
    type: z.literal('call.sendDigits'),
    ...onCall,
    digits: z.string().regex(/^[0-9*#A-D]{1,64}$/u, 'expected 1-64 of 0-9, *, #, A-D'),
  }),
  'call.consult': z.object({ type: z.literal('call.consult'), ...onCall, to: dialString, note }),
  'call.completeTransfer': z.object({ type: z.literal('call.completeTransfer'), ...onCall }),
  'call.cancelConsult': z.object({ type: z.literal('call.cancelConsult'), ...onCall }),
  'call.alternate': z.object({ type: z.literal('call.alternate'), ...onCall }),
  'call.conference': z.object({ type: z.literal('call.conference'), ...onCall }),
  'call.transfer': z.object({ type: z.literal('call.transfer'), ...onCall, to: dialString, note }),
  'call.addParty': z.object({ type: z.literal('call.addParty'), ...onCall, to: dialString }),
  'call.dropParty': z.object({ type: z.literal('call.dropParty'), ...onCall, connectionId }),
  'call.mutePart': z.object({ type: z.literal('call.mutePart'), ...onCall, connectionId, mode: muteMode }),
  'call.toFlow': z.object({ type: z.literal('call.toFlow'), ...onCall, flow: z.string().min(1).max(64) }),
  'call.park': z.object({ type: z.literal('call.park'), ...onCall, slot: slot.exactOptional() }),
  'call.unpark': z.object({ type: z.literal('call.unpark'), slot }),
  'call.pickUp': z.object({ type: z.literal('call.pickUp'), from: dialString.exactOptional() }),
  'call.page': z.object({ type: z.literal('call.page'), zone: z.int().min(0).max(9) }),
  'call.redial': z.object({ type: z.literal('call.redial') }),
  'call.flash': z.object({ type: z.literal('call.flash'), ...onCall }),
  'call.record': z.object({
    type: z.literal('call.record'),
    ...onCall,
    mode: z.enum(['start', 'stop', 'pause', 'resume']),
  }),
  'call.setData': z.object({ type: z.literal('call.setData'), ...onCall, data: callData }),
  'supervise.monitor': z.object({
    type: z.literal('supervise.monitor'),
    ...onCall,
    agentId,
    mode: monitorMode,
    seat: deviceId.exactOptional(),
  }),
  'supervise.stop': z.object({ type: z.literal('supervise.stop'), ...onCall }),
  'supervise.forceRelease': z.object({ type: z.literal('supervise.forceRelease'), ...onCall }),
  'supervise.agentState': z.object({
    type: z.literal('supervise.agentState'),
    agentId,
    state: z.enum(['ready', 'notReady', 'loggedOff']),
    reason: reason.exactOptional(),
    kinds,
  }),
  'supervise.pickWaiting': z.object({ type: z.literal('supervise.pickWaiting'), ...onCall, toAgent: agentId }),
  'supervise.record': z.object({ type: z.literal('supervise.record'), ...onCall, mode: z.enum(['start', 'stop']) }),
  'pop.claim': z.object({ type: z.literal('pop.claim'), popId, tab }),
  'pop.acknowledge': z.object({
    type: z.literal('pop.acknowledge'),
    popId,
    tab,
    outcome: z.enum(['shown', 'blocked', 'dismissed']),
  }),
  'route.set': z.object({
    type: z.literal('route.set'),
    routeId: z.string().min(1).max(64),
    enabled: z.enum(['enabled', 'paused']),
  }),
  'mode.set': z.object({
    type: z.literal('mode.set'),
    mode: z.string().min(1).max(64),
    value: z.string().min(1).max(64),
  }),
  'queue.membership': z.object({
    type: z.literal('queue.membership'),
    agentId,
    queueId,
    mode: z.enum(['join', 'leave']),
  }),
} as const satisfies { readonly [T in ClientCommandType]: z.ZodType<Extract<ClientCommand, { type: T }>> };

type CommandSchema = (typeof clientCommands)[ClientCommandType];

/** Every command type, in the order of the table. */
export const CLIENT_COMMAND_TYPES = Object.keys(clientCommands) as readonly ClientCommandType[];

/** Schema of any client command. Unknown fields are dropped, never passed on. */
export const clientCommand = z.discriminatedUnion(
  'type',
  Object.values(clientCommands) as unknown as [CommandSchema, ...CommandSchema[]],
);

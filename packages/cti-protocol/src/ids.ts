import type {
  AgentId,
  BridgeId,
  CallId,
  ClientCommandId,
  ClientId,
  ConnectionId,
  DeviceId,
  FlowId,
  PopId,
  QueueEntryId,
  QueueId,
  RecordingId,
  ReservationId,
  StreamId,
  SwitchId,
  UserId,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { idOf } from './schema-helpers.js';

/** Schema of {@link AgentId}. */
export const agentId = idOf<AgentId>('the id of an agent', 64);
/** Schema of {@link BridgeId}. */
export const bridgeId = idOf<BridgeId>('the id of a bridge', 64);
/** Schema of {@link CallId}. */
export const callId = idOf<CallId>('the id of a call', 64);
/** Schema of {@link ClientCommandId}. */
export const clientCommandId = idOf<ClientCommandId>('the id of a command, chosen by the client', 64);
/** Schema of {@link ClientId}. */
export const clientId = idOf<ClientId>('the id of a client', 64);
/** Schema of {@link ConnectionId}. */
export const connectionId = idOf<ConnectionId>('the id of a connection', 200);
/** Schema of {@link DeviceId}. */
export const deviceId = z
  .string()
  .regex(
    /^[a-z0-9-]{1,32}:(extension|line|trunk|park|external):[^\p{Cc}]{1,128}$/u,
    'expected <switch>:<kind>:<address>',
  )
  .meta({ description: 'a device: <switch>:<extension|line|trunk|park|external>:<address>' }) as unknown as z.ZodType<
  DeviceId,
  string
>;
/** Schema of {@link FlowId}. */
export const flowId = idOf<FlowId>('the name of a flow', 64);
/** Schema of {@link PopId}. */
export const popId = idOf<PopId>('the id of a screen pop', 64);
/** Schema of {@link QueueEntryId}. */
export const queueEntryId = idOf<QueueEntryId>('the id of a waiting', 64);
/** Schema of {@link QueueId}. */
export const queueId = idOf<QueueId>('the id of a queue', 64);
/** Schema of {@link RecordingId}. */
export const recordingId = idOf<RecordingId>('the id of a recording', 64);
/** Schema of {@link ReservationId}. */
export const reservationId = idOf<ReservationId>('the id of a reservation', 64);
/** Schema of {@link StreamId}: `board`, `agent:<id>` or `queue:<id>`. */
export const streamId = z
  .string()
  .max(80)
  .regex(/^(board|(agent|queue):[^\p{Cc}]{1,64})$/u, 'expected board, agent:<id> or queue:<id>')
  .meta({ description: 'a stream: board, agent:<id> or queue:<id>' }) as unknown as z.ZodType<StreamId, string>;
/** Schema of {@link SwitchId}. */
export const switchId = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/u, 'expected 1-32 of a-z, 0-9 and -')
  .meta({ description: 'the id of a switch' }) as unknown as z.ZodType<SwitchId, string>;
/** Schema of {@link UserId}. */
export const userId = idOf<UserId>('the id of a user', 64);

import {
  type AgentId,
  type AgentView,
  asId,
  type CallId,
  type CallView,
  type ConnectionId,
  type ConnectionView,
  type DeviceId,
  type PhoneNumber,
  type PopId,
  type PopView,
  type QueueId,
} from '@cordboard/cti-core';

export const number = (text: string): PhoneNumber => ({
  raw: text,
  display: text,
  presentation: 'allowed',
  ...(text.startsWith('+') ? { e164: text } : {}),
});

export const agentView = (over: Partial<AgentView> = {}): AgentView => ({
  agentId: asId<AgentId>('ann'),
  name: 'Ann',
  state: 'ready',
  sinceMs: 1,
  sinceWallMs: 1_800_000_000_000,
  queues: [asId<QueueId>('support')],
  calls: [],
  ...over,
});

export const connectionView = (over: Partial<ConnectionView> = {}): ConnectionView => ({
  connectionId: asId<ConnectionId>('main~1'),
  device: asId<DeviceId>('main:extension:8001'),
  state: 'alerting',
  role: 'party',
  control: 'full',
  party: number('8001'),
  sinceMs: 1,
  sinceWallMs: 1_800_000_000_000,
  actions: [],
  ...over,
});

/** The customer's connection of a call. */
export const customerPart: ConnectionView = connectionView({
  connectionId: asId<ConnectionId>('main~c'),
  device: asId<DeviceId>('main:trunk:carrier'),
  state: 'connected',
  party: number('+8613900000000'),
});

/** An inbound call whose agent part is in `state`. */
export function callView(state: ConnectionView['state'], over: Partial<CallView> = {}): CallView {
  const own = connectionView({
    connectionId: asId<ConnectionId>('main~a'),
    agentId: asId<AgentId>('ann'),
    state,
    actions: state === 'alerting' ? ['answer', 'reject'] : ['clear', 'hold', 'consult', 'alternate'],
  });
  return {
    callId: asId<CallId>('e-c1'),
    aliases: [],
    direction: 'inbound',
    calling: number('+8613900000000'),
    called: number('4008001000'),
    customer: number('+8613900000000'),
    startedWallMs: 1_800_000_000_000,
    queueId: asId<QueueId>('support'),
    ivrPath: ['front/pick'],
    data: { order: 'A 1' },
    connections: [customerPart, own],
    recordings: [],
    ...over,
  };
}

export const popView = (over: Partial<PopView> = {}): PopView => ({
  popId: asId<PopId>('e-p1'),
  callId: asId<CallId>('e-c1'),
  agentId: asId<AgentId>('ann'),
  at: 'alerting',
  state: 'offered',
  ...over,
});

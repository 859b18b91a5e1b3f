import { type AgentId, asId, type CallId, type DeviceId, type QueueId, type StreamSnapshot } from '@cordboard/cti-core';
import { beforeEach, expect, test } from 'vitest';
import { agentView, callView, connectionView, number, popView } from '../../test/views.js';
import { BoardModel } from './board-model.js';

let told: unknown[][];
let model: BoardModel;
beforeEach(() => {
  told = [];
  model = new BoardModel({
    emit: (name, event) => void told.push([name, event]),
    onReset: () => void told.push(['reset']),
  });
});

const queue = {
  queueId: asId<QueueId>('support'),
  name: 'Support',
  waiting: [
    {
      entryId: asId<never>('e-q1'),
      callId: asId<CallId>('e-c2'),
      caller: number('+8613900000001'),
      enqueuedWallMs: 5,
      priority: 3,
      offers: 2,
      offeredTo: asId<AgentId>('bo'),
    },
  ],
  waitingCount: 4,
  agentsReady: 1,
  agentsLoggedOn: 2,
};
const mode = { mode: 'night', value: 'on', values: ['on', 'off'] };
const device = {
  device: asId<DeviceId>('main:extension:8001'),
  presence: 'busy',
  sinceMs: 5,
  sinceWallMs: 1005,
  detail: { state: 'talking', party: number('1'), partyName: 'Mei', forward: number('2'), doNotDisturb: 'on' },
} as const;
const call = callView('connected', {
  aliases: [asId<CallId>('e-c0')],
  recordings: [
    { recordingId: asId<never>('e-w1'), state: 'stopped' },
    { recordingId: asId<never>('e-w2'), state: 'paused' },
  ],
  connections: [
    ...callView('connected').connections,
    connectionView({ connectionId: asId('main~2'), agentId: asId<AgentId>('ann'), state: 'held' }),
    connectionView({ connectionId: asId('main~3'), agentId: asId<AgentId>('cy'), state: 'null' }),
    ...(['listen', 'whisper', 'barge'] as const).map((role) =>
      connectionView({ connectionId: asId(`main~${role}`), agentId: asId<AgentId>('sue'), state: 'connected', role }),
    ),
    connectionView({ connectionId: asId('main~x'), state: 'connected', role: 'listen' }),
  ],
});

const shownAgent = (id: string) => expect.objectContaining({ id, state: 'ready', calls: ['e-c1'] });
const shownQueue = {
  id: 'support',
  name: 'Support',
  waitingCount: 4,
  agentsReady: 1,
  agentsLoggedOn: 2,
  waiting: [
    {
      callId: 'e-c2',
      caller: { number: '+8613900000001', e164: '+8613900000001', presentation: 'allowed' },
      since: 5,
      priority: 3,
      offers: 2,
      offeredTo: 'bo',
    },
  ],
};
const shownCall = expect.objectContaining({
  id: 'e-c1',
  aliases: ['e-c0'],
  direction: 'inbound',
  caller: expect.objectContaining({ number: '+8613900000000' }),
  called: expect.objectContaining({ number: '4008001000' }),
  customer: expect.objectContaining({ number: '+8613900000000' }),
  queueId: 'support',
  ivrPath: ['front/pick'],
  data: { order: 'A 1' },
  agents: ['ann'],
  monitors: [
    { mode: 'listen', agentId: 'sue' },
    { mode: 'whisper', agentId: 'sue' },
    { mode: 'barge', agentId: 'sue' },
    { mode: 'listen' },
  ],
  startedAt: 1_800_000_000_000,
  recording: 'paused',
});
const shownDevice = {
  id: 'main:extension:8001',
  kind: 'extension',
  address: '8001',
  presence: 'busy',
  state: 'talking',
  doNotDisturb: 'on',
  party: { number: '1', presentation: 'allowed', name: 'Mei' },
  forward: { number: '2', presentation: 'allowed' },
  since: 1005,
};

test('each change is kept and told in its own words', () => {
  model.event({ type: 'agent', agent: agentView({ calls: [asId<CallId>('e-c1')] }) });
  model.event({ type: 'queue', queue });
  model.event({ type: 'call', change: 'connected', call });
  model.event({ type: 'link', switchId: asId('main'), state: 'down' });
  model.event({ type: 'mode', mode });
  model.event({ type: 'device', ...device });
  model.event({ type: 'pop', pop: popView(), call });
  expect(told).toEqual([
    ['agentChanged', { agent: shownAgent('ann') }],
    ['queueChanged', { queue: shownQueue }],
    ['callChanged', { call: shownCall }],
    ['switchChanged', { switchId: 'main', state: 'down' }],
    ['modeChanged', { mode }],
    ['deviceChanged', { device: shownDevice }],
  ]);
  expect(model.agents.get('ann')).toEqual(shownAgent('ann'));
  expect(model.queues.get('support')).toEqual(shownQueue);
  expect(model.calls.get('e-c1')).toEqual(shownCall);
  expect(model.calls.get('e-c1')?.parts).toHaveLength(7);
  expect(model.modes.get('night')).toEqual(mode);
  expect(model.devices.get('main:extension:8001')).toEqual(shownDevice);
});

test('a call goes when it ends or becomes part of another, not when one part of it is over', () => {
  const ended = (id: string, over: object): void => {
    model.event({ type: 'call', change: 'connected', call: { ...call, callId: asId<CallId>(id) } });
    model.event({ type: 'callEnded', callId: asId<CallId>(id), end: { cause: 'normalClearing' }, ...over });
  };
  ended('a', { stillLives: 'lives' });
  ended('b', {});
  ended('c', { mergedInto: asId<CallId>('a') });
  expect([...model.calls.keys()]).toEqual(['a']);
  expect(told.filter(([name]) => name === 'callEnded')).toEqual([
    ['callEnded', { callId: 'b', end: { cause: 'normalClearing', how: 'ended' } }],
    ['callEnded', { callId: 'c', end: { cause: 'normalClearing', how: 'merged', into: 'a' } }],
  ]);
});

test('new content replaces all that was known, and is told once it is there', () => {
  const board: StreamSnapshot = {
    kind: 'board',
    agents: [agentView({ calls: [asId<CallId>('e-c1')] })],
    queues: [queue],
    calls: [call],
    modes: [mode],
    devices: [device],
  };
  model.reset(board);
  const sizes = () => [model.agents, model.queues, model.calls, model.modes, model.devices].map(({ size }) => size);
  expect(sizes()).toEqual([1, 1, 1, 1, 1]);
  expect(model.agents.get('ann')).toEqual(shownAgent('ann'));
  expect(model.queues.get('support')).toEqual(shownQueue);
  expect(model.calls.get('e-c1')).toEqual(shownCall);
  expect(model.devices.get('main:extension:8001')).toEqual(shownDevice);
  model.reset({ kind: 'agent', agent: agentView(), calls: [], pops: [] });
  expect(sizes()).toEqual([1, 1, 1, 1, 1]);
  model.reset({ kind: 'board', agents: [], queues: [], calls: [] });
  expect(sizes()).toEqual([0, 0, 0, 0, 0]);
  expect(told).toEqual([['reset'], ['reset']]);
});

test('what need not be there is not made up', () => {
  const { customer: _customer, queueId: _queueId, ...less } = callView('connected');
  model.event({ type: 'call', change: 'connected', call: less });
  expect(model.calls.get('e-c1')).not.toHaveProperty('customer');
  expect(model.calls.get('e-c1')).not.toHaveProperty('queueId');
  expect(model.calls.get('e-c1')?.recording).toBeUndefined();
  const odd = asId<DeviceId>('odd');
  model.event({ type: 'device', device: odd, presence: 'idle', sinceMs: 1, sinceWallMs: 2 });
  expect(model.devices.get('odd')).toEqual({ id: 'odd', kind: 'external', address: 'odd', presence: 'idle', since: 2 });
});

import { type AgentId, asId, type CallId, type ConnectionId, type DeviceId, type QueueId } from '@cordboard/cti-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectSupervisor, type Supervisor } from '../src/index.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { agentView, callView, connectionView, number } from './views.js';

let server: FakeServer;
let board: Supervisor;

beforeEach(async () => {
  server = new FakeServer({
    kind: 'board',
    agents: [agentView({ state: 'busy' }), agentView({ agentId: asId<AgentId>('bo'), name: 'Bo' })],
    queues: [
      {
        queueId: asId<QueueId>('support'),
        name: 'Support',
        waiting: [],
        waitingCount: 0,
        agentsReady: 1,
        agentsLoggedOn: 2,
      },
    ],
    calls: [callView('connected')],
  });
  server.role = 'supervisor';
  board = await connectSupervisor({ url: server.url, getToken: () => 't', clock: new ManualClock() });
});

afterEach(async () => {
  await board.close();
  server.close();
});

test('a board knows agents, queues and calls, and follows them', async () => {
  expect([...board.agents.keys()]).toEqual(['ann', 'bo']);
  expect(board.calls.get('e-c1')).toMatchObject({ agents: ['ann'], monitors: [], queueId: 'support' });
  const seen: string[] = [];
  board.on('agentChanged', ({ agent }) => seen.push(`${agent.id} ${agent.state}`));
  board.on('queueChanged', ({ queue }) => seen.push(`${queue.id} ${queue.waitingCount}`));
  board.on('callEnded', ({ callId, end }) => seen.push(`${callId} ${end.how}`));
  server.publish({ type: 'agent', agent: agentView({ state: 'workingAfterCall' }) });
  const entry = {
    entryId: asId<never>('e-q1'),
    callId: asId<CallId>('e-c2'),
    caller: number('+8613900000001'),
    enqueuedWallMs: 5,
    priority: 0,
    offers: 0,
  };
  server.publish({
    type: 'queue',
    queue: {
      queueId: asId<QueueId>('support'),
      name: 'Support',
      waiting: [entry],
      waitingCount: 1,
      agentsReady: 0,
      agentsLoggedOn: 2,
    },
  });
  server.publish({
    type: 'callEnded',
    callId: asId<CallId>('e-c1'),
    end: { cause: 'transferred' },
    stillLives: 'lives',
  });
  expect(await board.stop('e-c1')).toBe('done');
  expect(board.calls.has('e-c1')).toBe(true);
  server.publish({ type: 'callEnded', callId: asId<CallId>('e-c1'), end: { cause: 'normalClearing' } });
  await board.stop('e-c1');
  expect(board.calls.has('e-c1')).toBe(false);
  expect(seen).toEqual(['ann wrapUp', 'support 1', 'e-c1 ended']);
});

test('its verbs are the commands of the wire', async () => {
  await board.listen({ callId: 'e-c1' });
  await board.whisper({ callId: 'e-c1', agentId: 'ann', seat: 'main:extension:8009' });
  await board.barge({ callId: 'e-c1' });
  await board.forceRelease('e-c1');
  await board.setAgent('bo', 'notReady', { reason: 'training' });
  await board.setAgent('bo', 'ready', { kinds: ['callBack'] });
  await board.pickWaiting('e-c2', 'bo');
  await board.record('e-c1', 'start');
  await board.membership({ agentId: 'bo', queueId: 'support' }, 'leave');
  await board.setRoute('main', 'paused');
  await board.setMode('night', 'on');
  expect(server.commands.map(({ command }) => command)).toEqual([
    { type: 'supervise.monitor', callId: 'e-c1', agentId: 'ann', mode: 'listen' },
    { type: 'supervise.monitor', callId: 'e-c1', agentId: 'ann', mode: 'whisper', seat: 'main:extension:8009' },
    { type: 'supervise.monitor', callId: 'e-c1', agentId: 'ann', mode: 'barge' },
    { type: 'supervise.forceRelease', callId: 'e-c1' },
    { type: 'supervise.agentState', agentId: 'bo', state: 'notReady', reason: 'training' },
    { type: 'supervise.agentState', agentId: 'bo', state: 'ready', kinds: ['callBack'] },
    { type: 'supervise.pickWaiting', callId: 'e-c2', toAgent: 'bo' },
    { type: 'supervise.record', callId: 'e-c1', mode: 'start' },
    { type: 'queue.membership', agentId: 'bo', queueId: 'support', mode: 'leave' },
    { type: 'route.set', routeId: 'main', enabled: 'paused' },
    { type: 'mode.set', mode: 'night', value: 'on' },
  ]);
});

test('who is supervised must be clear', async () => {
  const second = connectionView({
    connectionId: asId<ConnectionId>('main~b'),
    agentId: asId<AgentId>('bo'),
    state: 'connected',
  });
  const watcher = connectionView({
    connectionId: asId<ConnectionId>('main~s'),
    agentId: asId<AgentId>('sue'),
    state: 'connected',
    role: 'listen',
  });
  const call = callView('connected');
  server.publish({
    type: 'call',
    change: 'conferenced',
    call: { ...call, connections: [...call.connections, second, watcher] },
  });
  await board.stop('none');
  expect(board.calls.get('e-c1')).toMatchObject({
    agents: ['ann', 'bo'],
    monitors: [{ agentId: 'sue', mode: 'listen' }],
  });
  await expect(board.listen({ callId: 'e-c1' })).rejects.toMatchObject({ code: 'argument.invalid' });
  await expect(board.listen({ callId: 'e-c99' })).rejects.toMatchObject({ code: 'call.notFound' });
});

test('a gap that is too large is a new board', async () => {
  const resets: number[] = [];
  board.on('reset', ({ board: now }) => resets.push(now.agents.size));
  server.epoch = 'e2';
  server.snapshot = { kind: 'board', agents: [agentView()], queues: [], calls: [] };
  for (const page of server.pages) {
    page.send({
      type: 'reset',
      stream: 'board',
      why: 'tooSlow',
      cursor: { epoch: 'e2', seq: 900 },
      gap: 40,
      snapshot: server.snapshot,
    });
  }
  await board.stop('none');
  expect(resets).toEqual([1]);
  expect(board.calls.size).toBe(0);
});

test('telephones, lines and park slots are followed with what they do', async () => {
  const ext = { device: asId<DeviceId>('kts:extension:801'), sinceMs: 5, sinceWallMs: 1005 } as const;
  const line = { device: asId<DeviceId>('kts:line:3'), presence: 'idle', sinceMs: 1, sinceWallMs: 1001 } as const;
  server.snapshot = {
    kind: 'board',
    agents: [],
    queues: [],
    calls: [],
    devices: [{ ...ext, presence: 'idle' }, line],
  };
  for (const page of server.pages) {
    const cursor = { epoch: 'e1', seq: server.log.length };
    page.send({ type: 'reset', stream: 'board', why: 'tooSlow', cursor, gap: 1, snapshot: server.snapshot });
  }
  await board.stop('none');
  expect([...board.devices.keys()]).toEqual(['kts:extension:801', 'kts:line:3']);
  expect(board.devices.get('kts:line:3')).toEqual({
    id: 'kts:line:3',
    kind: 'line',
    address: '3',
    presence: 'idle',
    since: 1001,
  });
  const seen: string[] = [];
  board.on('deviceChanged', ({ device }) => seen.push(`${device.address} ${device.state} ${device.party?.number}`));
  server.publish({
    type: 'device',
    ...ext,
    presence: 'busy',
    detail: { state: 'talking', direction: 'in', line: line.device, party: number('+8613900000001'), partyName: 'Mei' },
  });
  await board.stop('none');
  expect(seen).toEqual([`801 talking ${number('+8613900000001').display}`]);
  expect(board.devices.get('kts:extension:801')).toMatchObject({ party: { name: 'Mei' }, line: 'kts:line:3' });
});

import { join } from 'node:path';
import {
  asId,
  type CallId,
  type ClientCommand,
  type ClientCommandType,
  type QueueId,
  type RecordingId,
  ROLES,
  type Role,
} from '@cordboard/cti-core';
import {
  CLIENT_COMMAND_TYPES,
  type MaskClass,
  maySend,
  mayWatch,
  OPERATION_IDS,
  type OperationId,
  operation,
} from '@cordboard/cti-protocol';
import { systemClock } from '@cordboard/driver-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.js';
import { SqliteStore } from '../src/store/sqlite.js';
import type { TestClient } from './support/client.js';
import { PASSWORD } from './support/facets.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';
import { quiet } from './support/shell.js';

/** Everybody who can come to the door: each role as it is, and the same with rights taken away. */
const PEOPLE: readonly {
  who: string;
  role: Role;
  userId?: string;
  agentId?: string;
  numbers?: MaskClass;
  sees: MaskClass;
}[] = [
  { who: 'agent ann', role: 'agent', userId: 'ann', sees: 'clear' },
  { who: 'agent bob, masked by configuration', role: 'agent', userId: 'bob', sees: 'masked' },
  { who: 'agent ann with a hiding token', role: 'agent', userId: 'ann', numbers: 'hidden', sees: 'hidden' },
  { who: 'agent bob, whose token would show all', role: 'agent', userId: 'bob', numbers: 'clear', sees: 'masked' },
  { who: 'supervisor', role: 'supervisor', agentId: 'sue', sees: 'clear' },
  { who: 'supervisor with a masking token', role: 'supervisor', userId: 'sam', numbers: 'masked', sees: 'masked' },
  { who: 'reviewer', role: 'reviewer', sees: 'masked' },
  { who: 'admin', role: 'admin', sees: 'clear' },
  { who: 'operator', role: 'operator', sees: 'hidden' },
];

/** The caller's number however it may be written, percent-encoded and spaced forms included. */
const NUMBER = /1391234\D?5678|139\D{0,3}1234\D{0,3}5678/u;
const CALLER_NAME = 'Zhang San';

interface Facts {
  readonly recordingId: string;
  readonly doneCallId: string;
  readonly liveCallId: string;
  readonly connectionId: string;
}
let floor: Floor;
let facts: Facts;
let bob: TestClient;

/** A request for each operation. A new operation does not compile until it stands here. */
const REQUESTS: {
  readonly [id in OperationId]: (facts: Facts) => { path: string; body?: unknown; upload?: Uint8Array };
} = {
  health: () => ({ path: '/healthz' }),
  ready: () => ({ path: '/readyz' }),
  openapi: () => ({ path: '/openapi.json' }),
  metrics: () => ({ path: '/metrics' }),
  journal: () => ({ path: '/v1/journal' }),
  makeToken: () => ({ path: '/v1/tokens', body: { userId: 'x', role: 'agent' } }),
  resolveReferences: () => ({ path: '/v1/references/resolve', body: { references: ['ref:AAAAAAAAAAAAAAAAAAAAAA'] } }),
  me: () => ({ path: '/v1/me' }),
  directory: () => ({ path: '/v1/directory' }),
  listOwnSpeedDial: () => ({ path: '/v1/me/speed-dial' }),
  putOwnSpeedDial: () => ({ path: '/v1/me/speed-dial/21', body: SPEED }),
  deleteOwnSpeedDial: () => ({ path: '/v1/me/speed-dial/21' }),
  listSpeedDial: () => ({ path: '/v1/speed-dial' }),
  putSpeedDial: () => ({ path: '/v1/speed-dial/22', body: SPEED }),
  deleteSpeedDial: () => ({ path: '/v1/speed-dial/22' }),
  putAgentSpeedDial: () => ({ path: '/v1/agents/bob/speed-dial/23', body: SPEED }),
  deleteAgentSpeedDial: () => ({ path: '/v1/agents/bob/speed-dial/23' }),
  listCalls: () => ({ path: '/v1/calls' }),
  getCall: ({ liveCallId }) => ({ path: `/v1/calls/${liveCallId}` }),
  listAgents: () => ({ path: '/v1/agents' }),
  getAgent: () => ({ path: '/v1/agents/bob' }),
  createAgent: () => ({ path: '/v1/agents', body: { id: 'new', name: 'New' } }),
  changeAgent: () => ({ path: '/v1/agents/new', body: { name: 'Newer' } }),
  deleteAgent: () => ({ path: '/v1/agents/new' }),
  listStays: () => ({ path: '/v1/agents/bob/stays' }),
  listQueues: () => ({ path: '/v1/queues' }),
  getQueue: () => ({ path: '/v1/queues/support' }),
  createQueue: () => ({ path: '/v1/queues', body: { id: 'extra', name: 'Extra' } }),
  changeQueue: () => ({ path: '/v1/queues/extra', body: { priority: 3 } }),
  deleteQueue: () => ({ path: '/v1/queues/extra' }),
  listRoutes: () => ({ path: '/v1/routes' }),
  getRoute: () => ({ path: '/v1/routes/4008001000' }),
  createRoute: () => ({ path: '/v1/routes', body: { id: 'r9', number: '4008009000', to: { kind: 'hangup' } } }),
  changeRoute: () => ({ path: '/v1/routes/r9', body: { note: 'tried' } }),
  enableRoute: () => ({ path: '/v1/routes/4008001000/enable' }),
  pauseRoute: () => ({ path: '/v1/routes/4008001000/pause' }),
  deleteRoute: () => ({ path: '/v1/routes/r9' }),
  listDevices: () => ({ path: '/v1/devices' }),
  getDevice: () => ({ path: `/v1/devices/${encodeURIComponent(`main:external:${CALLER}`)}` }),
  createDevice: () => ({ path: '/v1/devices', body: { id: 'main:extension:8050', label: 'spare' } }),
  changeDevice: () => ({
    path: `/v1/devices/${encodeURIComponent('main:extension:8050')}`,
    body: { label: 'spare 2' },
  }),
  deleteDevice: () => ({ path: `/v1/devices/${encodeURIComponent('main:extension:8050')}` }),
  listFlows: () => ({ path: '/v1/flows' }),
  getFlow: () => ({ path: '/v1/flows/bye' }),
  putFlow: () => ({ path: '/v1/flows/bye', body: BYE }),
  deleteFlow: () => ({ path: '/v1/flows/bye' }),
  listCdrs: () => ({ path: '/v1/cdrs' }),
  getCdr: ({ doneCallId }) => ({ path: `/v1/cdrs/${doneCallId}` }),
  listRecordings: () => ({ path: '/v1/recordings' }),
  getRecording: ({ recordingId }) => ({ path: `/v1/recordings/${recordingId}` }),
  getRecordingFile: ({ recordingId }) => ({ path: `/v1/recordings/${recordingId}/files/0` }),
  listVoiceBoxes: () => ({ path: '/v1/voice-boxes' }),
  listMessages: () => ({ path: '/v1/messages' }),
  getMessage: ({ recordingId }) => ({ path: `/v1/messages/${recordingId}` }),
  getMessageFile: ({ recordingId }) => ({ path: `/v1/messages/${recordingId}/files/0` }),
  markMessage: ({ recordingId }) => ({ path: `/v1/messages/${recordingId}`, body: { state: 'heard' } }),
  deleteMessage: () => ({ path: '/v1/messages/none' }),
  listScores: () => ({ path: '/v1/scores' }),
  summariseScores: () => ({ path: '/v1/scores/summary?by=agent' }),
  listCallbacks: () => ({ path: '/v1/callbacks' }),
  markCallback: ({ doneCallId }) => ({ path: `/v1/callbacks/${doneCallId}`, body: { state: 'done' } }),
  listVoice: () => ({ path: '/v1/voice' }),
  uploadVoice: () => ({ path: '/v1/voice/en/hello/versions', upload: SOUND }),
  getVoice: () => ({ path: '/v1/voice/en/hello/versions/1' }),
  getVoiceFile: () => ({ path: '/v1/voice/en/hello/versions/1/file' }),
  approveVoice: () => ({ path: '/v1/voice/en/hello/versions/1/approve' }),
  withdrawVoice: () => ({ path: '/v1/voice/en/hello/versions/1/withdraw' }),
  deleteVoice: () => ({ path: '/v1/voice/en/hello/versions/9' }),
  listModes: () => ({ path: '/v1/modes' }),
  setMode: () => ({ path: '/v1/modes/none', body: { value: 'day' } }),
  deleteRecording: ({ recordingId }) => ({ path: `/v1/recordings/${recordingId}` }),
  putCallNote: ({ doneCallId }) => ({ path: `/v1/cdrs/${doneCallId}/note`, body: { text: `call ${CALLER} back` } }),
  getCallNote: ({ doneCallId }) => ({ path: `/v1/cdrs/${doneCallId}/note` }),
  deleteCallNote: ({ doneCallId }) => ({ path: `/v1/cdrs/${doneCallId}/note` }),
  listSwitches: () => ({ path: '/v1/switches' }),
  listSwitchDevices: () => ({ path: '/v1/switches/main/devices' }),
  listParameters: () => ({ path: '/v1/switches/main/parameters' }),
  readParameters: () => ({ path: '/v1/switches/main/parameters/read', body: { items: [{ id: 'name', index: 8001 }] } }),
  writeParameters: () => ({
    path: '/v1/switches/main/parameters/write',
    body: { items: [{ id: 'name', index: 8001, value: 'Ann' }], password: PASSWORD },
  }),
  getSwitchClock: () => ({ path: '/v1/switches/main/clock' }),
  setSwitchClock: () => ({ path: '/v1/switches/main/clock' }),
  listRooms: () => ({ path: '/v1/switches/main/rooms' }),
  commandRoom: () => ({ path: '/v1/switches/main/rooms', body: { type: 'checkOut', room: 'main:extension:8001' } }),
  listCallRecords: () => ({ path: '/v1/switches/main/call-records' }),
  exportCallRecords: () => ({ path: '/v1/switches/main/call-records/export' }),
};

/** A tenth of a second of silence, µ-law. */
const SOUND = new Uint8Array(800).fill(0xff);
const SPEED = { number: CALLER, name: `call ${CALLER}` };
const BYE = {
  format: 'cordboard-ivr/1',
  id: 'bye',
  version: '1',
  languages: ['en'],
  start: 'end',
  nodes: { end: { type: 'hangup' } },
  prompts: {},
};

/** A command of each type, well formed. What the state says to it is not asked here. */
const COMMANDS: {
  readonly [T in ClientCommandType]: (facts: Facts) => Omit<Extract<ClientCommand, { type: T }>, 'type'>;
} = {
  'agent.logOn': () => ({}),
  'agent.logOff': () => ({}),
  'agent.ready': () => ({}),
  'agent.notReady': () => ({ reason: 'break' }),
  'agent.doNotDisturb': () => ({ mode: 'on' }),
  'agent.lease': () => ({}),
  'call.make': () => ({ to: '8002' }),
  'flow.call': () => ({ to: '8002', flow: 'nowhere' }),
  'call.answer': call,
  'call.reject': call,
  'call.clear': call,
  'call.hold': call,
  'call.retrieve': call,
  'call.mute': (f) => ({ ...call(f), mode: 'mute' }),
  'call.sendDigits': (f) => ({ ...call(f), digits: '12#' }),
  'call.consult': (f) => ({ ...call(f), to: '8001' }),
  'call.completeTransfer': call,
  'call.cancelConsult': call,
  'call.alternate': call,
  'call.conference': call,
  'call.transfer': (f) => ({ ...call(f), to: 'queue:nowhere' }),
  'call.addParty': (f) => ({ ...call(f), to: 'agent:nobody' }),
  'call.dropParty': (f) => ({ ...call(f), connectionId: 'main~none' as never }),
  'call.mutePart': (f) => ({ ...call(f), connectionId: 'main~none' as never, mode: 'mute' }),
  'call.toFlow': (f) => ({ ...call(f), flow: 'nowhere' }),
  'call.park': (f) => ({ ...call(f), slot: 3 }),
  'call.unpark': () => ({ slot: 3 }),
  'call.pickUp': () => ({ from: '8001' }),
  'call.page': () => ({ zone: 0 }),
  'call.redial': () => ({}),
  'call.flash': call,
  'call.record': (f) => ({ ...call(f), mode: 'pause' }),
  'call.setData': (f) => ({ ...call(f), data: { note: `call back ${CALLER}` } }),
  'supervise.monitor': (f) => ({ ...call(f), agentId: 'bob' as never, mode: 'listen' }),
  'supervise.stop': call,
  'supervise.forceRelease': () => ({ callId: 'none' as never }),
  'supervise.agentState': () => ({ agentId: 'nobody' as never, state: 'notReady' }),
  'supervise.pickWaiting': (f) => ({ ...call(f), toAgent: 'nobody' as never }),
  'supervise.record': (f) => ({ ...call(f), mode: 'stop' }),
  'pop.claim': () => ({ popId: 'none' as never, tab: 't' }),
  'pop.acknowledge': () => ({ popId: 'none' as never, tab: 't', outcome: 'shown' }),
  'route.set': () => ({ routeId: '4008001000', enabled: 'enabled' }),
  'mode.set': () => ({ mode: 'none', value: 'day' }),
  'queue.membership': () => ({ agentId: 'ann' as never, queueId: 'support' as never, mode: 'join' }),
};
function call(f: Facts): { callId: never } {
  return { callId: f.liveCallId as never };
}

const STREAMS = ['board', 'agent:ann', 'agent:bob', 'queue:sales', 'queue:support'];

/** Fails when somebody was sent what is not for them. */
function search(bytes: string, person: (typeof PEOPLE)[number], what: string): void {
  if (person.sees !== 'clear') expect(NUMBER.exec(bytes)?.[0], `${person.who}: ${what}`).toBeUndefined();
  if (person.sees === 'hidden') {
    expect(bytes.includes(CALLER_NAME), `${person.who}: name in ${what}`).toBe(false);
    expect(/"ref:/u.test(bytes), `${person.who}: reference in ${what}`).toBe(false);
  }
}

async function bytesOf(response: Response): Promise<string> {
  const headers = [...response.headers].map(([key, value]) => `${key}: ${value}`).join('\n');
  return `${response.status}\n${headers}\n\n${await response.text()}`;
}

beforeAll(async () => {
  floor = await startFloor({
    config: {
      flows: { bye: BYE },
      speedDial: { 1: CALLER, 2: { number: CALLER, name: `back to ${CALLER}` } },
      pop: { url: 'https://erp.example.com/?n={caller.number}&to={called.number}&who={customer.name}' },
      devices: {
        '8001': { label: 'Ann' },
        [`main:external:${CALLER}`]: { label: 'at home', dial: { trunk: 'main:trunk:carrier', number: CALLER } },
      },
      directory: [
        {
          number: CALLER,
          id: `c-${CALLER}`,
          name: `${CALLER_NAME} ${CALLER}`,
          url: `https://erp.example.com/c/${CALLER}`,
        },
      ],
    },
  });
  bob = await floor.client('agent', { userId: 'bob' });
  await bob.watch('agent:bob');
  await bob.command({ type: 'agent.logOn' });
  await bob.command({ type: 'agent.ready' });
  const talk = async (): Promise<{ callId: string; caller: ReturnType<Floor['phone']['call']> }> => {
    const from = bob.frames.length;
    const caller = floor.phone.call(CALLER, '4008002000');
    const frame = await bob.next(
      'events',
      ({ items }) => items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
      from,
    );
    const found = frame.items.map(({ event }) => event).find((event) => event.type === 'call');
    if (found?.type !== 'call') throw new Error('no call');
    return { callId: found.call.callId, caller };
  };
  const done = await talk();
  const from = bob.frames.length;
  const recording = floor.phone.commands.find(({ type }) => type === 'record');
  if (recording?.type !== 'record') throw new Error('the call was not recorded');
  floor.phone.emit({
    type: 'recordingFinished',
    connectionId: recording.connectionId,
    recordingId: recording.recordingId,
    outcome: 'done',
    files: [`${recording.recordingId}.wav`],
    durationMs: 1000,
  });
  floor.phone.hangUp(done.caller);
  await bob.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'), from);
  await bob.command({ type: 'agent.ready' });
  const live = await talk();
  floor.phone.call(CALLER, '4008001000');
  await floor.server.settled();
  await leaveTraces(recording.recordingId, done.callId);
  facts = { recordingId: recording.recordingId, doneCallId: done.callId, liveCallId: live.callId, connectionId: '' };
});
afterAll(() => floor?.end());

/** What a flow would have kept of the caller. */
async function leaveTraces(recordingId: string, callId: string): Promise<void> {
  const store = await SqliteStore.open(await openDatabase(join(floor.dir, 'records.sqlite')), {
    clock: systemClock,
    log: quiet,
  });
  const number = { raw: CALLER, e164: `+86${CALLER}`, display: CALLER, presentation: 'allowed' } as const;
  const at = { callId: asId<CallId>(callId), queueId: asId<QueueId>('sales') };
  const message = { callId: at.callId, box: 'office', caller: number, contact: CALLER, leftWallMs: Date.now() };
  const id = asId<RecordingId>(recordingId);
  store.put({
    table: 'message',
    key: id,
    value: { ...message, recordingId: id, durationMs: 1000, state: 'new' },
  });
  store.put({ table: 'callback', key: at.callId, value: { ...at, number, askedWallMs: Date.now() } });
  store.put({ table: 'score', key: callId, value: { ...at, survey: 'service', score: 5, atWallMs: Date.now() } });
  await store.close();
}

test('every role of the product is tried', () => {
  expect(new Set(PEOPLE.map(({ role }) => role))).toEqual(new Set(ROLES));
});

describe.each(PEOPLE)('REST as $who', (person) => {
  // Removals come last, or what the others ask for would be gone.
  const ordered = OPERATION_IDS.toSorted((a, b) => Number(a.startsWith('delete')) - Number(b.startsWith('delete')));
  test.each(ordered)('%s', async (id) => {
    const one = operation(id);
    const { path, body, upload } = REQUESTS[id](facts);
    const token = await floor.token(person.role, person);
    const init = {
      method: one.method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(upload === undefined ? {} : { body: upload, headers: { 'content-type': 'audio/basic' } }),
    };
    const response = await floor.get(path, token, init);
    const bytes = await bytesOf(response);
    search(bytes, person, id);
    const may = one.roles === 'anyone' || one.roles.includes(person.role);
    if (!may) {
      expect(response.status, bytes).toBe(403);
      expect(bytes).toContain('auth.forbidden');
      return;
    }
    expect([200, 201, 204, 404, 409], bytes).toContain(response.status);
    const nobody = await floor.get(path, undefined, init);
    expect(nobody.status).toBe(one.roles === 'anyone' ? response.status : 401);
  });
});

describe.each(PEOPLE)('WebSocket as $who', (person) => {
  test.each(STREAMS)('stream %s', async (stream) => {
    const client = await floor.client(person.role, person);
    const agentId = person.agentId ?? (person.role === 'agent' ? person.userId : undefined);
    const may = mayWatch({ role: person.role, ...(agentId === undefined ? {} : { agentId }) }, stream);
    client.send({ type: 'subscribe', stream: stream as never });
    const answer = may ? await client.next('reset') : await client.next('error');
    if (!may) expect(answer).toMatchObject({ code: 'auth.forbidden' });
    search(client.texts.join('\n'), person, stream);
    client.close();
  });

  test('every command', async () => {
    const client = await floor.client(person.role, person);
    for (const type of CLIENT_COMMAND_TYPES) {
      const command = { type, ...COMMANDS[type](facts) } as ClientCommand;
      const answer = await client.command(command, `${person.who}-${type}`.replace(/[^a-z.-]/giu, '').slice(-60));
      // What passes the door is answered by the engine, whatever it says.
      if (maySend(person.role, type)) {
        expect(answer.type, `${type}: ${JSON.stringify(answer)}`).toBe('outcome');
      } else expect(answer, type).toMatchObject({ type: 'error', code: 'auth.forbidden' });
    }
    search(client.texts.join('\n'), person, 'commands');
    client.close();
  });
});

test('what happens while all of them watch reaches each of them, and the number only those who may see it', async () => {
  const watchers = await Promise.all(
    PEOPLE.flatMap((person) =>
      STREAMS.filter((stream) =>
        mayWatch({ role: person.role, agentId: person.agentId ?? person.userId ?? '' }, stream),
      ).map(async (stream) => {
        const client = await floor.client(person.role, person);
        await client.watch(stream);
        return { person, stream, client };
      }),
    ),
  );
  floor.phone.call(CALLER, '4008002000');
  await floor.server.settled();
  for (const { client, stream, person } of watchers) {
    // What was told of the call stands in front of the answer to this.
    client.send({ type: 'ping', nonce: 'told' });
    await client.next('pong', ({ nonce }) => nonce === 'told');
    if (stream === 'board' || stream === 'queue:sales') await client.next('events');
    search(client.texts.join('\n'), person, stream);
  }
  // The search itself must be able to find: those who may see the number were sent it.
  const clear = watchers.filter(({ person, stream }) => person.sees === 'clear' && stream === 'board');
  expect(clear.length).toBeGreaterThan(0);
  for (const { client } of clear) expect(client.texts.join('\n')).toMatch(NUMBER);
  const masked = watchers.filter(({ person, stream }) => person.sees === 'masked' && stream === 'board');
  for (const { client } of masked) expect(client.texts.join('\n')).toMatch(/"raw":"ref:[\w-]{22}"/u);
});

test('the number reaches no log', () => {
  expect(floor.log.length).toBeGreaterThan(0);
  expect(floor.log.join('')).not.toMatch(NUMBER);
});

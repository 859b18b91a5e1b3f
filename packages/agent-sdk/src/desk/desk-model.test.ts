import { asId, type CallId, type DeviceId, type DeviceView, type StreamSnapshot } from '@cordboard/cti-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { agentView, callView, customerPart, number, popView } from '../../test/views.js';
import type { CallDesk } from './call.js';
import { agentInfoOf, DeskModel } from './desk-model.js';

let told: string[];
let model: DeskModel;
const desk = { agentId: 'ann' } as CallDesk;
beforeEach(() => {
  told = [];
  model = new DeskModel(
    (name, event) => {
      const { call, end, pop, agent, state, parked } = event as unknown as Record<
        string,
        Record<string, unknown> | undefined
      >;
      const facts = [call?.id, end?.how, end?.into, pop?.state, agent?.state, state, parked?.length];
      told.push([name, ...facts.filter((fact) => fact !== undefined)].join(' '));
    },
    () => desk,
  );
});

const content = (over: Partial<Extract<StreamSnapshot, { kind: 'agent' }>> = {}): StreamSnapshot => ({
  kind: 'agent',
  agent: agentView(),
  calls: [],
  pops: [],
  ...over,
});
const call = (id: string, state: Parameters<typeof callView>[0], over = {}) =>
  callView(state, { callId: asId<CallId>(id), ...over });
const slot = (number_: number, over: Partial<DeviceView> = {}): DeviceView => ({
  device: asId<DeviceId>(`main:park:${number_}`),
  presence: 'busy',
  sinceMs: 1,
  sinceWallMs: number_,
  detail: { state: 'taken' },
  ...over,
});

describe('the agent', () => {
  test('is told with all that the server says of it, and no more', () => {
    expect(agentInfoOf(agentView())).toEqual({
      id: 'ann',
      name: 'Ann',
      state: 'ready',
      since: 1_800_000_000_000,
      queues: ['support'],
      services: [],
    });
    const all = {
      reason: 'lunch',
      doNotDisturb: 'on',
      next: { state: 'notReady' },
      readyFor: ['inbound'],
      seat: asId<DeviceId>('main:extension:8001'),
      seatPresence: 'busy',
      services: ['unpark'],
    } as const;
    expect(agentInfoOf(agentView({ state: 'workingAfterCall', ...all }))).toEqual({
      id: 'ann',
      name: 'Ann',
      state: 'wrapUp',
      since: 1_800_000_000_000,
      queues: ['support'],
      ...all,
    });
  });

  test('is nobody before the first content, and nobody else afterwards', () => {
    expect(() => model.agent).toThrow(expect.objectContaining({ code: 'server.internal' }));
    model.reset({ kind: 'queue', queue: {} as never, calls: [] });
    expect(() => model.agent).toThrow();
    model.reset(content());
    model.event({ type: 'agent', agent: agentView({ agentId: asId('bo'), state: 'busy' }) });
    model.event({ type: 'agent', agent: agentView() });
    expect([model.agent.id, told]).toEqual(['ann', []]);
    model.event({ type: 'agent', agent: agentView({ state: 'busy' }) });
    expect([model.agent.state, told]).toEqual(['busy', ['agentChanged busy']]);
  });
});

describe('a call', () => {
  beforeEach(() => model.reset(content()));

  test('ends as the server says: over, left, or gone into another', () => {
    for (const id of ['a', 'b', 'c']) model.event({ type: 'call', change: 'connected', call: call(id, 'connected') });
    told.length = 0;
    const end = { cause: 'normalClearing' } as const;
    model.event({ type: 'callEnded', callId: asId<CallId>('a'), end });
    model.event({ type: 'callEnded', callId: asId<CallId>('b'), end, stillLives: 'lives' });
    model.event({ type: 'callEnded', callId: asId<CallId>('c'), end, mergedInto: asId<CallId>('z') });
    model.event({ type: 'callEnded', callId: asId<CallId>('nobody'), end });
    expect(told).toEqual(['callEnded a ended', 'callEnded b left', 'callEnded c merged z']);
    expect(model.size).toBe(0);
  });

  test('of others is not shown before the own phone has a part in it', () => {
    model.event({ type: 'call', change: 'queued', call: call('a', 'alerting', { connections: [customerPart] }) });
    expect([model.size, told]).toEqual([0, []]);
    model.event({ type: 'call', change: 'alerting', call: call('a', 'alerting') });
    expect(told).toEqual(['callOffered a', 'callUpdated a']);
  });

  test('is found by its id and by those of calls that became part of it', () => {
    model.event({
      type: 'call',
      change: 'connected',
      call: call('b', 'connected', { aliases: [asId('a'), asId('x')] }),
    });
    expect(['a', 'b', 'x', 'c'].map((id) => model.get(id)?.id)).toEqual(['b', 'b', 'b', undefined]);
    expect([model.has('a'), model.has('c')]).toEqual([true, false]);
    expect([...model].map(({ id }) => id)).toEqual(['b']);
  });

  test('and the one that is asked meanwhile know one another', () => {
    model.event({ type: 'call', change: 'held', call: call('a', 'held') });
    model.event({ type: 'call', change: 'offered', call: call('b', 'connected', { consultOf: asId('a') }) });
    model.event({ type: 'call', change: 'held', call: call('c', 'held') });
    const other = (id: string) => model.counterpartOf(model.getOrThrow(id))?.id;
    expect([other('a'), other('b'), other('c')]).toEqual(['b', 'a', undefined]);
  });
});

describe('content after an absence', () => {
  test('tells what changed: ended unseen, gone into another, new, gone on', () => {
    model.reset(content({ calls: [call('lost', 'connected'), call('gone', 'connected'), call('kept', 'held')] }));
    expect(told).toEqual([]);
    model.reset(
      content({
        agent: agentView({ state: 'busy' }),
        calls: [
          call('kept', 'connected'),
          call('into', 'connected', { aliases: [asId('gone')] }),
          call('new', 'alerting'),
        ],
      }),
    );
    expect(told).toEqual([
      'agentChanged busy',
      'callEnded lost lost',
      'callEnded gone merged into',
      'callRetrieved kept',
      'callUpdated kept',
      'callConnected into',
      'callUpdated into',
      'callOffered new',
      'callUpdated new',
    ]);
  });

  test('that rang here and is gone was missed', () => {
    model.reset(content({ calls: [call('a', 'alerting')] }));
    model.reset(content());
    expect(told).toEqual(['callEnded a lost', 'callMissed a']);
  });

  test('tells pops that are new or other than before', () => {
    const [one, two] = [popView(), popView({ popId: asId('e-p2'), state: 'claimed' })];
    model.reset(content({ calls: [call('e-c1', 'alerting')], pops: [one] }));
    expect([told, model.pops]).toEqual([[], [one]]);
    told.length = 0;
    model.reset(content({ calls: [call('e-c1', 'alerting')], pops: [one, two] }));
    expect(told.filter((text) => text.startsWith('pop'))).toEqual(['pop e-c1 claimed']);
    expect(model.pops).toEqual([one, two]);
  });
});

describe('a pop', () => {
  beforeEach(() => model.reset(content()));

  test('brings its call along as long as it is offered', () => {
    model.event({ type: 'pop', pop: popView(), call: call('e-c1', 'alerting') });
    expect(told).toEqual(['callOffered e-c1', 'callUpdated e-c1', 'pop e-c1 offered']);
    model.event({ type: 'pop', pop: popView({ state: 'claimed' }), call: call('e-c1', 'alerting') });
    expect(model.pops.map(({ state }) => state)).toEqual(['claimed']);
    model.event({ type: 'pop', pop: popView({ state: 'shown' }), call: call('e-c1', 'connected') });
    expect([model.pops, model.getOrThrow('e-c1').state]).toEqual([[], 'connected']);
  });

  test('that is over brings no dead call back', () => {
    model.event({ type: 'pop', pop: popView({ state: 'expired' }), call: call('e-c1', 'alerting') });
    expect([model.size, model.pops, told]).toEqual([0, [], ['pop expired']]);
  });
});

describe('who is parked', () => {
  test('is known by slot, from the beginning and as it changes', () => {
    const party = { state: 'taken', party: number('+861'), partyName: 'Mei' } as const;
    model.reset(content({ slots: [slot(9), slot(7, { detail: party })] }));
    expect(told).toEqual([]);
    expect(model.parked).toEqual([
      { slot: 7, since: 7, party: { number: '+861', e164: '+861', presentation: 'allowed', name: 'Mei' } },
      { slot: 9, since: 9 },
    ]);
    model.event({ type: 'device', ...slot(8) });
    model.event({ type: 'device', ...slot(9, { detail: { state: 'idle' } }) });
    model.event({ type: 'device', ...slot(9, { detail: { state: 'idle' } }) });
    model.event({ type: 'device', ...slot(1, { device: asId<DeviceId>('main:extension:1') }) });
    model.event({ type: 'device', ...slot(1, { device: asId<DeviceId>('main:park:front') }) });
    expect(model.parked.map((one) => one.slot)).toEqual([7, 8]);
    expect(told).toEqual(['parkedChanged 3', 'parkedChanged 2']);
    told.length = 0;
    model.reset(content({ slots: [slot(8), slot(7, { detail: party })] }));
    expect(told).toEqual([]);
    model.reset(content());
    expect([told, model.parked]).toEqual([['parkedChanged 0'], []]);
  });
});

test('a link of a switch is told on', () => {
  model.reset(content());
  model.event({ type: 'link', switchId: asId('main'), state: 'down' });
  expect(told).toEqual(['switchChanged down']);
});

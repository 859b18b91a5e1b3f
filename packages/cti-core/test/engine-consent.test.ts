import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type IvrGraph, type RecordingRecord } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const AGENTS = [agent('ann', '8001', { record: 'always' }), agent('bob', '8002', { record: 'always' })];

/** The caller is asked by a flow, and says what `said` is. */
function asked(said: string): IvrGraph {
  return {
    format: 'cordboard-ivr/1',
    id: asId('ask'),
    version: 'v1',
    languages: ['en'],
    start: 'note',
    nodes: {
      note: { type: 'set', assign: { 'recording.consent': said }, next: 'line' },
      line: { type: 'queue', queue: 'support', overflow: 'END' },
    },
    prompts: {},
  };
}

interface Talk {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly callId: CallId;
}

function talk(more: Parameters<typeof site>[0] = {}): Talk {
  const floor = new Floor(site({ agents: AGENTS, queues: [queue('support'), queue('sales')], ...more }))
    .up()
    .ready('ann');
  floor.habits.set(ANN, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(10_000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, caller, callId };
}

function flowTalk(said: string): Talk {
  const { routes, flows } = site();
  return talk({
    flows: [...flows, asked(said)],
    routes: routes.map((route) =>
      route.number === '4008001001' ? { ...route, to: { kind: 'ivr', flow: asId('ask') } } : route,
    ),
  });
}

function records(floor: Floor): RecordingRecord[] {
  return floor.effects.flatMap((effect) =>
    effect.kind === 'record' && effect.record.table === 'recording' ? [effect.record.value] : [],
  );
}

const stops = (floor: Floor): number => floor.sent('controlRecording').filter(({ mode }) => mode === 'stop').length;

describe('consent to a recording', () => {
  test('yes to a flow: recorded, and the record says who noted it and when', () => {
    const { floor, caller } = flowTalk('yes');
    expect(floor.sent('record')).toHaveLength(1);
    expect(records(floor).at(-1)?.consent).toEqual({ given: 'yes', atWallMs: expect.any(Number), by: 'flow' });
    floor.hangUp(caller);
    expect(records(floor).at(-1)).toMatchObject({ state: 'done', consent: { given: 'yes', by: 'flow' } });
  });

  test('no to a flow: nothing is recorded, by rule, by the agent or by a supervisor', () => {
    const { floor, callId } = flowTalk('no');
    expect(floor.sent('record')).toHaveLength(0);
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'start' })).toMatchObject({ code: 'call.blocked' });
    expect(floor.say('sue', { type: 'supervise.record', callId, mode: 'start' }, { role: 'supervisor' })).toMatchObject(
      { code: 'call.blocked' },
    );
    expect(floor.engine.call(callId)?.connections[1]?.actions).not.toContain('startRecording');
  });

  test('no in mid-call: the recording ends at once, says so, and none begins with the next agent', () => {
    const { floor, caller, callId } = talk();
    expect(floor.media.get(caller)?.recording).toBeDefined();
    expect(records(floor).at(-1)).not.toHaveProperty('consent');
    floor.say('ann', { type: 'call.setData', callId, data: { 'recording.consent': 'no' } });
    expect(stops(floor)).toBe(1);
    expect(records(floor).at(-1)).toMatchObject({ state: 'done', consent: { given: 'no', by: 'agent' } });
    floor.ready('bob');
    floor.say('ann', { type: 'call.transfer', callId, to: '8002' });
    floor.answer(BOB);
    floor.wait(1000);
    expect(floor.sent('record')).toHaveLength(1);
    expect(stops(floor)).toBe(1);
  });

  test('other words say nothing; saying the same again changes nothing', () => {
    const { floor, callId } = talk();
    const before = records(floor).length;
    for (const text of ['maybe', '', 'NO']) {
      floor.say('ann', { type: 'call.setData', callId, data: { 'recording.consent': text } });
    }
    expect(records(floor)).toHaveLength(before);
    floor.say('ann', { type: 'call.setData', callId, data: { 'recording.consent': 'yes' } });
    const first = records(floor).at(-1)?.consent;
    floor.wait(5000);
    floor.say('ann', { type: 'call.setData', callId, data: { 'recording.consent': 'yes', x: '1' } });
    expect(records(floor).at(-1)?.consent).toEqual(first);
    expect(stops(floor)).toBe(0);
  });

  test('a refusal noted in a consultation holds in the call that goes on', () => {
    const { floor, caller, callId } = talk();
    floor.ready('bob');
    floor.habits.set(BOB, 'answers');
    const outcome = floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    const consult = outcome?.outcome === 'done' ? outcome.callId : undefined;
    if (consult === undefined) throw new Error('no consultation');
    floor.wait(1000);
    floor.say('ann', { type: 'call.setData', callId: consult, data: { 'recording.consent': 'no' } });
    floor.say('ann', { type: 'call.completeTransfer', callId: consult });
    floor.wait(1000);
    expect(floor.media.get(caller)?.recording).toBeUndefined();
    expect(stops(floor)).toBeGreaterThan(0);
    expect(records(floor).at(-1)).toMatchObject({ state: 'done', consent: { given: 'no', by: 'agent' } });
  });
});

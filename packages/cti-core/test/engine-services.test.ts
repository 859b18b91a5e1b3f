import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const SUE = 'main:extension:8009';

interface Talk {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly callId: CallId;
}

/** Ann talks with a caller who came by the queue. */
function talk(more: Parameters<typeof site>[0] = {}): Talk {
  const floor = new Floor(site(more)).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(10_000);
  floor.ready('bob');
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, caller, callId };
}

function together(floor: Floor, ...ids: ConnectionId[]): boolean {
  const bridges = new Set(ids.map((id) => floor.media.get(id)?.bridge));
  return bridges.size === 1 && !bridges.has(undefined);
}

function consultOf(floor: Floor, agentId: string): CallId {
  const other = floor.engine.agent(asId(agentId))?.calls.find((id) => floor.engine.call(id)?.consultOf !== undefined);
  if (other === undefined) throw new Error('no consultation');
  return other;
}

describe('hold', () => {
  test('the caller hears music, the agent is held when the switch has confirmed', () => {
    const { floor, caller, callId } = talk();
    expect(floor.say('ann', { type: 'call.hold', callId })).toEqual({ outcome: 'done' });
    expect(floor.media.get(caller)).toMatchObject({ music: 'on', bridge: undefined });
    expect(floor.engine.call(callId)?.connections[1]).toMatchObject({ state: 'held', heldBy: 'agent' });
    expect(floor.engine.call(callId)?.connections[1]?.actions).toContain('retrieve');
    floor.wait(5000);
    expect(floor.say('ann', { type: 'call.retrieve', callId })).toEqual({ outcome: 'done' });
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    floor.wait(1000).hangUp(caller);
    expect(floor.onlyCdr().segments.map((segment) => segment.kind)).toEqual(['talking', 'held', 'talking']);
  });

  test('a switch that never confirms: the request ends with driver.timeout and the state is not invented', () => {
    const { floor, callId } = talk();
    floor.deaf.add('unbridge');
    expect(floor.say('ann', { type: 'call.hold', callId }, { id: 'h' })).toBeUndefined();
    expect(floor.engine.call(callId)?.connections[1]).toMatchObject({ state: 'connected', pending: 'hold' });
    floor.wait(10_000);
    expect(floor.outcomes.get('ann/h')).toMatchObject({ outcome: 'failed', code: 'driver.timeout' });
  });

  test('a phone holds by itself: music, state held by the device; retrieved the same way', () => {
    const { floor, caller, callId } = talk();
    const phone = floor.at_(ANN);
    floor.event({ type: 'heldByDevice', connectionId: phone });
    expect(floor.media.get(caller)?.music).toBe('on');
    expect(floor.engine.call(callId)?.connections[1]).toMatchObject({ state: 'held', heldBy: 'device' });
    expect(floor.say('ann', { type: 'call.retrieve', callId })).toMatchObject({ code: 'call.state' });
    floor.event({ type: 'retrievedByDevice', connectionId: phone });
    expect(together(floor, caller, phone)).toBe(true);
    expect(floor.engine.call(callId)?.connections[1]?.state).toBe('connected');
  });
});

describe('consultation', () => {
  test('complete: the caller talks with the second agent, one CDR, the second page pops the same customer', () => {
    const { floor, caller, callId } = talk({
      queues: [queue('support', { popUrl: 'https://erp/c?n={caller.number}&note={data.note}' }), queue('sales')],
    });
    const outcome = floor.say('ann', { type: 'call.consult', callId, to: '8002', note: 'wants a refund' });
    const consult = consultOf(floor, 'ann');
    expect(outcome).toEqual({ outcome: 'done', callId: consult });
    expect(floor.media.get(caller)?.music).toBe('on');
    expect(floor.media.get(floor.at_(ANN))?.playing).toBeDefined();
    const pop = floor.told('agent:bob').find((event) => event.type === 'pop');
    expect(pop).toMatchObject({
      pop: { url: 'https://erp/c?n=%2B8613912345678&note=wants%20a%20refund' },
      call: { customer: { e164: '+8613912345678' }, data: { note: 'wants a refund' }, consultOf: callId },
    });
    floor.wait(3000).answer(BOB);
    expect(together(floor, floor.at_(ANN), floor.at_(BOB))).toBe(true);
    expect(floor.media.get(floor.at_(ANN))?.playing).toBeUndefined();
    floor.wait(7000);
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toEqual({ outcome: 'done', callId });
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    expect(() => floor.at_(ANN)).toThrow();
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.engine.call(consult)?.callId).toBe(callId);
    expect(floor.told('agent:bob').filter((event) => event.type === 'pop')).toHaveLength(1);
    expect(floor.told('agent:bob').some((event) => event.type === 'callEnded' && event.mergedInto === callId)).toBe(
      true,
    );
    floor.wait(20_000).hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({
      callId,
      outcome: 'answered',
      agents: ['ann', 'bob'],
      merged: [{ callId: consult }],
      transfers: [{ kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done' }],
      data: { note: 'wants a refund' },
    });
    expect(floor.onlyCdr().segments.map((segment) => [segment.kind, segment.agentId])).toEqual([
      ['talking', 'ann'],
      ['consulting', 'ann'],
      ['talking', 'bob'],
    ]);
    expect(floor.media.size).toBe(0);
  });

  test('complete before the answer, and nobody answers: the first seat rings again', () => {
    const { floor, caller, callId } = talk();
    floor.habits.set(ANN, 'rings');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    expect(floor.media.get(caller)?.music).toBe('on');
    floor.wait(5000).hangUp(floor.at_(BOB), 'rejected');
    expect(floor.media.get(floor.at_(ANN))?.state).toBe('alerting');
    floor.answer(ANN);
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    floor.hangUp(caller);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'attended', outcome: 'failed' }]);
  });

  test.each(['rings', 'nobody'] as const)('complete while a queue is asked (%s): the caller is queued', (phone) => {
    const { floor, caller, callId } = talk();
    if (phone === 'rings') floor.ready('bob');
    floor.say('ann', { type: 'call.consult', callId, to: phone === 'rings' ? 'queue:support' : 'queue:sales' });
    if (phone === 'rings') expect(floor.media.get(floor.at_(BOB))?.state).toBe('alerting');
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    const own = floor.engine.call(callId)?.connections.find((one) => one.connectionId === caller);
    expect(own?.state).toBe('queued');
    expect(floor.media.get(caller)?.music).toBe('on');
  });

  test('cancel: the caller comes back, the consulted phone is free', () => {
    const { floor, caller, callId } = talk();
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.answer(BOB);
    expect(floor.say('ann', { type: 'call.cancelConsult', callId })).toEqual({ outcome: 'done', callId });
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    expect(floor.state('bob')).toBe('ready');
    floor.hangUp(caller);
    expect(floor.cdrs.size).toBe(2);
  });

  test('alternate and conference', () => {
    const { floor, caller, callId } = talk();
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.answer(BOB);
    expect(floor.say('ann', { type: 'call.alternate', callId })).toEqual({ outcome: 'done', callId });
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    expect(floor.media.get(floor.at_(BOB))?.music).toBe('on');
    expect(floor.say('ann', { type: 'call.conference', callId })).toEqual({ outcome: 'done', callId });
    expect(together(floor, caller, floor.at_(ANN), floor.at_(BOB))).toBe(true);
    floor.wait(5000);
    expect(floor.say('ann', { type: 'call.clear', callId })).toEqual({ outcome: 'done' });
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    floor.wait(5000).hangUp(floor.at_(BOB));
    const cdr = floor.onlyCdr();
    expect(cdr.segments.map((segment) => segment.kind)).toContain('conference');
    expect(cdr).toMatchObject({ agents: ['ann', 'bob'], endedBy: 'agent' });
    expect(floor.media.size).toBe(0);
  });

  test('the caller hangs up during it: the two agents talk on in a call of their own', () => {
    const { floor, caller, callId } = talk();
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.answer(BOB);
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ callId, endedBy: 'caller' });
    expect(together(floor, floor.at_(ANN), floor.at_(BOB))).toBe(true);
    floor.wait(1000).hangUp(floor.at_(BOB));
    expect(floor.cdrs.size).toBe(2);
    expect(floor.media.size).toBe(0);
  });

  test('the agent hangs up the phone with the caller on hold: the seat rings again', () => {
    const { floor, caller, callId } = talk();
    floor.habits.set(ANN, 'rings');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.answer(BOB);
    floor.hangUp(floor.at_(ANN));
    expect(floor.media.get(floor.at_(ANN))?.state).toBe('alerting');
    expect(floor.media.get(caller)?.music).toBe('on');
    floor.answer(ANN);
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
  });
});

describe('blind transfer', () => {
  test('to an extension that answers', () => {
    const { floor, caller, callId } = talk();
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '8005' })).toEqual({ outcome: 'done', callId });
    expect(floor.media.get(caller)?.music).toBe('on');
    floor.wait(2000).answer('main:extension:8005');
    expect(together(floor, caller, floor.at_('main:extension:8005'))).toBe(true);
    floor.wait(2000).hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ transfers: [{ kind: 'blind', by: 'ann', to: '8005', outcome: 'done' }] });
  });

  test('to a busy number: the own seat rings again, nobody answers, back to the queue at the head', () => {
    const { floor, caller, callId } = talk();
    floor.habits.set(ANN, 'rings');
    floor.habits.set('main:extension:8005', 'busy');
    floor.say('bob', { type: 'agent.notReady', reason: 'break' });
    const second = floor.caller('13900000002', '4008001001');
    floor.wait(1000);
    floor.say('ann', { type: 'call.transfer', callId, to: '8005' });
    const ring = floor.at_(ANN);
    expect(floor.media.get(ring)?.state).toBe('alerting');
    floor.wait(20_000).hangUp(ring, 'rejected');
    expect(floor.engine.queue(asId('support'))?.waiting.map((entry) => entry.callId)[0]).toBe(callId);
    floor.say('bob', { type: 'agent.ready' });
    floor.answer(BOB);
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    floor.hangUp(caller).hangUp(second);
    expect(floor.cdrs.size).toBe(2);
  });

  test('to a queue, by a phone (REFER), to an unknown number', () => {
    const { floor, caller } = talk();
    floor.habits.set(ANN, 'rings');
    floor.event({
      type: 'transferRequested',
      connectionId: floor.at_(ANN),
      kind: 'blind',
      to: { number: 'nobody', presentation: 'allowed' },
    });
    expect(floor.media.get(floor.at_(ANN))?.state).toBe('alerting');
    floor.answer(ANN);
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    const callId = floor.engine.agent(asId('ann'))?.calls[0] as CallId;
    expect(floor.say('ann', { type: 'call.transfer', callId, to: 'queue:sales' })).toMatchObject({ outcome: 'done' });
    expect(floor.engine.queue(asId('sales'))?.waitingCount).toBe(1);
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ queueId: 'sales', outcome: 'answered' });
  });

  test('attended by the phone with two legs of its own: one call id, one CDR', () => {
    const { floor, caller } = talk();
    const first = floor.at_(ANN);
    floor.event({ type: 'heldByDevice', connectionId: first });
    const second = floor.caller('8001', '8002', ANN);
    floor.answer(BOB);
    expect(together(floor, second, floor.at_(BOB))).toBe(true);
    floor.event({ type: 'transferRequested', connectionId: first, kind: 'attended', consultId: second });
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    expect(floor.media.has(first)).toBe(false);
    expect(floor.media.has(second)).toBe(false);
    floor.hangUp(floor.at_(BOB));
    expect(floor.onlyCdr()).toMatchObject({
      agents: ['ann', 'bob'],
      merged: [{}],
      transfers: [{ kind: 'attended', outcome: 'done' }],
    });
  });

  test('to a flow and back to the agent', () => {
    const { floor, caller, callId } = talk();
    expect(floor.say('ann', { type: 'call.toFlow', callId, flow: 'front' })).toEqual({ outcome: 'done' });
    expect(floor.media.get(caller)?.playing).toBeDefined();
    expect(floor.media.get(caller)?.bridge).toBeUndefined();
    for (let i = 0; i < 3; i += 1) {
      const playing = floor.media.get(caller)?.playing;
      if (playing === undefined) break;
      floor.event({ type: 'playbackFinished', connectionId: caller, playbackId: asId(playing), outcome: 'done' });
      floor.wait(5000);
    }
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    floor.wait(1000).hangUp(caller);
    expect(floor.onlyCdr().segments.map((segment) => segment.kind)).toEqual(['talking', 'flow', 'talking']);
  });
});

describe('supervision', () => {
  test('listen, whisper, barge, stop; the call goes on', () => {
    const { floor, caller, callId } = talk();
    floor.habits.set(SUE, 'answers');
    const boss = { role: 'supervisor' } as const;
    floor.say('sue', { type: 'agent.logOn' });
    const watch = { type: 'supervise.monitor', callId, agentId: asId<never>('ann') } as const;
    expect(floor.say('sue', { ...watch, mode: 'listen' }, boss)).toEqual({ outcome: 'done' });
    expect(floor.media.get(floor.at_(SUE))?.monitors).toBe(floor.at_(ANN));
    expect(floor.say('sue', { ...watch, mode: 'barge' }, boss)).toEqual({ outcome: 'done' });
    expect(floor.engine.call(callId)?.connections.find((conn) => conn.device === SUE)?.role).toBe('barge');
    expect(floor.state('sue')).toBe('busy');
    expect(floor.say('sue', { type: 'supervise.stop', callId }, boss)).toEqual({ outcome: 'done' });
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
    floor.say('sue', { ...watch, mode: 'whisper' }, boss);
    floor.hangUp(caller);
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ agents: ['ann'] });
  });

  test('force release', () => {
    const { floor, callId } = talk();
    expect(floor.say('sue', { type: 'supervise.forceRelease', callId }, { role: 'supervisor' })).toEqual({
      outcome: 'done',
    });
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'supervisor', cause: 'forcedRelease' });
    expect(floor.state('ann')).toBe('workingAfterCall');
  });

  test('a waiting caller is given to an agent out of order', () => {
    const floor = new Floor(site()).up();
    floor.caller('13900000001', '4008001001');
    floor.wait(1000).caller('13900000002', '4008001001');
    const second = floor.engine.queue(asId('support'))?.waiting[1]?.callId as CallId;
    floor.say('bob', { type: 'agent.logOn' });
    const outcome = floor.say(
      'sue',
      { type: 'supervise.pickWaiting', callId: second, toAgent: asId('bob') },
      { role: 'supervisor' },
    );
    expect(outcome).toEqual({ outcome: 'done' });
    floor.answer(BOB);
    expect(floor.engine.agent(asId('bob'))?.calls).toEqual([second]);
  });
});

describe('members', () => {
  test('add, mute, drop', () => {
    const { floor, caller, callId } = talk();
    expect(floor.say('ann', { type: 'call.addParty', callId, to: '8005' })).toEqual({ outcome: 'done' });
    floor.answer('main:extension:8005');
    const third = floor.at_('main:extension:8005');
    expect(together(floor, caller, floor.at_(ANN), third)).toBe(true);
    expect(floor.say('ann', { type: 'call.mutePart', callId, connectionId: third, mode: 'mute' })).toEqual({
      outcome: 'done',
    });
    expect(floor.engine.call(callId)?.connections.find((conn) => conn.connectionId === third)?.muted).toBe('muted');
    expect(floor.say('ann', { type: 'call.dropParty', callId, connectionId: third })).toEqual({ outcome: 'done' });
    expect(floor.media.has(third)).toBe(false);
    expect(together(floor, caller, floor.at_(ANN))).toBe(true);
  });
});

describe('recording', () => {
  test('by rule, on the customer, through hold and transfer; pause and resume are kept', () => {
    const { floor, caller, callId } = talk({
      agents: [agent('ann', '8001', { record: 'always' }), agent('bob', '8002')],
    });
    const id = floor.media.get(caller)?.recording;
    expect(id).toBeDefined();
    floor.wait(1000);
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'pause' })).toEqual({ outcome: 'done' });
    floor.wait(2000);
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'resume' })).toEqual({ outcome: 'done' });
    floor.say('ann', { type: 'call.hold', callId });
    floor.say('ann', { type: 'call.transfer', callId, to: '8002' });
    floor.answer(BOB);
    expect(floor.media.get(caller)?.recording).toBe(id);
    floor.wait(1000).hangUp(caller);
    expect(floor.onlyCdr().recordings).toEqual([id]);
    const last = floor.effects
      .filter((effect) => effect.kind === 'record' && effect.record.table === 'recording')
      .at(-1);
    expect(last).toMatchObject({
      record: {
        value: {
          state: 'done',
          files: [`${id}.wav`],
          basis: 'consent',
          cause: 'rule',
          pauses: [{ toWallMs: expect.any(Number) }],
        },
      },
    });
    expect(JSON.parse(floor.engine.dump()).recordings).toEqual({});
  });

  test('numbers that are never recorded are not, whoever asks', () => {
    const floor = new Floor(site({ agents: [agent('ann', '8001', { record: 'always' })] })).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13900000009', '4008001001');
    const callId = floor.engine.agent(asId('ann'))?.calls[0] as CallId;
    expect(floor.media.get(caller)?.recording).toBeUndefined();
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'start' })).toMatchObject({ code: 'call.blocked' });
    expect(floor.say('sue', { type: 'supervise.record', callId, mode: 'start' }, { role: 'supervisor' })).toMatchObject(
      { code: 'call.blocked' },
    );
    expect(floor.engine.call(callId)?.connections[1]?.actions).not.toContain('startRecording');
  });

  test('per queue, on demand, stop', () => {
    const { floor, callId } = talk({ queues: [queue('support', { record: 'always' }), queue('sales')] });
    expect(floor.sent('record')).toHaveLength(1);
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'stop' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'start' })).toEqual({ outcome: 'done' });
    expect(floor.sent('record')).toHaveLength(2);
  });
});

describe('screen pop', () => {
  test('one tab claims it; unacknowledged in two seconds, the next one may', () => {
    const floor = new Floor(
      site({
        queues: [queue('support', { popUrl: 'https://erp/c?n={caller.number}&q={queue.name}' }), queue('sales')],
      }),
    ).up();
    floor.ready('ann');
    floor.caller('13912345678', '4008001001');
    const offered = floor.told('agent:ann').find((event) => event.type === 'pop');
    if (offered?.type !== 'pop') throw new Error('no pop');
    expect(offered.pop.url).toBe('https://erp/c?n=%2B8613912345678&q=support');
    const { popId } = offered.pop;
    expect(floor.say('ann', { type: 'pop.claim', popId, tab: 'a' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'pop.claim', popId, tab: 'b' })).toMatchObject({ code: 'pop.gone' });
    floor.wait(2000);
    expect(floor.say('ann', { type: 'pop.claim', popId, tab: 'b' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'pop.acknowledge', popId, tab: 'b', outcome: 'shown' })).toEqual({
      outcome: 'done',
    });
    floor.answer(ANN);
    expect(
      floor
        .told('agent:ann')
        .filter((event) => event.type === 'pop')
        .map((event) => (event.type === 'pop' ? event.pop.state : '')),
    ).toEqual(['offered', 'claimed', 'offered', 'claimed', 'shown']);
  });

  test('a claim that lapses while the phone is being taken back pops nothing anew', () => {
    const { floor, callId } = talk();
    floor.say('bob', { type: 'agent.logOn' });
    floor.say('ann', { type: 'call.consult', callId, to: 'agent:bob' });
    const offered = floor.told('agent:bob').findLast((event) => event.type === 'pop');
    if (offered?.type !== 'pop') throw new Error('no pop');
    floor.say('bob', { type: 'pop.claim', popId: offered.pop.popId, tab: 'a' });
    floor.deaf.add('clear');
    floor.say('ann', { type: 'call.cancelConsult', callId });
    floor.wait(3000);
    const states = floor.told('agent:bob').flatMap((event) => (event.type === 'pop' ? [event.pop.state] : []));
    expect(states).toEqual(['offered', 'claimed', 'expired']);
  });

  test('a match that comes late updates the pop; after the end it pops nothing', () => {
    const floor = new Floor(site()).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    const lookups = floor.effects.filter((effect) => effect.kind === 'lookup');
    expect(lookups).toHaveLength(1);
    const [lookup] = lookups;
    if (lookup?.kind !== 'lookup') throw new Error('no lookup');
    const match = { decision: 'one', customers: [{ id: 'c7', name: 'Lee' }] } as const;
    floor.input({ kind: 'lookup', lookupId: lookup.lookupId, result: { outcome: 'found', match } });
    expect(floor.told('agent:ann').findLast((event) => event.type === 'pop')).toMatchObject({ pop: { match } });
    floor.hangUp(caller);
    const before = floor.told('agent:ann').length;
    floor.input({ kind: 'lookup', lookupId: lookup.lookupId, result: { outcome: 'found', match } });
    expect(floor.told('agent:ann')).toHaveLength(before);
  });
});

describe('an agent', () => {
  test('a wish during a call waits as next', () => {
    const { floor, caller } = talk();
    floor.say('ann', { type: 'agent.notReady', reason: 'lunch' });
    expect(floor.state('ann')).toBe('busy');
    expect(floor.engine.agent(asId('ann'))?.next).toEqual({ state: 'notReady', reason: 'lunch' });
    floor.hangUp(caller);
    floor.wait(10_000);
    expect(floor.state('ann')).toBe('notReady:lunch');
  });

  test('a silent page is not ready any more, and says why', () => {
    const floor = new Floor(site()).up().ready('ann');
    const presence = {
      kind: 'presence',
      userId: asId<never>('ann'),
      clientId: asId<never>('tab'),
      agentId: asId<never>('ann'),
    } as const;
    floor.input({ ...presence, state: 'online' });
    floor.wait(20_000).say('ann', { type: 'agent.lease' });
    floor.wait(20_000);
    expect(floor.state('ann')).toBe('ready');
    floor.input({ ...presence, state: 'offline' }).wait(30_000);
    expect(floor.state('ann')).toBe('notReady:connectionLost');
  });

  test('of several silent pages each is given up when its own time is over', () => {
    const floor = new Floor(site()).up().ready('bob').ready('ann');
    const heard = (id: string) =>
      floor.input({
        kind: 'presence',
        userId: asId(id),
        clientId: asId(`tab-${id}`),
        agentId: asId(id),
        state: 'online',
      });
    const gone = () =>
      floor.effects.flatMap((effect) =>
        effect.kind === 'publish' &&
        effect.stream === 'board' &&
        effect.event.type === 'agent' &&
        effect.event.agent.reason === 'connectionLost'
          ? [effect.event.agent.agentId]
          : [],
      );
    heard('bob');
    heard('ann');
    floor.wait(10_000);
    heard('bob');
    floor.wait(5000);
    heard('ann');
    floor.wait(24_999);
    expect(gone()).toEqual([]);
    floor.wait(1);
    expect(gone()).toEqual(['bob']);
    floor.wait(4999);
    expect(gone()).toEqual(['bob']);
    floor.wait(1);
    expect(gone()).toEqual(['bob', 'ann']);
  });

  test('a silent page is given up also when somebody else has logged off meanwhile', () => {
    const floor = new Floor(site()).up().ready('bob').ready('ann');
    for (const id of ['bob', 'ann'])
      floor.input({
        kind: 'presence',
        userId: asId(id),
        clientId: asId(`tab-${id}`),
        agentId: asId(id),
        state: 'online',
      });
    floor.say('bob', { type: 'agent.logOff' });
    floor.wait(30_000);
    expect(floor.state('ann')).toBe('notReady:connectionLost');
  });

  test('a seat that cannot be reached gets no work; it comes back by itself', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.event({ type: 'devicePresence', device: asId(ANN), presence: 'unreachable' });
    expect(floor.state('ann')).toBe('notReady:deviceDown');
    floor.caller('13912345678', '4008001001');
    expect(floor.sent('originate')).toHaveLength(0);
    floor.event({ type: 'devicePresence', device: asId(ANN), presence: 'idle' });
    expect(floor.state('ann')).toBe('reserved');
  });

  test('stays follow one another without gap and add up to the logged-on time', () => {
    const { floor, caller } = talk();
    floor.wait(5000).hangUp(caller);
    floor.wait(20_000).say('ann', { type: 'agent.logOff' });
    const stays = floor.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.record.table === 'agentStay' && effect.record.value.agentId === 'ann'
        ? [effect.record.value]
        : [],
    );
    for (let i = 1; i < stays.length; i += 1) expect(stays[i]?.fromMs).toBe(stays[i - 1]?.toMs);
    expect(stays.at(-1)?.toMs).toBe(floor.at);
    expect(stays.map((stay) => stay.state)).toContain('workingAfterCall');
  });
});

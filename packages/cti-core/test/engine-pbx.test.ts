import { describe, expect, test } from 'vitest';
import { asId, type Cdr, type RouteConfig, restoreEngine } from '../src/index.js';
import { ext, line, PBX, PbxFloor } from './support/pbx.js';
import { agent } from './support/site.js';

const MEI = '13912345678';
const E164 = '+8613912345678';

const kinds = (cdr: Cdr): string =>
  cdr.segments
    .map((one) => `${one.kind}${one.agentId === undefined ? '' : `:${one.agentId}`} ${one.endMs - one.startMs}`)
    .join(', ');
const pops = (floor: PbxFloor, who: string): readonly string[] =>
  floor
    .told(`agent:${who}`)
    .flatMap((event) => (event.type === 'pop' && event.pop.state === 'offered' ? [event.pop.at] : []));
const lookups = (floor: PbxFloor): readonly string[] =>
  floor.effects.flatMap((effect) =>
    effect.kind === 'lookup' && effect.lookup.type === 'customer' ? [effect.lookup.number.raw] : [],
  );
const callOf = (floor: PbxFloor, who: string) => {
  const [id] = floor.engine.agent(asId(who))?.calls ?? [];
  return id === undefined ? undefined : floor.engine.call(id);
};
/** Nothing lives on, nothing waits. */
const isEmpty = (floor: PbxFloor): void => {
  const { liveCalls, legs, timers } = floor.engine.counters();
  expect({ liveCalls, legs, timers }).toEqual({ liveCalls: 0, legs: 0, timers: 0 });
  expect(JSON.parse(floor.engine.dump())).toMatchObject({ conns: {}, ops: {}, pops: {}, aliases: {}, limbo: {} });
};

describe('a call that a key telephone system carries out', () => {
  test('rings, is talked in and ends: one record, the agent follows the phone, and the engine asks for nothing', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001', '8003']);
    expect(floor.state('ann')).toBe('busy');
    expect(callOf(floor, 'ann')).toMatchObject({
      direction: 'inbound',
      nativeCallRef: '1',
      customer: { e164: E164 },
      calling: { e164: E164 },
      connections: [
        { device: line(1), state: 'initiated', party: { e164: E164 } },
        { device: ext('8001'), state: 'alerting', agentId: 'ann', party: { raw: '8001' } },
        { device: ext('8003'), state: 'alerting' },
      ],
    });
    floor.wait(4000).answer_('8001');
    expect(floor.state('ann')).toBe('busy');
    floor.wait(60_000).hangsUp(caller);
    expect(floor.state('ann')).toBe('ready');
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({
      direction: 'inbound',
      outcome: 'answered',
      cause: 'normalClearing',
      endedBy: 'caller',
      endedAt: { kind: 'agent', agent: 'ann' },
      agents: ['ann'],
      nativeCallRefs: ['1'],
      answeredWallMs: cdr.startedWallMs + 4000,
      durationMs: 64_000,
    });
    expect(cdr.missedBy).toBeUndefined();
    expect(kinds(cdr)).toBe('ringing:ann 4000, talking:ann 60000');
    expect(floor.commands).toEqual([]);
    isEmpty(floor);
  });

  test('that nobody answers is abandoned, and missed by who was rung', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(9000).hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'abandoned', endedBy: 'caller', missedBy: ['ann'], agents: [] });
    expect(floor.state('ann')).toBe('ready');
    isEmpty(floor);
  });

  test('that goes on to another phone is of who takes it there', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    const caller = floor.rings(MEI, ['8001']);
    const first = floor.wait(15_000).on(ext('8001'))[0];
    if (first !== undefined) floor.end(first, 'noAnswer');
    floor.alert(ext('8002'), caller.ref);
    floor.wait(2000).answer_('8002').wait(1000);
    floor.hangsUp(floor.on(ext('8002'))[0]);
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'answered',
      cause: 'normalClearing',
      endedBy: 'agent',
      endedAt: { kind: 'agent', agent: 'bob' },
      agents: ['bob'],
      missedBy: ['ann'],
    });
    isEmpty(floor);
  });

  test('between two phones is internal, and looks nobody up', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.dials(ext('8001'), '8002', { late: 'late' });
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['busy', 'busy']);
    floor.wait(1000).answer_('8002').wait(5000);
    floor.hangsUp(floor.on(ext('8001'))[0]);
    expect(floor.onlyCdr()).toMatchObject({
      direction: 'internal',
      calling: { raw: '8001' },
      called: { raw: '8002' },
      outcome: 'answered',
      agents: ['ann', 'bob'],
    });
    expect(floor.onlyCdr().customer).toBeUndefined();
    expect(lookups(floor)).toEqual([]);
    expect(pops(floor, 'bob')).toEqual([]);
    isEmpty(floor);
  });

  test('that a phone makes to the outside is outbound; the customer is looked up when it rings there', () => {
    const floor = new PbxFloor().ready('ann');
    floor.dials(ext('8001'), MEI, { late: 'late' });
    expect(callOf(floor, 'ann')).toMatchObject({ direction: 'outbound', customer: { e164: E164 } });
    expect(lookups(floor)).toEqual([MEI]);
    expect(pops(floor, 'ann')).toEqual([]);
    floor.wait(3000).farAnswers();
    expect(pops(floor, 'ann')).toEqual(['alerting']);
    floor.wait(5000).hangsUp(floor.on(line(1))[0]);
    expect(kinds(floor.onlyCdr())).toBe('ringing 3000, talking:ann 5000');
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', endedBy: 'unknown', called: { e164: E164 } });
    isEmpty(floor);
  });

  test('with an access code is to the number that goes out on the line', () => {
    const floor = new PbxFloor().ready('ann');
    const ref = floor.ref();
    const phone = floor.create({ device: ext('8001'), direction: 'incoming', ref });
    const dialled = { number: `9${MEI}`, presentation: 'allowed' } as const;
    floor.event({ type: 'identified', connectionId: phone.id, called: dialled });
    floor.create({ device: line(1), direction: 'outgoing', ref, called: { number: MEI, presentation: 'allowed' } });
    floor.event({ type: 'identified', connectionId: phone.id, called: dialled });
    expect(callOf(floor, 'ann')).toMatchObject({
      direction: 'outbound',
      called: { e164: E164 },
      customer: { e164: E164 },
    });
  });

  test('counts held and talked time apart', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001').wait(2000);
    const own = floor.on(ext('8001'))[0];
    floor.holds(own);
    expect(callOf(floor, 'ann')?.connections[1]).toMatchObject({ state: 'held', heldBy: 'device' });
    floor.wait(7000);
    floor.retrieves(own);
    floor.wait(3000).hangsUp(caller);
    expect(kinds(floor.onlyCdr())).toBe('ringing:ann 1000, talking:ann 2000, held:ann 7000, talking:ann 3000');
  });

  test('is the agent’s who logs on while their phone talks', () => {
    const floor = new PbxFloor();
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001');
    floor.ready('ann');
    expect(floor.state('ann')).toBe('busy');
    expect(pops(floor, 'ann')).toEqual(['alerting']);
    floor.wait(1000).hangsUp(caller);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.onlyCdr().agents).toEqual(['ann']);
    isEmpty(floor);
  });
});

describe('transfers, parking and conferences of the switch', () => {
  const talking = (...agents: string[]) => {
    const floor = new PbxFloor().ready(...agents);
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001').wait(1000);
    return { floor, caller, id: callOf(floor, 'ann')?.callId };
  };
  const consulting = (...agents: string[]) => {
    const made = talking(...agents);
    made.floor.holds(made.floor.on(ext('8001'))[0]);
    made.floor.dials(ext('8001'), '8002');
    return made;
  };

  test.each(['leavesFirst', 'movesFirst'] as const)(
    'after a consultation the call keeps its id and has one record (%s)',
    (order) => {
      const { floor, caller, id } = consulting('ann', 'bob');
      const consultation = floor.engine.agent(asId('bob'))?.calls[0];
      expect(floor.engine.call(asId(consultation ?? ''))).toMatchObject({ consultOf: id, direction: 'internal' });
      expect(pops(floor, 'bob')).toEqual(['alerting']);
      floor.wait(3000).answer_('8002').wait(2000);
      floor.transfers(ext('8001'), order);
      expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
      expect(callOf(floor, 'bob')).toMatchObject({ callId: id, aliases: [consultation], customer: { e164: E164 } });
      floor.wait(4000).hangsUp(caller);
      const cdr = floor.onlyCdr();
      expect(cdr).toMatchObject({
        callId: id,
        agents: ['ann', 'bob'],
        transfers: [{ kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done' }],
        merged: [{ callId: consultation }],
        nativeCallRefs: ['2', '1'],
      });
      expect(kinds(cdr)).toBe('ringing:ann 1000, talking:ann 1000, consulting:ann 5000, talking:bob 4000');
      isEmpty(floor);
    },
  );

  test('before the answer: it is under way until the target answers', () => {
    const { floor, caller } = consulting('ann', 'bob');
    floor.wait(1000).transfers(ext('8001'));
    floor.wait(5000).answer_('8002').wait(1000);
    floor.hangsUp(caller);
    expect(floor.onlyCdr().transfers).toMatchObject([
      { kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done' },
    ]);
    expect(kinds(floor.onlyCdr())).toContain('transferring 5000, talking:bob 1000');
  });

  test('blind: done when somebody answers', () => {
    const { floor, caller } = talking('ann', 'bob');
    floor.sends(floor.on(ext('8001'))[0], '8002');
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    floor.wait(3000).answer_('8002').wait(1000);
    floor.hangsUp(caller);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'done' }]);
    expect(floor.onlyCdr().endedBy).toBe('caller');
    isEmpty(floor);
  });

  test('blind: failed when it comes back to who sent it', () => {
    const { floor, caller } = talking('ann', 'bob');
    floor.sends(floor.on(ext('8001'))[0], '8002');
    const rung = floor.wait(20_000).on(ext('8002'))[0];
    if (rung !== undefined) floor.end(rung, 'noAnswer');
    floor.alert(ext('8001'), caller.ref);
    expect(floor.state('ann')).toBe('busy');
    floor.wait(1000).answer_('8001').wait(1000);
    floor.hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({
      transfers: [{ kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'failed' }],
      missedBy: ['bob'],
      outcome: 'answered',
    });
    isEmpty(floor);
  });

  test('failed: the record names whom the phone sent it to, and is of one piece while the line tells it word by word', () => {
    const { floor, caller } = talking('ann');
    const sent = floor.on(ext('8001'))[0];
    if (sent !== undefined) floor.end(sent, 'transferred');
    const rung = floor.wait(25).alert(ext('8004'), caller.ref);
    floor.wait(5975).end(rung, 'noAnswer');
    floor.wait(1).alert(ext('8001'), caller.ref);
    floor.wait(1500).answer_('8001').wait(1000);
    floor.hangsUp(caller);
    const cdr = floor.onlyCdr();
    expect(cdr.transfers).toMatchObject([{ kind: 'blind', by: 'ann', to: '8004', outcome: 'failed' }]);
    expect(kinds(cdr)).toBe(
      'ringing:ann 1000, talking:ann 1000, transferring 6001, ringing:ann 1500, talking:ann 1000',
    );
    expect(cdr.segments[2]?.device).toBe(ext('8004'));
    isEmpty(floor);
  });

  test('failed at the first target and taken at the next: each has its own piece', () => {
    const { floor, caller } = talking('ann', 'bob');
    const sent = floor.on(ext('8001'))[0];
    if (sent !== undefined) floor.end(sent, 'transferred');
    const rung = floor.alert(ext('8004'), caller.ref);
    floor.wait(5000).end(rung, 'noAnswer');
    floor.wait(1).alert(ext('8002'), caller.ref);
    floor.wait(2000).answer_('8002').wait(1000);
    floor.hangsUp(caller);
    const cdr = floor.onlyCdr();
    expect(cdr.transfers).toMatchObject([{ kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'done' }]);
    expect(kinds(cdr)).toBe(
      'ringing:ann 1000, talking:ann 1000, transferring 5001, transferring 2000, talking:bob 1000',
    );
    isEmpty(floor);
  });

  test.each(['leavesFirst', 'parksFirst'] as const)('parked on a slot and taken from another phone (%s)', (order) => {
    const { floor, caller, id } = talking('ann', 'bob');
    floor.parks(floor.on(ext('8001'))[0], 3, order);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.engine.call(asId(id ?? ''))?.connections).toMatchObject([{ device: line(1), parkedAt: 3 }]);
    floor.wait(8000).unparks(ext('8002'), 3);
    expect(floor.state('bob')).toBe('busy');
    expect(floor.engine.call(asId(id ?? ''))?.connections[0]?.parkedAt).toBeUndefined();
    floor.wait(2000).hangsUp(caller);
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({ callId: id, agents: ['ann', 'bob'], transfers: [], outcome: 'answered' });
    expect(kinds(cdr)).toBe('ringing:ann 1000, talking:ann 1000, parked 8000, talking:bob 2000');
    expect(cdr.segments[2]?.device).toBe('main:park:3');
    isEmpty(floor);
  });

  test('who waits on a slot and gives up ends the call', () => {
    const { floor, caller } = talking('ann');
    floor.parks(floor.on(ext('8001'))[0]);
    floor.wait(8000).hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', endedBy: 'caller', cause: 'normalClearing' });
    isEmpty(floor);
  });

  test('three speak together, one leaves, two go on', () => {
    const { floor, caller, id } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002').wait(1000);
    expect(floor.confers(ext('8001'))).toBe('done');
    expect([callOf(floor, 'ann')?.callId, callOf(floor, 'bob')?.callId]).toEqual([id, id]);
    floor.wait(6000).hangsUp(floor.on(ext('8001'))[0]);
    floor.wait(2000).hangsUp(caller);
    expect(kinds(floor.onlyCdr())).toBe(
      'ringing:ann 1000, talking:ann 1000, consulting:ann 2000, conference:ann 6000, talking:bob 2000',
    );
    expect(floor.onlyCdr().transfers).toEqual([]);
    isEmpty(floor);
  });

  test('picked up at another phone: one call, and no missed one', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).picksUp(ext('8002'));
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    floor.wait(1000).hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ agents: ['bob'], outcome: 'answered' });
    expect(floor.onlyCdr().missedBy).toBeUndefined();
    isEmpty(floor);
  });

  test('a reference that the switch gives again is another call', () => {
    const { floor, caller } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002');
    floor.transfers(ext('8001'));
    const again = floor.create({ device: line(2), direction: 'incoming', ref: '2' });
    floor.hangsUp(again);
    floor.hangsUp(caller);
    expect([...floor.cdrs.values()].map((cdr) => cdr.nativeCallRefs)).toEqual([['2'], ['2', '1']]);
    isEmpty(floor);
  });
});

describe('the screen pops', () => {
  test('at the ringing seat when the number is known, by the seat that it rings at', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.rings(MEI, ['8001']);
    expect([pops(floor, 'ann'), pops(floor, 'bob')]).toEqual([['alerting'], []]);
    expect(lookups(floor)).toEqual([MEI]);
  });

  test('when the number comes after the first ring, with it', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings('', ['8001']);
    expect([pops(floor, 'ann'), lookups(floor)]).toEqual([[], []]);
    floor.wait(800).event({
      type: 'identified',
      connectionId: caller.id,
      calling: { number: MEI, name: 'Mei', presentation: 'allowed' },
    });
    expect([pops(floor, 'ann'), lookups(floor)]).toEqual([['alerting'], [MEI]]);
    expect(callOf(floor, 'ann')).toMatchObject({ customer: { e164: E164 }, connections: [{ partyName: 'Mei' }, {}] });
    floor.wait(800).answer_('8001');
    expect(pops(floor, 'ann')).toEqual(['alerting']);
  });

  test('at the latest when it is answered', () => {
    const floor = new PbxFloor().ready('ann');
    floor.rings('', ['8001']);
    floor.wait(3000).answer_('8001');
    expect(pops(floor, 'ann')).toHaveLength(1);
  });

  test('when it is answered where the place says so', () => {
    const floor = new PbxFloor({ devices: [{ id: ext('8001'), label: 'A', popAt: 'connected' }] }).ready('ann');
    floor.rings(MEI, ['8001']);
    expect(pops(floor, 'ann')).toEqual([]);
    floor.answer_('8001');
    expect(pops(floor, 'ann')).toEqual(['connected']);
  });

  test('for who withholds the number at once, and nobody is looked up', () => {
    const floor = new PbxFloor().ready('ann');
    const ref = floor.ref();
    floor.create({ device: line(1), direction: 'incoming', ref, calling: { number: '', presentation: 'withheld' } });
    floor.alert(ext('8001'), ref);
    expect([pops(floor, 'ann'), lookups(floor)]).toEqual([['alerting'], []]);
  });

  test('a number told anew is looked up anew, and the answer for the one before means nothing', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001']);
    const first = floor.effects.flatMap((one) => (one.kind === 'lookup' ? [one.lookupId] : []))[0];
    floor.event({
      type: 'identified',
      connectionId: caller.id,
      calling: { number: '13700000000', presentation: 'allowed' },
    });
    expect(lookups(floor)).toEqual([MEI, '13700000000']);
    const match = { decision: 'one', customers: [{ id: '1', name: 'Mei' }] } as const;
    if (first !== undefined) floor.input({ kind: 'lookup', lookupId: first, result: { outcome: 'found', match } });
    expect(callOf(floor, 'ann')?.match).toBeUndefined();
  });

  test.each<[string, Pick<RouteConfig, 'to' | 'popTo'>]>([
    ['popTo', { to: { kind: 'queue', queue: asId('support') }, popTo: { kind: 'agent', agent: asId('bob') } }],
    ['an agent as the goal', { to: { kind: 'agent', agent: asId('bob') } }],
    ['an extension as the goal', { to: { kind: 'extension', number: '8002' } }],
  ])('of another agent than the one that is rung, by %s of the route', (_, where) => {
    const route: RouteConfig = {
      id: 'x',
      number: '4008001009',
      enabled: 'enabled',
      maxConcurrent: 0,
      priority: 0,
      note: '',
      ...where,
    };
    const floor = new PbxFloor({ routes: [route] }).ready('ann', 'bob');
    const caller = floor.rings(MEI, ['8001'], { called: '4008001009' });
    expect(pops(floor, 'bob')).toEqual(['alerting']);
    expect(floor.state('bob')).toBe('ready');
    floor.hangsUp(caller);
    expect(floor.told('agent:bob').at(-1)).toMatchObject({ type: 'callEnded' });
    isEmpty(floor);
  });

  test.each([
    ['before it rings', MEI, ['8001', '8002']],
    ['once it rings, when the number comes late', '', ['8001', '8002']],
    ['although it never rings', MEI, ['8001']],
  ])('of the agent of the route once and until the call is over, whoever takes it: %s', (_, known, phones) => {
    const route: RouteConfig = {
      id: 'x',
      number: '4008001009',
      to: { kind: 'queue', queue: asId('support') },
      popTo: { kind: 'agent', agent: asId('bob') },
      enabled: 'enabled',
      maxConcurrent: 0,
      priority: 0,
      note: '',
    };
    const floor = new PbxFloor({ routes: [route] }).ready('ann', 'bob');
    const caller = floor.rings(known, phones, { called: '4008001009' });
    floor.wait(500).event({
      type: 'identified',
      connectionId: caller.id,
      calling: { number: MEI, presentation: 'allowed' },
    });
    floor.wait(1000).answer_('8001');
    floor.wait(5000);
    const told = () => floor.told('agent:bob').flatMap((one) => (one.type === 'pop' ? [one.pop.state] : []));
    expect([told(), floor.state('bob')]).toEqual([['offered'], 'ready']);
    expect(floor.told('agent:bob').filter(({ type }) => type === 'callEnded')).toEqual([]);
    floor.hangsUp(caller);
    expect(told()).toEqual(['offered', 'expired']);
    expect(floor.told('agent:bob').filter(({ type }) => type === 'callEnded')).toHaveLength(1);
    isEmpty(floor);
  });

  test('a route to a queue or a flow leads nowhere here, which is counted', () => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001'], { called: '4008001001' });
    floor.wait(1000).answer_('8001');
    floor.hangsUp(caller);
    expect(floor.engine.counters()['ignored.native.route.queue']).toBe(1);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered' });
    expect(floor.onlyCdr().queueId).toBeUndefined();
    expect(floor.commands).toEqual([]);
  });
});

describe('an outage of the line to the switch', () => {
  test('what is gone has ended in it, what goes on goes on, what is new is shown', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    const gone = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001');
    floor.dials(ext('8002'), '13700000000');
    floor.farAnswers('2');
    const stays = callOf(floor, 'bob')?.callId;
    floor.wait(1000).down().wait(30_000);
    floor.hangsUp(gone);
    floor.rings('13600000000', ['8001'], { line: '3' });
    floor.wait(5000).up();
    expect(callOf(floor, 'bob')?.callId).toBe(stays);
    expect(callOf(floor, 'ann')).toMatchObject({ customer: { raw: '13600000000' }, nativeCallRef: '3' });
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({ outcome: 'lostInOutage', nativeCallRefs: ['1'], agents: ['ann'] });
    expect((cdr.lostBetweenWallMs?.[1] ?? 0) - (cdr.lostBetweenWallMs?.[0] ?? 0)).toBe(35_000);
    expect(floor.commands).toEqual([]);
    for (const part of [...floor.parts.values()]) floor.hangsUp(part);
    expect(floor.cdrs.size).toBe(3);
    isEmpty(floor);
  });

  test('a transfer that was made in it is seen by who is in which call', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001').wait(1000);
    const id = callOf(floor, 'ann')?.callId;
    floor.holds(floor.on(ext('8001'))[0]);
    floor.dials(ext('8001'), '8002');
    floor.answer_('8002').down();
    floor.transfers(ext('8001'));
    floor.wait(5000).up();
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    expect(callOf(floor, 'bob')?.callId).toBe(id);
    floor.wait(1000).hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ callId: id, outcome: 'answered', agents: ['ann', 'bob'] });
    isEmpty(floor);
  });

  test('held, parked and answered meanwhile', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.rings(MEI, ['8001']);
    floor.rings('13700000000', ['8002'], { line: '2' });
    floor.answer_('8002').down();
    floor.answer_('8001');
    floor.holds(floor.on(ext('8001'))[0]);
    floor.parks(floor.on(ext('8002'))[0], 4);
    floor.up();
    expect(callOf(floor, 'ann')?.connections[1]).toMatchObject({ state: 'held' });
    expect(floor.state('bob')).toBe('ready');
    floor.unparks(ext('8002'), 4);
    expect(callOf(floor, 'bob')?.nativeCallRef).toBe('2');
  });

  test('a server that knows nothing meets what is going on, and touches nothing', () => {
    const before = new PbxFloor();
    before.rings(MEI, ['8001']);
    before.wait(1000).answer_('8001');
    const floor = new PbxFloor().ready('ann');
    floor.down();
    for (const [id, part] of before.parts) floor.parts.set(id, part);
    floor.up();
    expect(callOf(floor, 'ann')).toMatchObject({ nativeCallRef: '1', customer: { e164: E164 } });
    expect(floor.state('ann')).toBe('busy');
    expect(floor.commands).toEqual([]);
  });

  test('the first snapshot of all comes before the switch says what it is', () => {
    const floor = PbxFloor.met((pbx) => {
      pbx.rings(MEI, ['8001']);
      pbx.answer_('8001');
    });
    expect(floor.commands).toEqual([]);
    expect(floor.engine.counters().liveCalls).toBe(1);
    floor.ready('ann');
    expect(callOf(floor, 'ann')).toMatchObject({ direction: 'inbound', nativeCallRef: '1' });
    for (const part of [...floor.parts.values()]) floor.hangsUp(part);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered' });
    isEmpty(floor);
  });

  test('a restart keeps the calls under their references', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001');
    const id = callOf(floor, 'ann')?.callId;
    const dump = floor.engine.dump();
    floor.engine = restoreEngine(dump);
    expect(floor.engine.dump()).toBe(dump);
    floor.holds(floor.on(ext('8001'))[0]);
    floor.dials(ext('8001'), '8002');
    floor.answer_('8002');
    floor.transfers(ext('8001'));
    expect(callOf(floor, 'bob')?.callId).toBe(id);
    floor.input({ kind: 'recovered' });
    floor.up();
    expect(callOf(floor, 'bob')?.callId).toBe(id);
    floor.hangsUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ callId: id, outcome: 'answered' });
    isEmpty(floor);
  });
});

describe('what does not hold for such calls', () => {
  test('no bound of ours ends them, and nobody waits for them to drain', () => {
    const floor = new PbxFloor().ready('ann');
    floor.rings(MEI, ['8001']);
    floor.answer_('8001').wait(20_000_000);
    floor.input({ kind: 'drain', mode: 'start' });
    expect(floor.effects.some((effect) => effect.kind === 'drained')).toBe(true);
    expect(floor.commands).toEqual([]);
    expect(floor.state('ann')).toBe('busy');
  });

  test('their seats are no seats for the callers of a queue', () => {
    const floor = new PbxFloor({ agents: [agent('ann', '8001')] }).ready('ann');
    expect(floor.engine.queue(asId('support'))?.agentsReady).toBe(0);
  });

  test('other people’s calls that are only watched give no record', () => {
    const floor = new PbxFloor();
    floor.event({
      type: 'created',
      connectionId: asId('main~x'),
      device: line(1),
      direction: 'incoming',
      control: 'observe',
      calling: { number: MEI, presentation: 'allowed' },
      called: { number: '', presentation: 'unavailable' },
      nativeCallRef: '9',
    });
    expect(floor.engine.counters().liveCalls).toBe(0);
    expect(PBX.length).toBeGreaterThan(0);
  });
});

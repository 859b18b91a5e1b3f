import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type ReleaseCause, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const INSIDE = 'main:extension:8005';
const MOBILE = '13900000007';
const LINE = `main:external:${MOBILE}`;

const together = (floor: Floor, ...ids: ConnectionId[]): boolean => {
  const bridges = new Set(ids.map((id) => floor.media.get(id)?.bridge));
  return bridges.size === 1 && !bridges.has(undefined);
};
const sound = (floor: Floor): void => expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
const ends = (floor: Floor, id: ConnectionId, cause: ReleaseCause): Floor => {
  floor.gone(id);
  return floor.event({ type: 'cleared', connectionId: id, release: { cause } });
};
const rings = (floor: Floor, device: string): boolean =>
  [...floor.media.values()].some((media) => media.device === device && media.state === 'alerting');

interface Talk {
  readonly floor: Floor;
  readonly party: ConnectionId;
  readonly callId: CallId;
}

/** Somebody of the site talks with Ann: straight, or by the queue. */
function insideTalk(by: 'straight' | 'queue' = 'straight'): Talk {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  const party = floor.caller('8005', by === 'straight' ? '8001' : '4008001001', INSIDE);
  floor.wait(10_000);
  floor.habits.set(ANN, 'rings');
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined || !together(floor, party, floor.at_(ANN))) throw new Error('ann has no call');
  return { floor, party, callId };
}

/** Ann consults somebody outside and hands over while it still rings there. */
function handOver({ floor, callId }: Talk): ConnectionId {
  expect(floor.say('ann', { type: 'call.consult', callId, to: MOBILE })).toMatchObject({ outcome: 'done' });
  floor.wait(4_000);
  expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
  return floor.at_(LINE);
}

describe('an inside call is handed to an outside line that still rings', () => {
  test.each<ReleaseCause>(['busy', 'noAnswer', 'unallocatedNumber', 'rejected', 'congestion', 'failure'])(
    'it fails (%s): the transferor is rung again, and nobody is lost',
    (cause) => {
      const talk = insideTalk();
      const { floor, party } = talk;
      const line = handOver(talk);
      expect(floor.media.get(party)?.music).toBe('on');
      floor.wait(3_000);
      ends(floor, line, cause);
      expect(rings(floor, ANN)).toBe(true);
      expect(floor.media.get(party)?.music).toBe('on');
      sound(floor);
      floor.wait(2_000).answer(ANN);
      expect(together(floor, party, floor.at_(ANN))).toBe(true);
      floor.wait(5_000).hangUp(party);
      expect(floor.onlyCdr()).toMatchObject({
        outcome: 'answered',
        agents: ['ann'],
        merged: [{ callId: talk.callId }],
        transfers: [{ kind: 'attended', by: 'ann', to: expect.stringContaining(MOBILE), outcome: 'failed' }],
      });
      expect(floor.media.size).toBe(0);
    },
  );

  test('nobody answers in the time that a phone rings: the same', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    handOver(talk);
    floor.wait(75_000);
    expect(rings(floor, LINE)).toBe(false);
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
    sound(floor);
  });

  test('the switch refuses to dial it after all: the same', () => {
    const { floor, party, callId } = insideTalk();
    floor.deaf.add('originate');
    expect(floor.say('ann', { type: 'call.consult', callId, to: MOBILE })).toBeUndefined();
    floor.deaf.clear();
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    const asked = floor.sent('originate').at(-1);
    if (asked === undefined) throw new Error('nobody was dialled');
    floor.input({ kind: 'reply', commandId: asked.commandId, reply: { outcome: 'refused', code: 'rejected' } });
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
  });

  test('it answers: the two talk, the transfer is done, and nobody is rung again', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    const line = handOver(talk);
    expect(floor.told('agent:ann').some((event) => event.type === 'callEnded')).toBe(true);
    floor.wait(3_000).answer(LINE);
    expect(together(floor, party, line)).toBe(true);
    floor.wait(9_000);
    expect(rings(floor, ANN)).toBe(false);
    floor.hangUp(line);
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'answered',
      transfers: [{ kind: 'attended', by: 'ann', to: expect.stringContaining(MOBILE), outcome: 'done' }],
    });
    expect(floor.media.size).toBe(0);
  });

  test('it had answered before: done, and the record names whom the call was handed to', () => {
    const { floor, party, callId } = insideTalk();
    floor.say('ann', { type: 'call.consult', callId, to: MOBILE });
    floor.answer(LINE).wait(2_000);
    floor.say('ann', { type: 'call.completeTransfer', callId });
    expect(together(floor, party, floor.at_(LINE))).toBe(true);
    floor.wait(1_000).hangUp(party);
    expect(floor.onlyCdr().transfers).toMatchObject([{ to: expect.stringContaining(MOBILE), outcome: 'done' }]);
  });

  test('the party hangs up while it rings: the line stops ringing, one record, nobody is rung', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    handOver(talk);
    floor.wait(3_000).hangUp(party);
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller', transfers: [{ outcome: 'failed' }] });
    expect(
      floor
        .wait(60_000)
        .sent('originate')
        .filter(({ target }) => target.kind === 'device'),
    ).toHaveLength(1);
    sound(floor);
  });

  test('it fails and the transferor does not answer: who came by a queue waits there again, at the head', () => {
    const talk = insideTalk('queue');
    const { floor, party } = talk;
    const line = handOver(talk);
    floor.caller('13900000002', '4008001001');
    floor.wait(3_000);
    ends(floor, line, 'busy');
    expect(rings(floor, ANN)).toBe(true);
    floor.hangUp(floor.at_(ANN), 'rejected');
    expect(floor.media.has(party)).toBe(true);
    const [head] = floor.engine.queue(asId('support'))?.waiting ?? [];
    expect(head?.callId).toBe(floor.engine.call(talk.callId)?.callId);
    floor.habits.set(BOB, 'answers');
    floor.ready('bob').wait(1_000);
    expect(together(floor, party, floor.at_(BOB))).toBe(true);
    floor.hangUp(party);
    expect(floor.onlyCdr()).toMatchObject({
      queueId: 'support',
      agents: ['ann', 'bob'],
      transfers: [{ outcome: 'failed' }],
    });
    sound(floor);
  });

  test('it fails when the transferor has gone home: back to the queue at once', () => {
    const talk = insideTalk('queue');
    const { floor, party } = talk;
    const line = handOver(talk);
    floor.say('ann', { type: 'agent.logOff' });
    floor.wait(3_000);
    ends(floor, line, 'busy');
    expect(rings(floor, ANN)).toBe(false);
    expect(floor.engine.queue(asId('support'))?.waitingCount).toBe(1);
    expect(floor.media.has(party)).toBe(true);
  });

  test('it fails when the transferor has gone home and there is no queue: the phone at which they sat rings', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    const line = handOver(talk);
    floor.say('ann', { type: 'agent.logOff' });
    floor.wait(3_000);
    ends(floor, line, 'busy');
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
  });

  test('it fails while the transferor talks with somebody else: the party waits with music until the phone is free', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    const line = handOver(talk);
    floor.habits.set(BOB, 'answers');
    floor.habits.set(ANN, 'answers');
    floor.ready('bob');
    const made = floor.say('ann', { type: 'call.make', to: '8002' });
    if (made?.outcome !== 'done' || made.callId === undefined) throw new Error('ann makes no call');
    floor.habits.set(ANN, 'rings');
    ends(floor, line, 'noAnswer');
    expect(floor.media.get(party)?.music).toBe('on');
    floor.wait(5_000);
    floor.say('ann', { type: 'call.clear', callId: made.callId });
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
    sound(floor);
  });

  test('it fails while the link is away: looked at again when it is back', () => {
    const talk = insideTalk();
    const { floor, party } = talk;
    const line = handOver(talk);
    floor.down();
    floor.media.delete(line);
    floor.wait(2_000).up();
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
  });
});

describe('a phone with two lines hands one to the other while that still rings', () => {
  /** The older one of two calls of a phone rings outside, or the newer one. */
  function twoLines(rung: 'older' | 'newer', to: string, agents: readonly string[] = ['ann']) {
    const floor = new Floor(site()).up();
    for (const agent of agents) floor.say(agent, { type: 'agent.logOn' });
    const dials = (): ConnectionId => floor.caller('8001', to, ANN);
    const called = (): { party: ConnectionId; phone: ConnectionId } => {
      const party = floor.caller('8005', '8001', INSIDE);
      floor.answer(ANN);
      return { party, phone: floor.at_(ANN) };
    };
    if (rung === 'older') {
      const ringing = dials();
      return { floor, ringing, ...called() };
    }
    const talk = called();
    floor.wait(2_000).event({ type: 'heldByDevice', connectionId: talk.phone });
    return { floor, ...talk, ringing: dials() };
  }

  test.each([
    ['newer', MOBILE, ['ann']],
    ['newer', MOBILE, []],
    ['newer', '8002', ['ann']],
    ['newer', '8002', []],
    ['older', MOBILE, []],
    ['older', '8002', []],
  ] as const)('the %s call rings (%s, at the phone: %j) and fails: the phone rings again', (rung, to, agents) => {
    const { floor, ringing, party, phone } = twoLines(rung, to, agents);
    const target = floor.at_(to === MOBILE ? LINE : BOB);
    floor.wait(1_000);
    floor.event({ type: 'transferRequested', connectionId: phone, kind: 'attended', consultId: ringing });
    expect(floor.media.has(phone)).toBe(false);
    expect(floor.media.has(ringing)).toBe(false);
    expect(floor.media.has(target)).toBe(true);
    floor.wait(3_000);
    ends(floor, target, 'busy');
    expect(floor.media.has(party)).toBe(true);
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, party, floor.at_(ANN))).toBe(true);
    floor.hangUp(party);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'attended', outcome: 'failed' }]);
    expect(floor.media.size).toBe(0);
    sound(floor);
  });

  test.each(['older', 'newer'] as const)(
    'the %s call is with a menu, which takes nobody over: refused, and nobody is let go',
    (order) => {
      for (const asks of ['talk', 'menu']) {
        const { floor, party, phone, ringing: menu } = twoLines(order, '4008001000', []);
        expect(floor.media.get(menu)?.playing).toBeDefined();
        const [connectionId, consultId] = asks === 'talk' ? [phone, menu] : [menu, phone];
        floor.event({ type: 'transferRequested', connectionId, kind: 'attended', consultId });
        floor.wait(1_000);
        expect(floor.effects.filter((effect) => effect.kind === 'note').map(({ code }) => code)).toEqual([
          'transferRequested.refused.nobody',
        ]);
        expect([party, phone, menu].every((id) => floor.media.has(id))).toBe(true);
        sound(floor);
      }
    },
  );

  test('a customer who rang after the ringing call was made is not lost either', () => {
    const floor = new Floor(site()).up().ready('ann');
    const ringing = floor.caller('8001', MOBILE, ANN);
    const config = site();
    floor.input({
      kind: 'config',
      config: {
        ...config,
        routes: config.routes.map((route) =>
          route.id === 'r3' ? { ...route, to: { kind: 'extension', number: '8001' } } : route,
        ),
      },
    });
    const customer = floor.caller('13912345678', '4008001002');
    floor.answer(ANN);
    const phone = floor.at_(ANN);
    expect(together(floor, customer, phone)).toBe(true);
    floor.event({ type: 'transferRequested', connectionId: phone, kind: 'attended', consultId: ringing });
    floor.wait(3_000);
    ends(floor, floor.at_(LINE), 'busy');
    expect(rings(floor, ANN)).toBe(true);
    floor.answer(ANN);
    expect(together(floor, customer, floor.at_(ANN))).toBe(true);
    floor.hangUp(customer);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'attended', outcome: 'failed' }]);
  });
});

describe('where several talk on, a hand-over that fails takes nobody out of the talk', () => {
  /** Ann has two others in her call: the party of the call and Bob. */
  function three(who: 'inside' | 'customer'): Talk & { readonly bob: ConnectionId } {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    const party = who === 'inside' ? floor.caller('8005', '8001', INSIDE) : floor.caller('13912345678', '4008001001');
    floor.wait(5_000);
    floor.habits.set(ANN, 'rings');
    floor.habits.set(BOB, 'answers');
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('ann', { type: 'call.addParty', callId, to: '8002' });
    floor.wait(2_000);
    const bob = floor.at_(BOB);
    expect(together(floor, party, bob, floor.at_(ANN))).toBe(true);
    return { floor, party, callId, bob };
  }

  test.each([
    ['inside', MOBILE],
    ['inside', '8003'],
    ['customer', MOBILE],
    ['customer', '8003'],
  ] as const)('%s call, to %s', (who, to) => {
    const { floor, party, callId, bob } = three(who);
    expect(floor.say('ann', { type: 'call.consult', callId, to })).toMatchObject({ outcome: 'done' });
    expect(together(floor, party, bob)).toBe(true);
    const target = floor.at_(to === MOBILE ? LINE : 'main:extension:8003');
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    floor.wait(3_000);
    expect(together(floor, party, bob)).toBe(true);
    ends(floor, target, 'busy');
    floor.wait(90_000);
    expect(together(floor, party, bob)).toBe(true);
    expect(floor.engine.queue(asId('support'))?.waitingCount).toBe(0);
    floor.hangUp(party);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'attended', outcome: 'failed' }]);
    expect(floor.media.size).toBe(0);
    sound(floor);
  });

  test('the consulted one has answered, and somebody who was added there still rings: done', () => {
    const { floor, party, callId } = insideTalk();
    floor.habits.set(BOB, 'answers');
    floor.say('bob', { type: 'agent.logOn' });
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.wait(1_000);
    const consult = floor.engine.agent(asId('ann'))?.calls.find((id) => floor.engine.call(id)?.consultOf !== undefined);
    if (consult === undefined) throw new Error('no consultation');
    expect(floor.say('ann', { type: 'call.addParty', callId: consult, to: MOBILE })).toMatchObject({ outcome: 'done' });
    floor.say('ann', { type: 'call.completeTransfer', callId });
    expect(together(floor, party, floor.at_(BOB))).toBe(true);
    ends(floor, floor.at_(LINE), 'busy');
    floor.wait(90_000);
    expect(rings(floor, ANN)).toBe(false);
    expect(together(floor, party, floor.at_(BOB))).toBe(true);
    floor.hangUp(party);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'attended', to: 'agent:bob', outcome: 'done' }]);
  });
});

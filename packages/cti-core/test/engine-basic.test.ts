import { describe, expect, test } from 'vitest';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

describe('an inbound call', () => {
  test('goes through the menu, the queue and an agent to one CDR whose segments add up', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001000');
    expect(floor.sent('answer')).toHaveLength(1);
    floor.wait(2000).event({ type: 'digit', connectionId: caller, digit: '2' });
    floor.wait(1000).event({ type: 'digit', connectionId: caller, digit: '1' });
    expect(floor.media.get(caller)?.music).toBe('on');
    floor.wait(3000).ready('ann');
    expect(floor.state('ann')).toBe('reserved');
    expect(floor.told('agent:ann').filter((event) => event.type === 'pop')).toHaveLength(1);
    floor.wait(4000).answer(ANN);
    expect(floor.state('ann')).toBe('busy');
    const talking = floor.media.get(floor.at_(ANN));
    expect(talking?.bridge).toBeDefined();
    expect(floor.media.get(caller)?.bridge).toBe(talking?.bridge);
    floor.wait(60_000).hangUp(caller);
    expect(floor.state('ann')).toBe('workingAfterCall');
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({
      outcome: 'answered',
      endedBy: 'caller',
      queueId: 'support',
      agents: ['ann'],
      durationMs: 70_000,
      endedAt: { kind: 'agent', agent: 'ann' },
      ivrPath: ['front/pick', 'front/more', 'front/support'],
    });
    expect(cdr.segments.map((segment) => [segment.kind, segment.endMs - segment.startMs])).toEqual([
      ['flow', 2000],
      ['flow', 1000],
      ['queue', 3000],
      ['ringing', 4000],
      ['talking', 60_000],
    ]);
    floor.wait(10_000);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.media.size).toBe(0);
    expect(floor.engine.counters().legs).toBe(0);
  });

  test('the agent hangs up: the caller is cleared', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    floor.caller('13912345678', '4008001001');
    floor.wait(5000).hangUp(floor.at_(ANN));
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', endedBy: 'agent' });
    expect(floor.media.size).toBe(0);
  });

  test('the caller gives up in the queue: abandoned, at the queue', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(30_000).hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'abandoned',
      endedBy: 'caller',
      endedAt: { kind: 'queue', queue: 'support' },
    });
  });

  test('the caller gives up while the phone rings: the agent is ready again and nothing rings', () => {
    const floor = new Floor(site()).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    expect(floor.state('ann')).toBe('reserved');
    floor.wait(3000).hangUp(caller);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr().outcome).toBe('abandoned');
  });

  test('the first agent does not answer, the second one does', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.wait(1).ready('bob');
    floor.caller('13912345678', '4008001001');
    expect(floor.state('ann')).toBe('reserved');
    floor.wait(20_000);
    const ring = floor.at_(ANN);
    floor.gone(ring);
    floor.event({ type: 'cleared', connectionId: ring, release: { cause: 'noAnswer' } });
    expect(floor.state('ann')).toBe('notReady:ringNoAnswer');
    expect(floor.state('bob')).toBe('reserved');
    floor.answer(BOB);
    expect(floor.state('bob')).toBe('busy');
  });

  test('a number without a route is refused', () => {
    const floor = new Floor(site()).up();
    floor.caller('13912345678', '999');
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'failed', cause: 'unallocatedNumber', endedBy: 'system' });
  });

  test('to an extension: rings, is answered, talks; a second one is one too many', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001002');
    expect(floor.sent('ring')).toHaveLength(1);
    floor.caller('13900000001', '4008001002');
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'busy', cause: 'busy' });
    floor.answer('main:extension:8005');
    expect(floor.media.get(caller)?.state).toBe('connected');
    expect(floor.media.get(caller)?.bridge).toBeDefined();
    floor.hangUp(caller);
    expect(floor.cdrs.size).toBe(2);
    expect(floor.media.size).toBe(0);
  });
});

describe('an agent', () => {
  test('makes a call: the own seat rings first', () => {
    const floor = new Floor(site()).up().ready('ann');
    const outcome = floor.say('ann', { type: 'call.make', to: '13900000001' });
    expect(outcome).toMatchObject({ outcome: 'done' });
    expect(floor.sent('originate')).toHaveLength(1);
    floor.answer(ANN);
    expect(floor.sent('originate')).toHaveLength(2);
    expect(floor.media.get(floor.at_(ANN))?.playing).toBeDefined();
    floor.wait(5000).answer('main:external:13900000001');
    floor.wait(5000).hangUp(floor.at_(ANN));
    expect(floor.onlyCdr()).toMatchObject({
      direction: 'outbound',
      outcome: 'answered',
      endedBy: 'agent',
      customer: { e164: '+8613900000001' },
    });
    expect(floor.state('ann')).toBe('ready');
  });

  test.each(['is refused', 'the agent gives up'])('is named by the record of a call that %s', (how) => {
    const floor = new Floor(site()).up().ready('ann');
    floor.say('ann', { type: 'call.make', to: '13900000001' });
    floor.answer(ANN);
    floor.wait(5000);
    if (how === 'is refused') floor.hangUp(floor.at_('main:external:13900000001'), 'rejected');
    else floor.hangUp(floor.at_(ANN));
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ direction: 'outbound', outcome: 'noAnswer', madeBy: 'ann', agents: [] });
  });

  test('is named by the record of a call that the own phone dialled; a caller is nobody of the site', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.hangUp(floor.caller('8001', '013900000001', ANN));
    expect(floor.onlyCdr()).toMatchObject({ direction: 'outbound', madeBy: 'ann', agents: [] });
    const other = new Floor(site()).up().ready('ann');
    other.hangUp(other.caller('13912345678', '4008001001'));
    expect(other.onlyCdr()).not.toHaveProperty('madeBy');
  });

  test('a repeated command id gives the first outcome, another body is refused', () => {
    const floor = new Floor(site()).up();
    expect(floor.say('ann', { type: 'agent.logOn' }, { id: 'x' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'agent.logOn' }, { id: 'x' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'agent.ready' }, { id: 'x' })).toMatchObject({
      outcome: 'failed',
      code: 'command.duplicate',
    });
    floor.wait(600_001);
    expect(floor.say('ann', { type: 'agent.ready' }, { id: 'x' })).toEqual({ outcome: 'done' });
  });

  test('one login at a seat', () => {
    const floor = new Floor(site()).up().ready('ann');
    expect(floor.say('bob', { type: 'agent.logOn', seat: ANN as never })).toMatchObject({
      outcome: 'failed',
      code: 'agent.seat',
    });
  });
});

import { describe, expect, test } from 'vitest';
import {
  type AgentId,
  asId,
  type CallAction,
  type CallId,
  type ClientCommand,
  type DriverCommand,
} from '../src/index.js';
import { ext, line, PBX, PbxFloor } from './support/pbx.js';
import { agent } from './support/site.js';

const MEI = '13912345678';

const idOf = (floor: PbxFloor, who: string, n = 0): CallId => asId(floor.engine.agent(asId(who))?.calls[n] ?? 'none');
const own = (floor: PbxFloor, who: string, n = 0) =>
  floor.engine.call(idOf(floor, who, n))?.connections.find((conn) => conn.agentId === who);
const actions = (floor: PbxFloor, who: string, n = 0): readonly CallAction[] => own(floor, who, n)?.actions ?? [];
const isEmpty = (floor: PbxFloor): void => {
  for (const part of [...floor.parts.values()]) floor.hangsUp(part);
  const { liveCalls, legs, timers } = floor.engine.counters();
  expect({ liveCalls, legs, timers }).toEqual({ liveCalls: 0, legs: 0, timers: 0 });
  expect(JSON.parse(floor.engine.dump())).toMatchObject({ conns: {}, ops: {}, pops: {}, aliases: {}, asked: {} });
};
const talking = (...agents: string[]): PbxFloor => {
  const floor = new PbxFloor().ready(...agents);
  floor.rings(MEI, ['8001']);
  return floor.wait(1000).answer_('8001').wait(1000);
};
const last = (floor: PbxFloor): DriverCommand | undefined => floor.commands.at(-1);

describe('a phone of the switch is asked to call', () => {
  test('with the digits that the switch takes, and settles when it has begun', () => {
    const floor = new PbxFloor().ready('ann');
    const said = floor.say('ann', { type: 'call.make', to: '+86 139 1234 5678', data: { order: '7' } });
    expect(said).toEqual({ outcome: 'done', callId: idOf(floor, 'ann') });
    expect(last(floor)).toMatchObject({
      type: 'makeCall',
      device: ext('8001'),
      to: MEI,
      mark: { callId: said?.outcome === 'done' && said.callId },
    });
    expect(last(floor)).not.toHaveProperty('trunk');
    expect(floor.state('ann')).toBe('busy');
    expect(floor.wait(2000).engine.call(idOf(floor, 'ann'))).toMatchObject({
      direction: 'outbound',
      customer: { e164: '+8613912345678' },
    });
    floor.farAnswers();
    floor.wait(3000).hangsUp(floor.on(line(1))[0]);
    expect(floor.onlyCdr()).toMatchObject({
      direction: 'outbound',
      outcome: 'answered',
      agents: ['ann'],
      data: { order: '7' },
      nativeCallRefs: ['1'],
    });
    isEmpty(floor);
  });

  test('an extension, an agent by name, the code of a speed dial', () => {
    const floor = new PbxFloor({ speedDial: [{ id: '5', code: '5', number: '010 6000 0000', name: 'X' }] }).ready(
      'ann',
      'bob',
    );
    for (const [to, digits] of [
      ['8002', '8002'],
      ['agent:bob', '8002'],
      ['speed:5', '01060000000'],
      ['110', '110'],
    ] as const) {
      expect(floor.say('ann', { type: 'call.make', to })).toMatchObject({ outcome: 'done' });
      expect(last(floor)).toMatchObject({ type: 'makeCall', to: digits });
      floor.hangsUp(floor.active(ext('8001')));
    }
    isEmpty(floor);
  });

  test('an access code that people dial is not part of it, and a trunk of this switch is named where a rule names it', () => {
    const dialPlan = {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8000', to: '8999' }],
      ownNumbers: [],
      emergency: ['110'],
      outsidePrefix: '9,',
      prefixRules: [{ pattern: '139', trunk: line(2) }],
    };
    const floor = new PbxFloor({ dialPlan }).ready('ann');
    expect(floor.say('ann', { type: 'call.make', to: MEI })).toMatchObject({ outcome: 'done' });
    expect(last(floor)).toMatchObject({ to: MEI, trunk: line(2) });
  });

  test.each<[string, Partial<Parameters<typeof agent>[2]>, string, string]>([
    ['outside', { mayDial: 'internal' }, MEI, 'call.blocked'],
    ['at all', { mayDial: 'none' }, '8002', 'call.blocked'],
    ['a queue', {}, 'queue:support', 'argument.invalid'],
    ['itself', {}, '8001', 'argument.invalid'],
    ['what is no number', {}, 'abc', 'argument.number'],
  ])('not %s, where the rules say so', (_, more, to, code) => {
    const floor = new PbxFloor({ agents: [agent('ann', '8001', more)] }).ready('ann');
    expect(floor.say('ann', { type: 'call.make', to })).toMatchObject({ outcome: 'failed', code });
    expect(floor.commands).toEqual([]);
    isEmpty(floor);
  });

  test('is refused with the switch’s own reason, and nothing is left', () => {
    const floor = new PbxFloor().ready('ann');
    floor.refuse.set('makeCall', 'rejected');
    expect(floor.say('ann', { type: 'call.make', to: MEI })).toEqual({
      outcome: 'failed',
      code: 'driver.refused',
      message: 'the switch refused makeCall',
      details: { reason: 'WRONGSTATE' },
    });
    expect(floor.state('ann')).toBe('ready');
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'failed', endedBy: 'system' });
    isEmpty(floor);
  });

  test('a switch that never answers is not waited for, and a call that comes all the same is shown', () => {
    const floor = new PbxFloor().ready('ann');
    floor.deaf.add('makeCall');
    floor.say('ann', { type: 'call.make', to: '8002' }, { id: 'k' });
    const sent = floor.sent('makeCall')[0];
    floor.wait(10_000);
    expect(floor.outcomes.get('ann/k')).toMatchObject({ outcome: 'failed', code: 'driver.timeout' });
    floor.wait(5000);
    expect(floor.state('ann')).toBe('ready');
    floor.dials(ext('8001'), '8002', sent === undefined ? {} : { id: sent.connectionId });
    expect(floor.state('ann')).toBe('busy');
    floor.input({ kind: 'reply', commandId: sent?.commandId ?? asId(''), reply: { outcome: 'accepted' } });
    isEmpty(floor);
  });

  test('not while the phone is in a call, and not where nobody is logged on', () => {
    const floor = talking('ann');
    expect(floor.say('ann', { type: 'call.make', to: '8002' })).toMatchObject({ code: 'agent.state' });
    expect(floor.say('sue', { type: 'call.make', to: '8002' })).toMatchObject({ code: 'agent.state' });
  });

  test('a lost link during the command leaves it to the snapshot', () => {
    const floor = new PbxFloor().ready('ann');
    floor.deaf.add('makeCall');
    floor.say('ann', { type: 'call.make', to: '8002' }, { id: 'k' });
    const [sent] = floor.sent('makeCall');
    if (sent === undefined) throw new Error('nothing was sent');
    floor.input({ kind: 'reply', commandId: sent.commandId, reply: { outcome: 'refused', code: 'linkLost' } });
    expect(floor.outcomes.get('ann/k')).toMatchObject({ code: 'driver.linkLost' });
    floor.down();
    floor.dials(ext('8001'), '8002', { id: sent.connectionId });
    floor.wait(3000).up();
    expect(floor.state('ann')).toBe('busy');
    expect(floor.engine.counters().liveCalls).toBe(1);
    expect(floor.engine.call(sent.mark.callId)).toMatchObject({ nativeCallRef: '1' });
    isEmpty(floor);
  });

  test('redial and page', () => {
    const floor = new PbxFloor().ready('ann');
    expect(floor.say('ann', { type: 'call.redial' })).toMatchObject({ code: 'driver.refused' });
    floor.dials(ext('8001'), MEI);
    floor.hangsUp(floor.active(ext('8001')));
    expect(floor.say('ann', { type: 'call.redial' })).toMatchObject({ outcome: 'done' });
    expect(floor.engine.call(idOf(floor, 'ann'))).toMatchObject({ direction: 'outbound', customer: { raw: MEI } });
    floor.hangsUp(floor.active(ext('8001')));
    expect(floor.say('ann', { type: 'call.page', zone: 10 })).toMatchObject({ code: 'argument.invalid' });
    expect(floor.say('ann', { type: 'call.page', zone: 3 })).toMatchObject({ outcome: 'done' });
    expect(last(floor)).toMatchObject({ type: 'page', device: ext('8001'), zone: 3 });
    floor.wait(4000).hangsUp(floor.active(ext('8001')));
    expect([...floor.cdrs.values()].at(-1)).toMatchObject({
      direction: 'internal',
      outcome: 'answered',
      agents: ['ann'],
    });
    isEmpty(floor);
  });
});

describe('a call under way', () => {
  test('is answered, held, taken back, keyed into, flashed and ended, each told when the switch has shown it', () => {
    const floor = new PbxFloor().ready('ann');
    floor.rings(MEI, ['8001']);
    const callId = idOf(floor, 'ann');
    expect(actions(floor, 'ann')).toEqual(['answer', 'reject']);
    expect(floor.say('ann', { type: 'call.answer', callId })).toEqual({ outcome: 'done' });
    expect(actions(floor, 'ann')).toEqual([
      'clear',
      'hold',
      'sendDigits',
      'flash',
      'consult',
      'transfer',
      'park',
      'addParty',
      'forceRelease',
      'setData',
    ]);
    expect(floor.say('ann', { type: 'call.hold', callId })).toEqual({ outcome: 'done' });
    expect(own(floor, 'ann')).toMatchObject({ state: 'held', heldBy: 'agent' });
    expect(actions(floor, 'ann')).toEqual(['clear', 'retrieve', 'consult', 'forceRelease', 'setData']);
    expect(floor.say('ann', { type: 'call.retrieve', callId })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'call.sendDigits', callId, digits: '12#' })).toEqual({ outcome: 'done' });
    expect(last(floor)).toMatchObject({
      type: 'sendDigits',
      connectionId: floor.active(ext('8001'))?.id,
      digits: '12#',
    });
    expect(floor.say('ann', { type: 'call.flash', callId })).toEqual({ outcome: 'done' });
    expect(last(floor)).toMatchObject({ type: 'flash', after: 'stay' });
    expect(floor.say('ann', { type: 'call.clear', callId })).toEqual({ outcome: 'done' });
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'agent', outcome: 'answered' });
    isEmpty(floor);
  });

  test('is refused at one phone and rings on at another', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.rings(MEI, ['8001', '8002']);
    expect(floor.say('ann', { type: 'call.reject', callId: idOf(floor, 'ann') })).toEqual({ outcome: 'done' });
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    floor.answer_('8002');
    expect(own(floor, 'bob')?.state).toBe('connected');
    isEmpty(floor);
  });

  test('held by hand may be taken back from the page', () => {
    const floor = talking('ann');
    floor.holds(floor.active(ext('8001')));
    expect(own(floor, 'ann')).toMatchObject({ heldBy: 'device' });
    expect(floor.say('ann', { type: 'call.retrieve', callId: idOf(floor, 'ann') })).toEqual({ outcome: 'done' });
  });

  test('that the switch will not hold stays as it is, and its reason is told', () => {
    const floor = talking('ann');
    floor.refuse.set('hold', 'conflict');
    expect(floor.say('ann', { type: 'call.hold', callId: idOf(floor, 'ann') })).toMatchObject({
      code: 'driver.refused',
      details: { reason: 'WRONGSTATE' },
    });
    expect(own(floor, 'ann')).toMatchObject({ state: 'connected' });
    expect(own(floor, 'ann')?.pending).toBeUndefined();
    isEmpty(floor);
  });

  test('a confirmation that never comes is waited for no longer than the bound', () => {
    const floor = talking('ann');
    floor.deaf.add('hold');
    floor.say('ann', { type: 'call.hold', callId: idOf(floor, 'ann') }, { id: 'k' });
    expect(own(floor, 'ann')?.pending).toBe('hold');
    floor.wait(10_000);
    expect(floor.outcomes.get('ann/k')).toMatchObject({ code: 'driver.timeout' });
  });

  test.each<[ClientCommand['type'], Partial<ClientCommand>]>([
    ['call.mute', { mode: 'mute' } as Partial<ClientCommand>],
    ['call.toFlow', { flow: 'front' } as Partial<ClientCommand>],
    ['call.record', { mode: 'start' } as Partial<ClientCommand>],
    ['call.dropParty', { connectionId: asId('main~p1') } as Partial<ClientCommand>],
  ])('%s is not to be had', (type, more) => {
    const floor = talking('ann');
    const command = { type, callId: idOf(floor, 'ann'), ...more } as ClientCommand;
    expect(floor.say('ann', command)).toMatchObject({ outcome: 'failed', code: 'command.notSupported' });
    expect(floor.commands).toEqual([]);
  });

  test('nobody listens in, and a supervisor’s word ends it', () => {
    const floor = talking('ann');
    const callId = idOf(floor, 'ann');
    floor.say('sue', { type: 'agent.logOn' });
    const listen = { type: 'supervise.monitor', callId, agentId: asId<AgentId>('ann'), mode: 'listen' } as const;
    expect(floor.say('sue', listen, { role: 'supervisor' })).toMatchObject({ code: 'command.notSupported' });
    expect(floor.say('sue', { type: 'supervise.forceRelease', callId }, { role: 'supervisor' })).toEqual({
      outcome: 'done',
    });
    expect(floor.onlyCdr()).toMatchObject({
      endedBy: 'supervisor',
      cause: 'forcedRelease',
      outcome: 'answered',
      endedAt: { kind: 'agent', agent: 'ann' },
    });
    isEmpty(floor);
  });

  test('a supervisor’s word ends a call of phones that are nobody’s too', () => {
    const floor = new PbxFloor().ready('ann');
    floor.rings(MEI, ['8005']);
    floor.wait(1000).answer_('8005').wait(1000);
    floor.say('sue', { type: 'agent.logOn' });
    const told = floor.told('board').findLast(({ type }) => type === 'call');
    if (told?.type !== 'call') throw new Error('no call');
    const { callId } = told.call;
    expect(floor.say('sue', { type: 'supervise.forceRelease', callId }, { role: 'supervisor' })).toEqual({
      outcome: 'done',
    });
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'supervisor', endedAt: { kind: 'route' }, agents: [] });
    isEmpty(floor);
  });
});

describe('what the state of a call does not allow', () => {
  const refused = (floor: PbxFloor, who: string, commands: readonly object[]): void => {
    const before = floor.commands.length;
    for (const command of commands)
      expect(floor.say(who, command as ClientCommand), JSON.stringify(command)).toMatchObject({
        outcome: 'failed',
        code: 'call.state',
      });
    expect(floor.commands.length).toBe(before);
  };
  const withSecond = ['call.completeTransfer', 'call.conference', 'call.alternate', 'call.cancelConsult'];

  test('is refused, and the switch is asked for nothing: while it rings', () => {
    const floor = new PbxFloor().ready('ann');
    floor.rings(MEI, ['8001']);
    const callId = idOf(floor, 'ann');
    refused(floor, 'ann', [
      { type: 'call.sendDigits', callId, digits: '1' },
      { type: 'call.flash', callId },
      { type: 'call.park', callId },
      { type: 'call.hold', callId },
      { type: 'call.retrieve', callId },
      ...withSecond.map((type) => ({ type, callId })),
    ]);
    expect(own(floor, 'ann')).toMatchObject({ state: 'alerting' });
    isEmpty(floor);
  });

  test('while it is talked in and there is no other', () => {
    const floor = talking('ann');
    const callId = idOf(floor, 'ann');
    refused(floor, 'ann', [
      { type: 'call.answer', callId },
      { type: 'call.reject', callId },
      { type: 'call.retrieve', callId },
      ...withSecond.map((type) => ({ type, callId })),
    ]);
    expect(own(floor, 'ann')).toMatchObject({ state: 'connected' });
    isEmpty(floor);
  });

  test('while whom I consult has not answered', () => {
    const floor = talking('ann', 'bob');
    const main = idOf(floor, 'ann');
    const said = floor.say('ann', { type: 'call.consult', callId: main, to: '8002' });
    const callId = said?.outcome === 'done' ? said.callId : undefined;
    refused(
      floor,
      'ann',
      ['call.conference', 'call.alternate'].map((type) => ({ type, callId })),
    );
    expect([own(floor, 'ann', 0)?.state, own(floor, 'bob')?.state]).toEqual(['held', 'alerting']);
    isEmpty(floor);
  });
});

describe('two calls at one phone', () => {
  const consulting = (...agents: string[]): { floor: PbxFloor; main: CallId; other: CallId } => {
    const floor = talking(...agents);
    const main = idOf(floor, 'ann');
    const said = floor.say('ann', { type: 'call.consult', callId: main, to: '8002', note: 'angry' });
    const other = said?.outcome === 'done' ? said.callId : undefined;
    if (other === undefined) throw new Error('no consultation');
    return { floor, main, other };
  };

  test.each(['transferred', 'normalClearing'] as const)(
    'somebody takes the caller who is held for it: both calls can be consulted about again (%s)',
    (cause) => {
      const { floor, main, other } = consulting('ann', 'bob', 'sue');
      floor.wait(1000).answer_('8002').wait(1000);
      const [caller, held] = [floor.on(line(1))[0], floor.heldAt(ext('8001'))];
      if (caller === undefined || held === undefined) throw new Error('nobody is held');
      floor.set(floor.create({ device: ext('8009'), direction: 'incoming', ref: caller.ref }), 'connected');
      expect(floor.engine.call(other)).toMatchObject({ consultOf: main });
      floor.end(held, cause);
      expect(floor.engine.call(other)?.consultOf).toBeUndefined();
      expect(actions(floor, 'sue')).toContain('consult');
      expect(actions(floor, 'ann')).toContain('consult');
      expect(floor.say('sue', { type: 'call.consult', callId: main, to: '8004' })).toMatchObject({ outcome: 'done' });
      isEmpty(floor);
    },
  );

  test('a consultation is hold, then dial; the customer is known at the other phone', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    expect(floor.commands.map(({ type }) => type)).toEqual(['hold', 'makeCall']);
    expect(floor.engine.call(other)).toMatchObject({
      consultOf: main,
      customer: { raw: MEI },
      data: { note: 'angry' },
    });
    expect(actions(floor, 'ann', 1)).toEqual(['clear']);
    floor.wait(1000).answer_('8002');
    expect(actions(floor, 'ann', 1)).toEqual([
      'clear',
      'hold',
      'sendDigits',
      'addParty',
      'completeTransfer',
      'cancelConsult',
      'alternate',
      'conference',
      'forceRelease',
      'setData',
    ]);
    expect(actions(floor, 'ann', 0)).toEqual(['clear', 'forceRelease', 'setData']);
    isEmpty(floor);
  });

  test('the switch will not hold: nothing is dialled', () => {
    const floor = talking('ann');
    floor.refuse.set('hold', 'conflict');
    const callId = idOf(floor, 'ann');
    expect(floor.say('ann', { type: 'call.consult', callId, to: '8002' })).toMatchObject({ code: 'driver.refused' });
    expect(floor.sent('makeCall')).toEqual([]);
    expect(floor.engine.agent(asId('ann'))?.calls).toEqual([callId]);
    isEmpty(floor);
  });

  test('the other phone is busy: the call stays held, and can be taken back', () => {
    const floor = talking('ann');
    floor.rings('13700000000', ['8002'], { line: '2' });
    const callId = idOf(floor, 'ann');
    expect(floor.say('ann', { type: 'call.consult', callId, to: '8002' })).toMatchObject({ code: 'driver.refused' });
    expect(own(floor, 'ann')).toMatchObject({ state: 'held' });
    expect(actions(floor, 'ann')).toContain('retrieve');
    isEmpty(floor);
  });

  test('joined: I leave, the other one has the caller under the same id', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002').wait(1000);
    expect(floor.say('ann', { type: 'call.completeTransfer', callId: other })).toEqual({
      outcome: 'done',
      callId: main,
    });
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    expect(idOf(floor, 'bob')).toBe(main);
    // Two are no conference.
    expect(floor.told('board')).not.toContainEqual(expect.objectContaining({ change: 'conferenced' }));
    isEmpty(floor);
    expect(floor.onlyCdr()).toMatchObject({
      callId: main,
      transfers: [{ kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done' }],
    });
  });

  test('cancelled: the other call ends, the held one comes back', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002');
    expect(floor.say('ann', { type: 'call.cancelConsult', callId: other })).toEqual({ outcome: 'done', callId: main });
    expect(floor.commands.map(({ type }) => type)).toEqual(['hold', 'makeCall', 'clear', 'retrieve']);
    expect(own(floor, 'ann')).toMatchObject({ state: 'connected' });
    expect(floor.state('bob')).toBe('ready');
    isEmpty(floor);
  });

  test('cancelled with a call that nobody is left in: the held one comes back at once', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.say('bob', { type: 'call.page', zone: 7 });
    floor.holds(floor.active(ext('8002')));
    floor.say('ann', { type: 'call.make', to: '8009' });
    floor.picksUp(ext('8002'));
    const other = idOf(floor, 'ann');
    floor.say('ann', { type: 'call.hold', callId: other });
    floor.commands.length = 0;
    floor.say('bob', { type: 'call.cancelConsult', callId: other });
    expect(floor.commands.map(({ type }) => type)).toEqual(['clear', 'retrieve']);
    isEmpty(floor);
  });

  test('cancelled: until the switch has ended it, the other call is shown as one that is being ended', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002');
    floor.deaf.add('clear');
    expect(floor.say('ann', { type: 'call.cancelConsult', callId: other }, { id: 'k' })).toBeUndefined();
    expect(own(floor, 'ann', 1)).toMatchObject({ state: 'connected', pending: 'clear' });
    floor.deaf.clear();
    floor.hangsUp(floor.active(ext('8001')));
    expect(floor.outcomes.get('ann/k')).toEqual({ outcome: 'done', callId: main });
    isEmpty(floor);
  });

  test('swapped, twice', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002');
    expect(floor.say('ann', { type: 'call.alternate', callId: other })).toEqual({ outcome: 'done', callId: main });
    expect([own(floor, 'ann', 0)?.state, own(floor, 'ann', 1)?.state]).toEqual(['connected', 'held']);
    expect(floor.say('ann', { type: 'call.alternate', callId: other })).toEqual({ outcome: 'done', callId: other });
    expect([own(floor, 'ann', 0)?.state, own(floor, 'ann', 1)?.state]).toEqual(['held', 'connected']);
    isEmpty(floor);
  });

  test('all together', () => {
    const { floor, main, other } = consulting('ann', 'bob');
    floor.wait(1000).answer_('8002');
    expect(floor.say('ann', { type: 'call.conference', callId: other })).toEqual({ outcome: 'done', callId: main });
    expect(floor.engine.call(main)?.connections.map(({ state }) => state)).toEqual([
      'connected',
      'connected',
      'connected',
    ]);
    expect(floor.engine.call(main)?.aliases).toEqual([other]);
    const changes = floor.told('board').flatMap((event) => (event.type === 'call' ? [event.change] : []));
    expect(changes.filter((change) => change === 'conferenced')).toHaveLength(1);
    isEmpty(floor);
    expect(floor.cdrs.size).toBe(1);
  });

  test('a second call that was answered with the first on hold is joined with it all the same', () => {
    const floor = talking('ann');
    floor.holds(floor.active(ext('8001')));
    floor.rings('13700000000', ['8001'], { line: '2' });
    const second = idOf(floor, 'ann', 1);
    expect(floor.say('ann', { type: 'call.answer', callId: second })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'call.completeTransfer', callId: second })).toMatchObject({ outcome: 'done' });
    expect(floor.state('ann')).toBe('ready');
    expect(floor.engine.counters().liveCalls).toBe(1);
    isEmpty(floor);
    expect(floor.cdrs.size).toBe(1);
  });

  test('sent on at once: to a free phone, not to a busy agent, a queue or the own seat', () => {
    const floor = talking('ann', 'bob');
    const callId = idOf(floor, 'ann');
    expect(floor.say('ann', { type: 'call.transfer', callId, to: 'queue:support' })).toMatchObject({
      code: 'argument.invalid',
    });
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '8001' })).toMatchObject({ code: 'argument.invalid' });
    expect(floor.say('ann', { type: 'call.transfer', callId, to: 'agent:bob' })).toEqual({ outcome: 'done', callId });
    expect(last(floor)).toMatchObject({ type: 'singleStepTransfer', to: '8002' });
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    floor.hangsUp(floor.on(line(1))[0]);
    expect(floor.onlyCdr().transfers).toMatchObject([{ kind: 'blind', by: 'ann', outcome: 'failed' }]);
    isEmpty(floor);
    const again = talking('ann', 'bob');
    again.rings('13700000000', ['8002'], { line: '2' });
    const to = { type: 'call.transfer', callId: idOf(again, 'ann'), to: 'agent:bob' } as const;
    expect(again.say('ann', to)).toMatchObject({ code: 'agent.state' });
  });

  test('another one is called in', () => {
    const floor = talking('ann', 'bob');
    const callId = idOf(floor, 'ann');
    expect(floor.say('ann', { type: 'call.addParty', callId, to: '8002' })).toEqual({ outcome: 'done' });
    floor.answer_('8002').wait(1000);
    expect(idOf(floor, 'bob')).toBe(callId);
    isEmpty(floor);
    expect(floor.onlyCdr().segments.map(({ kind }) => kind)).toContain('conference');
  });
});

describe('parking and picking up', () => {
  test('on the first free slot, which is told; taken back by another one', () => {
    const floor = talking('ann', 'bob');
    const callId = idOf(floor, 'ann');
    expect(floor.say('ann', { type: 'call.park', callId })).toEqual({ outcome: 'done', callId, slot: 1 });
    expect(floor.state('ann')).toBe('ready');
    expect(floor.say('bob', { type: 'call.unpark', slot: 2 })).toMatchObject({ code: 'call.notFound' });
    expect(floor.say('bob', { type: 'call.unpark', slot: 1 })).toEqual({ outcome: 'done', callId });
    expect(floor.state('bob')).toBe('busy');
    isEmpty(floor);
    expect(floor.onlyCdr()).toMatchObject({ agents: ['ann', 'bob'], transfers: [], outcome: 'answered' });
  });

  test('on a slot that is taken: refused, the talk goes on', () => {
    const floor = talking('ann', 'bob');
    floor.rings('13700000000', ['8002'], { line: '2' });
    floor.answer_('8002');
    const mine = idOf(floor, 'ann');
    expect(floor.say('bob', { type: 'call.park', callId: idOf(floor, 'bob'), slot: 4 })).toMatchObject({ slot: 4 });
    expect(floor.say('ann', { type: 'call.park', callId: mine, slot: 4 })).toMatchObject({ code: 'driver.refused' });
    expect(floor.say('ann', { type: 'call.park', callId: mine, slot: 0 })).toMatchObject({ code: 'argument.invalid' });
    expect(own(floor, 'ann')).toMatchObject({ state: 'connected' });
    isEmpty(floor);
    expect(floor.cdrs.size).toBe(2);
  });

  test('the switch will not give it: who waits waits on, and their leaving is theirs', () => {
    const floor = talking('ann', 'bob');
    const callId = idOf(floor, 'ann');
    floor.say('ann', { type: 'call.park', callId });
    floor.refuse.set('unpark', 'conflict');
    expect(floor.say('bob', { type: 'call.unpark', slot: 1 })).toMatchObject({ code: 'driver.refused' });
    expect(floor.state('bob')).toBe('ready');
    floor.wait(1000).hangsUp(floor.slotOf(1));
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller', cause: 'normalClearing' });
    isEmpty(floor);
  });

  test.each([{}, { from: '8001' }, { from: 'agent:ann' }])('what rings elsewhere: %o', (where) => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.rings(MEI, ['8001']);
    const callId = idOf(floor, 'ann');
    expect(floor.say('bob', { type: 'call.pickUp', ...where })).toEqual({ outcome: 'done', callId });
    expect([floor.state('ann'), floor.state('bob')]).toEqual(['ready', 'busy']);
    expect(floor.engine.call(callId)).toMatchObject({ customer: { raw: MEI }, direction: 'inbound' });
    isEmpty(floor);
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({ callId, agents: ['bob'], merged: [], outcome: 'answered' });
    expect(cdr.missedBy).toBeUndefined();
  });

  test('where nothing rings', () => {
    const floor = new PbxFloor().ready('ann', 'bob');
    expect(floor.say('bob', { type: 'call.pickUp', from: '8001' })).toMatchObject({ code: 'call.state' });
    expect(floor.say('bob', { type: 'call.pickUp' })).toMatchObject({ code: 'driver.refused' });
    expect(floor.state('bob')).toBe('ready');
    isEmpty(floor);
  });

  test('the page knows what its phone can be asked for', () => {
    const floor = new PbxFloor().ready('ann');
    expect(floor.engine.agent(asId('ann'))?.services).toEqual(['unpark', 'pickUp', 'page', 'redial']);
    floor.up(PBX.filter((one) => one !== 'page'));
    expect(floor.engine.agent(asId('ann'))?.services).toEqual(['unpark', 'pickUp', 'redial']);
    floor.down();
    expect(floor.engine.agent(asId('ann'))?.services).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import {
  type AgentId,
  asId,
  type ConnectionId,
  connectionId,
  type DeviceId,
  type DriverCapability,
  type RouteConfig,
} from '../src/index.js';
import { ALL, Floor, MAIN } from './support/floor.js';
import { FRONT, site } from './support/site.js';

const LINE = 'main:line:1';
const PHONE = 'main:extension:8001';
const NOT_ON_A_LINE: readonly DriverCapability[] = ['monitor', 'stopMonitor', 'redirect', 'phoneHold', 'phoneTransfer'];
const LINES: readonly DriverCapability[] = [...ALL.filter((one) => !NOT_ON_A_LINE.includes(one)), 'flash'];
const none = { number: '', presentation: 'unavailable' } as const;

/** One analog line with a PBX behind it whose extensions are 600-699. */
const config = (more: Parameters<typeof site>[0] = {}) =>
  site({
    switches: [{ id: MAIN, defaultTrunk: asId(LINE), behind: [{ from: '600', to: '699' }] }],
    ...more,
  });

const floorOf = (more: Parameters<typeof site>[0] = {}): Floor => new Floor(config(more)).up(LINES, 'line');

/** A line that was dialled: rings nobody until the test says what is heard. */
function dialling(floor: Floor, to = '13912345678'): ConnectionId {
  floor.habits.set(PHONE, 'answers').set(to, 'rings');
  floor.say('ann', { type: 'agent.logOn' });
  floor.say('ann', { type: 'call.make', to });
  return floor.at_(`main:external:${to}`);
}

/** Somebody lifts the local phone. */
function lift(floor: Floor, over: ConnectionId): ConnectionId {
  const id = connectionId(MAIN, 'lift1');
  floor.media.set(id, { device: asId<DeviceId>(PHONE), direction: 'incoming', state: 'connected', music: 'off' });
  floor.event({
    type: 'created',
    connectionId: id,
    device: asId(PHONE),
    direction: 'incoming',
    control: 'full',
    calling: none,
    called: none,
  });
  floor.event({ type: 'lifted', connectionId: id, targetId: over });
  floor.event({ type: 'connected', connectionId: id });
  return id;
}

describe('what is heard of a dialled line', () => {
  test('goes to the pages, and as the result into the record', () => {
    const floor = floorOf();
    const line = dialling(floor);
    floor.event({ type: 'alerting', connectionId: line, evidence: { by: 'colour-ringback', confidence: 0.8 } });
    floor.wait(3000).event({
      type: 'connected',
      connectionId: line,
      evidence: { by: 'voice-after-crbt', confidence: 0.5 },
    });
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    const view = callId === undefined ? undefined : floor.engine.call(callId);
    expect(view?.connections.find((one) => one.connectionId === line)?.evidence).toEqual({
      by: 'voice-after-crbt',
      confidence: 0.5,
    });
    floor.wait(5000).hangUp(line);
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'answered',
      progress: { result: 'answeredOrAnnouncement', evidence: { by: 'voice-after-crbt', confidence: 0.5 } },
    });
  });

  test.each([
    [{ by: 'polarity', confidence: 1 }, 'answered'],
    [{ by: 'ringback-broken', confidence: 0.9 }, 'answered'],
    [{ by: 'voice', confidence: 0.4 }, 'answeredOrAnnouncement'],
    [{ by: 'tone', confidence: 0.9, tone: 'ced' }, 'fax'],
    [{ by: 'modem', confidence: 0.9, tone: 'modem' }, 'modem'],
  ] as const)('an answer by %o is %s', (evidence, result) => {
    const floor = floorOf();
    const line = dialling(floor);
    floor.event({ type: 'connected', connectionId: line, evidence });
    floor.wait(1000).hangUp(line);
    expect(floor.onlyCdr().progress).toEqual({ result, evidence });
  });

  test.each([
    ['busy', 'busy', 'busy'],
    ['congestion', 'congestion', 'congestion'],
    ['unallocatedNumber', 'unobtainable', 'unallocated'],
    ['noAnswer', undefined, 'noAnswer'],
    ['deviceUnreachable', undefined, 'noDialTone'],
  ] as const)('an end by %s is %s', (cause, tone, result) => {
    const floor = floorOf();
    const line = dialling(floor);
    const evidence =
      tone === undefined
        ? ({ by: 'timeout', confidence: 0.9 } as const)
        : ({ by: 'tone', confidence: 0.9, tone } as const);
    floor.gone(line);
    floor.event({ type: 'cleared', connectionId: line, release: { cause, evidence } });
    floor.wait(1000);
    expect(floor.onlyCdr().progress).toEqual({ result, evidence });
  });

  test('an end without evidence, or after the answer, says nothing of the dialling', () => {
    const floor = floorOf();
    const line = dialling(floor);
    floor.event({ type: 'connected', connectionId: line });
    floor.gone(line);
    const evidence = { by: 'tone', confidence: 0.9, tone: 'busy' } as const;
    floor.event({ type: 'cleared', connectionId: line, release: { cause: 'normalClearing', evidence } });
    expect(floor.onlyCdr().progress).toBeUndefined();
  });
});

describe('who dials on a line hears it from the first moment', () => {
  test('the phone is joined before the answer, which is no talk yet', () => {
    const floor = floorOf();
    const line = dialling(floor);
    const phone = floor.at_(PHONE);
    expect(floor.media.get(phone)?.bridge).toBeDefined();
    expect(floor.media.get(phone)?.bridge).toBe(floor.media.get(line)?.bridge);
    floor.wait(10_000).gone(line);
    floor.event({ type: 'cleared', connectionId: line, release: { cause: 'noAnswer' } });
    const cdr = floor.onlyCdr();
    expect(cdr.answeredWallMs).toBeUndefined();
    expect(cdr.outcome).toBe('noAnswer');
    expect(cdr.segments.map((one) => one.kind)).not.toContain('talking');
  });

  test('the talk begins with the answer', () => {
    const floor = floorOf();
    const line = dialling(floor);
    floor.wait(4000).event({ type: 'connected', connectionId: line });
    floor.wait(6000).hangUp(line);
    const talk = floor.onlyCdr().segments.find((one) => one.kind === 'talking');
    expect([talk?.startMs, (talk?.endMs ?? 0) - (talk?.startMs ?? 0)]).toEqual([4000, 6000]);
    expect(floor.onlyCdr().agents).toEqual(['ann']);
  });

  test('not where the switch tells of answers', () => {
    const floor = new Floor(config()).up(ALL);
    const line = dialling(floor);
    expect(floor.media.get(line)?.bridge).toBeUndefined();
  });
});

describe('a transfer to an extension of the PBX behind the line', () => {
  /** Ann talks with a caller. */
  function talking(): { floor: Floor; caller: ConnectionId; callId: ReturnType<typeof callOf> } {
    const floor = floorOf().ready('ann');
    floor.habits.set(PHONE, 'answers');
    const caller = floor.caller('13912345678', '4008001001', LINE);
    floor.wait(2000);
    return { floor, caller, callId: callOf(floor) };
  }
  const callOf = (floor: Floor) => {
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    if (callId === undefined) throw new Error('ann has no call');
    return callId;
  };

  test('is a flash, settles as unconfirmed, and ends the call as transferred by the agent', () => {
    const { floor, caller, callId } = talking();
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '612' })).toMatchObject({ outcome: 'unconfirmed' });
    expect(floor.sent('flash')).toMatchObject([{ connectionId: caller, digits: '612', after: 'leave' }]);
    expect(floor.sent('originate').filter((one) => one.target.kind === 'number')).toEqual([]);
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({
      cause: 'transferred',
      endedBy: 'agent',
      transfers: [{ kind: 'blind', by: 'ann', to: '612', outcome: 'done' }],
    });
    expect(floor.media.has(floor.media.keys().next().value ?? caller)).toBe(false);
  });

  test('that the line refuses leaves the talk as it is', () => {
    const { floor, caller, callId } = talking();
    floor.refuse.set('flash', 'rejected');
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '612' })).toMatchObject({
      outcome: 'failed',
      code: 'driver.refused',
    });
    floor.wait(1000);
    expect(floor.media.get(caller)?.bridge).toBe(floor.media.get(floor.at_(PHONE))?.bridge);
    floor.refuse.clear();
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '612' })).toMatchObject({ outcome: 'unconfirmed' });
  });

  test('a link lost in between: the switch shows the line still there, and the talk goes on', () => {
    const { floor, caller, callId } = talking();
    floor.deaf.add('flash');
    floor.say('ann', { type: 'call.transfer', callId, to: '612' });
    floor.down().wait(500);
    floor.up(LINES, 'line').wait(500);
    floor.deaf.clear();
    expect(floor.media.get(caller)?.bridge).toBe(floor.media.get(floor.at_(PHONE))?.bridge);
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '612' })).toMatchObject({ outcome: 'unconfirmed' });
    expect(floor.onlyCdr().cause).toBe('transferred');
  });

  test('is not done by flash for other numbers, on other switches, or where the line cannot flash', () => {
    for (const [to, capabilities, profile] of [
      ['13800000000', LINES, 'line'],
      ['612', ALL, undefined],
      ['612', LINES.filter((one) => one !== 'flash'), 'line'],
    ] as const) {
      const floor = new Floor(config()).up(capabilities, profile).ready('ann');
      floor.habits.set(PHONE, 'answers');
      floor.caller('13912345678', '4008001001', LINE);
      floor.wait(2000);
      floor.say('ann', { type: 'call.transfer', callId: callOf(floor), to });
      expect(floor.sent('flash')).toEqual([]);
      expect(floor.sent('originate').at(-1)?.target).toMatchObject({ kind: 'number', trunk: LINE });
    }
  });

  test('a colleague on an inside call is dialled there, not flashed', () => {
    const floor = floorOf();
    floor.habits.set(PHONE, 'answers').set('main:extension:8005', 'answers');
    floor.say('ann', { type: 'agent.logOn' });
    floor.say('ann', { type: 'call.make', to: '8005' });
    floor.say('ann', { type: 'call.transfer', callId: callOf(floor), to: '612' });
    expect(floor.sent('flash')).toEqual([]);
    expect(floor.sent('originate').at(-1)?.target).toEqual({ kind: 'number', trunk: LINE, number: '612' });
  });

  test('a flow sends its caller there; refused, it goes on by its own edge', () => {
    const front = {
      ...FRONT,
      start: 'to',
      nodes: {
        to: {
          type: 'transfer',
          to: { kind: 'extension', number: '612' },
          busy: 'sales',
          noAnswer: 'sales',
          failed: 'sales',
        },
        sales: { type: 'queue', queue: 'sales', overflow: 'END' },
      },
    } as unknown as typeof FRONT;
    const floor = floorOf({ flows: [front] });
    const caller = floor.caller('13912345678', '4008001000', LINE);
    expect(floor.sent('flash')).toMatchObject([{ connectionId: caller, digits: '612', after: 'leave' }]);
    expect(floor.onlyCdr()).toMatchObject({
      cause: 'transferred',
      outcome: 'completedInFlow',
      transfers: [{ by: 'system', outcome: 'done' }],
    });

    const other = floorOf({ flows: [front] });
    other.refuse.set('flash', 'conflict');
    other.caller('13912345678', '4008001000', LINE);
    other.wait(100);
    expect(other.engine.queue(asId('sales'))?.waiting).toHaveLength(1);
  });

  test('keys sent into a line settle as unconfirmed', () => {
    const { floor, callId } = talking();
    expect(floor.say('ann', { type: 'call.sendDigits', callId, digits: '12' })).toMatchObject({
      outcome: 'unconfirmed',
    });
  });

  test('a click to dial it keys it without any prefix', () => {
    const floor = floorOf({ dialPlan: { ...site().dialPlan, outsidePrefix: '9,' } });
    dialling(floor, '612');
    expect(floor.sent('originate').at(-1)?.target).toEqual({ kind: 'number', trunk: LINE, number: '612' });
  });
});

describe('a local phone that is lifted', () => {
  const taken = (floor: Floor, caller: ConnectionId): void => {
    const phone = lift(floor, caller);
    floor.wait(100);
    expect(floor.media.get(phone)?.bridge).toBeDefined();
    expect(floor.media.get(phone)?.bridge).toBe(floor.media.get(caller)?.bridge);
    expect(floor.state('ann')).toBe('busy');
    floor.wait(5000).hangUp(phone);
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', agents: ['ann'] });
    expect(floor.media.size).toBe(0);
  };

  test('takes the caller out of a flow', () => {
    const floor = floorOf();
    floor.say('ann', { type: 'agent.logOn' });
    taken(floor, floor.caller('13912345678', '4008001000', LINE));
  });

  test('takes the caller out of a queue', () => {
    const floor = floorOf();
    floor.say('ann', { type: 'agent.logOn' });
    const caller = floor.caller('13912345678', '4008001001', LINE);
    expect(floor.engine.queue(asId('support'))?.waiting).toHaveLength(1);
    taken(floor, caller);
  });

  test('takes a caller who is being offered to somebody else, who is free again', () => {
    const floor = floorOf().ready('bob');
    floor.say('ann', { type: 'agent.logOn' });
    const caller = floor.caller('13912345678', '4008001001', LINE);
    expect(floor.state('bob')).toBe('reserved');
    const phone = lift(floor, caller);
    floor.wait(100);
    expect(floor.media.get(phone)?.bridge).toBe(floor.media.get(caller)?.bridge);
    expect([floor.state('bob'), floor.state('ann')]).toEqual(['ready', 'busy']);
    expect([...floor.media.values()].some(({ device }) => device === 'main:extension:8002')).toBe(false);
  });

  test('takes a caller who rings at another phone', () => {
    const floor = floorOf();
    floor.say('ann', { type: 'agent.logOn' });
    const caller = floor.caller('13912345678', '4008001002', LINE);
    taken(floor, caller);
    expect(floor.sent('clear').map((one) => one.cause)).toContain('cancelled');
  });

  test('with a phone in the call already, or with nothing to take, it is sent away', () => {
    const floor = floorOf().ready('ann');
    floor.habits.set(PHONE, 'answers');
    const caller = floor.caller('13912345678', '4008001001', LINE);
    floor.wait(2000);
    const second = connectionId(MAIN, 'lift2');
    for (const targetId of [caller, connectionId(MAIN, 'nothing')]) {
      floor.media.set(second, {
        device: asId<DeviceId>('main:extension:8005'),
        direction: 'incoming',
        state: 'initiated',
        music: 'off',
      });
      floor.event({
        type: 'created',
        connectionId: second,
        device: asId('main:extension:8005'),
        direction: 'incoming',
        control: 'full',
        calling: none,
        called: none,
      });
      floor.event({ type: 'lifted', connectionId: second, targetId });
      expect(floor.media.has(second)).toBe(false);
    }
    expect(floor.cdrs.size).toBe(0);
    expect(floor.engine.agent(asId('ann'))?.calls).toHaveLength(1);
  });

  test('that is laid down before anything is said of it leaves nothing behind', () => {
    const floor = floorOf();
    const id = connectionId(MAIN, 'lift3');
    floor.event({
      type: 'created',
      connectionId: id,
      device: asId(PHONE),
      direction: 'incoming',
      control: 'full',
      calling: none,
      called: none,
    });
    floor.event({ type: 'cleared', connectionId: id, release: { cause: 'normalClearing' } });
    floor.event({ type: 'lifted', connectionId: id, targetId: id });
    expect(floor.cdrs.size).toBe(0);
  });
});

describe('the firewall', () => {
  const lists = { bad: ['13900000001', '0755*'], good: ['13912345678'], mine: ['13811112222'] };

  test('refuses callers of a list before any route, and writes it down', () => {
    const floor = floorOf({ lists, firewall: { refuse: ['bad'] } });
    for (const number of ['13900000001', '+8613900000001', '075512345678']) floor.caller(number, '4008001000', LINE);
    expect(floor.sent('answer')).toEqual([]);
    expect([...floor.cdrs.values()].map((cdr) => [cdr.outcome, cdr.cause])).toEqual([
      ['blocked', 'blocked'],
      ['blocked', 'blocked'],
      ['blocked', 'blocked'],
    ]);
    floor.caller('13912345678', '4008001000', LINE);
    expect(floor.sent('answer')).toHaveLength(1);
  });

  test('never refuses an emergency number that calls back', () => {
    const floor = floorOf({ lists: { bad: ['110', '119*'] }, firewall: { refuse: ['bad'] } });
    floor.caller('110', '4008001000', LINE);
    expect(floor.sent('answer')).toHaveLength(1);
  });

  test('lets favoured callers go before others in a queue', () => {
    const floor = floorOf({ lists, firewall: { favour: [{ list: 'good', priority: 5 }] } });
    floor.caller('13700000000', '4008001001', LINE);
    floor.wait(1000).caller('13912345678', '4008001001', 'main:line:2');
    floor.habits.set(PHONE, 'answers');
    floor.ready('ann').wait(1000);
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    expect(callId === undefined ? undefined : floor.engine.call(callId)?.customer?.raw).toBe('13912345678');
  });

  test('lets only listed numbers out, and emergency numbers always', () => {
    const floor = floorOf({ lists, firewall: { refuse: ['bad'], outbound: ['mine'] } });
    floor.say('ann', { type: 'agent.logOn' });
    expect(floor.say('ann', { type: 'call.make', to: '13912345678' })).toMatchObject({
      outcome: 'failed',
      code: 'call.blocked',
    });
    floor.habits.set(PHONE, 'answers');
    expect(floor.say('ann', { type: 'call.make', to: '13811112222' })).toMatchObject({ outcome: 'done' });
    const other = floorOf({ lists, firewall: { outbound: [] } });
    other.say('ann', { type: 'agent.logOn' });
    expect(other.say('ann', { type: 'call.make', to: '110' })).toMatchObject({ outcome: 'done' });
  });
});

describe('a route that names whose screen pops', () => {
  const pops = (floor: Floor) => floor.told('agent:ann').filter((event) => event.type === 'pop');
  const routed = (popTo: RouteConfig['popTo']) =>
    floorOf({
      routes: [{ ...site().routes[0], id: 'p', number: '4008001009', popTo } as RouteConfig],
      pop: { url: 'https://erp.example.com/{caller.number}' },
    });

  test.each([{ kind: 'agent', agent: asId<AgentId>('ann') } as const, { kind: 'extension', number: '8001' } as const])(
    'pops it at once while the caller is in a flow, and only there: %o',
    (popTo) => {
      const floor = routed(popTo);
      floor.say('ann', { type: 'agent.logOn' });
      floor.say('bob', { type: 'agent.logOn' });
      const caller = floor.caller('13912345678', '4008001009', LINE);
      expect(pops(floor)).toMatchObject([
        { pop: { state: 'offered', url: 'https://erp.example.com/%2B8613912345678' } },
      ]);
      expect(floor.told('agent:bob').filter((event) => event.type === 'pop')).toEqual([]);
      floor.wait(500).event({ type: 'digit', connectionId: caller, digit: '1' });
      floor.wait(3000);
      const stands = floor.engine.agent(asId('ann'));
      expect([pops(floor).length, stands?.state]).toEqual([1, 'notReady']);
      floor.hangUp(caller);
      expect(floor.onlyCdr()).toMatchObject({ ivrPath: ['front/pick', 'front/sales'], agents: [] });
      expect(floor.told('agent:ann').at(-1)).toMatchObject({ type: 'callEnded' });
    },
  );

  test('pops once for an agent who is offered the same call later, and nothing for who is not there', () => {
    const floor = routed({ kind: 'agent', agent: asId<AgentId>('ann') });
    floor.caller('13912345678', '4008001009', LINE);
    expect(pops(floor)).toEqual([]);
    const other = new Floor(
      config({
        routes: [{ ...site().routes[1], popTo: { kind: 'agent', agent: asId<AgentId>('ann') } } as RouteConfig],
      }),
    )
      .up(LINES, 'line')
      .ready('ann');
    other.habits.set(PHONE, 'answers');
    other.caller('13912345678', '4008001001', LINE);
    other.wait(2000);
    expect(pops(other)).toHaveLength(1);
    expect(other.state('ann')).toBe('busy');
  });

  test('pops until the call is over: also for an agent whose phone rang in vain, and for the next tab after a claim that lapsed', () => {
    const route = { ...site().routes[1], popTo: { kind: 'agent', agent: asId<AgentId>('ann') } } as RouteConfig;
    const floor = new Floor(config({ routes: [route] })).up(LINES, 'line').ready('ann');
    const states = () => pops(floor).flatMap((event) => (event.type === 'pop' ? [event.pop.state] : []));
    floor.habits.set(PHONE, 'rings');
    const caller = floor.caller('13912345678', '4008001001', LINE);
    floor.wait(20_000);
    const ring = floor.at_(PHONE);
    floor.gone(ring);
    floor.event({ type: 'cleared', connectionId: ring, release: { cause: 'noAnswer' } });
    expect([states(), floor.state('ann')]).toEqual([['offered'], 'notReady:ringNoAnswer']);
    const [first] = pops(floor);
    if (first?.type !== 'pop') throw new Error('no pop');
    const { popId } = first.pop;
    expect(floor.say('ann', { type: 'pop.claim', popId, tab: 'a' })).toEqual({ outcome: 'done' });
    floor.wait(2000);
    expect(floor.say('ann', { type: 'pop.claim', popId, tab: 'b' })).toEqual({ outcome: 'done' });
    expect(floor.told('agent:ann').filter(({ type }) => type === 'callEnded')).toEqual([]);
    floor.hangUp(caller);
    expect(states()).toEqual(['offered', 'claimed', 'offered', 'claimed', 'expired']);
    expect(floor.told('agent:ann').filter(({ type }) => type === 'callEnded')).toHaveLength(1);
  });
});

describe('a unit that only watches', () => {
  const WATCHES: readonly DriverCapability[] = ['claim', 'ring', 'devices'];
  const route = {
    id: 'w',
    number: '4008001009',
    to: { kind: 'agent', agent: asId<AgentId>('ann') },
    enabled: 'enabled',
    maxConcurrent: 0,
    priority: 0,
    note: '',
  } as const;
  const watched = () =>
    new Floor(config({ routes: [route], pop: { url: 'https://erp.example.com/{caller.number}' } })).up(WATCHES, 'line');

  test('pops the screen of the route and keeps a record; nothing is asked of the line', () => {
    const floor = watched();
    floor.say('ann', { type: 'agent.logOn' });
    const line = floor.caller('13912345678', '4008001009', LINE);
    const pops = floor.told('agent:ann').filter((event) => event.type === 'pop');
    expect(pops).toMatchObject([{ pop: { url: 'https://erp.example.com/%2B8613912345678', state: 'offered' } }]);
    floor.wait(4000).event({ type: 'connected', connectionId: line });
    floor.wait(6000).hangUp(line);
    expect(floor.commands).toEqual([]);
    expect(floor.onlyCdr()).toMatchObject({
      direction: 'inbound',
      outcome: 'answered',
      customer: { raw: '13912345678' },
      segments: [
        { kind: 'ringing', startMs: 0, endMs: 4000, device: LINE },
        { kind: 'talking', startMs: 4000, endMs: 10_000, device: LINE },
      ],
    });
    expect([floor.timers.size, floor.state('ann')?.startsWith('notReady')]).toEqual([0, true]);
  });

  test('a call that nobody answered is a missed one', () => {
    const floor = watched();
    const line = floor.caller('13912345678', '4008001009', LINE);
    floor.wait(9000);
    floor.gone(line);
    floor.event({ type: 'cleared', connectionId: line, release: { cause: 'cancelled' } });
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'abandoned', cause: 'cancelled', durationMs: 9000, agents: [] });
    expect(floor.commands).toEqual([]);
  });

  test('a call that was lost with the unit has one record', () => {
    const floor = watched();
    const line = floor.caller('13912345678', '4008001009', LINE);
    floor.wait(1000).down().wait(1000);
    floor.gone(line);
    floor.up(WATCHES, 'line').wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'lostInOutage' });
  });
});

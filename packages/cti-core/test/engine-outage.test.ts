import { describe, expect, test } from 'vitest';
import {
  asId,
  type CallId,
  type ConnectionId,
  canonicalJson,
  createEngine,
  restoreEngine,
  sha256Hex,
} from '../src/index.js';
import { ALL, Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

function talk(): { readonly floor: Floor; readonly caller: ConnectionId; readonly callId: CallId } {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(10_000);
  return { floor, caller, callId: floor.engine.agent(asId('ann'))?.calls[0] as CallId };
}

describe('a lost link', () => {
  test('ends nothing; what was asked for answers linkLost; the same call goes on', () => {
    const { floor, caller, callId } = talk();
    floor.wait(1000).down();
    expect(floor.cdrs.size).toBe(0);
    expect(floor.told('agent:ann').some((event) => event.type === 'call' && event.change === 'outage')).toBe(true);
    expect(floor.say('ann', { type: 'call.hold', callId })).toMatchObject({ code: 'driver.linkLost' });
    floor.wait(5000).up();
    expect(floor.engine.call(callId)?.connections).toHaveLength(2);
    expect(floor.say('ann', { type: 'call.hold', callId })).toEqual({ outcome: 'done' });
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ callId, outcome: 'answered' });
  });

  test('what is gone when it comes back was lost between two moments; one CDR', () => {
    const { floor, caller } = talk();
    floor.wait(1000).down();
    const downAt = floor.wall0 + floor.at;
    floor.media.clear();
    floor.wait(7000).up();
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'lostInOutage',
      cause: 'lostInOutage',
      lostBetweenWallMs: [downAt, downAt + 7000],
    });
    expect(floor.state('ann')).toBe('workingAfterCall');
    floor.event({ type: 'cleared', connectionId: caller, release: { cause: 'normalClearing' } });
    expect(floor.cdrs.size).toBe(1);
  });

  test('a caller who came while it was gone is answered when it is back', () => {
    const floor = new Floor(site()).up();
    floor.down();
    floor.media.set(asId('main~late'), {
      device: asId('main:trunk:carrier'),
      direction: 'incoming',
      state: 'initiated',
      music: 'off',
    });
    floor.up();
    expect(floor.sent('claim')).toHaveLength(1);
  });

  test('an agent who answered meanwhile gets the caller: plans go on from facts', () => {
    const floor = new Floor(site()).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    floor.down();
    const phone = floor.media.get(floor.at_(ANN));
    if (phone !== undefined) phone.state = 'connected';
    floor.up();
    expect(floor.media.get(caller)?.bridge).toBeDefined();
    expect(floor.media.get(caller)?.bridge).toBe(floor.media.get(floor.at_(ANN))?.bridge);
    expect(floor.state('ann')).toBe('busy');
  });

  test('nobody is offered a call while the link is down', () => {
    const floor = new Floor(site()).up();
    floor.caller('13912345678', '4008001001');
    floor.down();
    floor.ready('ann');
    expect(floor.state('ann')).toBe('ready');
    floor.up();
    expect(floor.state('ann')).toBe('reserved');
  });

  test('a link without media capabilities goes down: no outage', () => {
    const { floor, callId } = talk();
    floor.event({ type: 'linkUp', linkId: asId('ami') });
    floor.event({
      type: 'linkDown',
      linkId: asId('ami'),
      reason: 'closed',
      capabilities: ['clear', 'bridge', 'unbridge', 'holdMusic'],
    });
    expect(floor.say('ann', { type: 'call.hold', callId })).toEqual({ outcome: 'done' });
    expect(floor.engine.call(callId)?.connections[1]?.actions).not.toContain('startRecording');
  });
});

describe('a crash of the server', () => {
  test('at every input of a whole day: the restored engine does the same, byte for byte', () => {
    const floor = new Floor(site({ agents: [agent('ann', '8001', { record: 'always' }), agent('bob', '8002')] }))
      .up()
      .ready('ann', 'bob');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', '4008001000');
    floor.wait(500).event({ type: 'digit', connectionId: caller, digit: '2' });
    floor.wait(500).event({ type: 'digit', connectionId: caller, digit: '1' });
    const callId = floor.engine.agent(asId('ann'))?.calls[0] as CallId;
    floor.wait(1000).say('ann', { type: 'call.consult', callId, to: '8002', note: 'hi' });
    floor.answer(BOB).say('ann', { type: 'call.completeTransfer', callId });
    floor.wait(1000).hangUp(caller).wait(20_000);
    expect(floor.onlyCdr().outcome).toBe('answered');

    const straight = createEngine();
    const expected = floor.inputs.map((input) => sha256Hex(canonicalJson(straight.apply(input))));
    for (let cut = 1; cut < floor.inputs.length; cut += 1) {
      const first = createEngine();
      for (const input of floor.inputs.slice(0, cut)) first.apply(input);
      const dump = first.dump();
      const second = restoreEngine(dump);
      expect(second.dump() === dump).toBe(true);
      const rest = floor.inputs.slice(cut).map((input) => sha256Hex(canonicalJson(second.apply(input))));
      expect(rest).toEqual(expected.slice(cut));
      expect(second.dump() === straight.dump()).toBe(true);
    }
  });

  test('recovered: open requests have an unknown outcome, timers come again, the dialled phone is found by its id', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.deaf.add('originate');
    floor.caller('13912345678', '4008001001');
    const dialled = floor.sent('originate')[0];
    if (dialled === undefined) throw new Error('nobody was rung');
    const timers = [...floor.timers].sort();
    floor.engine = restoreEngine(floor.engine.dump());
    floor.timers.clear();
    floor.input({ kind: 'recovered' });
    expect([...floor.timers].sort()).toEqual(timers);
    floor.deaf.clear();
    floor.media.set(dialled.connectionId, {
      device: asId(ANN),
      direction: 'outgoing',
      state: 'alerting',
      callId: dialled.mark.callId,
      music: 'off',
    });
    floor.up();
    expect(floor.sent('originate')).toHaveLength(1);
    floor.answer(ANN);
    expect(floor.state('ann')).toBe('busy');
  });

  test('a phone that was not rung after all: the next offer goes out, nobody is blamed', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.deaf.add('originate');
    floor.caller('13912345678', '4008001001');
    floor.engine = restoreEngine(floor.engine.dump());
    floor.input({ kind: 'recovered' });
    floor.deaf.clear();
    floor.up();
    expect(floor.state('ann')).toBe('reserved');
    expect(floor.sent('originate')).toHaveLength(2);
  });

  test('what sounded when the link was lost is stopped, and begun anew where it is still wanted', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    floor.caller('13912345678', '4008001001');
    const [callId] = floor.engine.agent(asId('ann'))?.calls ?? [];
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    const [tone] = floor.sent('play').slice(-1);
    floor.engine = restoreEngine(floor.engine.dump());
    floor.input({ kind: 'recovered' });
    floor.up();
    expect(floor.sent('stopPlay').map(({ playbackId }) => playbackId)).toContain(tone?.playbackId);
    expect(floor.sent('play').at(-1)).toMatchObject({ connectionId: tone?.connectionId, media: tone?.media });
    expect(floor.sent('play').at(-1)?.playbackId).not.toBe(tone?.playbackId);
  });

  test.each(['said and lost', 'not said, because the link was down'])(
    'a ringing tone whose end was %s is stopped',
    (how) => {
      const floor = new Floor(site()).up().ready('ann');
      floor.habits.set(ANN, 'answers');
      floor.say('ann', { type: 'call.make', to: '13900000001' });
      const [tone] = floor.sent('play').slice(-1);
      const ringing = floor.sent('originate').at(-1)?.connectionId;
      if (tone === undefined || ringing === undefined) throw new Error('nothing rings');
      const stops = (): number => floor.sent('stopPlay').filter((one) => one.playbackId === tone.playbackId).length;
      floor.deaf.add('stopPlay');
      const media = floor.media.get(ringing);
      if (media !== undefined) media.state = 'connected';
      // The switch tells it by an event that the server just takes, or by the snapshot after its death.
      if (how === 'said and lost') floor.event({ type: 'connected', connectionId: ringing });
      expect(stops()).toBe(how === 'said and lost' ? 1 : 0);
      floor.engine = restoreEngine(floor.engine.dump());
      floor.input({ kind: 'recovered' });
      const before = stops();
      floor.deaf.clear();
      floor.up();
      expect(stops()).toBe(before + 1);
    },
  );

  test('a customer is not dialled again', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    floor.habits.set('13900000001', 'dead');
    floor.say('ann', { type: 'call.make', to: '13900000001' });
    expect(floor.sent('originate')).toHaveLength(2);
    floor.engine = restoreEngine(floor.engine.dump());
    floor.input({ kind: 'recovered' });
    floor.up();
    floor.wait(120_000);
    expect(floor.sent('originate')).toHaveLength(2);
    expect(floor.onlyCdr().outcome).not.toBe('answered');
    expect(floor.media.size).toBe(0);
  });
});

describe('a switch that does not keep its word', () => {
  test('a dialling without an event is given up; when it rings after all it is stopped', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    floor.habits.set(ANN, 'dead');
    floor.caller('13912345678', '4008001001');
    const ghost = floor.sent('originate')[0];
    if (ghost === undefined) throw new Error('nobody was rung');
    floor.wait(10_000);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.state('bob')).toBe('reserved');
    floor.media.set(ghost.connectionId, { device: asId(ANN), direction: 'outgoing', state: 'initiated', music: 'off' });
    const party = { number: '', presentation: 'unavailable' } as const;
    floor.event({
      type: 'created',
      connectionId: ghost.connectionId,
      device: asId(ANN),
      direction: 'outgoing',
      control: 'full',
      calling: party,
      called: party,
      callId: ghost.mark.callId,
    });
    expect(floor.media.has(ghost.connectionId)).toBe(false);
  });

  test('a clear without an end is asked for again', () => {
    const { floor, caller } = talk();
    floor.deaf.add('clear');
    floor.hangUp(caller);
    expect(floor.cdrs.size).toBe(0);
    floor.deaf.clear();
    floor.wait(10_000);
    expect(floor.onlyCdr().outcome).toBe('answered');
  });
});

describe('limits and rules', () => {
  test('a queue overflows; a full one refuses; a call cannot last for ever', () => {
    const floor = new Floor(
      site({
        queues: [
          queue('support', { waitTimeoutMs: 5000, maxWaiting: 1, overflow: { kind: 'extension', number: '8005' } }),
          queue('sales'),
        ],
      }),
    ).up();
    floor.caller('13900000001', '4008001001');
    floor.caller('13900000002', '4008001001');
    expect(floor.sent('originate')).toHaveLength(1);
    floor.wait(5000);
    expect(floor.sent('originate')).toHaveLength(2);
    floor.answer('main:extension:8005');
    floor.wait(14_400_000);
    expect(floor.cdrs.size).toBe(2);
    expect(floor.media.size).toBe(0);
  });

  test('an agent who may not dial outside still reaches the emergency number', () => {
    const floor = new Floor(site({ agents: [agent('ann', '8001', { mayDial: 'internal' })] })).up().ready('ann');
    expect(floor.say('ann', { type: 'call.make', to: '13900000001' })).toMatchObject({ code: 'call.blocked' });
    expect(floor.say('ann', { type: 'call.make', to: '110' })).toMatchObject({ outcome: 'done' });
  });

  test('a route that is paused takes no calls; its calls under way go on', () => {
    const { floor, callId } = talk();
    expect(floor.say('sue', { type: 'route.set', routeId: 'r2', enabled: 'paused' }, { role: 'supervisor' })).toEqual({
      outcome: 'done',
    });
    floor.caller('13900000003', '4008001001');
    expect(floor.onlyCdr().cause).toBe('unallocatedNumber');
    expect(floor.engine.call(callId)).toBeDefined();
  });

  test('draining: new callers go back to the dialplan of the switch; told when the last call has ended', () => {
    const { floor, caller } = talk();
    floor.input({ kind: 'drain', mode: 'start' });
    floor.caller('13900000003', '4008001001');
    expect(floor.onlyCdr()).toMatchObject({ cause: 'transferred', endedBy: 'system', outcome: 'failed' });
    expect(floor.sent('redirect')).toHaveLength(1);
    expect(floor.sent('clear')).toHaveLength(0);
    expect(floor.effects.some((effect) => effect.kind === 'drained')).toBe(false);
    floor.hangUp(caller);
    expect(floor.effects.at(-1)).toEqual({ kind: 'drained' });
  });

  test('draining: a switch that takes no call back has them served', () => {
    const floor = new Floor(site()).up(ALL.filter((capability) => capability !== 'redirect')).ready('ann');
    floor.input({ kind: 'drain', mode: 'start' });
    floor.caller('13900000003', '4008001001');
    expect(floor.sent('originate')).toHaveLength(1);
  });

  test('a new configuration: calls finish in the version of the flow that they began with', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001000');
    const config = site();
    const [front] = config.flows;
    if (front === undefined) throw new Error('no flow');
    floor.input({
      kind: 'config',
      config: { ...config, flows: [{ ...front, version: 'v2', nodes: { ...front.nodes, pick: { type: 'hangup' } } }] },
    });
    floor.event({ type: 'digit', connectionId: caller, digit: '1' });
    expect(floor.engine.queue(asId('sales'))?.waitingCount).toBe(1);
    floor.caller('13900000001', '4008001000');
    expect(floor.cdrs.size).toBe(1);
  });

  test('a configuration with a name that leads nowhere is refused and changes nothing', () => {
    const floor = new Floor(site()).up();
    const before = floor.engine.dump();
    const input = {
      kind: 'config',
      config: site({ queues: [queue('support')] }),
      atMs: 9e6,
      wallMs: 9e6,
      offsetMin: 0,
    } as const;
    expect(() => floor.engine.apply(input)).toThrow(/config\.unresolved/u);
    expect(floor.engine.dump()).toBe(before);
  });
});

describe('one that asks again', () => {
  test('an outcome survives a restart of the engine', () => {
    const floor = new Floor(site()).up();
    floor.say('ann', { type: 'agent.logOn' }, { id: 'x' });
    floor.engine = restoreEngine(floor.engine.dump());
    floor.outcomes.clear();
    expect(floor.say('ann', { type: 'agent.logOn' }, { id: 'x' })).toEqual({ outcome: 'done' });
    expect(floor.say('ann', { type: 'agent.logOff' }, { id: 'x' })).toMatchObject({ code: 'command.duplicate' });
  });

  test('a journal of another core version is refused', () => {
    const boot = {
      kind: 'boot',
      coreVersion: '9.9.9',
      epoch: 'e',
      seed: 1,
      config: site(),
      atMs: 0,
      wallMs: 0,
      offsetMin: 0,
    } as const;
    expect(() => createEngine().apply(boot)).toThrow(/journal\.version/u);
    expect(() => restoreEngine('{}')).toThrow(/journal\.version/u);
    expect(() => restoreEngine('nonsense')).toThrow(/journal\.corrupt/u);
  });
});

describe('what a restricted agent gets', () => {
  test('the phone shows no middle digits, and the pop has none', () => {
    const masked = agent('ann', '8001', { numbers: 'masked' });
    const floor = new Floor(
      site({
        agents: [masked],
        queues: [queue('support', { popUrl: 'https://erp/c?n={caller.number}' }), queue('sales')],
      }),
    )
      .up()
      .ready('ann');
    floor.caller('13912345678', '4008001001');
    expect(floor.sent('originate')[0]?.callerNumber).toBe('139****5678');
    const pop = floor.told('agent:ann').find((event) => event.type === 'pop');
    expect(pop?.type === 'pop' && pop.pop.url).not.toContain('12345678');
  });
});

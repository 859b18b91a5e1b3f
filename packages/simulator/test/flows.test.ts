import { asId, type FlowId, type IvrGraph } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { type FloorOptions, type FloorRequest, virtualFloor } from '../src/index.js';

const prompt = (name: string) => [{ kind: 'prompt' as const, prompt: name }];

const front: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId<FlowId>('front'),
  version: '1',
  languages: ['en'],
  start: 'night',
  nodes: {
    night: { type: 'mode', mode: 'night', ways: { on: 'leave' }, otherwise: 'who' },
    who: { type: 'list', rules: [{ list: 'banned', goTo: 'bye' }], otherwise: 'book' },
    book: {
      type: 'http',
      method: 'POST',
      url: 'https://shop.example/orders',
      body: { from: '{call.number}' },
      keep: { order: '/order/id' },
      timeoutMs: 2_000,
      tries: 3,
      ways: { 201: 'price', '4xx': 'leave' },
      otherwise: 'leave',
      failed: 'leave',
    },
    price: {
      type: 'compute',
      function: 'price@1',
      pass: { order: '{order}' },
      keep: { price: 'price' },
      ways: { cheap: 'desk', dear: 'leave' },
      failed: 'leave',
    },
    desk: { type: 'orderDesk', group: 'desk', say: prompt('wait'), maxMs: 60_000, timeout: 'leave', failed: 'leave' },
    leave: {
      type: 'record',
      say: prompt('leave'),
      variable: 'said',
      box: 'shop',
      next: 'again',
      empty: 'bye',
      failed: 'bye',
    },
    again: { type: 'play', say: [{ kind: 'recording', variable: 'said' }], next: 'callback' },
    callback: { type: 'callback', queue: 'support', next: 'bye', refused: 'bye' },
    bye: { type: 'hangup', say: prompt('bye') },
  },
  prompts: Object.fromEntries(['wait', 'leave', 'bye'].map((name) => [name, { en: name }])),
};

const rate: IvrGraph = {
  ...front,
  id: asId<FlowId>('rate'),
  start: 'ask',
  nodes: {
    ask: {
      type: 'collect',
      say: prompt('ask'),
      variable: 'score',
      min: 1,
      max: 1,
      next: 'score',
      noInput: 'END',
      noMatch: 'END',
    },
    score: { type: 'score', survey: 'service', variable: 'score', next: 'END' },
  },
  prompts: { ask: { en: 'ask' } },
};

const CALLER = '+8613900000000';

function shop(more: Partial<FloorOptions> = {}) {
  return virtualFloor({
    seed: 3,
    ivr: [front, rate],
    queues: { support: { agents: ['ann'], survey: rate.id } },
    groups: { desk: { ring: 'all', members: ['8101', '8102'] } },
    modes: { night: { values: ['off', 'on'], initial: 'off' } },
    lists: { banned: ['13700000000'] },
    spareSeats: ['8101', '8102'],
    routes: [
      { number: '8100', to: { kind: 'ivr', flow: front.id } },
      { number: '8200', to: { kind: 'queue', queue: asId('support') } },
    ],
    services: {
      http: () => ({ status: 201, body: { order: { id: 77 } }, after: '1s' }),
      functions: { 'price@1': { way: 'cheap', values: { price: '12' } } },
    },
    ...more,
  });
}

/** Lifts at that phone after so long. */
function lifts(floor: ReturnType<typeof shop>, number: string, afterMs: number): void {
  floor.open();
  floor.pbx.party(number).hooks = {
    ringing: (leg) => void floor.clock.setTimer(afterMs, () => floor.pbx.lift(leg)),
  };
}

describe('flows on a virtual floor', () => {
  it('are answered by the services of the test, in virtual time, and ring the phones of a group', async () => {
    const floor = shop();
    lifts(floor, '8101', 4_000);
    lifts(floor, '8102', 4_000);
    const caller = floor.caller(CALLER).dials('8100').talks({ for: '10s' }).hangsUp();
    await floor.runUntil(caller.talking);
    expect(floor.questions.map(({ question }) => question.type)).toEqual(['http', 'host']);
    expect((floor.questions[1]?.atMs ?? 0) - (floor.questions[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(floor.questions[1]?.question).toMatchObject({ function: 'price@1', pass: { order: '77' } });
    expect([...floor.pbx.legs.values()].filter(({ state }) => state === 'connected')).toHaveLength(2);
    await floor.runUntil(caller.ended);
    expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', data: { order: '77', price: '12' } });
    floor.end();
    floor.checkInvariants();
  });

  it('are asked again try after try, under one key, each at its moment', async () => {
    const tries: { atMs: number; asked: FloorRequest }[] = [];
    const floor = shop({
      services: {
        http: (asked) => {
          tries.push({ atMs: floor.clock.nowMs(), asked });
          return asked.attempt < 3 ? 'never' : { status: 404 };
        },
      },
    });
    const caller = floor.caller(CALLER).dials('8100').hangsUp({ after: '30s' });
    await floor.runUntil(caller.ended);
    const [first = 0, ...later] = tries.map(({ atMs }) => atMs);
    expect(later.map((atMs) => atMs - first)).toEqual([2_000, 4_000]);
    expect(new Set(tries.map(({ asked }) => asked.key)).size).toBe(1);
    expect(tries.map(({ asked }) => asked.attempt)).toEqual([1, 2, 3]);
    expect(tries[0]?.asked).toMatchObject({ method: 'POST', body: { from: CALLER } });
    expect(caller.heard).toContain('leave');
    floor.end();
    floor.checkInvariants();
  });

  it('book once although the server dies while the answer is on its way', async () => {
    const booked = new Set<string>();
    let asked = 0;
    const floor = shop({
      services: {
        http: ({ key }) => {
          asked += 1;
          booked.add(key);
          return { status: 201, body: { order: { id: 1 } }, after: '1500ms' };
        },
        functions: { 'price@1': { way: 'dear' } },
      },
    });
    const caller = floor.caller(CALLER).dials('8100').hangsUp({ after: '40s' });
    while (asked === 0) floor.run(50);
    floor.host.crashAfterNextInput(3_000);
    floor.host.input({ kind: 'zones', offsets: {} });
    expect(floor.host.isRunning).toBe(false);
    await floor.runUntil(() => caller.heard.includes('leave'), { within: '2m' });
    expect(asked).toBe(2);
    expect(booked.size).toBe(1);
    await floor.runUntil(caller.ended);
    floor.end();
    floor.checkInvariants();
  });

  it('leave a message, heard again by who left it, and a wish to be called back', async () => {
    const floor = shop();
    expect(floor.setMode('night', 'on')).toEqual({ outcome: { outcome: 'done' } });
    expect(floor.setMode('night', 'dusk').outcome).toMatchObject({ code: 'argument.invalid' });
    const caller = floor.caller(CALLER).dials('8100').presses('#', { after: '10s' });
    await floor.runUntil(caller.ended);
    const [message] = floor.messages.values();
    expect(message).toMatchObject({ box: 'shop', state: 'new', caller: { e164: CALLER } });
    expect(message?.durationMs).toBeGreaterThan(5_000);
    expect(caller.heard).toEqual(['leave', 'beep', `recording:${message?.recordingId}`, 'bye']);
    expect([...floor.callbacks.values()]).toMatchObject([{ queueId: 'support', number: { e164: CALLER } }]);
    floor.end();
    floor.checkInvariants();
  });

  it('turn away who is on a list', async () => {
    const floor = shop();
    const caller = floor.caller('+8613700000000').dials('8100');
    await floor.runUntil(caller.ended);
    expect(caller.heard).toEqual(['bye']);
    expect(floor.questions).toEqual([]);
  });

  it('ask after a talk, and the agent works after the call meanwhile', async () => {
    const floor = shop();
    const agent = floor.agent('ann').answers({ after: '1s' }).ready();
    const caller = floor.caller(CALLER).dials('8200').talks({ for: '12s' }).presses('5', { after: '3s' });
    await floor.runUntil(caller.talking);
    floor.run('5s');
    agent.hangsUp();
    await floor.runUntil(() => caller.heard.includes('ask'));
    expect(agent.view?.state).toBe('workingAfterCall');
    await floor.runUntil(caller.ended);
    expect([...floor.scores.values()]).toMatchObject([
      { survey: 'service', score: 5, agentId: 'ann', queueId: 'support', callId: caller.callId },
    ]);
    expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', endedBy: 'system', endedAt: { kind: 'flow' } });
    floor.end();
    floor.checkInvariants();
  });
});

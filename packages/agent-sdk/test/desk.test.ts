import {
  type AgentId,
  asId,
  type CallId,
  type ConnectionId,
  type ConnectionView,
  type DeviceId,
  type StreamSnapshot,
} from '@cordboard/cti-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentDesk, connectAgent, isCtiError } from '../src/index.js';
import { FakeServer, type Page } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { agentView, callView, connectionView, customerPart, number } from './views.js';

const empty = (): StreamSnapshot => ({ kind: 'agent', agent: agentView(), calls: [], pops: [] });

let server: FakeServer;
let clock: ManualClock;
const desks: AgentDesk[] = [];

beforeEach(() => {
  server = new FakeServer(empty());
  clock = new ManualClock();
});

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  server.close();
  expect(clock.size, 'timers left behind').toBe(0);
});

async function connect(over: Partial<Parameters<typeof connectAgent>[0]> = {}): Promise<AgentDesk> {
  const desk = await connectAgent({ url: server.url, getToken: () => 'token-1', clock, random: Math.random, ...over });
  desks.push(desk);
  return desk;
}

/** Resolves when the desk has taken all that the server has sent so far. */
async function settled(desk: AgentDesk): Promise<void> {
  await desk.calls.get('none')?.hangUp();
  await desk.logOn();
}

function record(desk: AgentDesk): string[] {
  const seen: string[] = [];
  const names = ['callOffered', 'callDialing', 'callConnected', 'callHeld', 'callRetrieved', 'callEnded'] as const;
  for (const name of names) desk.on(name, ({ call }) => seen.push(`${name} ${call.id} ${call.state}`));
  desk.on('agentChanged', ({ agent }) => seen.push(`agent ${agent.state} ${agent.reason ?? ''}`.trim()));
  desk.on('linkChanged', ({ state }) => seen.push(`link ${state}`));
  return seen;
}

async function online(desk: AgentDesk): Promise<void> {
  if (desk.link === 'online') return;
  await new Promise<void>((resolve) => {
    const stop = desk.on('linkChanged', ({ state }) => {
      if (state !== 'online') return;
      stop();
      resolve();
    });
    clock.advance(500);
  });
}

async function offline(desk: AgentDesk): Promise<void> {
  if (desk.link === 'offline') return;
  await new Promise<void>((resolve) => {
    const stop = desk.on('linkChanged', ({ state }) => {
      if (state !== 'offline') return;
      stop();
      resolve();
    });
  });
}

describe('a desk', () => {
  test('says which call rang here and was not taken, and no other', async () => {
    const desk = await connect();
    const missed: string[] = [];
    desk.on('callMissed', ({ call }) => missed.push(`${call.id} ${call.state}`));
    const publish = (id: string, state: 'alerting' | 'connected', over = {}): unknown =>
      server.publish({
        type: 'call',
        change: 'alerting',
        call: callView(state, { callId: asId<CallId>(id), ...over }),
      });
    const end = (id: string, over = {}): unknown =>
      server.publish({ type: 'callEnded', callId: asId<CallId>(id), end: { cause: 'normalClearing' }, ...over });
    publish('e-c1', 'alerting');
    end('e-c1');
    publish('e-c2', 'alerting');
    publish('e-c2', 'connected');
    end('e-c2');
    // It went on to the next one.
    publish('e-c3', 'alerting');
    publish('e-c3', 'alerting', { connections: [callView('alerting').connections[0]] });
    end('e-c3', { stillLives: 'lives' });
    // The own phone rings for a call that this agent makes.
    const own = { ...callView('alerting').connections[1], agentId: asId<AgentId>('ann') } as never;
    publish('e-c4', 'alerting', { direction: 'outbound', connections: [own] });
    end('e-c4');
    publish('e-c5', 'alerting');
    end('e-c5', { mergedInto: asId<CallId>('e-c9') });
    publish('e-c6', 'alerting');
    end('e-c6', { end: { cause: 'answeredElsewhere' }, stillLives: 'lives' });
    await settled(desk);
    expect(missed).toEqual(['e-c1 ended', 'e-c3 ended']);
  });

  test('knows its agent and calls as soon as it is connected, and says who it is', async () => {
    server.snapshot = {
      kind: 'agent',
      agent: agentView({ state: 'workingAfterCall' }),
      calls: [callView('held')],
      pops: [],
    };
    const desk = await connect({ clientName: 'erp 2.1', tab: 'tab-1' });
    expect(desk.agent).toMatchObject({ id: 'ann', name: 'Ann', state: 'wrapUp' });
    const call = desk.calls.getOrThrow('e-c1');
    expect(call).toMatchObject({
      state: 'held',
      direction: 'inbound',
      data: { order: 'A 1' },
      queue: { id: 'support' },
    });
    expect(call.caller).toEqual({ number: '+8613900000000', e164: '+8613900000000', presentation: 'allowed' });
    expect(call.actions).toEqual(['hangUp', 'hold', 'consult', 'swap']);
    expect(server.frames[0]?.frame).toEqual({
      type: 'hello',
      protocol: 1,
      token: 'token-1',
      tab: 'tab-1',
      clientName: 'erp 2.1',
    });
    expect(() => desk.calls.getOrThrow('other')).toThrow(/no such call/);
  });

  test('tells a call from the first ring to its end, with the state changed before the event', async () => {
    const desk = await connect();
    const seen = record(desk);
    for (const state of ['alerting', 'connected', 'held', 'connected'] as const) {
      server.publish({ type: 'call', change: 'connected', call: callView(state) });
      server.publish({ type: 'call', change: 'data', call: callView(state, { data: { a: '1' } }) });
    }
    server.publish({ type: 'callEnded', callId: asId<CallId>('e-c1'), end: { cause: 'normalClearing', by: 'caller' } });
    await settled(desk);
    expect(seen).toEqual([
      'callOffered e-c1 alerting',
      'callConnected e-c1 connected',
      'callHeld e-c1 held',
      'callRetrieved e-c1 connected',
      'callEnded e-c1 ended',
    ]);
    expect(desk.calls.size).toBe(0);
  });

  test('does not offer a call that the agent makes', async () => {
    const desk = await connect();
    const seen = record(desk);
    const own = connectionView({ agentId: asId<AgentId>('ann'), state: 'alerting' });
    server.answer = (command) =>
      command.type === 'call.make' ? { outcome: 'done', callId: asId<CallId>('e-c9') } : { outcome: 'done' };
    const dialled = desk.dial('13900000001');
    await server.next((_page, frame) => frame.type === 'command', 0);
    server.publish({
      type: 'call',
      change: 'alerting',
      call: callView('alerting', {
        callId: asId<CallId>('e-c9'),
        direction: 'outbound',
        connections: [own],
        called: number('13900000001'),
      }),
    });
    const call = await dialled;
    expect(call.id).toBe('e-c9');
    expect(call.peer.number).toBe('+8613900000000');
    expect(seen).toEqual(['callDialing e-c9 alerting']);
  });

  test('settles a verb with the outcome, and rejects with the code that the server gave', async () => {
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('connected')], pops: [] };
    const desk = await connect();
    const call = desk.calls.getOrThrow('e-c1');
    expect(await call.hold()).toBe('done');
    server.answer = () => ({ outcome: 'unconfirmed' });
    expect(await call.mute()).toBe('unconfirmed');
    server.answer = () => ({ outcome: 'failed', code: 'call.state', message: 'the call is held [call.state]' });
    const failure = await call.hold().catch((error: unknown) => error);
    expect(isCtiError(failure, 'call.state')).toBe(true);
    expect(String(failure)).toBe('CtiError: the call is held [call.state]');
    server.answer = () => ({ outcome: 'failed', code: 'call.fromTheFuture' as never, message: 'new' });
    const unknown = await call.hold().catch((error: unknown) => error);
    expect(unknown).toMatchObject({ code: 'server.internal', details: { code: 'call.fromTheFuture' } });
    expect(server.commands.map(({ command }) => command.type)).toEqual([
      'call.hold',
      'call.mute',
      'call.hold',
      'call.hold',
    ]);
  });

  test('says verbs of a consultation to the call that allows them', async () => {
    const consulted = callView('connected', {
      callId: asId<CallId>('e-c2'),
      consultOf: asId<CallId>('e-c1'),
      direction: 'internal',
      connections: [
        connectionView({
          connectionId: asId<ConnectionId>('main~a+1'),
          agentId: asId<AgentId>('ann'),
          state: 'connected',
          role: 'consult',
          actions: ['completeTransfer', 'cancelConsult', 'clear'],
        }),
      ],
    });
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('held')], pops: [] };
    const desk = await connect();
    server.answer = (command) => {
      if (command.type !== 'call.consult') return { outcome: 'done' };
      server.publish({ type: 'call', change: 'connected', call: consulted });
      return { outcome: 'done', callId: asId<CallId>('e-c2') };
    };
    const first = desk.calls.getOrThrow('e-c1');
    const consult = await first.consult('8002', { note: 'about the invoice' });
    expect(consult.consultOf).toBe('e-c1');
    await consult.complete();
    await first.complete();
    await first.cancel();
    expect(server.commands.slice(1).map(({ command }) => command)).toEqual([
      { type: 'call.completeTransfer', callId: 'e-c2' },
      { type: 'call.completeTransfer', callId: 'e-c2' },
      { type: 'call.cancelConsult', callId: 'e-c2' },
    ]);
    server.publish({
      type: 'callEnded',
      callId: asId<CallId>('e-c2'),
      end: { cause: 'transferred' },
      mergedInto: asId<CallId>('e-c1'),
    });
    await settled(desk);
    expect(consult.state).toBe('ended');
    expect(consult.end).toMatchObject({ how: 'merged', into: 'e-c1' });
  });

  test('logs on before it becomes ready when logged off', async () => {
    server.snapshot = { kind: 'agent', agent: agentView({ state: 'loggedOff' }), calls: [], pops: [] };
    const desk = await connect();
    await desk.ready();
    expect(server.commands.map(({ command }) => command.type)).toEqual(['agent.logOn', 'agent.ready']);
  });

  test('do not disturb: said in its own words, shown when the server tells it', async () => {
    const desk = await connect();
    expect(desk.agent.doNotDisturb).toBeUndefined();
    expect(await desk.doNotDisturb('on')).toBe('done');
    expect(server.commands.at(-1)?.command).toEqual({ type: 'agent.doNotDisturb', mode: 'on' });
    server.publish({ type: 'agent', agent: agentView({ doNotDisturb: 'on' }) });
    await settled(desk);
    expect(desk.agent.doNotDisturb).toBe('on');
    server.publish({ type: 'agent', agent: agentView() });
    await settled(desk);
    expect(desk.agent.doNotDisturb).toBeUndefined();
  });

  test('redial: the last number of this desk, also one that failed; nothing before the first', async () => {
    const desk = await connect();
    expect(desk.canRedial).toBe(false);
    await expect(desk.redial()).rejects.toMatchObject({ code: 'argument.invalid' });
    server.answer = () => ({ outcome: 'failed', code: 'call.blocked', message: 'no' });
    await expect(desk.dial('8002')).rejects.toMatchObject({ code: 'call.blocked' });
    expect(desk.canRedial).toBe(true);
    await expect(desk.redial()).rejects.toMatchObject({ code: 'call.blocked' });
    const made = server.commands.filter(({ command }) => command.type === 'call.make');
    expect(made.map(({ command }) => command)).toEqual([
      { type: 'call.make', to: '8002' },
      { type: 'call.make', to: '8002' },
    ]);
    expect(new Set(made.map(({ commandId }) => commandId)).size).toBe(2);
  });

  test('a listener that throws harms nobody; its signal and its disposer remove it', async () => {
    const desk = await connect();
    const seen: string[] = [];
    const control = new AbortController();
    desk.on('agentChanged', () => {
      throw new TypeError('mine');
    });
    desk.on('agentChanged', () => seen.push('signal'), { signal: control.signal });
    const both = (): unknown => seen.push('disposed');
    const stop = desk.on('agentChanged', both);
    desk.on('callOffered', both);
    desk.on('agentChanged', () => seen.push('kept'));
    server.publish({ type: 'agent', agent: agentView({ state: 'notReady', reason: 'lunch' }) });
    await settled(desk);
    stop();
    stop();
    control.abort();
    server.publish({ type: 'agent', agent: agentView({ state: 'ready' }) });
    server.publish({ type: 'call', change: 'offered', call: callView('alerting') });
    await settled(desk);
    expect(seen).toEqual(['signal', 'disposed', 'kept', 'kept', 'disposed']);
  });
});

describe('a lost link', () => {
  test('what happened meanwhile is told once, in order, when the server still has it', async () => {
    const desk = await connect();
    const seen = record(desk);
    server.publish({ type: 'call', change: 'offered', call: callView('alerting') });
    await settled(desk);
    server.cut();
    await offline(desk);
    expect(desk.calls.getOrThrow('e-c1').state).toBe('alerting');
    server.publish({ type: 'call', change: 'connected', call: callView('connected') });
    server.publish({ type: 'call', change: 'held', call: callView('held') });
    await online(desk);
    const again = server.frames.findLast(({ frame }) => frame.type === 'hello')?.frame;
    expect(again).toMatchObject({ resume: [{ stream: 'agent:ann', cursor: { epoch: 'e1', seq: 1 } }] });
    expect(seen).toEqual([
      'callOffered e-c1 alerting',
      'link offline',
      'callConnected e-c1 connected',
      'callHeld e-c1 held',
      'link online',
    ]);
  });

  test('a reset tells the difference: ended, gone on, new', async () => {
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('connected')], pops: [] };
    const desk = await connect();
    const seen = record(desk);
    const kept = callView('held', { callId: asId<CallId>('e-c2') });
    server.publish({
      type: 'call',
      change: 'connected',
      call: { ...kept, connections: callView('connected').connections },
    });
    await settled(desk);
    server.cut();
    await offline(desk);
    server.epoch = 'e2';
    server.snapshot = {
      kind: 'agent',
      agent: agentView({ state: 'notReady', reason: 'connectionLost' }),
      calls: [kept, callView('alerting', { callId: asId<CallId>('e-c3') })],
      pops: [],
    };
    await online(desk);
    expect(seen).toEqual([
      'callConnected e-c2 connected',
      'link offline',
      'agent notReady connectionLost',
      'callEnded e-c1 ended',
      'callHeld e-c2 held',
      'callOffered e-c3 alerting',
      'link online',
    ]);
  });

  test('a command without an answer is said again under its id and settles once', async () => {
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('connected')], pops: [] };
    const desk = await connect();
    let carried = 0;
    server.answer = (_command, page) => {
      carried += 1;
      // Carried out, but the answer is lost with the socket.
      page.close(1011);
      return { outcome: 'done' };
    };
    const held = desk.calls.getOrThrow('e-c1').hold();
    await offline(desk);
    const whileAway = desk.notReady('lunch');
    server.answer = () => ({ outcome: 'done' });
    await online(desk);
    expect(await held).toBe('done');
    expect(await whileAway).toBe('done');
    const ids = server.commands.filter(({ command }) => command.type === 'call.hold').map((item) => item.commandId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(carried).toBe(1);
  });

  test('events seen twice are passed over, a hole is asked for again', async () => {
    const desk = await connect();
    const seen = record(desk);
    const first = server.publish({ type: 'call', change: 'offered', call: callView('alerting') });
    for (const page of server.pages) page.send({ type: 'events', stream: server.stream, items: [first] });
    server.publish({ type: 'call', change: 'connected', call: callView('connected') }, []);
    const since = server.frames.length;
    server.publish({ type: 'call', change: 'held', call: callView('held') });
    await server.next((_page, frame) => frame.type === 'subscribe' && frame.cursor?.seq === 1, since);
    await settled(desk);
    expect(seen).toEqual(['callOffered e-c1 alerting', 'callConnected e-c1 connected', 'callHeld e-c1 held']);
  });

  test('attempts come apart, with jitter, and never more than the bound', async () => {
    const desk = await connect({ random: () => 0.999, backoff: { minMs: 1_000, maxMs: 4_000 } });
    const dials: number[] = [];
    server.refuse = () => {
      dials.push(clock.nowMs());
      return { type: 'bye', code: 'server.draining', message: 'later', retryable: true };
    };
    server.cut();
    await offline(desk);
    const startMs = clock.nowMs();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const hello = server.next((_page, frame) => frame.type === 'hello');
      while (dials.length === attempt && clock.nowMs() < startMs + 60_000) {
        clock.advance(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await hello;
    }
    const gaps = dials.map((at, index) => at - (dials[index - 1] ?? startMs));
    expect(gaps.every((gap) => gap >= 1_000)).toBe(true);
    for (const [index, base] of [1_000, 2_000, 4_000, 4_000, 4_000].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(base);
      expect(gaps[index]).toBeLessThanOrEqual(base + 200);
    }
    server.refuse = undefined;
  });

  test('a question of the server whether anybody is there is answered at once', async () => {
    await connect();
    const ping = server.next((_page, frame) => frame.type === 'ping');
    for (const page of server.pages) page.send({ type: 'probe' });
    expect(await ping).toEqual({ type: 'ping' });
  });

  test('a server that falls silent is left for another try', async () => {
    const desk = await connect();
    server.mute = 'mute';
    const ping = server.next((_page, frame) => frame.type === 'ping');
    clock.advance(5_000);
    await ping;
    expect(desk.link).toBe('online');
    const gone = offline(desk);
    clock.advance(10_000);
    await gone;
    server.mute = undefined;
    await online(desk);
  });
});

describe('tokens', () => {
  test('a refused first token ends the attempt with its code', async () => {
    server.refuse = () => ({ type: 'bye', code: 'auth.invalid', message: 'no', retryable: false });
    await expect(connect()).rejects.toMatchObject({ code: 'auth.invalid' });
    expect(clock.size).toBe(0);
  });

  test('a closing for the token without a word ends the attempt too', async () => {
    server.refuse = () => ({ type: 'pong', serverTimeMs: 1 });
    await expect(connect()).rejects.toMatchObject({ code: 'auth.invalid' });
  });

  test('a token that ended meanwhile is replaced by a fresh one', async () => {
    let asked = 0;
    const getToken = (): string => {
      asked += 1;
      return `token-${asked}`;
    };
    const desk = await connect({ getToken });
    server.refuse = (hello) =>
      hello.token === 'token-2' ? { type: 'bye', code: 'auth.expired', message: 'ended', retryable: true } : undefined;
    server.cut(4401);
    await offline(desk);
    const third = server.next((page) => page.hello.token === 'token-3');
    const back = online(desk);
    await server.next((page) => page.hello.token === 'token-2', 0);
    while (asked < 3) {
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await third;
    await back;
    expect(desk.link).toBe('online');
  });

  test('a token is renewed before it ends, on the living socket', async () => {
    server.welcome = { tokenEndsWallMs: 1_800_000_000_000 + 120_000 };
    const reasons: string[] = [];
    await connect({
      getToken: (reason) => {
        reasons.push(reason);
        return `token-${reasons.length}`;
      },
    });
    const renewed = server.next((_page, frame) => frame.type === 'token');
    // In steps, as a clock goes: pings are answered between.
    for (let step = 0; step < 13; step += 1) {
      clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await renewed).toEqual({ type: 'token', token: 'token-2' });
    expect(reasons).toEqual(['connect', 'renew']);
  });

  test('an application that says in our words that it gives none is not asked again', async () => {
    const { CtiError } = await import('../src/index.js');
    const getToken = (): string => {
      throw new CtiError('auth.missing', 'signed out');
    };
    await expect(connect({ getToken })).rejects.toMatchObject({ code: 'auth.missing' });
  });
});

describe('ends', () => {
  test('close rejects what waits, is done once, and leaves nothing behind', async () => {
    const desk = await connect();
    server.answer = () => undefined;
    const waiting = desk.ready();
    const failure = waiting.catch((error: unknown) => error);
    await desk.close();
    await desk.close();
    expect(await failure).toMatchObject({ code: 'client.closed' });
    expect(desk.link).toBe('closed');
    await expect(desk.ready()).rejects.toMatchObject({ code: 'client.closed' });
    expect(clock.size).toBe(0);
  });

  test('connecting has a bound and can be given up', async () => {
    server.refuse = () => ({ type: 'bye', code: 'server.draining', message: 'later', retryable: true });
    const slow = connect({ connectTimeoutMs: 2_000 }).catch((error: unknown) => error);
    clock.advance(2_000);
    expect(await slow).toMatchObject({ code: 'client.timeout' });
    const control = new AbortController();
    const given = connect({ signal: control.signal }).catch((error: unknown) => error);
    control.abort();
    expect(await given).toMatchObject({ code: 'wait.aborted' });
    await expect(connect({ url: 'ftp://cti.test' })).rejects.toMatchObject({ code: 'argument.invalid' });
  });

  test('a wait can be given up, and is bounded', async () => {
    const desk = await connect({ requestTimeoutMs: 3_000 });
    server.answer = () => undefined;
    const control = new AbortController();
    const given = desk.logOff({ signal: control.signal }).catch((error: unknown) => error);
    control.abort();
    expect(await given).toMatchObject({ code: 'wait.aborted' });
    const slow = desk.logOff().catch((error: unknown) => error);
    clock.advance(3_000);
    expect(await slow).toMatchObject({ code: 'client.timeout' });
    await expect(desk.dial('1', { data: { note: 'x'.repeat(300_000) } })).rejects.toMatchObject({
      code: 'argument.invalid',
    });
  });
});

test('nothing that a server sends makes a desk fail', async () => {
  server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('connected')], pops: [] };
  const desk = await connect();
  const failures: unknown[] = [];
  const onFailure = (cause: unknown): number => failures.push(cause);
  process.on('uncaughtException', onFailure);
  process.on('unhandledRejection', onFailure);
  const [page] = server.pages as Set<Page>;
  const texts = fc.sample(
    fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom('welcome2', 'events', 'reset', 'outcome', 'error', 'pong', 'resumed', 'toString'),
          stream: fc.constantFrom('agent:ann', 'x', 7),
          items: fc.oneof(fc.jsonValue(), fc.array(fc.record({ seq: fc.integer(), event: fc.jsonValue() }))),
          cursor: fc.jsonValue(),
          snapshot: fc.jsonValue(),
          outcome: fc.jsonValue(),
          commandId: fc.string(),
          code: fc.constantFrom('call.state', '__proto__', 'x'),
          message: fc.string(),
          retryable: fc.boolean(),
        })
        .map((value) => JSON.stringify({ ...value, ...(value.type === 'error' ? { stream: 'x' } : {}) })),
    ),
    300,
  );
  for (const text of texts) page?.sendText(text);
  server.publish({ type: 'call', change: 'held', call: callView('held') });
  await settled(desk);
  process.off('uncaughtException', onFailure);
  process.off('unhandledRejection', onFailure);
  expect(failures).toEqual([]);
  expect(desk.calls.getOrThrow('e-c1').state).toBe('held');
});

test('whenever and however often the link is cut, each event is told once and in order', async () => {
  const actions = fc.array(fc.constantFrom('publish', 'publish', 'publish', 'cut', 'twice', 'hole'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(actions, async (steps) => {
      const world = new FakeServer(empty());
      const time = new ManualClock();
      const desk = await connectAgent({ url: world.url, getToken: () => 't', clock: time });
      const seen: string[] = [];
      desk.on('callUpdated', ({ call }) => seen.push(call.data.n ?? ''));
      let published = 0;
      const tell = (to: Iterable<Page>): void => {
        published += 1;
        const call = callView('connected', { data: { n: String(published) } });
        const item = world.publish({ type: 'call', change: 'data', call }, to);
        // A server that says things twice is a fault, and must do no harm.
        if (to !== world.pages) return;
        for (const page of world.pages) page.send({ type: 'events', stream: world.stream, items: [item] });
      };
      for (const step of steps) {
        if (step === 'publish') tell([...world.pages]);
        else if (step === 'twice') tell(world.pages);
        else if (step === 'hole') tell([]);
        else world.cut();
        // Some of it arrives before the next thing happens, some does not.
        if (published % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      tell(world.pages);
      for (let turn = 0; seen.length < published && turn < 500; turn += 1) {
        time.advance(250);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(seen).toEqual(Array.from({ length: published }, (_, index) => String(index + 1)));
      await desk.close();
      world.close();
    }),
    { numRuns: 40 },
  );
});

describe('kinds of work, speed dial and release by hand', () => {
  const entries = [{ code: '1', name: 'Bank', number: '01065001001', list: 'site' }] as const;

  test('readiness for kinds goes out as it was given, and comes back on the agent', async () => {
    server.welcome = {
      queues: [
        { queueId: 'support', name: 'Support' },
        { queueId: 'back', name: 'Back', work: 'callBack' },
        { queueId: 'other', name: 'Other', work: 'dialled' },
      ],
    };
    const queues = [asId<never>('support'), asId<never>('back')];
    server.snapshot = { kind: 'agent', agent: agentView({ queues, readyFor: ['callBack'] }), calls: [], pops: [] };
    const desk = await connect();
    expect(desk.workKinds).toEqual(['inbound', 'callBack']);
    expect(desk.agent.readyFor).toEqual(['callBack']);
    await desk.ready({ kinds: ['inbound', 'callBack'] });
    await desk.notReady('break', { kinds: ['inbound'] });
    await desk.ready();
    expect(server.commands.map(({ command }) => command)).toEqual([
      { type: 'agent.ready', kinds: ['inbound', 'callBack'] },
      { type: 'agent.notReady', reason: 'break', kinds: ['inbound'] },
      { type: 'agent.ready' },
    ]);
    const next = { state: 'ready', readyFor: ['dialled'] } as const;
    server.publish({ type: 'agent', agent: agentView({ queues, state: 'busy', next }) });
    await settled(desk);
    expect(desk.agent).toMatchObject({ next });
    expect(desk.agent.readyFor).toBeUndefined();
  });

  test('the speed dial list is there at once, and follows; one that cannot be read changes nothing', async () => {
    server.welcome = { speedDial: entries };
    const desk = await connect();
    expect(desk.speedDial).toEqual(entries);
    const seen: number[] = [];
    desk.on('speedDialChanged', ({ speedDial }) => seen.push(speedDial.length));
    for (const page of server.pages) {
      page.send({ type: 'speedDial', entries: [] });
      page.send({ type: 'speedDial', entries: [{ code: 7 }] });
      page.send({ type: 'speedDial', entries: [...entries, { code: '2', name: 'Depot', list: 'own' }] });
    }
    await settled(desk);
    expect(seen).toEqual([0, 2]);
    expect(desk.speedDial[1]).toEqual({ code: '2', name: 'Depot', list: 'own' });
  });

  test('a server that tells no list has none', async () => {
    const desk = await connect();
    expect([desk.speedDial, desk.workKinds]).toEqual([[], []]);
  });

  test('a call that everybody else has left says what it waits for, until it is over', async () => {
    const desk = await connect();
    server.publish({ type: 'call', change: 'connected', call: callView('connected') });
    await settled(desk);
    const [call] = desk.calls;
    expect(call?.awaits).toBeUndefined();
    const left = callView('connected', {
      connections: [connectionView({ agentId: asId<AgentId>('ann'), state: 'connected', awaits: 'release' })],
    });
    server.publish({ type: 'call', change: 'partyChanged', call: left });
    await settled(desk);
    expect([call?.state, call?.awaits]).toEqual(['connected', 'release']);
    server.publish({ type: 'callEnded', callId: left.callId, end: { cause: 'normalClearing' } });
    await settled(desk);
    expect([call?.state, call?.awaits]).toEqual(['ended', undefined]);
  });

  test('another member is muted, heard again and left out, as far as its actions say', async () => {
    const desk = await connect();
    const member = connectionView({
      connectionId: asId<ConnectionId>('main~m'),
      state: 'connected',
      party: number('+8613900000009'),
      muted: 'muted',
      actions: ['unmute', 'dropParty'],
    });
    const view = callView('connected');
    server.publish({ type: 'call', change: 'muted', call: { ...view, connections: [...view.connections, member] } });
    await settled(desk);
    const [call] = desk.calls;
    const shown = call?.others.find(({ connectionId }) => connectionId === 'main~m');
    expect(shown).toMatchObject({ muted: 'muted', actions: ['unmute', 'dropParty'] });
    const since = server.commands.length;
    await call?.unmuteParty(asId('main~m'));
    await call?.muteParty(asId('main~m'));
    await call?.dropParty(asId('main~m'));
    expect(server.commands.slice(since).map(({ command }) => command)).toMatchObject([
      { type: 'call.mutePart', connectionId: 'main~m', mode: 'unmute' },
      { type: 'call.mutePart', connectionId: 'main~m', mode: 'mute' },
      { type: 'call.dropParty', connectionId: 'main~m' },
    ]);
  });
});

describe('what the phone of the seat can do', () => {
  const SLOT = { device: asId<DeviceId>('kts:park:3'), presence: 'busy', sinceMs: 1, sinceWallMs: 1_000 } as const;
  const taken = { ...SLOT, detail: { state: 'taken', party: number('+8613900000001'), partyName: 'Mei' } } as const;

  test('parks on a slot, the first free one or a chosen one, and says which', async () => {
    const desk = await connect();
    const view = callView('connected');
    const own = { ...view.connections[1], actions: ['clear', 'park', 'flash'] } as ConnectionView;
    server.publish({ type: 'call', change: 'connected', call: { ...view, connections: [customerPart, own] } });
    await settled(desk);
    const [call] = desk.calls;
    expect(call?.actions).toEqual(['hangUp', 'park', 'flash']);
    server.answer = (command) => ({ outcome: 'done', ...(command.type === 'call.park' ? { slot: 3 } : {}) });
    expect(await call?.park()).toBe(3);
    expect(await call?.park({ slot: 5 })).toBe(3);
    expect(await call?.flash()).toBe('done');
    // The first one only waits for the event before it.
    expect(server.commands.slice(1).map(({ command }) => command)).toEqual([
      { type: 'call.park', callId: view.callId },
      { type: 'call.park', callId: view.callId, slot: 5 },
      { type: 'call.flash', callId: view.callId },
    ]);
  });

  test('picks up, takes back, pages and redials; each is the call that it brings', async () => {
    const services = ['unpark', 'pickUp', 'page', 'redial'] as const;
    server.snapshot = { kind: 'agent', agent: agentView({ services }), calls: [callView('connected')], pops: [] };
    server.answer = () => ({ outcome: 'done', callId: callView('connected').callId });
    const desk = await connect();
    expect(desk.agent.services).toEqual(services);
    expect(desk.canRedial).toBe(true);
    const brought = [
      await desk.pickUp(),
      await desk.pickUp({ from: '8002' }),
      await desk.unpark(3),
      await desk.page(0),
      await desk.redial(),
    ];
    expect(brought.map(({ id }) => id)).toEqual(Array.from({ length: 5 }, () => 'e-c1'));
    expect(server.commands.map(({ command }) => command)).toEqual([
      { type: 'call.pickUp' },
      { type: 'call.pickUp', from: '8002' },
      { type: 'call.unpark', slot: 3 },
      { type: 'call.page', zone: 0 },
      { type: 'call.redial' },
    ]);
  });

  test('what the desk itself dialled last goes before what the phone did', async () => {
    server.snapshot = {
      kind: 'agent',
      agent: agentView({ services: ['redial'] }),
      calls: [callView('connected')],
      pops: [],
    };
    server.answer = () => ({ outcome: 'done', callId: callView('connected').callId });
    const desk = await connect();
    await desk.dial('8002');
    await desk.redial();
    expect(server.commands.at(-1)?.command).toEqual({ type: 'call.make', to: '8002' });
  });

  test('knows who is parked, from the beginning and as it changes', async () => {
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [], pops: [], slots: [taken] };
    const desk = await connect();
    expect(desk.parked).toMatchObject([{ slot: 3, since: 1_000, party: { name: 'Mei', e164: '+8613900000001' } }]);
    const seen: string[] = [];
    desk.on('parkedChanged', ({ parked }) => seen.push(parked.map(({ slot }) => slot).join()));
    server.publish({ type: 'device', ...taken, device: asId<DeviceId>('kts:park:1') });
    server.publish({ type: 'device', ...SLOT, presence: 'idle', detail: { state: 'free' } });
    server.publish({ type: 'device', ...SLOT, device: asId<DeviceId>('kts:extension:801') });
    server.publish({ type: 'device', ...SLOT, device: asId<DeviceId>('kts:park:1'), presence: 'unknown' });
    await settled(desk);
    expect(seen).toEqual(['1,3', '1', '']);
  });

  test('a server that tells of no services offers none', async () => {
    const desk = await connect();
    expect([desk.agent.services, desk.parked, desk.canRedial]).toEqual([[], [], false]);
  });
});

import { connectionId, type DriverReply } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../simulator/src/esl/switch/channel.js';
import { hangUp } from '../../simulator/src/esl/switch/lifecycle.js';
import { transfer } from '../../simulator/src/esl/switch/transfer.js';
import type { EslWorld } from './esl-world.js';
import { ACCEPTED, Running } from './running.js';

describe('many at once', () => {
  it('carries 50 calls at once: each is told once, joined with its own, and ends once', async () => {
    const running = await Running.start({ orders: 'drawn', seed: 7 });
    const { world } = running;
    await world.outsider.setHabit('answer');
    const calls = Array.from({ length: 50 }, (_, n) => n);
    const target = { kind: 'number', trunk: world.trunk, number: world.outsider.number };
    const replies: DriverReply[] = [];
    const dial = (name: string): void => {
      const command = {
        type: 'originate',
        connectionId: `sim~${name}`,
        target,
        mark: { callId: name },
        ringTimeoutMs: 20_000,
      };
      void running.give(command).then((reply) => replies.push(reply));
    };
    for (const n of calls) {
      dial(`a${n}`);
      dial(`b${n}`);
    }
    await running.sees('connected', 100, 30_000);
    expect(replies).toEqual(Array.from({ length: 100 }, () => ACCEPTED));
    for (const n of calls)
      void running.give({ type: 'bridge', bridgeId: `x${n}`, connectionIds: [`sim~a${n}`, `sim~b${n}`] });
    await running.sees('bridged', 100, 30_000);
    for (const event of running.of('bridged')) {
      expect(event.bridgeId).toBe(`x${event.connectionId.slice('sim~a'.length)}`);
    }
    for (const n of calls) void running.give({ type: 'clear', connectionId: `sim~a${n}`, cause: 'normalClearing' });
    await running.sees('cleared', 50, 30_000);
    expect(running.of('cleared').every((event) => event.connectionId.startsWith('sim~a'))).toBe(true);
    expect(running.laws.breaks).toEqual([]);
  });

  it('takes results of jobs in any order, and late ones', async () => {
    let late = 4_000;
    const running = await Running.start({
      faults: {
        job: (line) => {
          if (!line.includes('originate')) return undefined;
          late -= 1_000;
          return { lateMs: Math.max(0, late) };
        },
      },
    });
    const { world } = running;
    await world.phones[0].setHabit('answer');
    expect(await running.originate('good')).toEqual(ACCEPTED);
    expect(await running.originate('nobody', 'sim:extension:8009')).toEqual(ACCEPTED);
    await running.sees('connected');
    await running.sees('cleared', 1, 10_000);
    expect(running.of('cleared')).toMatchObject([
      { connectionId: 'sim~nobody', release: { cause: 'deviceUnreachable' } },
    ]);
    await world.pass(6_000);
    expect(running.of('cleared')).toHaveLength(1);
    expect(running.laws.breaks).toEqual([]);
  });
});

describe('a link that fails', () => {
  it('finds out that nobody is there any more behind an open socket, and finds its call again', async () => {
    const running = await Running.start({}, { probeEvery: '2s', probeTimeout: '1s' });
    const caller = await running.caller();
    running.world.face.halfOpen();
    await running.sees('linkDown', 1, 10_000);
    expect(running.of('linkDown')[0]).toMatchObject({ reason: 'timeout' });
    await running.sees('linkSynced', 2, 20_000);
    expect(running.of('snapshot').at(-1)?.snapshot.connections).toMatchObject([
      { connectionId: caller, state: 'connected' },
    ]);
  });

  it('tells calls that an orderly shutdown ends, and that the link is down after that', async () => {
    const running = await Running.start();
    const caller = await running.caller();
    await running.world.face.restart(2_000, 'shutdown');
    await running.sees('linkDown');
    const order = running.events.filter(({ type }) => type === 'cleared' || type === 'linkDown');
    expect(order).toMatchObject([
      { type: 'cleared', connectionId: caller, release: { cause: 'shutdown' } },
      { type: 'linkDown' },
    ]);
    await running.sees('linkSynced', 2, 30_000);
    expect(running.of('snapshot').at(-1)?.snapshot.connections).toEqual([]);
  });

  it('notices that another switch answers on the same socket', async () => {
    const running = await Running.start();
    await running.caller();
    const { identity } = running.world.face.sw;
    const stamp = identity.stamp.bind(identity);
    const other: typeof identity.stamp = (...args) =>
      stamp(...args).map((header) => (header[0] === 'Core-UUID' ? (['Core-UUID', 'another'] as const) : header));
    Object.defineProperty(identity, 'stamp', { value: other });
    await running.world.outsider.dial(running.world.inboundNumber);
    await running.sees('linkDown');
    expect(running.of('linkDown')[0]).toMatchObject({ reason: 'protocol' });
    await running.sees('linkSynced', 2, 20_000);
  });

  it('renews the word that somebody is there, and leaves it to run out', async () => {
    const running = await Running.start();
    const { world } = running;
    const until = (): number =>
      Number(world.face.sw.globals.get('cordboard_until') ?? 0) * 1_000 - world.face.clock.wallMs();
    await world.pass(60_000);
    expect(until()).toBeGreaterThan(8_000);
    await running.driver.stop();
    await world.pass(20_000);
    expect(until()).toBeLessThan(0);
  });
});

describe('a reader that is slow', () => {
  it('drops past the cap and asks for everything anew: what ended meanwhile is gone from the snapshot', async () => {
    const running = await Running.start({}, { maxWaitingEvents: 3 });
    const { world } = running;
    running.reader = () => world.dawdle(50);
    world.gate.hold();
    for (let n = 0; n < 60; n++) await world.outsider.dial(world.inboundNumber);
    await world.pass(500);
    world.gate.release();
    await running.sees('linkSynced', 2, 60_000);
    running.reader = () => undefined;
    await world.pass(30_000);
    expect(running.of('linkDown')).toMatchObject([{ reason: 'overflow' }]);
    expect(world.gate.connections).toBe(1);
    expect(running.laws.breaks).toEqual([]);
    const shown = running.of('snapshot').at(-1)?.snapshot.connections ?? [];
    const told = new Set([
      ...shown.map(({ connectionId }) => connectionId),
      ...running.of('created').map(({ connectionId }) => connectionId),
    ]);
    expect(told.size).toBe(60);
  });

  it('asks once more when more happens than it may keep while it asks', async () => {
    const running = await Running.start({}, { maxWaitingEvents: 5, probeEvery: '60s' });
    const { world } = running;
    await world.cutLink(100);
    await running.sees('linkDown');
    await world.freeze(1_500);
    await world.pass(500);
    for (let n = 0; n < 10; n++) await world.outsider.dial(world.inboundNumber);
    await running.sees('linkSynced', 2, 60_000);
    expect(running.of('snapshot').at(-1)?.snapshot.connections).toHaveLength(10);
    expect(running.laws.breaks).toEqual([]);
  });
});

describe('somebody else at the same switch', () => {
  it('takes two of ours apart: told after a moment, and both live on', async () => {
    const running = await Running.start();
    const { world } = running;
    await world.phones[0].setHabit('answer');
    const caller = await running.caller();
    expect(await running.originate('agent')).toEqual(ACCEPTED);
    await running.sees('connected', 2);
    expect(await running.run({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller, 'sim~agent'] })).toEqual(
      ACCEPTED,
    );
    transfer(world.face.sw, channelOf(world, 'agent'), { number: 'park', dialplan: 'inline', context: 'default' });
    await running.sees('unbridged', 2);
    expect(new Set(running.of('unbridged').map(({ connectionId: id }) => id))).toEqual(new Set([caller, 'sim~agent']));
    expect(running.of('cleared')).toEqual([]);
    expect(await running.run({ type: 'bridge', bridgeId: 'b2', connectionIds: [caller, 'sim~agent'] })).toEqual(
      ACCEPTED,
    );
    expect(running.laws.breaks).toEqual([]);
  });

  it('ends one of ours: told as such', async () => {
    const running = await Running.start();
    const caller = await running.caller();
    hangUp(running.world.face.sw, channelOf(running.world, caller.slice('sim~'.length)), 'MANAGER_REQUEST');
    await running.sees('cleared');
    expect(running.of('cleared')[0]?.release).toMatchObject({
      cause: 'forcedRelease',
      native: { text: 'MANAGER_REQUEST' },
    });
  });
});

function channelOf(world: EslWorld, id: string): Channel {
  const channel = world.face.sw.channels.get(id);
  if (channel === undefined) throw new Error('no such channel');
  return channel;
}

describe('other people', () => {
  it('are watched and never touched: no command names their channels', async () => {
    const lines: string[] = [];
    const running = await Running.start({
      faults: {
        reply: (line) => {
          lines.push(line);
          return undefined;
        },
      },
    });
    const { world } = running;
    const [from, to] = world.phones;
    await to.setHabit('answer');
    await from.dial(`direct:${to.number}`);
    await running.sees('connected', 2);
    expect(running.of('created').every(({ control }) => control === 'observe')).toBe(true);
    const foreign = [...world.face.sw.channels.keys()];
    await world.cutLink(200);
    await running.sees('linkSynced', 2, 20_000);
    await running.driver.stop();
    await world.pass(5_000);
    expect(world.virtualSwitch.legs.size).toBe(2);
    const named = lines.filter((line) => foreign.some((id) => line.includes(id)));
    expect(named.every((line) => line.startsWith('api uuid_dump '))).toBe(true);
  });

  it('refuses to act on them', async () => {
    const running = await Running.start();
    const [from, to] = running.world.phones;
    await from.dial(`direct:${to.number}`);
    await running.sees('created', 2);
    const id = running.of('created')[0]?.connectionId;
    for (const type of ['answer', 'clear', 'redirect', 'unbridge'])
      expect(await running.run({ type, connectionId: id, cause: 'normalClearing' })).toEqual({
        outcome: 'refused',
        code: 'gone',
      });
  });
});

describe('a call that is given back', () => {
  it('by a phone rings what it dialled, though that number is parked for us otherwise, and is not told again', async () => {
    const running = await Running.start();
    const { world } = running;
    const [from, to] = world.phones;
    await from.dial(to.number);
    await running.sees('created');
    const id = running.of('created')[0]?.connectionId;
    expect(await running.run({ type: 'redirect', connectionId: id })).toEqual(ACCEPTED);
    expect(
      await world.until(() => [...world.virtualSwitch.legs.values()].some((leg) => leg.device === to.device), 5_000),
    ).toBe(true);
    await world.pass(2_000);
    expect(running.of('created').filter(({ control }) => control === 'full')).toHaveLength(1);
    expect(running.laws.breaks).toEqual([]);
  });
});

describe('values from outside', () => {
  it('reach no command: a caller name of commands and separators dials one phone and nothing else', async () => {
    const lines: string[] = [];
    const running = await Running.start({
      faults: {
        reply: (line) => {
          lines.push(line);
          return undefined;
        },
      },
    });
    const callerName =
      "x'}{origination_uuid=evil}user/8002,^^:a:b &system(reboot)\r\n\r\napi shutdown\n\n$" + '{system(id)}';
    expect(await running.originate('safe', undefined, { callerName, callerNumber: '1}user/8003 &park(\r\n' })).toEqual(
      ACCEPTED,
    );
    await running.sees('created');
    expect([...running.world.face.sw.channels.keys()]).toEqual(['safe']);
    const said = lines.filter((line) => line.includes('originate'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(
      "origination_caller_id_name='x origination_uuid evil user 8002 a b system reboot api shutdown system id'",
    );
    expect(said[0]).toContain('origination_caller_id_number=1user8003park,');
    expect(lines.filter((line) => /shutdown|system/.test(line) && !line.includes('originate'))).toEqual([]);
  });

  it.each([
    ['a number with a separator', { target: { kind: 'number', trunk: 'sim:trunk:t', number: '1,2' } }, 'accepted'],
    ['a number with a brace', { target: { kind: 'number', trunk: 'sim:trunk:t', number: '1}' } }, 'invalid'],
    ['a device with a blank', { target: { kind: 'device', device: 'sim:extension:80 01' } }, 'invalid'],
    ['a device with a line end', { target: { kind: 'device', device: 'sim:extension:8001\n\napi x' } }, 'invalid'],
    ['a mark with a comma', { mark: { callId: 'a,b=c' } }, 'invalid'],
    ['an id with a brace', { connectionId: connectionId('sim' as never, 'a}') }, 'invalid'],
    ['an id that FreeSWITCH would cut', { connectionId: connectionId('sim' as never, 'a'.repeat(37)) }, 'invalid'],
  ])('%s is answered so', async (_what, more, expected) => {
    const running = await Running.start();
    const reply = await running.originate('v', undefined, more);
    expect(reply.outcome === 'refused' ? reply.code : reply.outcome).toBe(expected);
  });

  it.each([
    ['redirect', { number: '1000 XML public' }],
    ['redirect', { number: "1'" }],
    ['redirect', { number: '-both' }],
    ['holdMusic', { mode: 'start', musicClass: 'moh\n\n' }],
    ['sendDigits', { digits: '1 2', toneMs: 100, gapMs: 100 }],
    ['record', { recordingId: '../../etc/passwd', tracks: 'mixed', format: 'wav' }],
    ['record', { recordingId: 'a b', tracks: 'mixed', format: 'wav' }],
    ['claim', { mark: { callId: 'a;b=c' } }],
    ['play', { playbackId: 'p', media: [{ kind: 'prompt', prompt: 'x\r\nexecute-app-name: system' }] }],
    ['play', { playbackId: 'p', media: [{ kind: 'prompt', prompt: '../../secret' }] }],
    ['play', { playbackId: 'p', media: [{ kind: 'prompt', prompt: 'http://evil/x' }] }],
    ['play', { playbackId: 'p', media: [{ kind: 'digits', text: '1 pronounced' }] }],
  ])('%s %j is refused before the wire', async (type, more) => {
    const running = await Running.start();
    const id = await running.caller();
    expect(await running.run({ type, connectionId: id, ...more })).toEqual({ outcome: 'refused', code: 'invalid' });
  });
});

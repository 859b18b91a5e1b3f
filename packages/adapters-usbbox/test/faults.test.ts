import { asId, type BridgeId, deviceId, type RecordingId } from '@cordboard/cti-core';
import { LawChecker } from '@cordboard/driver-kit/conformance';
import { readWav } from '@cordboard/telephony-dsp';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LineDeviceEvent } from '../src/index.js';
import { type Bench, bench, closeBenches, LINE, SWITCH } from './harness.js';

afterEach(closeBenches);

const NUMBERS = { '010': [{ do: 'ringback', cycles: 2 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }] } as const;

/** Brings the line into each of its states. */
const STATES: Readonly<Record<string, (b: Bench) => Promise<unknown>>> = {
  guard: async (b) => b.accepted({ type: 'clear', connectionId: await b.talk(), cause: 'normalClearing' }),
  idle: (b) => b.clock.tick(3_000),
  ringing: async (b) => {
    b.box.line('one').exchange.callIn({ number: '13900001111' });
    await b.sees('created');
  },
  'ringing, not told yet': async (b) => {
    b.box.line('one').exchange.callIn({ callerId: 'none' });
    await b.clock.tick(2_000);
  },
  refusing: async (b) => {
    b.box.line('one').exchange.callIn({ number: '13900001111' });
    const { connectionId } = await b.sees('created');
    await b.accepted({ type: 'clear', connectionId, cause: 'rejected' });
    await b.clock.tick(200);
  },
  seizing: async (b) => {
    await b.originate('010');
    await b.clock.tick(100);
  },
  dialling: async (b) => {
    await b.originate('01,0');
    await b.clock.tick(1_500);
  },
  progress: async (b) => b.sees('alerting', { on: await b.originate('010') }),
  talking: async (b) => {
    const connectionId = await b.talk();
    await b.accepted({
      type: 'record',
      connectionId,
      recordingId: asId<RecordingId>('r'),
      tracks: 'mixed',
      format: 'wav49',
    });
    await b.accepted({
      type: 'play',
      connectionId,
      playbackId: asId('p'),
      media: [{ kind: 'prompt', prompt: 'long' }],
    });
    await b.clock.tick(3_000);
  },
  'waiting for two seconds on-hook': async (b) => {
    await b.accepted({ type: 'clear', connectionId: await b.talk(), cause: 'normalClearing' });
    await b.sees('cleared');
    await b.originate('010');
  },
  'phone lifted': async (b) => {
    b.box.line('one').phone.lift('0');
    await b.clock.tick(2_000);
  },
  'phone ringing': async (b) => {
    await b.give({
      type: 'originate',
      connectionId: b.id(),
      target: { kind: 'device', device: deviceId(SWITCH, 'extension', '8001') },
      mark: { callId: asId('c') },
      ringTimeoutMs: 60_000,
    });
    await b.clock.tick(500);
  },
};

describe('a box that is pulled out', () => {
  for (const [state, bring] of Object.entries(STATES)) {
    it(`while ${state}: its calls are gone from the snapshot, its file is playable, and plugged in again it works`, async () => {
      const b = await bench({ box: { numbers: NUMBERS } });
      const laws = new LawChecker();
      await bring(b);
      const line = b.box.line('one');
      const live = b.of('created').filter(({ connectionId }) => b.of('cleared', connectionId).length === 0);
      const since = b.events.length;
      line.unplug();
      await b.clock.tick(100);
      const down = await b.sees('linkDown', { since });
      expect([down.linkId, down.reason, down.capabilities]).toEqual(['one', 'closed', []]);
      const after = (await b.sees('snapshot', { since })).snapshot;
      expect(after.connections).toEqual([]);
      expect(after.devices.map((each) => each.presence)).toEqual(['unreachable', 'unreachable']);
      for (const { connectionId } of live) {
        expect(b.of('cleared', connectionId)).toEqual([]);
        expect(await b.give({ type: 'clear', connectionId, cause: 'normalClearing' })).toMatchObject({
          code: 'linkLost',
        });
      }
      if (state === 'talking') {
        expect(b.of('recordingFinished').map((event) => event.outcome)).toEqual(['done']);
        const wav = readWav(b.storage.files.get('recordings/r.WAV') ?? new Uint8Array(0));
        expect(wav.ok && !wav.truncated && wav.samples > 20_000).toBe(true);
      }
      await b.clock.tick(4_000);
      line.phone.layDown();
      line.exchange.hangUp();
      line.plugIn();
      await b.sees('linkSynced', { since, withinMs: 40_000 });
      await b.clock.tick(3_000);
      await b.talk();
      for (const event of b.events) laws.take(event);
      expect(laws.breaks).toEqual([]);
    });
  }
});

describe('several lines', () => {
  it('go on undisturbed when one is pulled out, and what was on that one is gone at once', async () => {
    const b = await bench({ lines: ['one', 'two'] });
    const bridge = asId<BridgeId>('b');
    const one = await b.talk();
    b.box.line('two').exchange.callIn({ number: '13900002222' });
    const second = deviceId(SWITCH, 'line', 'two');
    await b.clock.tick(6_000);
    const two = b.of('created').find((event) => event.device === second)?.connectionId ?? b.id();
    await b.accepted({ type: 'answer', connectionId: two });
    await b.accepted({ type: 'bridge', bridgeId: bridge, connectionIds: [one, two] });
    await b.accepted({
      type: 'record',
      connectionId: two,
      recordingId: asId<RecordingId>('r2'),
      tracks: 'mixed',
      format: 'wav49',
    });
    await b.clock.tick(2_000);
    const since = b.events.length;
    b.box.line('one').unplug();
    await b.clock.tick(2_000);
    const { snapshot } = await b.sees('snapshot', { since });
    expect(snapshot.connections.map((each) => [each.connectionId, each.bridgeId, each.state])).toEqual([
      [two, bridge, 'connected'],
    ]);
    expect(snapshot.recordings).toEqual([{ recordingId: 'r2', connectionId: two }]);
    expect((await b.sees('linkDown', { since })).capabilities).toContain('bridge');
    expect(b.events.slice(since).filter((event) => 'connectionId' in event && event.connectionId === two)).toEqual([]);
    b.box.line('one').plugIn();
    await b.sees('linkSynced', { since, withinMs: 40_000 });
    await b.accepted({ type: 'clear', connectionId: two, cause: 'normalClearing' });
    await b.sees('cleared', { on: two });
  });

  it('of a trunk are taken in turn, and when all are taken the trunk is refused', async () => {
    const b = await bench({ box: { numbers: NUMBERS }, lines: ['one', 'two'] });
    const trunk = deviceId(SWITCH, 'trunk', 'city');
    const order = {
      type: 'originate',
      target: { kind: 'number', trunk, number: '010' },
      mark: { callId: asId<never>('c') },
      ringTimeoutMs: 60_000,
    } as const;
    const [first, second] = [b.id(), b.id()];
    await b.accepted({ ...order, connectionId: first });
    await b.accepted({ ...order, connectionId: second });
    expect(b.of('created').map((event) => event.device)).toEqual([LINE, deviceId(SWITCH, 'line', 'two')]);
    expect(await b.give({ ...order, connectionId: b.id() })).toMatchObject({ code: 'conflict' });
    await b.sees('connected', { on: second, withinMs: 60_000 });
  });
});

const anyEvent: fc.Arbitrary<LineDeviceEvent> = fc.oneof(
  fc.record({ type: fc.constant('signal' as const), signal: fc.constantFrom('polarity', 'ringStart', 'ringEnd') }),
  fc.record({ type: fc.constant('line' as const), state: fc.constantFrom('present', 'absent') }),
  fc.record({ type: fc.constant('phoneHook' as const), hook: fc.constantFrom('on', 'off') }),
  fc.record({ type: fc.constant('phoneFlash' as const) }),
  fc.record({
    type: fc.constant('digit' as const),
    from: fc.constantFrom('line', 'phone'),
    digit: fc.constantFrom('1', '#', 'z', '', '12'),
  }),
  fc.record({
    type: fc.constant('tone' as const),
    tone: fc.constantFrom('dial', 'ringback', 'busy', 'congestion', 'fax', 'modem'),
    state: fc.constantFrom('begins', 'ends'),
  }),
  fc.record({ type: fc.constant('answer' as const), by: fc.constantFrom('polarity', 'modem') }),
  fc.record({ type: fc.constant('remoteHangup' as const), by: fc.constantFrom('polarity', 'modem', 'current') }),
  fc.record({ type: fc.constant('voice' as const), state: fc.constantFrom('voice', 'silence') }),
  fc.record({
    type: fc.constant('callerId' as const),
    callerId: fc.constant({ method: 'fsk' as const, number: '139' }),
  }),
  fc.constant({ type: 'nonsense' } as never),
) as fc.Arbitrary<LineDeviceEvent>;

type Deed =
  | { readonly event: LineDeviceEvent }
  | { readonly wait: number }
  | { readonly command: number }
  | { readonly plug: 'out' | 'in' };
const deeds = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ event: anyEvent }) },
    { weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 7_000 }) }) },
    { weight: 3, arbitrary: fc.record({ command: fc.integer({ min: 0, max: 7 }) }) },
    { weight: 1, arbitrary: fc.record({ plug: fc.constantFrom('out', 'in') }) },
  ) as fc.Arbitrary<Deed>,
  { maxLength: 40 },
);

describe('whatever a device tells, in whatever order', () => {
  it('nothing throws, the laws of order hold, and in the end the line is free', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, fc.constantFrom('separate', 'parallel', 'switched', 'none'), async (list, phone) => {
        const b = await bench({ box: { numbers: NUMBERS, noiseDbm0: null, abilities: { phone } } });
        const line = b.box.line('one');
        const laws = new LawChecker();
        for (const deed of list) {
          if ('event' in deed) line.tell(deed.event);
          else if ('wait' in deed) await b.clock.tick(deed.wait);
          else if ('plug' in deed) deed.plug === 'out' ? line.unplug() : line.plugIn();
          else await command(b, deed.command);
        }
        line.plugIn();
        line.phone.layDown();
        line.tell({ type: 'phoneHook', hook: 'on' });
        line.tell({ type: 'line', state: 'present' });
        await b.clock.tick(60_000);
        for (const { connectionId } of b.of('created'))
          if (b.of('cleared', connectionId).length === 0)
            await b.give({ type: 'clear', connectionId, cause: 'normalClearing' });
        await b.clock.tick(10_000);
        for (const event of b.events) laws.take(event);
        expect(laws.breaks).toEqual([]);
        expect(line.hook).toBe('on');
        const last = b
          .of('devicePresence')
          .filter((event) => event.device === LINE)
          .at(-1) ?? { presence: 'idle' };
        expect(last.presence).toBe('idle');
        await closeBenches();
      }),
      { numRuns: 60, seed: 7 },
    );
  }, 300_000);
});

async function command(b: Bench, which: number): Promise<void> {
  const last = b.of('created').at(-1)?.connectionId ?? b.id();
  const target = { kind: 'number', trunk: LINE, number: '010' } as const;
  const phone = { kind: 'device', device: deviceId(SWITCH, 'extension', '8001') } as const;
  const all = [
    () => b.give({ type: 'answer', connectionId: last }),
    () => b.give({ type: 'clear', connectionId: last, cause: 'rejected' }),
    () =>
      b.give({ type: 'originate', connectionId: b.id(), target, mark: { callId: asId('c') }, ringTimeoutMs: 20_000 }),
    () =>
      b.give({
        type: 'originate',
        connectionId: b.id(),
        target: phone,
        mark: { callId: asId('c') },
        ringTimeoutMs: 20_000,
      }),
    () => b.give({ type: 'flash', connectionId: last, digits: '80', after: 'leave' }),
    () =>
      b.give({
        type: 'play',
        connectionId: last,
        playbackId: asId(b.id('p')),
        media: [{ kind: 'prompt', prompt: 'long' }],
      }),
    () =>
      b.give({
        type: 'record',
        connectionId: last,
        recordingId: asId(b.id('r').slice(4)),
        tracks: 'mixed',
        format: 'wav49',
      }),
    () => b.give({ type: 'bridge', bridgeId: asId('b'), connectionIds: [last] }),
  ];
  const pending = all[which]?.();
  await b.clock.tick(20);
  await pending;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ConnectionId,
  canonicalJson,
  type EngineEffect,
  type IvrGraph,
  restoreEngine,
  type TenantConfig,
} from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, queue, site } from './support/site.js';

const prompt = (name: string) => [{ kind: 'prompt' as const, prompt: name }];

/** Everything that a flow can want of the engine, one key away from one another. */
const flow: IvrGraph = {
  ...FRONT,
  start: 'pick',
  nodes: {
    pick: {
      type: 'menu',
      say: prompt('menu'),
      keys: { '1': 'ask', '2': 'leave', '3': 'desk', '4': 'line', '5': 'support', '6': 'night', '7': 'listen' },
      tries: 9,
      noInput: 'pick',
      noMatch: 'END',
    },
    ask: {
      type: 'query',
      function: 'book@1',
      say: prompt('wait'),
      timeoutMs: 1000,
      keep: { order: 'order' },
      ways: { booked: 'pick' },
      failed: 'pick',
    },
    leave: { type: 'record', variable: 'said', box: 'box', next: 'note', empty: 'pick', failed: 'pick', maxMs: 5000 },
    note: { type: 'message', variable: 'said', does: 'contact', contact: 'call.number', next: 'pick' },
    desk: { type: 'orderDesk', group: 'desk', maxMs: 40_000, timeout: 'pick', failed: 'pick' },
    line: {
      type: 'transfer',
      to: { kind: 'group', group: 'line' },
      ringTimeoutMs: 5000,
      busy: 'pick',
      noAnswer: 'pick',
      failed: 'pick',
    },
    support: { type: 'queue', queue: 'support', overflowAfterMs: 5000, overflow: 'pick' },
    night: { type: 'mode', mode: 'night', ways: { on: 'rate' }, otherwise: 'pick' },
    rate: { type: 'set', assign: { rate: '4' }, next: 'score' },
    score: { type: 'score', survey: 's', variable: 'rate', next: 'callback' },
    callback: { type: 'callback', queue: 'support', next: 'pick', refused: 'pick' },
    listen: {
      type: 'listen',
      say: prompt('say'),
      variable: 'words',
      next: 'pick',
      noInput: 'pick',
      noMatch: 'pick',
      failed: 'pick',
    },
  },
  prompts: Object.fromEntries(['menu', 'wait', 'say'].map((name) => [name, { en: name }])),
};
const PHONES = ['8001', '8003', '8004'];
const config = (initial: string): TenantConfig =>
  site({
    flows: [flow],
    queues: [queue('support', { survey: flow.id }), queue('sales')],
    groups: { desk: { ring: 'all', members: PHONES }, line: { ring: 'inOrder', members: PHONES } },
    modes: { night: { values: ['on', 'off'], initial } },
  });

const KINDS = [
  'key',
  'key',
  'key',
  'hear',
  'hear',
  'answer',
  'answer',
  'lift',
  'ringOut',
  'hangUp',
  'recorded',
  'call',
  'crash',
  'down',
  'config',
  'mode',
  'zones',
  'wait',
  'wait',
] as const;
const step = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.nat(999), ms: fc.constantFrom(0, 1, 700, 2600, 9000) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Walk {
  readonly floor = new Floor(config('on')).up().ready('ann');
  private readonly open: string[] = ['e1-l999'];
  private seen = 0;

  play({ kind, n, ms }: Step): void {
    const { floor } = this;
    floor.wait(ms);
    this.note();
    const ids = [...floor.media.keys()];
    const id = ids[n % Math.max(1, ids.length)] ?? ('main~none' as ConnectionId);
    const media = floor.media.get(id);
    switch (kind) {
      case 'key':
        return void floor.event({ type: 'digit', connectionId: id, digit: String(n % 8) });
      case 'hear':
        if (media?.playing === undefined) return;
        floor.event({
          type: 'playbackFinished',
          connectionId: id,
          playbackId: media.playing as never,
          outcome: n % 5 === 0 ? 'failed' : 'done',
        });
        return;
      case 'answer': {
        const lookupId = this.open[n % this.open.length] as never;
        const found = { outcome: 'found', match: { decision: 'none', customers: [] } } as const;
        const booked = { outcome: 'answered', way: 'booked', values: { order: '1', text: 'yes' } } as const;
        const result = n % 7 === 0 ? found : n % 3 === 0 ? ({ outcome: 'failed' } as const) : booked;
        return void floor.input({ kind: 'lookup', lookupId, result });
      }
      case 'lift':
        if (media?.state === 'alerting') floor.answer(media.device);
        return;
      case 'ringOut':
        if (media?.state !== 'alerting') return;
        floor.gone(id);
        floor.event({ type: 'cleared', connectionId: id, release: { cause: n % 2 === 0 ? 'noAnswer' : 'busy' } });
        return;
      case 'hangUp':
        return void (media === undefined ? undefined : floor.hangUp(id));
      case 'recorded':
        if (media?.recording === undefined) return;
        floor.event({
          type: 'recordingFinished',
          connectionId: id,
          recordingId: media.recording,
          outcome: n % 4 === 0 ? 'failed' : 'done',
          files: ['x.wav'],
          ...(n % 3 === 0 ? {} : { durationMs: n * 10 }),
        });
        media.recording = undefined;
        return;
      case 'call':
        return void (ids.length > 12
          ? undefined
          : floor.caller('13912345678', n % 3 === 0 ? '4008001001' : '4008001000'));
      case 'crash':
        floor.engine = restoreEngine(floor.engine.dump());
        floor.link = 'down';
        floor.input({ kind: 'recovered' });
        for (const one of this.open)
          floor.input({ kind: 'lookup', lookupId: one as never, result: { outcome: 'failed' } });
        return void floor.wait(ms).up();
      case 'down':
        return void floor.down().wait(ms).up();
      case 'config':
        return void floor.input({ kind: 'config', config: config(n % 2 === 0 ? 'on' : 'off') });
      case 'mode':
        floor.say('sue', { type: 'mode.set', mode: 'night', value: n % 2 === 0 ? 'off' : 'x' }, { role: 'supervisor' });
        return;
      case 'zones':
        return void floor.input({ kind: 'zones', offsets: { 'Asia/Shanghai': n } });
      case 'wait':
        return void floor.wait(n * 30);
    }
  }

  /** Looks at what the engine has said since. */
  note(): readonly EngineEffect[] {
    const fresh = this.floor.effects.slice(this.seen);
    this.seen = this.floor.effects.length;
    for (const effect of fresh)
      if (effect.kind === 'lookup' && effect.lookup.type === 'ivr') this.open.push(effect.lookupId);
    return fresh;
  }

  end(): void {
    const { floor } = this;
    for (const id of [...floor.media.keys()]) floor.hangUp(id);
    for (let n = 0; n < 40 && floor.media.size > 0; n += 1) {
      floor.wait(30_000);
      for (const id of [...floor.media.keys()]) floor.hangUp(id);
    }
    floor.wait(200_000);
  }
}

/** Of the phones of a group that were rung for one call, how many hear the caller. */
function talkers(floor: Floor): number {
  const perCall = new Map<string, number>();
  for (const { device, bridge, callId } of floor.media.values()) {
    if (bridge === undefined || callId === undefined || !['8003', '8004'].includes(device.slice(-4))) continue;
    perCall.set(callId, (perCall.get(callId) ?? 0) + 1);
  }
  return Math.max(0, ...perCall.values());
}

test('whatever becomes of what flows ask, record and ring: nothing throws, nobody is left, nothing stays behind', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 120 }), (steps) => {
      const walk = new Walk();
      const { floor } = walk;
      floor.caller('13912345678', '4008001000');
      for (const one of steps) {
        walk.play(one);
        expect(talkers(floor)).toBeLessThanOrEqual(1);
      }
      walk.end();
      expect(floor.media.size).toBe(0);
      const { liveCalls, legs, waiting } = floor.engine.counters();
      expect({ liveCalls, legs, waiting }).toEqual({ liveCalls: 0, legs: 0, waiting: 0 });
      const state = JSON.parse(floor.engine.dump()) as Record<string, Record<string, unknown>>;
      expect(state.recordings).toEqual({});
      const customers = floor.effects.flatMap((effect) =>
        effect.kind === 'lookup' && effect.lookup.type === 'customer' ? [effect.lookupId as string] : [],
      );
      expect(Object.keys(state.lookups ?? {}).filter((id) => !customers.includes(id))).toEqual([]);
      const works = Object.values(state.timers ?? {}).map((timer) => (timer as { work: { do: string } }).work.do);
      expect(works.filter((work) => ['ivr', 'recordEnd', 'groupAgain', 'groupOver'].includes(work))).toEqual([]);
    }),
    { numRuns: 120 },
  );
}, 180_000);

test('a restored engine goes on as if nothing had been, whatever its flows are doing', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 50 }), (steps) => {
      const walk = new Walk();
      const { floor } = walk;
      floor.caller('13912345678', '4008001000');
      for (const one of steps) walk.play(one);
      const again = restoreEngine(floor.engine.dump());
      const from = floor.inputs.length;
      const before = floor.effects.length;
      for (const one of steps) walk.play(one.kind === 'crash' ? { ...one, kind: 'down' } : one);
      const effects = floor.inputs.slice(from).flatMap((input) => [...again.apply(input)]);
      expect(canonicalJson(effects)).toBe(canonicalJson(floor.effects.slice(before)));
      expect(again.dump()).toBe(floor.engine.dump());
    }),
    { numRuns: 60 },
  );
}, 180_000);

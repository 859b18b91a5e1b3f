import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asId,
  type ClientCommand,
  CORE_VERSION,
  canonicalJson,
  createEngine,
  type DriverCommand,
  type DriverEvent,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  REFUSALS,
  RELEASE_CAUSES,
  restoreEngine,
  sha256Hex,
} from '../src/index.js';
import { ALL } from './support/floor.js';
import { queue, site } from './support/site.js';

const AGENTS = ['ann', 'bob', 'sue', 'nobody'];
const DEVICES = [
  'main:extension:8001',
  'main:extension:8002',
  'main:extension:8005',
  'main:trunk:carrier',
  'x:trunk:y',
];
const GOALS = [
  '8001',
  '8002',
  '8005',
  '13900000001',
  '110',
  'agent:bob',
  'agent:zed',
  'queue:support',
  'ivr:front',
  'ref:e1-c1',
  'a b',
  '',
];

/** Picks that are resolved against what the engine has said so far: `n` of the known ids, or an id that nobody knows. */
interface Step {
  readonly kind: 'event' | 'client' | 'reply' | 'timer' | 'link' | 'other';
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly waitMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'event',
    'event',
    'event',
    'client',
    'client',
    'client',
    'reply',
    'reply',
    'timer',
    'link',
    'other',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
  waitMs: fc.constantFrom(0, 0, 1, 500, 2500, 11_000, 70_000),
});

function pick<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('nothing to pick');
  return found;
}

/** What the outside has been told, kept by the test alone. */
class Outside {
  readonly engine: Engine;
  readonly inputs: EngineInput[] = [];
  at = 0;
  readonly legs: string[] = ['main~nobody'];
  readonly calls: string[] = ['e1-c999'];
  readonly bridges: string[] = ['e1-b999'];
  readonly plays: string[] = ['e1-y999'];
  readonly recordings: string[] = ['e1-w999'];
  readonly pops: string[] = ['e1-p999'];
  readonly commands: string[] = ['e1-m999'];
  readonly timers = new Map<string, number>();
  readonly seqs = new Map<string, number>();
  readonly cdrs = new Set<string>();
  readonly mergedIds = new Set<string>();
  readonly reservations = new Map<string, string>();
  /** Four of five commands are carried out before the next step; the fifth is left to chance. */
  readonly obey: DriverCommand[] = [];
  private n = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  input(body: EngineInputBody): void {
    const input = { ...body, atMs: this.at, wallMs: 1_700_000_000_000 + this.at, offsetMin: 480 } as EngineInput;
    this.inputs.push(input);
    for (const effect of this.engine.apply(input)) this.take(effect);
  }

  private take(effect: EngineEffect): void {
    switch (effect.kind) {
      case 'driver': {
        const { command } = effect;
        this.commands.push(command.commandId);
        if (this.commands.length % 5 !== 0) this.obey.push(command);
        if (command.type === 'originate') this.legs.push(command.connectionId);
        if (command.type === 'bridge') this.bridges.push(command.bridgeId);
        if (command.type === 'play') this.plays.push(command.playbackId);
        if (command.type === 'record') this.recordings.push(command.recordingId);
        expect(command.boundMs).toBeGreaterThan(0);
        return;
      }
      case 'setTimer':
        expect(effect.dueAtMs).toBeGreaterThanOrEqual(this.at);
        this.timers.set(effect.timerId, effect.dueAtMs);
        return;
      case 'cancelTimer':
        this.timers.delete(effect.timerId);
        return;
      case 'publish': {
        expect(effect.seq).toBe((this.seqs.get(effect.stream) ?? 0) + 1);
        this.seqs.set(effect.stream, effect.seq);
        const { event } = effect;
        if (event.type === 'call') this.calls.push(event.call.callId);
        if (event.type === 'pop') this.pops.push(event.pop.popId);
        if (event.type === 'callEnded' && event.mergedInto !== undefined) this.mergedIds.add(event.callId);
        if (event.type === 'agent') {
          const { reservation, agentId, state } = event.agent;
          if (reservation === undefined) this.reservations.delete(agentId);
          else {
            expect(state === 'reserved' || state === 'busy').toBe(true);
            this.reservations.set(agentId, reservation.reservationId);
          }
        }
        return;
      }
      case 'record': {
        if (effect.record.table !== 'cdr') return;
        const { value } = effect.record;
        expect(this.cdrs.has(value.callId)).toBe(false);
        this.cdrs.add(value.callId);
        let end = 0;
        for (const segment of value.segments) {
          expect(segment.startMs).toBe(end);
          expect(segment.endMs).toBeGreaterThanOrEqual(segment.startMs);
          end = segment.endMs;
        }
        expect(value.segments.length === 0 ? value.durationMs : end).toBe(
          value.segments.length === 0 ? 0 : value.durationMs,
        );
        return;
      }
      default:
        return;
    }
  }

  private carryOut(command: DriverCommand): void {
    const say = (event: DriverEvent): void => this.input({ kind: 'driver', switchId: asId('main'), event });
    this.input({ kind: 'reply', commandId: command.commandId, reply: { outcome: 'accepted' } });
    switch (command.type) {
      case 'originate': {
        const party = { number: '', presentation: 'unavailable' } as const;
        const device = command.target.kind === 'device' ? command.target.device : asId<never>('main:external:1');
        const { connectionId } = command;
        say({
          type: 'created',
          connectionId,
          device,
          direction: 'outgoing',
          control: 'full',
          calling: party,
          called: party,
        });
        say({ type: 'alerting', connectionId });
        if (this.commands.length % 3 !== 0) say({ type: 'connected', connectionId });
        return;
      }
      case 'bridge':
        for (const connectionId of command.connectionIds)
          say({ type: 'bridged', connectionId, bridgeId: command.bridgeId });
        return;
      case 'unbridge':
        for (const bridgeId of this.bridges)
          say({ type: 'unbridged', connectionId: command.connectionId, bridgeId: asId(bridgeId) });
        return;
      case 'answer':
        return say({ type: 'connected', connectionId: command.connectionId });
      case 'clear':
        return say({ type: 'cleared', connectionId: command.connectionId, release: { cause: command.cause } });
      case 'record':
        return say({ type: 'recordingStarted', connectionId: command.connectionId, recordingId: command.recordingId });
      case 'monitor':
        return say({
          type: 'monitoring',
          connectionId: command.connectionId,
          targetId: command.targetId,
          mode: command.mode,
        });
      default:
        return;
    }
  }

  play(one: Step): void {
    for (let told = 0; told < 200; told += 1) {
      const command = this.obey.shift();
      if (command === undefined) break;
      this.carryOut(command);
    }
    const until = this.at + one.waitMs;
    for (;;) {
      const next = [...this.timers].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))[0];
      if (next === undefined || next[1] > until) break;
      this.timers.delete(next[0]);
      this.at = Math.max(this.at, next[1]);
      this.input({ kind: 'timer', timerId: asId(next[0]) });
    }
    this.at = until;
    if (one.kind === 'event') this.input({ kind: 'driver', switchId: asId('main'), event: this.event(one) });
    else if (one.kind === 'client') this.client(one);
    else if (one.kind === 'reply') {
      const commandId = asId<never>(
        pick(this.commands, this.commands.length - 1 - (one.a % 8) + 8 * this.commands.length),
      );
      const refused = { outcome: 'refused', code: pick(REFUSALS, one.c) } as const;
      this.input({ kind: 'reply', commandId, reply: one.b % 3 === 0 ? refused : { outcome: 'accepted' } });
    } else if (one.kind === 'timer') {
      this.input({ kind: 'timer', timerId: asId(`e1-t${one.a}`) });
    } else if (one.kind === 'link') this.link(one);
    else this.other(one);
  }

  private event(one: Step): DriverEvent {
    const connectionId = asId<never>(pick(one.a % 4 === 0 ? this.legs : this.legs.slice(-5), one.a));
    const party = { number: pick(['13900000001', '', '8001', 'sip:x'], one.b), presentation: 'allowed' } as const;
    const called = {
      number: pick(['4008001000', '4008001001', '4008001001', '4008001002', '8002', '999'], one.c),
      presentation: 'allowed',
    } as const;
    const release = { cause: pick(RELEASE_CAUSES, one.c) };
    const bridgeId = asId<never>(pick(this.bridges, one.c));
    const on = { connectionId };
    switch (one.b % 17) {
      case 0:
      case 1: {
        this.n += 1;
        const fresh = asId<never>(`main~in${this.n}`);
        this.legs.push(fresh);
        return {
          type: 'created',
          connectionId: fresh,
          device: asId(pick(DEVICES, one.a)),
          direction: 'incoming',
          control: 'full',
          calling: party,
          called,
        };
      }
      case 2:
        return {
          type: 'created',
          ...on,
          device: asId(pick(DEVICES, one.c)),
          direction: 'outgoing',
          control: one.a % 5 === 0 ? 'observe' : 'full',
          calling: party,
          called,
          ...(one.a % 2 === 0 ? { callId: asId<never>(pick(this.calls, one.a)) } : {}),
        };
      case 3:
        return { type: 'alerting', ...on };
      case 4:
      case 5:
        return { type: 'connected', ...on };
      case 6:
        return { type: 'heldByDevice', ...on };
      case 7:
        return { type: 'retrievedByDevice', ...on };
      case 8:
        return { type: 'digit', ...on, digit: pick(['1', '2', '#', 'A'], one.c) };
      case 9:
        return { type: 'bridged', ...on, bridgeId };
      case 10:
        return { type: 'unbridged', ...on, bridgeId };
      case 11:
        return { type: 'playbackFinished', ...on, playbackId: asId(pick(this.plays, one.c)), outcome: 'done' };
      case 12:
        return one.c % 2 === 0
          ? { type: 'recordingStarted', ...on, recordingId: asId(pick(this.recordings, one.c)) }
          : {
              type: 'recordingFinished',
              ...on,
              recordingId: asId(pick(this.recordings, one.c)),
              outcome: 'done',
              files: [],
            };
      case 13:
        return one.c % 2 === 0
          ? {
              type: 'transferRequested',
              ...on,
              kind: 'blind',
              to: { number: pick(GOALS, one.c), presentation: 'allowed' },
            }
          : { type: 'transferRequested', ...on, kind: 'attended', consultId: asId(pick(this.legs, one.c)) };
      case 14:
        return { type: 'replaced', ...on, by: asId(pick(this.legs, one.c)) };
      case 15:
        return {
          type: 'devicePresence',
          device: asId(pick(DEVICES, one.a)),
          presence: pick(['idle', 'busy', 'unreachable'] as const, one.c),
        };
      default:
        return { type: 'cleared', ...on, release };
    }
  }

  private client(one: Step): void {
    const agentId = pick(AGENTS, one.a);
    const callId = asId<never>(pick(this.calls.slice(-4), one.c));
    const to = pick(GOALS, one.c);
    const commands: readonly ClientCommand[] = [
      { type: 'agent.logOn' },
      { type: 'agent.ready' },
      { type: 'agent.ready' },
      { type: 'agent.notReady', reason: 'break' },
      { type: 'agent.logOff' },
      { type: 'agent.doNotDisturb', mode: 'on' },
      { type: 'agent.doNotDisturb', mode: 'off' },
      { type: 'agent.lease' },
      { type: 'call.make', to },
      { type: 'call.answer', callId },
      { type: 'call.reject', callId },
      { type: 'call.clear', callId },
      { type: 'call.hold', callId },
      { type: 'call.retrieve', callId },
      { type: 'call.mute', callId, mode: 'mute' },
      { type: 'call.sendDigits', callId, digits: '12x' },
      { type: 'call.consult', callId, to },
      { type: 'call.completeTransfer', callId },
      { type: 'call.cancelConsult', callId },
      { type: 'call.alternate', callId },
      { type: 'call.conference', callId },
      { type: 'call.transfer', callId, to },
      { type: 'call.addParty', callId, to },
      { type: 'call.dropParty', callId, connectionId: asId(pick(this.legs, one.b)) },
      { type: 'call.toFlow', callId, flow: 'front' },
      { type: 'call.record', callId, mode: pick(['start', 'stop', 'pause', 'resume'] as const, one.b) },
      { type: 'call.setData', callId, data: { k: 'v' } },
      { type: 'supervise.monitor', callId, agentId: asId(pick(AGENTS, one.b)), mode: 'listen' },
      { type: 'supervise.stop', callId },
      { type: 'supervise.forceRelease', callId },
      { type: 'supervise.agentState', agentId: asId(pick(AGENTS, one.b)), state: 'notReady' },
      { type: 'supervise.pickWaiting', callId, toAgent: asId(pick(AGENTS, one.b)) },
      { type: 'pop.claim', popId: asId(pick(this.pops, one.c)), tab: 't' },
      { type: 'pop.acknowledge', popId: asId(pick(this.pops, one.c)), tab: 't', outcome: 'shown' },
      {
        type: 'queue.membership',
        agentId: asId(pick(AGENTS, one.c)),
        queueId: asId('sales'),
        mode: one.b % 2 === 0 ? 'join' : 'leave',
      },
      { type: 'no.such' } as never,
    ];
    this.n += 1;
    const actor = {
      userId: asId<never>(agentId),
      role: 'supervisor',
      agentId: asId<never>(agentId),
      clientId: asId<never>('t'),
    } as const;
    this.input({ kind: 'client', commandId: asId(`k${this.n}`), actor, command: pick(commands, one.b) });
  }

  private link(one: Step): void {
    const linkId = asId<never>('ari');
    const say = (event: DriverEvent): void => this.input({ kind: 'driver', switchId: asId('main'), event });
    if (one.a % 3 === 0) return say({ type: 'linkDown', linkId, reason: 'closed', capabilities: [] });
    say({ type: 'linkUp', linkId });
    const connections = this.legs
      .filter((_, index) => index > 0 && (index + one.b) % 3 !== 0)
      .map((id) => ({
        connectionId: asId<never>(id),
        device: asId<never>(pick(DEVICES, one.c)),
        direction: 'outgoing' as const,
        state: pick(['initiated', 'alerting', 'connected'] as const, one.c),
        control: 'full' as const,
        calling: { number: '', presentation: 'unavailable' } as const,
        called: { number: '', presentation: 'unavailable' } as const,
        ...(one.c % 2 === 0 ? { callId: asId<never>(pick(this.calls, one.c)) } : {}),
      }));
    say({ type: 'snapshot', snapshot: { connections, recordings: [], monitors: [], devices: [] } });
    say({ type: 'linkSynced', linkId, capabilities: ALL });
  }

  private other(one: Step): void {
    const userId = asId<never>(pick(AGENTS, one.a));
    switch (one.b % 5) {
      case 0:
        return this.input({
          kind: 'presence',
          userId,
          clientId: asId('t'),
          agentId: userId,
          state: one.c % 2 === 0 ? 'online' : 'offline',
        });
      case 1:
        return this.input({ kind: 'lookup', lookupId: asId(`e1-l${one.c % 9}`), result: { outcome: 'failed' } });
      case 2:
        return this.input({ kind: 'clockJump', byMs: 10_000 });
      case 3:
        return this.input({ kind: 'recovered' });
      default:
        return this.input({
          kind: 'config',
          config: site({ queues: [queue('support', { ringNoAnswer: 'ready' }), queue('sales')] }),
        });
    }
  }

  /** The switch goes down and comes back empty: whatever was, nothing is left. */
  end(): void {
    const say = (event: DriverEvent): void => this.input({ kind: 'driver', switchId: asId('main'), event });
    const linkId = asId<never>('ari');
    say({ type: 'linkUp', linkId });
    say({ type: 'linkDown', linkId, reason: 'closed', capabilities: [] });
    say({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
    this.obey.length = 0;
  }
}

function boot(outside: Outside): void {
  outside.input({ kind: 'boot', coreVersion: CORE_VERSION, epoch: 'e1', seed: 1, config: site() });
  outside.input({ kind: 'driver', switchId: asId('main'), event: { type: 'linkUp', linkId: asId('ari') } });
  outside.input({
    kind: 'driver',
    switchId: asId('main'),
    event: { type: 'linkSynced', linkId: asId('ari'), capabilities: ALL },
  });
  for (const agentId of ['ann', 'bob']) {
    const id = asId<never>(agentId);
    const actor = { userId: id, role: 'agent', agentId: id, clientId: asId<never>('t') } as const;
    outside.input({ kind: 'client', commandId: asId('l1'), actor, command: { type: 'agent.logOn' } });
    outside.input({ kind: 'client', commandId: asId('l2'), actor, command: { type: 'agent.ready' } });
  }
}

/** A consultation that waits for nobody but the phone that is dialled for it, when the link goes: found once, kept. */
const DIALLED_FOR_ITSELF = (
  [
    ['event', 107, 0, 79],
    ['event', 0, 2, 0],
    ['event', 0, 2, 0],
    ['event', 0, 2, 0],
    ['event', 0, 53, 0],
    ['other', 0, 8, 0],
    ['event', 0, 2, 0],
    ['event', 0, 2, 0],
    ['event', 0, 2, 0],
    ['event', 0, 2, 0],
    ['event', 71, 0, 43],
    ['timer', 0, 0, 0],
    ['event', 0, 19, 0],
    ['event', 0, 2, 0],
    ['reply', 0, 0, 0],
    ['client', 0, 0, 0],
    ['event', 0, 2, 0],
    ['event', 16, 0, 931],
    ['event', 0, 2, 0],
    ['link', 1, 487, 0],
    ['event', 117, 388, 5],
  ] as const
).map(([kind, a, b, c]) => ({ kind, a, b, c, waitMs: 0 }));

test('whatever comes in: nothing throws, streams and records hold, and an empty switch leaves no call', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 250 }), (steps) => {
      const outside = new Outside(createEngine());
      boot(outside);
      for (const one of steps) outside.play(one);
      outside.end();
      const { liveCalls, legs, waiting } = outside.engine.counters();
      expect({ liveCalls, legs, waiting }).toEqual({ liveCalls: 0, legs: 0, waiting: 0 });
      const state = JSON.parse(outside.engine.dump()) as Record<string, Record<string, unknown>>;
      for (const name of ['conns', 'entries', 'reservations', 'pops', 'ops', 'aliases'])
        expect(state[name]).toEqual({});
      const known = new Set(outside.calls.slice(1));
      for (const callId of known) expect(outside.cdrs.has(callId) !== outside.mergedIds.has(callId)).toBe(true);
    }),
    { numRuns: 150, examples: [[DIALLED_FOR_ITSELF]] },
  );
}, 180_000);

test('a restored engine goes on as if nothing had been, at any cut', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), fc.nat(1000), (steps, where) => {
      const outside = new Outside(createEngine());
      boot(outside);
      for (const one of steps) outside.play(one);
      const cut = where % outside.inputs.length;
      const first = createEngine();
      for (const input of outside.inputs.slice(0, cut)) first.apply(input);
      const dump = first.dump();
      const second = restoreEngine(dump);
      expect(second.dump() === dump).toBe(true);
      for (const input of outside.inputs.slice(cut)) {
        const [x, y] = [first.apply(input), second.apply(input)].map((effects) => sha256Hex(canonicalJson(effects)));
        expect(x).toBe(y);
      }
      expect(second.dump() === first.dump()).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 180_000);

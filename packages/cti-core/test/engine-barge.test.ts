import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type MonitorMode, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const SUE = 'main:extension:8009';
const BOSS = { role: 'supervisor' } as const;

interface Watched {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly callId: CallId;
  watch(mode: MonitorMode): void;
}

/** Ann talks with a caller who came by the queue; Sue is at her own phone. */
function watched(more: Parameters<typeof site>[0] = {}): Watched {
  const floor = new Floor(site(more)).up().ready('ann');
  floor.habits.set(ANN, 'answers').set(SUE, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(10_000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  floor.say('sue', { type: 'agent.logOn' });
  const watch = (mode: MonitorMode): void => {
    const outcome = floor.say('sue', { type: 'supervise.monitor', callId, agentId: asId('ann'), mode }, BOSS);
    expect(outcome).toEqual({ outcome: 'done' });
  };
  return { floor, caller, callId, watch };
}

/** What a switch tells of those who watch a connection that ends: nobody watches any more, and they are out of its bridge. */
function stopsWatching(floor: Floor): void {
  const sue = floor.at_(SUE);
  const media = floor.media.get(sue);
  floor.event({ type: 'monitoring', connectionId: sue, targetId: floor.at_(ANN), mode: null });
  if (media?.bridge === undefined) return;
  floor.event({ type: 'unbridged', connectionId: sue, bridgeId: media.bridge });
  media.bridge = undefined;
}

function together(floor: Floor, ...ids: ConnectionId[]): boolean {
  const bridges = new Set(ids.map((id) => floor.media.get(id)?.bridge));
  return bridges.size === 1 && !bridges.has(undefined);
}

describe('a supervisor who barges, when the agent leaves', () => {
  for (const how of ['phone', 'page', 'switchTellsFirst', 'refusesAgain'] as const) {
    test(`stays with the customer as one who talks (${how})`, () => {
      const { floor, caller, callId, watch } = watched();
      watch('listen');
      watch('barge');
      floor.wait(5000);
      if (how === 'refusesAgain') floor.refuse.set('monitor', 'gone');
      if (how === 'switchTellsFirst' || how === 'refusesAgain') stopsWatching(floor);
      if (how === 'page') floor.say('ann', { type: 'call.clear', callId });
      else floor.hangUp(floor.at_(ANN));
      floor.refuse.clear();
      expect(floor.state('ann')).toBe('workingAfterCall');
      const sue = floor.at_(SUE);
      expect(together(floor, caller, sue)).toBe(true);
      const view = floor.engine.call(callId)?.connections.find((conn) => conn.device === SUE);
      expect(view).toMatchObject({ role: 'party', agentId: 'sue', state: 'connected' });
      expect(view?.actions).toContain('hold');
      expect(restoreEngine(floor.engine.dump()).call(callId)).toEqual(floor.engine.call(callId));
      floor.wait(7000).hangUp(caller);
      expect(floor.media.size).toBe(0);
      const cdr = floor.onlyCdr();
      expect(cdr).toMatchObject({ agents: ['ann', 'sue'], outcome: 'answered', endedBy: 'caller' });
      expect(cdr.segments.at(-1)).toMatchObject({ kind: 'talking', agentId: 'sue' });
      expect(floor.state('sue')).not.toBe('busy');
    });
  }

  test('leaves by stop as before, and the call ends with it', () => {
    const { floor, callId, watch } = watched();
    watch('barge');
    floor.hangUp(floor.at_(ANN));
    floor.wait(3000);
    expect(floor.say('sue', { type: 'supervise.stop', callId }, BOSS)).toEqual({ outcome: 'done' });
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ agents: ['ann', 'sue'], endedBy: 'supervisor' });
  });

  test('goes where the agent sends the customer to a queue, or the customer has gone', () => {
    const transferred = watched();
    transferred.watch('barge');
    transferred.floor.say('ann', { type: 'call.transfer', callId: transferred.callId, to: 'queue:sales' });
    expect([...transferred.floor.media.values()].map(({ device }) => device)).not.toContain(SUE);
    const left = watched();
    left.watch('barge');
    left.floor.hangUp(left.caller);
    expect(left.floor.media.size).toBe(0);
    expect(left.floor.onlyCdr()).toMatchObject({ agents: ['ann'] });
  });

  test('takes the customer over from hold as well', () => {
    const { floor, caller, callId, watch } = watched({ queues: [queue('support'), queue('sales')] });
    watch('barge');
    floor.say('ann', { type: 'call.hold', callId });
    floor.hangUp(floor.at_(ANN));
    expect(together(floor, caller, floor.at_(SUE))).toBe(true);
    expect(floor.media.get(caller)?.music).toBe('off');
  });

  for (const mode of ['listen', 'whisper'] as const) {
    test(`is let go with the call when they only ${mode}`, () => {
      const { floor, watch } = watched();
      watch('barge');
      watch(mode);
      floor.hangUp(floor.at_(ANN));
      expect(floor.media.size).toBe(0);
      expect(floor.onlyCdr()).toMatchObject({ agents: ['ann'], endedBy: 'agent' });
    });
  }
});

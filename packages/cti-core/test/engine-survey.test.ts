import { describe, expect, test } from 'vitest';
import { asId, type ConnectionId, type IvrGraph, type QueueConfig, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, FRONT, queue, site } from './support/site.js';

const SURVEY: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('survey'),
  version: 'v1',
  languages: ['en'],
  start: 'ask',
  nodes: {
    ask: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { '1': 'END', '2': 'again' },
      timeoutMs: 5000,
      tries: 1,
      noInput: 'END',
      noMatch: 'END',
    },
    again: { type: 'queue', queue: 'support', overflow: 'END' },
  },
  prompts: { menu: { en: 'menu.wav' } },
};

function surveyed(
  more: Partial<TenantConfig> = {},
  of: Partial<QueueConfig> = { survey: asId('survey') },
): TenantConfig {
  return site({ flows: [FRONT, SURVEY], queues: [queue('support', of), queue('sales')], ...more });
}

interface Talk {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly seat: ConnectionId;
}

/** A caller of the queue talks with ann. */
function talk(config: TenantConfig = surveyed()): Talk {
  const floor = new Floor(config).up().ready('ann');
  const caller = floor.caller('13912345678', '4008001001');
  floor.answer('main:extension:8001');
  expect(floor.state('ann')).toBe('busy');
  floor.wait(5000);
  return { floor, caller, seat: floor.at_('main:extension:8001') };
}

function hearOut(floor: Floor, caller: ConnectionId): void {
  const playing = floor.media.get(caller)?.playing;
  if (playing === undefined) throw new Error('nothing plays');
  floor.event({ type: 'playbackFinished', connectionId: caller, playbackId: playing as never, outcome: 'done' });
}

const callId = (floor: Floor, caller: ConnectionId) => floor.media.get(caller)?.callId ?? asId('none');

describe('when the agent of a queue with a survey hangs up', () => {
  test.each([
    ['at the phone', ({ floor, seat }: Talk) => void floor.hangUp(seat)],
    [
      'by command',
      ({ floor, caller }: Talk) => void floor.say('ann', { type: 'call.clear', callId: callId(floor, caller) }),
    ],
  ])(
    '%s, the caller is asked, the agent works after the call at once, and the record tells it as it was',
    (_, hangUp) => {
      const at = talk();
      const { floor, caller } = at;
      hangUp(at);
      expect(floor.media.get(caller)).toMatchObject({ state: 'connected', playing: expect.any(String) });
      expect(floor.media.get(caller)?.bridge).toBeUndefined();
      // Who is taken out of a bridge loses what is being said to them: first that, then the first word.
      const asked = floor.commands.filter((one) => 'connectionId' in one && one.connectionId === caller);
      const order = asked.flatMap(({ type }) => (type === 'unbridge' || type === 'play' ? [type] : []));
      expect(order.slice(-2)).toEqual(['unbridge', 'play']);
      expect(floor.state('ann')).toBe('workingAfterCall');
      floor.wait(2000);
      hearOut(floor, caller);
      floor.event({ type: 'digit', connectionId: caller, digit: '1' });
      expect(floor.media.has(caller)).toBe(false);
      const cdr = floor.onlyCdr();
      expect(cdr).toMatchObject({
        outcome: 'answered',
        endedBy: 'system',
        cause: 'normalClearing',
        endedAt: { kind: 'flow', flow: 'survey', node: 'ask' },
        agents: ['ann'],
        durationMs: 7000,
      });
      expect(cdr.segments.map(({ kind, startMs, endMs }) => [kind, endMs - startMs])).toEqual([
        ['talking', 5000],
        ['flow', 2000],
      ]);
    },
  );

  test('a caller who hangs up while being asked has ended the call, which stays answered', () => {
    const { floor, caller, seat } = talk();
    floor.hangUp(seat);
    floor.wait(1000).hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', endedBy: 'caller', endedAt: { kind: 'flow' } });
  });

  test('the recording of the talk ends with the talk', () => {
    const { floor, caller, seat } = talk(surveyed({ agents: [agent('ann', '8001', { record: 'always' })] }));
    expect(floor.sent('record')).toHaveLength(1);
    floor.hangUp(seat);
    expect(floor.sent('controlRecording').map(({ mode }) => mode)).toEqual(['stop']);
    expect(floor.media.get(caller)?.recording).toBeUndefined();
  });

  test('who is sent to the queue by the survey is asked once only', () => {
    const { floor, caller, seat } = talk();
    floor.hangUp(seat);
    hearOut(floor, caller);
    floor.say('ann', { type: 'agent.ready' });
    floor.event({ type: 'digit', connectionId: caller, digit: '2' });
    floor.answer('main:extension:8001').wait(1000);
    floor.hangUp(floor.at_('main:extension:8001'));
    expect(floor.media.has(caller)).toBe(false);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'agent', outcome: 'answered' });
  });
});

describe('nobody is asked', () => {
  test('when the caller hangs up first', () => {
    const { floor, caller } = talk();
    floor.hangUp(caller);
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller' });
  });

  test('when a supervisor ends the call', () => {
    const { floor, caller } = talk();
    floor.say('sue', { type: 'supervise.forceRelease', callId: callId(floor, caller) }, { role: 'supervisor' });
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'supervisor' });
  });

  test('when the queue has no survey', () => {
    const { floor, seat } = talk(surveyed({}, {}));
    floor.hangUp(seat);
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'agent' });
  });

  test('when the agent refuses by hanging up before a word was said: the caller waits on', () => {
    const floor = new Floor(surveyed()).up().ready('ann');
    floor.deaf.add('bridge');
    const caller = floor.caller('13912345678', '4008001001');
    floor.answer('main:extension:8001');
    floor.hangUp(floor.at_('main:extension:8001'));
    expect(floor.engine.queue(asId('support'))?.waitingCount).toBe(1);
    expect(floor.media.has(caller)).toBe(true);
  });

  test('while one of two agents stays', () => {
    const { floor, caller, seat } = talk();
    floor.ready('bob');
    floor.say('ann', { type: 'call.addParty', callId: callId(floor, caller), to: '8002' });
    floor.answer('main:extension:8002');
    floor.hangUp(seat);
    expect(floor.media.get(caller)?.playing).toBeUndefined();
    expect(floor.media.get(caller)?.bridge).toBeDefined();
  });
});

test('a survey that leads nowhere is refused with its place', () => {
  expect(() => new Floor(site({ queues: [queue('support', { survey: asId('none') }), queue('sales')] }))).toThrow(
    expect.objectContaining({ code: 'config.unresolved' }),
  );
});

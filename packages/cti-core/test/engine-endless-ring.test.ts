import { describe, expect, test } from 'vitest';
import { asId, type CallId, type IvrGraph, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, queue, site } from './support/site.js';

const phone = (number: string): string => `main:extension:${number}`;
const ringing = (floor: Floor): string[] =>
  [...floor.media.values()].filter(({ state }) => state === 'alerting').map(({ device }) => device.slice(-4));
const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;
const callOf = (floor: Floor, agent: string): CallId => floor.engine.agent(asId(agent))?.calls[0] as CallId;
const said = (floor: Floor): string | undefined => {
  const [media] = floor.sent('play').at(-1)?.media ?? [];
  return media?.kind === 'prompt' ? media.prompt : undefined;
};
const notes = (floor: Floor): string[] => floor.effects.flatMap((one) => (one.kind === 'note' ? [one.code] : []));
const clears = (floor: Floor, id: string): number =>
  floor.sent('clear').filter(({ connectionId }) => connectionId === id).length;
const sound = (floor: Floor): void => expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());

const ASKS: IvrGraph = {
  ...FRONT,
  start: 'desk',
  nodes: {
    desk: {
      type: 'transfer',
      to: { kind: 'extension', number: '8005' },
      ringTimeoutMs: 10_000,
      busy: 'END',
      noAnswer: 'nobody',
      failed: 'END',
    },
    nobody: { type: 'play', say: [{ kind: 'prompt', prompt: 'nobody' }], next: 'END' },
  },
  prompts: { nobody: { en: 'nobody' } },
};
const GROUP: IvrGraph = {
  ...ASKS,
  nodes: {
    ...ASKS.nodes,
    desk: { ...ASKS.nodes.desk, to: { kind: 'group', group: 'desk' } } as IvrGraph['nodes'][string],
  },
};

// A phone whose end of ringing the switch never tells, or whose answer is lost: its ringing is over when its time and the time to confirm are.
describe('a phone that rings without end', () => {
  test.each([
    ['a phone', ASKS],
    ['a group', GROUP],
  ])('for a flow that calls %s: the flow goes on as when nobody answers', (_what, flow) => {
    const floor = new Floor(site({ flows: [flow], groups: { desk: { ring: 'all', members: ['8005'] } } })).up();
    const caller = floor.caller('13912345678', '4008001000');
    expect(ringing(floor)).toEqual(['8005']);
    const rings = floor.at_(phone('8005'));
    floor.wait(21_000);
    expect([ringing(floor), said(floor), clears(floor, rings)]).toEqual([[], 'nobody', 1]);
    expect(floor.media.has(caller)).toBe(true);
    expect(notes(floor)).toContain('ring.unbounded');
    sound(floor);
  });

  test.each(['done', 'deaf', 'gone'] as const)('for an agent: the next one is rung (clearing: %s)', (clearing) => {
    const floor = new Floor(site({ queues: [queue('support'), queue('sales')] })).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    const rings = floor.at_(phone('8001'));
    if (clearing === 'deaf') floor.deaf.add('clear');
    if (clearing === 'gone') floor.refuse.set('clear', 'gone');
    floor.wait(1_000).ready('bob').wait(30_000);
    expect(ringing(floor)).toContain('8002');
    expect([floor.state('ann'), rung(floor, phone('8001'))]).toEqual(['notReady:ringNoAnswer', 1]);
    floor.deaf.clear();
    floor.refuse.clear();
    floor.answer(phone('8002'));
    expect(floor.media.get(caller)?.bridge).toBeDefined();
    if (clearing !== 'gone') expect(floor.wait(30_000).media.has(rings)).toBe(false);
    sound(floor);
  });

  test('for a caller whom an agent has sent on: the agent is rung again, and then the queue has them', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.caller('13912345678', '4008001001');
    floor.answer(phone('8001'));
    floor.say('ann', { type: 'call.transfer', callId: callOf(floor, 'ann'), to: '8005' });
    floor.wait(71_000);
    expect([ringing(floor), rung(floor, phone('8001'))]).toEqual([['8001'], 2]);
    floor.wait(71_000).ready('bob').wait(1_000);
    expect(ringing(floor)).toContain('8002');
    sound(floor);
  });

  test('for a caller who dialled its number: they are let go as when nobody answers', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001002');
    floor.wait(71_000);
    expect([ringing(floor), floor.media.has(caller)]).toEqual([[], false]);
    expect(floor.onlyCdr()).toMatchObject({ cause: 'noAnswer', endedBy: 'system' });
  });

  test('at the seat of an agent who wants to call: the call is over', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.say('ann', { type: 'call.make', to: '013912345678' });
    floor.wait(71_000);
    expect(ringing(floor)).toEqual([]);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'noAnswer' });
    sound(floor);
  });
});

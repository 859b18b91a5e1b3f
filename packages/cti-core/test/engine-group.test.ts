import { describe, expect, test } from 'vitest';
import { type ConnectionId, type IvrGraph, restoreEngine, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, site } from './support/site.js';

const flow: IvrGraph = {
  ...FRONT,
  start: 'desk',
  nodes: {
    desk: {
      type: 'transfer',
      to: { kind: 'group', group: 'desk' },
      ringTimeoutMs: 10_000,
      busy: 'busy',
      noAnswer: 'nobody',
      failed: 'failed',
    },
    busy: { type: 'play', say: [{ kind: 'prompt', prompt: 'busy' }], next: 'END' },
    nobody: { type: 'play', say: [{ kind: 'prompt', prompt: 'nobody' }], next: 'END' },
    failed: { type: 'play', say: [{ kind: 'prompt', prompt: 'failed' }], next: 'END' },
  },
  prompts: { busy: { en: 'busy' }, nobody: { en: 'nobody' }, failed: { en: 'failed' } },
};

const group = (ring: 'all' | 'inOrder', members = ['8001', '8002', '8003']): TenantConfig =>
  site({ flows: [flow], groups: { desk: { ring, members } } });

function called(config: TenantConfig): { readonly floor: Floor; readonly caller: ConnectionId } {
  const floor = new Floor(config).up();
  return { floor, caller: floor.caller('13912345678', '4008001000') };
}

const phone = (number: string): string => `main:extension:${number}`;
/** Phones that ring now. */
const ringing = (floor: Floor): string[] =>
  [...floor.media.values()].filter(({ state }) => state === 'alerting').map(({ device }) => device.slice(-4));
const talking = (floor: Floor): string[] =>
  [...floor.media.values()].filter(({ bridge }) => bridge !== undefined).map(({ device }) => device.slice(-4));
/** The last announcement. */
const said = (floor: Floor): string | undefined => {
  const [media] = floor.sent('play').at(-1)?.media ?? [];
  return media?.kind === 'prompt' ? media.prompt : undefined;
};
/** The phone has rung out. */
const ringOut = (floor: Floor, number: string): void => {
  const id = floor.at_(phone(number));
  floor.gone(id);
  floor.event({ type: 'cleared', connectionId: id, release: { cause: 'noAnswer' } });
};

describe('a group that is rung all at once', () => {
  test('the first that answers gets the caller, the others stop and have missed nothing', () => {
    const { floor, caller } = called(group('all'));
    floor.ready('ann', 'bob');
    floor.hangUp(caller);
    const again = floor.caller('13912345678', '4008001000');
    expect(ringing(floor).sort()).toEqual(['8001', '8002', '8003']);
    expect(floor.media.get(again)?.music).toBe('on');
    floor.wait(2000).answer(phone('8002'));
    expect(ringing(floor)).toEqual([]);
    expect(talking(floor).sort()).toEqual(['8002', 'rier']);
    expect(floor.state('ann')).toBe('ready');
    floor.wait(3000).hangUp(again);
    const cdr = [...floor.cdrs.values()].at(-1);
    expect(cdr).toMatchObject({ outcome: 'answered', agents: ['bob'], endedBy: 'caller' });
    expect(cdr).not.toHaveProperty('missedBy');
  });

  test('of two that answer at the same moment one talks and the other is let go', () => {
    const { floor } = called(group('all'));
    const [first, second] = [floor.at_(phone('8001')), floor.at_(phone('8003'))];
    floor.deaf.add('clear');
    floor.answer(phone('8001'));
    expect(floor.sent('clear').map(({ connectionId }) => connectionId)).toContain(second);
    floor.answer(phone('8003'));
    expect(floor.sent('bridge').flatMap(({ connectionIds }) => connectionIds)).not.toContain(second);
    floor.deaf.delete('clear');
    floor.wait(20_000);
    expect(floor.media.has(second)).toBe(false);
    expect(floor.media.get(first)?.bridge).toBeDefined();
  });

  test('two that were answered while the link was away: one talks', () => {
    const { floor } = called(group('all'));
    floor.down();
    for (const number of ['8001', '8003']) {
      const media = floor.media.get(floor.at_(phone(number)));
      if (media !== undefined) media.state = 'connected';
    }
    floor.up().wait(20_000);
    expect(talking(floor)).toHaveLength(2);
    expect(floor.media.size).toBe(2);
  });

  test('nobody rings on when the caller hangs up', () => {
    const { floor, caller } = called(group('all'));
    floor.hangUp(caller);
    expect(floor.media.size).toBe(0);
    floor.wait(60_000);
    expect(floor.sent('originate')).toHaveLength(3);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller' });
  });

  test('nobody answers: the way of that is taken when the last phone is still', () => {
    const { floor } = called(group('all'));
    ringOut(floor, '8001');
    ringOut(floor, '8002');
    expect(said(floor)).toBeUndefined();
    ringOut(floor, '8003');
    expect(said(floor)).toBe('nobody');
  });

  test('who is in a call is not rung; all of them busy is busy', () => {
    const { floor, caller } = called(group('all', ['8001', '8002']));
    floor.hangUp(caller);
    floor.ready('ann', 'bob');
    floor.habits.set(phone('8002'), 'busy');
    floor.caller('13811112222', '4008001001');
    floor.answer(phone('8001'));
    const before = floor.sent('originate').length;
    floor.caller('13912345678', '4008001000');
    expect(
      floor
        .sent('originate')
        .slice(before)
        .map(({ target }) => (target.kind === 'device' ? target.device : '')),
    ).toEqual([phone('8002')]);
    expect(said(floor)).toBe('busy');
  });

  test('no phone that can be dialled: failed at once', () => {
    const { floor } = called(group('all', ['7', '']));
    expect(floor.sent('originate')).toEqual([]);
    expect(said(floor)).toBe('failed');
  });

  test('a phone that is there twice rings once', () => {
    const { floor } = called(group('all', ['8001', '8001']));
    expect(ringing(floor)).toEqual(['8001']);
  });
});

describe('a group that is rung in order', () => {
  test('one after the other, until somebody answers', () => {
    const { floor } = called(group('inOrder'));
    expect(ringing(floor)).toEqual(['8001']);
    ringOut(floor, '8001');
    expect(ringing(floor)).toEqual(['8002']);
    floor.answer(phone('8002'));
    expect(talking(floor)).toHaveLength(2);
    expect(floor.sent('originate')).toHaveLength(2);
  });

  test('to the end: the strongest word is the answer', () => {
    const { floor } = called(group('inOrder'));
    floor.habits.set(phone('8002'), 'busy').set(phone('8003'), 'unreachable');
    ringOut(floor, '8001');
    expect(said(floor)).toBe('nobody');
  });

  test('goes on with the next one over a restart of the server', () => {
    const { floor } = called(group('inOrder'));
    floor.link = 'down';
    floor.input({ kind: 'recovered' });
    floor.up();
    expect(ringing(floor)).toEqual(['8001']);
    ringOut(floor, '8001');
    expect(ringing(floor)).toEqual(['8002']);
  });
});

/** The same phones, again and again for a minute. */
const orders: IvrGraph = {
  ...flow,
  nodes: {
    ...flow.nodes,
    desk: { type: 'orderDesk', group: 'desk', maxMs: 60_000, timeout: 'nobody', failed: 'failed' },
  },
};
const desk = (members?: string[]): TenantConfig => ({ ...group('all', members), flows: [orders] });

describe('the order desk', () => {
  test('rings again and again, with music meanwhile, until somebody answers', () => {
    const { floor, caller } = called(desk(['8001', '8002']));
    expect(floor.sent('originate').map(({ ringTimeoutMs }) => ringTimeoutMs)).toEqual([30_000, 30_000]);
    floor.wait(30_000);
    ringOut(floor, '8001');
    ringOut(floor, '8002');
    expect(ringing(floor)).toEqual([]);
    expect(floor.media.get(caller)).toMatchObject({ music: 'on', state: 'connected' });
    floor.wait(5000);
    expect(ringing(floor).sort()).toEqual(['8001', '8002']);
    // The last round is as short as the time that is left.
    expect(floor.sent('originate').at(-1)?.ringTimeoutMs).toBe(25_000);
    floor.answer(phone('8002'));
    expect(talking(floor)).toHaveLength(2);
    expect(ringing(floor)).toEqual([]);
    floor.wait(120_000);
    expect(floor.sent('originate')).toHaveLength(4);
  });

  test('gives up when the time is over, and rings nobody any more', () => {
    const { floor } = called(desk());
    floor.wait(30_000);
    for (const number of ['8001', '8002', '8003']) ringOut(floor, number);
    floor.wait(29_999);
    expect(ringing(floor)).toHaveLength(3);
    expect(said(floor)).toBeUndefined();
    floor.wait(1);
    expect(ringing(floor)).toEqual([]);
    expect(said(floor)).toBe('nobody');
  });

  test('waits for phones that are all busy, without asking faster than every five seconds', () => {
    const { floor } = called(desk(['8001', '8002']));
    floor.habits.set(phone('8001'), 'busy').set(phone('8002'), 'busy');
    ringOut(floor, '8001');
    ringOut(floor, '8002');
    const before = floor.sent('originate').length;
    floor.wait(30_000);
    expect(floor.sent('originate').length - before).toBe(12);
    floor.habits.set(phone('8002'), 'answers');
    floor.wait(5000);
    expect(talking(floor)).toHaveLength(2);
  });

  test('stops when the caller hangs up, while phones ring or between two rounds', () => {
    for (const waitMs of [10_000, 32_000]) {
      const { floor, caller } = called(desk(['8001']));
      if (waitMs > 30_000) ringOut(floor.wait(30_000), '8001');
      floor.wait(waitMs % 30_000).hangUp(caller);
      const before = floor.sent('originate').length;
      floor.wait(120_000);
      expect(floor.media.size).toBe(0);
      expect(floor.sent('originate')).toHaveLength(before);
      expect(floor.engine.counters().timers).toBe(0);
    }
  });

  test('goes on over a restart of the server, to the time that was meant at first', () => {
    const { floor } = called(desk(['8001']));
    floor.wait(20_000);
    floor.engine = restoreEngine(floor.engine.dump());
    floor.link = 'down';
    floor.input({ kind: 'recovered' });
    floor.wait(5000).up();
    expect(ringing(floor)).toEqual(['8001']);
    ringOut(floor.wait(5000), '8001');
    floor.wait(5000);
    expect(ringing(floor)).toEqual(['8001']);
    floor.wait(24_999);
    expect(said(floor)).toBeUndefined();
    floor.wait(1);
    expect(said(floor)).toBe('nobody');
    expect(ringing(floor)).toEqual([]);
  });
});

test('a group that is none is refused with its place', () => {
  expect(() => new Floor(site({ flows: [flow] }))).toThrow(expect.objectContaining({ code: 'config.unresolved' }));
});

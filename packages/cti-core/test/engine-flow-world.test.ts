import { describe, expect, test } from 'vitest';
import { type IvrGraph, restoreEngine, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, site } from './support/site.js';

const say = (name: string) => ({
  type: 'play' as const,
  say: [{ kind: 'prompt' as const, prompt: name }],
  next: 'END',
});

/** Says where it has come to. `hours`: open from 09:00 to 18:00 in Berlin. */
function flow(start: string): IvrGraph {
  return {
    ...FRONT,
    start,
    nodes: {
      mode: { type: 'mode', mode: 'night', ways: { on: 'night' }, otherwise: 'day' },
      list: { type: 'list', rules: [{ list: 'vip', goTo: 'vip' }], otherwise: 'anyone' },
      hours: {
        type: 'hours',
        zone: 'Europe/Berlin',
        rules: [{ from: '09:00', to: '18:00', goTo: 'day' }],
        otherwise: 'night',
      },
      words: { type: 'play', say: [{ kind: 'text', text: 'good day' }], next: 'END' },
      day: say('day'),
      night: say('night'),
      vip: say('vip'),
      anyone: say('anyone'),
    },
    prompts: Object.fromEntries(['day', 'night', 'vip', 'anyone'].map((name) => [name, { en: name }])),
  };
}

function config(start: string): TenantConfig {
  return site({
    flows: [flow(start)],
    modes: { night: { values: ['on', 'off'], initial: 'off' } },
    lists: { vip: ['139 1234 5678'] },
  });
}

const heard = (floor: Floor): string => {
  const [media] = floor.sent('play').at(-1)?.media ?? [];
  return media?.kind === 'prompt' ? media.prompt : '';
};
function call(floor: Floor, from = '13912345678'): string {
  floor.caller(from, '4008001000');
  return heard(floor);
}

describe('what a flow can see of the site', () => {
  test('a switch as it stands now, also after a restart', () => {
    const floor = new Floor(config('mode')).up();
    expect(call(floor)).toBe('day');
    floor.say('sue', { type: 'mode.set', mode: 'night', value: 'on' }, { role: 'admin' });
    expect(call(floor)).toBe('night');
    floor.engine = restoreEngine(floor.engine.dump());
    expect(call(floor)).toBe('night');
  });

  test('lists of numbers, in any form, those of another configuration from its first moment on', () => {
    const floor = new Floor(config('list')).up();
    expect(call(floor)).toBe('vip');
    expect(call(floor, '13800000000')).toBe('anyone');
    floor.input({ kind: 'config', config: { ...config('list'), lists: { vip: ['+8613800000000'] } } });
    expect(call(floor, '13800000000')).toBe('vip');
  });

  test('the time of a zone that it names, as the shell has told it', () => {
    const floor = new Floor(config('hours')).up();
    // 1,700,000,001 s is 22:13 in UTC; the site is eight hours ahead.
    floor.input({ kind: 'zones', offsets: { 'Europe/Berlin': -660 } });
    expect(call(floor)).toBe('day');
    floor.input({ kind: 'zones', offsets: { 'Europe/Berlin': 60 } });
    expect(call(floor)).toBe('night');
    floor.input({ kind: 'zones', offsets: { 'Europe/Berlin': -660 } });
    floor.engine = restoreEngine(floor.engine.dump());
    expect(call(floor)).toBe('day');
  });

  test('words go out as they are: the shell makes sound of them', () => {
    const floor = new Floor(config('words')).up();
    call(floor);
    expect(floor.sent('play').at(-1)?.media).toEqual([{ kind: 'speech', text: 'good day', language: 'en' }]);
  });
});

test.each([
  ['a mode', flow('mode'), { lists: { vip: [] } }],
  ['a list', flow('list'), { modes: { night: { values: ['on'], initial: 'on' } } }],
] as const)('%s that is none is refused with its place', (_, graph, more) => {
  expect(() => new Floor(site({ flows: [graph], ...more }))).toThrow(
    expect.objectContaining({ code: 'config.unresolved' }),
  );
});

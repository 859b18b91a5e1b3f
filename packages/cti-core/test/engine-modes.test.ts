import { describe, expect, test } from 'vitest';
import { asId, restoreEngine, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const MODES = {
  night: { values: ['day', 'night', 'holiday'], initial: 'day' },
  storm: { values: ['off', 'on'], initial: 'off' },
};
const config = (modes: TenantConfig['modes'] = MODES): TenantConfig => site(modes === undefined ? {} : { modes });
const set = (mode: string, value: string) => ({ type: 'mode.set', mode, value }) as const;
const SUPERVISOR = { role: 'supervisor' } as const;

/** What the board shows of the switches now. */
function shown(floor: Floor): Readonly<Record<string, string>> {
  const board = floor.engine.snapshotOf(asId('board'));
  return Object.fromEntries(board?.kind === 'board' ? (board.modes ?? []).map(({ mode, value }) => [mode, value]) : []);
}
const told = (floor: Floor): readonly string[] =>
  floor.told('board').flatMap((event) => (event.type === 'mode' ? [`${event.mode.mode}=${event.mode.value}`] : []));

describe('switches that operators set by hand', () => {
  test('stand as they begin until a supervisor sets one, which the board is told at once', () => {
    const floor = new Floor(config()).up();
    expect(shown(floor)).toEqual({ night: 'day', storm: 'off' });
    expect(floor.say('sue', set('night', 'night'), SUPERVISOR)).toEqual({ outcome: 'done' });
    expect(shown(floor)).toEqual({ night: 'night', storm: 'off' });
    expect(told(floor)).toEqual(['night=night']);
    expect(floor.told('board').find((event) => event.type === 'mode')).toEqual({
      type: 'mode',
      mode: { mode: 'night', value: 'night', values: MODES.night.values },
    });
  });

  test('set to what they are: done, and nobody is told twice', () => {
    const floor = new Floor(config()).up();
    floor.say('sue', set('night', 'night'), SUPERVISOR);
    expect(floor.say('sue', set('night', 'night'), SUPERVISOR)).toEqual({ outcome: 'done' });
    expect(told(floor)).toEqual(['night=night']);
  });

  test('refuse a name that is none and a value that they do not have, and stay as they are', () => {
    const floor = new Floor(config()).up();
    expect(floor.say('sue', set('fog', 'on'), SUPERVISOR)).toMatchObject({ code: 'resource.notFound' });
    expect(floor.say('sue', set('constructor', 'on'), SUPERVISOR)).toMatchObject({ code: 'resource.notFound' });
    expect(floor.say('sue', set('night', 'dusk'), SUPERVISOR)).toMatchObject({ code: 'argument.invalid' });
    expect(shown(floor)).toEqual({ night: 'day', storm: 'off' });
    expect(told(floor)).toEqual([]);
  });

  test('are nobody else’s to set', () => {
    const floor = new Floor(config()).up();
    expect(floor.say('ann', set('night', 'night'))).toMatchObject({ code: 'auth.forbidden' });
    expect(shown(floor)).toEqual({ night: 'day', storm: 'off' });
  });

  test('outlive a restart, and another configuration that still has the value', () => {
    const floor = new Floor(config()).up();
    floor.say('sue', set('night', 'holiday'), SUPERVISOR);
    floor.engine = restoreEngine(floor.engine.dump());
    expect(shown(floor)).toEqual({ night: 'holiday', storm: 'off' });
    floor.input({
      kind: 'config',
      config: config({ night: { values: ['dusk', 'holiday'], initial: 'dusk' }, storm: MODES.storm }),
    });
    expect(shown(floor)).toEqual({ night: 'holiday', storm: 'off' });
    floor.input({ kind: 'config', config: config({ night: { values: ['day', 'night'], initial: 'night' } }) });
    expect(shown(floor)).toEqual({ night: 'night' });
    floor.input({ kind: 'config', config: config() });
    expect(shown(floor)).toEqual({ night: 'day', storm: 'off' });
    // The values can be others while what is set stays: the board must know what can be set.
    expect(told(floor)).toEqual(['night=holiday', 'night=holiday', 'night=night', 'night=day', 'storm=off']);
  });

  test('a site without any shows none', () => {
    const floor = new Floor(site()).up();
    expect(floor.engine.snapshotOf(asId('board'))).not.toHaveProperty('modes');
  });

  test('a snapshot of before they were kept is read as one where nothing was set', () => {
    const floor = new Floor(config()).up();
    const { modes: _, zones: __, ...old } = JSON.parse(floor.engine.dump()) as Record<string, unknown>;
    floor.engine = restoreEngine(JSON.stringify(old));
    expect(shown(floor)).toEqual({ night: 'day', storm: 'off' });
  });
});

describe('zones', () => {
  test('are kept, renewed one by one, and restored; nonsense is left out', () => {
    const floor = new Floor(site()).up();
    floor.input({ kind: 'zones', offsets: { 'Asia/Shanghai': 480, 'Europe/Berlin': 60, Nowhere: 99_999 } });
    floor.input({ kind: 'zones', offsets: { 'Europe/Berlin': 120, Half: 0.5 } });
    const zones = (): unknown => (JSON.parse(floor.engine.dump()) as { zones: unknown }).zones;
    expect(zones()).toEqual({ 'Asia/Shanghai': 480, 'Europe/Berlin': 120 });
    floor.engine = restoreEngine(floor.engine.dump());
    expect(zones()).toEqual({ 'Asia/Shanghai': 480, 'Europe/Berlin': 120 });
  });
});

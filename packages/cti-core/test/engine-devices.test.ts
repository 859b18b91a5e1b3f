import { describe, expect, test } from 'vitest';
import { asId, type DeviceDetail, type DeviceId, type DeviceView, restoreEngine } from '../src/index.js';
import { ALL, Floor } from './support/floor.js';
import { site } from './support/site.js';

const EXT = asId<DeviceId>('main:extension:8001');
const LINE = asId<DeviceId>('main:line:3');
const SLOT = asId<DeviceId>('main:park:1');

const talking = (more: Partial<DeviceDetail> = {}): DeviceDetail => ({
  state: 'talking',
  direction: 'in',
  line: LINE,
  party: { number: '013912345678', name: 'Mei', presentation: 'allowed' },
  nativeCallRef: '17',
  ...more,
});

const floorOf = (): Floor => new Floor(site()).up(ALL, 'callControl');

function devices(floor: Floor): readonly DeviceView[] {
  const board = floor.engine.snapshotOf(asId('board'));
  return board?.kind === 'board' ? (board.devices ?? []) : [];
}
const told = (floor: Floor): readonly DeviceView[] =>
  floor.told('board').flatMap((event) => (event.type === 'device' ? [event] : []));

describe('the board of telephones, lines and park slots', () => {
  test('shows all that the switch tells of a device, its numbers as the dial plan reads them', () => {
    const floor = floorOf();
    expect(devices(floor)).toEqual([]);
    floor.event({
      type: 'devicePresence',
      device: EXT,
      presence: 'busy',
      detail: talking({ peer: SLOT, forward: '8002', messageLamp: 'on', classOfService: 4 }),
    });
    const expected = {
      device: EXT,
      presence: 'busy',
      sinceMs: floor.at,
      sinceWallMs: floor.wall0 + floor.at,
      detail: {
        state: 'talking',
        direction: 'in',
        line: LINE,
        peer: SLOT,
        party: { raw: '013912345678', e164: '+8613912345678', display: expect.any(String), presentation: 'allowed' },
        partyName: 'Mei',
        nativeCallRef: '17',
        forward: { raw: '8002', display: '8002', presentation: 'allowed' },
        messageLamp: 'on',
        classOfService: 4,
      },
    };
    expect(devices(floor)).toEqual([expected]);
    expect(told(floor)).toEqual([{ type: 'device', ...expected }]);
  });

  test('counts the time in a state: a new party, lamp or reference leaves it, another state begins anew', () => {
    const floor = floorOf();
    floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail: talking() });
    const since = floor.at;
    floor.wait(5000).event({
      type: 'devicePresence',
      device: EXT,
      presence: 'busy',
      detail: talking({ party: { number: '8002', presentation: 'allowed' }, messageLamp: 'on' }),
    });
    expect(devices(floor)).toMatchObject([{ sinceMs: since, detail: { party: { raw: '8002' }, messageLamp: 'on' } }]);
    floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail: talking({ state: 'conference' }) });
    expect(devices(floor)).toMatchObject([{ sinceMs: floor.at, detail: { state: 'conference' } }]);
    floor.wait(100).event({ type: 'devicePresence', device: EXT, presence: 'idle', detail: { state: 'idle' } });
    expect(devices(floor)).toMatchObject([{ sinceMs: floor.at, presence: 'idle', detail: { state: 'idle' } }]);
  });

  test('is told nothing twice', () => {
    const floor = floorOf();
    for (let n = 0; n < 3; n += 1) {
      floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail: talking() });
      floor.event({ type: 'devicePresence', device: LINE, presence: 'idle' });
      floor.wait(1000);
    }
    expect(told(floor)).toHaveLength(2);
  });

  test('a snapshot tells what changed meanwhile, and what it shows no more is unknown', () => {
    const floor = floorOf();
    for (const device of [EXT, SLOT]) {
      floor.event({ type: 'devicePresence', device, presence: 'busy', detail: { state: 'taken' } });
    }
    floor.event({ type: 'devicePresence', device: LINE, presence: 'idle' });
    floor.down().wait(60_000);
    const before = told(floor).length;
    floor.event({
      type: 'snapshot',
      snapshot: {
        connections: [],
        recordings: [],
        monitors: [],
        devices: [{ device: EXT, presence: 'idle', detail: { state: 'idle' } }],
      },
    });
    expect(told(floor).slice(before)).toMatchObject([
      { device: SLOT, presence: 'unknown', sinceMs: floor.at },
      { device: EXT, presence: 'idle', sinceMs: floor.at },
    ]);
    expect(devices(floor).map(({ device, presence }) => [device, presence])).toEqual([
      [EXT, 'idle'],
      [LINE, 'idle'],
      [SLOT, 'unknown'],
    ]);
    expect(devices(floor)[2]?.detail).toBeUndefined();
  });

  test('a switch that tells presences alone is shown with them', () => {
    const floor = new Floor(site()).up();
    floor.event({ type: 'devicePresence', device: EXT, presence: 'alerting' });
    expect(devices(floor)).toEqual([
      { device: EXT, presence: 'alerting', sinceMs: floor.at, sinceWallMs: floor.wall0 + floor.at },
    ]);
  });

  test('no text of a switch grows without bound', () => {
    const floor = floorOf();
    const long = '1'.repeat(500);
    const party = { number: long, name: long, presentation: 'allowed' } as const;
    const detail = { state: 'talking', party, forward: long, nativeCallRef: long } as const;
    floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail });
    const shown = devices(floor)[0]?.detail;
    expect([shown?.party?.raw.length, shown?.partyName?.length, shown?.forward?.raw.length]).toEqual([64, 128, 64]);
    expect(shown?.nativeCallRef).toHaveLength(64);
  });

  test('is the same in an engine that goes on from a dump, and one of before it was kept begins anew', () => {
    const floor = floorOf();
    floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail: talking() });
    const board = asId<never>('board');
    const dump = floor.engine.dump();
    expect(restoreEngine(dump).snapshotOf(board)).toEqual(floor.engine.snapshotOf(board));
    const { devices: _devices, ...older } = JSON.parse(dump) as Record<string, unknown>;
    const from = restoreEngine(JSON.stringify(older)).snapshotOf(board);
    expect(from?.kind === 'board' ? from.devices : 'no board').toBeUndefined();
  });

  test('agents are told of the park slots of their switch, and of no other device', () => {
    const floor = floorOf().ready('ann');
    const mine = () => floor.told('agent:ann').flatMap((event) => (event.type === 'device' ? [event.device] : []));
    floor.event({ type: 'devicePresence', device: SLOT, presence: 'busy', detail: { state: 'taken' } });
    floor.event({ type: 'devicePresence', device: EXT, presence: 'busy', detail: talking() });
    expect(mine()).toEqual([SLOT]);
    const snapshot = floor.engine.snapshotOf(asId('agent:ann'));
    expect(snapshot?.kind === 'agent' && snapshot.slots).toMatchObject([{ device: SLOT, detail: { state: 'taken' } }]);
    expect(floor.told('agent:bob').some((event) => event.type === 'device')).toBe(false);
    floor.ready('bob');
    expect(floor.told('agent:bob').filter((event) => event.type === 'device')).toHaveLength(1);
    floor.event({ type: 'devicePresence', device: SLOT, presence: 'idle', detail: { state: 'free' } });
    const after = floor.engine.snapshotOf(asId('agent:ann'));
    expect(after?.kind === 'agent' && after.slots).toBeUndefined();
  });
});

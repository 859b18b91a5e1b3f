import { describe, expect, it } from 'vitest';
import type { SwitchEvent } from './event.js';
import {
  channelRows,
  conferenceMembers,
  directoryUsers,
  dumpOf,
  ourChannels,
  registeredUsers,
  rowOf,
  sessionCount,
} from './survey.js';

const rows = (...all: readonly unknown[]): string => JSON.stringify({ row_count: all.length, rows: all });
const broken = ['', '-ERR no reply', '{"rows":', 'null', '[]', '7', '{"rows":7}', '{"rows":[null,7,"x",[]]}'];

describe('what the switch lists', () => {
  it('of channels is what lives, and a row of a wrong shape is left out', () => {
    const row = { uuid: 'u-1', application: 'uuid_bridge', application_data: 'u-2', state: 'CS_EXECUTE', more: 1 };
    expect(channelRows(rows(row, { uuid: 'u-2' }, { uuid: 'u-3', application: 7, state: null }))).toEqual([
      { uuid: 'u-1', application: 'uuid_bridge', applicationData: 'u-2', state: 'CS_EXECUTE' },
      { uuid: 'u-2', application: '', applicationData: '', state: '' },
      { uuid: 'u-3', application: '', applicationData: '', state: '' },
    ]);
    const wrong = ['', 'a b', 'a\nb', 'ü', 'x'.repeat(65), 7, undefined];
    expect(channelRows(rows(...wrong.map((uuid) => ({ uuid }))))).toEqual([]);
    expect(channelRows(rows({ uuid: 'x'.repeat(64) }))).toHaveLength(1);
  });

  it('is nothing where it cannot be read', () => {
    for (const body of broken) {
      expect([channelRows(body), registeredUsers(body), [...conferenceMembers(body)]]).toEqual([[], [], []]);
      expect(dumpOf(body)).toBeUndefined();
    }
  });

  it('of sessions is how many there are, and not the peak', () => {
    expect(sessionCount('UP 0 years\n12 session(s) - peak 40, last 5min 3\n')).toBe(12);
    expect(sessionCount('0 session(s) - peak 0')).toBe(0);
    for (const body of [
      '',
      '12 session(s) since startup',
      'x12 session(s) - peak 4',
      `${'1'.repeat(10)} session(s) - peak`,
    ]) {
      expect(sessionCount(body)).toBeUndefined();
    }
  });

  it('of registrations and of the directory are users, each once', () => {
    const users = ['8001', '8001@a', '8002@b', 'a b', '', 7, '王.1'].map((reg_user) => ({ reg_user }));
    expect(registeredUsers(rows(...users))).toEqual(['8001', '8002', '王.1']);
    const lines = [
      'userid|context|domain|group',
      '8001|default|a|sales',
      '8001|default|a|support',
      '8002|default|a|',
      '',
    ];
    expect(directoryUsers([...lines, '+OK', 'a b|default', `${'x'.repeat(65)}|d`].join('\n'))).toEqual([
      '8001',
      '8002',
    ]);
    expect(directoryUsers('-ERR\n8001|default')).toEqual([]);
    expect(directoryUsers('')).toEqual([]);
  });

  it('of conferences are their members', () => {
    const list = [
      { conference_name: 'cb-b1', members: [{ uuid: 'u1' }, { uuid: 7 }, null, { uuid: 'u2' }] },
      { conference_name: 'empty' },
      { conference_name: 7, members: [{ uuid: 'u3' }] },
      'nonsense',
    ];
    expect([...conferenceMembers(JSON.stringify(list))]).toEqual([
      ['cb-b1', ['u1', 'u2']],
      ['empty', []],
    ]);
  });

  it('of one channel reads as an event', () => {
    const dump = dumpOf(JSON.stringify({ 'Event-Name': 'CHANNEL_DATA', 'Unique-ID': 'u1', variable_x: 'y', n: 7 }));
    expect([dump?.name, dump?.get('variable_x'), dump?.get('n')]).toEqual(['CHANNEL_DATA', 'y', undefined]);
    expect(dumpOf(JSON.stringify({ 'Unique-ID': 'u1' }))?.name).toBe('');
    expect(dumpOf(JSON.stringify({ 'Event-Name': 'CHANNEL_DATA' }))).toBeUndefined();
    expect(dumpOf(JSON.stringify(['Unique-ID']))).toBeUndefined();
  });
});

const dumpWith = (headers: Readonly<Record<string, string>>): SwitchEvent => ({
  name: 'CHANNEL_DATA',
  get: (name) => headers[name],
});

it('a channel that the list lacks has the row that its own words make', () => {
  const dump = dumpWith({
    'Channel-State': 'CS_EXECUTE',
    variable_current_application: 'uuid_bridge',
    variable_current_application_data: 'u2',
  });
  expect(rowOf('u1', dump)).toEqual({
    uuid: 'u1',
    application: 'uuid_bridge',
    applicationData: 'u2',
    state: 'CS_EXECUTE',
  });
  expect(rowOf('u1', dumpWith({}))).toEqual({ uuid: 'u1', application: '', applicationData: '', state: '' });
});

describe('channels that are ours', () => {
  interface Shown {
    readonly row?: { readonly application?: string; readonly applicationData?: string; readonly state?: string };
    readonly dump?: Readonly<Record<string, string>> | undefined;
  }
  const found = (
    shown: Readonly<Record<string, Shown>>,
    conferences: Readonly<Record<string, readonly string[]>> = {},
  ) => {
    const all = Object.entries(shown);
    const channels = ourChannels({
      rows: all.map(([uuid, { row }]) => ({ uuid, application: '', applicationData: '', state: '', ...row })),
      dumps: new Map(all.flatMap(([uuid, { dump }]) => (dump === undefined ? [] : [[uuid, dumpWith(dump)] as const]))),
      conferences: new Map(Object.entries(conferences)),
      ...{ users: [], registered: [] },
    });
    return Object.fromEntries(channels.map(({ id, direction, place }) => [id, [direction, place]]));
  };
  const phone = { variable_cordboard: 'phone' };
  const marked = { ...phone, variable_cordboard_call: 'e-c1' };
  const out = { variable_cordboard: 'out' };
  const alone = { kind: 'alone' };

  it('are those that we dialled, and those that the dialplan has parked for us', () => {
    expect(
      found({
        gone: {},
        others: { dump: { 'Channel-State': 'CS_PARK' } },
        strange: { dump: { variable_cordboard: 'trunks' }, row: { state: 'CS_PARK' } },
        rings: { dump: out },
        talks: { dump: { ...out, 'Answer-State': 'answered' } },
        led: { dump: phone, row: { application: 'playback', state: 'CS_EXECUTE' } },
        runs: { dump: phone, row: { application: 'park' } },
        parked: { dump: { ...phone, 'Channel-State': 'CS_PARK' } },
        listed: { dump: { variable_cordboard: 'trunk:carrier' }, row: { state: 'CS_PARK' } },
        left: { dump: { ...phone, variable_current_application: 'playback' }, row: { application: 'park' } },
        ours: { dump: marked },
        bridged: { dump: { ...phone, variable_cordboard_bridge: 'b1' } },
      }),
    ).toEqual({
      rings: ['outgoing', { kind: 'before' }],
      talks: ['outgoing', alone],
      runs: ['incoming', alone],
      parked: ['incoming', alone],
      listed: ['incoming', alone],
      ours: ['incoming', alone],
      bridged: ['incoming', alone],
    });
  });

  it('are joined with one another when both say so', () => {
    const joined = (dump: object, withId: string, how: 'told' | 'bonded' | 'run'): Shown => {
      if (how === 'run') return { dump: { ...dump }, row: { application: 'uuid_bridge', applicationData: withId } };
      return { dump: { ...dump, [how === 'told' ? 'variable_bridge_uuid' : 'variable_signal_bond']: withId } };
    };
    expect(
      found({
        a: joined(marked, 'b', 'told'),
        b: joined(out, 'a', 'bonded'),
        c: joined(marked, 'd', 'run'),
        d: joined(out, 'c', 'told'),
        e: joined(marked, 'a', 'told'),
        f: joined(marked, 'nowhere', 'told'),
        g: { dump: marked, row: { application: 'uuid_bridge' } },
        h: { dump: marked, row: { application: 'playback', applicationData: 'g' } },
      }),
    ).toEqual({
      a: ['incoming', { kind: 'pair', withId: 'b' }],
      b: ['outgoing', { kind: 'pair', withId: 'a' }],
      c: ['incoming', { kind: 'pair', withId: 'd' }],
      d: ['outgoing', { kind: 'pair', withId: 'c' }],
      e: ['incoming', alone],
      f: ['incoming', alone],
      g: ['incoming', alone],
      h: ['incoming', alone],
    });
  });

  it('are in a conference of ours before anything else, and in none of others', () => {
    const conferences = { 'cb-b1': ['a', 'b'], lounge: ['c'] };
    expect(
      found(
        { a: { dump: phone }, b: { dump: { ...out, variable_bridge_uuid: 'a' } }, c: { dump: marked } },
        conferences,
      ),
    ).toEqual({
      a: ['incoming', { kind: 'conference', name: 'cb-b1' }],
      b: ['outgoing', { kind: 'conference', name: 'cb-b1' }],
      c: ['incoming', alone],
    });
  });
});

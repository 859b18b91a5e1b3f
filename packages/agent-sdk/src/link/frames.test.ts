import { asId, type DeviceId, type PublishedEvent, type QueueId, type StreamSnapshot } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { agentView, callView, number, popView } from '../../test/views.js';
import { isKnownEvent, readFrame } from './frames.js';

const match = { decision: 'one', customers: [{ id: '7', name: 'Mei' }] } as const;
const call = callView('connected', { match });
const queue = {
  queueId: asId<QueueId>('support'),
  name: 'Support',
  waiting: [
    {
      entryId: asId<never>('e-q1'),
      callId: call.callId,
      caller: number('1'),
      enqueuedWallMs: 5,
      priority: 0,
      offers: 0,
    },
  ],
  waitingCount: 1,
  agentsReady: 0,
  agentsLoggedOn: 2,
};
const device = {
  device: asId<DeviceId>('main:extension:801'),
  presence: 'busy',
  sinceMs: 1,
  sinceWallMs: 2,
  detail: { state: 'talking', party: number('1'), forward: number('2') },
} as const;
const mode = { mode: 'night', value: 'on', values: ['on', 'off'] };

/** Each event with the paths that its readers rely on; the last part of `path?` may be absent. */
const CALL = [
  'callId',
  'calling',
  'calling.display',
  'called',
  'called.display',
  'customer?',
  'customer.display',
  'match?',
  'match.customers',
  'match.customers.0?',
  'aliases',
  'ivrPath',
  'data',
  'recordings',
  'connections',
  'connections.1?',
  'connections.0.connectionId',
  'connections.0.state',
  'connections.0.party',
  'connections.0.party.display',
  'connections.0.actions',
];
const AGENT = ['agentId', 'state', 'queues', 'calls'];
const DEVICE = [
  'device',
  'presence',
  'sinceWallMs',
  'detail?',
  'detail.state',
  'detail.party?',
  'detail.party.display',
];
const FORWARD = ['detail.forward?', 'detail.forward.display'];
const QUEUE = ['queueId', 'waiting', 'waiting.0?', 'waiting.0.callId', 'waiting.0.caller', 'waiting.0.caller.display'];
const MODE = ['mode', 'value', 'values'];
const POP = ['popId', 'callId', 'state'];
const below = (place: string, paths: readonly string[]): string[] => [
  place,
  ...paths.map((path) => `${place}.${path}`),
];

const EVENTS: readonly (readonly [PublishedEvent, readonly string[]])[] = [
  [{ type: 'agent', agent: agentView() }, below('agent', AGENT)],
  [{ type: 'call', change: 'held', call }, below('call', CALL)],
  [{ type: 'callEnded', callId: call.callId, end: { cause: 'normalClearing' } }, ['callId', 'end']],
  [{ type: 'pop', pop: popView(), call }, [...below('pop', POP), ...below('call', CALL)]],
  [{ type: 'queue', queue }, below('queue', QUEUE)],
  [{ type: 'link', switchId: asId('main'), state: 'up' }, ['switchId', 'state']],
  [{ type: 'device', ...device }, [...DEVICE, ...FORWARD]],
  [{ type: 'mode', mode }, below('mode', MODE)],
];

const SNAPSHOTS: readonly (readonly [StreamSnapshot, readonly string[]])[] = [
  [
    { kind: 'agent', agent: agentView(), calls: [call], pops: [popView()], slots: [device] },
    [
      ...below('agent', AGENT),
      ...['calls', 'calls.0?', 'calls.0.callId', 'pops', 'pops.0?', 'pops.0.popId', 'slots?', 'slots.0?'],
      'slots.0.device',
    ],
  ],
  [{ kind: 'queue', queue, calls: [call] }, [...below('queue', QUEUE), 'calls', 'calls.0?', 'calls.0.callId']],
  [
    { kind: 'board', agents: [agentView()], queues: [queue], calls: [call], modes: [mode], devices: [device] },
    [
      ...['agents', 'agents.0?', 'agents.0.agentId', 'queues', 'queues.0?', 'queues.0.queueId', 'calls', 'calls.0?'],
      ...['calls.0.callId', 'modes?', 'modes.0?', 'modes.0.mode', 'devices?', 'devices.0?', 'devices.0.device'],
    ],
  ],
];

const cursor = { epoch: 'e1', seq: 0 };
const welcome = {
  ...{ type: 'welcome', epoch: 'e1', serverTimeMs: 1, pingMs: 2, maxFrameBytes: 3, notReadyReasons: ['break'] },
  ...{ callCategories: ['sales'], queues: [{}], speedDial: [{ code: '1', name: 'Home' }] },
};
const failed = { outcome: 'failed', code: 'call.state', message: 'no' };
const FRAMES: readonly (readonly [{ readonly type: string }, readonly string[]])[] = [
  [
    welcome,
    [
      ...['epoch', 'serverTimeMs', 'pingMs', 'maxFrameBytes', 'notReadyReasons?', 'notReadyReasons.0?'],
      ...['callCategories?', 'callCategories.0?', 'queues?', 'queues.0?', 'speedDial?', 'speedDial.0.code'],
      'speedDial.0.name',
    ],
  ],
  [{ type: 'speedDial', entries: [{ code: '1', name: 'Home' }] } as never, ['entries', 'entries.0?', 'entries.0.code']],
  [{ type: 'resumed', stream: 's', cursor } as never, ['stream', 'cursor', 'cursor.epoch', 'cursor.seq']],
  [
    { type: 'events', stream: 's', items: [{ seq: 1, event: {} }] } as never,
    ['stream', 'items', 'items.0.seq', 'items.0.event'],
  ],
  [{ type: 'unsubscribed', stream: 's' } as never, ['stream']],
  [
    { type: 'outcome', commandId: 'c', outcome: { outcome: 'done' } } as never,
    ['commandId', 'outcome', 'outcome.outcome'],
  ],
  [{ type: 'outcome', commandId: 'c', outcome: failed } as never, ['outcome.code', 'outcome.message']],
  [{ type: 'error', code: 'a.b', message: 'c' } as never, ['code', 'message']],
  [{ type: 'bye', code: 'a.b', message: 'c' } as never, ['code', 'message']],
  ...SNAPSHOTS.map(
    ([snapshot, paths]) =>
      [
        { type: 'reset', stream: 's', cursor, snapshot },
        ['stream', 'cursor', 'cursor.seq', ...below('snapshot', ['kind', ...paths])],
      ] as const,
  ),
];

type Fields = Record<string, unknown>;
const ABSENT = Symbol('absent');
/** None of these is what any field should hold. */
const WRONG: readonly unknown[] = [null, true, -1];

function changed(value: object, path: string, to: unknown): unknown {
  const copy = structuredClone(value);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce<Fields>((at, key) => at[key] as Fields, copy as Fields);
  expect(holder, path).toHaveProperty(last);
  if (to === ABSENT) delete holder[last];
  else holder[last] = to;
  return copy;
}

/** What is wrong in one place each. */
function* broken(value: object, paths: readonly string[]): Generator<readonly [what: string, value: unknown]> {
  for (const path of paths) {
    const place = path.replace('?', '');
    for (const wrong of WRONG) yield [`${place} ${String(wrong)}`, changed(value, place, wrong)];
    if (place === path) yield [`no ${place}`, changed(value, place, ABSENT)];
  }
}

describe('an event', () => {
  test.each(EVENTS)('is taken with all that its readers rely on, and never without: $type', (event, paths) => {
    expect(isKnownEvent(event)).toBe(true);
    for (const [what, value] of broken(event, paths)) expect(isKnownEvent(value), what).toBe(false);
  });

  test('of a newer server is none of ours, nor is what is none at all', () => {
    for (const event of [{ type: 'sunset' }, { type: 'toString' }, { type: 7 }, {}, null, [], 'call', undefined]) {
      expect(isKnownEvent(event)).toBe(false);
    }
  });

  test('may lack what need not be there', () => {
    const { customer: _customer, match: _match, ...less } = call;
    expect(isKnownEvent({ type: 'call', change: 'held', call: less })).toBe(true);
    const { detail: _detail, ...bare } = device;
    expect(isKnownEvent({ type: 'device', ...bare })).toBe(true);
  });
});

describe('a frame', () => {
  test.each(FRAMES)('is taken with all that its readers rely on, and never without: $type', (frame, paths) => {
    expect(readFrame(JSON.stringify(frame))).toEqual({ outcome: 'frame', frame });
    for (const [what, value] of broken(frame, paths)) {
      expect(readFrame(JSON.stringify(value)), what).toEqual({ outcome: 'unreadable' });
    }
  });

  test('that only says that somebody is there needs nothing', () => {
    for (const type of ['pong', 'probe']) {
      expect(readFrame(JSON.stringify({ type }))).toEqual({ outcome: 'frame', frame: { type } });
    }
  });

  test('of a newer server is told from what cannot be read', () => {
    for (const type of ['sunset', 'toString']) {
      expect(readFrame(JSON.stringify({ type }))).toEqual({ outcome: 'unknown' });
    }
    for (const text of ['', '{', 'null', '[]', '7', '"pong"', '{"type":7}', '{}', new Uint8Array(3), undefined]) {
      expect(readFrame(text)).toEqual({ outcome: 'unreadable' });
    }
  });

  test('with content of a kind that this version does not know is not taken', () => {
    for (const kind of ['wall', 'toString']) {
      const frame = { type: 'reset', stream: 's', cursor, snapshot: { kind } };
      expect(readFrame(JSON.stringify(frame))).toEqual({ outcome: 'unreadable' });
    }
  });

  test('with an outcome that may have happened is an answer', () => {
    const frame = { type: 'outcome', commandId: 'c', outcome: { outcome: 'unconfirmed' } };
    expect(readFrame(JSON.stringify(frame))).toEqual({ outcome: 'frame', frame });
  });
});

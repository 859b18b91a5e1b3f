import {
  type AgentView,
  asId,
  type CallView,
  type Cdr,
  type ConnectionView,
  type DeviceConfig,
  type DeviceId,
  type DeviceView,
  normalise,
  type PopView,
  type QueueView,
  type RecordingRecord,
} from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { floorConfig } from '../../test/support/floor.js';
import { readServerConfig } from '../config/read.js';
import { maskCdr, maskDevice, maskEvent, maskRecording, maskSeats, maskSnapshot } from './mask.js';
import { MaskRules } from './mask-rules.js';
import { References } from './references.js';

const { tenant } = readServerConfig({ ...floorConfig('unused'), switches: { main: () => undefined } });
const rulesOf = (maskClass: 'masked' | 'hidden') =>
  new MaskRules(maskClass, tenant, new References(new Uint8Array(32), 'main'));
const masked = rulesOf('masked');
const hidden = rulesOf('hidden');

/** A number of its own for each place, so that one that is shown says where. */
const raw = (place: number): string => `139${String(place).padStart(2, '0')}246810`;
const number = (place: number) => normalise({ number: raw(place), presentation: 'allowed' }, tenant.dialPlan);
const outside = (place: number): DeviceId => asId<DeviceId>(`main:external:${raw(place)}`);
const stands = (place: number): string => masked.reference(number(place));
const device = (place: number): string => `main:external:${masked.dialled(raw(place))}`;
const SHOWN = /246810/u;

const connection: ConnectionView = {
  connectionId: asId('main~1'),
  device: outside(1),
  state: 'connected',
  role: 'party',
  control: 'full',
  party: number(2),
  partyName: `Li ${raw(2)}`,
  sinceMs: 3,
  sinceWallMs: 4,
  actions: ['hold'],
};
const call: CallView = {
  callId: asId('c1'),
  aliases: [asId('c0')],
  direction: 'inbound',
  calling: number(3),
  called: number(4),
  customer: number(5),
  startedWallMs: 6,
  queueId: asId('support'),
  ivrPath: ['main/start'],
  data: { from: `by ${raw(3)}`, to: raw(4), who: raw(5), of: raw(2), order: '4711-0815' },
  match: {
    decision: 'many',
    customers: [
      { id: raw(3), name: `Wang ${raw(5)}`, url: `https://crm.example.com/?tel=${raw(4)}&page=2` },
      { id: '17', name: 'Zhao' },
    ],
  },
  connections: [connection, { ...connection, connectionId: asId('main~2'), party: number(6) }],
  recordings: [],
  nativeCallRef: '7-1',
};
const pop: PopView = {
  popId: asId('p1'),
  callId: asId('c1'),
  agentId: asId('ann'),
  at: 'alerting',
  url: `https://erp.example.com/?a=${raw(3)}&b=${raw(6)}`,
  match: { decision: 'one', customers: [{ id: '1', name: `Wang ${raw(5)}` }] },
  state: 'offered',
};
const queue: QueueView = {
  queueId: asId('support'),
  name: 'Support',
  waiting: [
    {
      entryId: asId('e1'),
      callId: asId('c1'),
      caller: number(7),
      enqueuedWallMs: 8,
      priority: 1,
      offers: 0,
    },
  ],
  waitingCount: 1,
  agentsReady: 0,
  agentsLoggedOn: 1,
};
const agent: AgentView = {
  agentId: asId('ann'),
  name: 'Ann',
  state: 'busy',
  sinceMs: 1,
  sinceWallMs: 2,
  seat: outside(8),
  queues: [asId('support')],
  calls: [asId('c1')],
};
const phone: DeviceView = {
  device: outside(9),
  presence: 'busy',
  sinceMs: 5,
  sinceWallMs: 6,
  detail: {
    state: 'talking',
    peer: outside(10),
    line: outside(11),
    party: number(12),
    partyName: `Liu ${raw(12)}`,
    forward: number(13),
    nativeCallRef: '7-1',
  },
};
const native = { system: 'q850', code: '16', text: `no route to ${raw(14)}` } as const;

const shownConnection = {
  ...connection,
  device: device(1),
  party: masked.number(number(2)),
  partyName: `Li ${stands(2)}`,
};
const shownCall = {
  ...call,
  calling: masked.number(number(3)),
  called: masked.number(number(4)),
  customer: masked.number(number(5)),
  data: { from: `by ${stands(3)}`, to: stands(4), who: stands(5), of: stands(2), order: '4711-0815' },
  match: {
    decision: 'many',
    customers: [
      { id: stands(3), name: `Wang ${stands(5)}`, url: `https://crm.example.com/?tel=${stands(4)}&page=2` },
      { id: '17', name: 'Zhao' },
    ],
  },
  connections: [
    shownConnection,
    { ...shownConnection, connectionId: 'main~2', party: masked.number(number(6)), partyName: `Li ${stands(2)}` },
  ],
};
const shownPop = {
  ...pop,
  url: `https://erp.example.com/?a=${stands(3)}&b=${stands(6)}`,
  match: { decision: 'one', customers: [{ id: '1', name: `Wang ${stands(5)}` }] },
};
const shownQueue = { ...queue, waiting: [{ ...queue.waiting[0], caller: masked.number(number(7)) }] };
const shownAgent = { ...agent, seat: device(8) };
const shownPhone = {
  ...phone,
  device: device(9),
  detail: {
    ...phone.detail,
    peer: device(10),
    line: device(11),
    party: masked.number(number(12)),
    partyName: `Liu ${stands(12)}`,
    forward: masked.number(number(13)),
  },
};

/** What is told, and what of it the class `masked` is shown: all of it but the numbers. */
const EVENTS = [
  [
    { type: 'call', change: 'held', call },
    { type: 'call', change: 'held', call: shownCall },
  ],
  [
    { type: 'pop', pop, call },
    { type: 'pop', pop: shownPop, call: shownCall },
  ],
  [
    { type: 'queue', queue },
    { type: 'queue', queue: shownQueue },
  ],
  [
    { type: 'agent', agent },
    { type: 'agent', agent: shownAgent },
  ],
  [
    { type: 'device', ...phone },
    { type: 'device', ...shownPhone },
  ],
  [
    { type: 'callEnded', callId: call.callId, end: { cause: 'failed', by: 'caller', native } },
    { type: 'callEnded', callId: 'c1', end: { cause: 'failed', by: 'caller', native: { system: 'q850', code: '16' } } },
  ],
] as unknown as readonly (readonly [Parameters<typeof maskEvent>[0], object])[];

describe.each(EVENTS)('$type', (event, shown) => {
  test('shows the class masked all but the numbers', () => {
    expect(maskEvent(event, masked)).toEqual(shown);
  });

  test('shows the class hidden no number, no reference and no name', () => {
    const text = JSON.stringify(maskEvent(event, hidden));
    expect(text).not.toMatch(SHOWN);
    expect(text).not.toMatch(/ref:|Wang|Zhao|Liu? |4711/u);
    expect(maskEvent(event, hidden)).toMatchObject({ type: event.type });
  });
});

describe('a snapshot', () => {
  const slot: DeviceView = { ...phone, device: asId<DeviceId>('main:extension:8701') };
  const all = [
    { kind: 'agent', agent, calls: [call], pops: [pop] },
    { kind: 'agent', agent, calls: [], pops: [], slots: [slot] },
    { kind: 'queue', queue, calls: [call] },
    { kind: 'board', agents: [agent], queues: [queue], calls: [call], devices: [phone] },
    { kind: 'board', agents: [], queues: [], calls: [] },
  ] as unknown as readonly Parameters<typeof maskSnapshot>[0][];
  const shown = [
    { kind: 'agent', agent: shownAgent, calls: [shownCall], pops: [shownPop] },
    { kind: 'agent', agent: shownAgent, calls: [], pops: [], slots: [{ ...shownPhone, device: slot.device }] },
    { kind: 'queue', queue: shownQueue, calls: [shownCall] },
    { kind: 'board', agents: [shownAgent], queues: [shownQueue], calls: [shownCall], devices: [shownPhone] },
    { kind: 'board', agents: [], queues: [], calls: [] },
  ];

  test.each(all.map((one, index) => [one, shown[index]] as const))('%# hides the same', (snapshot, expected) => {
    expect(maskSnapshot(snapshot, masked)).toEqual(expected);
    expect(JSON.stringify(maskSnapshot(snapshot, hidden))).not.toMatch(/246810|ref:|Wang|Zhao|Liu? /u);
  });
});

describe('a record', () => {
  const cdr = {
    callId: asId('c1'),
    tenant: 'main',
    direction: 'inbound',
    calling: number(20),
    called: number(21),
    customer: number(22),
    startedWallMs: 1,
    endedWallMs: 2,
    durationMs: 1,
    outcome: 'answered',
    cause: 'normal',
    native,
    endedBy: 'caller',
    endedAt: { kind: 'device', device: outside(23) },
    agents: ['ann'],
    ivrPath: [],
    data: { a: raw(20), b: raw(21), c: raw(22), d: 'blue' },
    segments: [
      { kind: 'talking', startMs: 0, endMs: 1, device: outside(24), agentId: 'ann' },
      { kind: 'queue', startMs: 1, endMs: 2, queueId: 'support' },
    ],
    merged: [{ callId: 'c2', startedWallMs: 1, mergedWallMs: 2, called: number(25) }],
    recordings: ['r1'],
    transfers: [
      { kind: 'blind', by: 'ann', to: raw(26), outcome: 'done', atMs: 1 },
      { kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done', atMs: 1 },
      { kind: 'attended', by: 'ann', to: `tel:${raw(20)}`, outcome: 'done', atMs: 1 },
    ],
  } as unknown as Cdr;

  test('shows the class masked all but the numbers', () => {
    expect(maskCdr(cdr, masked)).toEqual({
      ...cdr,
      calling: masked.number(number(20)),
      called: masked.number(number(21)),
      customer: masked.number(number(22)),
      native: { system: 'q850', code: '16' },
      endedAt: { kind: 'device', device: device(23) },
      data: { a: stands(20), b: stands(21), c: stands(22), d: 'blue' },
      segments: [{ ...cdr.segments[0], device: device(24) }, cdr.segments[1]],
      merged: [{ ...cdr.merged[0], called: masked.number(number(25)) }],
      transfers: [
        { ...cdr.transfers[0], to: masked.dialled(raw(26)) },
        cdr.transfers[1],
        { ...cdr.transfers[2], to: `tel:${stands(20)}` },
      ],
    });
    expect(JSON.stringify(maskCdr(cdr, masked))).not.toMatch(SHOWN);
  });

  test('shows the class hidden no number and no data', () => {
    const shown = maskCdr(cdr, hidden);
    expect(JSON.stringify(shown)).not.toMatch(/246810|ref:|blue/u);
    expect(shown).toMatchObject({ callId: 'c1', cause: 'normal', agents: ['ann'], data: {} });
  });

  test('that ended elsewhere than at a device is told as it is', () => {
    const { customer: _customer, native: _native, ...less } = cdr;
    const shown = maskCdr({ ...less, endedAt: { kind: 'queue', queue: asId('support') } }, masked);
    expect(shown.endedAt).toEqual({ kind: 'queue', queue: 'support' });
    expect(shown).not.toHaveProperty('customer');
    expect(shown).not.toHaveProperty('native');
  });
});

test('the class hidden still sees what is no number: calls, their parts and what the phones do', () => {
  const told = maskEvent({ type: 'pop', pop, call }, hidden);
  const none = { raw: '', display: '', presentation: 'allowed' };
  const part = { ...connection, device: 'main:external:***', party: none };
  const { partyName: _name, ...unnamed } = part;
  const { match: _match, ...unmatched } = call;
  const { match: _popMatch, url: _url, ...bare } = pop;
  expect(told).toEqual({
    type: 'pop',
    pop: bare,
    call: {
      ...unmatched,
      ...{ calling: none, called: none, customer: none, data: {} },
      connections: [unnamed, { ...unnamed, connectionId: 'main~2' }],
    },
  });
});

test('what need not be there is not made up', () => {
  const { customer: _customer, match: _match, ...less } = call;
  const { partyName: _name, ...unnamed } = connection;
  const event = { type: 'call', change: 'held', call: { ...less, data: {}, connections: [unnamed] } } as const;
  const shown = maskEvent(event, masked);
  expect(shown.type === 'call' && Object.keys(shown.call)).toEqual(Object.keys(event.call));
  const inside = { ...less, calling: number(0), called: number(0), connections: [] };
  const open = { raw: '8001', display: '8001', presentation: 'allowed' } as const;
  const within = { ...inside, calling: open, called: open, data: { order: '8001 13900246810' } };
  expect(maskEvent({ type: 'call', change: 'held', call: within }, masked)).toEqual({
    type: 'call',
    change: 'held',
    call: within,
  });
  const { match: _popMatch, url: _url, ...bare } = pop;
  expect(maskEvent({ type: 'pop', pop: bare, call }, masked)).toMatchObject({ pop: bare });
  expect(maskEvent({ type: 'pop', pop: bare, call }, masked)).not.toHaveProperty('pop.match');
  for (const detail of [{ state: 'idle' }, { state: 'talking', partyName: 'Liu' }] as const) {
    const told = { ...phone, device: asId<DeviceId>('main:extension:8001'), detail };
    expect(maskEvent({ type: 'device', ...told }, masked)).toEqual({
      type: 'device',
      ...told,
      detail: { state: detail.state },
    });
  }
  const { detail: _detail, ...idle } = { ...phone, device: asId<DeviceId>('main:extension:8001') };
  expect(maskEvent({ type: 'device', ...idle }, masked)).toEqual({ type: 'device', ...idle });
});

test('the files of a recording are told by their place only', () => {
  const record = { recordingId: 'r1', files: [`${raw(30)}.wav`, `${raw(31)}.wav`] } as unknown as RecordingRecord;
  expect(maskRecording(record)).toEqual({ recordingId: 'r1', files: ['0', '1'] });
});

test('neither seats nor devices of the configuration name a number', () => {
  const seats = { seat: outside(40), allowedSeats: [outside(41), asId<DeviceId>('main:extension:8001')], name: 'Ann' };
  expect(maskSeats(seats, masked)).toEqual({
    seat: device(40),
    allowedSeats: [device(41), 'main:extension:8001'],
    name: 'Ann',
  });
  expect(maskSeats({ name: 'Ann' } as { seat?: DeviceId }, masked)).toEqual({ name: 'Ann' });
  const config = {
    id: outside(42),
    label: 'Home',
    dial: { number: raw(43), trunk: 'main:trunk:carrier' },
  } as never as DeviceConfig;
  expect(maskDevice(config, masked)).toEqual({
    id: device(42),
    label: 'Home',
    dial: { number: masked.dialled(raw(43)), trunk: 'main:trunk:carrier' },
  });
  expect(maskDevice({ id: asId<DeviceId>('main:extension:8001'), label: '' }, masked)).toEqual({
    id: 'main:extension:8001',
    label: '',
  });
});

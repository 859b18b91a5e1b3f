import { asId, type ConnectionId, type DriverCommand, type SwitchId } from '@cordboard/cti-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KtsMessage } from '../wire/kts/index.js';
import { Board } from './board.js';
import { Calls } from './calls.js';
import { ServiceMap } from './commands.js';
import { Devices } from './devices.js';
import { resync } from './resync.js';

const SWITCH = asId<SwitchId>('m');
const lines = new Map([
  [1, { name: 'main', trunk: 'city' }],
  [2, { trunk: 'city' }],
  [3, { trunk: 'city' }],
]);
const devices = new Devices({ switchId: SWITCH, lines });

let board: Board;
let calls: Calls;
let services: ServiceMap;
/** 801 talks to line 1 in call 7 and holds call 8; 802 rings in call 9; line 3 is free, call 12 waits on slot 4. */
const scene: readonly KtsMessage[] = [
  { type: 'extState', ext: '801', extState: 'talk', call: 7, line: 1 },
  { type: 'lineState', line: 1, lineState: 'talk', call: 7, peer: '801', dir: 'in' },
  { type: 'lineState', line: 2, lineState: 'talk', call: 9, dir: 'in' },
  { type: 'lineState', line: 3, lineState: 'idle' },
  { type: 'extState', ext: '802', extState: 'ring', call: 9 },
  { type: 'extState', ext: '803', extState: 'hold' },
  { type: 'parkState', slot: 4, parkState: 'taken', call: 12 },
];

beforeEach(() => {
  board = new Board();
  calls = new Calls({ switchId: SWITCH, devices, board: () => board, tell: () => {}, epochOf: () => undefined });
  calls.connections.boot = 1;
  for (const message of scene) board.take(message);
  resync(calls, { board, awayMs: 1_000 });
  services = new ServiceMap({ calls, devices, board: () => board });
});

const idOf = (device: string): ConnectionId => {
  const found = calls.connections.all.find((each) => each.device === device);
  if (found === undefined) throw new Error(`no connection of ${device}`);
  return found.connectionId;
};
const ask = (type: string, more: object = {}) =>
  services.of({ commandId: 'k1', boundMs: 5_000, type, ...more } as unknown as DriverCommand);
const at = (device: string, type: string, more: object = {}) => ask(type, { connectionId: idOf(device), ...more });
const one = (op: string, ext: string, more: object = {}) => ({ ext, requests: [{ type: 'call', op, ext, ...more }] });

describe('a service at a connection', () => {
  it('is one request of its telephone, in the call that it is in', () => {
    expect(at('x802', 'answer')).toEqual(one('answer', '802', { call: 9 }));
    expect(at('x801', 'hold')).toEqual(one('hold', '801', { call: 7 }));
    expect(at('x801', 'retrieve')).toEqual(one('retrieve', '801', { call: 7 }));
    expect(at('x801', 'clear')).toEqual(one('hangup', '801', { call: 7 }));
    expect(at('x801', 'singleStepTransfer', { to: '0139' })).toEqual(one('transfer', '801', { call: 7, to: '0139' }));
    expect(at('x801', 'singleStepConference', { to: '802' })).toEqual(one('conf', '801', { call: 7, to: '802' }));
    expect(at('x801', 'park')).toEqual(one('park', '801', { call: 7 }));
    expect(at('x801', 'park', { slot: 255 })).toEqual(one('park', '801', { call: 7, slot: 255 }));
  });

  it('of a line is done by the telephone that talks on it, where it is the end of the call; else by nobody', () => {
    expect(at('l1', 'clear')).toEqual(one('hangup', '801', { call: 7 }));
    expect(at('l2', 'clear')).toBe('notSupported');
    expect(at('l1', 'hold')).toBe('notSupported');
  });

  it('that is gone is refused as gone; of one that is to come it is asked of its telephone', () => {
    expect(ask('hold', { connectionId: 'm~none' })).toBe('gone');
    calls.expected.add({ ext: '805', connectionId: asId('m~new'), callId: asId('e-c1'), call: 'c12' });
    expect(ask('clear', { connectionId: 'm~new' })).toEqual(one('hangup', '805', { call: 12 }));
    expect(ask('clear', { connectionId: 'm~other' })).toBe('gone');
  });

  it('without a number of its call names none', () => {
    expect(at('x803', 'retrieve')).toEqual(one('retrieve', '803'));
  });
});

describe('keys', () => {
  const tones = { toneMs: 100, gapMs: 100 };
  it('go out in parts that a request can carry, in order', () => {
    const digits = `${'1'.repeat(32)}${'2'.repeat(31)}#`;
    expect(at('x801', 'sendDigits', { digits, ...tones })).toEqual({
      ext: '801',
      requests: [
        { type: 'call', op: 'digits', ext: '801', call: 7, to: '1'.repeat(32) },
        { type: 'call', op: 'digits', ext: '801', call: 7, to: `${'2'.repeat(31)}#` },
      ],
    });
    expect(ask('sendDigits', { connectionId: 'm~none', digits: '1', ...tones })).toBe('gone');
  });

  it.each([
    { digits: '' },
    { digits: 'E' },
    { digits: '1'.repeat(65) },
    { toneMs: 39 },
    { toneMs: 1_001 },
    { gapMs: 39 },
    { gapMs: 1_001 },
  ])('are refused: %j', (wrong) => {
    expect(at('x801', 'sendDigits', { digits: '1', ...tones, ...wrong })).toBe('invalid');
  });

  it('may last from 40 ms to a second', () => {
    for (const ms of [40, 1_000])
      expect(at('x801', 'sendDigits', { digits: '1', toneMs: ms, gapMs: ms })).toHaveProperty('ext');
  });

  it('follow a flash, with its pauses in the words of the PBX', () => {
    const flash = { type: 'call', op: 'flash', ext: '801', call: 7 };
    expect(at('x801', 'flash', { after: 'stay' })).toEqual({ ext: '801', requests: [flash] });
    expect(at('x801', 'flash', { after: 'stay', digits: '9,,0' })).toEqual({
      ext: '801',
      requests: [flash, { type: 'call', op: 'digits', ext: '801', call: 7, to: '9PP0' }],
    });
    expect(at('x801', 'flash', { after: 'hangUp' })).toBe('notSupported');
    for (const digits of ['', '9P', 'x', '1'.repeat(65)])
      expect(at('x801', 'flash', { after: 'stay', digits })).toBe('invalid');
    expect(ask('flash', { connectionId: 'm~none', after: 'stay', digits: '1' })).toBe('gone');
  });
});

describe('two calls of a telephone', () => {
  const add = (ext: string, connectionId: string) =>
    calls.expected.add({ ext, connectionId: asId(connectionId), callId: asId('e-c1') });

  it('are joined by it', () => {
    add('801', 'm~held');
    for (const [type, op] of [
      ['transfer', 'transfer'],
      ['conference', 'conf'],
    ] as const) {
      expect(at('x801', type, { heldId: 'm~held' })).toEqual(one(op, '801'));
    }
  });

  it('are two, of one telephone, and both there', () => {
    add('802', 'm~else');
    expect(at('x801', 'transfer', { heldId: 'm~else' })).toBe('conflict');
    expect(at('x801', 'transfer', { heldId: idOf('x801') })).toBe('conflict');
    expect(at('x801', 'transfer', { heldId: 'm~none' })).toBe('gone');
    expect(ask('transfer', { connectionId: 'm~none', heldId: idOf('x801') })).toBe('gone');
    expect(at('x801', 'transfer', { heldId: idOf('l1') })).toBe('notSupported');
  });
});

describe('a service that brings a connection', () => {
  const brings = { connectionId: 'm~new', callId: 'e-c1' };
  const bring = (type: string, more: object = {}) =>
    ask(type, { device: 'm:extension:805', connectionId: 'm~new', mark: { callId: 'e-c1' }, ...more });
  const brought = (op: string, more: object = {}, beside: object = {}) => ({
    ...one(op, '805', more),
    brings: { ...brings, ...beside },
  });

  it('makes a call, by a line or a free one of a trunk, for an account', () => {
    expect(bring('makeCall', { to: '0139*#+' })).toEqual(brought('make', { to: '0139*#+' }));
    expect(bring('makeCall', { to: '1', trunk: 'm:line:main' })).toEqual(brought('make', { to: '1', line: 1 }));
    expect(bring('makeCall', { to: '1', trunk: 'm:line:255' })).toEqual(brought('make', { to: '1', line: 255 }));
    expect(bring('makeCall', { to: '1', trunk: 'm:trunk:city' })).toEqual(brought('make', { to: '1', line: 3 }));
    expect(bring('makeCall', { to: '1', account: '42' })).toEqual(brought('make', { to: '1', account: '42' }));
    expect(bring('makeCall', { to: '1', account: '' })).toEqual(brought('make', { to: '1' }));
    board.take({ type: 'lineState', line: 3, lineState: 'dial' });
    expect(bring('makeCall', { to: '1', trunk: 'm:trunk:city' })).toBe('rejected');
  });

  it('takes back, picks up, pages and redials', () => {
    expect(bring('unpark', { slot: 4 })).toEqual(brought('unpark', { slot: 4 }, { call: 'c12' }));
    expect(bring('unpark', { slot: 5 })).toEqual(brought('unpark', { slot: 5 }));
    expect(bring('pickUp')).toEqual(brought('pickup'));
    expect(bring('pickUp', { from: 'm:extension:802' })).toEqual(brought('pickup', { to: '802' }));
    expect(bring('page', { zone: 0 })).toEqual(brought('page', { to: '0' }));
    expect(bring('page', { zone: 9 })).toEqual(brought('page', { to: '9' }));
    expect(bring('redial')).toEqual(brought('redial'));
  });

  it.each<[string, object]>([
    ['makeCall', { to: '' }],
    ['makeCall', { to: '1'.repeat(33) }],
    ['makeCall', { to: '1 2' }],
    ['makeCall', { to: '1', account: 'x' }],
    ['makeCall', { to: '1', account: '1'.repeat(17) }],
    ['makeCall', { to: '1', trunk: 'm:trunk:none' }],
    ['makeCall', { to: '1', trunk: 'other:line:1' }],
    ['makeCall', { to: '1', trunk: 'm:line:256' }],
    ['makeCall', { to: '1', trunk: 'm:line:0' }],
    ['makeCall', { to: '1', trunk: 'm:line:1.5' }],
    ['makeCall', { to: '1', trunk: 'm:extension:801' }],
    ['makeCall', { to: '1', device: 'm:line:1' }],
    ['makeCall', { to: '1', device: 'other:extension:805' }],
    ['makeCall', { to: '1', device: 'm:extension:123456789' }],
    ['makeCall', { to: '1', device: 'm:extension:a' }],
    ['makeCall', { to: '1', connectionId: 'm~a b' }],
    ['makeCall', { to: '1', boundMs: 99 }],
    ['makeCall', { to: '1', boundMs: 60_001 }],
    ['page', { zone: -1 }],
    ['page', { zone: 10 }],
    ['page', { zone: 1.5 }],
    ['pickUp', { from: 'm:line:1' }],
    ['pickUp', { from: 'm:extension:a' }],
    ['unpark', { slot: 0 }],
    ['unpark', { slot: 256 }],
    ['unpark', { slot: 1.5 }],
  ])('is refused: %s %j', (type, more) => {
    expect(bring(type, more)).toBe('invalid');
  });

  it('has an id of its own', () => {
    expect(bring('redial', { connectionId: idOf('x801') })).toBe('conflict');
    calls.expected.add({ ext: '806', connectionId: asId('m~new'), callId: asId('e-c2') });
    expect(bring('redial')).toBe('conflict');
  });

  it('may take as long as 100 ms to a minute', () => {
    for (const boundMs of [100, 60_000]) expect(bring('redial', { boundMs })).toHaveProperty('ext');
  });
});

it('refuses what this PBX has no word for, and numbers that are none', () => {
  for (const type of ['play', 'record', 'bridge', 'monitor', 'originate'])
    expect(at('x801', type)).toBe('notSupported');
  for (const type of ['singleStepTransfer', 'singleStepConference'])
    expect(at('x801', type, { to: 'x' })).toBe('invalid');
  for (const slot of [0, 256, 1.5]) expect(at('x801', 'park', { slot })).toBe('invalid');
});

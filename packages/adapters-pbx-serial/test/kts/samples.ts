import type { KtsHeader, KtsMessage } from '../../src/wire/kts/index.js';

/** A message of each type with every field in use somewhere; the worked frames of docs/protocols/kts-1.md are these. */
export const SAMPLES: readonly { readonly header: KtsHeader; readonly message: KtsMessage }[] = [
  { header: { seq: 0, node: 0 }, message: { type: 'ready', boot: 305419896, model: 'KTS-816' } },
  {
    header: { seq: 0, node: 0 },
    message: { type: 'hello', session: 2596069104, model: 'Cordboard', version: '0.1', window: 4 },
  },
  {
    header: { seq: 0, node: 0 },
    message: {
      type: 'welcome',
      session: 2596069104,
      boot: 305419896,
      lines: 8,
      exts: 16,
      caps: ['state', 'cdr', 'param', 'clock', 'call', 'hotel', 'callerid', 'park'],
      model: 'KTS-816',
      version: '1.00',
      window: 4,
      store: 10066329,
      first: 501,
      next: 504,
    },
  },
  { header: { seq: 0, node: 0 }, message: { type: 'heartbeat' } },
  { header: { seq: 41, node: 0 }, message: { type: 'ack' } },
  { header: { seq: 42, node: 0 }, message: { type: 'nak', reason: 'gap' } },
  { header: { seq: 0, node: 0 }, message: { type: 'bye', text: 'restart' } },
  {
    header: { seq: 41, node: 0 },
    message: { type: 'lineState', line: 3, lineState: 'ring', call: 7, number: '13912345678', dir: 'in' },
  },
  {
    header: { seq: 43, node: 0 },
    message: {
      type: 'callerId',
      line: 3,
      presentation: 'number',
      call: 7,
      number: '13912345678',
      name: '张三',
      nameBytes: Uint8Array.from([0xd5, 0xc5, 0xc8, 0xfd]),
      charset: 'gbk',
      at: '2026-11-22T09:30:00',
    },
  },
  {
    header: { seq: 44, node: 0 },
    message: {
      type: 'extState',
      ext: '801',
      extState: 'ring',
      call: 7,
      line: 3,
      number: '13912345678',
      dir: 'in',
      dnd: false,
      forward: '',
      cls: 2,
      lamp: true,
    },
  },
  {
    header: { seq: 45, node: 0 },
    message: { type: 'extState', ext: '801', extState: 'idle', end: 'normal', epoch: 9 },
  },
  { header: { seq: 46, node: 0 }, message: { type: 'digits', ext: '802', digits: '0P13912345678#', line: 1, call: 8 } },
  {
    header: { seq: 47, node: 0 },
    message: { type: 'parkState', slot: 1, parkState: 'taken', call: 7, line: 3, peer: '801' },
  },
  {
    header: { seq: 48, node: 0 },
    message: {
      type: 'cdr',
      store: 10066329,
      record: 501,
      start: '2026-11-22T09:30:12',
      durationS: 185,
      dir: 'in',
      end: 'transferred',
      call: 7,
      part: 1,
      more: true,
      ringS: 12,
      heldS: 20,
      ext: '801',
      line: 3,
      number: '13912345678',
      name: '张三',
      peer: '802',
      account: '4711',
      charge: 120,
      pulses: 3,
    },
  },
  {
    header: { seq: 49, node: 0 },
    message: {
      type: 'cdr',
      store: 10066329,
      record: 502,
      start: '2026-11-22T09:33:17',
      durationS: 60,
      dir: 'in',
      end: 'cut',
      call: 7,
      part: 2,
      ext: '802',
      line: 3,
      number: '13912345678',
      from: '801',
      estimated: true,
    },
  },
  { header: { seq: 7, node: 0 }, message: { type: 'cdrAck', store: 10066329, record: 502 } },
  { header: { seq: 50, node: 0 }, message: { type: 'cdrLost', store: 10066329, first: 700 } },
  { header: { seq: 8, node: 0 }, message: { type: 'clockGet', ref: 258 } },
  { header: { seq: 51, node: 0 }, message: { type: 'clock', ref: 258, at: '2026-11-22T09:31:05' } },
  { header: { seq: 9, node: 0 }, message: { type: 'clockSet', ref: 259, at: '2026-11-22T09:31:07' } },
  { header: { seq: 52, node: 0 }, message: { type: 'result', ref: 259, code: 'ok' } },
  { header: { seq: 10, node: 0 }, message: { type: 'login', ref: 260, password: '1967590' } },
  { header: { seq: 11, node: 0 }, message: { type: 'paramGet', ref: 261, item: 2, index: 801, field: 1, count: 2 } },
  {
    header: { seq: 53, node: 0 },
    message: {
      type: 'paramValue',
      ref: 261,
      item: 2,
      index: 801,
      field: 1,
      valueType: 'uint',
      values: [Uint8Array.from([2]), Uint8Array.from([6])],
    },
  },
  {
    header: { seq: 12, node: 0 },
    message: {
      type: 'paramSet',
      ref: 262,
      item: 2,
      index: 801,
      field: 1,
      valueType: 'uint',
      values: [Uint8Array.from([3]), Uint8Array.from([9])],
    },
  },
  {
    header: { seq: 54, node: 0 },
    message: { type: 'result', ref: 262, code: 'range', codes: ['ok', 'range'], text: 'class 1-6' },
  },
  { header: { seq: 55, node: 0 }, message: { type: 'paramChanged', item: 2, index: 801, field: 1, count: 1 } },
  { header: { seq: 13, node: 0 }, message: { type: 'logout', ref: 263 } },
  {
    header: { seq: 14, node: 0 },
    message: { type: 'call', ref: 264, op: 'make', ext: '801', to: '13912345678', line: 2, account: '4711' },
  },
  { header: { seq: 56, node: 0 }, message: { type: 'callResult', ref: 264, code: 'ok', call: 9, line: 2 } },
  { header: { seq: 15, node: 0 }, message: { type: 'call', ref: 265, op: 'park', ext: '801', slot: 1, call: 9 } },
  {
    header: { seq: 57, node: 0 },
    message: { type: 'callResult', ref: 265, code: 'slottaken', slot: 1, text: 'slot 1' },
  },
  {
    header: { seq: 16, node: 0 },
    message: { type: 'hotelSet', ref: 266, hotelOp: 'wake', ext: '801', at: '2026-11-23T06:30:00', on: true },
  },
  {
    header: { seq: 58, node: 0 },
    message: { type: 'hotelState', hotelOp: 'wake', ext: '801', outcome: 'answered', at: '2026-11-23T06:30:04' },
  },
  { header: { seq: 17, node: 0 }, message: { type: 'snapshotGet', ref: 267 } },
  {
    header: { seq: 59, node: 0 },
    message: { type: 'snapshot', ref: 267, epoch: 9, idleExt: ['801', '802'], idleLine: [1, 2, 4] },
  },
  { header: { seq: 60, node: 0 }, message: { type: 'snapshotEnd', epoch: 9 } },
  { header: { seq: 0, node: 0 }, message: { type: 'error', code: 'nosession', text: 'say HELLO' } },
];

/** A frame in plain data, its keys in order: for comparing as text. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, plain(each)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a field holds, and how it stands on the wire: see "Kinds of value" in docs/protocols/kts-1.md. */
export type FieldKind = 'u8' | 'u16' | 'u32' | 'flag' | 'text' | 'digits' | 'bytes' | 'time' | 'set' | 'word';

/** One field of the dictionary. A tag means the same in every message; an ASCII key is unique within a message. */
export interface FieldDefinition {
  readonly tag: number;
  readonly key: string;
  readonly kind: FieldKind;
  /** Longest value in bytes, for `text`, `digits` and `bytes`. */
  readonly max?: number;
  /** Words of a `word` (the place is the code) or of a `set` (the place is the bit). */
  readonly words?: readonly string[];
  /** May stand several times in one message; the values are kept in order. */
  readonly list?: 'list';
}

/** States of an outside line; the place in the list is the code of kts-bin/1. */
export const LINE_STATES = [
  'oos',
  'idle',
  'ring',
  'seized',
  'dial',
  'ringback',
  'talk',
  'held',
  'busy',
  'wrap',
  'parked',
  'conf',
] as const;

/** States of an extension. */
export const EXT_STATES = [
  'oos',
  'idle',
  'offhook',
  'dial',
  'ring',
  'intalk',
  'talk',
  'hold',
  'howl',
  'ringback',
  'conf',
  'busy',
  'prog',
] as const;

/** States of a park slot. */
export const PARK_STATES = ['free', 'taken'] as const;

/** Which way a call goes, seen from the PBX. */
export const DIRECTIONS = ['in', 'out', 'internal'] as const;

/** Why a call, or one part of it, ended. */
export const ENDS = [
  'unknown',
  'normal',
  'busy',
  'noanswer',
  'rejected',
  'failed',
  'transferred',
  'abandoned',
  'cut',
  'barred',
] as const;

/** Outcome of a request. */
export const RESULT_CODES = [
  'ok',
  'unknowntype',
  'badfield',
  'unsupported',
  'denied',
  'nodevice',
  'wrongstate',
  'busy',
  'noline',
  'barred',
  'slottaken',
  'slotempty',
  'range',
  'readonly',
  'failed',
  'toomany',
  'locked',
  'nosession',
  'badstore',
] as const;

/** Why a frame is to be sent again. */
export const NAK_REASONS = ['unknown', 'check', 'gap', 'toolong', 'full'] as const;

/** How the caller's number is to be taken. */
export const PRESENTATIONS = ['number', 'withheld', 'unavailable', 'payphone', 'overseas'] as const;

/** Charset of a name that came as bytes. */
export const CHARSETS = ['unknown', 'ascii', 'gbk', 'utf8', 'latin1', 'shiftjis', 'big5', 'utf16be'] as const;

/** What a PBX can do; the place is the bit. */
export const CAPABILITIES = [
  'state',
  'cdr',
  'param',
  'clock',
  'call',
  'hotel',
  'callerid',
  'digits',
  'park',
  'conf',
  'page',
  'flash',
  'charge',
] as const;

/** Services of the CALL message. */
export const CALL_OPS = [
  'none',
  'make',
  'answer',
  'hangup',
  'hold',
  'retrieve',
  'transfer',
  'conf',
  'park',
  'unpark',
  'page',
  'redial',
  'pickup',
  'flash',
  'digits',
] as const;

/** Services of the HOTEL message. */
export const HOTEL_OPS = [
  'none',
  'checkin',
  'checkout',
  'class',
  'wake',
  'wakeclear',
  'lamp',
  'dnd',
  'room',
  'name',
  'move',
] as const;

/** What became of a wake-up call. */
export const WAKE_OUTCOMES = ['unknown', 'answered', 'noanswer', 'busy'] as const;

/** How the bytes of a parameter's value are to be read. */
export const VALUE_TYPES = ['none', 'uint', 'text', 'digits', 'flag', 'hhmm', 'bytes'] as const;

/** The dictionary of fields of kts-bin/1 and kts-ascii/1. Source: docs/protocols/kts-1.md, "Fields". */
export const FIELDS = {
  ref: { tag: 0x01, key: 'r', kind: 'u16' },
  session: { tag: 0x02, key: 'ss', kind: 'u32' },
  boot: { tag: 0x03, key: 'bt', kind: 'u32' },
  model: { tag: 0x04, key: 'md', kind: 'text', max: 32 },
  version: { tag: 0x05, key: 'vr', kind: 'text', max: 16 },
  lines: { tag: 0x06, key: 'nl', kind: 'u8' },
  exts: { tag: 0x07, key: 'nx', kind: 'u16' },
  caps: { tag: 0x08, key: 'cp', kind: 'set', words: CAPABILITIES },
  window: { tag: 0x09, key: 'w', kind: 'u8' },
  epoch: { tag: 0x0a, key: 'ep', kind: 'u32' },
  reason: { tag: 0x0b, key: 'rs', kind: 'word', words: NAK_REASONS },
  code: { tag: 0x0c, key: 'c', kind: 'word', words: RESULT_CODES },
  codes: { tag: 0x0d, key: 'cc', kind: 'word', words: RESULT_CODES, list: 'list' },
  text: { tag: 0x0e, key: 'tx', kind: 'text', max: 64 },
  line: { tag: 0x10, key: 'l', kind: 'u8' },
  ext: { tag: 0x11, key: 'x', kind: 'digits', max: 8 },
  lineState: { tag: 0x12, key: 's', kind: 'word', words: LINE_STATES },
  extState: { tag: 0x13, key: 's', kind: 'word', words: EXT_STATES },
  parkState: { tag: 0x14, key: 's', kind: 'word', words: PARK_STATES },
  call: { tag: 0x15, key: 'id', kind: 'u16' },
  peer: { tag: 0x16, key: 'p', kind: 'digits', max: 8 },
  number: { tag: 0x17, key: 'n', kind: 'digits', max: 32 },
  dir: { tag: 0x18, key: 'd', kind: 'word', words: DIRECTIONS },
  end: { tag: 0x19, key: 'e', kind: 'word', words: ENDS },
  at: { tag: 0x1a, key: 't', kind: 'time' },
  dnd: { tag: 0x1b, key: 'dnd', kind: 'flag' },
  forward: { tag: 0x1c, key: 'fw', kind: 'digits', max: 32 },
  cls: { tag: 0x1d, key: 'cl', kind: 'u8' },
  slot: { tag: 0x1e, key: 'sl', kind: 'u8' },
  lamp: { tag: 0x1f, key: 'mw', kind: 'flag' },
  name: { tag: 0x20, key: 'nm', kind: 'text', max: 64 },
  nameBytes: { tag: 0x21, key: 'nb', kind: 'bytes', max: 64 },
  charset: { tag: 0x22, key: 'cs', kind: 'word', words: CHARSETS },
  presentation: { tag: 0x23, key: 'k', kind: 'word', words: PRESENTATIONS },
  digits: { tag: 0x24, key: 'dg', kind: 'digits', max: 32 },
  record: { tag: 0x30, key: 'no', kind: 'u32' },
  store: { tag: 0x31, key: 'st', kind: 'u32' },
  part: { tag: 0x32, key: 'pt', kind: 'u8' },
  more: { tag: 0x33, key: 'mo', kind: 'flag' },
  start: { tag: 0x34, key: 'b', kind: 'time' },
  durationS: { tag: 0x35, key: 'du', kind: 'u32' },
  ringS: { tag: 0x36, key: 'ri', kind: 'u16' },
  heldS: { tag: 0x37, key: 'he', kind: 'u16' },
  account: { tag: 0x38, key: 'ac', kind: 'digits', max: 16 },
  charge: { tag: 0x39, key: 'ch', kind: 'u32' },
  pulses: { tag: 0x3a, key: 'pu', kind: 'u16' },
  from: { tag: 0x3b, key: 'fr', kind: 'digits', max: 8 },
  estimated: { tag: 0x3c, key: 'es', kind: 'flag' },
  first: { tag: 0x3d, key: 'fi', kind: 'u32' },
  next: { tag: 0x3e, key: 'ne', kind: 'u32' },
  item: { tag: 0x40, key: 'i', kind: 'u16' },
  index: { tag: 0x41, key: 'ix', kind: 'u16' },
  field: { tag: 0x42, key: 'f', kind: 'u8' },
  valueType: { tag: 0x43, key: 'vt', kind: 'word', words: VALUE_TYPES },
  values: { tag: 0x44, key: 'v', kind: 'bytes', max: 64, list: 'list' },
  count: { tag: 0x45, key: 'ct', kind: 'u8' },
  password: { tag: 0x46, key: 'pw', kind: 'text', max: 16 },
  op: { tag: 0x50, key: 'o', kind: 'word', words: CALL_OPS },
  to: { tag: 0x51, key: 'to', kind: 'digits', max: 32 },
  hotelOp: { tag: 0x60, key: 'o', kind: 'word', words: HOTEL_OPS },
  on: { tag: 0x61, key: 'on', kind: 'flag' },
  status: { tag: 0x62, key: 'rm', kind: 'u8' },
  outcome: { tag: 0x63, key: 'oc', kind: 'word', words: WAKE_OUTCOMES },
  idleExt: { tag: 0x70, key: 'ie', kind: 'digits', max: 8, list: 'list' },
  idleLine: { tag: 0x71, key: 'il', kind: 'u8', list: 'list' },
} as const satisfies Record<string, FieldDefinition>;

/** Name of a field. */
export type FieldName = keyof typeof FIELDS;

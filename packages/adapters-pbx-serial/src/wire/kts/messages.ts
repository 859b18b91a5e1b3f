import { FIELDS, type FieldDefinition, type FieldName } from './fields.js';

/** Which part a message plays: asks, answers (or acknowledges), tells. Fixed for each type. */
export type MessageClass = 'request' | 'answer' | 'event';

/** What stands in the table of messages. */
export interface MessageDefinition {
  /** Byte of kts-bin/1. */
  readonly code: number;
  /** Word of kts-ascii/1. */
  readonly word: string;
  readonly cls: MessageClass;
  readonly from: 'host' | 'pbx' | 'both';
  /** `reliable`: numbered and acknowledged. `bare`: neither. */
  readonly link: 'reliable' | 'bare';
  readonly must: readonly FieldName[];
  readonly may: readonly FieldName[];
}

/** All messages of version 1. Source: docs/protocols/kts-1.md, "Messages". */
export const MESSAGES = {
  hello: {
    code: 0x01,
    word: 'HELLO',
    cls: 'request',
    from: 'host',
    link: 'bare',
    must: ['session'],
    may: ['model', 'version', 'window'],
  },
  heartbeat: { code: 0x02, word: 'BEAT', cls: 'event', from: 'both', link: 'reliable', must: [], may: [] },
  welcome: {
    code: 0x03,
    word: 'WELCOME',
    cls: 'answer',
    from: 'pbx',
    link: 'bare',
    must: ['session', 'boot', 'lines', 'exts', 'caps'],
    may: ['model', 'version', 'window', 'store', 'first', 'next'],
  },
  ready: { code: 0x04, word: 'READY', cls: 'event', from: 'pbx', link: 'bare', must: ['boot'], may: ['model'] },
  bye: { code: 0x05, word: 'BYE', cls: 'event', from: 'both', link: 'bare', must: [], may: ['text'] },
  ack: { code: 0x06, word: 'ACK', cls: 'answer', from: 'both', link: 'bare', must: [], may: [] },
  nak: { code: 0x15, word: 'NAK', cls: 'answer', from: 'both', link: 'bare', must: ['reason'], may: [] },
  lineState: {
    code: 0x10,
    word: 'LINE',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['line', 'lineState'],
    may: ['call', 'peer', 'number', 'dir', 'end', 'at', 'epoch'],
  },
  extState: {
    code: 0x11,
    word: 'EXT',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['ext', 'extState'],
    may: ['call', 'line', 'peer', 'number', 'dir', 'end', 'dnd', 'forward', 'cls', 'lamp', 'at', 'epoch'],
  },
  callerId: {
    code: 0x12,
    word: 'CID',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['line', 'presentation'],
    may: ['call', 'number', 'name', 'nameBytes', 'charset', 'at'],
  },
  digits: {
    code: 0x13,
    word: 'DIGITS',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['ext', 'digits'],
    may: ['line', 'call', 'at'],
  },
  parkState: {
    code: 0x14,
    word: 'PARK',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['slot', 'parkState'],
    may: ['call', 'line', 'peer', 'at', 'epoch'],
  },
  cdr: {
    code: 0x20,
    word: 'CDR',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['store', 'record', 'start', 'durationS', 'dir', 'end'],
    may: [
      'call',
      'part',
      'more',
      'ringS',
      'heldS',
      'ext',
      'line',
      'number',
      'name',
      'peer',
      'account',
      'charge',
      'pulses',
      'from',
      'estimated',
    ],
  },
  cdrAck: {
    code: 0x21,
    word: 'CDRACK',
    cls: 'event',
    from: 'host',
    link: 'reliable',
    must: ['store', 'record'],
    may: [],
  },
  cdrLost: {
    code: 0x22,
    word: 'CDRLOST',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['store', 'first'],
    may: [],
  },
  clockGet: { code: 0x30, word: 'TIMEGET', cls: 'request', from: 'host', link: 'reliable', must: ['ref'], may: [] },
  clockSet: {
    code: 0x31,
    word: 'TIMESET',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'at'],
    may: [],
  },
  clock: { code: 0x32, word: 'TIME', cls: 'answer', from: 'pbx', link: 'reliable', must: ['ref', 'at'], may: [] },
  paramGet: {
    code: 0x40,
    word: 'GET',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'item', 'index', 'field'],
    may: ['count'],
  },
  paramSet: {
    code: 0x41,
    word: 'SET',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'item', 'index', 'field', 'valueType', 'values'],
    may: [],
  },
  paramValue: {
    code: 0x42,
    word: 'VALUE',
    cls: 'answer',
    from: 'pbx',
    link: 'reliable',
    must: ['ref', 'item', 'index', 'field', 'valueType', 'values'],
    may: [],
  },
  login: {
    code: 0x44,
    word: 'LOGIN',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'password'],
    may: [],
  },
  logout: { code: 0x45, word: 'LOGOUT', cls: 'request', from: 'host', link: 'reliable', must: ['ref'], may: [] },
  paramChanged: {
    code: 0x46,
    word: 'CHANGED',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['item', 'index', 'field'],
    may: ['count'],
  },
  call: {
    code: 0x50,
    word: 'CALL',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'op', 'ext'],
    may: ['to', 'line', 'slot', 'call', 'account'],
  },
  callResult: {
    code: 0x51,
    word: 'CALLED',
    cls: 'answer',
    from: 'pbx',
    link: 'reliable',
    must: ['ref', 'code'],
    may: ['call', 'line', 'slot', 'text'],
  },
  hotelSet: {
    code: 0x60,
    word: 'HOTEL',
    cls: 'request',
    from: 'host',
    link: 'reliable',
    must: ['ref', 'hotelOp', 'ext'],
    may: ['on', 'cls', 'at', 'name', 'status', 'to'],
  },
  hotelState: {
    code: 0x61,
    word: 'ROOM',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['hotelOp', 'ext'],
    may: ['on', 'status', 'at', 'outcome'],
  },
  snapshotGet: { code: 0x70, word: 'SNAPGET', cls: 'request', from: 'host', link: 'reliable', must: ['ref'], may: [] },
  snapshot: {
    code: 0x71,
    word: 'SNAP',
    cls: 'answer',
    from: 'pbx',
    link: 'reliable',
    must: ['ref', 'epoch'],
    may: ['idleExt', 'idleLine'],
  },
  snapshotEnd: {
    code: 0x72,
    word: 'SNAPEND',
    cls: 'event',
    from: 'pbx',
    link: 'reliable',
    must: ['epoch'],
    may: [],
  },
  result: {
    code: 0x7e,
    word: 'RESULT',
    cls: 'answer',
    from: 'pbx',
    link: 'reliable',
    must: ['ref', 'code'],
    may: ['codes', 'text'],
  },
  error: { code: 0x7f, word: 'ERROR', cls: 'event', from: 'both', link: 'bare', must: ['code'], may: ['text'] },
} as const satisfies Record<string, MessageDefinition>;

/** Name of a message type. */
export type MessageName = keyof typeof MESSAGES;

/** Local time of the PBX, which knows no zone: `YYYY-MM-DDTHH:MM:SS`. */
export type LocalTime = string;

/** A code of a newer version, which this one has no word for: `#` and its number; `#255` for a word of kts-ascii/1 that is not known. */
export type UnknownCode = `#${number}`;

type Scalar<D extends FieldDefinition> = D extends { kind: 'u8' | 'u16' | 'u32' }
  ? number
  : D extends { kind: 'flag' }
    ? boolean
    : D extends { kind: 'bytes' }
      ? Uint8Array
      : D extends { kind: 'word'; words: readonly (infer W extends string)[] }
        ? W | UnknownCode
        : D extends { kind: 'set'; words: readonly (infer W extends string)[] }
          ? readonly (W | UnknownCode)[]
          : string;

/** The value of a field in a message. */
export type FieldValue<F extends FieldName> = (typeof FIELDS)[F] extends { list: 'list' }
  ? readonly Scalar<(typeof FIELDS)[F]>[]
  : Scalar<(typeof FIELDS)[F]>;

/** A field that this version does not know, kept as it came: of kts-bin/1 with its tag, of kts-ascii/1 with its key. */
export type UnknownField =
  | { readonly tag: number; readonly value: Uint8Array }
  | { readonly key: string; readonly value: string };

/** A message of type `T`: its fields, and what of it is not known. */
export type MessageOf<T extends MessageName> = { readonly type: T; readonly unknown?: readonly UnknownField[] } & {
  readonly [F in (typeof MESSAGES)[T]['must'][number]]: FieldValue<F>;
} & { readonly [F in (typeof MESSAGES)[T]['may'][number]]?: FieldValue<F> };

/** Any message, the same for both encodings. */
export type KtsMessage = { [T in MessageName]: MessageOf<T> }[MessageName];

/** Messages that ask and are answered by `ref`. */
export type KtsRequest = Extract<KtsMessage, { readonly ref: number }> & {
  readonly type: { [T in MessageName]: (typeof MESSAGES)[T]['cls'] extends 'request' ? T : never }[MessageName];
};

/** What stands in front of each message, in both encodings. */
export interface KtsHeader {
  /** 0-255. Of ACK and NAK the number that they are about; of other bare messages 0 and without meaning. */
  readonly seq: number;
  /** Which PBX of the line, 0-254; 255: every one. */
  readonly node: number;
  /** The same frame was sent before. Tells a reader of a log; no receiver depends on it. kts-ascii/1 has no place for it. */
  readonly repeat?: 'repeat';
}

/** What a decoder makes of the wire. Only `message` may be acted upon. */
export type KtsFrame =
  | { readonly kind: 'message'; readonly header: KtsHeader; readonly message: KtsMessage }
  /** Whole and undamaged, of a type of a newer version. It is acknowledged where it asks for that. */
  | {
      readonly kind: 'unknown';
      readonly header: KtsHeader;
      readonly cls: MessageClass;
      readonly link: 'reliable' | 'bare';
      readonly name: string;
      readonly ref?: number;
      readonly fields: readonly UnknownField[];
    }
  /** Undamaged, but a field breaks the rules. It is acknowledged, not delivered, and a request is refused `badfield`. */
  | {
      readonly kind: 'malformed';
      readonly header: KtsHeader;
      readonly cls: MessageClass;
      readonly link: 'reliable' | 'bare';
      readonly name: string;
      readonly why: string;
      readonly ref?: number;
    }
  /** Began like a frame and failed its check, or is too long. Nothing of it can be trusted. */
  | { readonly kind: 'damaged'; readonly why: 'check' | 'toolong' | 'form'; readonly sample: Uint8Array };

/** Looks up a message by the byte of kts-bin/1. */
export const MESSAGE_BY_CODE: ReadonlyMap<number, MessageName> = new Map(
  messageNames().map((name) => [MESSAGES[name].code, name]),
);

/** Looks up a message by the word of kts-ascii/1, upper case. */
export const MESSAGE_BY_WORD: ReadonlyMap<string, MessageName> = new Map(
  messageNames().map((name) => [MESSAGES[name].word, name]),
);

/** Every message type. */
export function messageNames(): MessageName[] {
  return Object.keys(MESSAGES) as MessageName[];
}

/** The definition of a message, widened for walking over. */
export function definitionOf(name: MessageName): MessageDefinition {
  return MESSAGES[name];
}

/** The definition of a field, widened for walking over. */
export function fieldOf(name: FieldName): FieldDefinition {
  return FIELDS[name];
}

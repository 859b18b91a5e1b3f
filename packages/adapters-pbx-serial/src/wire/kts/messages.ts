import { FIELDS, type FieldDefinition, type FieldName } from './fields.js';
import { MESSAGES, type MessageClass, type MessageDefinition } from './message-table.js';

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

/** A request without its `ref`, which the link gives. */
export type Asked = KtsRequest extends infer R
  ? R extends KtsRequest
    ? Omit<R, 'ref'> & { readonly type: R['type'] }
    : never
  : never;

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

import type { AbsenceReason, CallerIdEvent, MessageWaitingEvent, Stamp } from '../contract.js';
import { bytesToHex } from './hex.js';
import { decodeCallerName } from './name.js';

/**
 * Types of message that carry a caller's identity or a message-waiting lamp (GR-30 and ETSI EN 300 659-3): single format `0x04` call and
 * `0x06` message waiting, multiple format `0x80` call set-up and `0x82` message waiting.
 */
export const CALLER_ID_MESSAGE_TYPES = {
  sdmfCall: 0x04,
  sdmfWaiting: 0x06,
  mdmfCall: 0x80,
  mdmfWaiting: 0x82,
} as const;

/** Longest message, bytes: type, length, 255 bytes of body, checksum. */
export const MAX_CALLER_ID_BYTES = 258;

/** Shortest and longest body that is believed (the shortest is a message-waiting lamp). */
const MIN_BODY_BYTES = 3;
const MAX_BODY_BYTES = 252;

/** More digits than any numbering plan has (E.164 has 15, with prefixes and sub-addresses 20 occur). */
const MAX_NUMBER_DIGITS = 32;

/** A caller's identity as a message has it, without times. `type` is `cid`. */
export type CallerIdFields = Omit<CallerIdEvent, keyof Stamp | 'method'>;

/** A message-waiting lamp as a message has it, without times. `type` is `messageWaiting`. */
export type MessageWaitingFields = Omit<MessageWaitingEvent, keyof Stamp>;

/**
 * Why bytes are not a message:
 * - `type`: the first byte is none of {@link CALLER_ID_MESSAGE_TYPES}
 * - `length`: fewer or more bytes than the length byte says, or a body outside 3-252 bytes
 * - `checksum`: the sum of all bytes is not 0 modulo 256
 * - `structure`: the parameters do not fill the body exactly
 * - `date`, `number`: a character that cannot be there, or too few or too many
 * - `lamp`: message waiting neither on nor off
 * - `contradiction`: the same parameter twice with two values, or a number together with the reason of its absence
 * - `empty`: neither number, name nor reason of absence
 */
export type CallerIdFault =
  | 'type'
  | 'length'
  | 'checksum'
  | 'structure'
  | 'date'
  | 'number'
  | 'lamp'
  | 'contradiction'
  | 'empty';

/** What {@link parseCallerIdMessage} made of the bytes. */
export type CallerIdParse =
  | { readonly ok: true; readonly message: CallerIdFields | MessageWaitingFields }
  | { readonly ok: false; readonly fault: CallerIdFault };

const DATE = /^\d{8}$/;
const NUMBER = /^[0-9*#+A-D]+$/;
const ABSENCE = /^[OPCIS]$/;

const PARAMETER = {
  date: 0x01,
  number: 0x02,
  dialled: 0x03,
  numberAbsence: 0x04,
  longDistance: 0x06,
  name: 0x07,
  nameAbsence: 0x08,
  lamp: 0x0b,
  redirecting: 0x1a,
} as const;

const fault = (why: CallerIdFault): CallerIdParse => ({ ok: false, fault: why });

/**
 * Reads one message of the caller-ID data link: type, length, body and checksum, as FSK carries it and as V.253 modems hand it over with
 * `+VCID=2` (after its hex digits were made bytes). Never throws; anything that breaks a rule of the format is refused whole, for a wrong
 * number is worse than none.
 *
 * @param bytes - exactly one message, 6 to {@link MAX_CALLER_ID_BYTES} bytes
 * @returns the fields, or the first rule that was broken
 * @source GR-30, GR-31, GR-188; ETSI EN 300 659-3
 */
export function parseCallerIdMessage(bytes: Uint8Array): CallerIdParse {
  const type = bytes[0];
  const length = bytes[1];
  if (type === undefined || !isCallerIdMessageType(type)) return fault('type');
  if (length === undefined || length < MIN_BODY_BYTES || length > MAX_BODY_BYTES) return fault('length');
  if (bytes.length !== length + 3) return fault('length');
  let sum = 0;
  for (const byte of bytes) sum += byte;
  if (sum % 256 !== 0) return fault('checksum');
  const body = bytes.subarray(2, 2 + length);
  switch (type) {
    case CALLER_ID_MESSAGE_TYPES.sdmfCall:
      return parseSdmfCall(body);
    case CALLER_ID_MESSAGE_TYPES.sdmfWaiting:
      return parseLamp(body);
    case CALLER_ID_MESSAGE_TYPES.mdmfCall:
    case CALLER_ID_MESSAGE_TYPES.mdmfWaiting:
      return parseMdmf(type, body);
    default:
      return fault('type');
  }
}

/** Whether a message may start with this byte: see {@link CALLER_ID_MESSAGE_TYPES}. */
export function isCallerIdMessageType(byte: number): boolean {
  return byte === 0x04 || byte === 0x06 || byte === 0x80 || byte === 0x82;
}

function parseSdmfCall(body: Uint8Array): CallerIdParse {
  const datetime = ascii(body.subarray(0, 8));
  if (!DATE.test(datetime)) return fault('date');
  const rest = ascii(body.subarray(8));
  if (rest === '') return fault('empty');
  if (ABSENCE.test(rest)) return { ok: true, message: { type: 'cid', datetime, absence: rest as AbsenceReason } };
  if (!isNumber(rest)) return fault('number');
  return { ok: true, message: { type: 'cid', datetime, number: rest } };
}

function parseMdmf(type: number, body: Uint8Array): CallerIdParse {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < body.length; ) {
    const parameter = body[at];
    const size = body[at + 1];
    if (parameter === undefined || size === undefined || at + 2 + size > body.length) return fault('structure');
    const value = body.subarray(at + 2, at + 2 + size);
    const before = found.get(parameter);
    if (before !== undefined && bytesToHex(before) !== bytesToHex(value)) return fault('contradiction');
    found.set(parameter, value);
    at += 2 + size;
  }
  if (type === CALLER_ID_MESSAGE_TYPES.mdmfWaiting) {
    const lamp = found.get(PARAMETER.lamp);
    return lamp === undefined ? fault('lamp') : parseLamp(lamp);
  }
  return parseCallSetUp(found);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function parseCallSetUp(found: ReadonlyMap<number, Uint8Array>): CallerIdParse {
  const message: Mutable<CallerIdFields> = { type: 'cid' };
  const other: Record<string, string> = {};
  for (const [parameter, value] of found) {
    const text = ascii(value);
    switch (parameter) {
      case PARAMETER.date:
        if (!DATE.test(text)) return fault('date');
        message.datetime = text;
        break;
      case PARAMETER.number:
        // Some PBXs put the letter of the absence in the place of the number.
        if (ABSENCE.test(text)) {
          if (message.absence !== undefined && message.absence !== text) return fault('contradiction');
          message.absence = text as AbsenceReason;
        } else if (isNumber(text)) message.number = text;
        else if (text !== '') return fault('number');
        break;
      case PARAMETER.numberAbsence:
        if (!ABSENCE.test(text)) return fault('number');
        if (message.absence !== undefined && message.absence !== text) return fault('contradiction');
        message.absence = text as AbsenceReason;
        break;
      case PARAMETER.name:
        if (value.length === 0) break;
        message.nameHex = bytesToHex(value);
        message.name = decodeCallerName(value);
        break;
      case PARAMETER.nameAbsence:
        if (ABSENCE.test(text)) message.nameAbsence = text as AbsenceReason;
        else other[parameterKey(parameter)] = bytesToHex(value);
        break;
      case PARAMETER.longDistance:
        if (text === 'L') message.longDistance = 'L';
        else other[parameterKey(parameter)] = bytesToHex(value);
        break;
      case PARAMETER.dialled:
        if (isNumber(text)) message.dialled = text;
        else other[parameterKey(parameter)] = bytesToHex(value);
        break;
      case PARAMETER.redirecting:
        if (isNumber(text)) message.redirecting = text;
        else other[parameterKey(parameter)] = bytesToHex(value);
        break;
      default:
        other[parameterKey(parameter)] = bytesToHex(value);
    }
  }
  if (message.number !== undefined && message.absence !== undefined) return fault('contradiction');
  if (message.number === undefined && message.absence === undefined && message.name === undefined)
    return fault('empty');
  return { ok: true, message: Object.keys(other).length === 0 ? message : { ...message, other } };
}

/** Visual indicator: three times 0x42 on or 0x6F off in single format; 0xFF on, 0x00 off as parameter 0x0B (GR-30). */
function parseLamp(value: Uint8Array): CallerIdParse {
  const first = value[0];
  if (first === undefined || value.some((byte) => byte !== first)) return fault('lamp');
  if (value.length === 3 && (first === 0x42 || first === 0x6f)) return lampIs(first === 0x42 ? 'on' : 'off');
  if (value.length === 1 && (first === 0xff || first === 0x00)) return lampIs(first === 0xff ? 'on' : 'off');
  return fault('lamp');
}

function lampIs(state: 'on' | 'off'): CallerIdParse {
  return { ok: true, message: { type: 'messageWaiting', state } };
}

function isNumber(text: string): boolean {
  return text.length <= MAX_NUMBER_DIGITS && NUMBER.test(text);
}

function parameterKey(parameter: number): string {
  return parameter.toString(16).padStart(2, '0');
}

function ascii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

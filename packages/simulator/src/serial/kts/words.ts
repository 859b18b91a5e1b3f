import type { ServiceName, ServiceRefusal } from '../pbx/services.js';
import type { CallEnd, Charset, Direction, ExtensionState, LineState, Presentation } from '../pbx/status.js';

/** Words of section 6 for what the PBX calls by its own. */
export const LINE_WORDS: Readonly<Record<LineState, string>> = {
  outOfService: 'OOS',
  idle: 'IDLE',
  ringing: 'RING',
  seized: 'SEIZED',
  dialling: 'DIAL',
  ringback: 'RINGBACK',
  talking: 'TALK',
  held: 'HELD',
  busy: 'BUSY',
  wrapUp: 'WRAP',
  parked: 'PARKED',
  conference: 'CONF',
};

/** Words of section 6 for the states of an extension. */
export const EXTENSION_WORDS: Readonly<Record<ExtensionState, string>> = {
  outOfService: 'OOS',
  idle: 'IDLE',
  offHook: 'OFFHOOK',
  dialling: 'DIAL',
  ringing: 'RING',
  inside: 'INTALK',
  talking: 'TALK',
  holding: 'HOLD',
  howler: 'HOWL',
  ringback: 'RINGBACK',
  conference: 'CONF',
  busy: 'BUSY',
  programming: 'PROG',
};

/** Words of section 6 for the way a call goes. */
export const DIRECTION_WORDS: Readonly<Record<Direction, string>> = { in: 'IN', out: 'OUT', internal: 'INTERNAL' };

/** Words of section 6 for how a call ended. */
export const END_WORDS: Readonly<Record<CallEnd, string>> = {
  unknown: 'UNKNOWN',
  normal: 'NORMAL',
  busy: 'BUSY',
  noAnswer: 'NOANSWER',
  rejected: 'REJECTED',
  failed: 'FAILED',
  transferred: 'TRANSFERRED',
  abandoned: 'ABANDONED',
  cut: 'CUT',
  barred: 'BARRED',
};

/** Words of section 6 for charsets. */
export const CHARSET_WORDS: Readonly<Record<Charset, string>> = {
  unknown: 'UNKNOWN',
  ascii: 'ASCII',
  gbk: 'GBK',
  utf8: 'UTF8',
  latin1: 'LATIN1',
  shiftJis: 'SHIFTJIS',
  big5: 'BIG5',
  utf16be: 'UTF16BE',
};

/** Words of section 6 for what there is of a caller's number. */
export const PRESENTATION_WORDS: Readonly<Record<Presentation, string>> = {
  number: 'NUMBER',
  withheld: 'WITHHELD',
  unavailable: 'UNAVAILABLE',
  payphone: 'PAYPHONE',
  overseas: 'OVERSEAS',
};

/** Services by their `op`. */
export const SERVICES: ReadonlyMap<string, ServiceName> = new Map([
  ['MAKE', 'make'],
  ['ANSWER', 'answer'],
  ['HANGUP', 'hangUp'],
  ['HOLD', 'hold'],
  ['RETRIEVE', 'retrieve'],
  ['TRANSFER', 'transfer'],
  ['CONF', 'conference'],
  ['PARK', 'park'],
  ['UNPARK', 'unpark'],
  ['PAGE', 'page'],
  ['REDIAL', 'redial'],
  ['PICKUP', 'pickUp'],
  ['FLASH', 'flash'],
  ['DIGITS', 'digits'],
]);

/** Codes for what became of a service. */
export const CODES: Readonly<Record<ServiceRefusal | 'ok', string>> = {
  ok: 'OK',
  unsupported: 'UNSUPPORTED',
  noDevice: 'NODEVICE',
  wrongState: 'WRONGSTATE',
  busy: 'BUSY',
  noLine: 'NOLINE',
  barred: 'BARRED',
  slotTaken: 'SLOTTAKEN',
  slotEmpty: 'SLOTEMPTY',
  range: 'RANGE',
  tooMany: 'TOOMANY',
};

/** Result codes that end a command. `vcon` and `connect` are good ones. */
export type FinalResult =
  | 'ok'
  | 'error'
  | 'connect'
  | 'vcon'
  | 'busy'
  | 'noCarrier'
  | 'noDialTone'
  | 'noAnswer'
  | 'delayed'
  | 'blacklisted';

/** What a line of a modem says. */
export type V253Line =
  | { readonly type: 'final'; readonly result: FinalResult }
  /** The far end is being called. */
  | { readonly type: 'ringing' }
  /** The bell rings here. */
  | { readonly type: 'ring' }
  /** `DRON=`, `DROF=`: the lengths of ring and pause, ms. */
  | { readonly type: 'cadence'; readonly part: 'on' | 'off'; readonly ms: number }
  /** One field of a caller ID, formatted. */
  | {
      readonly type: 'callerId';
      readonly field: 'date' | 'time' | 'number' | 'name' | 'message';
      readonly value: string;
    }
  /** A caller-ID packet in hex. */
  | { readonly type: 'callerIdHex'; readonly hex: string }
  /** The command itself, sent back. */
  | { readonly type: 'echo' }
  /** Anything else: what was asked for, or nothing that is known. */
  | { readonly type: 'information'; readonly text: string };

const FINALS: Readonly<Record<string, FinalResult>> = {
  OK: 'ok',
  ERROR: 'error',
  CONNECT: 'connect',
  VCON: 'vcon',
  BUSY: 'busy',
  'NO CARRIER': 'noCarrier',
  'NO DIALTONE': 'noDialTone',
  'NO DIAL TONE': 'noDialTone',
  'NO ANSWER': 'noAnswer',
  DELAYED: 'delayed',
  BLACKLISTED: 'blacklisted',
};

/** Results as figures (`ATV0`), V.250 table 1: some modems are left so by what used them before. */
const FIGURES: Readonly<Record<string, FinalResult>> = {
  '0': 'ok',
  '1': 'connect',
  '3': 'noCarrier',
  '4': 'error',
  '6': 'noDialTone',
  '7': 'busy',
  '8': 'noAnswer',
};

const FIELDS: Readonly<Record<string, 'date' | 'time' | 'number' | 'name' | 'message'>> = {
  DATE: 'date',
  TIME: 'time',
  NMBR: 'number',
  NAME: 'name',
  MESG: 'message',
  // Of Conexant and of ELSA modems.
  DDN_NMBR: 'number',
};

/** What a line says. Never throws; what is not known is `information`. */
export function readLine(text: string): V253Line {
  const upper = text.toUpperCase();
  const final = FINALS[upper] ?? FIGURES[upper] ?? (upper.startsWith('CONNECT ') ? 'connect' : undefined);
  if (final !== undefined) return { type: 'final', result: final };
  if (upper === 'RING' || upper === '2') return { type: 'ring' };
  if (upper === 'RINGING') return { type: 'ringing' };
  if (/^AT[^a-z]*/.test(upper)) return { type: 'echo' };
  const pair = /^([A-Z_]{4,8})\s*=\s*(.*)$/.exec(text);
  if (pair !== null) {
    const [, name = '', value = ''] = pair;
    if ((name === 'DRON' || name === 'DROF') && /^\d{1,3}$/.test(value))
      return { type: 'cadence', part: name === 'DRON' ? 'on' : 'off', ms: Number(value) * 100 };
    const field = FIELDS[name];
    if (field !== undefined) return { type: 'callerId', field, value: value.trim() };
  }
  // Type and length of a message: 04, 06, 80 or 82 comes first.
  if (/^(04|06|80|82)([0-9A-Fa-f]{2}){4,257}$/.test(text)) return { type: 'callerIdHex', hex: text };
  return { type: 'information', text };
}

import type { Clock } from '@cordboard/cti-core';
import type { ParameterValue } from '../pbx/memory.js';
import { type FieldRule, ITEM_OF } from '../pbx/parameter-table.js';
import type { VirtualPbx } from '../pbx/pbx.js';
import { DIGITS, type Fields, utf8 } from './frame.js';
import type { ReliableMessage } from './reliable.js';

/** Wrong passwords outlive a session, section 13. */
export interface PasswordState {
  wrong: number;
  lockedUntilMs: number;
}

const MAX_WRONG = 3;
const LOCK_MS = 60_000;
const SESSION_MS = 600_000;
const MAX_COUNT = 64;
/** Values that one frame has room for, with its other fields, bytes. */
const ROOM = 980;

/** Parameters and their password, section 13. */
export class KtsParameters {
  readonly #parts: {
    readonly pbx: VirtualPbx;
    readonly clock: Clock;
    readonly port: object;
    readonly password: PasswordState;
  };
  #loggedIn: 'loggedIn' | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: {
    readonly pbx: VirtualPbx;
    readonly clock: Clock;
    readonly port: object;
    readonly password: PasswordState;
  }) {
    this.#parts = parts;
  }

  /** Answers GET, SET, LOGIN, LOGOUT. */
  deliver(word: 'GET' | 'SET' | 'LOGIN' | 'LOGOUT', fields: Fields): ReliableMessage {
    const { one } = fields;
    const result = (code: string): ReliableMessage => ({ word: 'RESULT', one: { ref: one.ref, code } });
    if (word === 'LOGIN') return result(this.#login(String(one.password)));
    if (word === 'LOGOUT') {
      this.#logOut();
      return result('OK');
    }
    this.#prolong();
    const at = { item: Number(one.item), index: Number(one.index), field: Number(one.field) };
    if (word === 'SET') {
      if (this.#loggedIn === undefined) return result('DENIED');
      return this.#set({ ...at, ref: Number(one.ref), valueType: String(one.valueType) }, fields.many.values ?? []);
    }
    if (this.#parts.pbx.parameters.isSecret(at.item) && this.#loggedIn === undefined) return result('DENIED');
    const count = Number(one.count ?? 1);
    if (count < 1 || count > MAX_COUNT) return result('RANGE');
    return this.#get({ ...at, ref: Number(one.ref), count });
  }

  /** The session is over. */
  close(): void {
    this.#logOut();
  }

  #login(password: string): string {
    const { pbx, clock, password: state } = this.#parts;
    const nowMs = clock.nowMs();
    if (nowMs < state.lockedUntilMs) return 'LOCKED';
    if (password === pbx.parameters.text(18, 0)) {
      state.wrong = 0;
      this.#loggedIn = 'loggedIn';
      this.#prolong();
      return 'OK';
    }
    this.#logOut();
    state.wrong++;
    if (state.wrong >= MAX_WRONG) {
      state.wrong = 0;
      state.lockedUntilMs = nowMs + LOCK_MS;
    }
    return 'DENIED';
  }

  #prolong(): void {
    if (this.#loggedIn === undefined) return;
    this.#cancel?.();
    this.#cancel = this.#parts.clock.setTimer(SESSION_MS, () => this.#logOut());
  }

  #logOut(): void {
    this.#loggedIn = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #get(request: { ref: number; item: number; index: number; field: number; count: number }): ReliableMessage {
    const { ref, item, index, field, count } = request;
    const { parameters } = this.#parts.pbx;
    const rule = parameters.rule(item, field);
    if (rule === undefined) return { word: 'RESULT', one: { ref, code: 'RANGE' } };
    const values: Uint8Array[] = [];
    let room = ROOM;
    let found = 0;
    for (let n = 0; n < count && index + n <= 0xffff; n++) {
      const value = parameters.get({ item, index: index + n, field });
      const bytes = value === undefined ? new Uint8Array() : bytesOf(rule, value);
      room -= bytes.length + 2;
      if (room < 0) break;
      if (value !== undefined) found++;
      values.push(bytes);
    }
    if (found === 0) return { word: 'RESULT', one: { ref, code: 'NODEVICE' } };
    return { word: 'VALUE', one: { ref, item, index, field, valueType: TYPES[rule.type] }, many: { values } };
  }

  #set(
    request: { ref: number; item: number; index: number; field: number; valueType: string },
    values: readonly unknown[],
  ): ReliableMessage {
    const { ref, item, index, field, valueType } = request;
    const codes = values.map((bytes, n) => this.#setOne({ item, index: index + n, field }, valueType, bytes));
    const code = codes.find((one) => one !== 'OK') ?? 'OK';
    return { word: 'RESULT', one: { ref, code }, ...(code === 'OK' ? {} : { many: { codes } }) };
  }

  #setOne(at: { item: number; index: number; field: number }, valueType: string, bytes: unknown): string {
    const { pbx, port } = this.#parts;
    const rule = pbx.parameters.rule(at.item, at.field);
    const item = ITEM_OF.get(at.item);
    if (rule === undefined || item === undefined) return 'RANGE';
    if (pbx.parameters.placeOf(item, at.index) === undefined) return 'NODEVICE';
    if (valueType !== TYPES[rule.type] || !(bytes instanceof Uint8Array)) return 'BADFIELD';
    const value = readValue(rule, bytes);
    if (value === undefined) return 'BADFIELD';
    const outcome = pbx.setParameter(at, value, port);
    return outcome === 'ok' ? 'OK' : outcome === 'range' ? 'RANGE' : outcome === 'noDevice' ? 'NODEVICE' : 'BADFIELD';
  }
}

const TYPES: Readonly<Record<FieldRule['type'], string>> = {
  number: 'UINT',
  flag: 'FLAG',
  digits: 'DIGITS',
  text: 'TEXT',
  time: 'HHMM',
  bitmap: 'BYTES',
};

function bytesOf(rule: FieldRule, value: ParameterValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'utf8'));
  if (rule.type === 'time') {
    return value === null ? Uint8Array.of(0xff, 0xff) : Uint8Array.of(Math.floor(value / 60), value % 60);
  }
  const number = value ?? 0;
  return rule.type === 'number' && rule.max > 0xff ? Uint8Array.of(number & 0xff, number >> 8) : Uint8Array.of(number);
}

/** A value of this rule's type; `undefined`: these bytes are none. */
function readValue(rule: FieldRule, bytes: Uint8Array): ParameterValue | undefined {
  const buffer = Buffer.from(bytes);
  switch (rule.type) {
    case 'number':
      return bytes.length >= 1 && bytes.length <= 4 ? buffer.readUIntLE(0, bytes.length) : undefined;
    case 'flag':
      return bytes.length === 1 && (bytes[0] ?? 2) <= 1 ? bytes[0] === 1 : undefined;
    case 'text':
      return utf8(bytes);
    case 'digits': {
      const text = utf8(bytes);
      return text !== undefined && DIGITS.test(text) ? text : undefined;
    }
    case 'time': {
      const [hour = 99, minute = 99] = bytes;
      if (bytes.length !== 2) return undefined;
      if (hour === 0xff && minute === 0xff) return null;
      return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
    }
    case 'bitmap':
      return new Uint8Array(bytes);
  }
}

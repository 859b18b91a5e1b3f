import { CtiError } from '@cordboard/cti-core';
import type { Answer, Asked, MessageOf, PbxRequests } from '../../src/index.js';

type Code = MessageOf<'result'>['code'];
type ValueType = MessageOf<'paramSet'>['valueType'];

/** One field of an item as the document has it, written down a second time: places, how long a value may be, and which numbers are good. */
interface Slot {
  readonly of: 'port' | 'ext' | 'line' | 'system' | number;
  readonly type: ValueType;
  readonly fits: (bytes: Uint8Array) => boolean;
  readonly secret?: 'secret';
  readonly first: readonly number[];
}

const le = (bytes: Uint8Array): number => bytes.reduceRight((sum, one) => sum * 256 + one, 0);
const uint = (of: Slot['of'], min: number, max: number, first = min): Slot => ({
  of,
  type: 'uint',
  first: [first],
  fits: (bytes) => bytes.length >= 1 && bytes.length <= 4 && le(bytes) >= min && le(bytes) <= max,
});
const flag = (of: Slot['of']): Slot => ({
  of,
  type: 'flag',
  first: [0],
  fits: (bytes) => bytes.length === 1 && (bytes[0] ?? 2) < 2,
});
const hhmm = (of: Slot['of']): Slot => ({
  of,
  type: 'hhmm',
  first: [0xff, 0xff],
  fits: ([hour = 99, minute = 99]) => (hour === 0xff && minute === 0xff) || (hour < 24 && minute < 60),
});
const digits = (of: Slot['of'], min: number, max: number, empty?: 'empty'): Slot => ({
  of,
  type: 'digits',
  first: [],
  fits: (bytes) => (bytes.length >= min && bytes.length <= max) || (empty !== undefined && bytes.length === 0),
});
const bitmap = (of: Slot['of'], last: number): Slot => ({
  of,
  type: 'bytes',
  first: [0],
  fits: (bytes) =>
    [...bytes].every((byte, at) => [...Array(8).keys()].every((b) => !((byte >> b) & 1) || at * 8 + b < last)),
});

/** A switch that keeps parameters as section 13 of docs/protocols/kts-1.md says, with a table of its own. */
export class FakeSwitch implements PbxRequests {
  readonly lines = 8;
  readonly ports = 32;
  readonly welcome: MessageOf<'welcome'> = {
    type: 'welcome',
    session: 1,
    boot: 1,
    lines: this.lines,
    exts: this.ports,
    caps: ['param'],
  };
  /** Every request, in order. */
  readonly asked: Asked[] = [];
  password = '1234';
  /** Answers after which the line is cut. */
  cutAfter = Number.POSITIVE_INFINITY;
  /** What is put away of a value; a switch that lies puts away something else. */
  keep: (bytes: Uint8Array, item: number) => Uint8Array = (bytes) => bytes;
  /** Items that this one does not have, and shorter tables than the document's: `20.1` up to so many places. */
  readonly smaller = new Map<string, number>();
  /** Leaves `codes` out where all are good, as it may. */
  codes: 'always' | 'whenBad' = 'whenBad';
  #wrong = 0;
  #isOpen = false;
  readonly #kept = new Map<string, Uint8Array>();
  readonly #table: ReadonlyMap<string, Slot>;

  constructor() {
    const { lines, ports } = this;
    this.#table = new Map<string, Slot>([
      ['1.1', digits('port', 2, 4)],
      ['2.1', uint('ext', 1, 6)],
      ['2.2', uint('ext', 1, 6)],
      ['3.1', uint('ext', 0, 2)],
      ['4.1', hhmm('ext')],
      ['4.2', flag('ext')],
      ['5.1', uint('ext', 0, 60)],
      ['6.1', uint('ext', 0, 2)],
      ['7.1', bitmap('ext', lines)],
      ['7.2', bitmap('ext', lines)],
      ['8.1', bitmap('line', ports)],
      ['8.2', bitmap('line', ports)],
      ['9.1', uint('line', 0, 60)],
      ['9.2', uint('line', 0, 60)],
      ['10.1', flag('ext')],
      ['11.1', flag('ext')],
      ['12.1', uint('line', 0, 2)],
      ['13.1', uint('line', 0, 2)],
      ['14.1', flag('ext')],
      ['15.1', bitmap(16, ports)],
      ['15.2', uint(16, 0, 2)],
      ['16.1', digits(4, 2, 4, 'empty')],
      ['17.1', uint('system', 0, 2)],
      ['17.2', hhmm('system')],
      ['17.3', hhmm('system')],
      ['18.1', { ...digits('system', 4, 16), secret: 'secret' }],
      ['19.1', flag('system')],
      ['20.1', digits(200, 0, 32)],
      ['20.2', { ...digits(200, 0, 32), type: 'text' }],
      ['21.1', { ...digits(200, 4, 8, 'empty'), secret: 'secret' }],
      ['21.2', { ...uint(200, 1, 6), secret: 'secret' }],
      ['22.1', digits(8, 0, 8)],
      ['22.2', bitmap(8, lines)],
      ['23.1', digits(100, 0, 16)],
      ['23.2', digits(100, 2, 4, 'empty')],
      ['24.1', digits(200, 0, 12)],
      ['25.1', uint('line', 0, 2)],
      ['25.2', uint('line', 0, 10)],
      ['26.1', uint('line', 0, 1)],
      ['26.2', uint('line', 0, 60)],
      ['27.1', digits('line', 2, 4, 'empty')],
      ['28.1', uint('line', 0, 12, 6)],
      ['28.2', uint('line', 0, 12, 6)],
      ['29.1', flag('line')],
      ['30.1', uint('line', 0, 32)],
      ['31.1', uint('line', 80, 1_000, 100)],
    ]);
    this.wipe();
  }

  /** As it left the factory; the password stays. */
  wipe(): void {
    this.#kept.clear();
    for (let port = 1; port <= this.ports; port++) this.#kept.set(`1.1.${port}`, Buffer.from(String(800 + port)));
    this.#isOpen = false;
  }

  /** A new line to it. */
  reconnect(): void {
    this.cutAfter = Number.POSITIVE_INFINITY;
    this.#isOpen = false;
  }

  /** The session ended by its time. */
  expire(): void {
    this.#isOpen = false;
  }

  raw(item: number, field: number, index: number): Uint8Array | undefined {
    return this.#read(item, field, index);
  }

  on(): () => void {
    return () => undefined;
  }

  async ask(asked: Asked, { signal }: { readonly signal: AbortSignal }): Promise<Answer> {
    if (signal.aborted) throw new CtiError('wait.aborted', 'given up');
    this.asked.push(asked);
    if (this.asked.length > this.cutAfter) throw new CtiError('driver.linkLost', 'cut');
    if (asked.type === 'login') return this.#login(asked.password);
    if (asked.type === 'logout') {
      this.#isOpen = false;
      return result('ok');
    }
    if (asked.type === 'paramGet') return this.#get(asked);
    return asked.type === 'paramSet' ? this.#set(asked) : result('unsupported');
  }

  #login(password: string): Answer {
    if (this.#wrong >= 3) return result('locked');
    this.#isOpen = password === this.password;
    this.#wrong = this.#isOpen ? 0 : this.#wrong + 1;
    return result(this.#isOpen ? 'ok' : 'denied');
  }

  #get({ item, field, index, count = 1 }: Extract<Asked, { readonly type: 'paramGet' }>): Answer {
    const slot = this.#table.get(`${item}.${field}`);
    const most = this.smaller.get(`${item}.${field}`);
    if (slot === undefined || most === 0) return result('range');
    if (most !== undefined && index > most) {
      // As section 13 has it: of the type NONE and length 0.
      const values = Array.from({ length: count }, () => new Uint8Array());
      return { type: 'paramValue', ref: 0, item, index, field, valueType: 'none', values };
    }
    if (slot.secret !== undefined && !this.#isOpen) return result('denied');
    const values = Array.from({ length: count }, (_, at) => this.#read(item, field, index + at));
    if (values.every((one) => one === undefined)) return result('nodevice');
    const bytes = values.map((one) => one ?? new Uint8Array());
    if (bytes.reduce((sum, one) => sum + one.length + 2, 40) > 1_024)
      throw new Error('the answer does not fit a frame');
    return { type: 'paramValue', ref: 1, item, index, field, valueType: slot.type, values: bytes };
  }

  #set({ item, field, index, valueType, values }: Extract<Asked, { readonly type: 'paramSet' }>): Answer {
    if (!this.#isOpen) return result('denied');
    const slot = this.#table.get(`${item}.${field}`);
    if (slot === undefined) return result('range');
    const codes = values.map((bytes, at): Code => {
      if (!this.#exists(slot.of, index + at)) return 'nodevice';
      if (valueType !== slot.type) return 'badfield';
      if (!slot.fits(bytes)) return 'range';
      const isTaken = [...this.#kept].some(
        ([key, one]) => key.startsWith('1.1.') && key !== `1.1.${index + at}` && Buffer.compare(one, bytes) === 0,
      );
      if (item === 1 && isTaken) return 'range';
      this.#kept.set(`${item}.${field}.${index + at}`, this.keep(bytes, item));
      if (item === 18) this.password = Buffer.from(bytes).toString();
      return 'ok';
    });
    const first = codes.find((code) => code !== 'ok') ?? 'ok';
    return this.codes === 'whenBad' && first === 'ok' ? result(first) : { ...result(first), codes };
  }

  #read(item: number, field: number, index: number): Uint8Array | undefined {
    const slot = this.#table.get(`${item}.${field}`);
    if (slot === undefined || !this.#exists(slot.of, index)) return undefined;
    if (item === 18) return Buffer.from(this.password);
    return this.#kept.get(`${item}.${field}.${index}`) ?? Uint8Array.from(slot.first);
  }

  #exists(of: Slot['of'], index: number): boolean {
    if (of === 'system') return index === 0;
    if (of === 'port') return index >= 1 && index <= this.ports;
    if (of === 'line') return index >= 1 && index <= this.lines;
    if (of !== 'ext') return index >= 1 && index <= of;
    for (let port = 1; port <= this.ports; port++) {
      if (Number(Buffer.from(this.#kept.get(`1.1.${port}`) ?? []).toString()) === index) return true;
    }
    return false;
  }
}

function result(code: Code): MessageOf<'result'> {
  return { type: 'result', ref: 1, code };
}

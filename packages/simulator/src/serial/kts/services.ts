import type { Clock } from '@cordboard/cti-core';
import type { HotelRequest } from '../pbx/hotel.js';
import type { VirtualPbx } from '../pbx/pbx.js';
import type { PbxNews } from '../pbx/status.js';
import type { Fields, FieldValue } from './frame.js';
import { KtsParameters, type PasswordState } from './parameters.js';
import { RecordFlow } from './records.js';
import type { ReliableMessage } from './reliable.js';
import { callerId, extension, isQuietExtension, line, slot } from './state.js';
import { CODES, SERVICES } from './words.js';

type One = Readonly<Record<string, FieldValue | undefined>>;

/** Requests that may be open (section 8.3). */
const MAX_OPEN = 16;

/** Requests of what a PBX may lack as a whole. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  hotel: ['HOTEL'],
  parameters: ['GET', 'SET', 'LOGIN', 'LOGOUT'],
  clock: ['TIMEGET', 'TIMESET'],
};

/** What one session's services are built on. */
export interface KtsServicesParts {
  readonly pbx: VirtualPbx;
  readonly clock: Clock;
  /** Who this is, for changes of parameters. */
  readonly port: object;
  readonly send: (message: ReliableMessage) => void;
  /** Says ERROR. */
  readonly error: (code: string) => void;
  readonly password: PasswordState;
}

/** What a PBX does for a host in one session: sections 10 to 15. */
export class KtsServices {
  readonly #parts: KtsServicesParts;
  readonly #parameters: KtsParameters;
  readonly #records: RecordFlow;
  /** Answers that the host has not acknowledged. */
  #open = 0;
  #telling: 'telling' | undefined;
  #epoch: number;

  constructor(parts: KtsServicesParts) {
    this.#parts = parts;
    this.#parameters = new KtsParameters(parts);
    this.#records = new RecordFlow(parts);
    this.#epoch = parts.pbx.memory.boot & 0xff;
  }

  /** The host has these. */
  acknowledged(messages: readonly ReliableMessage[]): void {
    for (const { one } of messages) if (one?.ref !== undefined) this.#open = Math.max(0, this.#open - 1);
  }

  /** The session is over. */
  close(): void {
    this.#parameters.close();
  }

  /** Something happened at the PBX. */
  tell(news: PbxNews): void {
    if (news.type === 'record') return this.#records.written();
    if (news.type === 'recordsLost') return this.#records.lost(news.first);
    if (news.type === 'parameter') {
      const { item, index, field, count } = news;
      if (news.by !== this.#parts.port) this.#event('CHANGED', { item, index, field, count });
      return;
    }
    if (this.#telling === undefined) return;
    const at = this.#parts.pbx.now();
    if (news.type === 'line') this.#event('LINE', line(news.status, { at }));
    else if (news.type === 'extension') this.#event('EXT', extension(news.status, { at }));
    else if (news.type === 'slot') this.#event('PARK', slot(news.status, { at }));
    else if (news.type === 'callerId') this.#event('CID', callerId(news.identity, { at }));
    else if (news.type === 'digits') {
      const { ext, digits, line: lineNumber, call } = news;
      this.#event('DIGITS', { ext, digits, line: lineNumber, call, at });
    } else if (news.type === 'room') this.#room(news);
  }

  /** A message of the host. */
  deliver(word: string, fields: Fields): void {
    const { one } = fields;
    if (word === 'CDRACK') return this.#records.acknowledge(Number(one.store), Number(one.record));
    if (one.ref === undefined) return;
    const ref = Number(one.ref);
    if (ref === 0) return this.#parts.error('BADFIELD');
    if (this.#open >= MAX_OPEN) return this.#result(ref, 'TOOMANY');
    if (this.#parts.pbx.setup.lacks.some((one) => LACKING[one]?.includes(word)))
      return this.#result(ref, 'UNSUPPORTED');
    switch (word) {
      case 'SNAPGET':
        return this.#snapshot(ref);
      case 'TIMEGET':
        return this.#answer('TIME', { ref, at: this.#parts.pbx.now() });
      case 'TIMESET':
        this.#parts.pbx.setTime(Number(one.at));
        return this.#result(ref, 'OK');
      case 'SET':
        // What it changes at extensions is told behind the answer.
        return this.#parts.pbx.together(() => this.#answerWith(this.#parameters.deliver(word, fields)));
      case 'GET':
      case 'LOGIN':
      case 'LOGOUT':
        return this.#answerWith(this.#parameters.deliver(word, fields));
      case 'CALL':
        return this.#call(ref, one);
      case 'HOTEL':
        return this.#hotel(ref, one);
      default:
        return this.#result(ref, 'UNSUPPORTED');
    }
  }

  #event(word: string, one: One): void {
    this.#parts.send({ word, one });
  }

  #answer(word: string, one: One): void {
    this.#answerWith({ word, one });
  }

  #answerWith(message: ReliableMessage): void {
    this.#open++;
    this.#parts.send(message);
  }

  #result(ref: number, code: string): void {
    this.#answer('RESULT', { ref, code });
  }

  #snapshot(ref: number): void {
    const { pbx, send } = this.#parts;
    this.#epoch = (this.#epoch + 1) >>> 0;
    const epoch = this.#epoch;
    this.#telling = 'telling';
    const extensions = pbx.extensions();
    const lines = pbx.lines();
    const quiet = extensions.filter(isQuietExtension);
    const idle = lines.filter(({ state }) => state === 'idle');
    this.#open++;
    send({
      word: 'SNAP',
      one: { ref, epoch },
      many: { idleExt: quiet.map(({ ext }) => ext), idleLine: idle.map((status) => status.line) },
    });
    for (const status of lines) if (!idle.includes(status)) this.#event('LINE', line(status, { epoch }));
    for (const identity of pbx.callers()) this.#event('CID', callerId(identity));
    for (const status of extensions) if (!quiet.includes(status)) this.#event('EXT', extension(status, { epoch }));
    for (const status of pbx.slots()) if (status.state === 'taken') this.#event('PARK', slot(status, { epoch }));
    this.#event('SNAPEND', { epoch });
  }

  #call(ref: number, one: Fields['one']): void {
    const service = SERVICES.get(String(one.op));
    if (service === undefined) return this.#answer('CALLED', { ref, code: 'UNSUPPORTED' });
    const { to, line: lineNumber, slot: slotNumber, call, account } = one;
    this.#parts.pbx.carryOut(
      {
        service,
        ext: String(one.ext),
        // An empty one means none (section 4).
        ...(to === undefined || to === '' ? {} : { to: String(to) }),
        ...(lineNumber === undefined ? {} : { line: Number(lineNumber) }),
        ...(slotNumber === undefined ? {} : { slot: Number(slotNumber) }),
        ...(call === undefined ? {} : { call: Number(call) }),
        ...(account === undefined ? {} : { account: String(account) }),
      },
      (result) => {
        const { code, ...rest } = result;
        this.#answer('CALLED', { ref, code: CODES[code], ...rest });
      },
    );
  }

  #hotel(ref: number, one: Fields['one']): void {
    const request = hotelRequest(one);
    if (typeof request === 'string') return this.#result(ref, request);
    this.#parts.pbx.hotel(request, (code) => this.#result(ref, CODES[code]));
  }

  #room(news: PbxNews & { type: 'room' }): void {
    const { ext, at } = news;
    const { news: what } = news;
    if (what.what === 'status') this.#event('ROOM', { hotelOp: 'ROOM', ext, status: what.status, at });
    else if (what.what === 'wake') {
      this.#event('ROOM', { hotelOp: 'WAKE', ext, at, outcome: what.outcome.toUpperCase() });
    } else this.#event('ROOM', { hotelOp: what.what.toUpperCase(), ext, on: what.on, at });
  }
}

/** What a hotel asks for, or the code that says what is missing. */
function hotelRequest(one: Fields['one']): HotelRequest | 'BADFIELD' | 'UNSUPPORTED' {
  const ext = String(one.ext);
  const { cls, name, at, on, status, to } = one;
  switch (one.hotelOp) {
    case 'CHECKIN':
      return {
        op: 'checkIn',
        ext,
        ...(cls === undefined ? {} : { classOfService: Number(cls) }),
        ...(name === undefined ? {} : { name: String(name) }),
      };
    case 'CHECKOUT':
      return { op: 'checkOut', ext };
    case 'CLASS':
      return cls === undefined ? 'BADFIELD' : { op: 'class', ext, classOfService: Number(cls) };
    case 'WAKE':
      return at === undefined ? 'BADFIELD' : { op: 'wake', ext, at: Number(at), daily: on === true };
    case 'WAKECLEAR':
      return { op: 'wakeClear', ext };
    case 'LAMP':
      return on === undefined ? 'BADFIELD' : { op: 'lamp', ext, on: on === true };
    case 'DND':
      return on === undefined ? 'BADFIELD' : { op: 'dnd', ext, on: on === true };
    case 'ROOM':
      return status === undefined ? 'BADFIELD' : { op: 'room', ext, status: Number(status) };
    case 'NAME':
      return name === undefined ? 'BADFIELD' : { op: 'name', ext, name: String(name) };
    case 'MOVE':
      return to === undefined ? 'BADFIELD' : { op: 'move', ext, to: String(to) };
    default:
      return 'UNSUPPORTED';
  }
}

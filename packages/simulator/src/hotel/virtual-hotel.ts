import type { Duplex } from 'node:stream';
import type { Clock } from '@cordboard/cti-core';
import { type HotelFaults, noHotelFaults } from './faults.js';
import { HotelLine } from './line.js';
import { type HotelFraming, hotelFields } from './wire.js';

/** A guest of the simulated hotel. */
export interface HotelGuest {
  readonly reservation: string;
  readonly name: string;
  readonly room: string;
}

/** A line of a guest's bill. */
export interface HotelCharge {
  /** Posting sequence number. */
  readonly sequence: string;
  readonly room: string;
  /** Of the guest who had the room then. */
  readonly reservation: string | undefined;
  readonly amount: number | undefined;
  readonly pulses: number | undefined;
  readonly digits: string | undefined;
  readonly duration: string | undefined;
  readonly date: string;
  readonly time: string;
  readonly status: string;
}

/** What a {@link VirtualHotel} is made of. */
export interface VirtualHotelOptions {
  readonly clock: Clock;
  readonly framing: HotelFraming;
  /** 0 <= x < 1, default: always 0.5. */
  readonly random?: () => number;
  /** Wait for an answer on a serial line, ms, default 3,000. */
  readonly answerMs?: number;
  /** Answer status of a posting; default `OK`, `NG` for a room without a guest. */
  readonly answer?: (charge: Omit<HotelCharge, 'status'>) => string;
  /** Every record in and out, as it is told. */
  readonly told?: (way: 'in' | 'out', text: string) => void;
}

/**
 * A hotel's system at the other end of a FIAS link: guests, bills, wake-up calls. It knows nothing of whom it talks to; its frames are its own. A posting with a
 * number, room, date and time that it has seen is answered as it was and not booked again.
 */
export class VirtualHotel {
  readonly faults: HotelFaults = noHotelFaults();
  /** Guests by reservation. */
  readonly guests = new Map<string, HotelGuest>();
  /** Postings in the order in which they were booked or refused. */
  readonly charges: HotelCharge[] = [];
  /** Postings that came again and were recognised. */
  repeats = 0;
  /** Every RE and WA that came. */
  readonly reports: string[] = [];
  readonly #options: VirtualHotelOptions;
  readonly #answered = new Map<string, string>();
  readonly #timers = new Set<() => void>();
  #line: HotelLine | undefined;
  #state: 'down' | 'starting' | 'alive' = 'down';
  #isAuditing = false;
  #waiting: (() => void)[] = [];

  constructor(options: VirtualHotelOptions) {
    this.#options = options;
  }

  /** Has the other side described itself? */
  get isAlive(): boolean {
    return this.#state === 'alive';
  }

  /** Takes a connection, in place of the one before. */
  attach(port: Duplex): void {
    this.#line?.close();
    const { clock, framing, random = () => 0.5, answerMs = 3_000 } = this.#options;
    this.#state = 'starting';
    this.#line = new HotelLine(port, {
      clock,
      framing,
      faults: this.faults,
      answerMs,
      random,
      heard: (text) => this.#heard(text),
      gone: () => {
        this.#state = 'down';
        this.#line = undefined;
      },
    });
    this.say('LS');
  }

  /** Power off: the connection goes without a word. Bills and guests stay. */
  detach(): void {
    this.#line?.close();
    this.#line = undefined;
    this.#state = 'down';
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Begins the link anew on the same connection, as after a restart behind a serial port. */
  restart(): void {
    this.#state = 'starting';
    this.say('LS');
  }

  /** Ends the link in order. */
  end(): void {
    this.say('LE');
    this.#state = 'starting';
  }

  /** Resolves when the link is alive. */
  alive(): Promise<void> {
    if (this.isAlive) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a record with date and time behind its fields: `say('RE', { RN: '101', ML: 'Y' })`. */
  say(id: string, fields: Readonly<Record<string, string>> = {}): void {
    const stamped = { ...('DA' in fields ? {} : this.stamp()), ...fields };
    const text = `${id}|${Object.entries(stamped)
      .map(([field, value]) => `${field}${value}|`)
      .join('')}`;
    this.#options.told?.('out', text);
    this.#line?.say(text);
  }

  /** Bytes as they are: rubbish on the line. */
  noise(bytes: Uint8Array): void {
    this.#line?.raw(bytes);
  }

  /** A guest comes. */
  checkIn(guest: HotelGuest, more: Readonly<Record<string, string>> = {}): void {
    const isShared = [...this.guests.values()].some(({ room }) => room === guest.room);
    this.guests.set(guest.reservation, guest);
    this.say('GI', { RN: guest.room, 'G#': guest.reservation, GN: guest.name, GS: isShared ? 'Y' : 'N', ...more });
  }

  /** A guest takes another room. */
  move(reservation: string, room: string): void {
    const guest = this.guests.get(reservation);
    if (guest === undefined) return;
    this.guests.set(reservation, { ...guest, room });
    this.say('GC', { RN: room, 'G#': reservation, GN: guest.name, RO: guest.room });
  }

  /** A guest leaves. */
  checkOut(reservation: string): void {
    const guest = this.guests.get(reservation);
    if (guest === undefined) return;
    this.guests.delete(reservation);
    const isShared = [...this.guests.values()].some(({ room }) => room === guest.room);
    this.say('GO', { RN: guest.room, 'G#': reservation, GS: isShared ? 'Y' : 'N' });
  }

  /** Night audit: no postings until it ends. */
  audit(what: 'start' | 'end'): void {
    this.#isAuditing = what === 'start';
    this.say(what === 'start' ? 'NS' : 'NE');
  }

  /** Date and time of the hotel's clock, UTC. */
  stamp(): { readonly DA: string; readonly TI: string } {
    const digits = new Date(this.#options.clock.wallMs()).toISOString().replace(/\D/gu, '');
    return { DA: digits.slice(2, 8), TI: digits.slice(8, 14) };
  }

  #heard(text: string): void {
    this.#options.told?.('in', text);
    const fields = hotelFields(text);
    switch (text.slice(0, 2)) {
      case 'LS':
        this.#state = 'starting';
        return this.say('LS');
      case 'LD':
        this.#state = 'starting';
        return;
      case 'LA':
        this.say('LA');
        this.#state = 'alive';
        for (const each of this.#waiting.splice(0)) each();
        return;
      case 'LE':
        this.#state = 'starting';
        return;
      case 'DR':
        return this.#swap();
      case 'PS':
        return this.#posting(fields);
      case 'RE':
      case 'WA':
      case 'WR':
      case 'WC':
        this.reports.push(text);
        return;
      default:
    }
  }

  #swap(): void {
    this.say('DS');
    for (const { reservation, name, room } of this.guests.values())
      this.say('GI', { RN: room, 'G#': reservation, GN: name, SF: '' });
    this.say('DE');
  }

  #posting(fields: ReadonlyMap<string, string>): void {
    const of = (id: string): string => fields.get(id) ?? '';
    const key = ['P#', 'RN', 'DA', 'TI'].map(of).join('|');
    let status = this.#answered.get(key);
    if (status === undefined) {
      status = this.#book(fields);
      // What is to come again must be taken then.
      if (status !== 'RY' && status !== 'NA') this.#answered.set(key, status);
    } else this.repeats += 1;
    const { faults, clock } = { faults: this.faults, clock: this.#options.clock };
    if (faults.swallowAnswers > 0) {
      faults.swallowAnswers -= 1;
      return;
    }
    const answer = { RN: of('RN'), AS: status, 'P#': of('P#') };
    const times = faults.doubleAnswers > 0 ? 2 : 1;
    if (times === 2) faults.doubleAnswers -= 1;
    const put = (): void => {
      for (let each = 0; each < times; each++) this.say('PA', answer);
    };
    if (faults.answerDelayMs === 0) return put();
    const cancel = clock.setTimer(faults.answerDelayMs, () => {
      this.#timers.delete(cancel);
      put();
    });
    this.#timers.add(cancel);
  }

  #book(fields: ReadonlyMap<string, string>): string {
    const of = (id: string): string => fields.get(id) ?? '';
    const amount = fields.get('TA');
    const pulses = fields.get('MP');
    const guest = [...this.guests.values()].find(({ room }) => room === of('RN'));
    const charge = {
      sequence: of('P#'),
      room: of('RN'),
      reservation: guest?.reservation,
      amount: amount === undefined ? undefined : Number(amount),
      pulses: pulses === undefined ? undefined : Number(pulses),
      digits: fields.get('DD'),
      duration: fields.get('DU'),
      date: of('DA'),
      time: of('TI'),
    };
    if (this.#isAuditing) return 'NA';
    const status = this.#options.answer?.(charge) ?? (guest === undefined ? 'NG' : 'OK');
    if (status !== 'RY' && status !== 'NA') this.charges.push({ ...charge, status });
    return status;
  }
}

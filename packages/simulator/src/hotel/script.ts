import { type Clock, CtiError } from '@cordboard/cti-core';
import { inMs, type Time } from '../floor/time.js';
import type { HotelFaults } from './faults.js';
import { noHotelFaults } from './faults.js';
import type { VirtualHotel } from './virtual-hotel.js';
import type { HotelFraming } from './wire.js';

/** One thing that happens in a simulated hotel. Each needs `at`, from the moment that the link is alive for the first time. */
export type HotelStep = { readonly at: Time } & (
  | { readonly do: 'checkIn'; readonly reservation: string; readonly name: string; readonly room: string }
  | { readonly do: 'move'; readonly reservation: string; readonly room: string }
  | { readonly do: 'checkOut'; readonly reservation: string }
  /** Any record, with date and time where it has none: `RE`, `{ "RN": "101", "ML": "Y" }`. */
  | { readonly do: 'say'; readonly record: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly do: 'audit'; readonly what: 'start' | 'end' }
  /** The connection goes without a word and no other is taken for so long. */
  | { readonly do: 'down'; readonly for: Time }
  /** The link begins anew on the same connection. */
  | { readonly do: 'restart' }
  /** So many random bytes. */
  | { readonly do: 'garbage'; readonly bytes: number }
  | { readonly do: 'faults'; readonly set: Partial<HotelFaults> }
);

/** A simulated hotel, as a file describes it. */
export interface HotelScript {
  /** Default: that of the way. */
  readonly framing?: HotelFraming;
  /** Who is there from the beginning. */
  readonly guests?: readonly { readonly reservation: string; readonly name: string; readonly room: string }[];
  /** Answer status of postings by room; default `OK`, `NG` where nobody stays. */
  readonly statuses?: Readonly<Record<string, string>>;
  readonly steps?: readonly HotelStep[];
}

const NEEDS: Readonly<Record<HotelStep['do'], readonly string[]>> = {
  checkIn: ['reservation', 'name', 'room'],
  move: ['reservation', 'room'],
  checkOut: ['reservation'],
  say: ['record'],
  audit: ['what'],
  down: [],
  restart: [],
  garbage: [],
  faults: [],
};

/** Is this a hotel? @throws {CtiError} `config.invalid` naming the entry and what was expected there */
export function readHotelScript(value: unknown): HotelScript {
  const root = objectOf(value, 'hotel');
  if (root.framing !== undefined && root.framing !== 'serial' && root.framing !== 'stream') {
    refuse('framing', 'serial or stream');
  }
  for (const [path, guest] of entries(root.guests, 'guests')) texts(guest, path, ['reservation', 'name', 'room']);
  if (root.statuses !== undefined) objectOf(root.statuses, 'statuses');
  for (const [path, step] of entries(root.steps, 'steps')) {
    const kind = String(step.do);
    if (!Object.hasOwn(NEEDS, kind)) refuse(`${path}.do`, Object.keys(NEEDS).join(', '));
    texts(step, path, NEEDS[kind as HotelStep['do']]);
    time(step.at, `${path}.at`);
    if (kind === 'down') time(step.for, `${path}.for`);
    if (kind === 'garbage' && !(Number.isInteger(step.bytes) && Number(step.bytes) > 0 && Number(step.bytes) <= 65_536))
      refuse(`${path}.bytes`, 'a whole number from 1 to 65536');
    if (kind === 'say' && !/^[A-Z][A-Z0-9]$/u.test(String(step.record))) refuse(`${path}.record`, 'two letters');
    if (kind === 'say') objectOf(step.fields, `${path}.fields`);
    if (kind === 'faults') faults(step.set, `${path}.set`);
  }
  return value as HotelScript;
}

/**
 * Plays a script; returns its end, which cancels what has not happened.
 *
 * @param world - `down`: the connection goes and none is taken for so many ms
 */
export function playHotel(
  hotel: VirtualHotel,
  script: HotelScript,
  world: { readonly clock: Clock; readonly random: () => number; readonly down: (forMs: number) => void },
): () => void {
  const cancels = (script.steps ?? []).map((step) =>
    world.clock.setTimer(inMs(step.at), () => happen(hotel, step, world)),
  );
  return () => {
    for (const cancel of cancels) cancel();
  };
}

function happen(
  hotel: VirtualHotel,
  step: HotelStep,
  world: { readonly random: () => number; readonly down: (forMs: number) => void },
): void {
  switch (step.do) {
    case 'checkIn':
      return hotel.checkIn({ reservation: step.reservation, name: step.name, room: step.room });
    case 'move':
      return hotel.move(step.reservation, step.room);
    case 'checkOut':
      return hotel.checkOut(step.reservation);
    case 'say':
      return hotel.say(step.record, step.fields);
    case 'audit':
      return hotel.audit(step.what);
    case 'down':
      return world.down(inMs(step.for));
    case 'restart':
      return hotel.restart();
    case 'garbage':
      return hotel.noise(Uint8Array.from({ length: step.bytes }, () => Math.floor(world.random() * 256)));
    case 'faults':
      Object.assign(hotel.faults, step.set);
  }
}

function refuse(path: string, expected: string): never {
  throw new CtiError('config.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
}

function objectOf(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object');
  return value as Record<string, unknown>;
}

function* entries(value: unknown, path: string): Generator<readonly [path: string, item: Record<string, unknown>]> {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse(path, 'a list');
  for (const [at, item] of value.entries()) yield [`${path}[${at}]`, objectOf(item, `${path}[${at}]`)];
}

function texts(item: Record<string, unknown>, path: string, names: readonly string[]): void {
  for (const name of names) {
    const text = item[name];
    if (typeof text !== 'string' || text === '' || /[|\x00-\x1f]/u.test(text))
      refuse(`${path}.${name}`, 'a text without |');
  }
}

function time(value: unknown, path: string): void {
  try {
    inMs(value as Time);
  } catch {
    refuse(path, 'a length of time: ms, or a text such as 4s');
  }
}

function faults(value: unknown, path: string): void {
  for (const [name, count] of Object.entries(objectOf(value, path))) {
    if (!Object.hasOwn(noHotelFaults(), name)) refuse(`${path}.${name}`, Object.keys(noHotelFaults()).join(', '));
    if (!Number.isInteger(count) || Number(count) < 0) refuse(`${path}.${name}`, 'a whole number');
  }
}

import type { Clock } from '@cordboard/cti-core';
import { localTimeOf, wallClockMs } from '../map/local-time.js';

/** A local time, `YYYY-MM-DDTHH:MM:SS`. */
export type LocalStamp = string;

/**
 * Reads the local time of a zone.
 *
 * @throws {CtiError} `argument.invalid` for a name that is no zone
 */
export function localClock(clock: Clock, timeZone: string): () => LocalStamp {
  const now = (): LocalStamp => localTimeOf(wallClockMs(clock.wallMs(), timeZone));
  now();
  return now;
}

/** Date and time as FIAS writes them. */
export function stampFields(local: LocalStamp): { readonly DA: string; readonly TI: string } {
  const digits = local.replace(/\D/gu, '');
  return { DA: digits.slice(2, 8), TI: digits.slice(8, 14) };
}

/** Reads date and time of FIAS; years are 2000-2099. */
export function localOf(date: string, time: string): LocalStamp {
  const two = (text: string, at: number): string => text.slice(at, at + 2);
  return `20${two(date, 0)}-${two(date, 2)}-${two(date, 4)}T${two(time, 0)}:${two(time, 2)}:${two(time, 4)}`;
}

/**
 * Date and time of now as FIAS writes them.
 *
 * @throws {CtiError} `argument.invalid` for a name that is no zone
 */
export function fiasStamp(clock: Clock, timeZone: string): () => { readonly DA: string; readonly TI: string } {
  const local = localClock(clock, timeZone);
  return () => stampFields(local());
}

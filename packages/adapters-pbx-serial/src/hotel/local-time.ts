import { type Clock, CtiError } from '@cordboard/cti-core';

/** A local time, `YYYY-MM-DDTHH:MM:SS`. */
export type LocalStamp = string;

/**
 * Reads the local time of a zone.
 *
 * @throws {CtiError} `config.invalid` for a name that is no zone
 */
export function localClock(clock: Clock, timeZone: string): () => LocalStamp {
  const format = formatOf(timeZone);
  return () => {
    const parts = new Map(format.formatToParts(clock.wallMs()).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '00';
    return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
  };
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
 * @throws {CtiError} `config.invalid` for a name that is no zone
 */
export function fiasStamp(clock: Clock, timeZone: string): () => { readonly DA: string; readonly TI: string } {
  const local = localClock(clock, timeZone);
  return () => stampFields(local());
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
  } catch (cause) {
    throw new CtiError('config.invalid', 'there is no such time zone', { cause, details: { path: 'timeZone' } });
  }
}

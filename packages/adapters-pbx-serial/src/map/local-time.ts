import { CtiError } from '@cordboard/cti-core';
import type { LocalTime } from '../wire/kts/index.js';

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATS = 16;

/** @throws {CtiError} `argument.invalid` a zone that nobody knows */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (FORMATS.size >= MAX_FORMATS) FORMATS.clear();
    FORMATS.set(timeZone, made);
    return made;
  } catch (cause) {
    throw new CtiError('argument.invalid', 'no such time zone', { details: { timeZone }, cause });
  }
}

/**
 * What a clock on the wall of that zone shows, as if it were UTC: ms that two local times can be compared by.
 *
 * @throws {CtiError} `argument.invalid` a zone that nobody knows
 */
export function wallClockMs(epochMs: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(epochMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((epochMs % 1_000) + 1_000) % 1_000);
}

/** A local time as ms that can be compared with those of {@link wallClockMs}. `NaN` for text that is none. */
export function localMs(at: LocalTime): number {
  return Date.parse(`${at}Z`);
}

/** The local time of ms as {@link wallClockMs} gives them; parts of a second are cut off. */
export function localTimeOf(ms: number): LocalTime {
  return new Date(ms).toISOString().slice(0, 19);
}

/**
 * Epoch ms of a local time. Of an hour that comes twice (end of summer time) the second, of one that is left out the one after it.
 *
 * @returns `undefined` for text that is no time
 * @throws {CtiError} `argument.invalid` a zone that nobody knows
 */
export function epochOf(at: LocalTime, timeZone: string): number | undefined {
  const asked = localMs(at);
  if (Number.isNaN(asked)) return undefined;
  const offsetAt = (epochMs: number): number => wallClockMs(epochMs, timeZone) - epochMs;
  const first = asked - offsetAt(asked);
  return asked - offsetAt(first);
}

import { parseDuration } from '@cordboard/cti-core';

/** A length of time: ms, or a text such as `'4s'`, `'1m30s'`. */
export type Time = number | string;

/** In ms. @throws {RangeError} for what is no length of time */
export function inMs(time: Time): number {
  const ms = typeof time === 'number' ? time : parseDuration(time);
  if (ms === undefined || !(ms >= 0))
    throw new RangeError('a duration is a number of ms or a text such as 4s or 1m30s');
  return ms;
}

/** Two digits. */
export const two = (n: number): string => String(n).padStart(2, '0');

/** Parts of a local time. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Parts of seconds since 1970, taken as local. */
export function localTime(atS: number): LocalTime {
  const date = new Date(atS * 1_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** How a PBX's installer has set its date. */
export type DateOrder = 'mdy' | 'dmy' | 'ymd';

/** `11/22/26` in an order. */
export function shortDate({ year, month, day }: LocalTime, order: DateOrder): string {
  const parts = { y: two(year % 100), m: two(month), d: two(day) };
  return [...order].map((part) => parts[part as 'y' | 'm' | 'd']).join('/');
}

/** Seven columns: `10:03AM`, or `10:03` and two blanks. `pad`: what stands before a single digit of twelve hours. */
export function clock7({ hour, minute }: LocalTime, hours: 12 | 24, pad: '0' | ' '): string {
  if (hours === 24) return `${two(hour)}:${two(minute)}  `;
  const shown = hour % 12 === 0 ? 12 : hour % 12;
  return `${String(shown).padStart(2, pad)}:${two(minute)}${hour < 12 ? 'AM' : 'PM'}`;
}

/** `hh`, mark, `mm`, mark, `ss` of a length of time below 100 hours; what is longer stands at the most that the columns hold. */
export function length(seconds: number, marks: readonly [string, string]): string {
  const shown = Math.min(seconds, 359_999);
  const hours = Math.floor(shown / 3_600);
  return `${two(hours)}${marks[0]}${two(Math.floor(shown / 60) % 60)}${marks[1]}${two(shown % 60)}`;
}

/** Left in its column; what is longer is cut, as a printer with fixed columns does. */
export const left = (text: string, width: number): string => text.slice(0, width).padEnd(width);
/** Right in its column. */
export const right = (text: string, width: number): string => text.slice(0, width).padStart(width);

/** An amount with a point; a currency may have 0 to 4 digits below its unit. */
export function amount(minor: number, digits: number): string {
  if (digits === 0) return String(minor);
  const scale = 10 ** digits;
  return `${Math.floor(minor / scale)}.${String(minor % scale).padStart(digits, '0')}`;
}

/** A number with what must not be shown in a mark's place. */
export function hidden(number: string, from: number | undefined, mark: string): string {
  return from === undefined ? number : number.slice(0, from) + mark.repeat(Math.max(0, number.length - from));
}

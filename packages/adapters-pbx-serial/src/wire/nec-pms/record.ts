import { partsOf } from '../../smdr/fields.js';
import type { SmdrDirection, SmdrDoubt, SmdrRecord } from '../../smdr/record.js';

/** Kinds of record in the `normal` format: outgoing, between stations, incoming. */
const KINDS: Readonly<Record<string, SmdrDirection>> = { KA: 'out', KB: 'internal', KE: 'in' };

/** Places count from the `K`. Source: NDA-24238 p. 406 (figure 6-14). */
const AT = {
  route: 2,
  trunk: 5,
  who: 8,
  station: 11,
  start: 17,
  end: 27,
  account: 37,
  conditions: 50,
  called: 59,
  authorization: 103,
  years: 113,
} as const;

function stampAt(data: string, at: number, year: string): string | undefined {
  const stamp = `${year}-${data.slice(at, at + 2)}-${data.slice(at + 2, at + 4)}T${data.slice(at + 4, at + 6)}:${data.slice(at + 6, at + 8)}:${data.slice(at + 8, at + 10)}`;
  return partsOf(stamp) === undefined ? undefined : stamp;
}

const secondsOf = (stamp: string): number => Date.parse(`${stamp}Z`) / 1_000;

/**
 * A call record of 128 characters, `normal` format. The year is told by newer software alone; else it is taken from the time of arrival.
 *
 * @param arrivedAt - local time of arrival, `YYYY-MM-DDTHH:MM:SS`
 * @returns undefined for another kind of record (`KH` to `KM`), or one whose places do not hold what they should
 */
export function recordOf(data: string, arrivedAt?: string): SmdrRecord | undefined {
  const direction = KINDS[data.slice(0, 2)];
  if (direction === undefined || data.length !== 128) return undefined;
  const part = (at: number, width: number): string => data.slice(at, at + width).trim();
  const doubts: SmdrDoubt[] = [];
  const toldYear = part(AT.years, 2);
  const year = /^\d\d$/u.test(toldYear) ? `20${toldYear}` : arrivedAt?.slice(0, 4);
  const start = year === undefined ? undefined : stampAt(data, AT.start, year);
  let end = year === undefined ? undefined : stampAt(data, AT.end, year);
  if (start !== undefined && end !== undefined && end < start) end = stampAt(data, AT.end, String(Number(year) + 1));
  if (year !== undefined && toldYear === '') doubts.push('dateGuessed');
  if (start === undefined) doubts.push('startUnknown');
  const trunk = part(AT.route, 6);
  const station = part(AT.station, 6);
  const called = part(AT.called, 32);
  const [account, authorization] = [part(AT.account, 10), part(AT.authorization, 10)];
  const digits = /^[\d*#]+$/u;
  // The station of a record may be a tandem trunk or an attendant (`who` 2, 1), which is no extension.
  const isStation = part(AT.who, 1) === '0' && digits.test(station);
  if ((called !== '' && !digits.test(called)) || (trunk !== '' && !/^\d{6}$/u.test(trunk)))
    doubts.push('fieldUnreadable');
  return {
    direction,
    ...(start === undefined ? {} : { start }),
    ...(start === undefined || end === undefined ? {} : { durationMs: (secondsOf(end) - secondsOf(start)) * 1_000 }),
    ...(isStation ? { extension: station } : {}),
    ...(direction === 'internal' || !/^\d{6}$/u.test(trunk) ? {} : { line: trunk }),
    // Of an incoming call this is what was dialled to reach the PBX; who called stands where an installer has chosen to have it, or nowhere.
    ...(!digits.test(called) ? {} : direction === 'in' ? { did: called } : { number: called }),
    ...(digits.test(account) ? { accountCode: account } : {}),
    ...(direction === 'out' && digits.test(authorization) ? { personalCode: authorization } : {}),
    ...(data.charAt(AT.conditions) === '1' ? { transfer: 'to' as const } : {}),
    code: data.slice(0, 2),
    doubts,
    raw: data,
  };
}

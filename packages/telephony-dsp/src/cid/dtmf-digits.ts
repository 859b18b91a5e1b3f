import type { AbsenceReason } from '../contract.js';

/** What the digits of a DTMF caller ID say. */
export interface DtmfCallerIdFields {
  readonly number?: string;
  readonly absence?: AbsenceReason;
  /** The number that the call was forwarded from. */
  readonly redirecting?: string;
}

/** Start and end letter that an exchange was set to beside the usual ones. */
export interface DtmfCallerIdCodes {
  /** One of `A B C D`. */
  readonly start: string;
  /** One of `A B C D #`. */
  readonly end: string;
}

const ABSENCE_BY_INFORMATION: Readonly<Record<string, AbsenceReason>> = { '00': 'O', '10': 'P' };
/* Denmark and the Netherlands: restricted, international, not available for technical reasons. */
const ABSENCE_BY_DIGIT: Readonly<Record<string, AbsenceReason>> = { '1': 'P', '2': 'I', '3': 'O' };

const NUMBER = /^\d{3,}$/;
const SIMPLE = /^[AD](\d{3,})[C#]$/;
const BARE = /^(\d{3,})#$/;
const REASON = /^D([123])#$/;
const ETSI = /^(?:A(\d+))?(?:D(\d+))?(?:B(\d+))?C$/;

/**
 * Reads the digits of a DTMF caller ID, start and end code included: `A..C` and `D..C`, ETSI EN 300 659-1 annex B (`A..D..B..C`, each
 * field optional, `B00C` not available, `B10C` withheld), `A..#`, `D1#` withheld, `D2#` international, `D3#` not available, and bare
 * digits that end with `#`.
 * @param codes - letters that this exchange uses besides
 * @returns undefined where the digits are none of these, or say two things that exclude each other
 */
export function readDtmfCallerId(digits: string, codes?: DtmfCallerIdCodes): DtmfCallerIdFields | undefined {
  if (codes !== undefined && digits.startsWith(codes.start) && digits.endsWith(codes.end)) {
    const number = digits.slice(codes.start.length, digits.length - codes.end.length);
    if (NUMBER.test(number)) return { number };
  }
  const only = SIMPLE.exec(digits)?.[1] ?? BARE.exec(digits)?.[1];
  if (only !== undefined) return { number: only };
  const reason = ABSENCE_BY_DIGIT[REASON.exec(digits)?.[1] ?? ''];
  if (reason !== undefined) return { absence: reason };
  const fields = ETSI.exec(digits);
  if (fields === null) return undefined;
  const [, number, redirecting, information] = fields;
  const absence = information === undefined ? undefined : ABSENCE_BY_INFORMATION[information];
  if (redirecting !== undefined && !NUMBER.test(redirecting)) return undefined;
  const forwarded = redirecting === undefined ? {} : { redirecting };
  if (number !== undefined) {
    return NUMBER.test(number) && absence === undefined ? { number, ...forwarded } : undefined;
  }
  return absence === undefined ? undefined : { absence, ...forwarded };
}

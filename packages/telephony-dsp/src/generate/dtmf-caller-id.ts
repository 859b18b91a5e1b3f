import type { AbsenceReason } from '../contract.js';
import { type GenerateDtmfOptions, generateDtmf } from './dtmf.js';

/**
 * How an exchange writes a caller's number in DTMF: `A` and `D` name the start letter of `A..C` and `D..C`, `etsi` is
 * `A..D..B..C` (ETSI EN 300 659-1 annex B), `hash` is `A..#` with `D1#` to `D3#`, `bare` is digits and `#`.
 */
export type DtmfCallerIdStyle = 'A' | 'D' | 'etsi' | 'hash' | 'bare';

/** What {@link dtmfCallerIdDigits} writes. */
export interface DtmfCallerIdMessage {
  /** The caller's number, digits only. Absent where `absence` says why. */
  readonly number?: string;
  /** `O` not available, `P` withheld, `I` international (style `hash` alone). */
  readonly absence?: AbsenceReason;
  /** The number the call was forwarded from (style `etsi` alone). */
  readonly redirecting?: string;
  /** Default `A`. */
  readonly style?: DtmfCallerIdStyle;
}

const INFORMATION: Readonly<Partial<Record<AbsenceReason, string>>> = { O: '00', P: '10' };
const REASON: Readonly<Partial<Record<AbsenceReason, string>>> = { P: '1', I: '2', O: '3' };

/**
 * The digits of a DTMF caller ID with their start and end codes.
 * @throws {TypeError} when the style has no way to say it, or the number is no digits
 */
export function dtmfCallerIdDigits(message: DtmfCallerIdMessage): string {
  const { number, absence, redirecting, style = 'A' } = message;
  for (const digits of [number, redirecting]) {
    if (digits !== undefined && !/^\d+$/.test(digits)) throw new TypeError('a number in DTMF caller ID is digits only');
  }
  if ((number === undefined) === (absence === undefined)) throw new TypeError('either a number or why there is none');
  if (redirecting !== undefined && style !== 'etsi') throw new TypeError('only the style etsi says who forwarded');
  const forwarded = redirecting === undefined ? '' : `D${redirecting}`;
  if (number !== undefined) {
    if (style === 'bare') return `${number}#`;
    return style === 'hash' ? `A${number}#` : `${style === 'D' ? 'D' : 'A'}${number}${forwarded}C`;
  }
  const code = absence === undefined ? undefined : (style === 'hash' ? REASON : INFORMATION)[absence];
  if (code === undefined || style === 'bare') throw new TypeError('this style has no code for that reason');
  return style === 'hash' ? `D${code}#` : `${forwarded}B${code}C`;
}

/**
 * Samples of a DTMF caller ID, 70 ms tones and 70 ms pauses unless told otherwise (ETSI EN 300 659-1), both groups at -9 dBm0.
 * @throws {TypeError} as {@link dtmfCallerIdDigits} and {@link generateDtmf}
 */
export function generateDtmfCallerId(message: DtmfCallerIdMessage, options: GenerateDtmfOptions = {}): Int16Array {
  return generateDtmf(dtmfCallerIdDigits(message), { toneMs: 70, gapMs: 70, twistDb: 0, ...options });
}

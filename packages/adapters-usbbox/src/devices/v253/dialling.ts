import type { FinalResult } from '../../wire/v253/lines.js';

/** A modem's own keys: 95 ms of tone and as much pause (S11). */
const KEY_MS = 190;
/** `ATS8=1`. */
const COMMA_MS = 1_000;
/** No command line may be longer, V.250. */
const MAX_DIGITS = 60;

/** The command that dials. `returns`: as soon as the digits are out (a semicolon); `watches`: when it is known what became of the call. */
export function dialCommand(digits: string, then: 'returns' | 'watches'): string {
  const safe = digits.replace(/[^0-9*#A-D,]/g, '').slice(0, MAX_DIGITS);
  return `ATDT${safe}${then === 'returns' ? ';' : ''}`;
}

/** The command that sends keys in a call: a key or a pause after the other. */
export function toneCommand(digits: string): string {
  const parts = [...digits.replace(/[^0-9*#A-D,]/g, '').slice(0, MAX_DIGITS)].map((key) =>
    // A tone of no frequencies is a pause, in 10 ms.
    key === ',' ? '[0,0,100]' : key,
  );
  return `AT+VTS=${parts.join(',')}`;
}

/** How long a modem takes to dial. */
export function dialTimeMs(digits: string): number {
  let ms = 0;
  for (const key of digits) ms += key === ',' ? COMMA_MS : KEY_MS;
  return ms;
}

/** Is the number out? */
export function isDialled(result: FinalResult): boolean {
  return result === 'ok' || result === 'vcon' || result === 'connect';
}

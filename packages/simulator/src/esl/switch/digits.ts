import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';

/** Samples in a millisecond: `DTMF-Duration` counts samples (freeswitch.md 38). */
const SAMPLES_PER_MS = 8;
const MAX_KEPT_DIGITS = 512;

/** A key has come in on a channel: DTMF, then whatever collects keys there; others keep it. */
export function takeDigit(
  sw: EslSwitch,
  channel: Channel,
  key: { readonly digit: string; readonly source: 'RTP' | 'APP'; readonly durationMs: number },
): void {
  if (!channel.isUp) return;
  sw.tell(channel, 'DTMF', {
    detail: 'basic',
    trail: [
      ['DTMF-Digit', key.digit],
      ['DTMF-Duration', String(Math.round(key.durationMs * SAMPLES_PER_MS))],
      ['DTMF-Source', key.source],
    ],
  });
  if (channel.onDigit?.(key.digit) === 'taken') return;
  if (channel.digits.length < MAX_KEPT_DIGITS) channel.digits += key.digit;
}

/** `12W3@200`: digits, pauses (`w` half a second, `W` one), and how long each sounds. `undefined` for anything else. */
export function parseDigits(text: string): { readonly digits: string; readonly durationMs: number } | undefined {
  const found = /^([0-9A-DF*#wW+]{1,128})(?:@(\d{1,6}))?$/iu.exec(text);
  if (found?.[1] === undefined) return undefined;
  return { digits: found[1], durationMs: Number(found[2] ?? 250) };
}

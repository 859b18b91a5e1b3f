import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '../contract.js';
import { DTMF_HZ, DTMF_KEYS } from '../dtmf/keys.js';
import { inRange } from '../range.js';

/** Settings of {@link generateDtmf}. */
export interface GenerateDtmfOptions {
  /** Length of each tone, ms; 1 to 60 000, default 75. */
  readonly toneMs?: number;
  /** Pause after each tone, ms; 0 to 60 000, default 75. */
  readonly gapMs?: number;
  /** Level of the low group, dBm0; -60 to 0, default -9 (GB/T 15279: -9 +-3). */
  readonly lowDbm0?: number;
  /** High group above the low group, dB; -20 to 20, default 2 (GB/T 15279: 2 +-1). */
  readonly twistDb?: number;
  /** How far the low group is off, percent; -10 to 10, default 0. */
  readonly lowOffsetPercent?: number;
  /** The same of the high group. */
  readonly highOffsetPercent?: number;
  /** Each tone rises and falls over so long, ms; 0 to 10, default 1. The length of a tone is from half to half. */
  readonly rampMs?: number;
  /** Samples a second; 8000 to 192 000, default 8000. */
  readonly sampleRateHz?: number;
}

/** A comma and a full stop in a dial string, ms. */
const PAUSE_MS: Readonly<Record<string, number>> = { ',': 1000, '.': 500 };

/**
 * Samples of DTMF keys one after another, 16 bit. Every tone begins at phase 0 and ends in a ramp, so that nothing clicks; nothing is
 * clipped unless both levels together are beyond full scale.
 * @param digits - `0-9 * # A-D` (either case), `,` for a pause of 1 s, `.` for one of 0.5 s
 * @throws {TypeError} on any other character, and when an option is out of its range
 */
export function generateDtmf(digits: string, options: GenerateDtmfOptions = {}): Int16Array {
  const rate = inRange('sampleRateHz', options.sampleRateHz ?? SAMPLE_RATE, [8000, 192_000]);
  const toneMs = inRange('toneMs', options.toneMs ?? 75, [1, 60_000]);
  const gapMs = inRange('gapMs', options.gapMs ?? 75, [0, 60_000]);
  const lowDbm0 = inRange('lowDbm0', options.lowDbm0 ?? -9, [-60, 0]);
  const highDbm0 = lowDbm0 + inRange('twistDb', options.twistDb ?? 2, [-20, 20]);
  const low = 1 + inRange('lowOffsetPercent', options.lowOffsetPercent ?? 0, [-10, 10]) / 100;
  const high = 1 + inRange('highOffsetPercent', options.highOffsetPercent ?? 0, [-10, 10]) / 100;
  const ramp = Math.round((inRange('rampMs', options.rampMs ?? 1, [0, 10]) * rate) / 1000);
  const samplesOf = (ms: number): number => Math.round((ms * rate) / 1000);
  const keys = [...digits.toUpperCase()].map((digit) => ({ key: DTMF_KEYS.indexOf(digit), pauseMs: PAUSE_MS[digit] }));
  if (keys.some(({ key, pauseMs }) => key < 0 && pauseMs === undefined)) {
    throw new TypeError('a dial string holds 0-9, *, #, A-D, commas and full stops only');
  }
  const total = keys.reduce((sum, { pauseMs }) => sum + samplesOf(pauseMs ?? toneMs + gapMs), 0);
  const out = new Int16Array(total);
  const lowPeak = peakOf(lowDbm0);
  const highPeak = peakOf(highDbm0);
  let at = 0;
  for (const { key, pauseMs } of keys) {
    if (pauseMs === undefined) {
      const lowStep = (2 * Math.PI * (DTMF_HZ[key >> 2] ?? 0) * low) / rate;
      const highStep = (2 * Math.PI * (DTMF_HZ[4 + (key & 3)] ?? 0) * high) / rate;
      const end = Math.min(samplesOf(toneMs) + ramp, out.length - at);
      for (let i = 0; i < end; i++) {
        const edge = Math.min(1, (i + 0.5) / ramp, (end - i - 0.5) / ramp);
        const level = ramp === 0 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * edge);
        const value = level * (lowPeak * Math.sin(lowStep * i) + highPeak * Math.sin(highStep * i));
        out[at + i] = Math.max(-32768, Math.min(32767, Math.round(value)));
      }
    }
    at += samplesOf(pauseMs ?? toneMs + gapMs);
  }
  return out;
}

function peakOf(levelDbm0: number): number {
  return 32767 * 10 ** ((levelDbm0 - FULL_SCALE_SINE_DBM0) / 20);
}

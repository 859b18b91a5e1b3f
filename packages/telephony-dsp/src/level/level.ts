import { FULL_SCALE_SINE_DBM0 } from '../contract.js';

/** What is told of digital silence, dBm0: below the noise of the coder. */
export const SILENCE_DBM0 = -96;

/** Root mean square of samples, 0 to 32768; 0 of none. */
export function rmsOf(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] as number) ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** Greatest magnitude of samples, 0 to 32768. */
export function peakOf(samples: Int16Array): number {
  let most = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const size = Math.abs(samples[i] as number);
    if (size > most) most = size;
  }
  return most;
}

/** Root mean square of a sine of full scale. */
const FULL_SCALE_RMS = 32_767 / Math.SQRT2;

/** Level of a root mean square in dBm0 (G.711: a full-scale sine is +3.14 dBm0); not below {@link SILENCE_DBM0}. */
export const dbm0OfRms = (rms: number): number =>
  rms <= 0 ? SILENCE_DBM0 : Math.max(SILENCE_DBM0, 20 * Math.log10(rms / FULL_SCALE_RMS) + FULL_SCALE_SINE_DBM0);

/** Root mean square of a level in dBm0. */
export const rmsOfDbm0 = (dbm0: number): number => FULL_SCALE_RMS * 10 ** ((dbm0 - FULL_SCALE_SINE_DBM0) / 20);

/** What a meter shows. */
export interface Level {
  /** Of the last whole window, dBm0. */
  readonly dbm0: number;
  /** Greatest magnitude of the last whole window, 0 to 32768. */
  readonly peak: number;
  /** Samples at either end of the scale in the last whole window: the signal was too loud for the coder. */
  readonly clipped: number;
  /** Windows so far. */
  readonly windows: number;
}

/** Measures a stream window by window. */
export interface LevelMeter {
  /** Takes samples. @returns the level, the same object every time */
  push(samples: Int16Array): Level;
  /** Forgets everything. */
  reset(): void;
}

/**
 * A meter of level and peak.
 *
 * @param options.windowSamples - length of a window, default 160: 20 ms at 8 kHz
 * @throws {RangeError} when it is no whole number of at least 1
 */
export function createLevelMeter(options: { readonly windowSamples?: number } = {}): LevelMeter {
  const { windowSamples = 160 } = options;
  if (!Number.isSafeInteger(windowSamples) || windowSamples < 1) throw new RangeError('expected windowSamples >= 1');
  const level = { dbm0: SILENCE_DBM0, peak: 0, clipped: 0, windows: 0 };
  let count = 0;
  let sum = 0;
  let peak = 0;
  let clipped = 0;
  const begin = (): void => {
    count = 0;
    sum = 0;
    peak = 0;
    clipped = 0;
  };
  return {
    push(samples) {
      for (let i = 0; i < samples.length; i += 1) {
        const value = samples[i] as number;
        sum += value * value;
        const size = value < 0 ? -value : value;
        if (size > peak) peak = size;
        if (size >= 32_767) clipped += 1;
        count += 1;
        if (count < windowSamples) continue;
        level.dbm0 = dbm0OfRms(Math.sqrt(sum / count));
        level.peak = peak;
        level.clipped = clipped;
        level.windows += 1;
        begin();
      }
      return level;
    },
    reset() {
      begin();
      Object.assign(level, { dbm0: SILENCE_DBM0, peak: 0, clipped: 0, windows: 0 });
    },
  };
}

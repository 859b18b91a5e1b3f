import type { Detector, DtmfEvent } from '../contract.js';
import { inRange } from '../range.js';
import { DtmfDetector } from './detector.js';
import { DTMF_LIMITS } from './limits.js';

/** Settings of {@link createDtmf}. */
export interface DtmfOptions {
  /** A tone weaker than this is not taken, dBm0 of each of the two tones; -60 to 0, default -45. */
  readonly minLevelDbm0?: number;
  /** High group above or below the low group by at most this, dB; 0 to 20, default 10.5. */
  readonly maxTwistDb?: number;
  /** Shortest key, ms; 25 to 100, default 25: a clean key of 30 ms is taken, one of 20 is not. */
  readonly minToneMs?: number;
  /** A key still held is told after about so long, ms; 40 to 300, default 200. */
  readonly tellAfterMs?: number;
}

/**
 * Detects DTMF keys (ITU-T Q.23) in a stream of samples. A key is told when it is let go, or after `tellAfterMs` if it is held longer.
 * Taken: 1.5 % off frequency, 8 dB of twist, tones from 30 ms where they are clean, drop-outs of 10 ms, dial tone below, white noise 3 dB
 * below. Refused: 3.5 % off, single tones, tones of 20 ms, speech and music.
 * @throws {TypeError} when an option is out of its range
 */
export function createDtmf(options: DtmfOptions = {}): Detector<DtmfEvent> {
  return new DtmfDetector({
    ...DTMF_LIMITS,
    minLevelDbm0: inRange('minLevelDbm0', options.minLevelDbm0 ?? DTMF_LIMITS.minLevelDbm0, [-60, 0]),
    maxTwistDb: inRange('maxTwistDb', options.maxTwistDb ?? DTMF_LIMITS.maxTwistDb, [0, 20]),
    minToneMs: inRange('minToneMs', options.minToneMs ?? DTMF_LIMITS.minToneMs, [25, 100]),
    tellAfterMs: inRange('tellAfterMs', options.tellAfterMs ?? DTMF_LIMITS.tellAfterMs, [40, 300]),
  });
}

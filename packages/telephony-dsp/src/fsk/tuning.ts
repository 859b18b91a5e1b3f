import { SAMPLE_RATE } from '../contract.js';

/** Samples of a bit at 1200 bit/s. */
export const NOMINAL_BIT = SAMPLE_RATE / 1200;

/** Below this mark frequency it is Bell 202 (1200 Hz), above V.23 (1300 Hz); both may be off by 1.5 %. */
export const MARK_BOUNDARY_HZ = 1250;

/** Numbers that decide what is believed. They are measured, not from a standard; tests weaken them to see that they matter. */
export interface FskTuning {
  /** Share of a 10 ms frame that has to be mark tone. */
  readonly markShare: number;
  /** Frames (5 ms apart) of mark in a row before a start is looked for. */
  readonly markFrames: number;
  /** Share of energy of the marks and the first byte that a start has to explain. */
  readonly startShare: number;
  /** Share of energy of the whole message that has to be explained. */
  readonly messageShare: number;
  /** The same for every single byte. */
  readonly byteShare: number;
  /** Natural logarithm of how much likelier the message has to be than anything else that was considered. */
  readonly margin: number;
  /** Signal below this, dBm0, is not listened to. ETSI EN 300 659-1 and TIA-777 want below -48 dBm ignored. */
  readonly minLevelDbm0: number;
}

export const FSK_TUNING: FskTuning = {
  markShare: 0.4,
  markFrames: 5,
  startShare: 0.42,
  messageShare: 0.45,
  byteShare: 0.25,
  margin: 3,
  minLevelDbm0: -47,
};

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
  messageShare: 0.56,
  byteShare: 0.25,
  margin: 4,
  minLevelDbm0: -47,
};

/** How paths follow a signal. Measured on seeded signals with every impairment of a line. */
export const LOOP = {
  /** What stays of the remembered amplitude and phase of a tone with each of its bits. */
  fade: 0.86,
  /** Share of a bit's phase error that the phase, the frequency (a bit), the edges and the bit time take up. */
  phaseGain: 0.4,
  stepGain: 0.01,
  timeGain: 0.06,
  bitGain: 0.003,
  /** All but the frequency follow so many times faster in the first bits. */
  gear: 2,
  gearBits: 12,
  /** Paths so much less likely (natural logarithm) than the best are given up. */
  prune: 60,
  /** Noise is taken to be at least this share of the tones' power: what a model leaves over is not small because the line is quiet. */
  noiseFloor: 0.2,
  /** Least share of the tones' power by which a signal that has gone is noticed. */
  lost: 0.6,
  /** Bit times against 1200 bit/s, and space tones against where the mark tone puts them, that paths start with. */
  bitSeeds: [0.986, 1, 1.014],
  spaceSeeds: [-0.01, 0, 0.01],
  /** Where between two samples a modulator of the line's own sampling grid may stand: at 20/3 samples a bit there are three places. */
  gridSeeds: [0.01, 1 / 3 + 0.01, 2 / 3 + 0.01],
  /** Samples by which the filters delay edges on that grid, and its own memory and gains: there is only slow drift to follow. */
  gridDelay: 0.5,
  gridFade: 0.93,
  gridStepGain: 0.005,
  gridPhaseGain: 0.05,
  /** Bits for which paths of different starting values do not compete for a place. */
  apartBits: 100,
  /** Which of the last bits must be alike for paths to compete. */
  history: 7,
  /** What each mark between bytes, and a part of one, costs in likelihood, so that no bit is gained or lost on noise. */
  idleCost: 2,
  partCost: 5,
  /** Phases by which the high-pass turns mark and space, radians. */
  markLead: 0.61,
  spaceLead: 0.265,
  /** Samples louder than this many times the mean are cut (a sine has 1.57), and how fast the mean follows. */
  crest: 1.9,
  meanGain: 0.02,
} as const;

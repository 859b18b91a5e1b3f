/**
 * The limits that decide what is a key. Frequencies: ITU-T Q.23 and Q.24. Lengths and levels: the MT8870D and CMX869 data sheets and
 * Q.24. The shares were found by measuring keys in noise against hours of speech and music.
 */
export interface DtmfLimits {
  /** A tone below this is not there, dBm0. The chips take -29, NTT asks for -24. */
  readonly minLevelDbm0: number;
  /** High group against low group, either way, dB. The chips take 8 and 10; 20 is another signal. */
  readonly maxTwistDb: number;
  /** Frequencies farther off are another signal's, as a fraction: 1.5 % + 2 Hz must be taken, 3.5 % must not. */
  readonly maxOffset: number;
  /** Shorter tones are no keys, ms: 20 must not be taken, 30 should be where they are clean. */
  readonly minToneMs: number;
  /** Hops of 5 ms that must lie in it whole. */
  readonly minHops: number;
  /** A key that comes back sooner was never let go, ms: drop-outs of 10 are borne, pauses of 30 are pauses. */
  readonly minPauseMs: number;
  /** A key still held is told after so long, ms. */
  readonly tellAfterMs: number;
  /** Share of the energy that the two tones must have for a look of 20 ms to begin a key. */
  readonly lookShare: number;
  /** Share with which a key needs no further proof. */
  readonly cleanShare: number;
  /** The other two ways to be a key ask for so long a tone, ms. */
  readonly provenMs: number;
  /** And for so little where voices have their fundamental, dB against the two tones. */
  readonly maxVoiceDb: number;
  /** Beside a prompt: frequencies no farther off than this, as a fraction. */
  readonly mixedOffset: number;
  /** And so large a share with no more residue than this (see {@link Measured}). */
  readonly mixedShare: number;
  readonly mixedResidue: number;
  /** Or a smaller share with less residue. */
  readonly apartShare: number;
  readonly apartResidue: number;
  /** What is apart must be a noise, not a tone: its strongest line has no more of its power than this. */
  readonly apartLine: number;
  /** Share in noise that is white and was there before, and what says that it is: see {@link Measured}. */
  readonly noisyShare: number;
  readonly noisyQuietShare: number;
  readonly noisyColour: number;
  readonly noisyKnown: number;
  /** Steady sound that explains more than there is was no noise, but music. */
  readonly noisyMost: number;
}

/** What the detector works with unless told otherwise. */
export const DTMF_LIMITS: DtmfLimits = {
  minLevelDbm0: -45,
  maxTwistDb: 10.5,
  maxOffset: 0.021,
  minToneMs: 25,
  minHops: 4,
  minPauseMs: 20,
  tellAfterMs: 200,
  lookShare: 0.45,
  cleanShare: 0.95,
  provenMs: 36,
  maxVoiceDb: -9,
  mixedOffset: 0.019,
  mixedShare: 0.88,
  mixedResidue: 0.15,
  apartShare: 0.65,
  apartResidue: 0.06,
  apartLine: 0.3,
  noisyShare: 0.62,
  noisyQuietShare: 0.78,
  noisyColour: 0.75,
  noisyKnown: 0.4,
  noisyMost: 1.2,
};

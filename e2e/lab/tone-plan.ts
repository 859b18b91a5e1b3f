/**
 * Which sound has which frequency in the laboratory, in Hz. All differ by at least 70 Hz, none is a DTMF frequency
 * (697-1633 Hz, ITU-T Q.23) within 20 Hz, none is a low multiple of another, so each can be told apart in one 100 ms frame.
 */
export const TONE = {
  /** Callers: three of them may speak at once. */
  caller1: 430,
  caller2: 510,
  caller3: 590,
  /** Phones: each extension has its own voice. */
  '8001': 1030,
  '8002': 1130,
  '8003': 1270,
  '8004': 1400,
  '8005': 1550,
  '8006': 1710,
  /** A supervisor's phone, where a test gives it a voice of its own. */
  outside: 1810,
  /** Hold music is this pair. */
  musicLow: 2210,
  musicHigh: 2470,
} as const;

/** Prompts: file name below `sounds/en/cordboard` -> frequency and length. A prompt is one tone, so that it can be heard which one was played. */
export const PROMPTS = {
  welcome: { hz: 2590, ms: 600 },
  'front-menu': { hz: 2670, ms: 1200 },
  'sub-menu': { hz: 2750, ms: 1200 },
  'no-input': { hz: 2830, ms: 500 },
  'no-match': { hz: 2910, ms: 500 },
  'queue-wait': { hz: 2990, ms: 800 },
  closed: { hz: 3070, ms: 800 },
  'recording-notice': { hz: 3150, ms: 500 },
  goodbye: { hz: 3230, ms: 500 },
  /** Long enough to be broken off by a test. */
  'long-notice': { hz: 3310, ms: 10_000 },
} as const;

/** Name of a prompt of the laboratory. */
export type PromptName = keyof typeof PROMPTS;

/** All frequencies that may sound in the laboratory, to look for in a recording. */
export const ALL_TONES: readonly number[] = [
  ...Object.values(TONE),
  ...Object.values(PROMPTS).map((prompt) => prompt.hz),
];

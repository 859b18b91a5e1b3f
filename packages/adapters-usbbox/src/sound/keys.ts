import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '@cordboard/telephony-dsp';
import { chainSource, type SoundSource, samplesSource, silenceSource } from './source.js';

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1_209, 1_336, 1_477, 1_633] as const;
const ROWS = ['123A', '456B', '789C', '*0#D'] as const;
/** The low tone at -9 dBm0, the high one 2 dB louder (GB/T 15279). */
const PEAKS = [-9, -7].map((dbm0) => 32_767 * 10 ** ((dbm0 - FULL_SCALE_SINE_DBM0) / 20)) as [number, number];

/** How keys are sent. */
export interface KeyTiming {
  readonly digitToneMs: number;
  readonly digitGapMs: number;
  readonly pauseMs: number;
}

/** `0-9*#A-D`, a comma for a pause, a dot for half of one: what a line can dial. */
export const DIALLABLE = /^[0-9*#A-Da-d,.]{1,64}$/;

/** Leaves out what is no key: blanks, hyphens, brackets, the plus sign. */
export function diallable(number: string): string {
  return number.replace(/[\s()+/-]/g, '');
}

/** The sound of keys and pauses, one after the other. */
export function keysSource(digits: string, timing: KeyTiming): SoundSource {
  const samples = (ms: number): number => Math.round((ms * SAMPLE_RATE) / 1_000);
  return chainSource(
    [...digits].flatMap((key) => {
      if (key === ',') return [silenceSource(samples(timing.pauseMs))];
      if (key === '.') return [silenceSource(samples(timing.pauseMs / 2))];
      return [
        samplesSource(keyTone(key.toUpperCase(), samples(timing.digitToneMs))),
        silenceSource(samples(timing.digitGapMs)),
      ];
    }),
  );
}

function keyTone(key: string, length: number): Int16Array {
  const row = ROWS.findIndex((keys) => keys.includes(key));
  const low = LOW[row] ?? 941;
  const high = HIGH[ROWS[row]?.indexOf(key) ?? 1] ?? 1_336;
  const out = new Int16Array(length);
  for (let i = 0; i < length; i++) {
    const turn = (2 * Math.PI * i) / SAMPLE_RATE;
    out[i] = Math.round(PEAKS[0] * Math.sin(low * turn) + PEAKS[1] * Math.sin(high * turn));
  }
  return out;
}

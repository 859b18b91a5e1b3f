import type { MediaRef } from '@cordboard/cti-core';
import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '@cordboard/telephony-dsp';

type ToneKind = Extract<MediaRef, { kind: 'tone' }>['tone'];

/** Tones that callers are given, as of a Chinese exchange (GB 3380): Hz, then on and off in ms. A beep sounds once. */
const TONES: { readonly [T in ToneKind]: { readonly hz: number; readonly onMs: number; readonly offMs: number } } = {
  dial: { hz: 450, onMs: 1_000, offMs: 0 },
  ringback: { hz: 450, onMs: 1_000, offMs: 4_000 },
  busy: { hz: 450, onMs: 350, offMs: 350 },
  congestion: { hz: 450, onMs: 700, offMs: 700 },
  beep: { hz: 1_000, onMs: 400, offMs: 0 },
};

/** -13 dBm0: as loud as a prompt, 3 dB below an exchange's own tones. */
const LEVEL_DBM0 = -13;
const PEAK = 32_767 * 10 ** ((LEVEL_DBM0 - FULL_SCALE_SINE_DBM0) / 20);
const made = new Map<ToneKind, Int16Array>();

/** One cycle of a tone. The array is shared: do not write to it. */
export function toneCycle(tone: ToneKind): Int16Array {
  const known = made.get(tone);
  if (known !== undefined) return known;
  const { hz, onMs, offMs } = TONES[tone];
  const samples = new Int16Array(((onMs + offMs) * SAMPLE_RATE) / 1_000);
  const on = (onMs * SAMPLE_RATE) / 1_000;
  for (let i = 0; i < on; i++) samples[i] = Math.round(PEAK * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE));
  made.set(tone, samples);
  return samples;
}

/** Hold music where there is none: two soft notes that swell and fade, 4 s, without a step where it begins anew. */
export function gentleTone(): Int16Array {
  const samples = new Int16Array(4 * SAMPLE_RATE);
  const notes = [523.25, 659.25] as const;
  for (let i = 0; i < samples.length; i++) {
    const second = i / SAMPLE_RATE;
    const note = notes[second < 2 ? 0 : 1];
    const swell = Math.sin((Math.PI * (second % 2)) / 2) ** 2;
    samples[i] = Math.round(1_800 * swell * Math.sin(2 * Math.PI * note * second));
  }
  return samples;
}

import { alawToLinear, linearToAlaw, linearToUlaw, ulawToLinear } from '@cordboard/telephony-dsp';
import type { SoundCoding } from './formats.js';

/** Bytes of a modem as samples of 16 bit. */
export function samplesOf(bytes: Uint8Array, coding: SoundCoding, out: Int16Array): Int16Array {
  const count = Math.min(bytes.length, out.length);
  const to = TO_LINEAR[coding];
  for (let i = 0; i < count; i++) out[i] = to(bytes[i] ?? 0);
  return out.subarray(0, count);
}

/** Samples of 16 bit as bytes for a modem. */
export function bytesOf(samples: Int16Array, coding: SoundCoding): Uint8Array {
  const from = FROM_LINEAR[coding];
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = from(samples[i] ?? 0);
  return out;
}

const TO_LINEAR: Readonly<Record<SoundCoding, (byte: number) => number>> = {
  unsigned: (byte) => (byte - 128) << 8,
  signed: (byte) => (byte << 24) >> 16,
  ulaw: ulawToLinear,
  alaw: alawToLinear,
};

const rounded = (sample: number): number => Math.max(-128, Math.min(127, Math.round(sample / 256)));

const FROM_LINEAR: Readonly<Record<SoundCoding, (sample: number) => number>> = {
  unsigned: (sample) => rounded(sample) + 128,
  signed: (sample) => rounded(sample) & 0xff,
  ulaw: linearToUlaw,
  alaw: linearToAlaw,
};

import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '../contract.js';

/** Options of {@link generateFskCallerId}. */
export interface FskCallerIdSignalOptions {
  /** Bell 202 (1200 Hz mark, 2200 Hz space; GR-30) or V.23 (1300/2100 Hz; ETSI EN 300 659-1). Default `bell202`. */
  readonly standard?: 'bell202' | 'v23';
  /** Alternating bits before the marks, 0-3000, default 300; 0 for a set that is off-hook. */
  readonly seizureBits?: number;
  /** Mark bits before the message, 0-3000, default 180 (80 off-hook). */
  readonly markBits?: number;
  /** Stop bits of each byte, 1-21, default 1. */
  readonly stopBits?: number;
  /** Mark bits after the checksum, 0-3000, default 8. */
  readonly trailingMarkBits?: number;
  /** Level of each tone, -60 to 0 dBm0, default -13.5. */
  readonly levelDbm0?: number;
  /** Level of the space tone against the mark tone, -20 to 20 dB, default 0. */
  readonly twistDb?: number;
  /** Bit rate, 1000-1400 bit/s, default 1200. */
  readonly bitRate?: number;
  /** Silence before and after, 0-60000 ms each, default 0. */
  readonly silenceBeforeMs?: number;
  readonly silenceAfterMs?: number;
}

const TONES = { bell202: { mark: 1200, space: 2200 }, v23: { mark: 1300, space: 2100 } } as const;

/**
 * Makes the phase-continuous FSK signal of one caller-ID message: channel seizure, marks, the bytes with start and stop bits (least
 * significant bit first), trailing marks. The bytes go out as they are, so that wrong ones can be sent in tests.
 *
 * @param message - the bytes, for example of `encodeCallerIdMessage`
 * @returns samples at 8000 Hz
 * @throws {TypeError} for an option out of its range
 */
export function generateFskCallerId(message: Uint8Array, options: FskCallerIdSignalOptions = {}): Int16Array {
  const seizure = within('seizureBits', options.seizureBits ?? 300, [0, 3000]);
  const marks = within('markBits', options.markBits ?? 180, [0, 3000]);
  const stops = within('stopBits', options.stopBits ?? 1, [1, 21]);
  const trailing = within('trailingMarkBits', options.trailingMarkBits ?? 8, [0, 3000]);
  const level = within('levelDbm0', options.levelDbm0 ?? -13.5, [-60, 0]);
  const twist = within('twistDb', options.twistDb ?? 0, [-20, 20]);
  const samplesPerBit = SAMPLE_RATE / within('bitRate', options.bitRate ?? 1200, [1000, 1400]);
  const before = Math.round(
    (within('silenceBeforeMs', options.silenceBeforeMs ?? 0, [0, 60_000]) * SAMPLE_RATE) / 1000,
  );
  const after = Math.round((within('silenceAfterMs', options.silenceAfterMs ?? 0, [0, 60_000]) * SAMPLE_RATE) / 1000);
  const tones = TONES[options.standard ?? 'bell202'];

  const bits: number[] = [];
  for (let i = 0; i < seizure; i++) bits.push(i % 2);
  for (let i = 0; i < marks; i++) bits.push(1);
  for (const byte of message) {
    bits.push(0);
    for (let i = 0; i < 8; i++) bits.push((byte >> i) & 1);
    for (let i = 0; i < stops; i++) bits.push(1);
  }
  for (let i = 0; i < trailing; i++) bits.push(1);

  const markPeak = 32767 * 10 ** ((level - FULL_SCALE_SINE_DBM0) / 20);
  const spacePeak = markPeak * 10 ** (twist / 20);
  const length = Math.ceil(bits.length * samplesPerBit);
  const samples = new Int16Array(before + length + after);
  // The phase runs on through every change of tone, also where that falls between two samples.
  let phase = 0;
  let begin = 0;
  for (const bit of bits) {
    const end = begin + samplesPerBit;
    const peak = bit === 1 ? markPeak : spacePeak;
    const step = (2 * Math.PI * (bit === 1 ? tones.mark : tones.space)) / SAMPLE_RATE;
    for (let i = Math.ceil(begin); i < end && i < length; i++) {
      samples[before + i] = clamp(peak * Math.sin(phase + step * (i - begin)));
    }
    phase = (phase + step * samplesPerBit) % (2 * Math.PI);
    begin = end;
  }
  return samples;
}

function clamp(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value)));
}

function within(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (!(value >= low && value <= high)) throw new TypeError(`${name} must be ${low} to ${high}`);
  return value;
}

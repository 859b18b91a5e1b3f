/** A small generator of random numbers that gives the same everywhere (mulberry32). @returns numbers from 0 to below 1 */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** A sine: frequency in Hz, peak, and samples a second. */
export const sine = (length: number, hz: number, { peak = 10_000, rate = 8000, phase = 0 } = {}): Int16Array =>
  Int16Array.from({ length }, (_, n) => clip(peak * Math.sin((2 * Math.PI * hz * n) / rate + phase)));

/** White noise between plus and minus a peak. */
export function noise(length: number, { peak = 10_000, seed = 1 } = {}): Int16Array {
  const random = randomOf(seed);
  return Int16Array.from({ length }, () => clip((2 * random() - 1) * peak));
}

/** Something like speech: pulses at a moving pitch through moving resonances, with hisses and pauses in between. */
export function speechLike(length: number, { peak = 12_000, seed = 1 } = {}): Int16Array {
  const random = randomOf(seed);
  const out = new Int16Array(length);
  const state = [0, 0, 0, 0, 0, 0];
  let phase = 0;
  let kind = 0;
  let hz = 120;
  let formants: readonly number[] = [500, 1500, 2500];
  for (let n = 0; n < length; n += 1) {
    if (n % 640 === 0) {
      kind = random();
      hz = 80 + 180 * random();
      formants = [250 + 600 * random(), 900 + 1400 * random(), 2200 + 1000 * random()];
    }
    phase += hz / 8000;
    let value = 0;
    if (kind < 0.65) value = phase >= 1 ? 1 : 0;
    else if (kind < 0.85) value = 0.15 * (2 * random() - 1);
    if (phase >= 1) phase -= 1;
    formants.forEach((formant, i) => {
      const radius = 0.97 - 0.02 * i;
      const one = state[2 * i] ?? 0;
      const two = state[2 * i + 1] ?? 0;
      value = value + 2 * radius * Math.cos((2 * Math.PI * formant) / 8000) * one - radius * radius * two;
      state[2 * i] = value;
      state[2 * i + 1] = one;
      value *= 0.35;
    });
    out[n] = clip(value * peak * 3);
  }
  return out;
}

/** Pieces one after the other. */
export function joined(...pieces: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** A square wave of full scale: what an overloaded input gives. */
export const square = (length: number, hz: number): Int16Array =>
  Int16Array.from({ length }, (_, n) => (((2 * n * hz) / 8000) & 1 ? -32_768 : 32_767));

/** Bytes of samples as files without a header have them. */
export function rawOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of samples.entries()) view.setInt16(2 * n, value, true);
  return bytes;
}

/** Samples of such bytes. */
export function samplesOf(raw: Uint8Array): Int16Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Int16Array.from({ length: raw.byteLength >> 1 }, (_, n) => view.getInt16(2 * n, true));
}

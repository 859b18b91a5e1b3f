import { randomOf } from '../lib/random.js';

const RATE = 8000;

/** Speech-like sound: pulses at a moving pitch through moving resonances, with pauses. */
function speech(seconds: number, seed: number): Int16Array {
  const random = randomOf(seed);
  const out = new Int16Array(seconds * RATE);
  const held = new Float64Array(6);
  let phase = 0;
  let step = 0;
  let loud = 0;
  let formants = [500, 1500, 2500];
  for (let n = 0; n < out.length; n += 1) {
    if (n % 800 === 0) {
      step = (80 + 160 * random()) / RATE;
      loud = random() < 0.25 ? 0 : 0.4 + random();
      formants = [250 + 600 * random(), 900 + 1300 * random(), 2200 + 900 * random()];
    }
    phase += step;
    let value = phase >= 1 ? loud : 0.02 * loud * (random() - 0.5);
    if (phase >= 1) phase -= 1;
    for (let i = 0; i < 3; i += 1) {
      const angle = (2 * Math.PI * (formants[i] ?? 0)) / RATE;
      const one = held[2 * i] ?? 0;
      value += 1.9 * Math.cos(angle) * one - 0.9025 * (held[2 * i + 1] ?? 0);
      held[2 * i + 1] = one;
      held[2 * i] = value;
      value *= 0.35;
    }
    out[n] = Math.max(-32_768, Math.min(32_767, Math.round(value * 20_000)));
  }
  return out;
}

/** Adds a sum of sines to a stretch of samples. */
function add(out: Int16Array, hz: readonly number[], { at, ms, peak }: { at: number; ms: number; peak: number }): void {
  const start = Math.round(at * RATE);
  const length = Math.min(out.length - start, Math.round((ms * RATE) / 1000));
  for (let n = 0; n < length; n += 1) {
    let value = out[start + n] ?? 0;
    for (const one of hz) value += peak * Math.sin((2 * Math.PI * one * n) / RATE);
    out[start + n] = Math.max(-32_768, Math.min(32_767, Math.round(value)));
  }
}

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];

/** A call as a line hears it, 30 seconds: dial tone, eleven keys, ringback, talk with keys in it, busy. */
export function callOf(seed: number): Int16Array {
  const out = new Int16Array(30 * RATE);
  out.set(speech(14, seed), 11 * RATE);
  const random = randomOf(seed + 1);
  add(out, [450], { at: 0.3, ms: 1500, peak: 5000 });
  const key = (at: number): void => {
    const hz = [rows[Math.floor(4 * random())] ?? 697, columns[Math.floor(4 * random())] ?? 1209];
    add(out, hz, { at, ms: 75, peak: 4000 });
  };
  for (let n = 0; n < 11; n += 1) key(2 + 0.15 * n);
  for (const at of [5, 10]) add(out, [450], { at, ms: 1000, peak: 4000 });
  for (let n = 0; n < 6; n += 1) key(14 + 1.5 * n);
  for (let n = 0; n < 6; n += 1) add(out, [450], { at: 25.5 + 0.7 * n, ms: 350, peak: 4000 });
  const noise = randomOf(seed + 2);
  return out.map((value) => Math.max(-32_768, Math.min(32_767, value + Math.round(60 * (noise() - 0.5)))));
}

/** A line that rings, on-hook, 12 seconds: ringing of 25 Hz, and noise between the rings. */
export function ringOf(message: Int16Array, seed: number): Int16Array {
  const out = new Int16Array(12 * RATE);
  for (const at of [0, 5, 10]) add(out, [25], { at, ms: 1000, peak: 20_000 });
  out.set(message.subarray(0, 3 * RATE), Math.round(1.6 * RATE));
  const random = randomOf(seed);
  return out.map((value) => value + Math.round(100 * (random() - 0.5)));
}

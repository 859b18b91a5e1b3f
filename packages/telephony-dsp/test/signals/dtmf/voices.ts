import { addNoise, type Random, rmsOf } from './noise.js';

/** First three formants of vowels, Hz, from close to open and back. */
const VOWELS = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
  [490, 1350, 1690],
  [700, 1220, 2600],
  [850, 1480, 2800],
] as const;

/**
 * Something like speech: a pulse train with a moving pitch through moving formants, fricatives, pauses. Added at `dbm0` while it speaks.
 */
export function addVoice(
  x: Float64Array,
  dbm0: number,
  random: Random,
  span = { fromMs: 0, toMs: x.length / 8 },
): void {
  const from = Math.round(span.fromMs * 8);
  const to = Math.min(x.length, Math.round(span.toMs * 8));
  const voice = new Float64Array(Math.max(0, to - from));
  const scale = random.between(0.9, 1.25);
  const base = random.between(75, 330);
  const robot = random.next() < 0.2;
  const state = [0, 0, 0, 0, 0, 0];
  let phase = 0;
  let pitch = base;
  let now: readonly number[] = random.pick(VOWELS);
  let at = 0;
  while (at < voice.length) {
    const kind = random.next();
    const length = Math.min(voice.length - at, Math.round(random.between(40, robot ? 600 : 300) * 8));
    if (kind < 0.15) {
      at += length;
      continue;
    }
    if (kind < 0.3) {
      let low = 0;
      for (let i = 0; i < length; i++) {
        const n = random.gauss();
        voice[at + i] = (n - low) * 0.12;
        low = n;
      }
      at += length;
      continue;
    }
    const next: readonly number[] = random.pick(VOWELS);
    const nextPitch = robot ? base : base * random.between(0.75, 1.3);
    for (let i = 0; i < length; i++) {
      const t = i / length;
      const hz = pitch + (nextPitch - pitch) * t;
      phase += hz / 8000;
      let v = 0;
      if (phase >= 1) {
        phase -= 1;
        v = 1;
      }
      v += 0.01 * random.gauss();
      for (let f = 0; f < 3; f++) {
        const formant = ((now[f] ?? 500) + ((next[f] ?? 500) - (now[f] ?? 500)) * t) * scale;
        const r = Math.exp((-Math.PI * (50 + 40 * f)) / 8000);
        const c = 2 * r * Math.cos((2 * Math.PI * Math.min(3800, formant)) / 8000);
        const y = (1 - r) * v + c * (state[f * 2] ?? 0) - r * r * (state[f * 2 + 1] ?? 0);
        state[f * 2 + 1] = state[f * 2] ?? 0;
        state[f * 2] = y;
        v = v * 0.3 + y * 4;
      }
      voice[at + i] = v * Math.min(1, i / 160, (length - i) / 160);
    }
    pitch = nextPitch;
    now = next;
    at += length;
  }
  level(x, voice, from, dbm0);
}

/** Chords, melodies and basses of a few waveforms in equal temperament, with attack and decay. */
export function addMusic(x: Float64Array, dbm0: number, random: Random): void {
  const music = new Float64Array(x.length);
  const tuning = 440 * 2 ** (random.between(-0.3, 0.3) / 12);
  const shape = random.pick(['sine', 'saw', 'square', 'bell'] as const);
  const scale = random.pick([
    [0, 2, 4, 5, 7, 9, 11],
    [0, 2, 3, 5, 7, 8, 10],
    [0, 3, 5, 7, 10],
  ]);
  const root = random.integer(-9, 2);
  for (const [octave, voices] of [
    [-1, 1],
    [0, 2],
    [1, 1],
  ] as const) {
    const beat = random.pick([120, 180, 240, 300, 480]) * 8;
    for (let at = 0; at < music.length; at += beat) {
      for (let v = 0; v < voices; v++) {
        if (random.next() < 0.2) continue;
        const hz = tuning * 2 ** ((root + random.pick(scale) + 12 * octave) / 12);
        const decay = random.between(0.5, 8);
        const partials = shape === 'sine' ? 1 : shape === 'bell' ? 4 : 8;
        const length = Math.min(music.length - at, Math.round(beat * random.between(0.6, 1.4)));
        for (let p = 1; p <= partials; p++) {
          if (shape === 'square' && p % 2 === 0) continue;
          const partial = shape === 'bell' ? hz * (1 + (p - 1) * 1.76) : hz * p;
          if (partial > 3800) break;
          const step = (2 * Math.PI * partial) / 8000;
          for (let i = 0; i < length; i++) {
            const envelope = Math.min(1, i / 80, (length - i) / 80) * Math.exp((-decay * i) / 8000);
            music[at + i] = (music[at + i] ?? 0) + (envelope * Math.sin(step * i)) / p;
          }
        }
      }
    }
  }
  level(x, music, 0, dbm0);
}

/** Babble of fricatives and breath. */
export function addBreath(x: Float64Array, dbm0: number, random: Random): void {
  const breath = new Float64Array(x.length);
  addNoise(breath, 1, random);
  let swell = 0;
  for (let i = 0; i < breath.length; i++) {
    if (i % 400 === 0) swell = random.next();
    breath[i] = (breath[i] ?? 0) * swell;
  }
  level(x, breath, 0, dbm0);
}

function level(x: Float64Array, y: Float64Array, from: number, dbm0: number): void {
  let sum = 0;
  let count = 0;
  for (const v of y) {
    if (v !== 0) {
      sum += v * v;
      count++;
    }
  }
  const gain = count === 0 ? 0 : rmsOf(dbm0) / Math.sqrt(sum / count);
  for (let i = 0; i < y.length; i++) x[from + i] = (x[from + i] ?? 0) + gain * (y[i] ?? 0);
}

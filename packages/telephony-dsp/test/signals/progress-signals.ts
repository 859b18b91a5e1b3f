/**
 * Signals of an exchange, made from the published descriptions alone: nothing here comes from the package under test. Everything is
 * seeded. Levels are in dBm0 with a full-scale sine at +3.14; noise ratios are over the whole band of 0-4 kHz.
 */
export const RATE = 8000;

export type Random = () => number;

/** xorshift32: another generator than the product's on purpose. */
export function seeded(seed: number): Random {
  let s = (seed * 2654435761) >>> 0 || 88675123;
  return () => {
    s ^= s << 13;
    s >>>= 0;
    s ^= s >>> 17;
    s ^= s << 5;
    s >>>= 0;
    return s / 4294967296;
  };
}

export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

/** Peak of a sine of this level in units of full scale 1. */
export function peak(dbm0: number): number {
  return 10 ** ((dbm0 - 3.14) / 20);
}

export class Tape {
  data = new Float64Array(0);
  get seconds(): number {
    return this.data.length / RATE;
  }
  add(part: Float64Array): this {
    const joined = new Float64Array(this.data.length + part.length);
    joined.set(this.data);
    joined.set(part, this.data.length);
    this.data = joined;
    return this;
  }
  quiet(seconds: number): this {
    return this.add(new Float64Array(Math.round(seconds * RATE)));
  }
}

export interface ToneShape {
  hz: number[];
  weights?: number[];
  dbm0: number;
  /** on, off, ... seconds; empty = continuous */
  cadence: number[];
  seconds: number;
  hzEach?: number[][];
  /** Where in the cadence it starts, seconds. */
  from?: number;
  phase?: number;
  stepDb?: number;
}

export function tone(shape: ToneShape): Float64Array {
  const out = new Float64Array(Math.round(shape.seconds * RATE));
  const cycle = shape.cadence.reduce((a, b) => a + b, 0);
  for (let n = 0; n < out.length; n++) {
    const t = n / RATE;
    let into = shape.from ?? 0;
    into += t;
    let hz = shape.hz;
    let edge = 1;
    if (cycle > 0) {
      into %= cycle;
      let index = 0;
      while (into >= (shape.cadence[index] ?? 0)) {
        into -= shape.cadence[index] ?? 0;
        index++;
      }
      if (index % 2 === 1) continue;
      hz = shape.hzEach?.[index / 2] ?? hz;
      edge = Math.min(1, into / 0.002, ((shape.cadence[index] ?? 0) - into) / 0.002);
    }
    let sum = 0;
    let squares = 0;
    hz.forEach((f, k) => {
      const w = shape.weights?.[k] ?? 1;
      squares += w * w;
      sum += w * Math.sin(2 * Math.PI * f * t + (shape.phase ?? 0) + k);
    });
    const step = shape.stepDb === undefined ? 1 : 10 ** ((shape.stepDb * Math.min(4, Math.floor(t))) / 20);
    out[n] = (sum / Math.sqrt(squares)) * peak(shape.dbm0) * edge * step;
  }
  return out;
}

/** Resonator pair: one formant. */
function formant(x: Float64Array, hz: (n: number) => number, width: number): Float64Array {
  const y = new Float64Array(x.length);
  let y1 = 0;
  let y2 = 0;
  const r = Math.exp((-Math.PI * width) / RATE);
  for (let n = 0; n < x.length; n++) {
    const v = (1 - r) * (x[n] ?? 0) + 2 * r * Math.cos((2 * Math.PI * hz(n)) / RATE) * y1 - r * r * y2;
    y2 = y1;
    y1 = v;
    y[n] = v;
  }
  return y;
}

export interface SpeechShape {
  seconds: number;
  dbm0: number;
  pitch?: number;
  /** Share of the time that is pause between phrases. */
  pauses?: number;
  monotone?: boolean;
}

/** Syllables of voiced and unvoiced sound through three moving formants: has the rhythm and the harmonics of speech. */
export function speech(shape: SpeechShape, random: Random): Float64Array {
  const length = Math.round(shape.seconds * RATE);
  const source = new Float64Array(length);
  const gain = new Float64Array(length);
  const f1 = new Float64Array(length);
  const f2 = new Float64Array(length);
  const pitch = shape.pitch ?? 90 + random() * 150;
  let phase = 0;
  let n = 0;
  while (n < length) {
    const words = 1 + Math.floor(random() * 6);
    for (let w = 0; w < words && n < length; w++) {
      const voiced = Math.round(RATE * (0.08 + random() * 0.22));
      const hiss = random() < 0.6 ? Math.round(RATE * (0.03 + random() * 0.09)) : 0;
      const a1 = 280 + random() * 550;
      const a2 = 800 + random() * 1500;
      const b1 = 280 + random() * 550;
      const b2 = 800 + random() * 1500;
      const rise = shape.monotone ? 0 : (random() - 0.5) * 0.5;
      const base = pitch * (shape.monotone ? 1 : 0.85 + random() * 0.35);
      for (let k = 0; k < hiss && n < length; k++, n++) {
        source[n] = gauss(random) * 0.25;
        gain[n] = Math.sin((Math.PI * k) / hiss) * 0.35;
        f1[n] = 1800;
        f2[n] = 2900;
      }
      for (let k = 0; k < voiced && n < length; k++, n++) {
        const u = k / voiced;
        phase += (base * (1 + rise * u + 0.01 * Math.sin(k / 190))) / RATE;
        let pulse = 0;
        if (phase >= 1) {
          phase -= 1;
          pulse = 6;
        }
        source[n] = pulse - 0.1 + gauss(random) * 0.04;
        gain[n] = Math.sin(Math.PI * Math.min(1, u * 1.1)) ** 0.6;
        f1[n] = a1 + (b1 - a1) * u;
        f2[n] = a2 + (b2 - a2) * u;
      }
    }
    n += Math.round(RATE * (random() < 0.5 ? 0.03 + random() * 0.08 : (shape.pauses ?? 0.3) * random()));
  }
  const one = formant(source, (k) => f1[k] ?? 500, 80);
  const two = formant(source, (k) => f2[k] ?? 1500, 120);
  const three = formant(source, () => 2600, 200);
  const out = new Float64Array(length);
  let squares = 0;
  let count = 0;
  for (let k = 0; k < length; k++) {
    out[k] = ((one[k] ?? 0) + 0.5 * (two[k] ?? 0) + 0.25 * (three[k] ?? 0)) * (gain[k] ?? 0);
    if ((gain[k] ?? 0) > 0.1) {
      squares += (out[k] ?? 0) ** 2;
      count++;
    }
  }
  const scale = peak(shape.dbm0) / Math.SQRT2 / Math.sqrt(squares / Math.max(1, count)) || 0;
  return out.map((v) => v * scale);
}

export interface MusicShape {
  seconds: number;
  dbm0: number;
  kind: 'sine' | 'saw' | 'organ' | 'pluck' | 'band';
  /** Notes as multiples of half tones from A4 = 440 Hz that are used; default two octaves of a major scale around it. */
  steps?: number[];
  beat?: number;
  /** Pauses between notes, share of the beat. */
  gap?: number;
}

/** Notes of an equal-tempered scale around A4 = 440 Hz, alone or as chords, with or without drums. */
export function music(shape: MusicShape, random: Random): Float64Array {
  const out = new Float64Array(Math.round(shape.seconds * RATE));
  const steps = shape.steps ?? [-12, -10, -8, -7, -5, -3, -1, 0, 2, 4, 5, 7, 9, 11, 12];
  const beat = shape.beat ?? 0.16 + random() * 0.45;
  const voices = shape.kind === 'band' || shape.kind === 'organ' ? 3 : random() < 0.5 ? 1 : 2;
  const amplitude = peak(shape.dbm0);
  for (let v = 0; v < voices; v++) {
    let n = 0;
    while (n < out.length) {
      const beats = v === 0 ? (random() < 0.25 ? 2 : 1) : 1 + Math.floor(random() * 4);
      const length = Math.round(beat * beats * RATE);
      const sounding = Math.round(length * (1 - (shape.gap ?? 0)));
      const hz = 440 * 2 ** ((steps[Math.floor(random() * steps.length)] ?? 0) / 12 - (v > 0 ? 1 : 0));
      const decay = shape.kind === 'organ' ? 0 : shape.kind === 'pluck' ? 6 : random() * 3;
      for (let k = 0; k < sounding && n + k < out.length; k++) {
        const t = k / RATE;
        const edge = Math.min(1, t / 0.006, (sounding - k) / RATE / 0.006);
        let x = 0;
        const partials = shape.kind === 'sine' ? 1 : shape.kind === 'organ' ? 3 : 8;
        for (let p = 1; p <= partials && p * hz < 3600; p++) x += Math.sin(2 * Math.PI * p * hz * t) / p;
        out[n + k] = (out[n + k] ?? 0) + amplitude * (v === 0 ? 1 : 0.55) * edge * Math.exp(-decay * t) * x;
      }
      n += length;
    }
  }
  if (shape.kind === 'band') {
    for (let n = 0; n < out.length; n += Math.round(beat * RATE)) {
      for (let k = 0; k < 600 && n + k < out.length; k++) {
        out[n + k] = (out[n + k] ?? 0) + amplitude * 0.8 * gauss(random) * Math.exp(-k / 120);
      }
    }
  }
  return out;
}

const LOW: Record<string, number> = {};
const HIGH: Record<string, number> = {};
['123A', '456B', '789C', '*0#D'].forEach((row, r) => {
  [...row].forEach((key, c) => {
    LOW[key] = [697, 770, 852, 941][r] ?? 0;
    HIGH[key] = [1209, 1336, 1477, 1633][c] ?? 0;
  });
});

export function keys(digits: string, times: { on: number; off: number; dbm0: number }): Float64Array {
  const tape = new Tape();
  for (const key of digits) {
    tape.add(tone({ hz: [LOW[key] ?? 0, HIGH[key] ?? 0], dbm0: times.dbm0 + 3, cadence: [], seconds: times.on }));
    tape.quiet(times.off);
  }
  return tape.data;
}

export interface Impairment {
  noiseDbm0?: number;
  humDbm0?: number;
  dc?: number;
  clip?: number;
  law?: 'a' | 'mu';
  band?: boolean;
  echo?: number;
  impulses?: number;
}

/** Puts what a line does to sound on it and makes samples of it. */
export function onLine(clean: Float64Array, bad: Impairment, random: Random): Int16Array {
  let x: Float64Array = Float64Array.from(clean);
  if (bad.echo !== undefined) {
    const delay = Math.round(0.02 * RATE);
    for (let n = x.length - 1; n >= delay; n--) x[n] = (x[n] ?? 0) + bad.echo * (clean[n - delay] ?? 0);
  }
  if (bad.noiseDbm0 !== undefined) {
    const sigma = peak(bad.noiseDbm0) / Math.SQRT2;
    x = x.map((v) => v + sigma * gauss(random));
  }
  if (bad.humDbm0 !== undefined) {
    const a = peak(bad.humDbm0);
    x = x.map(
      (v, n) => v + a * Math.sin((2 * Math.PI * 50 * n) / RATE) + 0.2 * a * Math.sin((2 * Math.PI * 150 * n) / RATE),
    );
  }
  if (bad.impulses !== undefined) {
    for (let n = 0; n < bad.impulses; n++) {
      const at = Math.floor(random() * x.length);
      for (let k = 0; k < 24 && at + k < x.length; k++)
        x[at + k] = (x[at + k] ?? 0) + 0.6 * Math.exp(-k / 5) * (k % 2 ? -1 : 1);
    }
  }
  if (bad.band) x = bandLimit(x);
  const limit = bad.clip ?? 1;
  const out = new Int16Array(x.length);
  for (let n = 0; n < x.length; n++) {
    const v = Math.max(-limit, Math.min(limit, x[n] ?? 0)) * 32767 + (bad.dc ?? 0);
    out[n] = Math.max(-32768, Math.min(32767, Math.round(bad.law === 'a' ? aLaw(v) : bad.law === 'mu' ? muLaw(v) : v)));
  }
  return out;
}

function aLaw(v: number): number {
  const a = Math.abs(v) / 32768;
  const c = 1 + Math.log(87.6);
  const code = Math.round((a < 1 / 87.6 ? (87.6 * a) / c : (1 + Math.log(87.6 * a)) / c) * 127.5 - 0.5) + 0.5;
  const y = Math.max(0, code) / 127.5;
  const back = y < 1 / c ? (y * c) / 87.6 : Math.exp(y * c - 1) / 87.6;
  return Math.sign(v) * back * 32768;
}

function muLaw(v: number): number {
  const a = Math.abs(v) / 32768;
  const y = Math.round((Math.log(1 + 255 * a) / Math.log(256)) * 127) / 127;
  return Math.sign(v) * ((256 ** y - 1) / 255) * 32768;
}

function bandLimit(x: Float64Array): Float64Array {
  const taps = 65;
  const h = Float64Array.from({ length: taps }, (_, n) => {
    const k = n - (taps - 1) / 2;
    const w = 0.54 + 0.46 * Math.cos((2 * Math.PI * k) / (taps - 1));
    const low = (f: number): number =>
      k === 0 ? (2 * f) / RATE : Math.sin((2 * Math.PI * f * k) / RATE) / (Math.PI * k);
    return w * (low(3400) - low(300));
  });
  return x.map((_, n) => {
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += (h[k] ?? 0) * (x[n - k] ?? 0);
    return sum;
  });
}

export function mix(a: Float64Array, b: Float64Array): Float64Array {
  const long = a.length >= b.length ? a : b;
  const short = a.length >= b.length ? b : a;
  return long.map((v, n) => v + (short[n] ?? 0));
}

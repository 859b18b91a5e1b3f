import { SAMPLE_RATE } from '../contract.js';
import { DTMF_HZ } from './keys.js';

export { DTMF_HZ, DTMF_KEYS } from './keys.js';

/** Samples in a hop: 5 ms. All eight frequencies turn a whole number of times in {@link TURN_HOPS} hops. */
export const HOP = 40;
/** Milliseconds of a hop. */
export const HOP_MS = (1000 * HOP) / SAMPLE_RATE;
/** Hops kept: 480 ms. */
export const RING = 96;

const KEYS = DTMF_HZ.length;
const HALF = HOP / 2;
const TURN_HOPS = SAMPLE_RATE / HOP;

/*
 * Elliptic high-pass of order 4: ripple 0.5 dB above 670 Hz, at least 35 dB down from 50 to 475 Hz, so that dial tones (350, 400, 425, 440
 * and 450 Hz), hum and a direct current are gone and the lowest row, 1.5 % flat, still passes.
 */
const B0 = 0.5184974027374383;
const B1 = -1.0237491624218482;
const A1 = -1.018120386961605;
const A2 = 0.37954501396851487;
const D1 = -1.8826118973621109;
const C1 = -1.6464138833517026;
const C2 = 0.8883401291283337;

const COS = new Float64Array(KEYS * HALF);
const SIN = new Float64Array(KEYS * HALF);
const TURN = new Float64Array(TURN_HOPS * KEYS * 2);
for (let k = 0; k < KEYS; k++) {
  const hz = DTMF_HZ[k] as number;
  for (let m = 0; m < HALF; m++) {
    const angle = (2 * Math.PI * hz * (m + 0.5)) / SAMPLE_RATE;
    COS[m * KEYS + k] = Math.cos(angle);
    SIN[m * KEYS + k] = Math.sin(angle);
  }
  for (let h = 0; h < TURN_HOPS; h++) {
    const angle = 2 * Math.PI * ((hz * h) % TURN_HOPS) * (1 / TURN_HOPS);
    TURN[(h * KEYS + k) * 2] = Math.cos(angle);
    TURN[(h * KEYS + k) * 2 + 1] = -Math.sin(angle);
  }
}

/**
 * Turns samples into hops: after the high-pass, the energy of each 5 ms and its correlation with the eight frequencies. The correlations
 * are turned back by what the nominal frequency advances, so that a tone of exactly that frequency keeps its phase for ever and longer
 * looks are plain sums of hops.
 */
export class ToneBank {
  /** Correlations of the last {@link RING} hops, real and imaginary by turns, sixteen a hop. */
  readonly sums = new Float64Array(RING * KEYS * 2);
  /** Energy after the high-pass of the last {@link RING} hops. */
  readonly energy = new Float64Array(RING);
  /** The samples of those hops as they came. */
  readonly samples = new Int16Array(RING * HOP);
  /** Hops so far; the last one is number `hops - 1`, kept at `number % RING`. */
  hops = 0;

  readonly #fold = new Float64Array(HOP);
  readonly #quiet: number;
  /** Parts of four correlations, before they are turned. */
  readonly #re = new Float64Array(4);
  readonly #im = new Float64Array(4);
  #fill = 0;
  #p1 = 0;
  #p2 = 0;
  #q1 = 0;
  #q2 = 0;

  /** @param quietEnergy - hops with less energy are taken for silence */
  constructor(quietEnergy: number) {
    this.#quiet = quietEnergy;
  }

  /**
   * Takes samples up to the end of the hop.
   * @returns index of the first sample not taken; a hop was completed where {@link ToneBank.hops} grew
   */
  take(samples: Int16Array, from: number): number {
    const fold = this.#fold;
    const start = this.#fill;
    const count = Math.min(HOP - start, samples.length - from);
    const kept = this.samples;
    const base = (this.hops % RING) * HOP + start;
    let p1 = this.#p1;
    let p2 = this.#p2;
    let q1 = this.#q1;
    let q2 = this.#q2;
    for (let i = 0; i < count; i++) {
      const x = samples[from + i] as number;
      kept[base + i] = x;
      const u = B0 * x + p1;
      p1 = B1 * x - A1 * u + p2;
      p2 = B0 * x - A2 * u;
      const v = u + q1;
      q1 = D1 * u - C1 * v + q2;
      q2 = u - C2 * v;
      fold[start + i] = v;
    }
    this.#p1 = p1;
    this.#p2 = p2;
    this.#q1 = q1;
    this.#q2 = q2;
    this.#fill = start + count;
    if (this.#fill === HOP) this.#complete();
    return from + count;
  }

  /** Lets time pass without samples: the filter and the hops begun are forgotten, `count` samples are counted. */
  skip(count: number): void {
    const total = this.#fill + count;
    const whole = Math.floor(total / HOP);
    this.clear();
    this.hops += whole;
    this.#fill = total - whole * HOP;
    this.#fold.fill(0);
  }

  /** Forgets what was heard, not the time. */
  clear(): void {
    this.sums.fill(0);
    this.energy.fill(0);
    this.samples.fill(0);
    this.#fold.fill(0);
    this.#p1 = 0;
    this.#p2 = 0;
    this.#q1 = 0;
    this.#q2 = 0;
  }

  /** As new. */
  reset(): void {
    this.clear();
    this.hops = 0;
    this.#fill = 0;
  }

  #complete(): void {
    const fold = this.#fold;
    const hop = this.hops;
    const slot = hop % RING;
    const at = slot * KEYS * 2;
    const sums = this.sums;
    let energy = 0;
    for (let i = 0; i < HOP; i++) {
      const v = fold[i] as number;
      energy += v * v;
    }
    this.energy[slot] = energy;
    this.hops = hop + 1;
    this.#fill = 0;
    if (energy < this.#quiet) {
      for (let i = 0; i < KEYS * 2; i++) sums[at + i] = 0;
      // What is left of the filter's ringing would otherwise end as numbers too small to be quick.
      if (energy < 1e-9) {
        this.#p1 = 0;
        this.#p2 = 0;
        this.#q1 = 0;
        this.#q2 = 0;
      }
      return;
    }
    this.#correlate(at, hop);
  }

  /*
   * About the middle of the hop the cosine is even and the sine odd, so folding the hop halves the multiplications.
   */
  #correlate(at: number, hop: number): void {
    const fold = this.#fold;
    const sums = this.sums;
    const re = this.#re;
    const im = this.#im;
    const turn = (hop % TURN_HOPS) * KEYS * 2;
    for (let group = 0; group < KEYS; group += 4) {
      let r0 = 0;
      let r1 = 0;
      let r2 = 0;
      let r3 = 0;
      let i0 = 0;
      let i1 = 0;
      let i2 = 0;
      let i3 = 0;
      for (let m = 0; m < HALF; m++) {
        const a = fold[HALF + m] as number;
        const b = fold[HALF - 1 - m] as number;
        const even = a + b;
        const odd = b - a;
        const t = m * KEYS + group;
        r0 += even * (COS[t] as number);
        r1 += even * (COS[t + 1] as number);
        r2 += even * (COS[t + 2] as number);
        r3 += even * (COS[t + 3] as number);
        i0 += odd * (SIN[t] as number);
        i1 += odd * (SIN[t + 1] as number);
        i2 += odd * (SIN[t + 2] as number);
        i3 += odd * (SIN[t + 3] as number);
      }
      re[0] = r0;
      re[1] = r1;
      re[2] = r2;
      re[3] = r3;
      im[0] = i0;
      im[1] = i1;
      im[2] = i2;
      im[3] = i3;
      for (let n = 0; n < 4; n++) {
        const to = (group + n) * 2;
        const c = TURN[turn + to] as number;
        const s = TURN[turn + to + 1] as number;
        const r = re[n] as number;
        const i = im[n] as number;
        sums[at + to] = r * c - i * s;
        sums[at + to + 1] = r * s + i * c;
      }
    }
  }
}

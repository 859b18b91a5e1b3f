import { SAMPLE_RATE } from '../contract.js';

/** Samples of a block: 5 ms. */
export const BLOCK = 40;
/** Blocks a second: the rate of everything behind the front end. */
export const BLOCK_RATE = SAMPLE_RATE / BLOCK;
/** Length of a block, ms. */
export const BLOCK_MS = 1000 / BLOCK_RATE;
/** The window is four blocks weighted 1 3 3 1, so a frame speaks of the moment this much before the end of its last block. */
export const WINDOW_LAG_MS = 2 * BLOCK_MS;
/** Mean square of 0 dBm0 (a full-scale sine stands for +3.14 dBm0). */
export const ZERO_DBM0 = (32767 * 32767) / 2 / 10 ** 0.314;

/** Corner of the high-pass in front, Hz: takes away direct current, hum and what ringing leaves. */
const HIGH_PASS_HZ = 200;
/** Oscillator phases in steps of half a Hertz. */
const PHASES = SAMPLE_RATE * 2;

/** Mean square of a level in dBm0. */
export function powerOf(levelDbm0: number): number {
  return ZERO_DBM0 * 10 ** (levelDbm0 / 10);
}

/** Level in dBm0 of a mean square; -120 where there is nothing. */
export function levelOf(power: number): number {
  return power > 0 ? Math.max(-120, 10 * Math.log10(power / ZERO_DBM0)) : -120;
}

/** Power gain of the window for a frequency this far from the channel's centre. */
export function windowGain(offsetHz: number): number {
  const w = (Math.PI * offsetHz) / SAMPLE_RATE;
  const box = Math.abs(w) < 1e-9 ? 1 : Math.sin(BLOCK * w) / (BLOCK * Math.sin(w));
  return box * box * Math.cos(BLOCK * w) ** 6;
}

/** One narrow channel: what sounds around its centre, as a phasor two hundred times a second. */
export class Channel {
  readonly centreHz: number;
  /** Phasor of the frame, scaled so that its square is the mean square of a tone at the centre. */
  re = 0;
  im = 0;
  /** `re*re + im*im`. */
  power = 0;
  /** Product of this phasor with the one before, conjugated: its angle is the offset from the centre. */
  turnRe = 0;
  turnIm = 0;
  /** Offset from the centre in Hz, averaged over some frames. */
  offsetHz = 0;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #ringRe = new Float64Array(4);
  readonly #ringIm = new Float64Array(4);
  #phase = 0;
  readonly #phaseStep: number;
  #meanRe = 0;
  #meanIm = 0;

  constructor(centreHz: number) {
    this.centreHz = centreHz;
    this.#cos = Float64Array.from({ length: BLOCK }, (_, n) => Math.cos((2 * Math.PI * centreHz * n) / SAMPLE_RATE));
    this.#sin = Float64Array.from({ length: BLOCK }, (_, n) => Math.sin((2 * Math.PI * centreHz * n) / SAMPLE_RATE));
    this.#phaseStep = (Math.round(centreHz * 2) * BLOCK) % PHASES;
  }

  /** Takes one block; `slot` counts blocks modulo 4. */
  take(block: Float64Array, slot: number): void {
    const cos = this.#cos;
    const sin = this.#sin;
    let sumRe = 0;
    let sumIm = 0;
    for (let n = 0; n < BLOCK; n++) {
      const x = block[n] as number;
      sumRe += x * (cos[n] as number);
      sumIm -= x * (sin[n] as number);
    }
    const angle = (-2 * Math.PI * this.#phase) / PHASES;
    this.#phase = (this.#phase + this.#phaseStep) % PHASES;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    const ringRe = this.#ringRe;
    const ringIm = this.#ringIm;
    ringRe[slot] = sumRe * c - sumIm * s;
    ringIm[slot] = sumRe * s + sumIm * c;
    const one = (slot + 1) & 3;
    const two = (slot + 2) & 3;
    const three = (slot + 3) & 3;
    const re =
      SCALE *
      ((ringRe[one] as number) + (ringRe[slot] as number) + 3 * ((ringRe[two] as number) + (ringRe[three] as number)));
    const im =
      SCALE *
      ((ringIm[one] as number) + (ringIm[slot] as number) + 3 * ((ringIm[two] as number) + (ringIm[three] as number)));
    this.turnRe = re * this.re + im * this.im;
    this.turnIm = im * this.re - re * this.im;
    this.re = re;
    this.im = im;
    this.power = re * re + im * im;
    this.#meanRe = 0.65 * this.#meanRe + this.turnRe;
    this.#meanIm = 0.65 * this.#meanIm + this.turnIm;
    this.offsetHz =
      this.#meanRe === 0 && this.#meanIm === 0
        ? 0
        : (Math.atan2(this.#meanIm, this.#meanRe) * BLOCK_RATE) / 2 / Math.PI;
  }

  reset(): void {
    this.#ringRe.fill(0);
    this.#ringIm.fill(0);
    this.#phase = 0;
    this.#meanRe = 0;
    this.#meanIm = 0;
    this.re = 0;
    this.im = 0;
    this.power = 0;
    this.turnRe = 0;
    this.turnIm = 0;
    this.offsetHz = 0;
  }
}

/** Window weights sum to 8, a block has 40 samples, and a tone of amplitude A gives A/2 in a phasor but A*A/2 of mean square. */
const SCALE = Math.SQRT2 / (8 * BLOCK);

/**
 * Cuts the stream into blocks of 5 ms, takes away what lies below speech, and feeds narrow channels. It is stepped sample by sample by
 * `fill`, so that how a caller cuts the stream makes no difference.
 */
export class FrontEnd {
  readonly channels: readonly Channel[];
  /** The block just finished, after the high-pass. */
  readonly block = new Float64Array(BLOCK);
  /** Blocks finished so far. */
  blocks = 0;
  /** Mean square over the window, all frequencies above the high-pass. */
  total = 0;
  readonly #energy = new Float64Array(4);
  readonly #high = butterworthHighPass(HIGH_PASS_HZ);
  readonly #state = new Float64Array(4);
  #have = 0;

  constructor(centresHz: readonly number[]) {
    this.channels = centresHz.map((hz) => new Channel(hz));
  }

  /** Takes samples from `from` on until a block is full or they end; returns the index of the first that was not taken. */
  fill(samples: Int16Array, from: number): number {
    const state = this.#state;
    const block = this.block;
    const { gainA, a1A, a2A, gainB, a1B, a2B } = this.#high;
    let p1 = state[0] as number;
    let p2 = state[1] as number;
    let q1 = state[2] as number;
    let q2 = state[3] as number;
    const take = Math.min(samples.length - from, BLOCK - this.#have);
    let have = this.#have;
    for (let n = 0; n < take; n++) {
      const x = (samples[from + n] as number) * gainA;
      const y = x + p1;
      p1 = p2 - 2 * x - a1A * y;
      p2 = x - a2A * y;
      const u = y * gainB;
      const v = u + q1;
      q1 = q2 - 2 * u - a1B * v;
      q2 = u - a2B * v;
      block[have++] = v;
    }
    state[0] = p1;
    state[1] = p2;
    state[2] = q1;
    state[3] = q2;
    this.#have = have;
    return from + take;
  }

  /** Whether a block is full. It then has to be taken by {@link FrontEnd.frame} before the next `fill`. */
  get full(): boolean {
    return this.#have === BLOCK;
  }

  /** Time of the end of all samples taken, whole blocks or not, ms. */
  get nowMs(): number {
    return (this.blocks + this.#have / BLOCK) * BLOCK_MS;
  }

  /** Turns the full block into a frame of every channel. */
  frame(): void {
    const block = this.block;
    const slot = this.blocks & 3;
    let sum = 0;
    for (let n = 0; n < BLOCK; n++) {
      const x = block[n] as number;
      sum += x * x;
    }
    const energy = this.#energy;
    energy[slot] = sum / BLOCK;
    this.total =
      ((energy[(slot + 1) & 3] as number) +
        (energy[slot] as number) +
        3 * ((energy[(slot + 2) & 3] as number) + (energy[(slot + 3) & 3] as number))) /
      8;
    for (const channel of this.channels) channel.take(block, slot);
    // A filter that decays for ever ends in numbers so small that processors become slow with them.
    const state = this.#state;
    for (let n = 0; n < 4; n++) if (Math.abs(state[n] as number) < 1e-9) state[n] = 0;
    this.blocks++;
    this.#have = 0;
  }

  reset(): void {
    this.blocks = 0;
    this.total = 0;
    this.#have = 0;
    this.#energy.fill(0);
    this.#state.fill(0);
    for (const channel of this.channels) channel.reset();
  }
}

interface HighPass {
  readonly gainA: number;
  readonly a1A: number;
  readonly a2A: number;
  readonly gainB: number;
  readonly a1B: number;
  readonly a2B: number;
}

/** Fourth order Butterworth high-pass as two sections with numerator 1 -2 1, by the bilinear transform. */
function butterworthHighPass(cornerHz: number): HighPass {
  const t = Math.tan((Math.PI * cornerHz) / SAMPLE_RATE);
  const section = (q: number): readonly [number, number, number] => {
    const norm = 1 / (1 + t / q + t * t);
    return [norm, 2 * (t * t - 1) * norm, (1 - t / q + t * t) * norm];
  };
  const [gainA, a1A, a2A] = section(1 / (2 * Math.cos(Math.PI / 8)));
  const [gainB, a1B, a2B] = section(1 / (2 * Math.cos((3 * Math.PI) / 8)));
  return { gainA, a1A, a2A, gainB, a1B, a2B };
}

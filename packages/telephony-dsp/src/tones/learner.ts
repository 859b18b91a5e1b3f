import { SAMPLE_RATE, type ToneName } from '../contract.js';
import { fft } from '../filter/fft.js';
import { BLOCK, BLOCK_MS, FrontEnd, powerOf } from './front-end.js';
import type { ToneSpec } from './tone-set.js';

/** What may be set about the learning of a tone. */
export interface ToneLearnerOptions {
  /** Name that the entry gets. */
  readonly tone: ToneName;
  /** What is below this is a pause, dBm0, -60 to -15. Default -40. */
  readonly minLevelDbm0?: number;
  /** A tone that went on for so long has no cadence, ms, 2000-20 000. Default 5000. */
  readonly steadyMs?: number;
}

/** Learns an unknown tone from the line. */
export interface ToneLearner {
  /**
   * The next samples, 16 bit, 8 kHz, in which only the tone sounds.
   * @returns the tone once two rounds of its cadence were alike, or it went on long enough; undefined before
   */
  push(samples: Int16Array): ToneSpec | undefined;
  /** Forgets everything and begins anew. */
  reset(): void;
}

const SIZE = 2048;
/** While a tone goes on, a spectrum is taken this often, frames: not in step with any modulation of 16 or 25 Hz. */
const FIRST_BIN = Math.floor((250 * SIZE) / SAMPLE_RATE);
const LAST_BIN = Math.floor((3450 * SIZE) / SAMPLE_RATE);
const HOP_FRAMES = 23;
/** A pause has to last this long, frames: 30 ms. A modulated tone is nearly gone for 20 ms at a time. */
const LEAST_GAP = 6;
const LEAST_ON = 6;
/** Samples at each edge of an on that are left out. */
const RIM = BLOCK;
/** An on is looked at when its end is sure. */
const KEPT = SIZE + LEAST_GAP * BLOCK + RIM;
const MAX_RUNS = 40;
const MAX_COMPONENTS = 5;
/** A component weaker than this beside the strongest is no part of the tone (13 dB). */
const WEAKEST = 0.05;
/** What lies this near a component is part of it, Hz; of a tone nearly everything does. */
const NEAR_HZ = 24;
const LEAST_PURITY = 0.85;
/** Times of two rounds may differ by this share, and 20 ms. */
const ALIKE_SHARE = 0.1;
const ALIKE_MS = 20;
/** So much is listened to at least, frames: 1.6 s. The longest run of short rounds inside a cadence is shorter. */
const LEAST_LISTEN = 320;
/** Fall below this share of the tone's level is a pause (-10 dB). */
const PAUSE_SHARE = 0.1;

/**
 * Learns a tone of an exchange or PBX that no set describes: listens until two rounds of its cadence were alike, and gives frequencies
 * and times as an entry for a tone set. Silence before the tone is passed over. What is no tone (speech, music) never becomes alike.
 */
export function createToneLearner(options: ToneLearnerOptions): ToneLearner {
  return new Learner(options);
}

class Learner implements ToneLearner {
  readonly #options: ToneLearnerOptions;
  readonly #front = new FrontEnd([]);
  readonly #least: number;
  readonly #ring = new Float64Array(KEPT);
  readonly #re = new Float64Array(SIZE);
  readonly #im = new Float64Array(SIZE);
  readonly #spectrum = new Float64Array(SIZE / 2);
  /** Lengths of on, off, on ... in frames; the last is still growing. */
  readonly #runs: number[] = [];
  #level = 0;
  #on = false;
  #pending = 0;
  #done: ToneSpec | undefined;

  constructor(options: ToneLearnerOptions) {
    this.#options = options;
    this.#least = powerOf(options.minLevelDbm0 ?? -40);
  }

  push(samples: Int16Array): ToneSpec | undefined {
    const front = this.#front;
    let at = 0;
    while (at < samples.length && this.#done === undefined) {
      at = front.fill(samples, at);
      if (!front.full) break;
      front.frame();
      this.#ring.copyWithin(0, BLOCK);
      this.#ring.set(front.block, KEPT - BLOCK);
      this.#step();
    }
    return this.#done;
  }

  #step(): void {
    const { total } = this.#front;
    const sounds = total > Math.max(this.#least, this.#level * PAUSE_SHARE);
    if (sounds) this.#level = this.#level === 0 ? total : this.#level + (total - this.#level) * 0.05;
    const runs = this.#runs;
    if (runs.length === 0 && !sounds) return;
    if (runs.length === 0) {
      runs.push(0);
      this.#on = true;
    }
    runs[runs.length - 1] = (runs[runs.length - 1] as number) + 1;
    const length = runs[runs.length - 1] as number;
    if (sounds === this.#on) {
      this.#pending = 0;
      if (this.#on && length * BLOCK >= SIZE && length % HOP_FRAMES === 0) this.#takeSpectrum(SIZE, 0);
      if (this.#on && length * BLOCK_MS >= (this.#options.steadyMs ?? 5000)) this.#finish([]);
      return;
    }
    if (++this.#pending < (this.#on ? LEAST_GAP : LEAST_ON)) return;
    const whole = length - this.#pending;
    if (this.#on && whole * BLOCK < 2 * SIZE) this.#takeSpectrum(whole * BLOCK - 2 * RIM, this.#pending * BLOCK + RIM);
    runs[runs.length - 1] = whole;
    runs.push(this.#pending);
    this.#pending = 0;
    this.#on = sounds;
    if (this.#on) this.#compare();
    if (runs.length > MAX_RUNS) runs.splice(0, 2);
  }

  /** Adds the spectrum of so many samples, which end so many before the newest. */
  #takeSpectrum(length: number, back: number): void {
    const count = Math.min(length, SIZE);
    if (count < LEAST_ON * BLOCK) return;
    const re = this.#re;
    const im = this.#im;
    const from = KEPT - back - count;
    re.fill(0);
    im.fill(0);
    for (let n = 0; n < count; n++) {
      re[n] = (this.#ring[from + n] as number) * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / count));
    }
    fft(re, im);
    for (let n = 0; n < SIZE / 2; n++) {
      const x = re[n] as number;
      const y = im[n] as number;
      this.#spectrum[n] = (this.#spectrum[n] as number) + x * x + y * y;
    }
  }

  /** Looks whether the finished runs end in the same round twice. The first on may have begun before the line was listened to. */
  #compare(): void {
    const whole = this.#runs.slice(0, -1);
    for (let length = 2; length * 2 <= whole.length; length += 2) {
      // Short rounds may be part of a longer one: they have to go on for as long as a long one lasts.
      const rounds = Math.max(2, Math.ceil(LEAST_LISTEN / sumOf(whole.slice(-length))));
      if (rounds * length > whole.length) continue;
      const last = whole.slice(-length);
      const heard = whole.slice(-rounds * length);
      if (!heard.every((frames, index) => alike(frames, last[index % length] as number))) continue;
      this.#finish(last.map((_, index) => sumOf(heard.filter((__, n) => n % length === index)) / rounds));
      return;
    }
  }

  #finish(frames: readonly number[]): void {
    const hz = this.#components();
    if (hz.length === 0) {
      // No tone: only what comes from here on may be one.
      this.#spectrum.fill(0);
      this.#runs.length = 0;
      this.#on = false;
      return;
    }
    const { tone } = this.#options;
    const cadenceMs = fromLongestPause(frames).map((count) => Math.round((count * BLOCK_MS) / 10) * 10);
    this.#done = frames.length === 0 ? { tone, hz } : { tone, hz, cadenceMs };
  }

  #components(): readonly number[] {
    const power = this.#spectrum;
    let strongest = 0;
    for (let n = FIRST_BIN; n < LAST_BIN; n++) strongest = Math.max(strongest, power[n] as number);
    const found: { hz: number; power: number }[] = [];
    for (let n = FIRST_BIN; n < LAST_BIN; n++) {
      const here = power[n] as number;
      const left = power[n - 1] as number;
      const right = power[n + 1] as number;
      if (here === 0 || here < strongest * WEAKEST || here <= left || here < right) continue;
      const a = Math.log(left + 1e-9);
      const b = Math.log(here);
      const c = Math.log(right + 1e-9);
      const bend = a - 2 * b + c;
      const shift = bend === 0 ? 0 : (a - c) / (2 * bend);
      found.push({ hz: Math.round(((n + shift) * SAMPLE_RATE) / SIZE), power: here });
    }
    found.sort((x, y) => y.power - x.power);
    const hz = found.slice(0, MAX_COMPONENTS).map((peak) => peak.hz);
    return this.#purity(hz) < LEAST_PURITY ? [] : hz.sort((x, y) => x - y);
  }

  /** Share of all that was heard which lies at these frequencies. */
  #purity(hz: readonly number[]): number {
    let all = 0;
    let near = 0;
    for (let n = FIRST_BIN; n < SIZE / 2; n++) {
      const power = this.#spectrum[n] as number;
      all += power;
      const here = (n * SAMPLE_RATE) / SIZE;
      if (hz.some((f) => Math.abs(f - here) <= NEAR_HZ)) near += power;
    }
    return all > 0 ? near / all : 0;
  }

  reset(): void {
    this.#front.reset();
    this.#ring.fill(0);
    this.#spectrum.fill(0);
    this.#runs.length = 0;
    this.#level = 0;
    this.#on = false;
    this.#pending = 0;
    this.#done = undefined;
  }
}

function sumOf(list: readonly number[]): number {
  return list.reduce((a, b) => a + b, 0);
}

function alike(a: number, b: number): boolean {
  return Math.abs(a - b) * BLOCK_MS <= ALIKE_MS + ALIKE_SHARE * Math.max(a, b) * BLOCK_MS;
}

/** Turns a round so that its longest pause comes last, which is how cadences are written. */
function fromLongestPause(round: readonly number[]): readonly number[] {
  let at = -1;
  for (let n = 1; n < round.length; n += 2) if (at < 0 || (round[n] as number) > (round[at] as number)) at = n;
  return at < 0 ? round : [...round.slice(at + 1), ...round.slice(0, at + 1)];
}

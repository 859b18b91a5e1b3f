import { BLOCK_RATE, type Channel, windowGain } from './front-end.js';
import type { Spectrum } from './spectrum.js';

/** Frames over which the beats of close components are evened out: 40 ms. */
const SMOOTH = 8;
/** What is evened out sounds on for a while; the sound of the moment says whether there is still anything. */
const STILL_SOUNDS = 0.15;
/** Frames of a piece in which close components are told apart: 50 ms. */
const PIECE = 10;
/** Over a whole run a tone has at least this share of what sounds: notes have partials (0.8 is left of a tone at a noise ratio of 6 dB). */
const MEAN_SHARE = 0.8;
/** Components this far apart cancel for one frame at a time; for longer the nearer they are. */
const NULL_HZ = 100;
/** Side bands hold a third of the power of a tone that is modulated fully; less than this is none. */
const SIDE_SHARE = 0.15;
const SIDE_SPACING_HZ = 20;
/** A component weaker than its partner by more than this does not belong to it (10 dB). */
const MAX_TWIST = 10;

/** What a meter is told beside the spectrum. */
export interface MeterLimits {
  /** Least power of a tone, mean square. */
  readonly minPower: number;
  /** Least share of all that is heard, 0-1. */
  readonly minShare: number;
  /** Greatest standard deviation of a tone's level, dB. */
  readonly maxUnevenDb: number;
}

/** Measures one spectrum frame by frame, and over a run of frames whether it is the tone itself or only something that passes there. */
export class SpectrumMeter {
  readonly spectrum: Spectrum;
  /** In this frame: power of the tone (mean square), its share of everything, and whether that makes a tone. */
  power = 0;
  share = 0;
  on = false;
  /** Whether a tone may begin here: `on`, and not only the rest of one that has just ended. */
  begins = false;

  /** For how many frames its components may cancel one another. */
  readonly nullFrames: number;

  readonly #limits: MeterLimits;
  readonly #heard: readonly Channel[];
  readonly #offsets: readonly number[];
  readonly #gain: number;
  readonly #ringPower = new Float64Array(SMOOTH);
  readonly #ringTotal = new Float64Array(SMOOTH);
  #slot = 0;

  #waiting = 0;
  #newer = 0;
  #older = 0;
  #frames = 0;
  #logSum = 0;
  #logSquares = 0;
  #powerSum = 0;
  #newerShare = 0;
  #olderShare = 0;
  #shareSum = 0;
  #turnRe = 0;
  #turnIm = 0;
  #pieceFrames = 0;
  #pieceTotal = 0;
  readonly #pieceRe: Float64Array;
  readonly #pieceIm: Float64Array;
  #wholeTotal = 0;
  readonly #wholeOfEach: Float64Array;

  constructor(spectrum: Spectrum, channels: readonly Channel[], limits: MeterLimits) {
    this.spectrum = spectrum;
    this.#limits = limits;
    this.#heard = spectrum.channels.map((index) => channels[index] as Channel);
    const centre = (this.#heard[0] as Channel).centreHz;
    this.#offsets = spectrum.hz.map((hz) => hz - centre);
    const count = spectrum.hz.length;
    const spacing = ((spectrum.hz[count - 1] as number) - (spectrum.hz[0] as number)) / Math.max(1, count - 1);
    this.nullFrames = spectrum.kind === 'close' ? Math.max(3, Math.round(NULL_HZ / spacing)) : Number.POSITIVE_INFINITY;
    let gain = 0;
    for (const offset of this.#offsets) gain += windowGain(offset) / count;
    this.#gain = spectrum.kind === 'close' ? gain : 1;
    this.#pieceRe = new Float64Array(count);
    this.#pieceIm = new Float64Array(count);
    this.#wholeOfEach = new Float64Array(count);
  }

  /** Looks at the frame that the channels hold; `total` is the power of everything in it. */
  measure(total: number): void {
    const { spectrum } = this;
    if (spectrum.kind === 'close') this.#measureClose(total);
    else this.#measureParted(total);
  }

  #measureParted(total: number): void {
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    let off = false;
    // Wide of the tolerance by what noise moves a single frame.
    const reach = this.spectrum.toleranceHz + 8;
    for (const channel of this.#heard) {
      const offset = channel.offsetHz;
      if (offset > reach || offset < -reach) off = true;
      const power = channel.power / gainAt(offset);
      sum += power;
      if (power < least) least = power;
      if (power > most) most = power;
    }
    this.power = sum;
    this.share = total > 0 ? Math.min(1, sum / total) : 0;
    this.on = !off && sum >= this.#limits.minPower && this.share >= this.#limits.minShare && least * MAX_TWIST >= most;
    this.begins = this.on;
  }

  #measureClose(total: number): void {
    const channel = this.#heard[0] as Channel;
    const slot = this.#slot;
    this.#slot = (slot + 1) % SMOOTH;
    const power = channel.power / this.#gain;
    this.#ringPower[slot] = power;
    this.#ringTotal[slot] = total;
    let sumPower = 0;
    let sumTotal = 0;
    for (let n = 0; n < SMOOTH; n++) {
      sumPower += this.#ringPower[n] as number;
      sumTotal += this.#ringTotal[n] as number;
    }
    this.power = sumPower / SMOOTH;
    this.share = sumTotal > 0 ? Math.min(1, sumPower / sumTotal) : 0;
    const { minPower, minShare } = this.#limits;
    this.on = this.power >= minPower && this.share >= minShare;
    this.begins = this.on && total >= STILL_SOUNDS * this.power;
  }

  /** Begins a run anew. */
  restart(): void {
    this.#waiting = 0;
    this.#frames = 0;
    this.#logSum = 0;
    this.#logSquares = 0;
    this.#powerSum = 0;
    this.#shareSum = 0;
    this.#turnRe = 0;
    this.#turnIm = 0;
    this.#pieceFrames = 0;
    this.#pieceTotal = 0;
    this.#pieceRe.fill(0);
    this.#pieceIm.fill(0);
    this.#wholeTotal = 0;
    this.#wholeOfEach.fill(0);
  }

  /** Takes the frame just measured into the run. */
  gather(): void {
    // Two frames late, so that the frames in which a tone dies away are never part of it.
    if (this.#waiting >= 2) {
      this.#frames++;
      this.#powerSum += this.#older;
      this.#shareSum += this.#olderShare;
      const log = Math.log(this.#older + 1e-9);
      this.#logSum += log;
      this.#logSquares += log * log;
    } else this.#waiting++;
    this.#older = this.#newer;
    this.#olderShare = this.#newerShare;
    this.#newer = this.power;
    this.#newerShare = this.share;
    for (const channel of this.#heard) {
      this.#turnRe += channel.turnRe;
      this.#turnIm += channel.turnIm;
    }
    if (this.spectrum.kind === 'close') this.#gatherClose();
  }

  #gatherClose(): void {
    const channel = this.#heard[0] as Channel;
    const offsets = this.#offsets;
    const step = (2 * Math.PI * this.#pieceFrames) / BLOCK_RATE;
    for (let n = 0; n < offsets.length; n++) {
      const angle = -(offsets[n] as number) * step;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      this.#pieceRe[n] = (this.#pieceRe[n] as number) + channel.re * c - channel.im * s;
      this.#pieceIm[n] = (this.#pieceIm[n] as number) + channel.re * s + channel.im * c;
    }
    this.#pieceTotal += channel.power;
    if (++this.#pieceFrames < PIECE) return;
    for (let n = 0; n < offsets.length; n++) {
      const re = this.#pieceRe[n] as number;
      const im = this.#pieceIm[n] as number;
      this.#wholeOfEach[n] = (this.#wholeOfEach[n] as number) + (re * re + im * im) / (PIECE * PIECE);
    }
    this.#wholeTotal += this.#pieceTotal / PIECE;
    this.#pieceFrames = 0;
    this.#pieceTotal = 0;
    this.#pieceRe.fill(0);
    this.#pieceIm.fill(0);
  }

  /** Frames gathered in this run. */
  get frames(): number {
    return this.#frames;
  }

  /** Mean power of the run. */
  get meanPower(): number {
    return this.#frames > 0 ? this.#powerSum / this.#frames : 0;
  }

  /** Frequency of the run, Hz: of the tone, or of the middle of its components. */
  get meanHz(): number {
    const first = this.#heard[0] as Channel;
    return first.centreHz + this.#meanOffset();
  }

  #meanOffset(): number {
    if (this.#turnRe === 0 && this.#turnIm === 0) return 0;
    return (Math.atan2(this.#turnIm, this.#turnRe) * BLOCK_RATE) / 2 / Math.PI;
  }

  /** Standard deviation of the level over the run, dB. */
  get unevenDb(): number {
    if (this.#frames < 2) return 0;
    const mean = this.#logSum / this.#frames;
    return 4.343 * Math.sqrt(Math.max(0, this.#logSquares / this.#frames - mean * mean));
  }

  /** Whether the run so far has this spectrum's frequencies and, unless its tone rises, an even level. */
  isTone(level: 'even' | 'rises'): boolean {
    if (this.#frames < 2 || this.#shareSum < MEAN_SHARE * this.#frames) return false;
    if (this.spectrum.kind === 'close') return this.#hasComponents();
    if (Math.abs(this.#meanOffset()) > this.spectrum.toleranceHz) return false;
    return level === 'rises' || this.unevenDb <= this.#limits.maxUnevenDb;
  }

  #hasComponents(): boolean {
    const total = this.#wholeTotal;
    // Shorter than one piece there is nothing to part; the cadence has to say it.
    if (total === 0) return this.#frames < PIECE;
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < this.#wholeOfEach.length; n++) {
      const gain = windowGain(this.#offsets[n] as number);
      const part = (this.#wholeOfEach[n] as number) / total;
      sum += part;
      least = Math.min(least, part / gain);
    }
    if (this.spectrum.hz.length > 2) return sum >= 0.45 && this.#hasSideBands(total);
    return sum >= 0.5 && least >= 0.1;
  }

  /** Whether a modulated tone is modulated. Side bands nearer than a piece can part are taken on trust. */
  #hasSideBands(total: number): boolean {
    const { hz } = this.spectrum;
    const spacing = ((hz[hz.length - 1] as number) - (hz[0] as number)) / (hz.length - 1);
    if (spacing < SIDE_SPACING_HZ) return true;
    let centre = 0;
    for (let n = 1; n < hz.length; n++) {
      if (Math.abs(this.#offsets[n] as number) < Math.abs(this.#offsets[centre] as number)) centre = n;
    }
    let sides = 0;
    for (let n = 0; n < hz.length; n++) {
      if (n !== centre) sides += (this.#wholeOfEach[n] as number) / windowGain(this.#offsets[n] as number);
    }
    return sides >= SIDE_SHARE * total;
  }

  reset(): void {
    this.restart();
    this.#ringPower.fill(0);
    this.#ringTotal.fill(0);
    this.#slot = 0;
    this.power = 0;
    this.share = 0;
    this.on = false;
    this.begins = false;
  }
}

/** The window's gain by offset in half Hertz up to 60 Hz; beyond, no tone is looked for. */
const GAINS = Float64Array.from({ length: 121 }, (_, n) => windowGain(n / 2));

function gainAt(offsetHz: number): number {
  const index = Math.round(Math.abs(offsetHz) * 2);
  return (index < GAINS.length ? GAINS[index] : GAINS[GAINS.length - 1]) as number;
}

import type { FskBaseband } from './baseband.js';
import { LOOP, NOMINAL_BIT } from './tuning.js';

/** Marks before the message that take part, bits. */
const LEAD_BITS = 8;

/** First byte with its start and stop bit as runs of equal bits, beginning with spaces: 0x04, 0x06, 0x80, 0x82. */
const PATTERNS: readonly (readonly number[])[] = [
  [3, 1, 5, 1],
  [2, 2, 5, 1],
  [8, 2],
  [2, 1, 5, 2],
];
/** Bits of every pattern. */
const PATTERN_BITS = 10;

/** Samples of the stretches that the mark tone is measured by. */
const PIECE = 27;
const MOST_PIECES = 30;
/** Share of a stretch that has to be mark tone. */
const PIECE_SHARE = 0.3;

/** Where a message begins, in samples of the baseband; its tones in radians a sample; powers a sample of the analytic signal. */
export interface SequenceStart {
  readonly time: number;
  readonly markStep: number;
  readonly spaceStep: number;
  readonly markPower: number;
  readonly spacePower: number;
  readonly noisePower: number;
}

/** Finds where a message begins, and measures the tones on the marks before it. */
export class FskStartSearch {
  readonly #baseband: FskBaseband;

  /** Of the best place so far: share of energy that fits, place, power of the space tone. */
  bestScore = 0;
  bestTime = 0;
  /** The same place by the phases of the two tones, which meet where the tones change. */
  bestEdge = 0;
  spacePower = 0;

  /** Of the marks: radians a sample, power of the tone and of the noise (of the analytic signal, a sample), samples measured. */
  markStep = 0;
  markPower = 0;
  noisePower = 0;
  markSamples = 0;

  constructor(baseband: FskBaseband) {
    this.#baseband = baseband;
  }

  /** Nothing was found yet. */
  clear(): void {
    this.bestScore = 0;
  }

  /** Samples that must be there before and after a place to be looked at. */
  static readonly before = (LEAD_BITS + 1) * NOMINAL_BIT;
  static readonly after = (PATTERN_BITS + 1) * NOMINAL_BIT;

  /** Measures the marks that end at `end`. Returns false where there are too few. */
  measureMarks(end: number): boolean {
    const base = this.#baseband;
    let pieces = 0;
    let whole = 0;
    let tone = 0;
    let nearRe = 0;
    let nearIm = 0;
    let nextRe = 0;
    let nextIm = 0;
    for (; pieces < MOST_PIECES; pieces++) {
      const from = end - (pieces + 1) * PIECE;
      if (from < 0 || base.length - from > 4000) break;
      base.mark(from, from + PIECE);
      const re = base.re;
      const im = base.im;
      const share = (re * re + im * im) / PIECE;
      const energy = base.energy(from, from + PIECE);
      if (share < PIECE_SHARE * energy) break;
      if (pieces > 0) {
        // This piece is the earlier one: later times its conjugate.
        nearRe += nextRe * re + nextIm * im;
        nearIm += nextIm * re - nextRe * im;
      }
      nextRe = re;
      nextIm = im;
      whole += energy;
      tone += share;
    }
    if (pieces < 5) return false;
    const samples = pieces * PIECE;
    let step = Math.atan2(nearIm, nearRe) / PIECE;
    // The phase over four pieces tells the rest finer.
    let farRe = 0;
    let farIm = 0;
    for (let i = 0; i + 4 < pieces; i++) {
      const late = end - (i + 1) * PIECE;
      base.mark(late, late + PIECE);
      const re = base.re;
      const im = base.im;
      base.mark(late - 4 * PIECE, late - 3 * PIECE);
      farRe += re * base.re + im * base.im;
      farIm += im * base.re - re * base.im;
    }
    if (farRe !== 0 || farIm !== 0) {
      const coarse = step * 4 * PIECE;
      let fine = Math.atan2(farIm, farRe) - coarse;
      fine -= 2 * Math.PI * Math.round(fine / (2 * Math.PI));
      if (Math.abs(fine) < 1.5) step += fine / (4 * PIECE);
    }
    const noise = Math.max(0, (whole - tone) * (PIECE / (PIECE - 1)));
    this.markStep = base.markMix + step;
    this.noisePower = noise / samples;
    this.markPower = Math.max(0, whole - noise) / samples;
    this.markSamples = samples;
    return true;
  }

  /** How well a message beginning at `time` would fit; keeps it where it is the best so far. */
  look(time: number, spaceStep: number): void {
    const base = this.#baseband;
    const bit = NOMINAL_BIT;
    // Every pattern begins with two spaces: where there are none, as in most of the marks, no more is done.
    base.space(time, time + 2 * bit);
    if (base.re * base.re + base.im * base.im < 0.12 * 2 * bit * base.energy(time, time + 2 * bit)) return;
    const lead = LEAD_BITS * bit;
    const markEnergy = base.energy(time - lead, time);
    const restEnergy = base.energy(time, time + PATTERN_BITS * bit);
    const whole = markEnergy + restEnergy;
    for (const pattern of PATTERNS) {
      base.mark(time - lead, time);
      const leadTurn = -(this.markStep * (lead / 2)) - base.markMix * (time - lead / 2);
      let c = Math.cos(leadTurn);
      let s = Math.sin(leadTurn);
      let markRe = base.re * c + base.im * s;
      let markIm = base.im * c - base.re * s;
      if (markRe * markRe + markIm * markIm < 0.35 * lead * markEnergy) return;
      let markSamples = lead;
      let spaceRe = 0;
      let spaceIm = 0;
      let spaceSamples = 0;
      let spaceEnergy = 0;
      let at = time;
      let phase = 0;
      for (let i = 0; i < pattern.length; i++) {
        const length = (pattern[i] as number) * bit;
        const isMark = i % 2 === 1;
        const step = isMark ? this.markStep : spaceStep;
        const turn = phase + step * (length / 2) - (isMark ? base.markMix : base.spaceMix) * (at + length / 2);
        c = Math.cos(turn);
        s = Math.sin(turn);
        if (isMark) {
          base.mark(at, at + length);
          markRe += base.re * c + base.im * s;
          markIm += base.im * c - base.re * s;
          markSamples += length;
        } else {
          base.space(at, at + length);
          spaceRe += base.re * c + base.im * s;
          spaceIm += base.im * c - base.re * s;
          spaceSamples += length;
          spaceEnergy += base.energy(at, at + length);
        }
        phase += step * length;
        at += length;
      }
      const space = (spaceRe * spaceRe + spaceIm * spaceIm) / spaceSamples;
      if (space < 0.3 * spaceEnergy) continue;
      const score = ((markRe * markRe + markIm * markIm) / markSamples + space) / whole;
      if (score > this.bestScore) {
        this.bestScore = score;
        this.bestTime = time;
        this.spacePower = space / spaceSamples;
        const turned = Math.atan2(spaceIm * markRe - spaceRe * markIm, spaceRe * markRe + spaceIm * markIm);
        const extra = (base.spaceMix - base.markMix) / 2 + LOOP.spaceLead - LOOP.markLead;
        const apart = turned - extra;
        this.bestEdge = time - (apart - 2 * Math.PI * Math.round(apart / (2 * Math.PI))) / (spaceStep - this.markStep);
      }
    }
  }
}

import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '../contract.js';
import { strongestLine, voicePower } from './evidence.js';
import type { DtmfLimits } from './limits.js';
import { DTMF_HZ, HOP, RING, type ToneBank } from './tone-bank.js';

/** Energy of a sample of a full-scale sine. */
const FULL_SCALE_POWER = (32768 * 32768) / 2;

/** Mean square of a sine of this level. */
export function powerOfDbm0(levelDbm0: number): number {
  return FULL_SCALE_POWER * 10 ** ((levelDbm0 - FULL_SCALE_SINE_DBM0) / 10);
}

/** What a look at the whole life of a key measured. */
export interface Measured {
  /** Hops of it in which the key was there. */
  hops: number;
  /** Share of the energy of those hops that two steady tones explain, 0-1. */
  share: number;
  /** The same after the steady noise was taken off the energy. */
  quietShare: number;
  /** How much of what they do not explain the steady noise does, 0-1. */
  known: number;
  /** What else there is near the eight frequencies, against the two tones: 0.47 times the noise's share for white noise, thrice that for voices. */
  residue: number;
  /** Mean square of the row's and the column's tone. */
  rowPower: number;
  columnPower: number;
  /** How far the tones are off their nominal frequency, as a fraction. */
  rowOffset: number;
  columnOffset: number;
}

/** What white noise leaves of itself in {@link Measured.residue}: eight bands of 200 Hz, of 3400 Hz that pass. */
const WHITE = 0.5;
/** A store for {@link measureLife}, so that it can be used again. */
export function emptyMeasured(): Measured {
  return {
    hops: 0,
    share: 0,
    quietShare: 0,
    known: 0,
    residue: 0,
    rowPower: 0,
    columnPower: 0,
    rowOffset: 0,
    columnOffset: 0,
  };
}

/** Radians that a frequency off by `hz` advances in a hop, and back. */
const RADIANS_PER_HZ = (2 * Math.PI * HOP) / SAMPLE_RATE;

/** What correlating over one hop leaves of a tone that is off by `radians` a hop. */
export function hopGain(radians: number): number {
  const half = radians / 2;
  return Math.abs(half) < 1e-6 ? 1 : Math.sin(half) / (HOP * Math.sin(half / HOP));
}

/** Frequency of one tone over hops `first` to `last`, as radians a hop off the nominal one. */
function offsetOf(bank: ToneBank, key: number, { first, last, present }: Life): number {
  const { sums } = bank;
  // First from looks of four hops against the look one hop later, which no other row or column disturbs much.
  let turnRe = 0;
  let turnIm = 0;
  let beforeRe = 0;
  let beforeIm = 0;
  const look = Math.min(4, last - first);
  for (let end = first + look - 1; end <= last; end++) {
    let re = 0;
    let im = 0;
    for (let h = end - look + 1; h <= end; h++) {
      if (present[h - first] === 0) continue;
      const at = ((h % RING) * DTMF_HZ.length + key) * 2;
      re += sums[at] as number;
      im += sums[at + 1] as number;
    }
    turnRe += re * beforeRe + im * beforeIm;
    turnIm += im * beforeRe - re * beforeIm;
    beforeRe = re;
    beforeIm = im;
  }
  let radians = Math.atan2(turnIm, turnRe);
  // Then from the first half against the second, twice: the longer the key the finer.
  const middle = (first + last + 1) / 2;
  for (let round = 0; round < 2; round++) {
    let re1 = 0;
    let im1 = 0;
    let re2 = 0;
    let im2 = 0;
    let at1 = 0;
    let at2 = 0;
    let n1 = 0;
    let n2 = 0;
    for (let h = first; h <= last; h++) {
      if (present[h - first] === 0 || h + 0.5 === middle) continue;
      const at = ((h % RING) * DTMF_HZ.length + key) * 2;
      const c = Math.cos(radians * (h - first));
      const s = Math.sin(radians * (h - first));
      const re = (sums[at] as number) * c + (sums[at + 1] as number) * s;
      const im = (sums[at + 1] as number) * c - (sums[at] as number) * s;
      if (h + 0.5 < middle) {
        re1 += re;
        im1 += im;
        at1 += h;
        n1++;
      } else {
        re2 += re;
        im2 += im;
        at2 += h;
        n2++;
      }
    }
    if (n1 === 0 || n2 === 0) break;
    radians += Math.atan2(im2 * re1 - re2 * im1, re2 * re1 + im2 * im1) / (at2 / n2 - at1 / n1);
  }
  return radians;
}

/** The part of a life that is judged. */
export interface Life {
  readonly row: number;
  readonly column: number;
  /** First and last hop that lie in it entirely; at most {@link RING} apart and still kept. */
  readonly first: number;
  readonly last: number;
  /** 1 for each of those hops in which the key was there, 0 for a drop-out. */
  readonly present: Uint8Array;
  /** Energy that a hop of the noise before had; negative where nothing was heard before. */
  readonly noise: number;
  /** Its length, ms. */
  readonly toneMs: number;
  /** What {@link measureLife} found. */
  readonly measured: Measured;
}

/**
 * Fits two tones of constant frequency, level and phase to all hops of a key at once. White noise spreads over every frequency and takes
 * part in such a fit the less the longer it is; speech and music glide, swell and have other partials, and fit the worse the longer it is.
 */
export function measureLife(bank: ToneBank, life: Life): void {
  const { row, column, first, last, present, measured: into } = life;
  const rowTurn = offsetOf(bank, row, life);
  const columnTurn = offsetOf(bank, column, life);
  const { sums, energy } = bank;
  const rowHz = DTMF_HZ[row] as number;
  const columnHz = DTMF_HZ[column] as number;
  let rowRe = 0;
  let rowIm = 0;
  let columnRe = 0;
  let columnIm = 0;
  let crossRe = 0;
  let crossIm = 0;
  let total = 0;
  let hops = 0;
  const apart = columnHz - rowHz;
  const turnHops = SAMPLE_RATE / HOP;
  for (let h = first; h <= last; h++) {
    if (present[h - first] === 0) continue;
    const at = (h % RING) * DTMF_HZ.length;
    const n = h - first;
    let c = Math.cos(rowTurn * n);
    let s = Math.sin(rowTurn * n);
    let re = sums[(at + row) * 2] as number;
    let im = sums[(at + row) * 2 + 1] as number;
    rowRe += re * c + im * s;
    rowIm += im * c - re * s;
    c = Math.cos(columnTurn * n);
    s = Math.sin(columnTurn * n);
    re = sums[(at + column) * 2] as number;
    im = sums[(at + column) * 2 + 1] as number;
    columnRe += re * c + im * s;
    columnIm += im * c - re * s;
    const angle = RADIANS_PER_HZ * apart * (h % turnHops) + (columnTurn - rowTurn) * n;
    crossRe += Math.cos(angle);
    crossIm += Math.sin(angle);
    total += energy[h % RING] as number;
    hops++;
  }
  into.hops = hops;
  into.rowOffset = rowTurn / (RADIANS_PER_HZ * rowHz);
  into.columnOffset = columnTurn / (RADIANS_PER_HZ * columnHz);
  if (hops === 0 || total <= 0) {
    into.share = 0;
    into.quietShare = 0;
    into.known = 0;
    into.residue = 1;
    into.rowPower = 0;
    into.columnPower = 0;
    return;
  }
  const samples = HOP * hops;
  const rowGain = hopGain(rowTurn) * samples;
  const columnGain = hopGain(columnTurn) * samples;
  rowRe /= rowGain;
  rowIm /= rowGain;
  columnRe /= columnGain;
  columnIm /= columnGain;
  // What each of the two tones leaks into the correlation with the other is known, so the pair is solved for.
  const leak = hopGain(RADIANS_PER_HZ * apart + columnTurn - rowTurn) / hops;
  const lr = crossRe * leak;
  const li = crossIm * leak;
  const det = 1 - lr * lr - li * li;
  const bRe = (rowRe - (lr * columnRe - li * columnIm)) / det;
  const bIm = (rowIm - (lr * columnIm + li * columnRe)) / det;
  const dRe = (columnRe - (lr * rowRe + li * rowIm)) / det;
  const dIm = (columnIm - (lr * rowIm - li * rowRe)) / det;
  const explained = 2 * samples * (bRe * rowRe + bIm * rowIm + dRe * columnRe + dIm * columnIm);
  into.rowPower = 2 * (bRe * bRe + bIm * bIm);
  into.columnPower = 2 * (dRe * dRe + dIm * dIm);
  into.share = explained / total;
  into.residue = residueOf(bank, life, { bRe, bIm, dRe, dIm, rowTurn, columnTurn }) / explained;
  into.quietShare = life.noise < 0 ? 1 : explained / Math.max(explained, total - life.noise * hops);
  into.known = life.noise < 0 ? 1 : (life.noise * hops) / Math.max(1, total - explained);
}

interface Pair {
  readonly bRe: number;
  readonly bIm: number;
  readonly dRe: number;
  readonly dIm: number;
  readonly rowTurn: number;
  readonly columnTurn: number;
}

/** Energy that the correlations of all hops with all eight frequencies keep when what the two tones put into them is taken off. */
function residueOf(bank: ToneBank, life: Life, pair: Pair): number {
  const { sums } = bank;
  const { row, column, first, last, present } = life;
  const turnHops = SAMPLE_RATE / HOP;
  const keys = DTMF_HZ.length;
  const rowHz = DTMF_HZ[row] as number;
  const columnHz = DTMF_HZ[column] as number;
  let energy = 0;
  for (let k = 0; k < keys; k++) {
    const hz = DTMF_HZ[k] as number;
    const rowStep = RADIANS_PER_HZ * (rowHz - hz);
    const columnStep = RADIANS_PER_HZ * (columnHz - hz);
    const rowGain = HOP * hopGain(rowStep + pair.rowTurn);
    const columnGain = HOP * hopGain(columnStep + pair.columnTurn);
    for (let h = first; h <= last; h++) {
      if (present[h - first] === 0) continue;
      const at = ((h % RING) * keys + k) * 2;
      const rowAngle = rowStep * (h % turnHops) + pair.rowTurn * (h - first);
      const columnAngle = columnStep * (h % turnHops) + pair.columnTurn * (h - first);
      const rc = Math.cos(rowAngle) * rowGain;
      const rs = Math.sin(rowAngle) * rowGain;
      const cc = Math.cos(columnAngle) * columnGain;
      const cs = Math.sin(columnAngle) * columnGain;
      const re = (sums[at] as number) - (pair.bRe * rc - pair.bIm * rs) - (pair.dRe * cc - pair.dIm * cs);
      const im = (sums[at + 1] as number) - (pair.bRe * rs + pair.bIm * rc) - (pair.dRe * cs + pair.dIm * cc);
      energy += re * re + im * im;
    }
  }
  return (2 * energy) / HOP;
}

/** Whether what was measured over a life is a key. */
export function isKey(bank: ToneBank, life: Life, limits: DtmfLimits): boolean {
  const { measured, toneMs } = life;
  const { rowPower, columnPower, share, residue } = measured;
  if (measured.hops < limits.minHops || toneMs < limits.minToneMs) return false;
  const offset = Math.max(Math.abs(measured.rowOffset), Math.abs(measured.columnOffset));
  if (offset > limits.maxOffset) return false;
  const weakest = Math.min(rowPower, columnPower);
  if (weakest < powerOfDbm0(limits.minLevelDbm0)) return false;
  if (Math.max(rowPower, columnPower) > weakest * 10 ** (limits.maxTwistDb / 10)) return false;
  if (share >= limits.cleanShare) return true;
  if (toneMs < limits.provenMs) return false;
  const colour = residue * share;
  const mixed =
    offset <= limits.mixedOffset &&
    ((share >= limits.mixedShare && residue <= limits.mixedResidue) ||
      (share >= limits.apartShare && residue <= limits.apartResidue));
  const noisy =
    share >= limits.noisyShare &&
    measured.quietShare >= limits.noisyQuietShare &&
    colour <= limits.noisyColour * (1 - share) &&
    measured.known >= limits.noisyKnown &&
    measured.known <= limits.noisyMost;
  if (!mixed && !noisy) return false;
  const power = rowPower + columnPower;
  if (voicePower(bank, life.first, life.last) > power * 10 ** (limits.maxVoiceDb / 10)) return false;
  // Residue near the eight frequencies as of white noise or less: what there is lies apart from them.
  if (!noisy && colour > WHITE * (1 - share)) return true;
  const rest = (power * (1 - share)) / share;
  return strongestLine(bank, life, measured) <= limits.apartLine * rest;
}

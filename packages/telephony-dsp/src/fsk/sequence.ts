import type { FskBaseband } from './baseband.js';
import {
  FIELD as F,
  PathList,
  POSITION_DONE,
  POSITION_IDLE,
  POSITION_PART,
  POSITION_START,
  POSITION_STOP,
  STATE as S,
} from './paths.js';
import type { SequenceStart } from './start-search.js';
import { LOOP, NOMINAL_BIT } from './tuning.js';

/** Paths at most at one time; with what is pruned there are rarely more than a hundred. */
const CAPACITY = 1024;
/** Margin of a path that never had a rival. */
const UNRIVALLED = 1e9;
/** Marks between two bytes (0-20 by GR-30) and a few more. */
const MAX_IDLE_BITS = 25;
/** Parts of a mark (a quarter, a half, three quarters) that may be between two bytes: the delay there is asynchronous. */
const PARTS = 3;
/** Seeds (at most 64), positions (16) and last bits (at most 16) that tell paths apart. */
const KEYS = 64 * 16 * 16;
/** Bits after which it is looked whether the signal is still there. */
const CHECK_BITS = 20;
/** Samples of which the last of a message may be later than its last bit ends. */
const AHEAD = 6;

/**
 * Reads the bits of a message as the likeliest sequence rather than one by one. The phase of the signal runs on from bit to bit, so bits tell of
 * their neighbours; a list of paths, each with its own phase, tone frequencies, bit time and amplitudes, is carried along, and of paths with
 * the same last bits the likelier one stays. Which path wins is decided by the signal alone: the checksum is looked at once, afterwards, so that
 * many hypotheses do not become many tries at eight bits of checksum.
 *
 * Modulators that work sample by sample change tones at whole samples, which makes the phase wander; for those that share the line's sampling
 * grid three more sets of starting values know it exactly.
 */
export class FskSequenceDecoder {
  readonly #baseband: FskBaseband;
  #now = new PathList(CAPACITY);
  #next = new PathList(CAPACITY);
  readonly #byKey = new Int32Array(KEYS);
  readonly #keyStamp = new Int32Array(KEYS);
  #stamp = 0;
  #noise = 1;
  #power = 1;
  #bits = 0;
  #checkScore = 0;
  #checkTime = 0;
  #re = 0;
  #im = 0;

  /** Whether a message is being read. */
  active = false;
  /** Of the message that `advance` called `done`: its bytes, its lead over what else was considered, share of energy explained in all and in its worst byte, end. */
  bytes: Uint8Array = new Uint8Array(0);
  margin = 0;
  share = 0;
  worstByte = 0;
  endTime = 0;

  constructor(baseband: FskBaseband) {
    this.#baseband = baseband;
  }

  /** Begins to read a message. */
  start(from: SequenceStart): void {
    this.active = true;
    const list = this.#now;
    list.size = 0;
    const power = Math.max(from.markPower, from.spacePower);
    this.#power = (from.markPower + from.spacePower) / 2;
    this.#noise = Math.max(from.noisePower, LOOP.noiseFloor * power, 1e-9);
    this.#bits = 0;
    this.#checkScore = 0;
    this.#checkTime = from.time;
    const lead = 10 * NOMINAL_BIT;
    this.#correlate(1, -from.markStep * (lead / 2), { from: from.time - lead, to: from.time });
    const seed = ({
      time,
      bit,
      off,
    }: {
      readonly time: number;
      readonly bit: number;
      readonly off: number;
    }): number => {
      const p = list.add();
      list.set(p, F.time, time);
      list.set(p, F.bit, bit);
      list.set(p, F.markStep, from.markStep);
      list.set(p, F.spaceStep, from.spaceStep * (1 + off));
      // The phase at the start is what makes the marks real.
      list.set(p, F.phase, Math.atan2(this.#im, this.#re));
      list.set(p, F.markRe, Math.sqrt(this.#re * this.#re + this.#im * this.#im));
      list.set(p, F.markSamples, lead);
      list.set(p, F.margin, UNRIVALLED);
      list.set(p, F.worstByte, 1);
      list.setState(p, S.position, POSITION_START);
      list.setState(p, S.recent, 0xff);
      list.setState(p, S.seed, p);
      return p;
    };
    for (const bit of LOOP.bitSeeds)
      for (const off of LOOP.spaceSeeds) seed({ time: from.time, bit: bit * NOMINAL_BIT, off });
    const whole = Math.round(from.time - LOOP.gridDelay);
    for (const part of LOOP.gridSeeds) {
      const p = seed({ time: whole - part, bit: NOMINAL_BIT, off: 0 });
      list.set(p, F.grid, 1);
      list.set(p, F.phase, list.get(p, F.phase) + from.markStep * (whole + LOOP.gridDelay - from.time));
    }
  }

  /** Goes on as far as the samples reach. Returns `more`, `done` or `lost`. */
  advance(): 'more' | 'done' | 'lost' {
    while (this.active) {
      let latest = 0;
      for (let p = 0; p < this.#now.size; p++)
        latest = Math.max(latest, this.#now.get(p, F.time) + this.#now.get(p, F.bit));
      if (latest + AHEAD > this.#baseband.length) return 'more';
      if (!this.#step()) {
        this.active = false;
        return 'lost';
      }
      const now = this.#now;
      let best = 0;
      for (let p = 1; p < now.size; p++) if (now.get(p, F.score) > now.get(best, F.score)) best = p;
      if (now.getState(best, S.position) === POSITION_DONE) {
        this.#finish(best);
        return 'done';
      }
      if (++this.#bits % CHECK_BITS === 0) {
        const score = now.get(best, F.score);
        const time = now.get(best, F.time);
        const fall = this.#checkScore - score;
        if (fall > (LOOP.lost * (time - this.#checkTime) * this.#power) / this.#noise) {
          this.active = false;
          return 'lost';
        }
        this.#checkScore = score;
        this.#checkTime = time;
      }
    }
    return 'lost';
  }

  #finish(best: number): void {
    const now = this.#now;
    this.active = false;
    this.bytes = now.message(best);
    let margin = now.get(best, F.margin);
    const print = now.getState(best, S.print);
    for (let p = 0; p < now.size; p++) {
      if (p === best || now.getState(p, S.print) === print) continue;
      margin = Math.min(margin, now.get(best, F.score) - now.get(p, F.score));
    }
    this.margin = margin;
    this.share = now.get(best, F.explained) / now.get(best, F.energy);
    this.worstByte = now.get(best, F.worstByte);
    this.endTime = now.get(best, F.time);
  }

  #step(): boolean {
    const now = this.#now;
    const next = this.#next;
    next.size = 0;
    this.#stamp++;
    let best = -Infinity;
    for (let p = 0; p < now.size; p++) best = Math.max(best, now.get(p, F.score));
    for (let p = 0; p < now.size; p++) {
      if (now.get(p, F.score) < best - LOOP.prune) continue;
      switch (now.getState(p, S.position)) {
        case POSITION_START:
        case POSITION_PART:
        case POSITION_PART + 1:
        case POSITION_PART + 2:
          this.#extend(p, 0, 0);
          break;
        case POSITION_STOP:
          this.#extend(p, 1, POSITION_IDLE);
          break;
        case POSITION_IDLE:
          this.#extend(p, 0, 0);
          if (now.getState(p, S.idle) < MAX_IDLE_BITS) {
            this.#extend(p, 1, POSITION_IDLE);
            for (let part = 0; part < PARTS; part++) this.#extend(p, 1, POSITION_PART + part);
          }
          break;
        case POSITION_DONE:
          if (next.size < CAPACITY) next.copy(next.size++, now, p);
          break;
        default: {
          const position = now.getState(p, S.position);
          this.#extend(p, 0, position + 1);
          this.#extend(p, 1, position + 1);
        }
      }
    }
    this.#now = next;
    this.#next = now;
    return next.size > 0;
  }

  /** Correlates [from, to) with a tone whose phase in the middle is `phase`; leaves it in #re, #im. */
  #correlate(bit: 0 | 1, phase: number, { from, to }: { readonly from: number; readonly to: number }): void {
    const base = this.#baseband;
    const isMark = bit === 1;
    if (isMark) base.mark(from, to);
    else base.space(from, to);
    const turn =
      phase -
      (isMark
        ? base.markMix * ((from + to - 1) / 2) - LOOP.markLead
        : base.spaceMix * ((from + to - 1) / 2) - LOOP.spaceLead);
    const c = Math.cos(turn);
    const s = Math.sin(turn);
    this.#re = base.re * c + base.im * s;
    this.#im = base.im * c - base.re * s;
  }

  #extend(from: number, bit: 0 | 1, position: number): void {
    const now = this.#now;
    const next = this.#next;
    if (next.size >= CAPACITY) return;
    const isMark = bit === 1;
    const time = now.get(from, F.time);
    const whole = now.get(from, F.bit);
    const length = position >= POSITION_PART ? ((position - POSITION_PART + 1) / (PARTS + 1)) * whole : whole;
    const phase = now.get(from, F.phase);
    const step = now.get(from, isMark ? F.markStep : F.spaceStep);
    const grid = now.get(from, F.grid) === 1;
    const end = time + length;
    const begins = grid ? Math.ceil(time) : time;
    const samples = grid ? Math.ceil(end) - begins : length;
    const offset = grid ? LOOP.gridDelay : 0;
    this.#correlate(bit, phase + step * (samples / 2), {
      from: begins + offset,
      to: begins + offset + samples,
    });
    const zr = this.#re;
    const zi = this.#im;
    const sr = now.get(from, isMark ? F.markRe : F.spaceRe);
    const si = now.get(from, isMark ? F.markIm : F.spaceIm);
    const n = now.get(from, isMark ? F.markSamples : F.spaceSamples);
    const fade = grid ? LOOP.gridFade : LOOP.fade;
    const tr = fade * sr + zr;
    const ti = fade * si + zi;
    const m = fade * n + samples;
    const explained = (tr * tr + ti * ti) / m - (n > 0 ? (fade * (sr * sr + si * si)) / n : 0);
    const energy = this.#baseband.energy(begins + offset, begins + offset + samples);
    let score = now.get(from, F.score) + (explained - energy) / this.#noise + samples;
    if (position === POSITION_IDLE && now.getState(from, S.position) === POSITION_IDLE) score -= LOOP.idleCost;
    if (position >= POSITION_PART) score -= LOOP.partCost;

    // What this path is known by: paths alike in it differ only in their past, and the better past stays.
    const last = now.getState(from, S.recent);
    const recent = ((last << 1) | bit) & 0xff;
    const prints = now.getState(from, S.print);
    const dataBit = position >= 1 && position <= 8;
    const print = dataBit ? (Math.imul(prints ^ (bit + 1), 0x01000193) ^ (prints >>> 15)) | 0 : prints;
    const seed = this.#bits < LOOP.apartBits ? now.getState(from, S.seed) : 0;
    const key = (seed * 16 + position) * 16 + (recent & LOOP.history);
    let to: number;
    if (this.#keyStamp[key] === this.#stamp) {
      to = this.#byKey[key] as number;
      const rival = next.get(to, F.score);
      const differs = next.getState(to, S.print) !== print;
      if (rival >= score) {
        if (differs && rival - score < next.get(to, F.margin)) next.set(to, F.margin, rival - score);
        return;
      }
      next.copy(to, now, from);
      if (differs && score - rival < next.get(to, F.margin)) next.set(to, F.margin, score - rival);
    } else {
      to = next.size++;
      this.#byKey[key] = to;
      this.#keyStamp[key] = this.#stamp;
      next.copy(to, now, from);
    }

    next.set(to, isMark ? F.markRe : F.spaceRe, tr);
    next.set(to, isMark ? F.markIm : F.spaceIm, ti);
    next.set(to, isMark ? F.markSamples : F.spaceSamples, m);
    const amplitude = Math.sqrt(zr * zr + zi * zi);
    const reference = Math.sqrt(tr * tr + ti * ti) / m;
    if (grid) {
      // The sine of how far this bit's phase is from those before of its tone.
      const scale = Math.max(amplitude, reference * samples) * Math.sqrt(tr * tr + ti * ti);
      const error = scale > 0 ? (zi * tr - zr * ti) / scale : 0;
      next.set(to, isMark ? F.markStep : F.spaceStep, step + (LOOP.gridStepGain * error) / length);
      next.set(to, F.time, end);
      next.set(to, F.phase, wrap(phase + step * samples + LOOP.gridPhaseGain * error));
    } else {
      // The sine of how far this bit's phase is from where the path has it, less where the amplitude says that it is mostly noise.
      const error = amplitude > 0 ? zi / Math.max(amplitude, reference * length) : 0;
      next.set(to, isMark ? F.markStep : F.spaceStep, step + (LOOP.stepGain * error) / length);
      const gain = this.#bits < LOOP.gearBits ? LOOP.gear : 1;
      const apart = now.get(from, F.spaceStep) - now.get(from, F.markStep);
      const late = (isMark ? error : -error) / apart;
      next.set(to, F.bit, clampBit(whole + LOOP.bitGain * gain * late));
      const moved = LOOP.timeGain * gain * late;
      next.set(to, F.time, end + moved);
      next.set(to, F.phase, wrap(phase + step * (length + moved) + LOOP.phaseGain * gain * error));
    }
    next.set(to, F.score, score);
    next.set(to, F.explained, now.get(from, F.explained) + explained);
    next.set(to, F.energy, now.get(from, F.energy) + energy);
    next.setState(to, S.recent, recent);
    next.setState(to, S.print, print);
    next.setState(to, S.position, position);
    if (position === 0) {
      next.setState(to, S.byte, 0);
      next.set(to, F.byteExplained, explained);
      next.set(to, F.byteEnergy, energy);
    } else {
      next.set(to, F.byteExplained, now.get(from, F.byteExplained) + explained);
      next.set(to, F.byteEnergy, now.get(from, F.byteEnergy) + energy);
      if (dataBit && bit === 1) next.setState(to, S.byte, next.getState(to, S.byte) | (1 << (position - 1)));
    }
    if (position === POSITION_IDLE) {
      if (now.getState(from, S.position) === POSITION_STOP) {
        const share = next.get(to, F.byteExplained) / next.get(to, F.byteEnergy);
        if (share < next.get(to, F.worstByte)) next.set(to, F.worstByte, share);
        next.setState(to, S.idle, 0);
        const value = next.getState(to, S.byte);
        next.append(to, value);
        const count = next.getState(to, S.count);
        const bad =
          (count === 1 && value !== 0x04 && value !== 0x06 && value !== 0x80 && value !== 0x82) ||
          (count === 2 && (value < 3 || value > 252));
        if (bad) next.set(to, F.score, -1e12);
        if (count > 2 && count === (next.bytes[to * 258 + 1] as number) + 3)
          next.setState(to, S.position, POSITION_DONE);
      } else next.setState(to, S.idle, now.getState(from, S.idle) + 1);
    }
  }
}

function clampBit(bit: number): number {
  return Math.max(0.975 * NOMINAL_BIT, Math.min(1.025 * NOMINAL_BIT, bit));
}

function wrap(phase: number): number {
  return phase - 2 * Math.PI * Math.round(phase / (2 * Math.PI));
}

import { powerOf } from './front-end.js';
import type { SpectrumMeter } from './meter.js';

/** A stretch of the stream that is all one: a tone of some spectrum, quiet, or sound that is no tone. */
export class Run {
  /** Index of the spectrum that was loudest in it, or {@link QUIET} or {@link NOISY}. */
  state = -1;
  /** Frames since the stream began; the end is not part of it. */
  start = 0;
  end = 0;
  /** Bit n is set where spectrum n describes it: frequencies and an even level. */
  mask = 0;
  /** The same without asking for an even level. */
  looseMask = 0;
  /** Mean square of the tone. */
  power = 0;
  hz = 0;
}

/** State of a run in which nothing is heard that could hide a tone's absence. */
export const QUIET = -1;
/** State of a run that sounds, but not with a tone. */
export const NOISY = -2;

/** Frames that a change has to last to be one. */
export const TONE_FRAMES = 3;
const GAP_FRAMES = 3;
/** Noise shorter than this (60 ms) is a click in the quiet. */
const NOISE_FRAMES = 12;
/** A hole in a tone up to this long (20 ms) is a drop-out, not a gap. The shortest gap of a cadence is 36 ms. */
export const HOLE_FRAMES = 4;
/** What sounds less than this beside the last tone is quiet: 8 dB below. */
const QUIET_SHARE = 0.16;
/** Without a tone before, this is quiet. */
const QUIET_POWER = powerOf(-38);
/** How long a tone is the measure of quiet, frames: 12 s. */
const MEMORY_FRAMES = 2400;
/** A tone this long (80 ms) is the measure of quiet. */
const MEASURE_FRAMES = 16;
/** A tone that falls by half its amplitude is over. */
const FALL = 0.25;
/** A frame is not loud when next to nothing sounds (-9 dB): less than that is left where components cancel. */
const LOUD = 0.12;
/** Frames at the beginning of a tone that are not taken into its measures. */
const EDGE = 4;
const KEPT = 24;

/** Cuts the frames into runs. */
export class RunCutter {
  /** Finished runs, oldest first by {@link RunCutter.past}; the last is the one before the current. */
  readonly #ring = Array.from({ length: KEPT }, () => new Run());
  #count = 0;
  readonly #meters: readonly SpectrumMeter[];
  /** The run that is still growing. */
  readonly current = new Run();
  /** Whether the frame just taken was a tone's, whatever run it belongs to. */
  soundsTone = false;
  /** Mean square of the last tone that lasted, 0 before the first. */
  lastTonePower = 0;

  #pending = 0;
  #pendingState = 0;
  #away = 0;
  #loud = 0;
  #noise = 0;
  #toneFrame = Number.NEGATIVE_INFINITY;
  #pendingQuiet = 0;

  constructor(meters: readonly SpectrumMeter[]) {
    this.#meters = meters;
    this.current.state = QUIET;
  }

  /** How many finished runs are remembered. */
  get kept(): number {
    return Math.min(this.#count, KEPT - 1);
  }

  /** The finished run `back` before the current one, 1 and up. */
  past(back: number): Run {
    return this.#ring[(this.#count - back + KEPT) % KEPT] as Run;
  }

  /** Takes frame `frame`; returns whether a run was finished. */
  take(frame: number, total: number): boolean {
    const current = this.current;
    const state = this.#stateOf(total, frame);
    this.soundsTone = state >= 0;
    if (state === NOISY) this.#noise++;
    else this.#noise = 0;
    current.end = frame + 1;
    if (current.state >= 0) return this.#inTone(frame, state);
    return this.#outsideTone(frame, state);
  }

  #stateOf(total: number, frame: number): number {
    const current = this.current.state;
    if (current >= 0) {
      const meter = this.#meters[current] as SpectrumMeter;
      if (meter.frames < 2 || total >= meter.meanPower * LOUD) this.#loud = frame;
      if (
        meter.on &&
        frame - this.#loud <= meter.nullFrames &&
        (meter.frames < 2 || meter.power >= meter.meanPower * FALL)
      )
        return current;
    }
    let best = -1;
    let share = 0;
    const meters = this.#meters;
    for (let n = 0; n < meters.length; n++) {
      const meter = meters[n] as SpectrumMeter;
      // Close components beat: a single one seems to be there at times, so they go first. What a run was is judged over all of it.
      const claim = meter.spectrum.kind === 'close' ? meter.share : 0.8 * meter.share;
      if (n !== current && meter.begins && claim > share) {
        best = n;
        share = claim;
      }
    }
    if (best >= 0 && !(current >= 0 && this.#falling())) return best;
    const known = frame - this.#toneFrame < MEMORY_FRAMES;
    return total > (known ? this.lastTonePower * QUIET_SHARE : QUIET_POWER) ? NOISY : QUIET;
  }

  /** While a tone dies away, its last frames are no other tone. */
  #falling(): boolean {
    const meter = this.#meters[this.current.state] as SpectrumMeter;
    return meter.frames >= 2 && meter.on;
  }

  #inTone(frame: number, state: number): boolean {
    const current = this.current;
    if (state === current.state) {
      this.#away = 0;
      this.#gather(frame);
      return false;
    }
    if (state !== this.#pendingState) this.#pending = 0;
    this.#pendingState = state;
    this.#pending++;
    if (++this.#away < GAP_FRAMES) return false;
    const next = state >= 0 && this.#pending >= TONE_FRAMES ? state : QUIET;
    const end = frame + 1 - this.#away;
    // Where components beat, the tone is heard on for a while after its last loud frame.
    this.#finish(next === QUIET ? Math.max(current.start + 1, Math.min(end, this.#loud + 1)) : end, next);
    return true;
  }

  #outsideTone(frame: number, state: number): boolean {
    const current = this.current;
    if (state >= 0) {
      if (state !== this.#pendingState) this.#pending = 0;
      this.#pendingState = state;
      if (++this.#pending < TONE_FRAMES) return false;
      const start = frame + 1 - this.#pending;
      if (this.#isHole(start, state)) {
        this.#resume(frame);
        return false;
      }
      this.#finish(start, state);
      return true;
    }
    this.#pending = 0;
    if (current.state === QUIET && this.#noise >= NOISE_FRAMES) {
      const start = frame + 1 - this.#noise;
      // What followed the tone was noise from the first: the gap is not a quiet one.
      if (start - current.start <= GAP_FRAMES) {
        current.state = NOISY;
        return false;
      }
      this.#finish(start, NOISY);
      return true;
    }
    if (current.state === NOISY) {
      this.#pendingQuiet = state === QUIET ? this.#pendingQuiet + 1 : 0;
      if (this.#pendingQuiet < NOISE_FRAMES) return false;
      this.#finish(frame + 1 - this.#pendingQuiet, QUIET);
      return true;
    }
    return false;
  }

  #isHole(start: number, state: number): boolean {
    if (this.current.state !== QUIET || start - this.current.start > HOLE_FRAMES || this.kept === 0) return false;
    const before = this.past(1);
    if (before.state !== state) return false;
    const meter = this.#meters[state] as SpectrumMeter;
    return meter.power > before.power * 0.5 && meter.power < before.power * 2;
  }

  /** Goes on with the run before, as if the hole had not been. */
  #resume(frame: number): void {
    const before = this.past(1);
    this.#count--;
    this.current.state = before.state;
    this.current.start = before.start;
    this.current.end = frame + 1;
    this.#pending = 0;
  }

  /** The first frames of a run still hold what was before it. */
  #gather(frame: number): void {
    if (frame - this.current.start < EDGE || this.#loud < frame) return;
    for (const meter of this.#meters) meter.gather();
  }

  #finish(start: number, next: number): void {
    const current = this.current;
    current.end = start;
    if (current.state >= 0) {
      this.grade();
      // A blip is no measure of what is quiet.
      if (start - current.start >= MEASURE_FRAMES && current.mask !== 0) {
        this.lastTonePower = current.power;
        this.#toneFrame = start;
      }
    }
    const kept = this.#ring[this.#count % KEPT] as Run;
    kept.state = current.state;
    kept.start = current.start;
    kept.end = current.end;
    kept.mask = current.mask;
    kept.looseMask = current.looseMask;
    kept.power = current.power;
    kept.hz = current.hz;
    this.#count = this.#count + 1 >= 2 * KEPT ? this.#count + 1 - KEPT : this.#count + 1;
    this.#away = 0;
    current.state = next;
    current.start = start;
    current.mask = 0;
    current.looseMask = 0;
    current.power = 0;
    current.hz = 0;
    this.#pending = 0;
    this.#pendingQuiet = 0;
    this.#loud = start;
    if (next >= 0) for (const meter of this.#meters) meter.restart();
  }

  /** Writes into the current run what the meters think of it so far. */
  grade(): void {
    const current = this.current;
    const own = this.#meters[current.state] as SpectrumMeter;
    let mask = 0;
    let loose = 0;
    for (let n = 0; n < this.#meters.length; n++) {
      const meter = this.#meters[n] as SpectrumMeter;
      if (n !== current.state && meter.meanPower < own.meanPower * 0.5) continue;
      if (meter.isTone('rises')) loose |= 1 << n;
      if (meter.isTone('even')) mask |= 1 << n;
    }
    current.mask = mask;
    current.looseMask = loose;
    current.power = own.meanPower;
    current.hz = own.meanHz;
  }

  /** Forgets everything; the next frame will be `frame`. */
  resetAt(frame: number): void {
    this.#count = 0;
    this.current.state = QUIET;
    this.current.start = frame;
    this.current.end = frame;
    this.current.mask = 0;
    this.current.looseMask = 0;
    this.current.power = 0;
    this.#pending = 0;
    this.#pendingQuiet = 0;
    this.#pendingState = 0;
    this.#away = 0;
    this.#noise = 0;
    this.lastTonePower = 0;
    this.#toneFrame = Number.NEGATIVE_INFINITY;
    this.soundsTone = false;
    for (const meter of this.#meters) meter.reset();
  }
}

import type { ToneName } from '../contract.js';
import { BLOCK_MS } from './front-end.js';
import { NOISY, QUIET, type Run, type RunCutter } from './runs.js';
import { spectraOfTone, spectrumKey } from './spectrum.js';
import { DEFAULT_TOLERANCE_TIME, type ToneSet, type ToneSpec } from './tone-set.js';

/** What measuring itself may be off by, ms: the edges of both ends. */
const EDGE_MS = 20;
/** A cadence is believed after so much of it at least, ms, and at least once round. */
const LEAST_MS = 900;
/** Gap without length between two frequencies of one tone: up to this, frames. */
const SEAM_FRAMES = 8;
/** Long pauses prove themselves: so much of one is enough, ms, or this share of it. */
const LONG_PAUSE_MS = 1500;
const PAUSE_PROOF_MS = 1200;
const PAUSE_PROOF_SHARE = 0.6;
/** ... after at least so much of tone, ms. */
const PAUSE_AFTER_MS = 700;
/** How far levels of a tone's ons may lie apart, as a ratio of powers (4 dB), and their frequencies, Hz. */
const LEVEL_RATIO = 2.5;
const SAME_HZ = 9;
/** Concert pitch lies within reach of 450 Hz and melodies are full of it: there a tone needs twice the evidence. */
const CONCERT_PITCH_HZ = 440;
const NOTE_REACH_HZ = 0.6;
/** A tone without a break is told after this, ms, or after what the longest on of its set asks for. */
const STEADY_MS = 1000;

interface Phase {
  /** Bit of the spectrum, or 0 for a pause. */
  readonly bit: number;
  readonly lo: number;
  readonly hi: number;
  /** A pause of no length. */
  readonly seam: boolean;
  readonly frames: number;
}

/** Where a tone's cadence was found in the runs. */
export interface Match {
  /** Index of the phase that the growing run is in. */
  phase: number;
  /** Whole phases before it. */
  whole: number;
  /** Frame at which the earliest of them, or a part before it, began. */
  start: number;
  hz: number;
  /** Nothing before this frame is looked at: it was part of a tone that has ended. */
  since: number;
}

const scratch: Match = { phase: 0, whole: 0, start: 0, hz: 0, since: 0 };

/** One tone of a set, made ready to be looked for in runs. */
export class Cadence {
  readonly tone: ToneName;
  readonly #phases: readonly Phase[];
  readonly #need: number;
  readonly #needTime: number;
  readonly #rises: boolean;
  readonly #steadyFrames: number;
  readonly #steadyBit: number;
  readonly #oneSpectrum: boolean;
  readonly #nominal: readonly number[];

  constructor(spec: ToneSpec, set: ToneSet, keys: readonly string[]) {
    this.tone = spec.tone;
    this.#rises = spec.rises === true;
    const bitOf = (hz: readonly number[]): number => 1 << keys.indexOf(spectrumKey(hz));
    const tolerance = set.toleranceTime ?? DEFAULT_TOLERANCE_TIME;
    const spectra = spectraOfTone(spec);
    this.#nominal = spectra.flat();
    this.#oneSpectrum = new Set(spectra.map(spectrumKey)).size === 1;
    const cadence = spec.cadenceMs;
    if (cadence === undefined) {
      this.#phases = [];
      this.#need = 0;
      this.#needTime = 0;
      this.#steadyBit = bitOf(spec.hz);
      this.#steadyFrames = Math.ceil(steadyMs(spec, set, tolerance) / BLOCK_MS);
      return;
    }
    this.#steadyBit = 0;
    this.#steadyFrames = 0;
    this.#phases = cadence.map((ms, index) => {
      const bit = index % 2 === 0 ? bitOf(spectra[spectra.length === 1 ? 0 : index / 2] as readonly number[]) : 0;
      const reach = ms * tolerance + EDGE_MS;
      const lo = Math.max(3, Math.floor((ms - reach) / BLOCK_MS));
      return {
        bit,
        lo,
        hi: Math.ceil((ms + reach) / BLOCK_MS),
        seam: index % 2 === 1 && ms < 30,
        frames: ms / BLOCK_MS,
      };
    });
    const whole = this.#phases.filter((phase) => !phase.seam).length;
    const ons = this.#phases.filter((phase) => phase.bit !== 0).length;
    this.#need = spec.once ? ons : whole + 1;
    this.#needTime = spec.once ? 0 : LEAST_MS / BLOCK_MS;
  }

  /** Whether this tone sounds without a break. */
  get steady(): boolean {
    return this.#steadyBit !== 0;
  }

  /** Looks for the tone at the end of the runs from frame `since` on; `into` says where when it is there. */
  find(runs: RunCutter, into: Match, since: number): boolean {
    if (this.steady) return this.#findSteady(runs, into);
    for (let phase = 0; phase < this.#phases.length; phase++) {
      into.since = since;
      if (!this.#fits(runs, phase, into)) continue;
      const twice = this.#isNote(into.hz) ? 2 : 1;
      if (into.whole >= this.#need * twice && runs.current.start - into.start >= this.#needTime * twice) return true;
      if (twice === 1 && this.#proven(runs, phase, into)) return true;
    }
    return false;
  }

  /** Whether this longer cadence may still be what the runs are, when a shorter one has been found in so many whole phases. */
  mayBe(runs: RunCutter, whole: number, since: number): boolean {
    for (let phase = 0; phase < this.#phases.length; phase++) {
      scratch.since = since;
      if (this.#fits(runs, phase, scratch) && scratch.whole >= whole) return true;
    }
    return false;
  }

  /** Phases of a round, 0 for a tone without a break. */
  get length(): number {
    return this.#phases.length;
  }

  /** Whether this is the note A4 rather than what the exchange sends. */
  #isNote(hz: number): boolean {
    if (Math.abs(hz - CONCERT_PITCH_HZ) >= NOTE_REACH_HZ) return false;
    return this.#nominal.every((own) => Math.abs(own - CONCERT_PITCH_HZ) > 5);
  }

  #findSteady(runs: RunCutter, into: Match): boolean {
    const run = runs.current;
    if (run.state < 0 || run.end - run.start < this.#steadyFrames) return false;
    runs.grade();
    if (((this.#rises ? run.looseMask : run.mask) & this.#steadyBit) === 0) return false;
    if (this.#isNote(run.hz) && run.end - run.start < 2 * this.#steadyFrames) return false;
    into.phase = 0;
    into.whole = 0;
    into.start = run.start;
    into.hz = run.hz;
    return true;
  }

  /** Whether the growing run can be in this phase; counts the whole phases before it. */
  #fits(runs: RunCutter, phase: number, into: Match): boolean {
    const here = this.#phases[phase] as Phase;
    const run = runs.current;
    if (here.seam || !this.#canGrow(run, here)) return false;
    into.phase = phase;
    into.whole = 0;
    into.start = run.start;
    into.hz = 0;
    let power = 0;
    let whole = 0;
    let at = phase;
    for (let back = 1; back <= runs.kept; back++) {
      at = at === 0 ? this.#phases.length - 1 : at - 1;
      const before = runs.past(back);
      if (before.start < into.since) break;
      let want = this.#phases[at] as Phase;
      if (want.seam) {
        if (before.state === QUIET && before.end - before.start <= SEAM_FRAMES) continue;
        at = at === 0 ? this.#phases.length - 1 : at - 1;
        want = this.#phases[at] as Phase;
      }
      const length = before.end - before.start;
      if (!this.#isKind(before, want) || length > want.hi) break;
      if (want.bit !== 0) {
        if (power > 0) {
          const ratio = before.power / power;
          if (ratio > LEVEL_RATIO || ratio * LEVEL_RATIO < 1) break;
          if (this.#oneSpectrum && Math.abs(before.hz - into.hz) > SAME_HZ) break;
        }
        power = before.power;
        into.hz = before.hz;
      }
      if (length < want.lo) {
        // The first that was heard of it may have begun before the line was listened to.
        if (want.bit !== 0) into.start = before.start;
        break;
      }
      whole++;
      // The silence before the first on of it is no pause of it, however long.
      if (want.bit === 0) continue;
      into.whole = whole;
      into.start = before.start;
    }
    return into.whole > 0 && into.hz > 0;
  }

  #isKind(run: Run, phase: Phase): boolean {
    if (phase.bit === 0) return run.state === QUIET;
    return run.state >= 0 && (run.mask & phase.bit) !== 0;
  }

  #canGrow(run: Run, phase: Phase): boolean {
    if (run.end - run.start > phase.hi) return false;
    if (phase.bit === 0) return run.state === QUIET;
    return run.state >= 0;
  }

  /** Whether a long pause after the ons of one pass is proof enough. */
  #proven(runs: RunCutter, phase: number, match: Match): boolean {
    const here = this.#phases[phase] as Phase;
    if (here.bit !== 0 || phase !== this.#phases.length - 1 || match.whole < phase) return false;
    const ms = here.frames * BLOCK_MS;
    const quiet = (runs.current.end - runs.current.start) * BLOCK_MS;
    if (ms < LONG_PAUSE_MS || quiet < Math.min(PAUSE_PROOF_MS, PAUSE_PROOF_SHARE * ms)) return false;
    let tone = 0;
    for (const part of this.#phases) if (part.bit !== 0) tone += part.frames * BLOCK_MS;
    if (tone < PAUSE_AFTER_MS) return false;
    // What comes straight out of other sound may be a note of it.
    return match.whole > phase || runs.kept <= phase || runs.past(phase + 1).state !== NOISY;
  }

  /**
   * Whether the tone goes on; `begun` when the growing run has just begun: the run before it has to have been a whole phase.
   * Moves the match on to the phase of the growing run.
   */
  goesOn(runs: RunCutter, match: Match, run: 'begun' | 'grows'): boolean {
    if (this.steady) return run === 'grows';
    if (run === 'grows') return this.#canGrow(runs.current, this.#phases[match.phase] as Phase);
    const last = runs.past(1);
    const was = this.#phases[match.phase] as Phase;
    const length = last.end - last.start;
    if (!this.#isKind(last, was) || length < was.lo || length > was.hi) return false;
    let next = (match.phase + 1) % this.#phases.length;
    if ((this.#phases[next] as Phase).seam && runs.current.state !== QUIET) next = (next + 1) % this.#phases.length;
    match.phase = next;
    return this.#canGrow(runs.current, this.#phases[next] as Phase);
  }
}

/** How long a tone without a break has to last before it cannot be an on of another tone of the same frequencies. */
function steadyMs(spec: ToneSpec, set: ToneSet, tolerance: number): number {
  let longest = 0;
  const key = spectrumKey(spec.hz);
  for (const other of set.tones) {
    const cadence = other.cadenceMs;
    if (cadence === undefined) continue;
    const spectra = spectraOfTone(other);
    for (let n = 0; n < cadence.length; n += 2) {
      const hz = spectra[spectra.length === 1 ? 0 : n / 2] as readonly number[];
      if (spectrumKey(hz) === key) longest = Math.max(longest, cadence[n] as number);
    }
  }
  return Math.max(STEADY_MS, longest * (1 + tolerance) + 2 * EDGE_MS + 50);
}

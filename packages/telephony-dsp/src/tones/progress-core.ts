import type { Hook, ToneEndEvent, ToneEvent } from '../contract.js';
import { Cadence, type Match } from './cadence.js';
import { BLOCK_MS, FrontEnd, powerOf, WINDOW_LAG_MS } from './front-end.js';
import { SpectrumMeter } from './meter.js';
import { HOLE_FRAMES, QUIET, RunCutter, TONE_FRAMES } from './runs.js';
import { planSpectra, spectrumKey } from './spectrum.js';
import { checkToneSet, type ToneSet } from './tone-set.js';

/** What may be set about the hearing of call-progress tones. */
export interface ProgressOptions {
  /** The tones to listen for. */
  readonly tones: ToneSet;
  /** A tone is heard down to this level, dBm0, -60 to -10. Default -43 (exchanges send -10, lines lose up to 30 dB). */
  readonly minLevelDbm0?: number;
  /** Least share of the frame's power that is the tone's, 0.3-0.95. Default 0.5. */
  readonly minShare?: number;
  /** A tone whose level varies more than this is a note, dB of standard deviation, 0.3-6. Default 1.2. */
  readonly maxUnevenDb?: number;
}

/** Frames between two looks at a run that is still growing: 40 ms. */
const LOOK_FRAMES = 8;

/** Steps of the hearing of tones: what `createProgress` and the answer detector are made of. */
export class ProgressCore {
  readonly front: FrontEnd;
  readonly runs: RunCutter;
  /** The cadence that sounds now. */
  active: Cadence | undefined;
  /** Where the active tone's last on ended, ms of the stream. */
  lastOnEndMs = 0;
  readonly #meters: readonly SpectrumMeter[];
  readonly #cadences: readonly Cadence[];
  readonly #match: Match = { phase: 0, whole: 0, start: 0, hz: 0, since: 0 };
  #since = 0;
  #waits = false;
  #onHook = false;

  constructor(options: ProgressOptions) {
    const { tones } = options;
    const problems = checkToneSet(tones);
    if (problems.length > 0) throw new TypeError(`tone set: ${problems.join('; ')}`);
    const plan = planSpectra(tones);
    this.front = new FrontEnd(plan.centresHz);
    const limits = {
      minPower: powerOf(options.minLevelDbm0 ?? -43),
      minShare: options.minShare ?? 0.5,
      maxUnevenDb: options.maxUnevenDb ?? 1.2,
    };
    this.#meters = plan.spectra.map((spectrum) => new SpectrumMeter(spectrum, this.front.channels, limits));
    this.runs = new RunCutter(this.#meters);
    const keys = plan.spectra.map((spectrum) => spectrumKey(spectrum.hz));
    this.#cadences = tones.tones.map((spec) => new Cadence(spec, tones, keys));
  }

  /** Time of the end of the samples taken so far into frames, ms. */
  get nowMs(): number {
    return this.front.blocks * BLOCK_MS;
  }

  /** Time at which a frame's number says something began or ended, ms. */
  msOf(frame: number): number {
    return Math.max(0, (frame + 1) * BLOCK_MS - WINDOW_LAG_MS);
  }

  /** Takes the block that the front end holds; events are put into `out`. */
  step(hook: Hook, out: (ToneEvent | ToneEndEvent)[]): void {
    const { front, runs } = this;
    front.frame();
    if (hook === 'on') {
      if (!this.#onHook) this.#hangUp(out);
      return;
    }
    this.#onHook = false;
    for (const meter of this.#meters) meter.measure(front.total);
    const frame = front.blocks - 1;
    const finished = runs.take(frame, front.total);
    if (this.active !== undefined) {
      this.#noteOnEnd();
      this.#follow(this.active, finished ? 'begun' : 'grows', out);
    }
    if (this.active === undefined && (finished || (runs.current.end - runs.current.start) % LOOK_FRAMES === 0)) {
      this.#look(out);
    }
  }

  /** A tone that seems to be over is given the length of a drop-out to come back. */
  #follow(active: Cadence, run: 'begun' | 'grows', out: (ToneEvent | ToneEndEvent)[]): void {
    const { current } = this.runs;
    const finished = run === 'begun';
    if (finished && current.state === QUIET) this.#waits = true;
    if (this.#waits) {
      if (current.state === QUIET && current.end - current.start <= HOLE_FRAMES + TONE_FRAMES) return;
      this.#waits = false;
      // It came back, and its run goes on.
      if (current.state >= 0 && !finished) return;
      // Something else came at once: the quiet between was no gap.
      if (finished && current.state !== QUIET) {
        this.#end(out);
        return;
      }
      if (!active.goesOn(this.runs, this.#match, 'begun')) this.#end(out);
      return;
    }
    if (!active.goesOn(this.runs, this.#match, run)) this.#end(out);
  }

  #noteOnEnd(): void {
    const { runs } = this;
    if (runs.current.state >= 0) this.lastOnEndMs = this.msOf(runs.current.end);
    else if (runs.kept > 0 && runs.past(1).state >= 0) this.lastOnEndMs = this.msOf(runs.past(1).end);
  }

  #look(out: (ToneEvent | ToneEndEvent)[]): void {
    for (const cadence of this.#cadences) {
      if (!cadence.find(this.runs, this.#match, this.#since)) continue;
      if (this.#mayBeLonger(cadence)) continue;
      this.active = cadence;
      this.#noteOnEnd();
      out.push({
        type: 'tone',
        tone: cadence.tone,
        hz: Math.round(this.#match.hz * 10) / 10,
        atMs: this.msOf(this.#match.start),
        detectedMs: this.nowMs,
      });
      return;
    }
  }

  #mayBeLonger(found: Cadence): boolean {
    if (found.length === 0) return false;
    const { whole } = this.#match;
    return this.#cadences.some(
      (other) => other.tone !== found.tone && other.length > found.length && other.mayBe(this.runs, whole, this.#since),
    );
  }

  #end(out: (ToneEvent | ToneEndEvent)[]): void {
    if (this.active === undefined) return;
    const detectedMs = this.nowMs;
    out.push({ type: 'toneEnd', tone: this.active.tone, atMs: Math.min(this.lastOnEndMs, detectedMs), detectedMs });
    this.active = undefined;
    this.#waits = false;
    this.#since = this.runs.current.start;
  }

  #hangUp(out: (ToneEvent | ToneEndEvent)[]): void {
    this.#onHook = true;
    this.#end(out);
    this.runs.resetAt(this.front.blocks);
  }

  reset(): void {
    this.front.reset();
    this.runs.resetAt(0);
    this.active = undefined;
    this.lastOnEndMs = 0;
    this.#since = 0;
    this.#waits = false;
    this.#onHook = false;
  }
}

import type { Detector, FaxEvent, Hook, LineSignal } from '../contract.js';
import { BLOCK_MS, FrontEnd, powerOf, WINDOW_LAG_MS } from '../tones/front-end.js';
import { SpectrumMeter } from '../tones/meter.js';
import { QUIET, RunCutter } from '../tones/runs.js';

/** What may be set about the hearing of fax tones. */
export interface FaxOptions {
  /** A tone is heard down to this level, dBm0, -60 to -10. Default -43 (T.30 receivers work down to -43 dBm). */
  readonly minLevelDbm0?: number;
  /** Least share of the frame's power that is the tone's, 0.3-0.95. Default 0.7. */
  readonly minShare?: number;
  /** How long the answer tone must last, ms, 200-2500. Default 1000 (T.30: 2.6 to 4 s; V.25: 3.3 s). */
  readonly cedMs?: number;
}

const CNG = 0;
const CED = 1;
/** T.30: 1100 Hz +-38, on 0.5 s and off 3 s, times +-15 %. */
const CNG_HZ = { hz: [1100], kind: 'single', channels: [CNG], toleranceHz: 40 } as const;
/** T.30 and V.25: 2100 Hz +-15. */
const CED_HZ = { hz: [2100], kind: 'single', channels: [CED], toleranceHz: 18 } as const;
const CNG_ON_MIN = 405 / BLOCK_MS;
const CNG_ON_MAX = 595 / BLOCK_MS;
/** So much quiet after the burst tells it from a note in a melody. */
const CNG_QUIET = 500 / BLOCK_MS;
const CED_OVER = 200 / BLOCK_MS;
/** A calling tone that comes again within this belongs to the same call, ms. */
const SERIES_MS = 8000;
/** V.8's answer tone swings by 20 % fifteen times a second, and turns its phase round every 450 ms. */
const MAX_UNEVEN_DB = 2.4;

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Hears fax machines: the calling tone CNG by one burst with quiet behind it, told once for a series of bursts, and the answer tone CED
 * after a second of it, told once for as long as it sounds. Phase reversals (ANS of V.25) and amplitude modulation (ANSam of V.8) are
 * taken as CED too. Works off-hook only.
 */
export function createFax(options: FaxOptions = {}): Detector<FaxEvent> {
  return new Fax(options);
}

class Fax implements Detector<FaxEvent> {
  readonly #front = new FrontEnd([1100, 2100]);
  readonly #meters: readonly SpectrumMeter[];
  readonly #runs: RunCutter;
  readonly #cedFrames: number;
  #found: FaxEvent[] = [];
  #told = false;
  #lastCngMs = Number.NEGATIVE_INFINITY;
  #onHook = false;

  constructor(options: FaxOptions) {
    const limits = {
      minPower: powerOf(options.minLevelDbm0 ?? -43),
      minShare: options.minShare ?? 0.7,
      maxUnevenDb: MAX_UNEVEN_DB,
    };
    this.#meters = [CNG_HZ, CED_HZ].map((spectrum) => new SpectrumMeter(spectrum, this.#front.channels, limits));
    this.#runs = new RunCutter(this.#meters);
    this.#cedFrames = Math.round((options.cedMs ?? 1000) / BLOCK_MS);
  }

  push(samples: Int16Array, hook: Hook): readonly FaxEvent[] {
    if (this.#found.length > 0) this.#found = [];
    let at = 0;
    while (at < samples.length) {
      at = this.#front.fill(samples, at);
      if (this.#front.full) this.#step(hook);
    }
    return this.#found.length > 0 ? this.#found : NOTHING;
  }

  #step(hook: Hook): void {
    const front = this.#front;
    const runs = this.#runs;
    front.frame();
    if (hook === 'on') {
      if (!this.#onHook) runs.resetAt(front.blocks);
      this.#onHook = true;
      this.#told = false;
      this.#lastCngMs = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#onHook = false;
    for (const meter of this.#meters) meter.measure(front.total);
    runs.take(front.blocks - 1, front.total);
    const { current } = runs;
    const length = current.end - current.start;
    // A reversal of the phase is a short hole in the tone, not its end.
    if (current.state !== CED && length >= CED_OVER) this.#told = false;
    if (!this.#told && current.state === CED && length >= this.#cedFrames) this.#hearCed();
    if (current.state === QUIET && length === CNG_QUIET) this.#hearCng();
  }

  #hearCed(): void {
    const { current } = this.#runs;
    this.#runs.grade();
    if ((current.mask & (1 << CED)) === 0) return;
    this.#told = true;
    this.#tell('ced', current.start);
  }

  #hearCng(): void {
    const runs = this.#runs;
    if (runs.kept === 0) return;
    const burst = runs.past(1);
    const length = burst.end - burst.start;
    if (burst.state !== CNG || (burst.mask & (1 << CNG)) === 0 || length < CNG_ON_MIN || length > CNG_ON_MAX) return;
    if (runs.kept > 1 && runs.past(2).state !== QUIET) return;
    const again = this.#front.blocks * BLOCK_MS - this.#lastCngMs < SERIES_MS;
    this.#lastCngMs = this.#front.blocks * BLOCK_MS;
    if (!again) this.#tell('cng', burst.start);
  }

  #tell(tone: FaxEvent['tone'], startFrame: number): void {
    const atMs = Math.max(0, (startFrame + 1) * BLOCK_MS - WINDOW_LAG_MS);
    this.#found.push({ type: 'fax', tone, atMs, detectedMs: this.#front.blocks * BLOCK_MS });
  }

  signal(_signal: LineSignal): readonly never[] {
    return NOTHING;
  }

  flush(): readonly never[] {
    this.reset();
    return NOTHING;
  }

  reset(): void {
    this.#front.reset();
    this.#runs.resetAt(0);
    this.#told = false;
    this.#lastCngMs = Number.NEGATIVE_INFINITY;
    this.#onHook = false;
  }
}

import { SAMPLE_RATE, type ToneName } from '../contract.js';
import type { ToneSet, ToneSpec } from '../tones/tone-set.js';
import { addTo, amplitudeOf, type SampleSource } from './source.js';

/** How a tone is sent. */
export interface ToneSourceOptions {
  /** Level of the whole tone, dBm0, at most 0. Default -10 (GB/T 3380: -10 +-3 dBm). */
  readonly levelDbm0?: number;
  /** It ends after so many rounds of its cadence. Absent: never. */
  readonly rounds?: number;
}

/** Edges of a tone are shaped over 2.5 ms, so that they do not click. */
const EDGE = 20;
/** A tone that rises does so in five steps of 3 dB, one a second (howler). */
const RISE_DB = 3;
const RISE_STEPS = 5;

/** A call-progress tone, by its entry in a set. */
export function toneSource(spec: ToneSpec, options: ToneSourceOptions = {}): SampleSource {
  return new ToneSource(spec, options);
}

/** The first tone of that name in a set, sounding; undefined when the set has none. */
export function toneOf(set: ToneSet, tone: ToneName, options: ToneSourceOptions = {}): SampleSource | undefined {
  const spec = set.tones.find((entry) => entry.tone === tone);
  return spec === undefined ? undefined : toneSource(spec, options);
}

class ToneSource implements SampleSource {
  readonly #spec: ToneSpec;
  readonly #amplitude: number;
  readonly #phases: readonly number[];
  readonly #rounds: number;
  #round = 0;
  #phase = 0;
  #inPhase = 0;
  #sample = 0;

  constructor(spec: ToneSpec, options: ToneSourceOptions) {
    this.#spec = spec;
    this.#amplitude = amplitudeOf(options.levelDbm0 ?? -10);
    this.#phases = (spec.cadenceMs ?? []).map((ms) => Math.round((ms * SAMPLE_RATE) / 1000));
    this.#rounds = options.rounds ?? Number.POSITIVE_INFINITY;
  }

  mix(out: Int16Array): number {
    for (let at = 0; at < out.length; at++) {
      if (!this.#advance()) return at;
      const value = this.#value();
      if (value !== 0) addTo(out, at, value);
      this.#inPhase++;
      this.#sample++;
    }
    return out.length;
  }

  #advance(): boolean {
    if (this.#phases.length === 0) return true;
    while (this.#inPhase >= (this.#phases[this.#phase] as number)) {
      this.#inPhase = 0;
      this.#phase++;
      if (this.#phase < this.#phases.length) continue;
      this.#phase = 0;
      this.#round++;
      if (this.#round >= this.#rounds) return false;
    }
    return this.#round < this.#rounds;
  }

  #value(): number {
    if (this.#phase % 2 === 1) return 0;
    const each = this.#spec.hzOfEachOn;
    const hz = each === undefined ? this.#spec.hz : (each[this.#phase / 2] as readonly number[]);
    const weights = hz.length === 3 ? SIDE_BANDS : undefined;
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < hz.length; n++) {
      const weight = weights === undefined ? 1 : (weights[n] as number);
      squares += weight * weight;
      // The phase of a whole second repeats for frequencies in whole Hertz, which keeps it exact in long streams.
      const turns = ((hz[n] as number) * (this.#sample % (SAMPLE_RATE * 100))) / SAMPLE_RATE;
      sum += weight * Math.sin(2 * Math.PI * (turns - Math.floor(turns)));
    }
    return (sum / Math.sqrt(squares)) * this.#amplitude * this.#edge() * this.#step();
  }

  #edge(): number {
    const length = this.#phases[this.#phase];
    const left = length === undefined ? EDGE : length - this.#inPhase;
    const near = Math.min(this.#inPhase + 1, left);
    return near >= EDGE ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * near) / EDGE);
  }

  #step(): number {
    if (!this.#spec.rises) return 1;
    const step = Math.min(RISE_STEPS - 1, Math.floor(this.#sample / SAMPLE_RATE));
    return 10 ** ((RISE_DB * (step - RISE_STEPS + 1)) / 20);
  }
}

/** Three components are a carrier with the side bands of full modulation. */
const SIDE_BANDS = [0.5, 1, 0.5];

import {
  createDtmf,
  type Detector,
  type DtmfEvent,
  noiseSource,
  type SampleSource,
  toneSource,
} from '@cordboard/telephony-dsp';
import type { KeypadAnswer, KeypadLanguage } from './language.js';

/** What can go wrong between a telephone and its switch. */
export interface KeypadFaults {
  /** Is this key lost on its way? Counted from 1 over the life of the circuit. */
  readonly loses?: (key: number) => boolean;
  /** Liftings, from 1, at which the switch has no dial tone but busy tone. */
  readonly seized?: (lifting: number) => boolean;
  /** White noise both ways, dBm0. Absent: none. */
  readonly noiseDbm0?: number;
  /** The switch takes keys and sends no tones. */
  readonly tones?: 'none';
}

/** The line circuit of an extension of a switch that is programmed by its keypad. */
export interface KeypadCircuitOptions {
  readonly language: KeypadLanguage;
  readonly faults?: KeypadFaults;
  /** Length of the beep, ms. Default 1,000. */
  readonly beepMs?: number;
  /** Cadence of busy tone, ms on and off. Default 350 and 350. */
  readonly busyMs?: readonly [number, number];
  /** Level of its tones, dBm0. Default -12. */
  readonly levelDbm0?: number;
  /** Of the noise. Default 1. */
  readonly seed?: number;
}

const HZ = [450];
/** A telephone hears itself over its two wires, 18 dB below. */
const ECHO = 8;

/** Sound both ways between a telephone and such a switch: keys are heard by a detector, answers are tones. Its time is that of the samples. */
export class KeypadCircuit {
  /** Keys that the switch has heard, as it heard them; lost ones are not among them. */
  heardKeys = '';
  /** Keys that were sounded, lost ones too. */
  keyCount = 0;
  readonly #options: KeypadCircuitOptions;
  readonly #keys: Detector<DtmfEvent> = createDtmf();
  readonly #noises: readonly SampleSource[];
  #heard = new Int16Array(0);
  #tone: SampleSource | undefined;
  #answer: KeypadAnswer = 'silence';
  #isOff = false;
  #liftings = 0;

  constructor(options: KeypadCircuitOptions) {
    this.#options = options;
    const { faults: { noiseDbm0 } = {}, seed = 1 } = options;
    this.#noises = noiseDbm0 === undefined ? [] : [noiseSource(noiseDbm0, seed), noiseSource(noiseDbm0, seed + 1)];
  }

  /** The telephone is lifted or laid down. */
  hook(state: 'on' | 'off'): void {
    if (this.#isOff === (state === 'off')) return;
    const { language, faults = {} } = this.#options;
    this.#isOff = state === 'off';
    this.#keys.reset();
    const answer = language.hook(state);
    if (state === 'off') this.#liftings++;
    const isSeized = state === 'off' && faults.seized?.(this.#liftings) === true;
    if (isSeized) language.hook('on');
    this.#say(isSeized ? 'busy' : answer);
  }

  /**
   * The next moments on the line.
   * @param spoken - what the telephone sends, 16 bit at 8,000 samples a second
   * @param out - takes what it hears; as long
   */
  run(spoken: Int16Array, out: Int16Array): void {
    out.fill(0);
    if (!this.#isOff) return;
    const [up, down] = this.#noises;
    if (this.#heard.length !== spoken.length) this.#heard = new Int16Array(spoken.length);
    this.#heard.set(spoken);
    up?.mix(this.#heard);
    for (const { digit } of this.#keys.push(this.#heard, 'off')) this.#key(digit);
    for (let at = 0; at < out.length; at++) out[at] = Math.trunc((spoken[at] ?? 0) / ECHO);
    this.#tone?.mix(out);
    down?.mix(out);
  }

  #key(digit: string): void {
    const { language, faults = {} } = this.#options;
    this.keyCount++;
    // The first key ends the tone that invited it, also where the switch does not understand it.
    if (this.#answer === 'dial' || this.#answer === 'beep') this.#say('silence');
    if (faults.loses?.(this.keyCount) === true) return;
    this.heardKeys += digit;
    const answer = language.key(digit);
    // Busy tone that goes on is not begun anew by each key.
    if (answer !== 'busy' || this.#answer !== 'busy') this.#say(answer);
  }

  #say(answer: KeypadAnswer): void {
    this.#answer = answer;
    const { beepMs = 1_000, busyMs = [350, 350], levelDbm0 = -12, faults = {} } = this.#options;
    this.#tone = undefined;
    if (answer === 'silence' || faults.tones === 'none') return;
    if (answer === 'dial') this.#tone = toneSource({ tone: 'dial', hz: HZ }, { levelDbm0 });
    else if (answer === 'busy') this.#tone = toneSource({ tone: 'busy', hz: HZ, cadenceMs: busyMs }, { levelDbm0 });
    else this.#tone = toneSource({ tone: 'confirmation', hz: HZ, cadenceMs: [beepMs, 40] }, { levelDbm0, rounds: 1 });
  }
}

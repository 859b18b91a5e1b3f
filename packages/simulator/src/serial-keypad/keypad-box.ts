import { type Clock, CtiError } from '@cordboard/cti-core';
import {
  createDtmf,
  type Detector,
  type DtmfEvent,
  noiseSource,
  type SampleSource,
  toneSource,
} from '@cordboard/telephony-dsp';
import type { KeypadAnswer, KeypadLanguage } from './language.js';

/** Who uses the box: takes what it hears of the line, fills what it wants to play. 16 bit at 8,000 samples a second. */
export interface KeypadBoxSink {
  event(event: { readonly type: 'lost'; readonly reason: 'removed' }): void;
  heard(samples: Int16Array): void;
  wanted(samples: Int16Array): 'sound' | 'nothing';
}

/** What can go wrong between the box and its switch. */
export interface KeypadBoxFaults {
  /** Is this key lost on its way? Counted from 1 over the life of the box. */
  readonly loses?: (key: number) => boolean;
  /** Liftings, from 1, at which the switch has no dial tone but busy tone. */
  readonly seized?: (lifting: number) => boolean;
  /** White noise both ways, dBm0. Absent: none. */
  readonly noiseDbm0?: number;
  /** The switch takes keys and sends no tones. */
  readonly tones?: 'none';
  /** The box is pulled out when so many keys have been heard. */
  readonly removedAfter?: number;
}

/** A voice box on an extension of a switch that is programmed by its keypad. */
export interface KeypadBoxOptions {
  readonly clock: Clock;
  readonly language: KeypadLanguage;
  readonly faults?: KeypadBoxFaults;
  /** Length of the beep, ms. Default 1,000. */
  readonly beepMs?: number;
  /** Cadence of busy tone, ms on and off. Default 350 and 350. */
  readonly busyMs?: readonly [number, number];
  /** Level of its tones, dBm0. Default -12. */
  readonly levelDbm0?: number;
  /** Of the noise. Default 1. */
  readonly seed?: number;
}

const BLOCK_MS = 20;
const BLOCK = 160;
const HZ = [450];
/** A telephone hears itself over its two wires, 18 dB below. */
const ECHO = 8;

/**
 * One line of a box to such a switch, with sound both ways on the clock that it is given: keys are heard by a detector, answers are tones. It has the form of a line device of
 * the driver for voice boxes.
 */
export class SimulatedKeypadBox {
  readonly abilities = {
    detects: new Set<never>(),
    sound: 'full',
    listensOnHook: 'deaf',
    hook: 'soft',
    dials: 'sound',
    phone: 'none',
    ringsPhone: 'silent',
  } as const;
  /** Keys that the switch has heard, as it heard them; lost ones are not among them. */
  heardKeys = '';
  readonly #options: KeypadBoxOptions;
  readonly #keys: Detector<DtmfEvent> = createDtmf();
  readonly #toSwitch = new Int16Array(BLOCK);
  readonly #fromSwitch = new Int16Array(BLOCK);
  readonly #noises: readonly SampleSource[];
  #tone: SampleSource | undefined;
  #answer: KeypadAnswer = 'silence';
  #sink: KeypadBoxSink | undefined;
  #isOff = false;
  #cancel: (() => void) | undefined;
  #keyCount = 0;
  #liftings = 0;

  constructor(options: KeypadBoxOptions) {
    this.#options = options;
    const { faults: { noiseDbm0 } = {}, seed = 1 } = options;
    this.#noises = noiseDbm0 === undefined ? [] : [noiseSource(noiseDbm0, seed), noiseSource(noiseDbm0, seed + 1)];
  }

  /** Begins to run: sound goes both ways while it is off-hook. */
  async open(sink: KeypadBoxSink): Promise<void> {
    if (this.#sink !== undefined) throw new CtiError('device.refused', 'the simulated box is open already');
    this.#sink = sink;
    this.#tick();
  }

  /** Lifts it or lays it down. Rejects `device.lost` when it is not open. */
  async hook(state: 'on' | 'off'): Promise<void> {
    if (this.#sink === undefined) throw new CtiError('device.lost', 'the simulated box is gone');
    const { language, faults = {} } = this.#options;
    if (this.#isOff === (state === 'off')) return;
    this.#isOff = state === 'off';
    this.#keys.reset();
    const answer = language.hook(state);
    if (state === 'off') this.#liftings++;
    const isSeized = state === 'off' && faults.seized?.(this.#liftings) === true;
    if (isSeized) language.hook('on');
    this.#say(isSeized ? 'busy' : answer, 'anew');
  }

  /** Ends its clock. Idempotent. */
  async close(): Promise<void> {
    this.#cancel?.();
    this.#sink = undefined;
    this.#isOff = false;
    this.#options.language.hook('on');
  }

  #tick(): void {
    this.#cancel = this.#options.clock.setTimer(BLOCK_MS, () => {
      if (this.#sink === undefined) return;
      if (this.#isOff) this.#exchange(this.#sink);
      if (this.#sink !== undefined) this.#tick();
    });
  }

  #exchange(sink: KeypadBoxSink): void {
    const { removedAfter = Number.POSITIVE_INFINITY } = this.#options.faults ?? {};
    const [up, down] = this.#noises;
    this.#toSwitch.fill(0);
    sink.wanted(this.#toSwitch);
    this.#fromSwitch.forEach((_, at) => {
      this.#fromSwitch[at] = Math.trunc((this.#toSwitch[at] ?? 0) / ECHO);
    });
    up?.mix(this.#toSwitch);
    for (const { digit } of this.#keys.push(this.#toSwitch, 'off')) this.#key(digit);
    if (this.#keyCount >= removedAfter) {
      void this.close();
      sink.event({ type: 'lost', reason: 'removed' });
      return;
    }
    this.#tone?.mix(this.#fromSwitch);
    down?.mix(this.#fromSwitch);
    sink.heard(this.#fromSwitch);
  }

  #key(digit: string): void {
    const { language, faults = {} } = this.#options;
    this.#keyCount++;
    // The first key ends the tone that invited it, also where the switch does not understand it.
    if (this.#answer === 'dial' || this.#answer === 'beep') this.#say('silence');
    if (faults.loses?.(this.#keyCount) === true) return;
    this.heardKeys += digit;
    this.#say(language.key(digit));
  }

  /** Busy tone that goes on is not begun anew by each key. */
  #say(answer: KeypadAnswer, how: 'anew' | 'goOn' = 'goOn'): void {
    if (answer === this.#answer && answer === 'busy' && how === 'goOn') return;
    this.#answer = answer;
    const { beepMs = 1_000, busyMs = [350, 350], levelDbm0 = -12, faults = {} } = this.#options;
    this.#tone = undefined;
    if (answer === 'silence' || faults.tones === 'none') return;
    if (answer === 'dial') this.#tone = toneSource({ tone: 'dial', hz: HZ }, { levelDbm0 });
    else if (answer === 'busy') this.#tone = toneSource({ tone: 'busy', hz: HZ, cadenceMs: busyMs }, { levelDbm0 });
    else this.#tone = toneSource({ tone: 'confirmation', hz: HZ, cadenceMs: [beepMs, 40] }, { levelDbm0, rounds: 1 });
  }
}

import {
  cedSource,
  generateDtmf,
  generateDtmfCallerId,
  generateFskCallerId,
  type LineSignal,
  melodySource,
  noiseSource,
  type SampleSource,
} from '@cordboard/telephony-dsp';
import { callSetup } from './call-setup.js';
import type { FarStep, IncomingCall } from './far-end.js';
import { KeyEar } from './key-ear.js';
import { cheapVoice, type ExchangeTone, exchangeTone, forMs, humSource, samplesOnce } from './sounds.js';

/** What the exchange knows beyond one line. */
export interface ExchangeWorld {
  readonly seed: number;
  /** What becomes of a dialled number; `undefined`: nobody has it. */
  readonly dialled: (number: string, line: ExchangeLine) => readonly FarStep[] | undefined;
  /** `MMDDhhmm` of now. */
  readonly datetime: () => string;
  /** White noise on every line, dBm0; `undefined`: none. */
  readonly noiseDbm0: number | undefined;
}

/**
 * - `free`; `ringing` a call comes in; `dialTone`; `dialling` digits come; `call` the far end, or what stands for it, is heard
 * - `over` busy tone until the line goes on-hook; `held` on-hook, and not for long enough to be sure that it is no flash
 */
type ExchangeState = 'free' | 'ringing' | 'dialTone' | 'dialling' | 'call' | 'over';

/** On-hook for less is a flash to this exchange, for more it is the end: BriSDK's samples warn of exchanges that take up to 2 s. */
const RELEASE_MS = 1_500;
/** Pause after the last digit that completes a number. */
const NUMBER_DONE_MS = 2_500;
const RING_ON_MS = 1_000;
const RING_CYCLE_MS = 5_000;

/** The exchange's side of one line: makes its sound and its voltages, hears its keys. Time is that of the samples. */
export class ExchangeLine {
  /** Calls that the box has taken for flashes: on-hook for less than 1.5 s. */
  flashes = 0;
  /** Every number dialled on it. */
  readonly dialledNumbers: string[] = [];
  /** Keys heard by the far end. */
  keysHeard = '';
  /** The number that a flash gave the call to, when the line went on-hook after it. */
  transferredTo: string | undefined;
  /** Hears what comes from the box: the ear of the far end. The array is used again. */
  listener: ((samples: Int16Array) => void) | undefined;
  readonly #world: ExchangeWorld;
  readonly #tell: (signal: LineSignal) => void;
  readonly #ear = new KeyEar();
  readonly #noise: SampleSource | undefined;
  #state: ExchangeState = 'free';
  #loop: 'open' | 'closed' = 'open';
  #nowMs = 0;
  #openSinceMs = Number.NEGATIVE_INFINITY;
  #sounds: SampleSource[] = [];
  /** Keys of the far end, beside whatever else sounds. */
  #pressed: SampleSource[] = [];
  #plan: { readonly atMs: number; readonly run: () => void }[] = [];
  #number = '';
  #flashed: string | undefined;
  #incoming: IncomingCall | undefined;
  #steps: FarStep[] = [];

  constructor(world: ExchangeWorld, tell: (signal: LineSignal) => void) {
    this.#world = world;
    this.#tell = tell;
    this.#noise = world.noiseDbm0 === undefined ? undefined : noiseSource(world.noiseDbm0, world.seed);
  }

  /** How long it has run, ms: its own time, which stands still while the machine that plays it is held up. */
  get ms(): number {
    return this.#nowMs;
  }

  /** What it is doing. */
  get state(): ExchangeState {
    return this.#state;
  }

  /** Nobody uses it, and the exchange has seen that. */
  get isFree(): boolean {
    return this.#state === 'free';
  }

  /** A line that makes no sound and waits for nothing: its box may rest. */
  get isStill(): boolean {
    return this.#state === 'free' && this.#sounds.length === 0 && this.#plan.length === 0 && this.#noise === undefined;
  }

  /** Somebody calls. @returns whether the line was free */
  callIn(call: IncomingCall): boolean {
    if (this.#state !== 'free' || this.#loop === 'closed') return false;
    this.#state = 'ringing';
    this.#incoming = call;
    const kind = call.callerId ?? 'fsk';
    const early =
      kind !== 'none' && (call.callerIdAt ?? (kind === 'dtmf' ? 'beforeRing' : 'afterFirstRing')) === 'beforeRing';
    let ringAtMs = 0;
    if (early) {
      const sound = this.#callerIdOf(call, kind);
      this.#after(0, () => this.#tell('polarity'));
      this.#after(300, () => this.#sounds.push(samplesOnce(sound)));
      ringAtMs = 300 + sound.length / 8 + 350;
    } else if (kind !== 'none') {
      const sound = this.#callerIdOf(call, kind);
      this.#after(RING_ON_MS + 600, () => this.#sounds.push(samplesOnce(sound)));
    }
    const rings = call.rings ?? 30;
    for (let ring = 0; ring < rings; ring++) {
      this.#after(ringAtMs + ring * RING_CYCLE_MS, () => this.#tell('ringStart'));
      this.#after(ringAtMs + ring * RING_CYCLE_MS + RING_ON_MS, () => this.#tell('ringEnd'));
    }
    this.#after(ringAtMs + (rings - 1) * RING_CYCLE_MS + RING_ON_MS + 200, () => this.#release());
    return true;
  }

  /** The far end hangs up: before the answer the bell stops, in a talk busy tone begins. */
  hangUp(polarity?: 'reversed'): void {
    if (this.#state === 'ringing') {
      this.#release();
      this.#tell('ringEnd');
    } else if (this.#state === 'call') {
      if (polarity !== undefined) this.#tell('polarity');
      this.#tone('busy');
    }
  }

  /** The far end answers what rings there. */
  answer(polarity?: 'reversed'): void {
    if (this.#state !== 'call') return;
    this.#steps = [
      { do: 'answer', ...(polarity === undefined ? {} : { polarity }) },
      { do: 'say', forMs: 3_600_000 },
    ];
    this.#quiet();
    this.#nextStep();
  }

  /** The far end presses keys. */
  press(digits: string): void {
    if (this.#state !== 'call') return;
    this.#pressed.push(samplesOnce(generateDtmf(digits, { toneMs: 90, gapMs: 90 })));
  }

  /** The far end does this from now on. */
  script(steps: readonly FarStep[]): void {
    if (this.#state !== 'call') return;
    this.#steps = [...steps];
    this.#quiet();
    this.#nextStep();
  }

  /** The line is open (on-hook) or closed (off-hook), now. */
  loop(state: 'open' | 'closed'): void {
    if (this.#loop === state) return;
    this.#loop = state;
    if (state === 'open') {
      this.#openSinceMs = this.#nowMs;
      return;
    }
    if (this.#state === 'ringing') return this.#answered();
    if (this.#state === 'free') return this.#dialTone();
    // Still in use: so short a time on-hook was a flash.
    this.flashes += 1;
    if (this.#state === 'call') {
      this.#quiet();
      this.#flashed = '';
      this.#sounds.push(exchangeTone('dial'));
    }
  }

  /** One block: hears what the box plays and adds what it makes to `out`. */
  run(played: Int16Array, out: Int16Array): void {
    this.#nowMs += out.length / 8;
    while ((this.#plan[0]?.atMs ?? Number.POSITIVE_INFINITY) <= this.#nowMs) this.#plan.shift()?.run();
    if (
      this.#loop === 'open' &&
      this.#state !== 'free' &&
      this.#state !== 'ringing' &&
      this.#nowMs - this.#openSinceMs >= RELEASE_MS
    )
      this.#hungUp();
    if (this.#loop === 'closed') {
      this.listener?.(played);
      this.#keys(this.#ear.push(played));
    }
    this.#noise?.mix(out);
    if (this.#sounds.length > 0) this.#sounds = this.#sounds.filter((sound) => sound.mix(out) === out.length);
    if (this.#pressed.length > 0) this.#pressed = this.#pressed.filter((sound) => sound.mix(out) === out.length);
  }

  #callerIdOf(call: IncomingCall, kind: 'fsk' | 'dtmf'): Int16Array {
    const who = call.number === undefined ? { absence: call.absence ?? ('O' as const) } : { number: call.number };
    if (kind === 'dtmf') return generateDtmfCallerId(who);
    const name = call.name === undefined ? {} : { name: call.name };
    return generateFskCallerId(callSetup({ datetime: this.#world.datetime(), ...who, ...name }));
  }

  #answered(): void {
    const { answered = [{ do: 'say', forMs: 3_600_000 }] } = this.#incoming ?? {};
    this.#incoming = undefined;
    this.#plan = [];
    this.#quiet();
    this.#state = 'call';
    this.#steps = [...answered];
    // The exchange needs a moment to put the call through.
    this.#after(120, () => this.#nextStep());
  }

  #dialTone(): void {
    this.#state = 'dialTone';
    this.#number = '';
    this.#after(260, () => {
      if (this.#state === 'dialTone') this.#sounds.push(exchangeTone('dial'));
    });
  }

  #keys(keys: string): void {
    for (const key of keys) {
      if (this.#state === 'call' && this.#flashed === undefined) this.keysHeard += key;
      else if (this.#state === 'call') this.#flashed = `${this.#flashed ?? ''}${key}`;
      if (this.#state === 'call' && this.#flashed !== undefined) this.#quiet();
      if (this.#state !== 'dialTone' && this.#state !== 'dialling') continue;
      this.#quiet();
      this.#state = 'dialling';
      this.#number += key;
      const sofar = this.#number;
      this.#after(NUMBER_DONE_MS, () => {
        if (this.#state === 'dialling' && this.#number === sofar) this.#connect(sofar);
      });
    }
  }

  #connect(number: string): void {
    this.dialledNumbers.push(number);
    this.#state = 'call';
    this.#steps = [...(this.#world.dialled(number, this) ?? [{ do: 'tone', tone: 'unobtainable' } as const])];
    this.#nextStep();
  }

  #nextStep(): void {
    const step = this.#steps.shift();
    if (step !== undefined && this.#state === 'call') this.#act(step);
  }

  #act(step: FarStep): void {
    switch (step.do) {
      case 'ringback':
        return this.#sound(exchangeTone('ringback', step.cycles), (step.cycles ?? 1_000) * RING_CYCLE_MS);
      case 'colour':
        return this.#sound(melodySource({ seed: this.#world.seed }), step.forMs);
      case 'answer':
        if (step.polarity !== undefined) this.#tell('polarity');
        return this.#nextStep();
      case 'say':
        return this.#sound(cheapVoice(this.#world.seed), step.forMs);
      case 'hum':
        return this.#sound(humSource(step.hz), step.forMs);
      case 'silence':
        return this.#sound({ mix: (out) => out.length }, step.forMs);
      case 'press': {
        const keys = generateDtmf(step.digits, { toneMs: 90, gapMs: 90 });
        return this.#sound(samplesOnce(keys), keys.length / 8);
      }
      case 'tone':
        return this.#tone(step.tone);
      case 'announce':
        this.#steps = [{ do: 'hangUp' }];
        return this.#sound(cheapVoice(this.#world.seed + 3), step.forMs);
      case 'fax':
        return this.#sound(cedSource(), 3_300);
      case 'hangUp':
        return this.hangUp(step.polarity);
    }
  }

  #sound(source: SampleSource, ms: number): void {
    this.#quiet();
    this.#sounds.push(forMs(source, ms));
    const { length } = this.#steps;
    this.#after(ms, () => {
      if (this.#state === 'call' && this.#steps.length === length) this.#nextStep();
    });
  }

  #tone(tone: ExchangeTone): void {
    this.#quiet();
    this.#steps = [];
    this.#state = 'over';
    this.#sounds.push(exchangeTone(tone));
  }

  #hungUp(): void {
    if (this.#flashed !== undefined && this.#flashed !== '') this.transferredTo = this.#flashed;
    this.#release();
  }

  #release(): void {
    this.#state = 'free';
    this.#incoming = undefined;
    this.#flashed = undefined;
    this.#steps = [];
    this.#plan = [];
    this.#pressed = [];
    this.#quiet();
  }

  #quiet(): void {
    this.#sounds = [];
  }

  #after(ms: number, run: () => void): void {
    const atMs = this.#nowMs + ms;
    let at = this.#plan.length;
    while (at > 0 && (this.#plan[at - 1]?.atMs ?? 0) > atMs) at -= 1;
    this.#plan.splice(at, 0, { atMs, run });
  }
}

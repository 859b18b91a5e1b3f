import { generateDtmf, type SampleSource } from '@cordboard/telephony-dsp';
import { cheapVoice, samplesOnce } from './sounds.js';

/** What a person at the local phone does when it rings: nothing until told, or lifts after half a second. */
export type PhoneHabit = 'ring' | 'answer';

/** The local phone of a line, and the person who holds it. */
export class SimulatedPhone {
  /** What they do when it rings. */
  habit: PhoneHabit = 'ring';
  /** Beats of busy tone after which they lay it down. */
  patience = 15;
  /** What they say when they lift it without dialling; default something like speech. */
  voice: (() => SampleSource) | undefined;
  /** Hears what they hear. The array is used again. */
  listener: ((samples: Int16Array) => void) | undefined;
  readonly #parts: { readonly seed: number; readonly changed: (hook: 'on' | 'off') => void };
  #hook: 'on' | 'off' = 'on';
  #bell: 'rings' | 'silent' = 'silent';
  #ringMs = 0;
  #sounds: SampleSource[] = [];
  #talks = true;
  #dial: { digits: string; afterMs: number } | undefined;
  #beats = 0;
  #loud: 'loud' | 'quiet' = 'quiet';
  #sinceBeatMs = 0;

  constructor(parts: { readonly seed: number; readonly changed: (hook: 'on' | 'off') => void }) {
    this.#parts = parts;
  }

  /** Handset. */
  get hook(): 'on' | 'off' {
    return this.#hook;
  }

  /** Does its bell ring? */
  get bell(): 'rings' | 'silent' {
    return this.#bell;
  }

  /** The box rings it. */
  ring(way: 'start' | 'stop'): void {
    this.#bell = way === 'start' && this.#hook === 'on' ? 'rings' : 'silent';
    this.#ringMs = 0;
  }

  /** Lifts the handset, and dials if there is something to dial. */
  lift(dial?: string): void {
    if (this.#hook === 'off') return;
    this.#hook = 'off';
    this.#bell = 'silent';
    this.#beats = 0;
    this.#talks = dial === undefined;
    this.#dial = dial === undefined ? undefined : { digits: dial, afterMs: 800 };
    this.#sounds = this.#talks ? [this.voice?.() ?? cheapVoice(this.#parts.seed + 5)] : [];
    this.#parts.changed('off');
  }

  /** Lays it down. */
  layDown(): void {
    if (this.#hook === 'on') return;
    this.#hook = 'on';
    this.#dial = undefined;
    this.#sounds = [];
    this.#parts.changed('on');
  }

  /** Presses keys; nothing is said from then on. */
  press(digits: string): void {
    this.#sounds = [samplesOnce(generateDtmf(digits, { toneMs: 100, gapMs: 100 }))];
  }

  /** Says nothing from now on. */
  hush(): void {
    this.#sounds = [];
  }

  /** Time goes by at the phone. */
  rest(ms: number): void {
    if (this.#bell === 'rings') {
      this.#ringMs += ms;
      if (this.habit === 'answer' && this.#ringMs >= 500) this.lift();
    }
    if (this.#dial === undefined || this.#hook === 'on') return;
    this.#dial.afterMs -= ms;
    if (this.#dial.afterMs > 0) return;
    this.press(this.#dial.digits);
    this.#dial = undefined;
  }

  /** Adds what is said and pressed. */
  speak(out: Int16Array): void {
    if (this.#sounds.length > 0) this.#sounds = this.#sounds.filter((sound) => sound.mix(out) === out.length);
  }

  /** Hears; whoever hears busy tone long enough lays down. */
  hear(samples: Int16Array): void {
    this.listener?.(samples);
    let in450 = 0;
    let quadrature = 0;
    let power = 0;
    for (let i = 0; i < samples.length; i++) {
      const turn = (2 * Math.PI * 450 * i) / 8_000;
      const sample = samples[i] ?? 0;
      in450 += sample * Math.cos(turn);
      quadrature += sample * Math.sin(turn);
      power += sample * sample;
    }
    const share = (2 * (in450 ** 2 + quadrature ** 2)) / (samples.length * Math.max(1, power));
    const loud = power / samples.length > 10_000 && share > 0.85 ? 'loud' : 'quiet';
    this.#sinceBeatMs += samples.length / 8;
    if (loud === 'loud' && this.#loud === 'quiet') {
      this.#beats = this.#sinceBeatMs < 1_600 ? this.#beats + 1 : 1;
      this.#sinceBeatMs = 0;
    }
    this.#loud = loud;
    if (this.#beats >= this.patience) this.layDown();
  }
}

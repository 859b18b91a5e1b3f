/** What the tone watch of a voice modem tells. */
export type ModemTone = 'dial' | 'ringback' | 'busy';

/** The power of a block above which something sounds: about -38 dBm0. */
const LOUD = 40_000;

const near = (ms: number, wanted: number): boolean => Math.abs(ms - wanted) <= 90;

/**
 * The cheap ears of a modem: one filter at 450 Hz and a watch. Of its own, so that the signal code is not judged by itself. Tells a tone each time that it
 * has seen a round of it.
 */
export class ToneEar {
  #state: 'tone' | 'other' | 'quiet' = 'quiet';
  #ms = 0;
  #onMs = 0;
  #busyRounds = 0;
  #told: 'no' | 'yes' = 'no';
  /** How long it has been since a tone sounded, ms. */
  sinceToneMs = 0;
  /** Sound that is no tone, ms in a row, pauses of speech left out. */
  otherMs = 0;

  /** One block. @returns what is known now */
  push(samples: Int16Array): ModemTone | undefined {
    const ms = samples.length / 8;
    const heard = this.#look(samples);
    this.sinceToneMs = heard === 'tone' ? 0 : this.sinceToneMs + ms;
    if (heard === 'other') this.otherMs += ms;
    if (heard === this.#state) {
      this.#ms += ms;
      // No ringback lasts longer than a second and a half.
      if (heard !== 'tone' || this.#told === 'yes' || this.#ms < 1_600) return undefined;
      this.#told = 'yes';
      return 'dial';
    }
    const [before, lasted] = [this.#state, this.#ms];
    this.#state = heard;
    this.#ms = ms;
    this.#told = 'no';
    if (before === 'tone') {
      this.#onMs = lasted;
      return near(lasted, 1_000) ? 'ringback' : undefined;
    }
    if (heard !== 'tone' || before !== 'quiet') return undefined;
    const even = (near(this.#onMs, 350) && near(lasted, 350)) || (near(this.#onMs, 700) && near(lasted, 700));
    this.#busyRounds = even ? this.#busyRounds + 1 : 0;
    return this.#busyRounds > 0 && this.#busyRounds % 2 === 0 ? 'busy' : undefined;
  }

  /** Forgets everything. */
  reset(): void {
    this.#state = 'quiet';
    this.#ms = 0;
    this.#onMs = 0;
    this.#busyRounds = 0;
    this.#told = 'no';
    this.sinceToneMs = 0;
    this.otherMs = 0;
  }

  #look(samples: Int16Array): 'tone' | 'other' | 'quiet' {
    let inPhase = 0;
    let quadrature = 0;
    let power = 0;
    for (let i = 0; i < samples.length; i++) {
      const turn = (2 * Math.PI * 450 * i) / 8_000;
      const sample = samples[i] ?? 0;
      inPhase += sample * Math.cos(turn);
      quadrature += sample * Math.sin(turn);
      power += sample * sample;
    }
    if (power / samples.length < LOUD) return 'quiet';
    return (2 * (inPhase ** 2 + quadrature ** 2)) / (samples.length * power) > 0.8 ? 'tone' : 'other';
  }
}

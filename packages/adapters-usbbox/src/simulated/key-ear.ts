import { SAMPLE_RATE } from '@cordboard/telephony-dsp';

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1_209, 1_336, 1_477, 1_633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;
/** 13 ms: two of them fit into the shortest key that an exchange must take. */
const WINDOW = 105;
/** Each tone stronger than about -30 dBm0. */
const LEAST = (32_767 * 10 ** ((-30 - 3.14) / 20)) ** 2 / 2;

/** The receiver of the exchange for keys: plain Goertzel sums of its own, so that the box's detectors are not judged by themselves. */
export class KeyEar {
  readonly #window = new Float64Array(WINDOW);
  #filled = 0;
  #before: string | undefined;
  #told: string | undefined;

  /** The next samples. @returns keys that began in them, as one text */
  push(samples: Int16Array): string {
    let found = '';
    for (const sample of samples) {
      this.#window[this.#filled++] = sample;
      if (this.#filled < WINDOW) continue;
      this.#filled = 0;
      const key = this.#key();
      // Two windows that agree make a key, one without it ends it.
      if (key !== undefined && key === this.#before && key !== this.#told) {
        found += key;
        this.#told = key;
      }
      if (key === undefined && this.#before === undefined) this.#told = undefined;
      this.#before = key;
    }
    return found;
  }

  #key(): string | undefined {
    let total = 0;
    for (const sample of this.#window) total += sample * sample;
    total /= WINDOW;
    if (total < LEAST) return undefined;
    const [low, lowPower] = this.#strongest(LOW);
    const [high, highPower] = this.#strongest(HIGH);
    if (lowPower < LEAST / 2 || highPower < LEAST / 2 || lowPower + highPower < 0.6 * total) return undefined;
    const twist = 10 * Math.log10(highPower / lowPower);
    return Math.abs(twist) > 12 ? undefined : KEYS[low]?.[high];
  }

  #strongest(tones: readonly number[]): readonly [number, number] {
    let best = 0;
    let power = 0;
    tones.forEach((hz, index) => {
      const mine = this.#power(hz);
      if (mine <= power) return;
      power = mine;
      best = index;
    });
    return [best, power];
  }

  #power(hz: number): number {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
    let one = 0;
    let two = 0;
    for (const sample of this.#window) {
      const zero = sample + turn * one - two;
      two = one;
      one = zero;
    }
    return (2 * (one * one + two * two - turn * one * two)) / (WINDOW * WINDOW);
  }
}

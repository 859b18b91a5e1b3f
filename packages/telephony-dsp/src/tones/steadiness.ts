import { SAMPLE_RATE } from '../contract.js';
import { fft, hannOf } from '../filter/fft.js';
import { BLOCK } from './front-end.js';

const SIZE = 512;
/** Window of 60 ms, taken every 30 ms. */
const WINDOW = 12 * BLOCK;
const HOP_BLOCKS = 6;
const FIRST_BIN = Math.floor((200 * SIZE) / SAMPLE_RATE);
const LAST_BIN = Math.floor((3400 * SIZE) / SAMPLE_RATE);
const PEAKS = 8;
/** A peak weaker than this beside the strongest says nothing (22 dB). */
const WEAKEST = 0.006;
/** A partial of a note stays within this of where it began, Hz; the partials of a voice do not. */
const DRIFT_HZ = 5;
/** ... for so many hops (150 ms). */
const STEADY_HOPS = 5;

/**
 * Tells how much of a sound stands still in pitch: the notes of music do, the harmonics of a voice move with its melody. Fed with the
 * front end's blocks, it gives one value for every six (30 ms).
 */
export class Steadiness {
  /** Share of the power in spectral peaks that has stood still for 150 ms, 0-1. */
  share = 0;
  readonly #ring = new Float64Array(WINDOW);
  readonly #window = hannOf(WINDOW);
  readonly #re = new Float64Array(SIZE);
  readonly #im = new Float64Array(SIZE);
  readonly #power = new Float64Array(SIZE / 2);
  #peaks = new Peaks();
  #before = new Peaks();
  #blocks = 0;

  /** Takes a block of 40 samples; returns whether `share` is new. */
  take(block: Float64Array): boolean {
    this.#ring.copyWithin(0, BLOCK);
    this.#ring.set(block, WINDOW - BLOCK);
    if (++this.#blocks < HOP_BLOCKS) return false;
    this.#blocks = 0;
    this.#spectrum();
    this.#findPeaks();
    this.share = this.#follow();
    return true;
  }

  reset(): void {
    this.#ring.fill(0);
    this.#peaks.count = 0;
    this.#before.count = 0;
    this.#blocks = 0;
    this.share = 0;
  }

  #spectrum(): void {
    const re = this.#re;
    const im = this.#im;
    im.fill(0);
    re.fill(0, WINDOW);
    for (let n = 0; n < WINDOW; n++) re[n] = (this.#ring[n] as number) * (this.#window[n] as number);
    fft(re, im);
    for (let n = FIRST_BIN - 1; n <= LAST_BIN + 1; n++) {
      const x = re[n] as number;
      const y = im[n] as number;
      this.#power[n] = x * x + y * y + 1e-6;
    }
  }

  #findPeaks(): void {
    const spare = this.#before;
    this.#before = this.#peaks;
    this.#peaks = spare;
    spare.count = 0;
    const power = this.#power;
    let strongest = 0;
    for (let n = FIRST_BIN; n <= LAST_BIN; n++) strongest = Math.max(strongest, power[n] as number);
    for (let n = FIRST_BIN; n <= LAST_BIN; n++) {
      const here = power[n] as number;
      const left = power[n - 1] as number;
      const right = power[n + 1] as number;
      if (here < strongest * WEAKEST || here <= left || here < right) continue;
      const a = Math.log(left);
      const b = Math.log(here);
      const c = Math.log(right);
      const bend = a - 2 * b + c;
      const shift = bend === 0 ? 0 : (a - c) / (2 * bend);
      spare.add(((n + shift) * SAMPLE_RATE) / SIZE, here);
    }
  }

  #follow(): number {
    const now = this.#peaks;
    const before = this.#before;
    let all = 0;
    let steady = 0;
    for (let n = 0; n < now.count; n++) {
      const hz = now.hz[n] as number;
      const power = now.power[n] as number;
      all += power;
      let age = 0;
      let born = hz;
      for (let m = 0; m < before.count; m++) {
        if (Math.abs((before.born[m] as number) - hz) > DRIFT_HZ || (before.age[m] as number) + 1 <= age) continue;
        age = (before.age[m] as number) + 1;
        born = before.born[m] as number;
      }
      now.age[n] = age;
      now.born[n] = born;
      if (age >= STEADY_HOPS) steady += power;
    }
    return all > 0 ? steady / all : 0;
  }
}

/** The strongest peaks of one spectrum. */
class Peaks {
  count = 0;
  readonly hz = new Float64Array(PEAKS);
  readonly power = new Float64Array(PEAKS);
  readonly born = new Float64Array(PEAKS);
  readonly age = new Int32Array(PEAKS);

  add(hz: number, power: number): void {
    let at = this.count;
    if (at === PEAKS) {
      at = 0;
      for (let n = 1; n < PEAKS; n++) if ((this.power[n] as number) < (this.power[at] as number)) at = n;
      if ((this.power[at] as number) >= power) return;
    } else this.count++;
    this.hz[at] = hz;
    this.power[at] = power;
  }
}

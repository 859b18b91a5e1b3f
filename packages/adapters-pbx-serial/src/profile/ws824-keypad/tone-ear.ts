import { rmsOfDbm0, SAMPLE_RATE } from '@cordboard/telephony-dsp';
import type { KeypadTone } from './keypad-line.js';

/** How the tones of a switch are told apart. */
export interface ToneEarOptions {
  /** Frequencies that sound together, Hz, 1-2. Default 450 (GB/T 3380), taken 30 Hz up and down. */
  readonly hz?: readonly number[];
  /** A beep that is shorter is none, ms. Default 400: above the 350 of busy tone. */
  readonly beepMs?: number;
  /** A tone without end is dial tone after so long, ms. Default 2,000: how long a "long beep" is no document says. */
  readonly dialMs?: number;
  /** Silence after which a beep is over and was no part of a cadence, ms. Default 900: above the 700 of congestion tone. */
  readonly quietMs?: number;
  /** Weaker sound is silence, dBm0. Default -43. */
  readonly minLevelDbm0?: number;
}

/** Samples of one look: 20 ms. */
const FRAME = 160;
const FRAME_MS = (FRAME * 1_000) / SAMPLE_RATE;
/** A frequency is looked for beside where it should be too, Hz: a look of 20 ms is 50 Hz wide. */
const BESIDE = [-20, 0, 20];
/** Share of a frame's power that is the tone's. */
const SHARE = 0.5;
/** Holes of a tone up to this are drop-outs, or the gaps of a special dial tone (400 ms on, 40 off). */
const HOLE_MS = 60;
/** Bursts of busy tone before it counts. */
const BURSTS = 3;

/**
 * Tells dial tone, busy tone and single beeps apart in a stream of samples. Not by the cadences of a country, since these switches have their own: by whether a tone goes on,
 * comes again, or is over.
 */
export class ToneEar {
  readonly #hz: readonly number[];
  readonly #beepMs: number;
  readonly #dialMs: number;
  readonly #quietMs: number;
  readonly #minPower: number;
  readonly #frame = new Int16Array(FRAME);
  #filled = 0;
  #onMs = 0;
  #offMs = 0;
  #bursts = 0;

  constructor(options: ToneEarOptions = {}) {
    this.#hz = options.hz ?? [450];
    this.#beepMs = options.beepMs ?? 400;
    this.#dialMs = options.dialMs ?? 2_000;
    this.#quietMs = options.quietMs ?? 900;
    this.#minPower = rmsOfDbm0(options.minLevelDbm0 ?? -43) ** 2;
  }

  /** Forgets what was heard: something else begins now. */
  reset(): void {
    this.#filled = 0;
    this.#onMs = 0;
    this.#offMs = 0;
    this.#bursts = 0;
  }

  /** The next samples, 8 kHz. @returns what they made sure; of several the last */
  push(samples: Int16Array): KeypadTone | undefined {
    let heard: KeypadTone | undefined;
    for (const sample of samples) {
      this.#frame[this.#filled++] = sample;
      if (this.#filled < FRAME) continue;
      this.#filled = 0;
      heard = (this.#isTone() ? this.#sounds() : this.#isQuiet()) ?? heard;
    }
    return heard;
  }

  #sounds(): KeypadTone | undefined {
    if (this.#offMs > 0 && this.#offMs <= HOLE_MS) this.#onMs += this.#offMs;
    else if (this.#offMs > 0) {
      this.#bursts++;
      this.#onMs = 0;
    }
    this.#offMs = 0;
    this.#onMs += FRAME_MS;
    if (this.#onMs >= this.#dialMs && this.#onMs - FRAME_MS < this.#dialMs) return 'dial';
    // The burst that makes it sure is under way; one frame of it could be a click.
    return this.#bursts >= BURSTS - 1 && this.#onMs === 5 * FRAME_MS ? 'busy' : undefined;
  }

  #isQuiet(): KeypadTone | undefined {
    if (this.#onMs === 0) return undefined;
    this.#offMs += FRAME_MS;
    if (this.#offMs < this.#quietMs) return undefined;
    const isBeep = this.#bursts === 0 && this.#onMs >= this.#beepMs && this.#onMs < this.#dialMs;
    this.reset();
    return isBeep ? 'longBeep' : undefined;
  }

  #isTone(): boolean {
    let total = 0;
    for (const sample of this.#frame) total += sample * sample;
    const power = total / FRAME;
    if (power < this.#minPower) return false;
    const heard = this.#hz.reduce((sum, hz) => sum + Math.max(...BESIDE.map((by) => this.#powerAt(hz + by))), 0);
    return heard >= SHARE * power;
  }

  /** Power of one frequency in the frame (Goertzel). */
  #powerAt(hz: number): number {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
    let last = 0;
    let before = 0;
    for (const sample of this.#frame) {
      const next = sample + turn * last - before;
      before = last;
      last = next;
    }
    return (2 * (last * last + before * before - turn * last * before)) / (FRAME * FRAME);
  }
}

import { FULL_SCALE_SINE_DBM0 } from '@cordboard/telephony-dsp';
import { meanPower } from '../sound/port.js';

/** Mean power of a block above which a line that is on-hook is listened to: -50 dBm0. A caller ID is heard down to -38 (GR-30), and hum of the mains lies below. */
const THRESHOLD_DBM0 = -50;
const THRESHOLD = (32_767 ** 2 / 2) * 10 ** ((THRESHOLD_DBM0 - FULL_SCALE_SINE_DBM0) / 10);
/** It is listened to for so long after the last sound, so that pauses in a message are heard as pauses. */
const HANGOVER_BLOCK_SAMPLES = 12_000;

/** Lets a silent line rest: 128 of them that nobody uses cost next to nothing. */
export class Gate {
  #left = 0;

  /** Is this block to be listened to? */
  opens(samples: Int16Array): boolean {
    if (meanPower(samples) > THRESHOLD) this.#left = HANGOVER_BLOCK_SAMPLES;
    else this.#left = Math.max(0, this.#left - samples.length);
    return this.#left > 0;
  }

  /** Something happened on the line: it is listened to for 1.5 s at least. */
  wake(): void {
    this.#left = HANGOVER_BLOCK_SAMPLES;
  }
}

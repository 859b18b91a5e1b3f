import type { Detector, Hook, LineSignal, ToneEndEvent, ToneEvent } from '../contract.js';
import { ProgressCore, type ProgressOptions } from './progress-core.js';

export type { ProgressOptions } from './progress-core.js';

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Hears call-progress tones by frequency, evenness and cadence. Other frequencies, notes of a melody and speech are no tones: an `on` has
 * to be even and narrow, and every gap of a cadence quiet. A tone with gaps is told after once round its cadence and one more `on`
 * (busy of 350 ms: about 1.1 s), a ringback after its first `on` and 1.2 s of the pause, dial tone after about 1.2 s. Works off-hook only;
 * going on-hook ends a tone.
 *
 * @throws {TypeError} when the tone set is none; see `checkToneSet`
 */
export function createProgress(options: ProgressOptions): Detector<ToneEvent | ToneEndEvent> {
  return new Progress(options);
}

class Progress implements Detector<ToneEvent | ToneEndEvent> {
  readonly #core: ProgressCore;
  #found: (ToneEvent | ToneEndEvent)[] = [];

  constructor(options: ProgressOptions) {
    this.#core = new ProgressCore(options);
  }

  push(samples: Int16Array, hook: Hook): readonly (ToneEvent | ToneEndEvent)[] {
    const { front } = this.#core;
    if (this.#found.length > 0) this.#found = [];
    let at = 0;
    while (at < samples.length) {
      at = front.fill(samples, at);
      if (front.full) this.#core.step(hook, this.#found);
    }
    return this.#found.length > 0 ? this.#found : NOTHING;
  }

  signal(_signal: LineSignal): readonly never[] {
    return NOTHING;
  }

  flush(): readonly never[] {
    this.reset();
    return NOTHING;
  }

  reset(): void {
    this.#core.reset();
  }
}

import type { Hearing } from './hearing.js';
import { soundOf } from './ivr-sounds.js';
import { until } from './wait.js';

/** Follows what a caller hears of a flow, sound by sound in the order of the call: nothing that was heard meanwhile is missed. */
export class Listener {
  readonly #hearing: Hearing;
  #fromMs = 0;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  /** Resolves when these sounds of {@link soundOf} were heard, one after the other; others may come between. */
  async hears(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.tones(soundOf(name), name);
  }

  /** As {@link hears}, for any set of frequencies. */
  async tones(freqs: readonly number[], what = `[${freqs.join(', ')}] Hz`, forMs = 100): Promise<void> {
    const wanted = [...freqs].sort((a, b) => a - b).join();
    const found = await until(
      () =>
        this.#hearing
          .segments({ fromMs: this.#fromMs })
          .find((part) => part.freqs.join() === wanted && part.toMs - part.fromMs >= forMs),
      {
        what: `to hear ${what}`,
        everyMs: 40,
        seen: () => this.#hearing.segments({ fromMs: this.#fromMs }).slice(-12),
      },
    );
    this.#fromMs = found.toMs;
  }
}

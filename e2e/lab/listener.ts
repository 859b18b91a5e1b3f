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

  /** Resolves with the first of these sounds that is heard. */
  async either(...names: readonly string[]): Promise<string> {
    const found = await until(
      () => {
        const parts = this.#hearing.segments({ fromMs: this.#fromMs });
        return parts.flatMap(({ freqs, fromMs, toMs }) => {
          const name = names.find((one) => freqs.join() === sorted(soundOf(one)));
          return name === undefined || toMs - fromMs < FRAME_MS ? [] : [{ name, toMs }];
        })[0];
      },
      { what: `to hear ${names.join(' or ')}`, everyMs: 40, seen: () => this.#lately() },
    );
    this.#fromMs = found.toMs;
    return found.name;
  }

  /** What is heard up to now is of no interest any more. */
  forget(): void {
    this.#fromMs = Math.max(this.#fromMs, this.#hearing.nowMs());
  }

  /** As {@link hears}, for any set of frequencies that sounds for `forMs` in all, default one frame. */
  async tones(freqs: readonly number[], what = `[${freqs.join(', ')}] Hz`, forMs = FRAME_MS): Promise<void> {
    const wanted = sorted(freqs);
    this.#fromMs = await until(
      () => {
        let soundedMs = 0;
        for (const part of this.#hearing.segments({ fromMs: this.#fromMs })) {
          if (part.freqs.join() !== wanted) continue;
          soundedMs += part.toMs - part.fromMs;
          if (soundedMs >= forMs) return part.toMs;
        }
        return undefined;
      },
      { what: `to hear ${what}`, everyMs: 40, seen: () => this.#lately() },
    );
  }

  #lately() {
    return this.#hearing.segments({ fromMs: this.#fromMs }).slice(-12);
  }
}

/** The analysis looks at so much at once. */
const FRAME_MS = 100;

function sorted(freqs: readonly number[]): string {
  return [...freqs].sort((a, b) => a - b).join();
}

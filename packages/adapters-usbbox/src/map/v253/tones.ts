import type { LineDeviceEvent } from '../../device/port.js';

type Tone = 'dial' | 'ringback' | 'busy' | 'fax' | 'modem';
/** No tone's code comes less often: ringback sounds every 5 s, and is told once each time. */
const FORGOTTEN_MS: Readonly<Record<Tone, number>> = {
  ringback: 7_000,
  busy: 2_500,
  dial: 4_000,
  fax: 10_000,
  modem: 10_000,
};

/** A modem tells a tone again and again while it sounds, and never that it is over: makes a beginning and an end of that. */
export class ModemTones {
  readonly #least: number;
  #tone: Tone | undefined;
  #times = 0;
  #lastMs = 0;

  /** @param parts.least - so many codes of the same tone are believed, 1 to 10 */
  constructor(parts: { readonly least: number }) {
    this.#least = parts.least;
  }

  /** A code came, and its end has not. */
  get isOpen(): boolean {
    return this.#tone !== undefined;
  }

  /** A code came. @returns what it makes known */
  told(tone: Tone, nowMs: number): LineDeviceEvent[] {
    const events = tone === this.#tone ? this.passed(nowMs) : this.end();
    if (this.#tone === undefined) this.#times = 0;
    this.#tone = tone;
    this.#times += 1;
    this.#lastMs = nowMs;
    // Answer tones come once.
    const least = tone === 'fax' || tone === 'modem' ? 1 : this.#least;
    if (this.#times === least) events.push({ type: 'tone', tone, state: 'begins' });
    return events;
  }

  /** Time goes by. @returns the end of a tone of which nothing came for long */
  passed(nowMs: number): LineDeviceEvent[] {
    return this.#tone !== undefined && nowMs - this.#lastMs > FORGOTTEN_MS[this.#tone] ? this.end() : [];
  }

  /** Whatever sounded is over. */
  end(): LineDeviceEvent[] {
    const tone = this.#tone;
    const begun = tone !== undefined && this.#times >= (tone === 'fax' || tone === 'modem' ? 1 : this.#least);
    this.#tone = undefined;
    this.#times = 0;
    return begun ? [{ type: 'tone', tone, state: 'ends' }] : [];
  }
}

import type { Clock, RawParty } from '@cordboard/cti-core';
import type { CallerIdEvent } from '@cordboard/telephony-dsp';
import type { LineTiming } from '../options.js';
import { Timers } from '../timers.js';

/** A caller's identity without its place in a stream. */
export type CallerId = Omit<CallerIdEvent, 'type' | 'atMs' | 'detectedMs'>;

/** What a bell is made of. */
export interface BellParts {
  readonly clock: Clock;
  readonly timing: LineTiming;
  /** May a caller ID come at all? */
  readonly hearsCallerId: () => boolean;
  /** It rings. @returns whether that is a call: a line that is in use does not ring */
  readonly rings: () => boolean;
  /** Everything that can be known of the caller is known; may come more than once for a call. */
  readonly known: () => void;
  /** It has stopped: the caller has given up. */
  readonly gone: () => void;
}

/** A ring is over by itself after so long where the device does not tell its end. */
const LONGEST_RING_MS = 3_000;
/** A caller ID that comes before the first ring belongs to a call that rings so soon (ETSI: 200-500 ms; a PBX may take longer). */
const CALLER_ID_AHEAD_MS = 6_000;

/** Follows the bell of a line: spikes, rings, the wait for a caller ID, and when it has stopped. */
export class Bell {
  readonly #parts: BellParts;
  readonly #timers: Timers<'debounce' | 'missed' | 'callerId'>;
  #rings = 0;
  #callerId: { readonly id: CallerId; readonly atMs: number } | undefined;

  constructor(parts: BellParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  /** The party that calls, as far as it is told. */
  get calling(): RawParty {
    const id = this.#callerId?.id;
    const name = id?.name === undefined ? {} : { name: id.name.slice(0, 128) };
    if (id?.number !== undefined && id.number !== '')
      return { number: id.number.slice(0, 64), presentation: 'allowed', ...name };
    return { number: '', presentation: id?.absence === 'P' ? 'withheld' : 'unavailable', ...name };
  }

  /** Ringing voltage begins. */
  begins(): void {
    const { timing } = this.#parts;
    this.#timers.set('debounce', timing.ringDebounceMs, () => this.#ring());
    if (this.#rings > 0) this.#wait(timing.missedCallMs + LONGEST_RING_MS);
  }

  /** Ringing voltage ends. */
  ends(): void {
    this.#timers.cancel('debounce');
    if (this.#rings > 0) this.#wait(this.#parts.timing.missedCallMs);
  }

  /** A caller ID, before the bell or between two rings; the first one of a call counts. */
  heard(id: CallerId): void {
    if (this.#callerId === undefined || this.#rings === 0) this.#callerId = { id, atMs: this.#parts.clock.nowMs() };
    if (this.#rings > 0) this.#known();
  }

  /** The call is over, or taken. */
  forget(): void {
    this.#rings = 0;
    this.#callerId = undefined;
    this.#timers.cancelAll();
  }

  #ring(): void {
    const { timing, clock } = this.#parts;
    if (!this.#parts.rings()) return;
    this.#rings += 1;
    this.#wait(timing.missedCallMs + LONGEST_RING_MS);
    if (this.#rings > 1) return this.#known();
    const early = this.#callerId;
    if (early !== undefined && clock.nowMs() - early.atMs > CALLER_ID_AHEAD_MS) this.#callerId = undefined;
    if (this.#callerId !== undefined || !this.#parts.hearsCallerId()) return this.#known();
    this.#timers.set('callerId', timing.callerIdWaitMs, () => this.#known());
  }

  #known(): void {
    this.#timers.cancel('callerId');
    this.#parts.known();
  }

  #wait(ms: number): void {
    this.#timers.set('missed', ms, () => this.#parts.gone());
  }
}

import {
  type CallerIdEvent,
  type Detector,
  type DtmfEvent,
  type Hook,
  type LineSignal,
  SAMPLE_RATE,
} from '../contract.js';
import { DtmfDetector } from '../dtmf/detector.js';
import { DTMF_LIMITS, type DtmfLimits } from '../dtmf/limits.js';
import { DtmfCallerIdCollector, type DtmfCallerIdCollectorOptions } from './dtmf-collector.js';

/** Settings of {@link createDtmfCallerId}. */
export interface DtmfCallerIdOptions extends DtmfCallerIdCollectorOptions {}

const NONE: readonly CallerIdEvent[] = Object.freeze([]);

/**
 * Detects a caller's number that the exchange sends as DTMF digits (ETSI EN 300 659-1 annex B and national variants, see
 * {@link readDtmfCallerId}): before the first ring, with or without a reversal before it, or between rings. Only samples taken on-hook
 * are listened to. An identity is told when its end code was followed by a pause, or by ringing, or by somebody who lifts.
 * @throws {TypeError} when an option is out of its range
 */
export function createDtmfCallerId(options: DtmfCallerIdOptions = {}): Detector<CallerIdEvent> {
  return createDtmfCallerIdWith(DTMF_LIMITS, options);
}

/** {@link createDtmfCallerId} with the limits of the key detector open. For the package's own use and tests. */
export function createDtmfCallerIdWith(limits: DtmfLimits, options: DtmfCallerIdOptions = {}): Detector<CallerIdEvent> {
  return new DtmfCallerIdDetector(limits, options);
}

class DtmfCallerIdDetector implements Detector<CallerIdEvent> {
  readonly #keys: DtmfDetector;
  readonly #collector: DtmfCallerIdCollector;
  readonly #found: CallerIdEvent[] = [];
  #samples = 0;
  #listening = false;

  constructor(limits: DtmfLimits, options: DtmfCallerIdOptions) {
    this.#keys = new DtmfDetector(limits);
    this.#collector = new DtmfCallerIdCollector(options);
  }

  push(samples: Int16Array, hook: Hook): readonly CallerIdEvent[] {
    this.#found.length = 0;
    if (hook === 'on') {
      this.#listening = true;
      this.#take(this.#keys.push(samples, hook));
      this.#samples += samples.length;
      this.#keep(this.#collector.passTo(this.#nowMs()));
    } else {
      if (this.#listening) {
        this.#listening = false;
        this.#keep(this.#collector.end(this.#nowMs()));
        this.#collector.reset();
      }
      this.#keys.pass(samples.length);
      this.#samples += samples.length;
    }
    return this.#told();
  }

  signal(_signal: LineSignal): readonly CallerIdEvent[] {
    this.#found.length = 0;
    this.#keep(this.#collector.end(this.#nowMs()));
    return this.#told();
  }

  flush(): readonly CallerIdEvent[] {
    this.#found.length = 0;
    this.#take(this.#keys.flush());
    this.#keep(this.#collector.end(this.#nowMs()));
    this.reset();
    return this.#told();
  }

  reset(): void {
    this.#keys.reset();
    this.#collector.reset();
    this.#samples = 0;
    this.#listening = false;
  }

  #nowMs(): number {
    return (this.#samples * 1000) / SAMPLE_RATE;
  }

  #take(keys: readonly DtmfEvent[]): void {
    for (const key of keys) this.#keep(this.#collector.add(key));
  }

  #keep(event: CallerIdEvent | undefined): void {
    if (event !== undefined) this.#found.push(event);
  }

  #told(): readonly CallerIdEvent[] {
    return this.#found.length === 0 ? NONE : this.#found;
  }
}

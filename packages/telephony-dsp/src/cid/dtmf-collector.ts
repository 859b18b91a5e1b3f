import type { CallerIdEvent, DtmfEvent } from '../contract.js';
import { inRange } from '../range.js';
import { type DtmfCallerIdCodes, readDtmfCallerId } from './dtmf-digits.js';

/** Settings of {@link DtmfCallerIdCollector}. */
export interface DtmfCallerIdCollectorOptions {
  /** A longer pause between two digits ends the collection without a result, ms; 200 to 5000, default 1000. */
  readonly maxPauseMs?: number;
  /** Most digits of one field; 3 to 40, default 20. */
  readonly maxDigits?: number;
  /** An end code counts when no digit follows it for so long, ms; 100 to 1000, default 300. */
  readonly settleMs?: number;
  /** The same identity is not told again so soon after it was last heard, ms; 0 to 60 000, default 7000: exchanges may repeat it in every gap. */
  readonly repeatMs?: number;
  /**
   * An exchange sends digits evenly; where the time from one digit to the next is this many times the usual one, or the usual one this
   * many times it, one was lost or split and nothing is told. 1.2 to 1000, default 1.6.
   */
  readonly maxUnevenness?: number;
  /** Start and end letter of this exchange, taken beside the usual ones. */
  readonly codes?: DtmfCallerIdCodes;
}

/** Fields in the longest form. */
const FIELDS = 3;
/** Even a perfectly even sender is measured to within so much, ms. */
const TIMING_MS = 12;

/**
 * Puts digits heard on-hook together to a caller's identity. For lines whose hardware detects digits by itself as well. Tells nothing
 * unless the whole is one of the known forms, evenly sent, with a pause before it and after it.
 */
export class DtmfCallerIdCollector {
  readonly #maxPauseMs: number;
  readonly #maxLength: number;
  readonly #maxDigits: number;
  readonly #settleMs: number;
  readonly #repeatMs: number;
  readonly #maxUnevenness: number;
  readonly #codes: DtmfCallerIdCodes | undefined;

  #digits = '';
  readonly #starts: number[] = [];
  #endMs = 0;
  #complete = false;
  /** Something was sent that is no caller ID: deaf until it pauses. */
  #spoilt = false;
  #lastKey = '';
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @throws {TypeError} when an option is out of its range */
  constructor(options: DtmfCallerIdCollectorOptions = {}) {
    this.#maxPauseMs = inRange('maxPauseMs', options.maxPauseMs ?? 1000, [200, 5000]);
    this.#maxDigits = inRange('maxDigits', options.maxDigits ?? 20, [3, 40]);
    this.#settleMs = inRange('settleMs', options.settleMs ?? 300, [100, 1000]);
    this.#repeatMs = inRange('repeatMs', options.repeatMs ?? 7000, [0, 60_000]);
    this.#maxUnevenness = inRange('maxUnevenness', options.maxUnevenness ?? 1.6, [1.2, 1000]);
    this.#codes = options.codes;
    this.#maxLength = FIELDS * (this.#maxDigits + 1) + 1;
  }

  /** The next digit. @returns an identity that was complete before it */
  add(key: DtmfEvent): CallerIdEvent | undefined {
    const before = this.passTo(key.atMs);
    if (this.#complete) {
      // Something follows the end code too soon: it was none.
      this.#clear();
      this.#spoilt = true;
    }
    if (this.#digits.length > 0 && key.atMs - this.#endMs > this.#maxPauseMs) this.#clear();
    if (this.#spoilt && key.atMs - this.#endMs > this.#maxPauseMs) this.#spoilt = false;
    this.#endMs = key.atMs + key.toneMs;
    if (this.#spoilt) return before;
    this.#digits += key.digit;
    this.#starts.push(key.atMs);
    if (key.digit === '#' || key.digit === 'C' || key.digit === this.#codes?.end)
      this.#complete = this.#starts.length > 1;
    else if (key.digit === '*' || this.#digits.length >= this.#maxLength) {
      this.#clear();
      this.#spoilt = true;
    }
    return before;
  }

  /** Time has come to this. @returns an identity that is complete by now */
  passTo(nowMs: number): CallerIdEvent | undefined {
    if (!this.#complete || nowMs < this.#endMs + this.#settleMs) return undefined;
    return this.#finish(this.#endMs + this.#settleMs);
  }

  /** Ringing, a reversal, a lifted phone or the end of the samples. @returns an identity whose end code was there */
  end(nowMs: number): CallerIdEvent | undefined {
    const event = this.#complete ? this.#finish(nowMs) : undefined;
    this.#clear();
    this.#spoilt = false;
    return event;
  }

  /** As new. */
  reset(): void {
    this.#clear();
    this.#spoilt = false;
    this.#lastKey = '';
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  #clear(): void {
    this.#digits = '';
    this.#starts.length = 0;
    this.#complete = false;
  }

  #finish(detectedMs: number): CallerIdEvent | undefined {
    const digits = this.#digits;
    const atMs = this.#starts[0] ?? detectedMs;
    const even = this.#isEven();
    this.#clear();
    if (!even) return undefined;
    const fields = readDtmfCallerId(digits, this.#codes);
    if (fields === undefined) return undefined;
    if (Math.max(fields.number?.length ?? 0, fields.redirecting?.length ?? 0) > this.#maxDigits) return undefined;
    const repeated = digits === this.#lastKey && atMs - this.#lastMs < this.#repeatMs;
    this.#lastKey = digits;
    this.#lastMs = detectedMs;
    return repeated ? undefined : { type: 'cid', method: 'dtmf', ...fields, atMs, detectedMs };
  }

  #isEven(): boolean {
    const steps = this.#starts.slice(1).map((start, i) => start - (this.#starts[i] ?? start));
    const sorted = [...steps].sort((a, b) => a - b);
    const usual = sorted[sorted.length >> 1] ?? 0;
    const longest = usual * this.#maxUnevenness + TIMING_MS;
    const shortest = usual / this.#maxUnevenness - TIMING_MS;
    return steps.every((step) => step <= longest && step >= shortest);
  }
}

import type { ModemTone, ToneEar } from './v253-ears.js';

/** `+VRA`: ringback that has been gone for so long has been answered. */
const RINGBACK_GONE_MS = 5_500;
/** `+VRN`: so much sound that is no tone is an answer. */
const OTHER_MS = 3_000;
/** Dial tone is waited for so long (S6 and S7). */
const DIAL_TONE_MS = 5_000;
/** An answer is waited for so long (S7). */
const ANSWER_MS = 60_000;
const KEY_MS = 190;
const COMMA_MS = 1_000;

/** What a dialler works on. */
export interface DiallerParts {
  readonly nowMs: () => number;
  readonly press: (key: string, afterMs: number) => void;
  readonly code: (code: string) => void;
  readonly ringing: () => void;
  /** It is over, in these words. */
  readonly over: (words: 'OK' | 'VCON' | 'BUSY' | 'NO ANSWER' | 'NO DIALTONE') => void;
}

/** How a voice modem dials: waits for dial tone, sends the digits, and guesses by ringback what became of the call. */
export class VirtualDialler {
  readonly #parts: DiallerParts;
  #step: 'tone' | 'digits' | 'watch' = 'tone';
  #untilMs = 0;
  #digits = '';
  #then: 'returns' | 'watches' = 'returns';
  #rang: 'no' | 'yes' = 'no';

  constructor(parts: DiallerParts) {
    this.#parts = parts;
  }

  /** `returns`: says OK once the digits are out. `watches`: waits for what becomes of the call. */
  begin(digits: string, then: 'returns' | 'watches'): void {
    this.#digits = digits;
    this.#then = then;
    this.#step = 'tone';
    this.#rang = 'no';
    this.#untilMs = this.#parts.nowMs() + DIAL_TONE_MS;
  }

  /** After each block of sound, with the tone that has just become known. */
  watch(tone: ModemTone | undefined, ear: ToneEar): void {
    const { nowMs, over } = this.#parts;
    const isLate = nowMs() >= this.#untilMs;
    if (this.#step === 'tone') {
      if (tone === 'dial') this.#send();
      else if (isLate) over('NO DIALTONE');
      return;
    }
    if (this.#step === 'watch') return this.#judge(tone, ear);
    if (!isLate) return;
    ear.reset();
    if (this.#then === 'returns') return over('OK');
    this.#step = 'watch';
    this.#untilMs = nowMs() + ANSWER_MS;
  }

  #judge(tone: ModemTone | undefined, ear: ToneEar): void {
    const { nowMs, over, code, ringing } = this.#parts;
    if (tone === 'ringback') {
      if (this.#rang === 'no') ringing();
      this.#rang = 'yes';
      code('r');
    }
    if (tone === 'busy') return over('BUSY');
    const gone = this.#rang === 'yes' ? ear.sinceToneMs > RINGBACK_GONE_MS : ear.otherMs > OTHER_MS;
    if (gone) over('VCON');
    else if (nowMs() >= this.#untilMs) over('NO ANSWER');
  }

  #send(): void {
    this.#step = 'digits';
    let ms = 100;
    for (const key of this.#digits) {
      if (key !== ',') this.#parts.press(key, ms);
      ms += key === ',' ? COMMA_MS : KEY_MS;
    }
    this.#untilMs = this.#parts.nowMs() + ms;
  }
}

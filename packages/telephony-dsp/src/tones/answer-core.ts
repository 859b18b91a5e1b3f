import type { AnswerEvent, AnswerEvidence, CrbtEvent, ToneName } from '../contract.js';
import { BLOCK_MS, powerOf, WINDOW_LAG_MS } from './front-end.js';
import { MusicThenVoice } from './music-then-voice.js';
import type { ProgressCore } from './progress-core.js';
import { QUIET } from './runs.js';

/** What may be set about the evidence of an answer. */
export interface AnswerOptions {
  /** So much sound that is no tone breaks a ringback, ms, 80-2000. Default 180. */
  readonly voiceMs?: number;
  /** Sound is what lies so much above the noise of the ringback's pauses, dB, 3-30. Default 9. */
  readonly aboveFloorDb?: number;
  /** Sound below this is none, dBm0, -60 to -20. Default -44. */
  readonly minLevelDbm0?: number;
  /** A ringback that lasted so long was broken by the exchange's announcement as likely as by a person, ms. Default 50 000. */
  readonly longRingMs?: number;
  /** Music later than this after dialling is no colour ring-back tone, ms, 2000-60 000. Default 20 000. */
  readonly crbtWithinMs?: number;
  /** After a colour ring-back tone: the pause in which a person who said "hello" waits, ms, 300-2000. Default 560. */
  readonly turnPauseMs?: number;
}

/** How sure each kind of evidence makes, 0-1. */
export const ANSWER_CONFIDENCE: Readonly<Record<AnswerEvidence, number>> = {
  polarity: 1,
  'ringback-broken': 0.9,
  'voice-after-crbt': 0.45,
};
/** After a very long ringback the exchange itself speaks. */
const LONG_RING_CONFIDENCE = 0.5;
/** A ringback that stopped is waited for so long: sound after it still breaks it, ms. */
const AFTER_RING_MS = 10_000;
/** How fast the noise of quiet stretches is followed, a frame, and from where. */
const FLOOR_PACE = 0.03;
const FLOOR_STEP = powerOf(-60);
/** A sound in the ringback's band is the ringback when it is within 6 dB of it. */
const RING_RATIO = 4;
/** While music is looked for, the noise is what was lowest of late: it falls fast, rises 0.7 dB a second, and not above -36 dBm0. */
const LOW_FALL = 0.2;
const LOW_RISE = 1.0008;
const LOW_MOST = powerOf(-36);
/** Sound lies so much above it (6 dB). */
const ABOVE_LOW = 4;
/** Digits without a dial tone or a word from outside dial nothing; so many that came ahead are kept. */
const MAX_DIGITS = 64;

const FAILED: ReadonlySet<ToneName> = new Set(['busy', 'congestion', 'unobtainable', 'howler']);
const DIAL: ReadonlySet<ToneName> = new Set(['dial', 'special_dial']);

type State = 'idle' | 'dialTone' | 'dialled' | 'ringing' | 'crbt' | 'answered' | 'failed';

/** Follows one call after another from the dial tone to its answer. Stepped once a frame, after the tones' core. */
export class AnswerCore {
  readonly #core: ProgressCore;
  readonly #voiceFrames: number;
  readonly #above: number;
  readonly #least: number;
  readonly #longRingMs: number;
  readonly #crbtWithinMs: number;
  readonly #music: MusicThenVoice;
  readonly #digits: number[] = [];
  #state: State = 'idle';
  #dialledMs = 0;
  #ringStartMs = 0;
  #floor = 0;
  #quiet = 0;
  #low = LOW_MOST;
  #score = 0;
  #soundFrame = 0;

  constructor(core: ProgressCore, options: AnswerOptions) {
    this.#core = core;
    this.#voiceFrames = Math.round((options.voiceMs ?? 180) / BLOCK_MS);
    this.#above = 10 ** ((options.aboveFloorDb ?? 9) / 10);
    this.#least = powerOf(options.minLevelDbm0 ?? -44);
    this.#longRingMs = options.longRingMs ?? 50_000;
    this.#crbtWithinMs = options.crbtWithinMs ?? 20_000;
    this.#music = new MusicThenVoice(options.turnPauseMs ?? 560);
  }

  /** The number has been dialled: from here on an answer can come. */
  dialled(): void {
    this.#dialledAt(this.#core.front.nowMs);
  }

  /** A digit was heard in the stream; it counts from its `detectedMs` on. */
  digit(detectedMs: number): void {
    if (this.#digits.length >= MAX_DIGITS) this.#digits.shift();
    this.#digits.push(detectedMs);
  }

  /** The wires changed places. */
  polarity(): AnswerEvent | undefined {
    if (this.#state !== 'dialled' && this.#state !== 'ringing' && this.#state !== 'crbt') return undefined;
    const now = this.#core.front.nowMs;
    this.#state = 'answered';
    return { type: 'answer', by: 'polarity', confidence: ANSWER_CONFIDENCE.polarity, atMs: now, detectedMs: now };
  }

  /** The line went on-hook, or a new stream begins. */
  reset(): void {
    this.#state = 'idle';
    this.#digits.length = 0;
    this.#score = 0;
    this.#floor = 0;
    this.#quiet = 0;
    this.#low = LOW_MOST;
    this.#music.reset();
  }

  /** A tone was told in this frame. */
  tone(tone: ToneName, atMs: number): void {
    if (DIAL.has(tone)) this.#state = 'dialTone';
    else if (FAILED.has(tone)) this.#state = 'failed';
    else if (tone === 'ringback' && this.#state !== 'answered') {
      if (this.#state !== 'ringing') this.#ringStartMs = atMs;
      this.#state = 'ringing';
      this.#floor = this.#quiet;
      this.#score = 0;
    }
  }

  /** One frame of the stream. */
  step(): AnswerEvent | CrbtEvent | undefined {
    this.#takeDigits();
    const { front, runs, active } = this.#core;
    const { total } = front;
    // Voice that begins in a quiet run must not lift the measure of its noise, so that grows by steps.
    if (runs.current.state === QUIET) {
      this.#quiet += (Math.min(total, 3 * this.#quiet + FLOOR_STEP) - this.#quiet) * FLOOR_PACE;
    }
    if (this.#state === 'dialTone' && active === undefined) this.#dialledAt(front.nowMs);
    if (this.#state === 'ringing') return this.#stepRinging();
    if (this.#state !== 'dialled' && this.#state !== 'crbt') return undefined;
    return this.#stepMusic();
  }

  #takeDigits(): void {
    const now = this.#core.nowMs;
    while (this.#digits.length > 0 && (this.#digits[0] as number) <= now) {
      this.#digits.shift();
      if (this.#state === 'dialTone' || this.#state === 'dialled') this.#dialledAt(now);
    }
  }

  #dialledAt(ms: number): void {
    this.#state = 'dialled';
    this.#dialledMs = ms;
    this.#score = 0;
    this.#music.reset();
  }

  #stepRinging(): AnswerEvent | undefined {
    const { front, runs, active } = this.#core;
    if (active === undefined && front.nowMs - this.#core.lastOnEndMs > AFTER_RING_MS) {
      this.#state = 'dialled';
      this.#music.reset();
      return undefined;
    }
    const { total } = front;
    const ring = runs.lastTonePower;
    if (runs.soundsTone && total < ring * RING_RATIO && total * RING_RATIO > ring) return undefined;
    const sounds = total > this.#floor * this.#above && total > this.#least;
    if (!sounds) {
      this.#score = Math.max(0, this.#score - 0.3);
      // The noise of the pauses may grow slowly (1 dB a second) and fall fast.
      this.#floor = total < this.#floor ? this.#floor * 0.95 + total * 0.05 : this.#floor * 1.00115;
      return undefined;
    }
    if (this.#score === 0) this.#soundFrame = front.blocks - 1;
    this.#score++;
    if (this.#score < this.#voiceFrames) return undefined;
    const atMs = this.#msOf(this.#soundFrame);
    const long = atMs - this.#ringStartMs >= this.#longRingMs;
    return this.#answer('ringback-broken', atMs, long ? LONG_RING_CONFIDENCE : ANSWER_CONFIDENCE['ringback-broken']);
  }

  #stepMusic(): AnswerEvent | CrbtEvent | undefined {
    const { front, runs, active } = this.#core;
    const { total } = front;
    this.#low =
      total < this.#low ? this.#low + (total - this.#low) * LOW_FALL : Math.min(LOW_MOST, this.#low * LOW_RISE);
    const sound =
      front.total > Math.max(this.#least, this.#low * ABOVE_LOW) && !(active !== undefined && runs.soundsTone);
    const found = this.#music.step(front, sound ? 'sound' : 'quiet');
    if (found === 'music' && this.#state === 'dialled') {
      const atMs = this.#msOf(this.#music.soundFrame);
      if (atMs - this.#dialledMs > this.#crbtWithinMs) return undefined;
      this.#state = 'crbt';
      return { type: 'crbt', atMs, detectedMs: front.nowMs };
    }
    if (found === 'voice' && this.#state === 'crbt') {
      return this.#answer(
        'voice-after-crbt',
        this.#msOf(this.#music.voiceFrame),
        ANSWER_CONFIDENCE['voice-after-crbt'],
      );
    }
    return undefined;
  }

  #answer(by: AnswerEvidence, atMs: number, confidence: number): AnswerEvent {
    this.#state = 'answered';
    return { type: 'answer', by, confidence, atMs, detectedMs: this.#core.front.nowMs };
  }

  #msOf(frame: number): number {
    return Math.max(0, (frame + 1) * BLOCK_MS - WINDOW_LAG_MS);
  }
}

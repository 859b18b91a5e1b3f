import type {
  AnswerEvent,
  CrbtEvent,
  Detector,
  DspEvent,
  DtmfEvent,
  Hook,
  LineSignal,
  ToneEndEvent,
  ToneEvent,
} from '../contract.js';
import { AnswerCore, type AnswerOptions } from './answer-core.js';
import { ProgressCore, type ProgressOptions } from './progress-core.js';

/** What a detector of answers wants to be told beside the sound. */
export interface CallFollower {
  /** The number has been dialled, now, at the end of the samples so far. Not needed where a dial tone was heard before the digits. */
  dialled(): void;
  /**
   * A digit was heard in the same stream. Hand it over before the samples that it was heard in, or at once after them; it restarts the
   * wait for music, which is only looked for when dialling is over. Not needed, but makes times of the colour ring-back tone exact.
   */
  observe(event: DtmfEvent): void;
}

/** Events of {@link createCallProgress}. */
export type CallProgressEvent = ToneEvent | ToneEndEvent | AnswerEvent | CrbtEvent;

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Call-progress tones and the evidence of an answer from one pass over the sound: what `createProgress` and `createAnswer` tell, at the
 * cost of one of them.
 *
 * An answer is told once a call. Polarity reversal after dialling: confidence 1. A ringback broken by 180 ms of sound that is no tone:
 * 0.9, or 0.5 when it had rung for 50 s, where exchanges begin to speak themselves. After a colour ring-back tone (music for 2 s): at
 * most 0.45, and only where the music stops, one short utterance follows and then quiet; announcements go on, and nothing is told of
 * them. Never because a ringback ended. A call begins with `dialled()` or with a dial tone that ends, and ends on-hook.
 *
 * @throws {TypeError} when the tone set is none; see `checkToneSet`
 */
export function createCallProgress(
  options: ProgressOptions & AnswerOptions,
): Detector<CallProgressEvent> & CallFollower {
  return new CallProgress<CallProgressEvent>(options, () => true);
}

/**
 * The evidence of an answer, and colour ring-back tones; see {@link createCallProgress}.
 *
 * @throws {TypeError} when the tone set is none; see `checkToneSet`
 */
export function createAnswer(
  options: ProgressOptions & AnswerOptions,
): Detector<AnswerEvent | CrbtEvent> & CallFollower {
  return new CallProgress<AnswerEvent | CrbtEvent>(options, isAnswerOrCrbt);
}

function isAnswerOrCrbt(event: DspEvent): event is AnswerEvent | CrbtEvent {
  return event.type === 'answer' || event.type === 'crbt';
}

class CallProgress<E extends CallProgressEvent> implements Detector<E>, CallFollower {
  readonly #core: ProgressCore;
  readonly #answer: AnswerCore;
  readonly #tells: (event: CallProgressEvent) => boolean;
  readonly #tones: (ToneEvent | ToneEndEvent)[] = [];
  #found: E[] = [];

  constructor(options: ProgressOptions & AnswerOptions, tells: (event: CallProgressEvent) => boolean) {
    this.#core = new ProgressCore(options);
    this.#answer = new AnswerCore(this.#core, options);
    this.#tells = tells;
  }

  push(samples: Int16Array, hook: Hook): readonly E[] {
    const { front } = this.#core;
    if (this.#found.length > 0) this.#found = [];
    let at = 0;
    while (at < samples.length) {
      at = front.fill(samples, at);
      if (front.full) this.#step(hook);
    }
    return this.#found.length > 0 ? this.#found : NOTHING;
  }

  #step(hook: Hook): void {
    const tones = this.#tones;
    this.#core.step(hook, tones);
    if (hook === 'on') this.#answer.reset();
    if (tones.length > 0) {
      for (const event of tones) {
        if (event.type === 'tone') this.#answer.tone(event.tone, event.atMs);
        this.#tell(event);
      }
      tones.length = 0;
    }
    if (hook === 'on') return;
    const event = this.#answer.step();
    if (event !== undefined) this.#tell(event);
  }

  #tell(event: CallProgressEvent): void {
    if (this.#tells(event)) this.#found.push(event as E);
  }

  dialled(): void {
    this.#answer.dialled();
  }

  observe(event: DtmfEvent): void {
    this.#answer.digit(event.detectedMs);
  }

  signal(signal: LineSignal): readonly E[] {
    if (signal !== 'polarity') return NOTHING;
    const event = this.#answer.polarity();
    return event === undefined ? NOTHING : [event as E];
  }

  flush(): readonly E[] {
    this.reset();
    return NOTHING;
  }

  reset(): void {
    this.#core.reset();
    this.#answer.reset();
  }
}

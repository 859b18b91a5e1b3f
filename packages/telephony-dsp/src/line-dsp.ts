import { createDtmfCallerId, type DtmfCallerIdOptions } from './cid/dtmf-caller-id.js';
import type { Detector, DspEvent, Hook, LineSignal } from './contract.js';
import { SAMPLE_RATE } from './contract.js';
import { createDtmf, type DtmfOptions } from './dtmf/dtmf.js';
import { createFax, type FaxOptions } from './fax/index.js';
import { createFskCallerId, type FskCallerIdOptions } from './fsk/caller-id.js';
import {
  type AnswerOptions,
  type CallFollower,
  createAnswer,
  createCallProgress,
  createProgress,
  type ProgressOptions,
} from './tones/index.js';
import { CHINA } from './tones/sets.js';
import type { ToneSet } from './tones/tone-set.js';
import { createVoice, type VoiceOptions } from './voice/index.js';

/** What is listened for on a line. A detector that is `false` costs nothing. */
export interface LineDspOptions {
  /** The line's tones; default those of China. */
  readonly toneSet?: ToneSet;
  /** FSK caller ID; default on. Off-hook only with `callWaiting`. */
  readonly fsk?: FskCallerIdOptions | false;
  /** DTMF caller ID; default on. */
  readonly dtmfCallerId?: DtmfCallerIdOptions | false;
  /** Keys; default on. */
  readonly dtmf?: DtmfOptions | false;
  /** Call-progress tones; default on. */
  readonly progress?: Omit<ProgressOptions, 'tones'> | false;
  /** Answers and colour ring-back tones; default on. */
  readonly answer?: AnswerOptions | false;
  /** Fax machines; default on. */
  readonly fax?: FaxOptions | false;
  /** Voice and silence; default off: it tells of every pause. */
  readonly voice?: VoiceOptions | false;
}

/** The detectors of one line as one. */
export interface LineDsp extends Detector {
  /** The number has been dialled by other means than digits in the stream: from here on an answer can come. */
  dialled(): void;
}

interface Part {
  readonly detector: Detector;
  /** `off`: it is not run on-hook, and begins anew when the hook goes off. `any`: it minds the hook itself. */
  readonly hook: 'any' | 'off';
}

/** A part, and the time of the line at which its stream began, ms. */
interface Running extends Part {
  startMs: number;
}

const NOTHING: readonly never[] = Object.freeze([]);

function shifted(event: DspEvent, ms: number): DspEvent {
  return ms === 0 ? event : { ...event, atMs: event.atMs + ms, detectedMs: event.detectedMs + ms };
}

class Line implements LineDsp {
  readonly #parts: readonly Running[];
  readonly #follower: CallFollower | undefined;
  readonly #found: DspEvent[] = [];
  #samples = 0;
  #hook: Hook | undefined;

  constructor(parts: readonly Part[], follower: CallFollower | undefined) {
    this.#parts = parts.map((part) => ({ ...part, startMs: 0 }));
    this.#follower = follower;
  }

  push(samples: Int16Array, hook: Hook): readonly DspEvent[] {
    this.#clear();
    if (hook !== this.#hook) this.#turn(hook);
    for (const part of this.#parts) {
      if (part.hook === 'any' || hook === 'off') this.#take(part, part.detector.push(samples, hook));
    }
    this.#samples += samples.length;
    return this.#told();
  }

  signal(signal: LineSignal): readonly DspEvent[] {
    this.#clear();
    for (const part of this.#parts) this.#take(part, part.detector.signal(signal));
    return this.#told();
  }

  dialled(): void {
    this.#follower?.dialled();
  }

  flush(): readonly DspEvent[] {
    this.#clear();
    for (const part of this.#parts) this.#take(part, part.detector.flush());
    this.#begin();
    return this.#told();
  }

  reset(): void {
    this.#clear();
    for (const { detector } of this.#parts) detector.reset();
    this.#begin();
  }

  #begin(): void {
    this.#samples = 0;
    this.#hook = undefined;
    for (const part of this.#parts) part.startMs = 0;
  }

  #turn(hook: Hook): void {
    const nowMs = (this.#samples * 1000) / SAMPLE_RATE;
    for (const part of this.#parts) {
      if (part.hook === 'any') continue;
      if (hook === 'on') this.#take(part, part.detector.flush());
      part.startMs = nowMs;
    }
    this.#hook = hook;
  }

  #clear(): void {
    if (this.#found.length > 0) this.#found.length = 0;
  }

  #take(part: Running, events: readonly DspEvent[]): void {
    for (let n = 0; n < events.length; n += 1) {
      const event = shifted(events[n] as DspEvent, part.startMs);
      this.#found.push(event);
      // Keys are heard before the tones of the same samples: they tell when dialling was over.
      if (event.type === 'dtmf') this.#follower?.observe(event);
    }
  }

  #told(): readonly DspEvent[] {
    if (this.#found.length === 0) return NOTHING;
    if (this.#found.length > 1) this.#found.sort((a, b) => a.detectedMs - b.detectedMs);
    return this.#found;
  }
}

/**
 * Listens to one line for everything at once. On-hook it tells callers' identities and nothing else, off-hook keys, tones, answers and
 * fax machines, in order of `detectedMs`.
 *
 * @throws {TypeError} for an option out of its range
 */
export function createLineDsp(options: LineDspOptions = {}): LineDsp {
  const { toneSet: tones = CHINA, fsk = {}, dtmfCallerId = {}, dtmf = {}, fax = {}, voice = false } = options;
  const { progress = {}, answer = {} } = options;
  const parts: Part[] = [];
  let follower: CallFollower | undefined;
  if (dtmf !== false) parts.push({ detector: createDtmf(dtmf), hook: 'off' });
  if (progress !== false && answer === false)
    parts.push({ detector: createProgress({ ...progress, tones }), hook: 'any' });
  else if (answer !== false) {
    const create = progress === false ? createAnswer : createCallProgress;
    const detector = create({ ...progress, ...answer, tones });
    parts.push({ detector, hook: 'any' });
    follower = detector;
  }
  if (fax !== false) parts.push({ detector: createFax(fax), hook: 'off' });
  if (voice !== false) parts.push({ detector: createVoice(voice), hook: 'off' });
  if (fsk !== false) parts.push({ detector: createFskCallerId(fsk), hook: 'any' });
  if (dtmfCallerId !== false) parts.push({ detector: createDtmfCallerId(dtmfCallerId), hook: 'any' });
  return new Line(parts, follower);
}

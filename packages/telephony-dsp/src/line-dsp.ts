import type { Detector, DspEvent, Hook, LineSignal } from './contract.js';
import { SAMPLE_RATE } from './contract.js';
import { createFax, type FaxOptions } from './fax/index.js';
import { createProgress, type ProgressOptions } from './tones/index.js';
import { CHINA } from './tones/sets.js';
import type { ToneSet } from './tones/tone-set.js';
import { createVoice, type VoiceOptions } from './voice/index.js';

/** What is listened for on a line. A detector that is `false` costs nothing. */
export interface LineDspOptions {
  /** The line's tones; default those of China. A set of a private exchange may be given as well. */
  readonly toneSet?: ToneSet;
  /** Call-progress tones; default on. */
  readonly progress?: Omit<ProgressOptions, 'tones'> | false;
  /** Fax machines; default on. */
  readonly fax?: FaxOptions | false;
  /** Voice and silence; default off: it tells of every pause. */
  readonly voice?: VoiceOptions | false;
}

/** A detector, and whether the clock of its stream stands still while the hook is on. */
interface Part {
  readonly detector: Detector;
  readonly hook: 'any' | 'off';
  /** Time of the line at which its stream began, ms. */
  startMs: number;
}

const NOTHING: readonly never[] = Object.freeze([]);

function shifted(event: DspEvent, ms: number): DspEvent {
  return ms === 0 ? event : { ...event, atMs: event.atMs + ms, detectedMs: event.detectedMs + ms };
}

class LineDsp implements Detector {
  readonly #parts: readonly Part[];
  readonly #found: DspEvent[] = [];
  #samples = 0;
  #hook: Hook | undefined;

  constructor(parts: readonly Omit<Part, 'startMs'>[]) {
    this.#parts = parts.map((part) => ({ ...part, startMs: 0 }));
  }

  push(samples: Int16Array, hook: Hook): readonly DspEvent[] {
    if (this.#found.length > 0) this.#found.length = 0;
    if (hook !== this.#hook) this.#turn(hook);
    for (const part of this.#parts) {
      if (part.hook === 'any' || hook === 'off') this.#take(part, part.detector.push(samples, hook));
    }
    this.#samples += samples.length;
    return this.#told();
  }

  signal(signal: LineSignal): readonly DspEvent[] {
    if (this.#found.length > 0) this.#found.length = 0;
    for (const part of this.#parts) this.#take(part, part.detector.signal(signal));
    return this.#told();
  }

  flush(): readonly DspEvent[] {
    if (this.#found.length > 0) this.#found.length = 0;
    for (const part of this.#parts) this.#take(part, part.detector.flush());
    this.#begin();
    return this.#told();
  }

  reset(): void {
    this.#found.length = 0;
    for (const { detector } of this.#parts) detector.reset();
    this.#begin();
  }

  #begin(): void {
    this.#samples = 0;
    this.#hook = undefined;
    for (const part of this.#parts) part.startMs = 0;
  }

  /** What works off-hook alone ends when the hook goes on, and begins anew when it goes off. */
  #turn(hook: Hook): void {
    const nowMs = (this.#samples * 1000) / SAMPLE_RATE;
    for (const part of this.#parts) {
      if (part.hook === 'any') continue;
      if (hook === 'on') this.#take(part, part.detector.flush());
      else part.startMs = nowMs;
    }
    this.#hook = hook;
  }

  #take(part: Part, events: readonly DspEvent[]): void {
    for (const event of events) this.#found.push(shifted(event, part.startMs));
  }

  #told(): readonly DspEvent[] {
    if (this.#found.length === 0) return NOTHING;
    if (this.#found.length > 1) this.#found.sort((a, b) => a.detectedMs - b.detectedMs);
    return this.#found;
  }
}

/**
 * Listens to one line for everything at once. On-hook it tells callers' identities, off-hook keys, tones, answers and fax machines, in
 * order of `detectedMs`.
 *
 * @throws {TypeError} for an option out of its range
 */
export function createLineDsp(options: LineDspOptions = {}): Detector {
  const { toneSet = CHINA, progress = {}, fax = {}, voice = false } = options;
  const parts: Omit<Part, 'startMs'>[] = [];
  if (progress !== false) parts.push({ detector: createProgress({ tones: toneSet, ...progress }), hook: 'any' });
  if (fax !== false) parts.push({ detector: createFax(fax), hook: 'off' });
  if (voice !== false) parts.push({ detector: createVoice(voice), hook: 'off' });
  return new LineDsp(parts);
}

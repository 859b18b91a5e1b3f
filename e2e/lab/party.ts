import type { PhoneEvent } from './phone-control.js';
import type { ToneSegment } from './tones.js';

/** What arrives at one ear, by the tones of the laboratory. */
export interface Ear {
  /** Now, as a place on the ear's time line. */
  nowMs(): number;
  segments(range?: { readonly fromMs?: number; readonly toMs?: number }): readonly ToneSegment[];
  /**
   * Resolves when, from now on or from `sinceMs` of {@link nowMs} on, exactly `freqs` were heard for `forMs` (default 400) in all; throws
   * after `withinMs` (default `PATIENCE_MS`). What sounds once and is over is heard by `sinceMs`, taken before what makes it sound.
   */
  hears(
    freqs: readonly number[],
    bounds?: { readonly forMs?: number; readonly withinMs?: number; readonly sinceMs?: number },
  ): Promise<void>;
}

/** How long to wait, and for what comes after which event. */
export interface Awaited {
  readonly withinMs?: number;
  readonly since?: number;
}

/** A telephone as scenarios use it; `C` is how it names a call. */
export interface LabPhone<C = never> {
  readonly extension: string;
  readonly events: readonly PhoneEvent[];
  /** Place in {@link events}, for `since`. */
  readonly mark: number;
  readonly ringing: boolean;
  /** Calls that are established and not closed, the oldest first. */
  readonly calls: readonly C[];
  /** The ear in the newest call. */
  readonly hears: Ear;
  hearsIn(call: C): Ear;
  rings(options?: Awaited): Promise<unknown>;
  talks(options?: Awaited): Promise<C>;
  closed(options?: Awaited): Promise<string>;
  /** Presses the key, and does not wait. */
  accept(): Promise<unknown>;
  /** Answers and waits until the call is established. */
  answer(): Promise<unknown>;
  reject(): Promise<void>;
  hangUp(): Promise<void>;
  dial(number: string): Promise<unknown>;
  hold(): Promise<void>;
  resume(): Promise<void>;
  press(digits: string): Promise<void>;
  /** REFER; the switch's final answer. */
  transfer(number: string): Promise<number>;
  /** REFER with Replaces; the switch's final answer. */
  transferTo(held: C, consult: C): Promise<number>;
}

/** A caller of the outside. */
export interface LabCaller {
  readonly hearing: Ear;
  readonly over: boolean;
  answered(withinMs?: number): Promise<void>;
  /** Resolves when the call is over, with who ended it. */
  ended(withinMs?: number): Promise<{ readonly by: 'party' | 'switch' | 'killed' }>;
  press(digits: string): Promise<void>;
  hangUp(): Promise<unknown>;
  close(): void | Promise<void>;
}

import type { Extension } from './parts.js';
import type { Direction } from './status.js';

/** One extension's stretch of a call. Times on the monotone clock; a clock that is set meanwhile changes no duration. */
export interface Stretch {
  readonly ext: Extension;
  readonly part: number;
  readonly startLocal: number;
  readonly startMs: number;
  readonly ringMs: number;
  heldMs: number;
  heldSinceMs: number | undefined;
  readonly from?: Extension;
  pulses: number;
}

/** What will be written of one line's call (or of one inside call). */
export interface Bill {
  readonly call: number;
  readonly line?: number;
  readonly direction: Direction;
  number?: string;
  name?: string;
  account?: string;
  /** Who called, or was called, while nobody has answered. */
  ext?: Extension | undefined;
  /** The other side of an inside call. */
  peer?: Extension | undefined;
  parts: number;
  readonly beginLocal: number;
  readonly beginMs: number;
  /** When the far end was heard ringing. */
  rangAtMs?: number | undefined;
  readonly stretches: Stretch[];
  /** Written to the end. */
  closed?: 'closed';
  cancelPulses?: (() => void) | undefined;
}

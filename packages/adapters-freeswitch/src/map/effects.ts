import type { ConnectionId, DriverEvent, Release } from '@cordboard/cti-core';
import { type SwitchEvent, stamp } from './event.js';
import type { Leg } from './leg.js';

/** Something that the driver must do or know because of an event; the event itself is told by `tell`. */
export type MapEffect =
  /** An event for the core. */
  | { readonly kind: 'tell'; readonly event: DriverEvent }
  /** A channel of ours was met that we did not originate: give it the variables that keep it in our hands. */
  | { readonly kind: 'adopt'; readonly leg: Leg }
  /** What the switch has the leg in has changed: a command may wait for it. */
  | { readonly kind: 'moved'; readonly leg: Leg }
  /** It and its partner seem to have been taken apart by somebody else: looked at once more after a moment. */
  | { readonly kind: 'split'; readonly leg: Leg; readonly partner: Leg }
  /** Its phone holds, and has just said something new of its media: asked what. */
  | { readonly kind: 'doubtHold'; readonly leg: Leg }
  /** The leg is over. The driver ends what hangs on it, then tells `cleared`. */
  | { readonly kind: 'ended'; readonly leg: Leg; readonly release: Release }
  /**
   * Its channel is gone and its end is not told yet. `engine`: its phone asked for a transfer, and it waits to be cleared. `switch`: it was
   * picked off, and who took its place is told next. Each waits for so long as a bound.
   */
  | { readonly kind: 'ghost'; readonly leg: Leg; readonly waitsFor: 'engine' | 'switch' };

/** The head of an event about a leg. */
export function on(leg: Leg, event?: SwitchEvent): { connectionId: ConnectionId; nativeAtMs?: number } {
  return { connectionId: leg.connectionId, ...(event === undefined ? {} : stamp(event)) };
}

/** An event for the core. */
export function tell(event: DriverEvent): MapEffect {
  return { kind: 'tell', event };
}

/** Its channel is over for us, and its end is told after what the engine or the switch does next. */
export function outlived(leg: Leg, release: Release, waitsFor: 'engine' | 'switch'): MapEffect[] {
  leg.gone = release;
  return [
    { kind: 'moved', leg },
    { kind: 'ghost', leg, waitsFor },
  ];
}

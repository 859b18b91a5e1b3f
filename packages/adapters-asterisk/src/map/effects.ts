import type { ConnectionId, DriverEvent, Release } from '@cordboard/cti-core';
import { type Leg, stamp } from './leg.js';

/** Something that the driver must do or know because of an event; the event itself is told by `tell`. */
export type MapEffect =
  /** An event for the core. */
  | { readonly kind: 'tell'; readonly event: DriverEvent }
  /** A channel of ours was met that we did not originate: subscribe to its end, and keep its phone's REFER to us. */
  | { readonly kind: 'adopt'; readonly leg: Leg }
  /** The leg is over. The driver ends what hangs on it, then tells `cleared`. */
  | { readonly kind: 'ended'; readonly leg: Leg; readonly release: Release }
  /** It left the application and nothing said why: its end, or somebody else took it. */
  | { readonly kind: 'left'; readonly legId: string }
  /** A channel of ours that has nothing to do any more. `why` is for the reader of a log. */
  | { readonly kind: 'hangUp'; readonly legId: string; readonly why: 'replaced' | 'undialled' }
  /** The far end of a trunk asked for a transfer: refused. */
  | { readonly kind: 'declineTransfer'; readonly leg: Leg }
  /** A bridge of ours has no member left. */
  | { readonly kind: 'emptyBridge'; readonly bridgeId: string }
  /**
   * Asterisk has carried out a phone's REFER by itself (before 20.15, 21.10 and 22.5 it can not be told to wait): the
   * channels that it put in, and the legs that were in a bridge before.
   */
  | { readonly kind: 'undo'; readonly channelIds: readonly string[]; readonly places: readonly Place[] };

/** A leg and the bridge that it was in. */
export interface Place {
  readonly legId: string;
  readonly bridgeId: string;
}

/** The head of an event about a leg. */
export function on(leg: Leg, timestamp?: string): { connectionId: ConnectionId; nativeAtMs?: number } {
  return { connectionId: leg.connectionId, ...stamp(timestamp) };
}

/** An event for the core. */
export function tell(event: DriverEvent): MapEffect {
  return { kind: 'tell', event };
}

import type { DriverEvent } from '@cordboard/cti-core';

/** A new connection, as it is being put together. */
export type Created = { -readonly [K in keyof Told]: Told[K] };
type Told = Extract<DriverEvent, { readonly type: 'created' }>;

/** An event as the switch sends it, with its own stamp. Written out for those that every call has: a spread costs more than all else that is done to tell one. */
export function stampedEvent(event: DriverEvent, nativeAtMs: number): DriverEvent {
  switch (event.type) {
    case 'alerting':
    case 'connected':
      return { nativeAtMs, type: event.type, connectionId: event.connectionId };
    case 'bridged':
    case 'unbridged':
      return { nativeAtMs, type: event.type, connectionId: event.connectionId, bridgeId: event.bridgeId };
    case 'cleared':
      return { nativeAtMs, type: 'cleared', connectionId: event.connectionId, release: event.release };
    default:
      return { nativeAtMs, ...event } as DriverEvent;
  }
}

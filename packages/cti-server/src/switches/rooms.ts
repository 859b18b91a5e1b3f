import type { Clock, DeviceId, RoomEvent } from '@cordboard/cti-core';
import type { RoomView } from '@cordboard/cti-protocol';

/** Rooms of one switch that are remembered; the one not spoken of for longest is forgotten first. */
const MAX_ROOMS = 5_000;

/** What one switch has told of its rooms. Bounded. */
export class RoomBook {
  readonly #clock: Clock;
  readonly #rooms = new Map<DeviceId, RoomView>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The rooms, by their ids. */
  get all(): readonly RoomView[] {
    return [...this.#rooms.values()].toSorted((a, b) => (a.room < b.room ? -1 : 1));
  }

  /** Takes what happened at a room. */
  note(event: RoomEvent): void {
    const before = this.#rooms.get(event.room) ?? { room: event.room };
    this.#rooms.delete(event.room);
    this.#rooms.set(event.room, { ...before, ...this.#news(event) });
    const [oldest] = this.#rooms.keys();
    if (this.#rooms.size > MAX_ROOMS && oldest !== undefined) this.#rooms.delete(oldest);
  }

  #news(event: RoomEvent): Partial<RoomView> {
    switch (event.type) {
      case 'wakeUp':
        return { wakeUp: { outcome: event.outcome, atWallMs: Math.floor(this.#clock.wallMs()) } };
      case 'messageLamp':
        return { messageLamp: event.mode };
      case 'doNotDisturb':
        return { doNotDisturb: event.mode };
      case 'roomStatus':
        return { status: event.status };
    }
  }
}

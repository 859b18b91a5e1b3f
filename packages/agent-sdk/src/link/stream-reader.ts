import type { PublishedEvent, StreamId, StreamSnapshot } from '@cordboard/cti-core';
import type { Cursor, EventItem } from '@cordboard/cti-protocol/types';
import { isKnownEvent } from './frames.js';

/** What a stream's content is given to, once each and in order. */
export interface StreamSink {
  /** All that there is now; what was known before is void. `first`: never had any. */
  reset(snapshot: StreamSnapshot): void;
  event(event: PublishedEvent): void;
}

/** What reading an `events` frame came to. `hole`: something between is missing, subscribe again from {@link StreamReader.cursor}. */
export type ReadOutcome = { readonly outcome: 'read'; readonly ignored: number } | { readonly outcome: 'hole' };

/** One stream's place: lets each event through once, in order, and notices a hole. */
export class StreamReader {
  readonly stream: StreamId;
  readonly #sink: StreamSink;
  #cursor: Cursor | undefined;

  constructor(stream: StreamId, sink: StreamSink) {
    this.stream = stream;
    this.#sink = sink;
  }

  /** Where to go on; `undefined` before the first content. */
  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** Takes the whole content. */
  reset(cursor: Cursor, snapshot: StreamSnapshot): void {
    this.#cursor = cursor;
    this.#sink.reset(snapshot);
  }

  /** Takes what happened. Events that were seen already are passed over; of a type that is not known, or broken, are `ignored`. */
  events(items: readonly EventItem[]): ReadOutcome {
    let ignored = 0;
    for (const item of items) {
      const cursor = this.#cursor;
      if (cursor === undefined) return { outcome: 'hole' };
      if (item.seq <= cursor.seq) continue;
      if (item.seq !== cursor.seq + 1) return { outcome: 'hole' };
      // The place moves first: a sink that fails on an event is not given it again for ever.
      this.#cursor = { epoch: cursor.epoch, seq: item.seq };
      if (isKnownEvent(item.event)) this.#sink.event(item.event);
      else ignored += 1;
    }
    return { outcome: 'read', ignored };
  }
}

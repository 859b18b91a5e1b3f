import type { StreamId } from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import { Bundles } from './bundles.js';
import { textFrame } from './frame.js';
import type { Masker } from './masker.js';
import { EventRing, type KeptEvent } from './ring.js';

/** One reader of streams: a client's socket. */
export interface StreamReader {
  readonly maskClass: MaskClass;
  /** Takes a whole WebSocket frame to be written at the end of the turn. `seq`: the first event in it. */
  take(stream: StreamId, frame: Buffer, seq: number): void;
  /** Writes what was taken. */
  release(bundles: Bundles): void;
}

/** How many events are kept of a stream, by its kind. */
export interface RingSizes {
  readonly agent: number;
  readonly queue: number;
  readonly board: number;
}

/** Enough for minutes of a busy floor; what is older comes as a snapshot. */
export const DEFAULT_RINGS: RingSizes = { agent: 128, queue: 256, board: 2048 };

interface Stream {
  readonly id: StreamId;
  readonly ring: EventRing;
  readonly readers: Map<MaskClass, Set<StreamReader>>;
  gathered: KeptEvent[];
}

/** Most events of one frame: a long absence comes in several, none of them near the limits of a client. */
const FRAME_EVENTS = 200;

/**
 * Gathers published events and sends each turn's events of a stream as one frame per mask class, the same bytes to every
 * reader of that class. Work grows with events times readers of their streams, never with all clients or streams.
 */
export class StreamHub {
  readonly #masker: Masker;
  readonly #rings: RingSizes;
  readonly #streams = new Map<StreamId, Stream>();
  readonly #dirty = new Set<Stream>();
  readonly #figures = { events: 0, frames: 0, sent: 0 };

  constructor(masker: Masker, rings: RingSizes = DEFAULT_RINGS) {
    this.#masker = masker;
    this.#rings = rings;
  }

  /** Events published, frames made, frames handed to readers. */
  get figures(): Readonly<{ events: number; frames: number; sent: number }> {
    return this.#figures;
  }

  /** Keeps an event and gathers it for {@link settle}. */
  publish(id: StreamId, item: KeptEvent): void {
    const stream = this.#stream(id);
    stream.ring.push(item);
    this.#figures.events += 1;
    if (stream.readers.size === 0) return;
    stream.gathered.push(item);
    this.#dirty.add(stream);
  }

  /** Keeps an event of an earlier run, for clients that come back after a restart. */
  recall(id: StreamId, item: KeptEvent): void {
    this.#stream(id).ring.push(item);
  }

  /** Sends what was gathered. */
  settle(): void {
    if (this.#dirty.size === 0) return;
    const touched = new Set<StreamReader>();
    for (const stream of this.#dirty) {
      const items = stream.gathered;
      stream.gathered = [];
      for (const [maskClass, readers] of stream.readers) {
        for (const { frame, seq } of this.#frames(stream.id, items, maskClass)) {
          this.#figures.frames += 1;
          for (const reader of readers) {
            reader.take(stream.id, frame, seq);
            touched.add(reader);
          }
          this.#figures.sent += readers.size;
        }
      }
    }
    this.#dirty.clear();
    const bundles = new Bundles();
    for (const reader of touched) reader.release(bundles);
  }

  /** Frames with the events after a cursor; `undefined` when some of them are gone. */
  after(id: StreamId, seq: number, maskClass: MaskClass): { frames: readonly Buffer[]; count: number } | undefined {
    const items = this.#streams.get(id)?.ring.after(seq);
    if (items === undefined) return undefined;
    return { frames: this.#frames(id, items, maskClass).map(({ frame }) => frame), count: items.length };
  }

  /** Gives a reader the events of a stream from the next turn on. */
  add(id: StreamId, reader: StreamReader): void {
    const { readers } = this.#stream(id);
    const ofClass = readers.get(reader.maskClass);
    if (ofClass === undefined) readers.set(reader.maskClass, new Set([reader]));
    else ofClass.add(reader);
  }

  /** Takes a reader away; call before its mask class changes. */
  remove(id: StreamId, reader: StreamReader): void {
    const stream = this.#streams.get(id);
    const ofClass = stream?.readers.get(reader.maskClass);
    if (stream === undefined || ofClass === undefined) return;
    ofClass.delete(reader);
    if (ofClass.size === 0) stream.readers.delete(reader.maskClass);
  }

  #stream(id: StreamId): Stream {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      const kind = id === 'board' ? 'board' : id.startsWith('queue:') ? 'queue' : 'agent';
      stream = { id, ring: new EventRing(this.#rings[kind]), readers: new Map(), gathered: [] };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  #frames(id: StreamId, items: readonly KeptEvent[], maskClass: MaskClass): readonly { frame: Buffer; seq: number }[] {
    const frames: { frame: Buffer; seq: number }[] = [];
    const head = `{"type":"events","stream":${JSON.stringify(id)},"items":[`;
    for (let from = 0; from < items.length; from += FRAME_EVENTS) {
      const part = items.slice(from, from + FRAME_EVENTS);
      const text = part.map((item) => this.#itemJson(item, maskClass)).join(',');
      frames.push({ frame: textFrame(`${head}${text}]}`), seq: part[0]?.seq ?? 0 });
    }
    return frames;
  }

  #itemJson(item: KeptEvent, maskClass: MaskClass): string {
    return `{"seq":${item.seq},"atWallMs":${item.atWallMs},"event":${this.#masker.json(item.event, maskClass)}}`;
  }
}

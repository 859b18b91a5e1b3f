import type { Clock, PublishedEvent, StreamId } from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import { Bundle } from './bundle.js';
import { EventText } from './event-text.js';
import { textFrame } from './frame.js';
import type { Masker } from './masker.js';
import { EventRing, type KeptEvent } from './ring.js';

/** What was taken and is to be written. */
export interface Outlet {
  /** Writes what was taken. */
  release(): void;
}

/** One reader of one stream: a client's subscription. */
export interface StreamReader {
  readonly maskClass: MaskClass;
  /**
   * Takes a whole WebSocket frame to be written later, and says in `due` that there is something to write.
   *
   * @param frame - a bundle of this frame alone
   * @param seq - number of the first event in it
   */
  take(frame: Bundle, seq: number, due: Outlet[]): void;
}

/** An event with its number in a stream. */
export interface NumberedEvent {
  readonly seq: number;
  readonly atWallMs: number;
  readonly event: PublishedEvent;
}

/** How many events are kept of a stream, by its kind. */
export interface RingSizes {
  readonly agent: number;
  readonly queue: number;
  readonly board: number;
}

/** Enough for minutes of a busy floor; what is older comes as a snapshot. */
export const DEFAULT_RINGS: RingSizes = { agent: 128, queue: 256, board: 2048 };

/**
 * Boards and queues are written at once on a quiet floor; on a busy one what happened within so many ms leaves in one write, since
 * the write is most of what a frame costs. Well under the 100 ms that people take for at once (Nielsen, Usability Engineering, 5.5).
 * What is an agent's own never waits.
 */
export const GATHER_MS = 20;

/** Which clock the gathering goes by. */
export type Pace = Pick<Clock, 'nowMs' | 'setTimer'>;

type StreamKind = keyof RingSizes;

interface Stream {
  readonly id: StreamId;
  readonly kind: StreamKind;
  readonly ring: EventRing;
  readonly readers: Map<MaskClass, Set<StreamReader>>;
  gathered: KeptEvent[];
}

/** Most events of one frame: a long absence comes in several, none of them near the limits of a client. */
const FRAME_EVENTS = 200;
/** Events that wait at most for their text: recovery tells many before the first turn ends. */
const UNSETTLED = 256;

/**
 * Gathers published events and sends each turn's events of a stream as one frame per mask class, the same bytes to every
 * reader of that class; those of boards and queues leave at most once in {@link GATHER_MS}. Work grows with events times readers of their streams, never with all clients or streams.
 */
export class StreamHub {
  readonly #masker: Masker;
  readonly #rings: RingSizes;
  readonly #streams = new Map<StreamId, Stream>();
  #dirty = new Set<Stream>();
  /** Texts of this turn's events, which are published in several streams each. A new map each turn: `clear` would chain the old ones. */
  #texts = new Map<PublishedEvent, EventText>();
  readonly #figures = { events: 0, frames: 0, sent: 0 };

  readonly #pace: Pace | undefined;
  /** Who has frames of boards and queues to write. */
  #gathered: Outlet[] = [];
  #writtenMs = Number.NEGATIVE_INFINITY;
  #cancelWrite: (() => void) | undefined = undefined;

  /**
   * @param options.pace - without one nothing is gathered over turns
   * @param options.rings - default {@link DEFAULT_RINGS}
   */
  constructor(masker: Masker, options: { readonly pace?: Pace; readonly rings?: RingSizes } = {}) {
    this.#masker = masker;
    this.#rings = options.rings ?? DEFAULT_RINGS;
    this.#pace = options.pace;
  }

  /** Events published, frames made, frames handed to readers. */
  get figures(): Readonly<{ events: number; frames: number; sent: number }> {
    return this.#figures;
  }

  /** Keeps an event and gathers it for {@link settle}. */
  publish(id: StreamId, event: NumberedEvent): void {
    const stream = this.#stream(id);
    const item = this.#kept(event);
    stream.ring.push(item);
    this.#figures.events += 1;
    if (stream.readers.size === 0) return;
    stream.gathered.push(item);
    this.#dirty.add(stream);
  }

  /** Keeps an event of an earlier run, for clients that come back after a restart. */
  recall(id: StreamId, event: NumberedEvent): void {
    this.#stream(id).ring.push(this.#kept(event));
  }

  /** Sends what was gathered in this turn. */
  settle(): void {
    const now: Outlet[] = [];
    const dirty = this.#dirty;
    if (dirty.size > 0) this.#dirty = new Set();
    for (const stream of dirty) {
      const items = stream.gathered;
      const due = stream.kind === 'agent' ? now : this.#gathered;
      stream.gathered = [];
      for (const [maskClass, readers] of stream.readers) {
        for (const { frame, seq } of this.#frames(stream.id, items, maskClass)) {
          this.#figures.frames += 1;
          this.#figures.sent += readers.size;
          const bundle = new Bundle(frame);
          for (const reader of readers) reader.take(bundle, seq, due);
        }
      }
    }
    for (const outlet of now) outlet.release();
    if (this.#gathered.length > 0) this.#planWrite();
    this.#settleTexts();
  }

  /** Writes what waits and leaves no timer; readers are to be gone before. Twice is fine. */
  close(): void {
    this.#cancelWrite?.();
    this.#write();
  }

  /** Frames with the events after a cursor; `undefined` when some of them are gone. */
  after(id: StreamId, seq: number, maskClass: MaskClass): { frames: readonly Buffer[]; count: number } | undefined {
    this.#settleTexts();
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

  /** Takes a reader away. */
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
      const kind: StreamKind = id === 'board' ? 'board' : id.startsWith('queue:') ? 'queue' : 'agent';
      stream = { id, kind, ring: new EventRing(this.#rings[kind]), readers: new Map(), gathered: [] };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  #planWrite(): void {
    if (this.#cancelWrite !== undefined) return;
    const waitMs = this.#pace === undefined ? 0 : this.#writtenMs + GATHER_MS - this.#pace.nowMs();
    if (this.#pace === undefined || waitMs <= 0) return this.#write();
    this.#cancelWrite = this.#pace.setTimer(waitMs, () => this.#write());
  }

  #write(): void {
    this.#cancelWrite = undefined;
    this.#writtenMs = this.#pace?.nowMs() ?? 0;
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const outlet of gathered) outlet.release();
  }

  #frames(id: StreamId, items: readonly KeptEvent[], maskClass: MaskClass): readonly { frame: Buffer; seq: number }[] {
    const frames: { frame: Buffer; seq: number }[] = [];
    for (let from = 0; from < items.length; from += FRAME_EVENTS) {
      const parts: string[] = [];
      let before = `{"type":"events","stream":${JSON.stringify(id)},"items":[`;
      for (const { seq, atWallMs, text } of items.slice(from, from + FRAME_EVENTS)) {
        parts.push(`${before}{"seq":${seq},"atWallMs":${atWallMs},"event":`, this.#masker.json(text, maskClass));
        before = '},';
      }
      parts.push('}]}');
      frames.push({ frame: textFrame(...parts), seq: items[from]?.seq ?? 0 });
    }
    return frames;
  }

  #kept({ seq, atWallMs, event }: NumberedEvent): KeptEvent {
    let text = this.#texts.get(event);
    if (text === undefined) {
      if (this.#texts.size >= UNSETTLED) this.#settleTexts();
      text = new EventText(event);
      this.#texts.set(event, text);
    }
    return { seq, atWallMs, text };
  }

  #settleTexts(): void {
    if (this.#texts.size === 0) return;
    for (const text of this.#texts.values()) text.settle();
    this.#texts = new Map();
  }
}

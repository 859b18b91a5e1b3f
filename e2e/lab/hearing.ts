import { RATE_HZ, ulawDecode } from './pcm.js';
import { ALL_TONES } from './tone-plan.js';
import { exactlyMs, segmentsOf, type ToneSegment, tonesOf } from './tones.js';
import { PATIENCE_MS, until } from './wait.js';

/** A digit that came as RFC 4733 telephone-event. */
export interface HeardDigit {
  readonly digit: string;
  readonly atMs: number;
}

/** Sound is judged in frames of so many milliseconds. */
const FRAME_MS = 100;
const FRAME = (FRAME_MS * RATE_HZ) / 1_000;
/** Frames that nobody will change any more are judged once; so many are kept. */
const JUDGED = 20_000;

const DIGITS = '0123456789*#ABCD';

/** Payload type of telephone-event in the laboratory's sessions. */
export const EVENT_PAYLOAD = 101;

/**
 * What arrives at one ear: RTP packets laid out by the time of their arrival, so that a pause of the sender is silence here
 * too. Times are milliseconds since {@link startedAtMs} (`Date.now()`).
 */
export class Hearing {
  readonly startedAtMs = Date.now();
  readonly digits: HeardDigit[] = [];
  /** Packets taken so far. */
  packets = 0;
  #samples = new Int16Array(RATE_HZ * 60);
  #length = 0;
  /** Tones of frames by their first sample. */
  readonly #judged = new Map<number, readonly number[]>();
  #lastEvent = -1;

  /** Takes one RTP packet (RFC 3550); other datagrams are passed over. */
  packet(datagram: Buffer): void {
    if (datagram.length < 12 || (datagram[0] ?? 0) >> 6 !== 2) return;
    const payloadType = (datagram[1] ?? 0) & 0x7f;
    const payload = datagram.subarray(12 + 4 * ((datagram[0] ?? 0) & 0x0f));
    if (payloadType === EVENT_PAYLOAD) this.#event(datagram.readUInt32BE(4), payload);
    if (payloadType !== 0) return;
    this.packets += 1;
    const now = Math.round(((Date.now() - this.startedAtMs) * RATE_HZ) / 1_000);
    // Jitter is closed up; a gap of more than 80 ms is a pause.
    if (now - this.#length > 0.08 * RATE_HZ) this.#length = now;
    this.#room(this.#length + payload.length);
    for (const byte of payload) {
      this.#samples[this.#length] = ulawDecode(byte);
      this.#length += 1;
    }
  }

  /** Now, as a place on this time line. */
  nowMs(): number {
    return Date.now() - this.startedAtMs;
  }

  /** What was heard between two times (default: all until now); where no packet came there was silence. */
  segments(range: { readonly fromMs?: number; readonly toMs?: number } = {}): readonly ToneSegment[] {
    const from = Math.max(0, Math.round(((range.fromMs ?? 0) * RATE_HZ) / 1_000));
    // The last 100 ms may still be under way.
    const to = Math.max(from, Math.round(((range.toMs ?? this.nowMs() - 100) * RATE_HZ) / 1_000));
    const frames: (readonly number[])[] = [];
    for (let start = from; start + FRAME <= to; start += FRAME) frames.push(this.#frame(start));
    return segmentsOf(frames, FRAME_MS).map((part) => ({
      ...part,
      fromMs: part.fromMs + (range.fromMs ?? 0),
      toMs: part.toMs + (range.fromMs ?? 0),
    }));
  }

  /**
   * Resolves when, from now on or from `sinceMs` of {@link nowMs} on, exactly `freqs` were heard for `forMs` (default 400) in all.
   * @throws {LabTimeout} after `withinMs` (default {@link PATIENCE_MS}), with what was heard instead.
   */
  async hears(
    freqs: readonly number[],
    bounds: { readonly forMs?: number; readonly withinMs?: number; readonly sinceMs?: number } = {},
  ): Promise<void> {
    const fromMs = bounds.sinceMs ?? this.nowMs();
    await until(() => exactlyMs(this.segments({ fromMs }), freqs) >= (bounds.forMs ?? 400), {
      what: `to hear [${freqs.join(', ')}] Hz`,
      withinMs: bounds.withinMs ?? PATIENCE_MS,
      everyMs: 50,
      seen: () => this.segments({ fromMs }).slice(-12),
    });
  }

  #frame(start: number): readonly number[] {
    const known = this.#judged.get(start);
    if (known !== undefined) return known;
    const frame = new Int16Array(FRAME);
    const end = Math.min(start + FRAME, this.#length);
    if (end > start) frame.set(this.#samples.subarray(start, end));
    const freqs = tonesOf(frame, { freqs: ALL_TONES });
    // A packet is laid at most 80 ms back: what ends before that is final.
    if (start + FRAME <= ((this.nowMs() - 90) * RATE_HZ) / 1_000 && this.#judged.size < JUDGED) {
      this.#judged.set(start, freqs);
    }
    return freqs;
  }

  #event(timestamp: number, payload: Buffer): void {
    const digit = DIGITS[payload[0] ?? 255];
    const end = ((payload[1] ?? 0) & 0x80) !== 0;
    // The end is sent three times with the same timestamp (RFC 4733, 2.5.1.4).
    if (digit === undefined || !end || timestamp === this.#lastEvent) return;
    this.#lastEvent = timestamp;
    this.digits.push({ digit, atMs: this.nowMs() });
  }

  #room(length: number): void {
    if (length <= this.#samples.length) return;
    const larger = new Int16Array(Math.max(length, this.#samples.length * 2));
    larger.set(this.#samples.subarray(0, this.#length));
    this.#samples = larger;
  }
}

import { CtiError } from '@cordboard/cti-core';
import type { FrameDecoder } from '@cordboard/driver-kit';

/** What a frame holds: one control message, or sound. */
export const BRIDGE_KINDS = { control: 1, lineSound: 2, phoneSound: 3 } as const;

/** Most bytes of a frame behind its length. */
export const MAX_BRIDGE_FRAME = 65_536;
const HEADER = 4;

/** One frame: its kind, and what it holds. The bytes are the frame's own. */
export interface BridgeFrame {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** A frame as it goes over the wire: length (4 bytes, big-endian, of what follows), kind, payload. See docs/protocols/box-bridge-1.md. */
export function encodeBridgeFrame({ kind, payload }: BridgeFrame): Uint8Array {
  const bytes = new Uint8Array(HEADER + 1 + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length + 1);
  bytes[HEADER] = kind;
  bytes.set(payload, HEADER + 1);
  return bytes;
}

/** Bytes of a socket to frames. A length of 0 or over the cap is no frame: there is no way back from it. */
export class BridgeDecoder implements FrameDecoder<BridgeFrame> {
  #held = new Uint8Array(1_024);
  #count = 0;
  #broken: CtiError | undefined;

  push(chunk: Uint8Array, sink: (frame: BridgeFrame) => void): void {
    if (this.#broken !== undefined) throw this.#broken;
    let at = 0;
    while (at < chunk.length || this.#isComplete()) {
      if (this.#isComplete()) {
        this.#give(sink);
        continue;
      }
      const take = Math.min(chunk.length - at, this.#missing());
      this.#hold(chunk.subarray(at, at + take));
      at += take;
    }
  }

  get pendingBytes(): number {
    return this.#count;
  }

  reset(): void {
    this.#count = 0;
    this.#broken = undefined;
  }

  #length(): number {
    return new DataView(this.#held.buffer).getUint32(0);
  }

  #isComplete(): boolean {
    if (this.#count < HEADER) return false;
    const length = this.#length();
    if (length < 1 || length > MAX_BRIDGE_FRAME) {
      const code = length === 0 ? 'wire.frameInvalid' : 'wire.frameTooLarge';
      this.#broken = new CtiError(code, `a frame of ${length} bytes, expected 1 to ${MAX_BRIDGE_FRAME}`);
      throw this.#broken;
    }
    return this.#count === HEADER + length;
  }

  #missing(): number {
    return this.#count < HEADER ? HEADER - this.#count : HEADER + this.#length() - this.#count;
  }

  #hold(bytes: Uint8Array): void {
    const need = this.#count + bytes.length;
    if (need > this.#held.length) {
      const larger = new Uint8Array(Math.min(HEADER + MAX_BRIDGE_FRAME, Math.max(need, this.#held.length * 2)));
      larger.set(this.#held.subarray(0, this.#count));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#count);
    this.#count = need;
  }

  #give(sink: (frame: BridgeFrame) => void): void {
    const payload = this.#held.slice(HEADER + 1, this.#count);
    const kind = this.#held[HEADER] ?? 0;
    this.#count = 0;
    sink({ kind, payload });
  }
}

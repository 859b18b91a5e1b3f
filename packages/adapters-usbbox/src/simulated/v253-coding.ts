/** How a virtual modem writes a sample as a byte; each written down here, so that the driver's own are not judged by themselves. */
export type ModemCoding = 'unsigned' | 'signed' | 'ulaw' | 'alaw';

const SEGMENT_END = [0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff, 0x1fff, 0x3fff, 0x7fff] as const;

function segmentOf(value: number): number {
  const found = SEGMENT_END.findIndex((end) => value <= end);
  return found < 0 ? 7 : found;
}

/** G.711 mu-law by segments: bias 132, sign and code turned over. */
function toUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const value = Math.min(32_635, Math.abs(sample)) + 132;
  const segment = segmentOf(value);
  return ~(sign | (segment << 4) | ((value >> (segment + 3)) & 0x0f)) & 0xff;
}

function fromUlaw(byte: number): number {
  const code = ~byte & 0xff;
  const value = ((((code & 0x0f) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return (code & 0x80) === 0 ? value : -value;
}

/** G.711 A-law by segments: every second bit turned over. */
function toAlaw(sample: number): number {
  const value = Math.min(32_767, sample < 0 ? -sample - 1 : sample);
  const segment = segmentOf(value);
  const code = segment === 0 ? value >> 4 : (segment << 4) | ((value >> (segment + 3)) & 0x0f);
  return (code | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}

function fromAlaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const low = ((code & 0x0f) << 4) + 8;
  const value = segment === 0 ? low : (low + 256) << (segment - 1);
  return (code & 0x80) !== 0 ? value : -value;
}

const clip = (value: number): number => Math.max(-128, Math.min(127, value));

/** A sample of 16 bit as a byte. */
export function encodeSample(sample: number, coding: ModemCoding): number {
  if (coding === 'ulaw') return toUlaw(sample);
  if (coding === 'alaw') return toAlaw(sample);
  const eight = clip(Math.round(sample / 256));
  return coding === 'unsigned' ? eight + 128 : eight & 0xff;
}

/** And back. */
export function decodeSample(byte: number, coding: ModemCoding): number {
  if (coding === 'ulaw') return fromUlaw(byte);
  if (coding === 'alaw') return fromAlaw(byte);
  return (coding === 'unsigned' ? byte - 128 : byte > 127 ? byte - 256 : byte) * 256;
}

/** From one rate to another by straight lines between the samples: what a cheap modem does. */
export class LinearRate {
  readonly #step: number;
  #at = 0;
  #last = 0;

  constructor(from: number, to: number) {
    this.#step = from / to;
  }

  /** The next samples at the other rate. */
  push(samples: readonly number[] | Int16Array): number[] {
    if (this.#step === 1) return [...samples];
    const out: number[] = [];
    for (const sample of samples) {
      while (this.#at < 1) {
        out.push(Math.round(this.#last + (sample - this.#last) * this.#at));
        this.#at += this.#step;
      }
      this.#at -= 1;
      this.#last = sample;
    }
    return out;
  }
}

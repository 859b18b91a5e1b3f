import { fromAlaw, fromUlaw } from './g711.js';

/** Sound as it came: one value of -1 to 1 per sample. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float32Array;
}

/** Why bytes are no sound that can be used. */
export class NoSound extends Error {
  override readonly name = 'NoSound';
}

const FORMATS = { 1: 'pcm', 6: 'alaw', 7: 'ulaw' } as const;
/** `WAVE_FORMAT_EXTENSIBLE`: the format proper stands in the first bytes of the sub-format. */
const EXTENSIBLE = 0xfffe;
const MIN_RATE = 8000;
const MAX_RATE = 48_000;

interface Format {
  readonly coding: 'pcm' | 'alaw' | 'ulaw';
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/** Is it a WAV file, by its first bytes? */
export function isWav(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && ascii(bytes, 0) === 'RIFF' && ascii(bytes, 8) === 'WAVE';
}

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, A-law or µ-law, one or two channels (put together), 8,000-48,000 samples a second. Sizes in it are not trusted.
 *
 * @throws {NoSound} with what was expected
 */
export function readWav(bytes: Uint8Array): Sound {
  if (!isWav(bytes)) throw new NoSound('expected a WAV file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    const id = ascii(bytes, at);
    if (id === 'fmt ') format = formatOf(view, { at: body, length });
    if (id === 'data') {
      if (format === undefined) throw new NoSound('expected the format before the data');
      // A recorder that was cut off leaves 0 or the largest size.
      const end = length === 0 || body + length > bytes.length ? bytes.length : body + length;
      return { rate: format.rate, samples: samplesOf(bytes.subarray(body, end), format) };
    }
    at = body + length + (length % 2);
  }
  throw new NoSound('expected a WAV file with data');
}

function formatOf(view: DataView, chunk: { readonly at: number; readonly length: number }): Format {
  const { at, length } = chunk;
  if (length < 16 || at + length > view.byteLength) throw new NoSound('expected a whole format');
  const tag = view.getUint16(at, true);
  const code = tag === EXTENSIBLE && length >= 26 ? view.getUint16(at + 24, true) : tag;
  const coding = (FORMATS as Readonly<Record<number, Format['coding'] | undefined>>)[code];
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (coding === undefined) throw new NoSound('expected PCM, A-law or µ-law');
  if (channels !== 1 && channels !== 2) throw new NoSound('expected one or two channels');
  if (rate < MIN_RATE || rate > MAX_RATE) throw new NoSound('expected 8,000 to 48,000 samples a second');
  if (!(coding === 'pcm' ? [8, 16, 24, 32] : [8]).includes(bits)) throw new NoSound('expected 8, 16, 24 or 32 bits');
  return { coding, channels, rate, bits };
}

function samplesOf(data: Uint8Array, { coding, channels, bits }: Format): Float32Array {
  const width = bits / 8;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const frames = Math.floor(data.length / (width * channels));
  const decoded = coding === 'alaw' ? fromAlaw(data) : coding === 'ulaw' ? fromUlaw(data) : undefined;
  const one = (n: number): number => (decoded === undefined ? pcm(view, n * width, width) : (decoded[n] ?? 0) / 32_768);
  return Float32Array.from({ length: frames }, (_, n) => (channels === 1 ? one(n) : (one(n * 2) + one(n * 2 + 1)) / 2));
}

function pcm(view: DataView, at: number, width: number): number {
  switch (width) {
    case 1:
      return (view.getUint8(at) - 128) / 128;
    case 2:
      return view.getInt16(at, true) / 32_768;
    case 3:
      return ((view.getUint8(at) << 8) | (view.getUint16(at + 1, true) << 16)) / 2_147_483_648;
    default:
      return view.getInt32(at, true) / 2_147_483_648;
  }
}

/** A WAV file of 16-bit PCM, one channel, 8,000 samples a second: what every switch plays as it is. */
export function writeWav(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [n, sample] of samples.entries()) {
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), 44 + n * 2);
  }
  return bytes;
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

import { alawToLinear } from '../g711/alaw.js';
import { ulawToLinear } from '../g711/ulaw.js';
import { createWav49Decoder, WAV49_BLOCK_SAMPLES } from '../gsm/wav49.js';
import type { WavFormat } from './format.js';
import { decodeImaBlock } from './ima.js';

/** Reads one sample at a byte. */
type SampleReader = (data: DataView, at: number) => number;

/** Rounded, and cut off at the ends of the scale; what is no number is silence. */
function ofFloat(value: number): number {
  const scaled = Math.round(value * 32_768);
  return Number.isNaN(scaled) ? 0 : Math.max(-32_768, Math.min(32_767, scaled));
}

/** Bytes of one sample, and how it becomes 16 bit; of wider samples the high 16 bits are taken. */
const readers: Readonly<Record<Exclude<WavFormat['encoding'], 'wav49' | 'imaAdpcm'>, readonly [number, SampleReader]>> =
  {
    pcm8: [1, (data, at) => (data.getUint8(at) - 128) << 8],
    pcm16: [2, (data, at) => data.getInt16(at, true)],
    pcm24: [3, (data, at) => data.getInt16(at + 1, true)],
    pcm32: [4, (data, at) => data.getInt16(at + 2, true)],
    float32: [4, (data, at) => ofFloat(data.getFloat32(at, true))],
    alaw: [1, (data, at) => alawToLinear(data.getUint8(at))],
    ulaw: [1, (data, at) => ulawToLinear(data.getUint8(at))],
  };

function decodeWav49(data: DataView, out: Int16Array): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const decoder = createWav49Decoder();
  const block = new Int16Array(WAV49_BLOCK_SAMPLES);
  for (let n = 0; n * WAV49_BLOCK_SAMPLES < out.length; n += 1) {
    decoder.decode(bytes, n * 65, block);
    out.set(block.subarray(0, out.length - n * WAV49_BLOCK_SAMPLES), n * WAV49_BLOCK_SAMPLES);
  }
}

function decodeIma(data: DataView, format: WavFormat, { channel, out }: { channel: number; out: Int16Array }): void {
  const { channels, blockBytes, blockSamples: samples } = format;
  const block = new Int16Array(samples);
  for (let n = 0; n * samples < out.length; n += 1) {
    decodeImaBlock({ bytes: data, at: n * blockBytes, channels, channel, samples }, block, 0);
    out.set(block.subarray(0, out.length - n * samples), n * samples);
  }
}

/**
 * One channel of whole blocks as 16-bit samples.
 *
 * @param data - whole blocks, and no more
 * @param options.samples - how many samples of the channel are wanted, at most what the blocks hold
 */
export function decodeBlocks(
  data: DataView,
  format: WavFormat,
  { channel, samples }: { readonly channel: number; readonly samples: number },
): Int16Array {
  const out = new Int16Array(samples);
  if (format.encoding === 'wav49') decodeWav49(data, out);
  else if (format.encoding === 'imaAdpcm') decodeIma(data, format, { channel, out });
  else {
    const [width, read] = readers[format.encoding];
    for (let n = 0; n < samples; n += 1) out[n] = read(data, n * format.blockBytes + channel * width);
  }
  return out;
}

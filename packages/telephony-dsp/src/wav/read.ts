import { decodeBlocks } from './decode.js';
import { readFormat, type WavFormat, type WavProblem } from './format.js';

/** A WAV file that can be read. */
export interface WavAudio extends WavFormat {
  readonly ok: true;
  /** Samples of each channel. */
  readonly samples: number;
  /** The file says that it has more than it has: it was cut off, or never finished. */
  readonly truncated: boolean;
  /**
   * One channel as 16-bit samples at the file's own rate.
   *
   * @param channel - 0 is the left one
   * @throws {RangeError} when the file has no such channel
   */
  decode(channel: number): Int16Array;
}

/** What became of bytes that may be a WAV file. */
export type WavRead = WavAudio | { readonly ok: false; readonly problem: WavProblem };

const fourOf = (text: string): number => [...text].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
const RIFF = fourOf('RIFF');
const WAVE = fourOf('WAVE');
const FMT = fourOf('fmt ');
const DATA = fourOf('data');
const FACT = fourOf('fact');

/** Sizes that writers leave who do not know it yet: all ones, sox's, or nothing. */
const isOpenSize = (size: number): boolean => size >= 0x7fff_f000 || size === 0;

interface Chunks {
  format?: DataView;
  fact?: number;
  data?: { readonly at: number; readonly size: number };
}

/** Walks the chunks up to the data. A chunk that reaches past the end is taken as far as it goes. */
function chunksOf(view: DataView): Chunks {
  const found: Chunks = {};
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const id = view.getUint32(at);
    const size = view.getUint32(at + 4, true);
    const content = at + 8;
    const there = Math.min(size, view.byteLength - content);
    if (id === DATA) {
      found.data = { at: content, size };
      return found;
    }
    if (id === FMT) found.format ??= new DataView(view.buffer, view.byteOffset + content, there);
    else if (id === FACT && there >= 4) found.fact = view.getUint32(content, true);
    // Chunks begin at even places.
    at = content + size + (size & 1);
  }
  return found;
}

/** Is there another chunk, or nothing, at the end of an empty data chunk? Then it is empty indeed. */
function endsThere(view: DataView, at: number): boolean {
  if (at + 8 > view.byteLength) return at >= view.byteLength;
  for (let i = at; i < at + 4; i += 1) {
    const letter = view.getUint8(i);
    if (letter < 0x20 || letter > 0x7e) return false;
  }
  return at + 8 + view.getUint32(at + 4, true) <= view.byteLength;
}

/**
 * Reads a WAV file: PCM of 8 to 32 bits, 32-bit float, A-law, mu-law, GSM 06.10 (WAV49) and IMA ADPCM, plain or extensible. Sizes in it that
 * are wrong, unknown (`0xFFFFFFFF`, 0) or larger than the file do no harm, and a file cut off anywhere is read up to its last whole block.
 * It never throws, whatever the bytes are; nothing is decoded before `decode` is called.
 *
 * @param bytes - the whole file; kept, not copied
 */
export function readWav(bytes: Uint8Array): WavRead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || view.getUint32(0) !== RIFF || view.getUint32(8) !== WAVE)
    return { ok: false, problem: 'notWav' };
  const { format: chunk, fact, data } = chunksOf(view);
  if (chunk === undefined) return { ok: false, problem: data === undefined ? 'noData' : 'badFormat' };
  const format = readFormat(chunk);
  if (typeof format === 'string')
    return { ok: false, problem: data === undefined && format === 'badFormat' ? 'noData' : format };
  if (data === undefined) return { ok: false, problem: 'noData' };
  const left = view.byteLength - data.at;
  const open = isOpenSize(data.size) && !(data.size === 0 && endsThere(view, data.at));
  const blocks = Math.floor(Math.min(open ? left : data.size, left) / format.blockBytes);
  const held = blocks * format.blockSamples;
  // The last block of a packed format is filled up; how much of it counts stands in the fact chunk.
  const counts = format.blockSamples > 1 && !open && data.size <= left && fact !== undefined && fact > 0;
  const samples = counts && fact > held - format.blockSamples && fact < held ? fact : held;
  return {
    ...format,
    ok: true,
    samples,
    truncated: open || data.size > left,
    decode(channel) {
      if (!Number.isInteger(channel) || channel < 0 || channel >= format.channels)
        throw new RangeError(`expected a channel from 0 to ${format.channels - 1}`);
      const blockData = new DataView(view.buffer, view.byteOffset + data.at, blocks * format.blockBytes);
      return decodeBlocks(blockData, format, { channel, samples });
    },
  };
}

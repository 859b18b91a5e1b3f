import { createWavWriter, encodeUlaw, type WavPatch } from '@cordboard/telephony-dsp';

/** What recordings are made of. */
export type RecordingFormat = 'wav' | 'ulaw' | 'wav49';

/** Endings of file names, as the contract names them. */
export const ENDINGS: Readonly<Record<RecordingFormat, string>> = { wav: 'wav', ulaw: 'ulaw', wav49: 'WAV' };

/** A file that is not finished has this behind its name. */
export const UNFINISHED = '.part';

/** Makes the bytes of one file. */
export interface Coder {
  readonly header: Uint8Array;
  /** Codes samples. @returns bytes in a buffer that the next call uses again */
  push(samples: Int16Array): Uint8Array;
  finish(): { readonly bytes: Uint8Array; readonly patches: readonly WavPatch[] };
}

const NOTHING = new Uint8Array(0);

/** The coder of a format. */
export function createCoder(format: RecordingFormat): Coder {
  if (format !== 'ulaw') return createWavWriter({ encoding: format === 'wav' ? 'pcm16' : 'wav49' });
  let out = new Uint8Array(320);
  return {
    header: NOTHING,
    push(samples) {
      if (out.length < samples.length) out = new Uint8Array(samples.length);
      return encodeUlaw(samples, out.subarray(0, samples.length));
    },
    finish: () => ({ bytes: NOTHING, patches: [] }),
  };
}

/** Bytes of a block: the least that can be played by itself. */
const BLOCK: Readonly<Record<RecordingFormat, number>> = { wav: 2, ulaw: 1, wav49: 65 };
const SAMPLES_PER_BLOCK: Readonly<Record<RecordingFormat, number>> = { wav: 1, ulaw: 1, wav49: 320 };

/** What makes a file that was cut off at `size` bytes a finished one. `undefined`: there is nothing in it to save. */
export function repairOf(
  format: RecordingFormat,
  size: number,
): { readonly size: number; readonly patches: readonly WavPatch[]; readonly durationMs: number } | undefined {
  const { header } = createCoder(format);
  const blocks = Math.floor((size - header.length) / BLOCK[format]);
  if (blocks <= 0) return undefined;
  const data = blocks * BLOCK[format];
  const durationMs = (blocks * SAMPLES_PER_BLOCK[format]) / 8;
  if (format === 'ulaw') return { size: data, patches: [], durationMs };
  // Chunks are of even length: the byte behind an odd one is part of the file.
  const whole = header.length + data + (data & 1);
  const patches = [number(4, whole - 8)];
  if (format === 'wav49') patches.push(number(header.length - 12, blocks * SAMPLES_PER_BLOCK[format]));
  patches.push(number(header.length - 4, data));
  return { size: whole, patches, durationMs };
}

function number(position: number, value: number): WavPatch {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return { position, bytes };
}

/** The format that a file's name says, without {@link UNFINISHED}. */
export function formatOf(file: string): RecordingFormat | undefined {
  for (const format of ['wav', 'ulaw', 'wav49'] as const) if (file.endsWith(`.${ENDINGS[format]}`)) return format;
  return undefined;
}

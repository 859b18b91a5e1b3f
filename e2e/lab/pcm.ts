import { endianness } from 'node:os';

/** Sample rate of everything in the laboratory. */
export const RATE_HZ = 8_000;

/** One or more sines of equal level as 16-bit samples at 8 kHz; their sum peaks at `peak` (default 8,000, about -12 dBFS). */
export function sine(hz: readonly number[], options: { readonly ms: number; readonly peak?: number }): Int16Array {
  const samples = new Int16Array(Math.round((options.ms * RATE_HZ) / 1_000));
  // Whole hertz come round every second; to count out ten minutes of a voice would keep everybody else in this process waiting.
  const round = hz.every(Number.isInteger) ? Math.min(RATE_HZ, samples.length) : samples.length;
  const level = (options.peak ?? 8_000) / Math.max(1, hz.length);
  for (let i = 0; i < round; i += 1) {
    let value = 0;
    for (const frequency of hz) value += Math.sin((2 * Math.PI * frequency * i) / RATE_HZ);
    samples[i] = Math.round(value * level);
  }
  for (let have = round; have < samples.length; have *= 2) samples.copyWithin(have, 0, have);
  return samples;
}

/** Little-endian bytes of samples: Asterisk's `.sln` format as it is. */
export function bytesOf(samples: Int16Array): Buffer {
  const bytes = Buffer.from(samples.slice().buffer);
  return endianness() === 'LE' ? bytes : bytes.swap16();
}

/** A mono 16-bit WAV file. */
export function wavOf(samples: Int16Array): Buffer {
  const data = bytesOf(samples);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE_HZ, 24);
  head.writeUInt32LE(RATE_HZ * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Samples of a WAV file, channel by channel. Works on a file that is still being written (its sizes are then 0 or too small). */
export function readWav(file: Buffer): { readonly rateHz: number; readonly channels: readonly Int16Array[] } {
  if (file.length < 44 || file.toString('latin1', 0, 4) !== 'RIFF') throw new Error('not a WAV file');
  let at = 12;
  let format = { tag: 0, channels: 1, rateHz: RATE_HZ, bits: 16 };
  while (at + 8 <= file.length) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      format = {
        tag: file.readUInt16LE(body),
        channels: file.readUInt16LE(body + 2),
        rateHz: file.readUInt32LE(body + 4),
        bits: file.readUInt16LE(body + 14),
      };
    }
    if (id === 'data') {
      if (format.bits !== 16 || format.channels < 1) throw new Error(`WAV with ${format.bits} bits is not read here`);
      const declared = size === 0 || size === 0xffffffff ? file.length - body : size;
      const end = Math.min(body + declared, file.length);
      return { rateHz: format.rateHz, channels: deinterleave(file.subarray(body, end), format.channels) };
    }
    at = body + size + (size % 2);
  }
  throw new Error('WAV without data');
}

function deinterleave(data: Buffer, channels: number): readonly Int16Array[] {
  const frames = Math.floor(data.length / (2 * channels));
  return Array.from({ length: channels }, (_unused, channel) => {
    const samples = new Int16Array(frames);
    for (let i = 0; i < frames; i += 1) samples[i] = data.readInt16LE((i * channels + channel) * 2);
    return samples;
  });
}

/** G.711 mu-law byte of a 16-bit sample (ITU-T G.711). */
export function ulawEncode(sample: number): number {
  const bias = 0x84;
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32_635, Math.abs(sample)) + bias;
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && (magnitude & mask) === 0; mask >>= 1) exponent -= 1;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

/** 16-bit sample of a G.711 mu-law byte (ITU-T G.711). */
export function ulawDecode(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

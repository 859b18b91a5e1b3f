import { describe, expect, test } from 'vitest';
import { createWavWriter, readWav, type WavWriterEncoding } from '../src/index.js';
import { hashOf, mixed, reference } from './support/gsm-reference.js';
import { joined, noise, rawOf, samplesOf, sine, speechLike, square } from './support/samples.js';
import { hasSox, RAW, sox } from './support/sox.js';

const wholeFile = (samples: Int16Array, encoding: WavWriterEncoding): Uint8Array => {
  const writer = createWavWriter({ encoding });
  const start = Buffer.concat([writer.header, writer.push(samples)]);
  const { bytes, patches } = writer.finish();
  const file = Buffer.concat([start, bytes]);
  for (const { position, bytes: patch } of patches) file.set(patch, position);
  return file;
};
/** Levels that step through the whole scale, so that every exponent of the coder is met. */
const faded = (samples: Int16Array): Int16Array =>
  samples.map((value, n) => Math.round(value * 10 ** ((-(n % 24_000) / 24_000) * 4)));

const minute = 60 * 8000;
const signals: Readonly<Record<string, Int16Array>> = {
  'speech-like': speechLike(2 * minute, { seed: 21 }),
  'speech-like, too loud': speechLike(minute / 2, { seed: 22, peak: 90_000 }),
  'noise of full scale': noise(minute / 2, { peak: 32_767, seed: 23 }),
  'fading noise': faded(noise(minute / 2, { peak: 32_767, seed: 24 })),
  'square waves of full scale': joined(...[7, 50, 333, 1000, 4000].map((hz) => square(16_000, hz))),
  'sines of full scale': joined(...[25, 300, 1004, 3999].map((hz) => sine(16_000, hz, { peak: 32_767 }))),
  silence: new Int16Array(16_000),
  'steady ends of the scale': joined(new Int16Array(8000).fill(32_767), new Int16Array(8000).fill(-32_768)),
  'no whole block': speechLike(8000 * 3 + 77, { seed: 25 }),
};

describe.skipIf(!hasSox)('beside sox', () => {
  test.each(Object.entries(signals))('WAV49 of %s is the same file, and the same samples come out', (_, samples) => {
    const theirs = sox(rawOf(samples), [...RAW, '-', '-t', 'wav', '-e', 'gsm-full-rate', '-']);
    const ours = wholeFile(samples, 'wav49');
    // What sox cannot seek in keeps open sizes; everything after the header is data.
    const blocks = Math.ceil(samples.length / 320);
    expect(
      Buffer.compare(Buffer.from(ours).subarray(60, 60 + 65 * blocks), theirs.subarray(60, 60 + 65 * blocks)),
    ).toBe(0);
    const read = readWav(ours);
    const decoded = samplesOf(sox(ours, ['-t', 'wav', '-', ...RAW, '-']));
    expect(decoded).toHaveLength(320 * blocks);
    expect(read.ok && Buffer.compare(rawOf(read.decode(0)), rawOf(decoded.subarray(0, samples.length)))).toBe(0);
  });

  test('any bits decode to the same samples', () => {
    const random = noise(65 * 2000, { peak: 127, seed: 31 });
    const writer = createWavWriter({ encoding: 'wav49' });
    const data = Uint8Array.from(random, (value) => value + 128);
    const file = Buffer.concat([writer.header, data]);
    const read = readWav(file);
    const theirs = samplesOf(sox(file, ['-t', 'wav', '-', ...RAW, '-']));
    expect(read.ok && Buffer.compare(rawOf(read.decode(0)), rawOf(theirs))).toBe(0);
    expect(theirs).toHaveLength(2000 * 320);
  });

  test.each(['alaw', 'ulaw', 'pcm16'] as const)('%s is read by sox as by us', (encoding) => {
    const samples = joined(noise(9001, { peak: 32_767, seed: 32 }), sine(4000, 450, { peak: 300 }));
    const file = wholeFile(samples, encoding);
    const read = readWav(file);
    expect(read.ok && read.decode(0)).toEqual(samplesOf(sox(file, ['-t', 'wav', '-', ...RAW, '-'])));
  });

  test.each([
    ['8-bit PCM', ['-e', 'unsigned', '-b', '8']],
    ['16-bit PCM', ['-b', '16']],
    ['24-bit PCM', ['-b', '24']],
    ['32-bit PCM', ['-b', '32']],
    ['32-bit float', ['-e', 'float', '-b', '32']],
    ['A-law', ['-e', 'a-law']],
    ['mu-law', ['-e', 'u-law']],
    ['IMA ADPCM', ['-e', 'ima-adpcm']],
    ['stereo IMA ADPCM', ['-e', 'ima-adpcm', '-c', '2']],
    ['48 kHz stereo', ['-b', '16', '-r', '48000', '-c', '2']],
  ])('%s of sox is read as sox reads it', (_, options) => {
    const file = sox(rawOf(speechLike(16_000, { seed: 33 })), ['-D', ...RAW, '-', '-t', 'wav', ...options, '-']);
    const read = readWav(file);
    const plain = ['-t', 'raw', '-e', 'signed', '-b', '16', '-L'];
    const theirs = samplesOf(sox(file, ['-D', '-t', 'wav', '-', ...plain, '-', 'remix', '1']));
    if (!read.ok) return expect.fail(read.problem);
    const ours = read.decode(0);
    expect(Math.abs(ours.length - theirs.length)).toBeLessThanOrEqual(read.blockSamples);
    // Sox rounds wider samples, we cut them off.
    const apart = ours.reduce((most, value, n) => Math.max(most, Math.abs(value - (theirs[n] ?? value))), 0);
    expect(apart).toBeLessThanOrEqual(/24|32/u.test(options.join()) ? 1 : 0);
  });

  test.each(['wav49', 'alaw', 'pcm16'] as const)(
    'a %s file that is cut off anywhere plays up to its last whole block',
    (encoding) => {
      const samples = speechLike(320 * 12 + 100, { seed: 34 });
      const writer = createWavWriter({ encoding });
      const file = Buffer.concat([writer.header, writer.push(samples), writer.finish().bytes]);
      const { length } = writer.header;
      for (const cut of [length, length + 1, length + 64, length + 65, length + 131, length + 400, file.length - 1]) {
        const part = file.subarray(0, cut);
        const read = readWav(part);
        const theirs = samplesOf(sox(part, ['-t', 'wav', '-', ...RAW, '-']));
        expect(read.ok && [...read.decode(0)]).toEqual([...theirs]);
        if (encoding === 'wav49') expect(theirs).toHaveLength(320 * Math.floor((cut - length) / 65));
      }
    },
  );

  test('gives the hashes that are held against where it is absent', () => {
    const file = sox(rawOf(mixed), [...RAW, '-', '-t', 'wav', '-e', 'gsm-full-rate', '-']);
    const samples = sox(file, ['-t', 'wav', '-', ...RAW, '-']);
    expect({ blocks: hashOf(file.subarray(60, 60 + (mixed.length / 320) * 65)), samples: hashOf(samples) }).toEqual(
      reference,
    );
  });

  test('differs where one sample differs', () => {
    const other = mixed.map((value, n) => (n === 5000 ? value ^ 0x400 : value));
    const theirs = sox(rawOf(mixed), [...RAW, '-', '-t', 'wav', '-e', 'gsm-full-rate', '-']);
    expect(Buffer.compare(Buffer.from(wholeFile(other, 'wav49')).subarray(60), theirs.subarray(60))).not.toBe(0);
  });
});

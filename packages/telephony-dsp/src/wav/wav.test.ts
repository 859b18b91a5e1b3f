import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, noise, sine } from '../../test/support/samples.js';
import { readWav } from './read.js';
import { createWavWriter, type WavPatch, type WavWriterEncoding } from './write.js';

const samples = joined(sine(900, 450), noise(500, { seed: 4 }), sine(333, 1800));

/** What a file system would hold after each piece was written to it. */
function written(encoding: WavWriterEncoding, { cut = 170, input = samples } = {}) {
  const writer = createWavWriter({ encoding });
  const pieces = [writer.header];
  for (let at = 0; at < input.length; at += cut) pieces.push(writer.push(input.subarray(at, at + cut)).slice());
  const { bytes, patches } = writer.finish();
  pieces.push(bytes);
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const open = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    open.set(piece, at);
    at += piece.length;
  }
  return { open, patches, header: writer.header.length, done: patched(open, patches) };
}
function patched(file: Uint8Array, patches: readonly WavPatch[]): Uint8Array {
  const copy = file.slice();
  for (const { position, bytes } of patches) copy.set(bytes, position);
  return copy;
}
const samplesIn = (file: Uint8Array): Int16Array => {
  const read = readWav(file);
  if (!read.ok) throw new Error(read.problem);
  return read.decode(0);
};
const encodings = ['pcm16', 'alaw', 'ulaw', 'wav49'] as const;
const blocks = { pcm16: [2, 1], alaw: [1, 1], ulaw: [1, 1], wav49: [65, 320] } as const;

describe.each(encodings)('a %s file', (encoding) => {
  const file = written(encoding);
  const whole = samplesIn(file.done);

  test('holds what was given, and says so', () => {
    expect(readWav(file.done)).toMatchObject({ ok: true, encoding, channels: 1, sampleRate: 8000, truncated: false });
    expect(whole).toHaveLength(samples.length);
    expect(file.done.length % 2).toBe(0);
    if (encoding === 'pcm16') expect(whole).toEqual(samples);
  });

  test('has the same bytes however the samples came', () => {
    for (const cut of [1, 7, 320, 5000]) expect(written(encoding, { cut }).done).toEqual(file.done);
  });

  test('cut off after any byte plays up to its last whole block', () => {
    const [bytes, length] = blocks[encoding];
    const all = samplesIn(file.open);
    for (let cut = 0; cut < file.open.length; cut += 1) {
      const read = readWav(file.open.subarray(0, cut));
      if (cut < file.header) {
        if (read.ok) expect.fail(`${cut} bytes were read`);
        continue;
      }
      const wanted = Math.floor((cut - file.header) / bytes) * length;
      if (!read.ok || read.samples !== wanted) expect.fail(`cut at ${cut}: ${JSON.stringify(read)}`);
      // To decode each of them whole would take long; every seventeenth shows as much.
      if (cut % 17 === 0) expect(read.decode(0)).toEqual(all.subarray(0, wanted));
    }
  });

  test('whose end was written only in part plays whole', () => {
    const { patches } = file;
    for (let n = 0; n <= patches.length; n += 1)
      for (let bytes = 0; bytes <= 4; bytes += 1) {
        const torn = patches[n];
        const some = patches.slice(0, n);
        if (torn !== undefined) some.push({ position: torn.position, bytes: torn.bytes.subarray(0, bytes) });
        const read = readWav(patched(file.open, some));
        expect(read.ok && read.samples).toBeGreaterThanOrEqual(samples.length);
      }
  });

  test('that was finished and then lost its end is known as cut off', () => {
    const read = readWav(file.done.subarray(0, file.done.length - 70));
    expect(read).toMatchObject({ ok: true, truncated: true });
  });

  test('of nothing is an empty one', () => {
    const empty = written(encoding, { input: new Int16Array() });
    expect(readWav(empty.done)).toMatchObject({ ok: true, samples: 0, truncated: false });
    expect(readWav(empty.open)).toMatchObject({ ok: true, samples: 0, truncated: true });
  });
});

/** A file of chunks: name and content, or content and the size that it claims. */
function riff(...chunks: readonly (readonly [string, readonly number[], number?])[]): Uint8Array {
  const bytes = [...'RIFF\0\0\0\0WAVE'].map((letter) => letter.charCodeAt(0));
  for (const [name, content, claimed = content.length] of chunks) {
    bytes.push(...[...name].map((letter) => letter.charCodeAt(0)));
    bytes.push(...[0, 8, 16, 24].map((shift) => (claimed >>> shift) & 255), ...content);
    if (content.length % 2 === 1) bytes.push(0);
  }
  return Uint8Array.from(bytes);
}
const le = (value: number, width: number): number[] =>
  Array.from({ length: width }, (_, n) => Math.floor(value / 256 ** n) & 255);
const fmt = (tag: number, { channels = 1, rate = 8000, block = 2, bits = 16, more = [] as readonly number[] } = {}) => [
  ...le(tag, 2),
  ...le(channels, 2),
  ...le(rate, 4),
  ...le(rate * block, 4),
  ...le(block, 2),
  ...le(bits, 2),
  ...more,
];
const pcm = ['fmt ', fmt(1)] as const;
const three = ['data', [1, 0, 2, 0, 255, 255]] as const;

describe('reading', () => {
  test('skips chunks that it does not know, also odd ones, and what follows the data', () => {
    const file = riff(['LIST', [1, 2, 3]], pcm, ['junk', []], three, ['LIST', [1, 2]]);
    expect(readWav(file)).toMatchObject({ ok: true, samples: 3, truncated: false });
    expect([...samplesIn(file)]).toEqual([1, 2, -1]);
  });

  test.each([0xffff_ffff, 0x7fff_f000, 0x8000_0000, 0, 7, 5000])('data that say to be %i long', (claimed) => {
    const file = riff(pcm, ['data', three[1], claimed]);
    expect(readWav(file)).toMatchObject({ ok: true, samples: 3, truncated: true });
  });

  test('data that are empty indeed, before another chunk or at the end', () => {
    for (const chunks of [[], [['LIST', [1, 2]] as const]])
      expect(readWav(riff(pcm, ['data', []], ...chunks))).toMatchObject({ ok: true, samples: 0, truncated: false });
  });

  test('an extensible header is what its sub-format is', () => {
    const tail = [...le(22, 2), ...le(16, 2), ...le(4, 4)];
    const guid = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];
    const file = riff(['fmt ', fmt(0xfffe, { more: [...tail, 1, 0, ...guid] })], three);
    expect(readWav(file)).toMatchObject({ ok: true, encoding: 'pcm16' });
    expect(readWav(riff(['fmt ', fmt(0xfffe, { more: tail })], three))).toEqual({ ok: false, problem: 'badFormat' });
    const law = riff(['fmt ', fmt(0xfffe, { bits: 8, more: [...tail, 6, 0, ...guid] })], three);
    expect(readWav(law)).toMatchObject({ ok: true, encoding: 'alaw', samples: 6 });
  });

  test('each channel by itself', () => {
    const read = readWav(riff(['fmt ', fmt(1, { channels: 2, block: 4 })], ['data', [1, 0, 2, 0, 3, 0, 4, 0, 5, 0]]));
    if (!read.ok) return expect.fail(read.problem);
    expect([[...read.decode(0)], [...read.decode(1)]]).toEqual([
      [1, 3],
      [2, 4],
    ]);
    for (const channel of [2, -1, 0.5]) expect(() => read.decode(channel)).toThrow(RangeError);
  });

  test('wider and narrower samples become 16 bit', () => {
    const one = (tag: number, bits: number, data: readonly number[]) => [
      ...samplesIn(riff(['fmt ', fmt(tag, { bits, block: bits / 8 })], ['data', data])),
    ];
    expect(one(1, 8, [0, 128, 255])).toEqual([-32_768, 0, 127 * 256]);
    expect(one(1, 24, [9, 1, 0, 9, 255, 255])).toEqual([1, -1]);
    expect(one(1, 32, [9, 9, 1, 0])).toEqual([1]);
    const floats = new Uint8Array(Float32Array.of(0.5, -2, 2, Number.NaN).buffer);
    expect(one(3, 32, [...floats])).toEqual([16_384, -32_768, 32_767, 0]);
  });

  test.each([
    ['nothing', new Uint8Array(), 'notWav'],
    ['text', new TextEncoder().encode('RIFFRAFF and other things'), 'notWav'],
    ['a bare beginning', riff(), 'noData'],
    ['no format', riff(three), 'badFormat'],
    ['a short format', riff(['fmt ', [1, 0, 1, 0]], three), 'badFormat'],
    ['no channel', riff(['fmt ', fmt(1, { channels: 0 })], three), 'badFormat'],
    ['a rate of nothing', riff(['fmt ', fmt(1, { rate: 0 })], three), 'badFormat'],
    ['a rate beyond reason', riff(['fmt ', fmt(1, { rate: 4e9 })], three), 'badFormat'],
    ['12 bits', riff(['fmt ', fmt(1, { bits: 12 })], three), 'unsupported'],
    ['64-bit float', riff(['fmt ', fmt(3, { bits: 64 })], three), 'unsupported'],
    ['MP3', riff(['fmt ', fmt(0x55)], three), 'unsupported'],
    ['stereo GSM', riff(['fmt ', fmt(0x31, { channels: 2 })], three), 'unsupported'],
    ['ADPCM blocks of no size', riff(['fmt ', fmt(0x11, { bits: 4, block: 2 })], three), 'badFormat'],
    ['no data', riff(pcm), 'noData'],
  ])('%s is told as such', (_, file, problem) => {
    expect(readWav(file)).toEqual({ ok: false, problem });
  });

  test('any bytes, and any header with bytes changed, are read or refused and never throw', () => {
    const files = encodings.map((encoding) => written(encoding).done);
    const change = fc.tuple(fc.nat(110), fc.nat(255));
    const damaged = fc
      .tuple(fc.constantFrom(...files), fc.array(change, { maxLength: 6 }), fc.nat(400))
      .map(([file, changes, cut]) => {
        const copy = file.slice(0, file.length - cut);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      });
    const headed = fc
      .tuple(fc.uint8Array({ minLength: 14, maxLength: 40 }), fc.uint8Array({ maxLength: 200 }))
      .map(([format, data]) => riff(['fmt ', [...format]], ['data', [...data]]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged, headed), (file) => {
        const read = readWav(file);
        if (!read.ok) return;
        expect(read.decode(read.channels - 1)).toHaveLength(read.samples);
        expect(read.samples).toBeLessThanOrEqual((file.length / read.blockBytes) * read.blockSamples);
      }),
      { numRuns: 4000, seed: 11 },
    );
  });
});

describe('a writer', () => {
  test('counts samples, and has no need of its own memory for whole blocks', () => {
    const writer = createWavWriter({ encoding: 'wav49' });
    expect(writer.push(new Int16Array(319))).toHaveLength(0);
    const first = writer.push(new Int16Array(1));
    expect(first).toHaveLength(65);
    expect(writer.push(new Int16Array(320)).buffer).toBe(first.buffer);
    expect(writer.samples).toBe(640);
    writer.push(new Int16Array(5));
    writer.finish();
    expect(writer.samples).toBe(645);
  });

  test.each([0, 999, 8000.5, 400_000])('at a rate of %s is refused', (sampleRate) => {
    expect(() => createWavWriter({ encoding: 'pcm16', sampleRate })).toThrow(RangeError);
  });

  test('of WAV49 has one rate', () => {
    expect(() => createWavWriter({ encoding: 'wav49', sampleRate: 16_000 })).toThrow(RangeError);
    expect(createWavWriter({ encoding: 'alaw', sampleRate: 16_000 }).header).toHaveLength(58);
  });
});

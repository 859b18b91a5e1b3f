import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromAlaw, fromUlaw } from './g711.js';
import { lineSound } from './line-sound.js';
import { isVoiceName, nameOfFile, versionPath } from './names.js';
import { readWav, writeWav } from './wav.js';

/** A WAV file as other programs write it. */
function wav(options: {
  rate: number;
  bits: number;
  channels?: number;
  tag?: number;
  data: Buffer;
  extra?: Buffer;
}): Buffer {
  const { rate, bits, channels = 1, tag = 1, data, extra = Buffer.alloc(0) } = options;
  const head = Buffer.alloc(36);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + extra.length + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((rate * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  const size = Buffer.alloc(8);
  size.write('data', 0, 'latin1');
  size.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, extra, size, data]);
}

function tone(rate: number, hz: number, seconds = 0.5): Buffer {
  const data = Buffer.alloc(Math.floor(rate * seconds) * 2);
  for (let n = 0; n < data.length / 2; n++) {
    data.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hz * n) / rate) * 16_000), n * 2);
  }
  return wav({ rate, bits: 16, data });
}

/** Power of one frequency in the middle of the sound, in dB against full scale. */
function level({ samples, rate }: { samples: Float32Array; rate: number }, hz: number): number {
  const part = samples.subarray(400, samples.length - 400);
  let [re, im] = [0, 0];
  for (const [n, sample] of part.entries()) {
    re += sample * Math.cos((2 * Math.PI * hz * n) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * n) / rate);
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / part.length + 1e-9);
}

describe('sound for a line', () => {
  test.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000])(
    'of %s samples a second keeps what a line carries and no more',
    async (rate) => {
      for (const hz of [300, 1000, 3000]) {
        const { wav: bytes, durationMs } = await lineSound(tone(rate, hz), 'wav');
        const made = readWav(bytes);
        expect(made.rate).toBe(8000);
        expect(durationMs).toBe(500);
        expect(level(made, hz)).toBeCloseTo(20 * Math.log10(16_000 / 32_768), 0);
      }
      // 5 kHz would be heard as 3 kHz.
      if (rate >= 11_025)
        expect(level(readWav((await lineSound(tone(rate, 5000), 'wav')).wav), 3000)).toBeLessThan(-50);
    },
  );

  test('G.711 says what its tables say (ITU-T G.711, tables 1a and 2a, 16-bit scale)', () => {
    expect([...fromUlaw(Uint8Array.of(0xff, 0x7f, 0x80, 0x00, 0xf0, 0x8f))]).toEqual([
      0, 0, 32_124, -32_124, 120, 16_764,
    ]);
    expect([...fromAlaw(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a, 0xd4))]).toEqual([8, -8, 32_256, -32_256, 24]);
  });

  test('raw µ-law, µ-law and A-law in WAV, 8, 24 and 32 bits and two channels are read', async () => {
    const flat = new Uint8Array(800).fill(0xff);
    expect((await lineSound(flat, 'ulaw')).durationMs).toBe(100);
    expect((await lineSound(flat, 'either')).durationMs).toBe(100);
    for (const tag of [6, 7]) {
      expect((await lineSound(wav({ rate: 8000, bits: 8, tag, data: Buffer.from(flat) }), 'either')).durationMs).toBe(
        100,
      );
    }
    const one = (bits: number, bytes: readonly number[]) =>
      readWav(wav({ rate: 8000, bits, data: Buffer.concat(Array(160).fill(Buffer.from(bytes))) })).samples[0];
    expect(one(8, [192])).toBe(0.5);
    expect(one(24, [0, 0, 0xc0])).toBe(-0.5);
    expect(one(32, [0, 0, 0, 0x40])).toBe(0.5);
    const stereo = Buffer.concat(Array(160).fill(Buffer.from([0, 0x40, 0, 0xc0])));
    expect(readWav(wav({ rate: 8000, bits: 16, channels: 2, data: stereo })).samples[0]).toBe(0);
    const list = Buffer.concat([Buffer.from('LIST\x05\x00\x00\x00', 'latin1'), Buffer.from('abcde\x00')]);
    expect(readWav(wav({ rate: 8000, bits: 8, data: Buffer.from(flat), extra: list })).samples).toHaveLength(800);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no sound')],
    ['too short', wav({ rate: 8000, bits: 16, data: Buffer.alloc(100) })],
    ['too long', wav({ rate: 8000, bits: 8, data: Buffer.alloc(601 * 8000) })],
    ['too slow', wav({ rate: 4000, bits: 16, data: Buffer.alloc(8000) })],
    ['too fast', wav({ rate: 96_000, bits: 16, data: Buffer.alloc(80_000) })],
    ['compressed', wav({ rate: 8000, bits: 16, tag: 0x55, data: Buffer.alloc(8000) })],
    ['six channels', wav({ rate: 8000, bits: 16, channels: 6, data: Buffer.alloc(8000) })],
    ['without data', tone(8000, 300).subarray(0, 36)],
  ])('%s is refused', async (_what, bytes) => {
    await expect(lineSound(bytes, 'wav')).rejects.toMatchObject({ name: 'NoSound' });
  });

  test('whatever bytes come, it is a sound or it is refused', async () => {
    const good = tone(8000, 300, 0.05);
    const spoilt = fc
      .tuple(fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }), fc.nat(good.length))
      .map(([changes, length]) => {
        const bytes = Buffer.from(good.subarray(0, length));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(spoilt, async (bytes) => {
        const made = await lineSound(bytes, 'wav').catch((error: Error) => error.name);
        if (typeof made === 'string') expect(made).toBe('NoSound');
        else expect(readWav(made.wav).rate).toBe(8000);
      }),
    );
  });

  test('what was written is read again', () => {
    const samples = Float32Array.of(...Array.from({ length: 200 }, (_, n) => (n - 100) / 128));
    expect(readWav(writeWav(samples)).samples).toEqual(samples);
  });
});

describe('names', () => {
  test.each(['welcome', 'front/welcome', 'a/b/c/d', '欢迎', 'x_1-2'])('%s is one', (name) =>
    expect(isVoiceName(name)).toBe(true),
  );
  test.each([
    '',
    '..',
    '../x',
    'a/../b',
    '/x',
    'x/',
    'a//b',
    'a/b/c/d/e',
    'x.wav',
    'a\\b',
    'a b',
    'a\0',
    'x'.repeat(81),
    'C:x',
  ])('%j is none', (name) => expect(isVoiceName(name)).toBe(false));
  test('no name leads out of its folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', 'a', '%', '2', 'e', '\0') }), (name) => {
        if (!isVoiceName(name)) return;
        expect(versionPath({ language: 'en', name, version: 1 })).not.toMatch(/\.|^\/|\/\//u);
      }),
    );
  });
  test('flows may write an ending', () =>
    expect(['a.wav', 'a', 'b/c.ULAW'].map(nameOfFile)).toEqual(['a', 'a', 'b/c']));
});

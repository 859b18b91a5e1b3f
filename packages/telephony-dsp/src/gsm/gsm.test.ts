import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOf, mixed, reference } from '../../test/support/gsm-reference.js';
import { rawOf, sine } from '../../test/support/samples.js';
import { createGsmDecoder } from './decoder.js';
import { createGsmEncoder } from './encoder.js';
import { GSM_PARAMETERS, PARAMETER_BITS } from './frame.js';
import { createWav49Decoder, createWav49Encoder, packWav49, unpackWav49 } from './wav49.js';

const encode = (samples: Int16Array): Uint8Array => {
  const encoder = createWav49Encoder();
  const out = new Uint8Array((samples.length / 320) * 65);
  for (let n = 0; n * 320 < samples.length; n += 1) encoder.encode(samples, n * 320, out.subarray(n * 65));
  return out;
};
const decode = (bytes: Uint8Array): Int16Array => {
  const decoder = createWav49Decoder();
  const out = new Int16Array((bytes.length / 65) * 320);
  for (let n = 0; n * 65 < bytes.length; n += 1) decoder.decode(bytes, n * 65, out.subarray(n * 320));
  return out;
};
describe('a frame', () => {
  test('has 260 bits, and two fill a block', () => {
    expect(PARAMETER_BITS).toHaveLength(GSM_PARAMETERS);
    expect(PARAMETER_BITS.reduce((sum, bits) => sum + bits, 0)).toBe(260);
  });

  test('any block survives unpacking and packing, and decodes', () => {
    const decoder = createWav49Decoder();
    const out = new Int16Array(320);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 65, maxLength: 65 }), (block) => {
        const parameters = new Uint8Array(2 * GSM_PARAMETERS);
        unpackWav49(block, 0, parameters);
        const again = new Uint8Array(65);
        packWav49(parameters, again, 0);
        decoder.decode(block, 0, out);
        expect(again).toEqual(block);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('the second one begins in the middle of byte 32, the lowest bit first', () => {
    const parameters = new Uint8Array(2 * GSM_PARAMETERS);
    parameters[0] = 0b100001;
    parameters[GSM_PARAMETERS] = 0b110011;
    const block = new Uint8Array(65);
    packWav49(parameters, block, 0);
    expect([block[0], block[32], block[33]]).toEqual([0b100001, 0b0011_0000, 0b11]);
  });
});

test('codes and decodes as libgsm does', () => {
  const bytes = encode(mixed);
  expect({ blocks: hashOf(bytes), samples: hashOf(rawOf(decode(bytes))) }).toEqual(reference);
});

test('a tone comes back as that tone', () => {
  const tone = sine(16_000, 440);
  const out = decode(encode(tone));
  let signal = 0;
  let error = 0;
  tone.forEach((value, n) => {
    signal += value ** 2;
    error += (value - (out[n] ?? 0)) ** 2;
  });
  expect(10 * Math.log10(signal / error)).toBeGreaterThan(12);
});

test('the state of one is not the state of another, and reset forgets it', () => {
  const [a, b] = [createGsmEncoder(), createGsmEncoder()];
  const [one, two] = [new Uint8Array(GSM_PARAMETERS), new Uint8Array(GSM_PARAMETERS)];
  a.encode(mixed, 0, one);
  a.encode(mixed, 160, one);
  b.encode(mixed, 160, two);
  expect(one).not.toEqual(two);
  a.reset();
  a.encode(mixed, 160, one);
  expect(one).toEqual(two);
  const decoder = createGsmDecoder();
  const [first, again] = [new Int16Array(160), new Int16Array(160)];
  decoder.decode(one, first, 0);
  decoder.decode(one, again, 0);
  expect(again).not.toEqual(first);
  decoder.reset();
  decoder.decode(one, again, 0);
  expect(again).toEqual(first);
});

test('too little room or too few samples are refused', () => {
  const encoder = createWav49Encoder();
  const decoder = createWav49Decoder();
  const samples = new Int16Array(320);
  const bytes = new Uint8Array(65);
  expect(() => encoder.encode(samples, 1, bytes)).toThrow(RangeError);
  expect(() => encoder.encode(samples, -1, bytes)).toThrow(RangeError);
  expect(() => encoder.encode(samples, 0, bytes.subarray(1))).toThrow(RangeError);
  expect(() => decoder.decode(bytes, 1, samples)).toThrow(RangeError);
  expect(() => decoder.decode(bytes, 0, samples.subarray(1))).toThrow(RangeError);
  expect(() => createGsmEncoder().encode(samples, 0, new Uint8Array(75))).toThrow(RangeError);
  expect(() => createGsmDecoder().decode(new Uint8Array(75), samples, 0)).toThrow(RangeError);
});

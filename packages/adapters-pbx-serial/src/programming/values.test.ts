import type { ParameterValue } from '@cordboard/cti-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KTS_PARAMETERS, type KtsParameter } from './catalogue.js';
import { parsePlaces } from './count-up.js';
import { faultOf, formatValue, isSameValue, parseSet, parseValue } from './values.js';
import { decodeValue, encodeValue, maxBytesOf, wireTypeOf } from './wire-values.js';

/** Anything that is good for a parameter, to the ends of its range. */
function goodValue({ type, empty }: KtsParameter): fc.Arbitrary<ParameterValue> {
  const digits = (min: number, max: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789*#+ABCDPF.'), minLength: min, maxLength: max });
  const two = (last: number) => fc.integer({ min: 0, max: last }).map((one) => String(one).padStart(2, '0'));
  switch (type.kind) {
    case 'number':
      return fc.oneof(fc.integer({ min: type.min, max: type.max }), fc.constantFrom(type.min, type.max));
    case 'flag':
      return fc.boolean();
    case 'digits':
      return empty === undefined ? digits(type.min, type.max) : fc.oneof(digits(type.min, type.max), fc.constant(''));
    case 'text':
      return fc.string({ unit: fc.constantFrom(...'aZ 9经é😀'), maxLength: Math.floor(type.max / 4) });
    case 'time':
      return fc.oneof(
        fc.constant(''),
        fc.tuple(two(23), two(59)).map((parts) => parts.join(':')),
      );
    case 'set':
      return fc.uniqueArray(fc.integer({ min: 1, max: type.max })).map((all) => all.sort((one, other) => one - other));
  }
}

const parameters = fc.constantFrom(...KTS_PARAMETERS);
const withValue = parameters.chain((parameter) => goodValue(parameter).map((value) => ({ parameter, value })));

describe('values', () => {
  test('go onto the wire and come back, within the bytes that a bulk read reckons with', () => {
    fc.assert(
      fc.property(withValue, ({ parameter, value }) => {
        const { type } = parameter;
        expect(faultOf(parameter, value)).toBeUndefined();
        const bytes = encodeValue(type, value);
        expect(bytes.length).toBeLessThanOrEqual(maxBytesOf(type));
        expect(isSameValue(decodeValue(type, bytes, wireTypeOf(type)), value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are written for people and read again', () => {
    fc.assert(
      fc.property(withValue, ({ parameter: { type }, value }) => {
        expect(isSameValue(parseValue(type, formatValue(type, value)), value)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of no kind pass for no parameter, and bytes of any kind never throw', () => {
    const any = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.string(),
      fc.array(fc.integer(), { maxLength: 5 }),
    );
    fc.assert(
      fc.property(parameters, any, fc.uint8Array({ maxLength: 64 }), (parameter, value, bytes) => {
        const { type } = parameter;
        if (faultOf(parameter, value) === undefined) {
          expect(isSameValue(decodeValue(type, encodeValue(type, value), wireTypeOf(type)), value)).toBe(true);
        }
        const read = decodeValue(type, bytes, wireTypeOf(type));
        if (read !== undefined) expect(formatValue(type, read)).toBeTypeOf('string');
        expect(decodeValue(type, bytes, 'none')).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, ParameterValue, string | undefined]>([
    ['classOfService.day', 0, 'range'],
    ['classOfService.day', 7, 'range'],
    ['classOfService.day', 1.5, 'wrongType'],
    ['classOfService.day', '1', 'wrongType'],
    ['flashTime', 79, 'range'],
    ['flashTime', 1_000, undefined],
    ['extension.number', '8', 'range'],
    ['extension.number', '80123', 'range'],
    ['extension.number', '', 'range'],
    ['attendant', '', undefined],
    ['attendant', 'x1', 'wrongType'],
    ['speedDial.name', '经'.repeat(11), 'range'],
    ['speedDial.name', 'a\nb', 'wrongType'],
    ['alarm.time', '24:00', 'range'],
    ['alarm.time', '6:30', 'range'],
    ['allowedLines.day', [2, 1], 'wrongType'],
    ['allowedLines.day', [1, 1], 'wrongType'],
    ['allowedLines.day', [0], 'range'],
    ['allowedLines.day', [32], undefined],
    ['allowedLines.day', [33], 'range'],
    ['doNotDisturb', 1, 'wrongType'],
  ])('%s %j: %s', (id, value, fault) => {
    const parameter = KTS_PARAMETERS.find((one) => one.id === id);
    expect(parameter && faultOf(parameter, value)).toBe(fault);
  });

  test('worked bytes of the specification', () => {
    expect([...encodeValue({ kind: 'number', min: 80, max: 1_000 }, 1_000)]).toEqual([0xe8, 0x03]);
    expect([...encodeValue({ kind: 'time' }, '')]).toEqual([0xff, 0xff]);
    expect([...encodeValue({ kind: 'time' }, '23:59')]).toEqual([23, 59]);
    expect([...encodeValue({ kind: 'set', of: 'port', max: 128 }, [1, 8, 9])]).toEqual([0x81, 0x01]);
    expect([...encodeValue({ kind: 'set', of: 'port', max: 128 }, [])]).toEqual([0]);
    expect(decodeValue({ kind: 'number', min: 0, max: 60 }, Uint8Array.of(5, 0, 0, 0), 'uint')).toBe(5);
    expect(decodeValue({ kind: 'set', of: 'line', max: 32 }, Uint8Array.of(0x81, 0), 'bytes')).toEqual([1, 8]);
    expect(decodeValue({ kind: 'flag' }, Uint8Array.of(2), 'flag')).toBeUndefined();
    expect(decodeValue({ kind: 'text', max: 32 }, Uint8Array.of(0xff), 'text')).toBeUndefined();
  });

  test('places and sets as people write them', () => {
    expect(parsePlaces('801..803')).toEqual([801, 802, 803]);
    expect(parsePlaces('3,1')).toEqual([3, 1]);
    for (const wrong of ['', '1..', '2..1', '1;2', '1..99999', '0..65535'])
      expect(parsePlaces(wrong), wrong).toBeUndefined();
    expect(parseSet('4,1-2,2', 8)).toEqual([1, 2, 4]);
    expect(parseSet('', 8)).toEqual([]);
    for (const wrong of ['9', '2-1', 'a', '1,,2']) expect(parseSet(wrong, 8), wrong).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, encodeLine, scanFile } from './line.js';

const batches = fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 5,
});

function fileOf(texts: readonly (readonly string[])[]): { bytes: Buffer; jsons: string[]; ends: number[] } {
  const jsons: string[] = [];
  const ends: number[] = [];
  let bytes = Buffer.alloc(0);
  texts.forEach((batch, index) => {
    for (const text of batch) {
      jsons.push(JSON.stringify(text));
      bytes = Buffer.concat([bytes, Buffer.from(encodeLine(index + 1, JSON.stringify(text)))]);
      ends.push(bytes.length);
    }
  });
  return { bytes, jsons, ends };
}

describe('journal lines', () => {
  test('a line comes back as it was written', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.jsonValue(), (batch, value) => {
        const json = JSON.stringify(value);
        expect(decodeLine(encodeLine(batch, json).slice(0, -1))).toEqual({ batch, json });
      }),
    );
  });

  test('cut at any byte, exactly the whole lines before the cut are left', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (texts, at) => {
        const { bytes, jsons, ends } = fileOf(texts);
        const cut = at % (bytes.length + 1);
        const scanned = scanFile(bytes.subarray(0, cut));
        const whole = ends.filter((end) => end <= cut).length;
        expect(scanned.lines.map(({ json }) => json)).toEqual(jsons.slice(0, whole));
        expect(scanned).toMatchObject({
          goodBytes: ends[whole - 1] ?? 0,
          tornBytes: cut - (ends[whole - 1] ?? 0),
          damaged: 'no',
        });
      }),
      { numRuns: 300 },
    );
  });

  test('garbage behind the last sync is a tear; a changed byte with later batches behind it that were not under way with it is damage', () => {
    const { bytes, ends } = fileOf([['a'], ['b'], ['c'], ['d']]);
    expect(scanFile(Buffer.concat([bytes, Buffer.from([0, 0, 10, 0xff, 10])]))).toMatchObject({
      tornBytes: 5,
      damaged: 'no',
    });
    const broken = Buffer.from(bytes);
    const at = (ends[0] ?? 0) + 12;
    broken[at] = (broken[at] ?? 0) ^ 1;
    expect(scanFile(broken)).toMatchObject({ damaged: 'yes', goodBytes: ends[0] });
  });

  test('a crash may keep the second of two batches that were under way and lose the first: that is a tear', () => {
    const { bytes, ends } = fileOf([['a'], ['b'], ['c']]);
    const torn = Buffer.from(bytes);
    torn.fill(0, ends[0], (ends[1] ?? 0) - 1);
    expect(scanFile(torn)).toMatchObject({
      damaged: 'no',
      goodBytes: ends[0],
      tornBytes: bytes.length - (ends[0] ?? 0),
    });
    // Three that were lost with a good one behind them never were under way together.
    const more = fileOf([['a'], ['b'], ['c'], ['d']]);
    more.bytes.fill(0, more.ends[0], (more.ends[2] ?? 0) - 1);
    expect(scanFile(more.bytes)).toMatchObject({ damaged: 'yes' });
  });
});

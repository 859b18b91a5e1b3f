import { describe, expect, it } from 'vitest';
import { brokenGates } from '../bench/lib/gates.mjs';

const figure = { name: 'a', value: 4, unit: 'us', reference: { name: 'peer', value: 8 } };

describe('gates of the benches', () => {
  it('lets good figures pass', () => {
    expect(brokenGates([figure], { a: { max: 4, min: 4, maxRatio: 0.5, minRatio: 0.5 } })).toEqual([]);
  });

  it.each([
    ['too much', { max: 3.9 }],
    ['too little', { min: 4.1 }],
    ['too much beside the reference', { maxRatio: 0.49 }],
    ['too little beside the reference', { minRatio: 0.51 }],
  ])('catches %s', (_title, gate) => {
    expect(brokenGates([figure], { a: gate })).toHaveLength(1);
  });

  it('catches a figure that was never printed, is no number, or has nothing beside it', () => {
    expect(brokenGates([], { a: { max: 4 } })).toHaveLength(1);
    expect(brokenGates([{ ...figure, value: Number.NaN }], { a: {} })).toHaveLength(1);
    expect(brokenGates([{ name: 'a', value: 4, unit: 'us' }], { a: { maxRatio: 9 } })).toHaveLength(1);
  });
});

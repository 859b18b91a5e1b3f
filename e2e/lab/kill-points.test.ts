import { describe, expect, it } from 'vitest';
import { tenthOf } from './kill-points.js';

const SEEDS = Array.from({ length: 500 }, (_, seed) => seed * 7919);

describe('boundaries at which the server is killed', () => {
  it('are one of each ten that follow one another, over all lanes', () => {
    for (const seed of SEEDS) {
      const lanes = [0, 1].map((lane) => tenthOf(300, { seed, lanes: 2, lane }));
      expect(lanes.map((points) => points.length)).toEqual([15, 15]);
      const runs = lanes.flat().map((point) => Math.floor((point - 1) / 10));
      expect(new Set(runs).size).toBe(30);
    }
  });

  it('leave no boundary out for ever, those of a short last run neither', () => {
    const met = new Map<number, number>();
    for (const seed of SEEDS) {
      const points = tenthOf(303, { seed, lanes: 1, lane: 0 });
      expect([30, 31]).toContain(points.length);
      for (const point of points) met.set(point, (met.get(point) ?? 0) + 1);
    }
    expect(Math.max(...met.keys())).toBe(303);
    expect(met.size).toBe(303);
    for (const [point, times] of met) expect(times, String(point)).toBeGreaterThan(SEEDS.length / 40);
  });

  it('are the same again from the same seed', () => {
    const of = { seed: 42, lanes: 2, lane: 1 };
    expect(tenthOf(303, of)).toEqual(tenthOf(303, of));
    expect(tenthOf(303, of)).not.toEqual(tenthOf(303, { ...of, seed: 43 }));
  });

  it('are none of a call without boundaries', () => {
    expect(tenthOf(0, { seed: 1, lanes: 1, lane: 0 })).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { randomStream } from '../random.js';
import { OrderDraws } from './order-draws.js';
import { ORDER_VARIANTS, type OrderGroup } from './orders.js';

const groups = Object.keys(ORDER_VARIANTS) as OrderGroup[];

describe('draws of order variations', () => {
  test.each(groups)('%s comes up by its shares, and each draw is counted', (group) => {
    const draws = new OrderDraws('drawn');
    const random = randomStream(1, group);
    const seen = new Map<string, number>();
    for (let n = 0; n < 20_000; n++) {
      const id = draws.draw(group, random);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
    expect(draws.reached).toEqual(seen);
    const total = ORDER_VARIANTS[group].reduce((sum, { share }) => sum + share, 0);
    for (const { id, share } of ORDER_VARIANTS[group]) {
      const expected = (20_000 * share) / total;
      // Five times the standard deviation of so many draws.
      expect(Math.abs((seen.get(id) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected * (1 - share / total)));
    }
  });

  test('plain ones are the first of each group, and draw nothing', () => {
    const draws = new OrderDraws('plain');
    const random = { ...randomStream(1, 'x'), next: () => Number.NaN };
    for (const group of groups) expect(draws.draw(group, random)).toBe(ORDER_VARIANTS[group][0].id);
    expect([...draws.reached.values()]).toEqual(groups.map(() => 1));
  });
});

import type { RandomStream } from '../random.js';
import { ORDER_VARIANTS, type OrderGroup, type OrderVariant } from './orders.js';

interface Drawn {
  readonly id: OrderVariant;
  readonly share: number;
  times: number;
}

interface Group {
  readonly total: number;
  readonly variants: readonly Drawn[];
}

/** Draws order variations and counts them. A switch draws several for each event: the group is looked up once, and holds its counts itself. */
export class OrderDraws {
  readonly #groups = new Map<OrderGroup, Group>();
  readonly #orders: 'drawn' | 'plain';

  /** @param orders - `plain`: always the first variant of a group */
  constructor(orders: 'drawn' | 'plain') {
    this.#orders = orders;
  }

  /** One variant of a group, by its shares. */
  draw<G extends OrderGroup>(group: G, random: RandomStream): OrderVariant<G> {
    const { total, variants } = this.#groups.get(group) ?? this.#add(group);
    let left = this.#orders === 'plain' ? 0 : random.next() * total;
    for (const variant of variants) {
      left -= variant.share;
      if (left >= 0) continue;
      variant.times++;
      return variant.id as OrderVariant<G>;
    }
    throw new RangeError(`the shares of ${group} do not make up its total`);
  }

  /** How often each variant came up that did. */
  get reached(): ReadonlyMap<OrderVariant, number> {
    const drawn = [...this.#groups.values()].flatMap(({ variants }) => variants);
    return new Map(drawn.filter(({ times }) => times > 0).map(({ id, times }) => [id, times]));
  }

  #add(group: OrderGroup): Group {
    const variants = ORDER_VARIANTS[group].map(({ id, share }) => ({ id, share, times: 0 }));
    const made = { total: variants.reduce((sum, { share }) => sum + share, 0), variants };
    this.#groups.set(group, made);
    return made;
  }
}

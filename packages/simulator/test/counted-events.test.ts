import { createEngine, type Engine, type EngineEffect, type EngineInput } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { FLOOR_NUMBER, randomDay, runDay, VirtualFloor } from '../src/index.js';

/** An engine that tells, with one beside it that counts: what comes of each input is compared but for the events. */
class Twin {
  readonly teller = createEngine();
  readonly counter = createEngine({ events: 'count' });
  applied = 0;
  told = 0;
  readonly differences: string[] = [];

  engine(): Engine {
    const { teller } = this;
    return Object.assign(Object.create(teller) as Engine, {
      apply: (input: EngineInput): readonly EngineEffect[] => {
        const effects = teller.apply(input);
        const rest = effects.filter(({ kind }) => kind !== 'publish');
        const others = this.counter.apply(input);
        if (JSON.stringify(rest) !== JSON.stringify(others)) this.differences.push(input.kind);
        this.applied++;
        this.told += effects.length - rest.length;
        return effects;
      },
    });
  }
}

describe('an engine that counts its events instead of telling them', () => {
  test.each([3, 17, 58])('does the same in day %i, and numbers its streams the same', (seed) => {
    const twins: Twin[] = [];
    const day = runDay(randomDay(seed), {
      createEngine: () => {
        const twin = new Twin();
        twins.push(twin);
        return twin.engine();
      },
    });
    expect(day.violations).toEqual([]);
    for (const twin of twins) {
      expect(twin.differences).toEqual([]);
      expect(twin.counter.dump()).toBe(twin.teller.dump());
    }
    const last = twins.at(-1);
    expect(last?.told).toBeGreaterThan(100);
    expect(last?.counter.lastSeq('board' as never)).toBeGreaterThan(0);
  });

  test('serves a floor that nobody looks at: agents see their calls all the same', () => {
    const published = { watched: 0, unwatched: 0 };
    for (const looks of ['watched', 'unwatched'] as const) {
      const floor = new VirtualFloor({
        seed: 4,
        queues: { support: { agents: ['ann'] } },
        events: 'drop',
        oracle: looks === 'watched' ? 'judge' : 'none',
      });
      floor.onApplied = (_, effects) => {
        for (const { kind } of effects) if (kind === 'publish') published[looks]++;
      };
      floor.agent('ann').ready();
      floor.caller('13912345678').dials(FLOOR_NUMBER);
      floor.run('10s');
      expect(floor.agent('ann').view?.state).toBe('busy');
      expect(floor.agent('ann').callIn('connected')?.connections).toHaveLength(2);
      floor.agent('ann').hold();
      floor.run('2s');
      expect(floor.agent('ann').callIn('held')).toBeDefined();
    }
    expect(published.watched).toBeGreaterThan(0);
    expect(published.unwatched).toBe(0);
  });
});

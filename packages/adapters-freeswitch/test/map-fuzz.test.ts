import { describe, expect, it } from 'vitest';
import { fuzzMap } from './map-fuzz.js';
import { eventsOf, Maps, TRACES } from './recorded.js';

if (TRACES.length === 0) console.info('skipped: recorded dialogues of FreeSWITCH are not on this machine');

describe.skipIf(TRACES.length === 0)('mutated dialogues through the map', () => {
  // The burst of 100 legs is long and of one kind.
  const dialogues = TRACES.filter(({ name }) => name !== '36-burst-50')
    .flatMap(eventsOf)
    .map(({ events }) => events);

  it.each([1, 2, 3])('nothing throws, nothing grows, seed %i', (seed) => {
    const report = fuzzMap(dialogues, { count: Number(process.env.FUZZ_COUNT ?? 4_000), seed });
    console.info(`${report.events} events, ${report.told} told, at most ${report.peak} channels`);
    expect(report.told).toBeGreaterThan(report.events / 100);
  });

  it('a map that keeps what has ended is found out', () => {
    const prototype = Object.getPrototypeOf(new Maps().model) as { drop: (id: string) => void };
    const { drop } = prototype;
    let kept = 0;
    prototype.drop = function keeping(this: { add: (leg: object) => void }, id) {
      drop.call(this, id);
      for (let n = 0; n < 50; n++)
        this.add({ id: `kept-${kept++}`, connectionId: `main~kept-${kept}`, place: { kind: 'alone' } });
    };
    try {
      expect(() => fuzzMap(dialogues, { count: 20_000, seed: 1 })).toThrow('the map holds');
    } finally {
      prototype.drop = drop;
    }
  });
});

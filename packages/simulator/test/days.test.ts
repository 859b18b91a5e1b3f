import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Day, parseDay, randomDay, runDay, shrinkDay } from '../src/index.js';

const FOUND = new URL('found-days/', import.meta.url);

describe('days on which the engine failed once', () => {
  it.each(readdirSync(FOUND))('%s: every invariant holds', (file) => {
    expect(runDay(parseDay(readFileSync(new URL(file, FOUND), 'utf8'))).violations).toEqual([]);
  });
});

describe('random days', () => {
  it.each([1, 2, 3])('hold at least 50 calls and 3 faults, and every invariant: seed %i', (seed) => {
    const day = randomDay(seed);
    expect(day.steps.filter((step) => step.do === 'fault').length).toBeGreaterThanOrEqual(3);
    const result = runDay(day);
    expect(result.calls).toBeGreaterThanOrEqual(50);
    expect(result.violations).toEqual([]);
  });

  it('are the same when played again, also from their JSON', () => {
    const effects = (day: Day): string[] => {
      const lines: string[] = [];
      runDay(day, { watch: (input, out) => lines.push(JSON.stringify([input, out])) });
      return lines;
    };
    const day = randomDay(11);
    expect(effects(parseDay(JSON.stringify(day)))).toEqual(effects(day));
  });

  it('shrink to the steps that matter', () => {
    const day = randomDay(5);
    const wanted = day.steps.filter((step) => step.do === 'call').slice(3, 5);
    const small = shrinkDay(day, {
      fails: ({ steps }) => wanted.every(({ atMs }) => steps.some((step) => step.atMs === atMs)),
    });
    expect(small.steps.length).toBe(2);
  });

  it('write the talk of a call whose joining is told only after the agent sent the caller on', () => {
    const day = parseDay(
      JSON.stringify({
        format: 'cordboard-day/1',
        seed: 1493,
        steps: [
          { atMs: 606_177, do: 'agent', agent: 'dee', wish: 'ready' },
          {
            atMs: 624_974,
            do: 'call',
            presses: [],
            from: '+8613757429071',
            patienceMs: 74_070,
            offers: [{ does: 'answer', afterMs: 2_698 }],
            to: '4008001002',
            service: [{ afterMs: 1_210, act: 'toFlow', flow: 'front' }],
          },
        ],
      }),
    );
    const talks: unknown[] = [];
    const { violations } = runDay(day, {
      watch: (_, effects) => {
        for (const effect of effects) {
          if (effect.kind !== 'record' || effect.record.table !== 'cdr') continue;
          talks.push(
            effect.record.value.agents,
            ...effect.record.value.segments.filter(({ kind }) => kind === 'talking'),
          );
        }
      },
    });
    expect(violations).toEqual([]);
    expect(talks).toEqual([['dee'], expect.objectContaining({ kind: 'talking', agentId: 'dee' })]);
  });

  it('are refused when they are none', () => {
    expect(() => parseDay('{"format":"cordboard-day/2"}')).toThrow(SyntaxError);
    expect(() => parseDay('nonsense')).toThrow(SyntaxError);
  });
});

// One worker of the fault days: gets seeds by message, answers with what became of them.
import { createHash } from 'node:crypto';
import process from 'node:process';
import { type Day, type DayResult, randomDay, runDay, shrinkDay } from '@cordboard/simulator';

/** What a worker is asked. */
export type Question =
  | { readonly ask: 'days'; readonly seeds: readonly number[]; readonly twice: number }
  | { readonly ask: 'shrink'; readonly day: Day; readonly budget: number }
  | { readonly ask: 'play'; readonly day: Day };

/** A day's result as it crosses the process border. */
export interface DayReport {
  readonly seed: number;
  readonly calls: number;
  readonly inputs: number;
  readonly faults: readonly (readonly [string, number])[];
  readonly races: readonly (readonly [string, number])[];
  readonly orders: readonly (readonly [string, number])[];
  readonly counters: Readonly<Record<string, number>>;
  readonly violations: DayResult['violations'];
}

/** What it answers. */
export type Answer =
  | { readonly answer: 'days'; readonly reports: readonly DayReport[] }
  | { readonly answer: 'shrink' | 'play'; readonly day: Day; readonly violations: DayResult['violations'] };

function play(seed: number, twice: number): DayReport {
  const day = randomDay(seed);
  const check = seed % twice === 0;
  const first = createHash('sha256');
  const result = runDay(day, check ? { watch: (_, effects) => void first.update(JSON.stringify(effects)) } : {});
  const violations = [...result.violations];
  if (check && violations.length === 0) {
    const second = createHash('sha256');
    runDay(day, { watch: (_, effects) => void second.update(JSON.stringify(effects)) });
    if (first.digest('hex') !== second.digest('hex')) {
      violations.push({
        invariant: 'recovers-equal',
        atMs: 0,
        what: 'the same day gave other effects the second time',
      });
    }
  }
  const { calls, inputs, faults, races, orders, counters } = result;
  return { seed, calls, inputs, faults: [...faults], races: [...races], orders: [...orders], counters, violations };
}

function shrink(day: Day, budget: number): { readonly day: Day; readonly violations: DayResult['violations'] } {
  const invariant = runDay(day).violations[0]?.invariant;
  if (invariant === undefined) return { day, violations: [] };
  const small = shrinkDay(day, {
    budget,
    fails: (candidate) => runDay(candidate).violations[0]?.invariant === invariant,
  });
  const { violations } = runDay(small);
  return { day: { ...small, fails: `${violations[0]?.invariant}: ${violations[0]?.what}` }, violations };
}

process.on('message', (question: Question) => {
  const answer: Answer =
    question.ask === 'days'
      ? { answer: 'days', reports: question.seeds.map((seed) => play(seed, question.twice)) }
      : question.ask === 'shrink'
        ? { answer: 'shrink', ...shrink(question.day, question.budget) }
        : { answer: 'play', day: question.day, violations: runDay(question.day).violations };
  process.send?.(answer);
});

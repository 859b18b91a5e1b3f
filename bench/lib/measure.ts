import { median, rangeOf } from './stats.js';

/** One way of doing the same work. */
export interface Contender {
  readonly name: string;
  /** Does the work once and returns the figure of that repetition, for example microseconds of CPU an event. */
  measure(): Promise<number>;
}

/** What a contender showed. */
export interface Measured {
  readonly name: string;
  readonly values: readonly number[];
  readonly median: number;
  readonly range: readonly [number, number];
}

/**
 * Measures contenders in turns (A B C, B C A, ...), so that a busy minute of the machine meets all of them.
 *
 * @param contenders - at least one
 * @param options.repetitions - default 5
 * @param options.warmUps - turns that are thrown away, default 1
 */
export async function inTurns(
  contenders: readonly Contender[],
  options: { readonly repetitions?: number; readonly warmUps?: number } = {},
): Promise<ReadonlyMap<string, Measured>> {
  const { repetitions = 5, warmUps = 1 } = options;
  const values = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let turn = -warmUps; turn < repetitions; turn += 1) {
    const shift = (turn + warmUps) % contenders.length;
    for (const contender of [...contenders.slice(shift), ...contenders.slice(0, shift)]) {
      const value = await contender.measure();
      if (turn >= 0) values.get(contender.name)?.push(value);
    }
  }
  return new Map(
    [...values].map(([name, list]) => [name, { name, values: list, median: median(list), range: rangeOf(list) }]),
  );
}

/** The result of one contender. @throws {Error} when no contender has that name */
export function resultOf(results: ReadonlyMap<string, Measured>, name: string): Measured {
  const found = results.get(name);
  if (!found) throw new Error(`nothing called ${name} was measured`);
  return found;
}

/** CPU time of this process in microseconds, user and system together. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time that some work took, in microseconds; the work may wait in between. */
export async function cpuUsOf(work: () => unknown): Promise<number> {
  const before = cpuUs();
  await work();
  return cpuUs() - before;
}

/** Bytes that live after a full collection. Needs `--expose-gc`, which the runner and {@link startChild} give. */
export function liveBytes(): number {
  if (typeof globalThis.gc !== 'function') throw new Error('start node with --expose-gc to weigh memory');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

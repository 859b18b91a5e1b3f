import { randomOf } from '../../tools/lib/random.js';

/** So many boundaries that follow one another have one of them killed. */
const RUN = 10;

/**
 * A tenth of the boundaries 1..`boundaries`: one of each run of ten, drawn from the seed, so that no stretch of the call is left out. A shorter run at the
 * end has as many chances in ten as it has boundaries. Lanes take turns with the runs; together they have the whole tenth.
 */
export function tenthOf(boundaries: number, of: { seed: number; lanes: number; lane: number }): number[] {
  const random = randomOf(of.seed);
  const points: number[] = [];
  for (let run = 0; run * RUN < boundaries; run++) {
    const point = run * RUN + 1 + Math.floor(random() * RUN);
    if (point <= boundaries && run % of.lanes === of.lane) points.push(point);
  }
  return points;
}

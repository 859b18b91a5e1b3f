/** Numbers from a seed (mulberry32), so that a failing choice can be had again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

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

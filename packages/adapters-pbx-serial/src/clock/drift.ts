/** How far a PBX's clock was ahead of the host's at a moment. */
export interface ClockReading {
  /** Epoch ms of the host. */
  readonly wallMs: number;
  readonly aheadMs: number;
  /** The clock had just been set. */
  readonly set?: 'set';
}

/** How fast a clock leaves the truth. */
export interface ClockDrift {
  /** Ms a day; above 0: it runs fast. */
  readonly perDayMs: number;
  /** Within which that is known, ms a day. */
  readonly plusMinusMs: number;
  /** Between the first and the last reading that it was reckoned from. */
  readonly overMs: number;
  readonly readings: number;
}

/** A reading is good to this: the facet finds the turn of a second within a quarter of it. */
export const READING_MS = 250;
/** No crystal of a PBX is off by more; a clock that is was set, or has jumped. */
const MOST_PPM = 1_000;
const DAY_MS = 86_400_000;

/**
 * How much a PBX's clock gains or loses a day, from two or more readings since it was last set. A step that no crystal makes (somebody set it at a telephone, a
 * change to summer time) begins anew, like a setting of ours.
 *
 * @returns undefined where fewer than two readings have been made since, or all within a minute
 */
export function clockDrift(readings: readonly ClockReading[]): ClockDrift | undefined {
  const sorted = [...readings].sort((a, b) => a.wallMs - b.wallMs);
  let from = 0;
  for (const [index, reading] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined) continue;
    const could = ((reading.wallMs - before.wallMs) * MOST_PPM) / 1e6 + 2 * READING_MS;
    if (reading.set !== undefined || Math.abs(reading.aheadMs - before.aheadMs) > could) from = index;
  }
  const run = sorted.slice(from);
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined || last.wallMs - first.wallMs < 60_000) return undefined;
  const overMs = last.wallMs - first.wallMs;
  // The straight line that lies closest: two readings give the line through both.
  const meanAt = run.reduce((sum, { wallMs }) => sum + (wallMs - first.wallMs), 0) / run.length;
  const meanAhead = run.reduce((sum, { aheadMs }) => sum + aheadMs, 0) / run.length;
  const spread = run.reduce((sum, { wallMs }) => sum + (wallMs - first.wallMs - meanAt) ** 2, 0);
  const shared = run.reduce(
    (sum, { wallMs, aheadMs }) => sum + (wallMs - first.wallMs - meanAt) * (aheadMs - meanAhead),
    0,
  );
  return {
    perDayMs: Math.round((shared / spread) * DAY_MS),
    plusMinusMs: Math.ceil((2 * READING_MS * DAY_MS) / overMs),
    overMs,
    readings: run.length,
  };
}

/** A local stretch of a day that the clocks leave out or show twice: minutes of that date. */
export interface ClockChange {
  readonly kind: 'skipped' | 'twice';
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

/** Years that are looked at where nothing else is said: as far ahead as zone data is of use. */
export const YEARS = { from: 2026, to: 2030 } as const;

const HOUR_MS = 3_600_000;
const memory = new Map<string, readonly ClockChange[] | undefined>();

/**
 * The days of some years on which a zone's clocks are changed, by the runtime's zone data. `undefined`: there is no such zone. A change over midnight is cut at it: the
 * part on the date on which it begins.
 */
export function clockChanges(
  zone: string,
  years: { readonly from: number; readonly to: number },
): readonly ClockChange[] | undefined {
  const key = `${zone} ${years.from} ${years.to}`;
  if (memory.has(key)) return memory.get(key);
  const found = isZone(zone) ? look(zone, years) : undefined;
  if (memory.size >= 1000) memory.clear();
  memory.set(key, found);
  return found;
}

function isZone(zone: string): boolean {
  // Offsets such as +02:00 are taken by some runtimes and have no days of change.
  if (!/^[A-Za-z][\w+/-]*$/u.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function look(zone: string, years: { readonly from: number; readonly to: number }): readonly ClockChange[] {
  const offset = offsetOf(zone);
  const found: ClockChange[] = [];
  const end = Date.UTC(years.to + 1, 0, 1);
  const step = 7 * 24 * HOUR_MS;
  let before = offset(Date.UTC(years.from, 0, 1));
  for (let at = Date.UTC(years.from, 0, 1); at < end; at += step) {
    const after = offset(at + step);
    if (after === before) continue;
    let [low, high] = [at, at + step];
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    found.push(change(high, before, after));
    before = after;
  }
  return found;
}

function change(at: number, before: number, after: number): ClockChange {
  // Forward: the wall jumps from the old time to the new one. Back: the stretch from the new time to the old one comes again.
  const [first, second] = after > before ? [before, after] : [after, before];
  const begin = new Date(at + first * 60_000);
  const from = begin.getUTCHours() * 60 + begin.getUTCMinutes();
  return {
    kind: after > before ? 'skipped' : 'twice',
    date: begin.toISOString().slice(0, 10),
    from,
    to: Math.min(1440, from + second - first),
  };
}

/** Minutes that the zone is ahead of UTC at a moment. */
function offsetOf(zone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return Math.round((wall - atMs) / 60_000);
  };
}

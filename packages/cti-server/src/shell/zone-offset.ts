/** Reads what time it is somewhere; made once per zone, since it is dear to make. */
export type ZoneClock = Intl.DateTimeFormat;

/** @throws {RangeError} for a name that is no zone */
export function zoneClock(timeZone: string): ZoneClock {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

/** Minutes that a zone is ahead of UTC at a moment. */
export function offsetOf(zone: ZoneClock, wallMs: number): number {
  const parts = new Map(zone.formatToParts(wallMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const localMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((localMs - Math.floor(wallMs / 60_000) * 60_000) / 60_000);
}

/** The local day of a moment, `YYYY-MM-DD`. */
export function dayIn(zone: ZoneClock): (wallMs: number) => string {
  return (wallMs) => new Date(wallMs + offsetOf(zone, wallMs) * 60_000).toISOString().slice(0, 10);
}

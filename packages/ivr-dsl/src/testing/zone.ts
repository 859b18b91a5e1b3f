/** Minutes that a zone is ahead of UTC, from the run time's own table of zones; remembers what it was asked. */
export class Zones {
  readonly #formats = new Map<string, Intl.DateTimeFormat | undefined>();
  readonly #known = new Map<string, number>();

  /** At `wallMs`; `undefined` for a name that is no zone. Zones change on quarters of an hour. */
  offsetMin(zone: string, wallMs: number): number | undefined {
    const quarter = Math.floor(wallMs / 900_000);
    const key = `${zone} ${quarter}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const format = this.#formatOf(zone);
    if (format === undefined) return undefined;
    const parts = Object.fromEntries(format.formatToParts(quarter * 900_000).map(({ type, value }) => [type, value]));
    const { year = '', month = '', day = '', hour = '', minute = '' } = parts;
    const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
    const offset = Math.round((local - quarter * 900_000) / 60_000);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, offset);
    return offset;
  }

  /** The moment of a local time, given as if it were UTC. One that the clocks jump over means as much later; of one that comes twice, the first. */
  momentOf(zone: string, localMs: number): number | undefined {
    const before = this.offsetMin(zone, localMs - DAY_MS);
    if (before === undefined) return undefined;
    const first = localMs - before * 60_000;
    if (this.offsetMin(zone, first) === before) return first;
    const after = this.offsetMin(zone, localMs + DAY_MS) ?? before;
    const second = localMs - after * 60_000;
    return this.offsetMin(zone, second) === after ? second : first;
  }

  #formatOf(zone: string): Intl.DateTimeFormat | undefined {
    if (this.#formats.has(zone)) return this.#formats.get(zone);
    const made = formatFor(zone);
    this.#formats.set(zone, made);
    return made;
  }
}

const MAX_KNOWN = 10_000;
const DAY_MS = 86_400_000;

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return undefined;
  }
}

import { Session } from 'node:inspector/promises';

/** How much of some sources was run. */
export interface Covered {
  /** 0 to 1, of their characters. */
  readonly share: number;
  readonly files: readonly { readonly file: string; readonly share: number }[];
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** Counts what is run from now on. @returns what ends the count and tells, for the sources whose path holds `part` */
export async function startCoverage(): Promise<(part: string) => Promise<Covered>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async (part) => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
    const files = result
      .filter(({ url }) => url.includes(part))
      .map(({ url, functions }) => ({
        file: url.slice(url.indexOf(part) + part.length),
        ...run(functions.flatMap(({ ranges }) => ranges)),
      }));
    const sum = (of: 'all' | 'ran'): number => files.reduce((total, file) => total + file[of], 0);
    return {
      share: sum('ran') / Math.max(1, sum('all')),
      files: files.map(({ file, all, ran }) => ({ file, share: ran / Math.max(1, all) })),
    };
  };
}

/** A range within another says it better. */
function run(ranges: readonly Range[]): { readonly all: number; readonly ran: number } {
  const sorted = [...ranges].sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const painted = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of sorted) painted.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return { all: painted.length, ran: painted.reduce((total, one) => total + one, 0) };
}

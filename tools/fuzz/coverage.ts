import { readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import ts from 'typescript';

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

/** Counts what is run from now on of the sources in `folder`, each of them by its code without types. @returns what ends the count and tells */
export async function startCoverage(folder: URL): Promise<() => Promise<Covered>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
    const ranges = new Map<string, readonly Range[]>();
    for (const { url, functions } of result) {
      const [, file] = url.replace(/\?.*$/, '').split(folder.pathname);
      const own = functions.flatMap((each) => each.ranges);
      if (file !== undefined) ranges.set(file, own);
    }
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    // The profiler says nothing of a source of which no function was run: it counts with all that it has.
    const files = sources.map((file) => ({
      file,
      ...(run(ranges.get(file)) ?? { all: codeOf(folder, file), ran: 0 }),
    }));
    const sum = (of: 'all' | 'ran'): number => files.reduce((total, file) => total + file[of], 0);
    return {
      share: sum('ran') / Math.max(1, sum('all')),
      files: files.map(({ file, all, ran }) => ({ file, share: ran / Math.max(1, all) })),
    };
  };
}

/** Characters of code in a source, its types and comments left out. */
function codeOf(folder: URL, file: string): number {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true };
  return ts.transpileModule(readFileSync(new URL(file, folder), 'utf8'), { compilerOptions }).outputText.length;
}

/** A range within another says it better. */
function run(ranges: readonly Range[] | undefined): { readonly all: number; readonly ran: number } | undefined {
  if (ranges === undefined) return undefined;
  const sorted = [...ranges].sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const painted = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of sorted) painted.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return { all: painted.length, ran: painted.reduce((total, one) => total + one, 0) };
}

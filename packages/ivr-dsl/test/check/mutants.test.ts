import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IVR_PROBLEMS } from '../../src/index.js';
import { MUTANTS, type Mutant } from './mutants.js';
import { type Planted, plantedProgram } from './plant.js';
import { type Check, findingsOf, missed } from './search.js';
import { type SoundProgram, soundProgram } from './sound.js';

const source = fileURLToPath(new URL('../../src/check/', import.meta.url));
const codes = Object.keys(IVR_PROBLEMS);
const settings: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'node20',
  conditions: ['@cordboard/source'],
  logLevel: 'error',
};
let folder: string;
let planted: readonly Planted[];
let sound: readonly SoundProgram[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordboard-checker-'));
  // The graphs of the search itself, in its order.
  planted = Array.from({ length: 500 }, (_, index) =>
    plantedProgram(codes[index % codes.length] ?? '', 10_000 + index),
  );
  sound = Array.from({ length: 500 }, (_, seed) => soundProgram(seed));
  // Once for all of them.
  await build({
    stdin: { contents: "export * from '@cordboard/cti-core';", resolveDir: source },
    outfile: join(folder, 'core.mjs'),
    ...settings,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The checker with one text of its sources replaced. */
async function broken(mutant: Mutant | undefined, name: string): Promise<Check> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(source, 'check.ts')],
    outfile,
    ...settings,
    plugins: [
      {
        name: 'mutant',
        setup: (bundler) => {
          bundler.onResolve({ filter: /^@cordboard\/cti-core$/ }, () => ({ path: './core.mjs', external: true }));
          bundler.onLoad({ filter: /src[\\/]check[\\/]/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8');
            if (mutant === undefined || basename(path) !== mutant.file) return { contents: text, loader: 'ts' };
            return { contents: text.replace(mutant.before, () => mutant.after), loader: 'ts' };
          });
        },
      },
    ],
  });
  const module: { readonly checkIvr: Check } = await import(pathToFileURL(outfile).href);
  return module.checkIvr;
}

/** What the search says of a checker first. A checker that throws is noticed too. */
function noticed(check: Check): string | undefined {
  for (const one of planted) {
    const miss = attempt(() => missed(check, one));
    if (miss !== undefined) return miss;
  }
  for (const program of sound) {
    const [first] = attempt(() => findingsOf(check, program)) ?? [];
    if (first !== undefined) return typeof first === 'string' ? first : `${first.code} where nothing is wrong`;
  }
  return undefined;
}

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

test('the search has nothing to say of the checker as it is', { timeout: 180_000 }, async () => {
  expect(noticed(await broken(undefined, 'whole'))).toBeUndefined();
});

/** All of them in deep runs, else some. */
const chosen = MUTANTS.map((mutant, index) => ({ ...mutant, index })).filter(
  ({ index }) => process.env.CORDBOARD_DEEP !== undefined || index % 6 === 0,
);

test('every text that is replaced stands in its file once', () => {
  const places = MUTANTS.map(({ file, before }) => readFileSync(join(source, file), 'utf8').split(before).length - 1);
  expect(MUTANTS.filter((_, index) => places[index] !== 1)).toEqual([]);
});

test.each(chosen)('$file: $about', { timeout: 180_000 }, async ({ index, ...mutant }) => {
  expect(noticed(await broken(mutant, `mutant${index}`))).toBeDefined();
});

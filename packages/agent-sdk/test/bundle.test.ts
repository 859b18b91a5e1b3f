import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';

const source = (file: string): string => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

interface Bundle {
  readonly gzipBytes: number;
  readonly text: string;
  readonly metafile: Metafile;
}

/** What a page loads, as small as a bundler makes it. */
async function bundle(file: string): Promise<Bundle> {
  const result = await build({
    entryPoints: [source(file)],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'Cordboard',
    target: 'es2022',
    platform: 'browser',
    conditions: ['@cordboard/source'],
    metafile: true,
    write: false,
  });
  const text = result.outputFiles[0]?.text ?? '';
  return { gzipBytes: gzipSync(text, { level: 9 }).length, text, metafile: result.metafile };
}

test.each([
  ['script.ts', 29],
  ['index.ts', 15],
])('%s stays under %i KiB, gzipped', async (file, kib) => {
  const { gzipBytes } = await bundle(file);
  expect(gzipBytes).toBeGreaterThan(4_096);
  expect(gzipBytes).toBeLessThan(kib * 1_024);
});

test('neither Node nor a schema library nor a socket library gets into a page', async () => {
  const { metafile, text } = await bundle('script.ts');
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.some((name) => name.includes('eventemitter3'))).toBe(true);
  expect(inputs.filter((name) => /node_modules\/(?!eventemitter3\/)/u.test(name))).toEqual([]);
  expect(text).not.toMatch(/require\(|node:/u);
});

test('importing it starts nothing and needs no page', async () => {
  const before = Object.keys(globalThis);
  await import('../src/index.js');
  const elements = await import('../src/elements/index.js');
  expect(Object.keys(globalThis)).toEqual(before);
  expect(typeof elements.defineElements).toBe('function');
});

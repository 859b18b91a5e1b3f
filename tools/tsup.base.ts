import { existsSync, readFileSync } from 'node:fs';
import type { Options } from 'tsup';

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const sourceOf = (target: string): string => target.replace('./dist/', 'src/').replace(/\.js$/, '.ts');

/** Entries are read from package.json: every exported source and every command. */
function entriesOf(manifest: Manifest): Record<string, string> {
  const sources = Object.values(manifest.exports).flatMap((value) => {
    const source = typeof value === 'string' ? undefined : value['@cordboard/source'];
    return source === undefined ? [] : [source.replace('./', '')];
  });
  const commands = Object.values(manifest.bin ?? {}).map(sourceOf);
  const present = [...sources, ...commands].filter((file) => existsSync(file));
  return Object.fromEntries(present.map((file) => [file.replace(/^src\//, '').replace(/\.ts$/, ''), file]));
}

/**
 * Settings shared by all packages; run with the package as working folder.
 * Declarations are written by `tools/build.mjs`, which is ten times quicker than a bundler's.
 */
export function library(platform: 'neutral' | 'node'): Options {
  const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    entry: entriesOf(manifest),
    format: 'esm',
    target: 'es2022',
    platform,
    sourcemap: true,
    splitting: true,
    silent: true,
    clean: ['dist/**/*.js', 'dist/**/*.map'],
    dts: false,
  };
}

/**
 * One self-contained file for pages without a build step: everything inside, one global name. It is made from the sources of the packages
 * that it takes in: their built files may be on the way at the same moment.
 */
export function script(name: string, options: { readonly globalName: string; readonly entry: string }): Options {
  return {
    entry: { [name]: options.entry },
    format: 'iife',
    globalName: options.globalName,
    target: 'es2020',
    platform: 'browser',
    noExternal: [/.*/],
    minify: true,
    sourcemap: true,
    splitting: false,
    silent: true,
    clean: false,
    dts: false,
    esbuildOptions: (settings) => {
      settings.conditions = ['@cordboard/source'];
    },
    outExtension: () => ({ js: '.js' }),
  };
}

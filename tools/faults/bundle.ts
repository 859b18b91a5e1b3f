import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../lib/workspace.mjs';

/** A bundled program in a folder of its own. */
export interface Bundle {
  readonly file: string;
  remove(): Promise<void>;
}

/**
 * Bundles a program of this folder with the sources of the workspace into one file, so that worker processes start at once.
 * `coreSources`: a folder with a changed copy of `packages/cti-core/src` to use in its place.
 */
export async function bundle(entry: string, options: { readonly coreSources?: string } = {}): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-faults-'));
  const file = join(folder, 'program.mjs');
  const { coreSources } = options;
  await build({
    entryPoints: [join(root, 'tools/faults', entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    sourcemap: 'inline',
    logLevel: 'error',
    ...(coreSources === undefined ? {} : { alias: { '@cordboard/cti-core': join(coreSources, 'index.ts') } }),
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

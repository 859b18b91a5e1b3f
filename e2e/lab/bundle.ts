import { copyFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const made = new Map<string, Promise<string>>();

/**
 * A program of this repository as one file, made from the sources: it starts in a third of the time that it takes to translate each of them, and
 * is never an old one. It lies two folders below the repository, as the sources do, for what is found from there.
 * @param entry - path below the repository
 */
export function bundleOf(entry: string): Promise<string> {
  const known = made.get(entry);
  if (known !== undefined) return known;
  const name = entry.replace(/[^a-z0-9]+/gi, '-');
  const outfile = fileURLToPath(new URL(`../../.run/e2e-bundles/${name}-${process.pid}.mjs`, import.meta.url));
  const making = build({
    entryPoints: [fileURLToPath(new URL(`../../${entry}`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@cordboard/source'],
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [
      {
        name: 'own packages only',
        setup(bundling) {
          // Programs of other threads are named by where the package lies, and stay there.
          bundling.onLoad({ filter: /[/\\]worker-files\.ts$/ }, async ({ path }) => {
            const text = await readFile(path, 'utf8');
            const here = JSON.stringify(pathToFileURL(path).href);
            return { contents: text.replaceAll('import.meta.url', here), loader: 'ts' };
          });
          // Others stay where they lie, found from the package that asks for them.
          bundling.onResolve({ filter: /^[^.]/ }, async ({ path, kind, resolveDir, pluginData }) => {
            if (kind === 'entry-point' || path.startsWith('@cordboard/') || pluginData === 'asked') return undefined;
            if (isBuiltin(path)) return { path, external: true };
            const found = await bundling.resolve(path, { kind, resolveDir, pluginData: 'asked' });
            return found.errors.length > 0 ? undefined : { path: pathToFileURL(found.path).href, external: true };
          });
        },
      },
    ],
  }).then(() => {
    // Programs look for their own version there.
    copyFileSync(new URL('../../package.json', import.meta.url), new URL('../../.run/package.json', import.meta.url));
    return outfile;
  });
  made.set(entry, making);
  process.once('exit', () => rmSync(outfile, { force: true }));
  return making;
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CtiError } from '@cordboard/cti-core';
import { build } from 'esbuild';

/**
 * The client for plain `<script>` pages: the built file of `@cordboard/agent-sdk`, or, where the packages run from their sources, one
 * made from them.
 * @throws {CtiError} `server.internal` when neither is there
 */
export async function clientScript(): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve('@cordboard/agent-sdk'));
  if (!entry.endsWith('.ts')) return readFile(new URL('cordboard.js', `file://${entry}`), 'utf8');
  const result = await build({
    entryPoints: [fileURLToPath(new URL('script.ts', `file://${entry}`))],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'Cordboard',
    target: 'es2020',
    platform: 'browser',
    conditions: ['@cordboard/source'],
    write: false,
    logLevel: 'silent',
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new CtiError('server.internal', 'the client script could not be made');
  return file.text;
}

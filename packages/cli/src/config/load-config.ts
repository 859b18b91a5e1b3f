import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CtiError, isCtiError } from '@cordboard/cti-core';
import { build } from 'esbuild';

const maxBytes = 16 * 1024 * 1024;
const maxWords = 300;
const names = ['cordboard.config.ts', 'cordboard.config.js', 'cordboard.config.mjs', 'cordboard.config.json'];

/** A configuration as it stands in its file, unchecked. */
export interface LoadedConfig {
  readonly file: string;
  readonly value: unknown;
}

/**
 * Loads a configuration file: `.json`, or `.ts`, `.mts`, `.js`, `.mjs` whose default export is the configuration. Without a name, looks for
 * `cordboard.config.*` in `folder`. Packages that the file imports are found from its own folder.
 *
 * @throws {CtiError} `config.invalid` with the file and what was expected: not there, not readable, failing while it is loaded, no default export
 */
export async function loadConfig(file: string | undefined, folder: string): Promise<LoadedConfig> {
  if (file !== undefined) return load(resolve(folder, file));
  for (const name of names) {
    const path = join(folder, name);
    if ((await textOf(path)) !== undefined) return load(path);
  }
  throw refused(folder, `one of ${names.join(', ')}, or --config FILE`);
}

async function load(file: string): Promise<LoadedConfig> {
  const text = await textOf(file);
  if (text === undefined) throw refused(file, 'a file that can be read');
  const value = extname(file) === '.json' ? readJson(file, text) : await readModule(file);
  return { file, value };
}

function readJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own words quote the file, which holds passwords: only the place goes on.
    const at = /position (\d+)/u.exec(String(cause))?.[1];
    const line = at === undefined ? '' : ` near line ${text.slice(0, Number(at)).split('\n').length}`;
    throw refused(file, `JSON${line}`);
  }
}

async function readModule(file: string): Promise<unknown> {
  const { default: value } = await importModule(file);
  if (value === undefined) throw refused(file, 'a default export: export default defineConfig({ ... })');
  return await value;
}

/**
 * What a TypeScript or JavaScript file exports. Packages that it imports are found from its own folder.
 *
 * @throws {CtiError} `config.invalid` for one that does not compile, or fails while it is loaded; what it throws in our words, with `file`
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const bundled = join(dirname(file), `.${basename(file)}.${process.pid}.${Date.now().toString(36)}.mjs`);
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
  }).catch((cause: unknown) => {
    throw refused(file, `TypeScript or JavaScript that compiles: ${firstProblem(cause)}`);
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw refused(file, 'a module');
  try {
    // Beside the file itself, so that its packages are found as they are from there.
    await writeFile(bundled, output.contents, { mode: 0o600 });
    const loaded = (await import(pathToFileURL(bundled).href)) as Readonly<Record<string, unknown>>;
    // A configuration may be a promise: where nobody waits for it, its failure would end the process.
    await loaded.default;
    return loaded;
  } catch (cause) {
    if (isCtiError(cause)) throw inFile(file, cause);
    throw refused(file, `a module that loads, not one that fails with ${wordsOf(cause).replaceAll(bundled, file)}`);
  } finally {
    await rm(bundled, { force: true });
  }
}

/** What the file's own code throws, in one line. Nothing of a parser's: its words quote what it read, such as a file of passwords. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'what is no Error';
  const [line = ''] = cause.message.split('\n');
  return cause instanceof SyntaxError ? cause.name : `${cause.name}: ${line}`.slice(0, maxWords);
}

function inFile(file: string, { code, message, details, cause }: CtiError): CtiError {
  const text = message.endsWith(` [${code}]`) ? message.slice(0, -` [${code}]`.length) : message;
  return new CtiError(code, text, { details: { ...details, file }, cause });
}

function firstProblem(cause: unknown): string {
  const [first] =
    (cause as { readonly errors?: readonly { text: string; location: { line: number } | null }[] }).errors ?? [];
  if (first === undefined) return 'it does not';
  return first.location === null ? first.text : `line ${first.location.line}: ${first.text}`;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > maxBytes) throw refused(file, `a file of at most ${maxBytes} bytes`);
    return bytes.toString('utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR') return undefined;
    throw cause;
  }
}

function refused(file: string, expected: string): CtiError {
  return new CtiError('config.invalid', `${file}: expected ${expected}`, { details: { path: file, expected } });
}

// Usage: node tools/build.mjs [--force] [package ...]
// Builds what is older than its sources, in the order of the packages' dependencies.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { inParallel, run } from './lib/run.mjs';
import { newestMtimeMs, packagesInOrder, root } from './lib/workspace.mjs';

/** @typedef {import('./lib/workspace.mjs').Workspace} Workspace */

const force = process.argv.includes('--force');
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const cache = join(root, '.cache', 'build');
const stampOf = (/** @type {Workspace} */ item) => join(item.dir, 'dist', '.built');

/** @param {Workspace} item */
const sourcesMtimeMs = (item) =>
  Math.max(
    ...['src', 'package.json', 'tsup.config.ts'].map((part) => newestMtimeMs(join(item.dir, part))),
    ...['tools/tsup.base.ts', 'tools/build.mjs', 'tsconfig.base.json'].map((part) => newestMtimeMs(join(root, part))),
  );

/**
 * Packages to build: older than their own sources, or using one that is built now.
 * @param {Workspace[]} all
 */
function stale(all) {
  const names = new Set();
  for (const item of all) {
    const built = newestMtimeMs(stampOf(item));
    const old = built === 0 || built < sourcesMtimeMs(item) || item.uses.some((name) => names.has(name));
    const newerUse = item.uses.some((name) => {
      const used = all.find((other) => other.name === name);
      return used !== undefined && newestMtimeMs(stampOf(used)) > built;
    });
    if (force || old || newerUse) names.add(item.name);
  }
  return all.filter((item) => names.has(item.name));
}

/** @param {Workspace} item */
async function scripts(item) {
  const tsup = join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js');
  return { item, result: await run([process.execPath, tsup], { cwd: item.dir, timeoutMs: 120_000 }) };
}

/**
 * Declarations of one package, against the built declarations of those it uses.
 * @param {Workspace} item
 */
async function declarations(item) {
  const config = join(cache, `${item.folder}.json`);
  const settings = {
    extends: join(item.dir, existsSync(join(item.dir, 'tsconfig.src.json')) ? 'tsconfig.src.json' : 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      declarationMap: true,
      emitDeclarationOnly: true,
      customConditions: [],
      rootDir: join(item.dir, 'src'),
      outDir: join(item.dir, 'dist'),
    },
    include: [join(item.dir, 'src')],
    exclude: [join(item.dir, 'src/**/*.test.ts'), join(item.dir, 'src/**/*.test-d.ts')],
  };
  writeFileSync(config, JSON.stringify(settings, null, 2));
  const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  return { item, result: await run([process.execPath, tsc, '-p', config], { timeoutMs: 120_000 }) };
}

/** @param {{ item: Workspace, result: import('./lib/run.mjs').RunResult }[]} outcomes */
function stopOnFailure(outcomes) {
  const bad = outcomes.filter(({ result }) => result.code !== 0);
  for (const { item, result } of bad) process.stderr.write(`${item.name} does not build:\n${result.output}\n`);
  if (bad.length > 0) process.exit(1);
}

const started = performance.now();
const all = packagesInOrder();
const wanted = all.filter((item) => chosen.length === 0 || chosen.includes(item.folder));
const needed = new Set(wanted);
for (const item of needed)
  for (const name of item.uses) for (const used of all) if (used.name === name) needed.add(used);
const todo = stale(all).filter((item) => needed.has(item));
mkdirSync(cache, { recursive: true });
for (const item of todo) rmSync(join(item.dir, 'dist'), { recursive: true, force: true });
stopOnFailure(await inParallel(todo, 2, scripts));

/** @type {Set<string>} */
const waiting = new Set(todo.map((item) => item.name));
while (waiting.size > 0) {
  const next = todo.filter((item) => waiting.has(item.name) && !item.uses.some((name) => waiting.has(name)));
  stopOnFailure(await inParallel(next, 2, declarations));
  for (const item of next) {
    if (!existsSync(join(item.dir, 'dist'))) mkdirSync(join(item.dir, 'dist'));
    writeFileSync(stampOf(item), '');
    waiting.delete(item.name);
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stderr.write(`built ${todo.length} of ${all.length} packages in ${seconds} s\n`);

// Usage: node tools/types.mjs [folder ...]
// Type-checks every folder that has a tsconfig.json, its tests and type tests included, without emitting anything. Packages that
// run in browsers have a tsconfig.src.json too: there the sources alone are read, and Node's types do not exist.
// Of the packages below, the built declarations are read, as by whoever installs them (`npm run types` builds first): their sources
// would be checked again in each folder that uses them, at several times the cost.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { countsLine } from './lib/counts.mjs';
import { inParallel, run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

const parents = ['packages', 'examples'];
const folders = [
  ...parents.flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(root, parent, name)) : [],
  ),
  ...['bench', 'e2e', 'tools', 'faults'].map((name) => join(root, name)),
];
const asked = process.argv.slice(2).map((name) => resolve(name));
const chosen = (asked.length > 0 ? asked : folders)
  .flatMap((dir) => [join(dir, 'tsconfig.json'), join(dir, 'tsconfig.src.json')])
  .filter((file) => existsSync(file));

const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
// `null` takes away the condition under which a package is its sources.
const flags = ['--noEmit', '--pretty', 'false', '--customConditions', 'null'];
const outcomes = await inParallel(chosen, 2, async (file) => ({
  file,
  result: await run([process.execPath, tsc, '-p', file, ...flags], { timeoutMs: 180_000 }),
}));

/**
 * Complaints about a folder's own files. What a package below does wrong is told once, by that package.
 * @param {string} file @param {string} output
 */
function ownComplaints(file, output) {
  const own = `${relative(root, dirname(file))}/`;
  const told = output.split('\n').filter((line) => line !== '');
  if (chosen.length <= 2) return told;
  const elsewhere = (/** @type {string} */ line) => /^packages\/[^(]+\(\d/.test(line) && !line.startsWith(own);
  let keep = true;
  return told.filter((line) => {
    if (!line.startsWith(' ')) keep = !elsewhere(line);
    return keep;
  });
}

const failed = outcomes
  .map(({ file, result }) => ({ file, lines: result.code === 0 ? [] : ownComplaints(file, result.output) }))
  .filter(({ lines }) => lines.length > 0);
for (const { file, lines } of failed) {
  const shown = lines.slice(0, 40).map((line) => line.slice(0, 400));
  const rest = lines.length > 40 ? [`... and ${lines.length - 40} lines more`] : [];
  process.stdout.write(`${relative(root, file)}\n${[...shown, ...rest].join('\n')}\n\n`);
}
// A folder may fail by a package below alone; then that one must have failed as well, or something is missed.
const bad = outcomes.filter(({ result }) => result.code !== 0).length;
const count = bad > 0 && failed.length === 0 ? bad : failed.length;
const counts = { passed: outcomes.length - count, failed: count, skipped: 0 };
process.stdout.write(`${countsLine(counts)}\n`);
process.exitCode = count > 0 ? 1 : 0;

// Usage: node tools/types.mjs [folder ...]
// Type-checks every folder that has a tsconfig.json, its tests and type tests included, without emitting anything.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
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
].filter((dir) => existsSync(join(dir, 'tsconfig.json')));
const asked = process.argv.slice(2).map((name) => join(process.cwd(), name));
const chosen = asked.length > 0 ? asked : folders;

const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const outcomes = await inParallel(chosen, 2, async (dir) => ({
  dir,
  result: await run([process.execPath, tsc, '-p', dir, '--noEmit', '--pretty', 'false'], { timeoutMs: 180_000 }),
}));
const failed = outcomes.filter(({ result }) => result.code !== 0);
for (const { dir, result } of failed) process.stdout.write(`${relative(root, dir)}\n${result.output}\n`);
const counts = { passed: outcomes.length - failed.length, failed: failed.length, skipped: 0 };
process.stdout.write(`${countsLine(counts)}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

// Runs bench/NAME.bench.ts against the built packages. --json prints one JSON object a line and nothing else on stdout;
// --gate holds the figures to gates.json and ends with a line of counts; --smoke shows only that the benches work.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { endWrong, readArgs } from '../tools/lib/args.mjs';
import { countsLine } from '../tools/lib/counts.mjs';
import { run } from '../tools/lib/run.mjs';
import { readJson, root } from '../tools/lib/workspace.mjs';
import { brokenGates } from './lib/gates.mjs';

const known = readdirSync(join(root, 'bench'))
  .flatMap((name) => /^(.+)\.bench\.ts$/.exec(name)?.[1] ?? [])
  .sort();
const usage = `npm run bench -- NAME ... [--json] [--gate] [--smoke]; names: all, ${known.join(', ')}`;

const { values, positionals } = readArgs(usage, {
  allowPositionals: true,
  options: { json: { type: 'boolean' }, gate: { type: 'boolean' }, smoke: { type: 'boolean' } },
});
const names = positionals.includes('all') ? known : positionals;
const unknown = names.filter((name) => !known.includes(name));
if (names.length === 0) endWrong('expected a name', usage);
if (unknown.length > 0) endWrong(`no bench is called ${unknown.join(', ')}`, usage);

const built = await run([process.execPath, join(root, 'tools', 'build.mjs')]);
if (built.code !== 0) {
  process.stderr.write(built.output);
  process.exit(1);
}

const gates = readJson(join(root, 'bench', 'gates.json'));
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of names) {
  const host = ['--import', 'tsx', '--expose-gc', join(root, 'bench', 'lib', 'host.ts')];
  const mode = values.smoke ? ['smoke'] : [];
  const command = [process.execPath, ...host, join(root, 'bench', `${name}.bench.ts`), ...mode];
  const onOutput = (/** @type {string} */ text) => {
    if (!values.json) process.stderr.write(text.replace(/^\{.*\}\n/gm, ''));
  };
  const result = await run(command, { timeoutMs: 1_800_000, onOutput });
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('{'));
  /** @type {import('./lib/gates.mjs').Figure[]} */
  const figures = lines.map((line) => JSON.parse(line));
  if (values.json) for (const line of lines) process.stdout.write(`${line}\n`);
  else {
    for (const { name: title, value, unit, reference } of figures) {
      const beside = reference
        ? `${(value / reference.value).toFixed(2)} x ${reference.name} (${reference.value} ${unit})`
        : '';
      process.stdout.write(`${title.padEnd(44)}${String(value).padStart(12)} ${unit.padEnd(6)} ${beside}\n`);
    }
  }
  const problems = result.code === 0 ? [] : [`${name}: ended with code ${result.code}`];
  if (result.code !== 0 && values.json) process.stderr.write(result.output);
  if (result.code === 0 && figures.length === 0) problems.push(`${name}: printed no figure`);
  if (values.gate && !values.smoke) problems.push(...brokenGates(figures, gates[name] ?? {}));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  counts[problems.length > 0 ? 'failed' : 'passed'] += 1;
}
if (values.gate || values.smoke) process.stdout.write(`${countsLine(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

// Runs every step, or the named ones with what they need, prints a table and ends with one line of counts.
import process from 'node:process';
import { endWrong, readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';
import { runPlan, tableOf } from './lib/plan.mjs';
import { deepSteps, testSteps } from './test-steps.mjs';

const deep = process.argv.includes('--deep');
const all = deep ? deepSteps : testSteps;
const usage = `npm ${deep ? 'run deep' : 'test'} -- [STEP ...]; steps: ${all.map((item) => item.name).join(', ')}`;

const { positionals: asked } = readArgs(usage, { allowPositionals: true, options: { deep: { type: 'boolean' } } });

/** @param {string[]} names @returns {Set<string>} */
function withNeeds(names) {
  const chosen = new Set(names);
  for (const name of chosen) {
    const step = all.find((item) => item.name === name);
    if (!step) endWrong(`no step is called ${name}`, usage);
    for (const need of step.needs ?? []) chosen.add(need);
  }
  return chosen;
}

// Each running step forwards the signal to what it started; then this program ends too.
for (const [signal, code] of /** @type {[NodeJS.Signals, number][]} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.on(signal, () => setTimeout(() => process.exit(code), 500));
}

const chosen = asked.length > 0 ? withNeeds(asked) : undefined;
const started = performance.now();
const { outcomes, counts } = await runPlan(all.filter((step) => chosen?.has(step.name) ?? true));
process.stdout.write(`\n${tableOf(outcomes)}\n`);
process.stdout.write(`all in ${((performance.now() - started) / 1000).toFixed(0)} s\n${countsLine(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

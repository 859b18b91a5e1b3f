/**
 * Runs the end-to-end scenarios on a real Asterisk, with sipp, baresip and Chromium:
 * `npm run e2e:asterisk -- [--deep] [--lanes N] [--list] [TEXT...]`; with TEXT only the scenarios whose name holds one of them.
 * One line a scenario, artefacts of a failure in `.run/e2e/`, and a closing line of counts. A program that is missing skips the
 * scenarios that need it; with CI=true that is a failure.
 */
import { readArgs } from '../tools/lib/args.mjs';
import { fetchAsterisk } from './lab/asterisk.js';
import type { Need } from './scenario.js';
import { firstLine, loadScenarios, runSuite } from './suite.js';

const { values: options, positionals: wanted } = readArgs(
  'npm run e2e:asterisk -- [--deep] [--lanes N] [--list] [TEXT ...]',
  {
    allowPositionals: true,
    options: { deep: { type: 'boolean' }, list: { type: 'boolean' }, lanes: { type: 'string', default: '3' } },
  },
);

const scenarios = (await loadScenarios()).filter(
  (scenario) =>
    (options.deep === true || scenario.runIn !== 'deep') &&
    (wanted.length === 0 || wanted.some((text) => scenario.name.includes(text))),
);
if (options.list === true) {
  for (const scenario of scenarios) process.stdout.write(`${scenario.name}\n`);
} else {
  const missing = new Map<Need, string>();
  await fetchAsterisk().catch((error: unknown) => {
    missing.set('asterisk', firstLine(error)).set('switch', firstLine(error));
  });
  const code = (await runSuite({ scenarios, lanes: Number(options.lanes), missing })) ? 0 : 1;
  // Left to itself Node 20 may spin for ever while it takes down its environment: a request of a handle that is closed already is
  // awaited by a loop in which nothing lives (seen in node::Environment::CleanupHandles).
  process.stdout.write('', () => process.exit(code));
}

/**
 * Runs the end-to-end scenarios on a real Asterisk, with sipp, baresip and Chromium:
 * `npm run e2e:asterisk -- [--deep] [--lanes N] [--list] [TEXT...]`; with TEXT only the scenarios whose name holds one of them.
 * One line a scenario, artefacts of a failure in `.run/e2e/`, and a closing line of counts. A program that is missing skips the
 * scenarios that need it; with CI=true that is a failure.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchAsterisk } from './lab/asterisk.js';
import { chromiumPath } from './lab/browser.js';
import { within } from './lab/wait.js';
import { type Need, type Scenario, ScenarioLab } from './scenario.js';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Two runs at once need folders of their own. */
const artefacts = process.env.CORDBOARD_E2E_OUT ?? join(here, '../.run/e2e');

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { deep: { type: 'boolean' }, list: { type: 'boolean' }, lanes: { type: 'string', default: '3' } },
});

const scenarios = (await load()).filter(
  (scenario) =>
    (options.deep === true || scenario.runIn !== 'deep') &&
    (wanted.length === 0 || wanted.some((text) => scenario.name.includes(text))),
);
if (options.list === true) {
  for (const scenario of scenarios) process.stdout.write(`${scenario.name}\n`);
} else {
  const code = (await runAll(scenarios)) ? 0 : 1;
  // Left to itself Node 20 may spin for ever while it takes down its environment: a request of a handle that is closed already is
  // awaited by a loop in which nothing lives (seen in node::Environment::CleanupHandles).
  process.stdout.write('', () => process.exit(code));
}

async function load(): Promise<readonly Scenario[]> {
  const found: Scenario[] = [];
  for (const file of readdirSync(join(here, 'scenarios')).sort()) {
    if (!file.endsWith('.ts')) continue;
    const module = (await import(pathToFileURL(join(here, 'scenarios', file)).href)) as {
      readonly scenarios: readonly Scenario[];
    };
    found.push(...module.scenarios);
  }
  const names = new Set(found.map((scenario) => scenario.name));
  if (names.size !== found.length) throw new Error('two scenarios have one name');
  return found;
}

async function runAll(all: readonly Scenario[]): Promise<boolean> {
  const missing = await whatIsMissing(new Set(all.flatMap((scenario) => scenario.needs)));
  rmSync(artefacts, { recursive: true, force: true });
  mkdirSync(artefacts, { recursive: true });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // The long ones first, so that none of them is left over at the end.
  const queue = [...all].sort((a, b) => (b.boundMs ?? 0) - (a.boundMs ?? 0));
  const say = (mark: string, scenario: Scenario, words: string): void => {
    process.stdout.write(`${mark} ${scenario.name.padEnd(64)} ${words}\n`);
  };
  const lane = async (): Promise<void> => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const lacking = scenario.needs.map((need) => missing.get(need)).find((words) => words !== undefined);
      if (lacking !== undefined) {
        const must = process.env.CI === 'true';
        counts[must ? 'failed' : 'skipped'] += 1;
        say(must ? 'FAIL' : 'skip', scenario, lacking);
        continue;
      }
      const started = performance.now();
      const { error, words } = await play(scenario);
      const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
      counts[error === undefined ? 'passed' : 'failed'] += 1;
      say(
        error === undefined ? 'ok  ' : 'FAIL',
        scenario,
        `${seconds}  ${error === undefined ? words : firstLine(error)}`.trimEnd(),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(options.lanes)) }, lane));
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0;
}

/** Plays one scenario; answers why it failed, or what it has to say. */
async function play(scenario: Scenario): Promise<{ readonly error: unknown; readonly words: string }> {
  const lab = new ScenarioLab();
  let failure: unknown;
  let words = '';
  try {
    const withinMs = scenario.boundMs ?? 60_000;
    const said = await within(scenario.run(lab), { what: `the end of "${scenario.name}"`, withinMs });
    words = typeof said === 'string' ? said : '';
  } catch (error) {
    failure = error ?? new Error('failed without an error');
    await lab.report(join(artefacts, scenario.name.replace(/[^a-z0-9]+/gi, '-')), failure);
  }
  try {
    await lab.close();
  } catch (error) {
    failure ??= error;
  }
  return { error: failure, words };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? '';
}

async function whatIsMissing(needs: ReadonlySet<Need>): Promise<ReadonlyMap<Need, string>> {
  const missing = new Map<Need, string>();
  const program = (name: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
  if (needs.has('sipp') && !program('sipp')) missing.set('sipp', 'needs sipp (package sip-tester)');
  if (needs.has('baresip') && !program('baresip')) missing.set('baresip', 'needs baresip (package baresip-core)');
  if (needs.has('chromium') && chromiumPath() === undefined)
    missing.set('chromium', 'needs Chromium (package chromium)');
  if (needs.has('asterisk')) {
    await fetchAsterisk().catch((error: unknown) => missing.set('asterisk', firstLine(error)));
  }
  return missing;
}

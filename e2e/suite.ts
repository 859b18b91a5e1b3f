import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromiumPath } from './lab/browser.js';
import type { LabSwitch } from './lab/lab-switch.js';
import { within } from './lab/wait.js';
import { type Need, type Scenario, ScenarioLab } from './scenario.js';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Two runs at once need folders of their own. */
const artefacts = process.env.CORDBOARD_E2E_OUT ?? join(here, '../.run/e2e');

/** Which scenarios run, and on what. */
export interface SuiteOptions {
  readonly scenarios: readonly Scenario[];
  /** How many at once. */
  readonly lanes: number;
  /** Needs that cannot be met, with the reason; programs that are not installed are found without it. */
  readonly missing: ReadonlyMap<Need, string>;
  /** The switch of each scenario; default a private Asterisk. */
  readonly start?: () => Promise<LabSwitch>;
}

/** All scenarios that there are. */
export async function loadScenarios(): Promise<readonly Scenario[]> {
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

/** Plays them, a line each and a closing line of counts. @returns whether all of them held */
export async function runSuite(options: SuiteOptions): Promise<boolean> {
  const all = options.scenarios;
  const missing = new Map([...programsMissing(), ...options.missing]);
  rmSync(artefacts, { recursive: true, force: true });
  mkdirSync(artefacts, { recursive: true });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const stories: string[] = [];
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
      const { error, words, story } = await play(scenario, options.start);
      const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
      counts[error === undefined ? 'passed' : 'failed'] += 1;
      if (error !== undefined) stories.push(`---- ${scenario.name}\n${wordsOf(error)}\n${story}`);
      say(
        error === undefined ? 'ok  ' : 'FAIL',
        scenario,
        `${seconds}  ${error === undefined ? words : firstLine(error)}`.trimEnd(),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.lanes) }, lane));
  // At the end, and together short enough for whoever sees no more than the end.
  const room = Math.max(500, Math.floor(STORIES / Math.max(1, stories.length)));
  for (const story of stories) process.stdout.write(`${shortened(story, room)}\n`);
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0;
}

/** Plays one scenario; answers why it failed, or what it has to say. */
async function play(
  scenario: Scenario,
  start: SuiteOptions['start'],
): Promise<{ readonly error: unknown; readonly words: string; readonly story: string }> {
  const lab = new ScenarioLab(start);
  let failure: unknown;
  let words = '';
  let story = '';
  try {
    const withinMs = scenario.boundMs ?? 240_000;
    const said = await within(scenario.run(lab), { what: `the end of "${scenario.name}"`, withinMs });
    words = typeof said === 'string' ? said : '';
  } catch (error) {
    failure = error ?? new Error('failed without an error');
    try {
      story = lab.story();
      await lab.report(join(artefacts, scenario.name.replace(/[^a-z0-9]+/gi, '-')), failure);
    } catch (late) {
      // What cannot be told must not hide what failed, nor the scenarios that are left.
      story = `${story}\nnot all could be told: ${String(late)}`;
    }
  }
  try {
    await lab.close();
  } catch (error) {
    failure ??= new Error(`at its end: ${String(error)}`);
  }
  return { error: failure, words, story };
}

/** Characters that all failures together may tell at the end of a run. */
const STORIES = 4_500;

/** A text with its middle left out: what failed stands at its beginning, what was told last at its end. */
function shortened(text: string, room: number): string {
  if (text.length <= room) return text;
  const head = Math.floor(room / 2);
  return `${text.slice(0, head)}\n[...]\n${text.slice(head - room)}`;
}

/** What an error says, and where in the scenario it came about. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const where = /e2e\/(?:scenarios\/[\w-]+|dialogues)\.ts:\d+/.exec(error.stack ?? '')?.[0];
  return `${error.message.slice(0, 1_200)}${where === undefined ? '' : `\n  at ${where}`}`;
}

/** The first line of what an error says. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? '';
}

function programsMissing(): ReadonlyMap<Need, string> {
  const missing = new Map<Need, string>();
  const program = (name: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
  if (!program('sipp')) missing.set('sipp', 'needs sipp (package sip-tester)');
  if (!program('baresip')) missing.set('baresip', 'needs baresip (package baresip-core)');
  if (chromiumPath() === undefined) missing.set('chromium', 'needs Chromium (package chromium)');
  return missing;
}

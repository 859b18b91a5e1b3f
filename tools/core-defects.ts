import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { plant, readDefect } from './defects/patch.js';
import { endWrong, readArgs } from './lib/args.mjs';
import { countsLine } from './lib/counts.mjs';
import { inParallel, run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

/** Parts of the core whose own tests are held to planted defects: what of `test/` they need, and which files are run. */
const SUITES: Readonly<Record<string, { readonly copied: readonly string[]; readonly include: readonly string[] }>> = {
  ivr: { copied: ['ivr'], include: ['test/ivr/*.test.ts', 'src/ivr/*.test.ts'] },
  line: {
    copied: ['support', 'engine-line.test.ts', 'engine-flow-call.test.ts'],
    include: ['test/engine-line.test.ts', 'test/engine-flow-call.test.ts'],
  },
  pbx: {
    copied: [
      'support',
      'engine-devices.test.ts',
      'engine-pbx.test.ts',
      'engine-pbx-commands.test.ts',
      'engine-pbx-handed.test.ts',
      'engine-pbx-talk.test.ts',
      'engine-pbx-any.test.ts',
    ],
    include: ['test/engine-devices.test.ts', 'test/engine-pbx*.test.ts'],
  },
};

/** Longest run of a suite's tests over one defect. */
const TIMEOUT_MS = 180_000;

const USAGE = 'npm run ivr-defects -- [NAME ...] [--json]; line-defects and pbx-defects alike';

const { values, positionals } = readArgs(USAGE, {
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, suite: { type: 'string', default: 'ivr' } },
});
const suite = SUITES[values.suite];
if (suite === undefined) endWrong(`no such suite; there are ${Object.keys(SUITES).join(', ')}`, USAGE);
const { copied, include } = suite;

const folder = join(root, `tools/${values.suite}-defects`);
const core = join(root, 'packages/cti-core');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

interface Verdict {
  readonly name: string;
  readonly about: string;
  readonly found: 'found' | 'survived' | 'broken';
  /** The first test that failed. */
  readonly by?: string;
}

/** A copy of the core and of the suite's tests in which nothing else is run. */
async function copyOf(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'cordboard-core-defect-'));
  await cp(join(core, 'src'), join(copy, 'src'), { recursive: true });
  for (const part of copied) await cp(join(core, 'test', part), join(copy, 'test', part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(copy, 'vitest.config.mjs'),
    // One process for all files: the core keeps nothing between them, and starting one for each took longer than the tests.
    `export default { test: { include: ${JSON.stringify(include)}, testTimeout: 60_000, isolate: false, maxWorkers: 1 } };\n`,
  );
  return copy;
}

/** Do the suite's tests fail once the defect is planted? Without one they must not. */
async function judge(name: string | undefined): Promise<Verdict> {
  const defect = name === undefined ? undefined : readDefect(await readFile(join(folder, name), 'utf8'));
  const about = defect?.about ?? 'no defect';
  const copy = await copyOf();
  try {
    if (defect !== undefined) await plant(defect, join(copy, 'src'));
    const command = [process.execPath, vitest, 'run', '--bail', '1', '--reporter', 'json'];
    const { stdout } = await run(command, { cwd: copy, timeoutMs: TIMEOUT_MS });
    return { name: name ?? 'sound sources', about, ...verdictOf(stdout) };
  } catch (error) {
    return { name: name ?? 'sound sources', about: error instanceof Error ? error.message : about, found: 'broken' };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A defect that keeps the sources from loading shows nothing about the tests: some must have run, and one of them failed. */
function verdictOf(stdout: string): Pick<Verdict, 'found' | 'by'> {
  const start = stdout.indexOf('{');
  if (start < 0) return { found: 'broken' };
  const report: Report = JSON.parse(stdout.slice(start));
  const failed = report.testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === 'failed');
  if (failed !== undefined) return { found: 'found', by: failed.fullName };
  return { found: report.numTotalTests === 0 ? 'broken' : 'survived' };
}

const names = (await readdir(folder)).filter(
  (file) => file.endsWith('.patch') && (positionals.length === 0 || positionals.some((part) => file.includes(part))),
);
let failed = 0;
const sound = await judge(undefined);
if (sound.found !== 'survived') {
  failed += 1;
  process.stderr.write(`the tests fail without any defect: ${sound.by ?? sound.about}\n`);
}
await inParallel(names.sort(), 2, async (name) => {
  const verdict = await judge(name);
  if (verdict.found !== 'found') failed += 1;
  (values.json ? process.stderr : process.stdout).write(
    `${verdict.found} ${name}: ${verdict.about}${verdict.by === undefined ? '' : `; by "${verdict.by.trim()}"`}\n`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
});
process.stdout.write(`${countsLine({ passed: names.length - failed, failed, skipped: 0 })}\n`);
if (failed > 0 || names.length === 0) process.exitCode = 1;

import { join } from 'node:path';
import process from 'node:process';
import { canInstall, missingPackages, serialTools, soundTools, telephones } from './install-system.mjs';
import { hasSecondNode } from './second-node.mjs';

/** @typedef {import('./lib/plan.mjs').Step} Step */

/** @param {string} script @param {string[]} args */
const npmRun = (script, ...args) => ['npm', 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])];
const node = process.execPath;
/** @param {string[]} args */
const vitest = (...args) => [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args];
/** @param {string[]} args */
const unitTests = (...args) => vitest('--project', 'unit', '--project', 'pure', ...args);

/** @param {Record<string, string[]>} programs @returns {string | undefined} why steps with these programs cannot run */
const without = (programs) => {
  const missing = missingPackages(programs);
  if (missing.length === 0 || canInstall()) return undefined;
  return `needs ${missing.join(', ')}, which only a Debian machine with root gets by itself`;
};
const noSerial = () => without(serialTools);
const noSystem = () => without(telephones);
const noSox = () => without(soundTools);
const noDesk = () => without({ ...telephones, ...soundTools });
const noSecondNode = () =>
  hasSecondNode ? undefined : `the registry has no Node for ${process.platform} ${process.arch}`;

/** Always first: without it no other step can run. @type {Step} */
const install = {
  name: 'install',
  command: [node, 'tools/install.mjs'],
  timeoutMs: 900_000,
};

/** @type {Step} */
const systemPrograms = {
  name: 'system programs',
  command: [node, 'tools/install-system.mjs'],
  cannot: noSystem,
  timeoutMs: 900_000,
  cores: 0,
};

/** @type {Step} */
const build = { name: 'build', command: [node, 'tools/build.mjs', '--force'], needs: ['install'], cores: 2 };

/** What `npm test` runs. @type {Step[]} */
export const testSteps = [
  install,
  systemPrograms,
  build,
  // Mostly waits for telephones to ring, so it shares the cores with everything that follows.
  {
    name: 'real Asterisk',
    command: npmRun('e2e:asterisk'),
    needs: ['build', 'system programs'],
    counts: 'line',
    cannot: noSystem,
    timeoutMs: 1_500_000,
  },
  // Whole calls on simulated lines take as long as calls take, and wait most of it.
  {
    name: 'analog lines',
    command: [node, ...vitest('--project', 'line')],
    needs: ['build', 'system programs'],
    counts: 'vitest',
    cannot: noDesk,
    // Sound that comes late is heard wrong: nothing else runs meanwhile, and no more at once than two slow cores carry.
    cores: 2,
    env: { VITEST_MAX_WORKERS: '3' },
  },
  // A server and a virtual PBX in real time at the two ends of a pair of ptys.
  {
    name: 'PBX on a serial line',
    command: [node, ...vitest('--project', 'pbx')],
    needs: ['build', 'system programs'],
    counts: 'vitest',
    cannot: noSerial,
    timeoutMs: 600_000,
    env: { VITEST_MAX_WORKERS: '2' },
  },
  { name: 'lint', command: npmRun('lint'), needs: ['install'] },
  { name: 'types', command: [node, 'tools/types.mjs'], needs: ['build'], counts: 'line' },
  { name: 'checks', command: npmRun('checks'), needs: ['install'], counts: 'line' },
  { name: 'packed', command: npmRun('packed'), needs: ['build'], counts: 'line' },
  {
    name: 'unit',
    command: [node, ...unitTests()],
    needs: ['build'],
    counts: 'vitest',
    timeoutMs: 1_200_000,
    env: { VITEST_MAX_WORKERS: '2' },
  },
  // The unit tests skip this where sox is not there yet; here it must be.
  {
    name: 'beside sox',
    command: [node, ...unitTests('packages/telephony-dsp/test/sox.test.ts')],
    needs: ['install', 'system programs'],
    counts: 'vitest',
    cannot: noSox,
    env: { CORDBOARD_SOX: 'required' },
  },
  {
    name: 'unit on second Node',
    command: [node, 'tools/second-node.mjs', '--', ...unitTests('packages/')],
    needs: ['build'],
    counts: 'vitest',
    cannot: noSecondNode,
    timeoutMs: 1_200_000,
    env: { VITEST_MAX_WORKERS: '2' },
  },
  {
    name: 'examples',
    command: [node, ...vitest('--project', 'examples')],
    needs: ['build', 'system programs'],
    counts: 'vitest',
    cannot: noSystem,
    env: { VITEST_MAX_WORKERS: '2' },
  },
  {
    name: 'fault days',
    command: npmRun('faults', '--seeds', '300'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 900_000,
  },
  { name: 'damaged frames', command: npmRun('fuzz', 'esl', '--count', '20000'), needs: ['install'], counts: 'line' },
  { name: 'damaged modems', command: npmRun('fuzz', 'v253', '--count', '20000'), needs: ['install'], counts: 'line' },
  {
    name: 'planted engine defects',
    command: npmRun('defects'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 900_000,
  },
  {
    name: 'planted IVR defects',
    command: npmRun('ivr-defects'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 900_000,
  },
  {
    name: 'planted defects of lines',
    command: npmRun('line-defects'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 900_000,
  },
  {
    name: 'planted defects of PBX calls',
    command: npmRun('pbx-defects'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 900_000,
  },
];

/** What `npm run deep` runs: what takes too long for every change. @type {Step[]} */
export const deepSteps = [
  install,
  systemPrograms,
  build,
  {
    name: 'real Asterisk, all',
    command: npmRun('e2e:asterisk', '--deep'),
    needs: ['build', 'system programs'],
    counts: 'line',
    cannot: noSystem,
    timeoutMs: 7_200_000,
  },
  {
    name: 'fault days, all',
    command: npmRun('faults', '--seeds', '5000'),
    needs: ['install'],
    counts: 'line',
    cores: 2,
    timeoutMs: 7_200_000,
  },
  {
    name: 'damaged frames, all',
    command: npmRun('fuzz', 'esl', '--count', '1000000'),
    needs: ['install'],
    counts: 'line',
    timeoutMs: 1_800_000,
  },
  {
    name: 'recorded dialogues, byte by byte',
    command: [node, ...unitTests('packages/adapters-freeswitch/test/traces')],
    needs: ['install'],
    counts: 'vitest',
    env: { CORDBOARD_DEEP: '1' },
  },
  {
    name: 'faults planted into flows',
    command: [node, ...unitTests('packages/ivr-dsl/test/check')],
    needs: ['install'],
    counts: 'vitest',
    env: { CORDBOARD_DEEP: '1' },
    timeoutMs: 1_800_000,
  },
  {
    name: 'an hour of 128 lines',
    command: [node, ...unitTests('packages/adapters-usbbox/test/load')],
    needs: ['install'],
    counts: 'vitest',
    env: { CORDBOARD_DEEP: '1' },
  },
  { name: 'docs', command: npmRun('docs'), needs: ['build'] },
  {
    name: 'benches work',
    command: npmRun('bench', 'all', '--smoke'),
    needs: ['build'],
    counts: 'line',
    timeoutMs: 1_800_000,
  },
];

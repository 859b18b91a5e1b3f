import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { root } from './workspace.mjs';

/** Packages whose tests need neither sockets nor real time, but for those that `OUTSIDE` finds. */
const PURE = [
  'adapters-asterisk',
  'adapters-freeswitch',
  'adapters-pbx-serial',
  'cti-core',
  'cti-protocol',
  'ivr-dsl',
  'simulator',
  'telephony-dsp',
];

/** What reaches beyond the test: other programs, sockets, real time, replaced modules, what the whole process has, and how much it takes. */
const OUTSIDE = new RegExp(
  [
    /from '(?:node:(?:child_process|net|tls|http|https|dgram|worker_threads|v8|timers.*)|ws|undici|msw|playwright-core)\b/,
    /\bsystemClock\b|\bvi\.(?:mock|doMock|resetModules|stubGlobal|stubEnv|useFakeTimers)\b|\bset(?:Timeout|Interval)\(/,
    /\bprocess\.(?:env\.\w+ = |on\(|once\(|chdir|listeners|memoryUsage|cpuUsage)|\bglobalThis\.\w+ = /,
  ]
    .map(({ source }) => source)
    .join('|'),
  'u',
);

/** Every file that `vitest run --project unit --project pure` may run. */
function testFiles() {
  const packages = readdirSync(join(root, 'packages')).flatMap((name) => [
    `packages/${name}/src`,
    `packages/${name}/test`,
  ]);
  return [...packages, 'tools', 'e2e/lab'].flatMap((folder) =>
    filesIn(folder)
      .filter((path) => /\.test\.m?ts$|^tools.*\.test\.mjs$/u.test(path))
      .filter((path) => !/\/(?:node_modules|dist|fixtures|planted)\//u.test(path)),
  );
}

/** @param {string} folder @returns {string[]} paths from the root, with slashes */
function filesIn(folder) {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path.split(sep).join('/')}`,
    );
  } catch {
    return [];
  }
}

/** @type {Map<string, boolean>} */
const known = new Map();

/**
 * Does a test, or what it has beside itself, reach outside? Sources are not looked at: they get time, sockets and programs from their callers.
 * @param {string} file absolute
 * @returns {boolean}
 */
function reachesOutside(file) {
  const before = known.get(file);
  if (before !== undefined) return before;
  known.set(file, false);
  const text = readFileSync(file, 'utf8');
  const beside = [...text.matchAll(/from '(\.[^']+)\.js'/gu)]
    .map(([, path]) => resolve(dirname(file), `${path}.ts`))
    .filter((path) => path.includes(`${sep}test${sep}`));
  const outside = OUTSIDE.test(text) || beside.some(reachesOutside);
  known.set(file, outside);
  return outside;
}

/** @param {string} path */
function isPure(path) {
  const [top, name = '', part] = path.split('/');
  return top === 'packages' && (part === 'src' || PURE.includes(name)) && !reachesOutside(join(root, path));
}

/**
 * The test files in two parts: those that must each have a process of their own, and those that can share one, because nothing of
 * what they do is left behind. To start a process for each file and to read the sources in it again takes longer than most of them run.
 *
 * @returns {{ unit: string[], pure: string[] }}
 */
export function partedTestFiles() {
  const all = testFiles();
  return { unit: all.filter((path) => !isPure(path)), pure: all.filter(isPure) };
}

// Usage: node tools/install-system.mjs [--quiet]
// Installs the Debian programs that the tests with real telephones, a real browser, sox's files and serial ports need. Exit code 0: all are there;
// 1: this is Debian with root and they could not be installed; 3: this machine is another one, and they are missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './lib/run.mjs';

/** What the tests with telephones and a browser need: program -> Debian packages. @type {Record<string, string[]>} */
export const telephones = { sipp: ['sip-tester'], baresip: ['baresip-core'], chromium: ['chromium'] };
/** What the signal code is held against. @type {Record<string, string[]>} */
export const soundTools = { sox: ['sox', 'libsox-fmt-all'] };
/** Makes the serial ports that simulated devices hang on. @type {Record<string, string[]>} */
export const serialTools = { socat: ['socat'] };
const programs = { ...telephones, ...soundTools, ...serialTools };

/** @param {string} program */
const isThere = (program) => (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, program)));

/**
 * @param {Record<string, string[]>} [of] the programs that count, default all
 * @returns {string[]} names of the Debian packages whose program is missing
 */
export function missingPackages(of = programs) {
  return Object.entries(of)
    .filter(([program]) => !isThere(program))
    .flatMap(([, names]) => names);
}

/** True where packages can be installed: Debian or its kin, as root. */
export const canInstall = () => existsSync('/etc/debian_version') && process.getuid?.() === 0 && isThere('apt-get');

const environment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
const busy = /Could not get lock|Unable to acquire the dpkg|is held by process/;

/**
 * apt-get waits for another one's lock up to two minutes by itself; a lock it cannot wait for is tried again.
 * @param {string[]} args
 */
async function aptGet(args) {
  const command = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3', ...args];
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(command, { env: environment, timeoutMs: 420_000 });
    if (result.code === 0 || attempt === 5 || !busy.test(result.output)) return result;
    await wait(attempt * 5_000);
  }
}

/** @returns {Promise<{ ok: boolean, words: string }>} */
export async function installSystem() {
  const missing = missingPackages();
  if (missing.length === 0) return { ok: true, words: 'sipp, baresip, chromium, sox and socat are there' };
  if (!canInstall())
    return { ok: false, words: `missing here: ${missing.join(', ')}; only Debian with root can install them` };
  const install = ['install', '--no-install-recommends', ...missing];
  let result = await aptGet(install);
  if (result.code !== 0) {
    // Lists older than the mirror, or none at all.
    await aptGet(['update']);
    result = await aptGet(install);
  }
  const left = missingPackages();
  if (left.length === 0) return { ok: true, words: `installed ${missing.join(', ')}` };
  return { ok: false, words: `apt-get could not install ${left.join(', ')}:\n${result.output.slice(-2_000)}` };
}

if (process.argv[1] === import.meta.filename) {
  const able = canInstall();
  const { ok, words } = await installSystem();
  process.stdout.write(`${words}\n`);
  if (!ok) process.exitCode = able ? 1 : 3;
}

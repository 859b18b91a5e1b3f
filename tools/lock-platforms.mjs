// Usage: node tools/lock-platforms.mjs [--check]
// A lockfile must name the platform packages of every system, or `npm ci` refuses it on the systems left out. A registry that
// does not carry some of them leaves them out silently; this adds them back, with the exact versions their parents ask for.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './lib/workspace.mjs';

/** @typedef {{ version?: string, dev?: boolean, license?: string, optionalDependencies?: Record<string, string> }} Locked */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * What the name of a platform package says about where it runs.
 * @param {string} name for example `@rollup/rollup-linux-x64-musl`
 */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const musl = words.some((word) => word.startsWith('musl'));
  const gnu = words.some((word) => word.startsWith('gnu'));
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && (musl || gnu) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

/**
 * The optional packages that a lockfile leaves out, as entries to add.
 * @param {Record<string, Locked>} packages
 * @returns {Record<string, object>}
 */
export function missingPlatforms(packages) {
  /** @type {Record<string, object>} */
  const missing = {};
  for (const [path, locked] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      const places = [
        `${path}/node_modules/${name}`,
        `${path.slice(0, path.lastIndexOf('node_modules/'))}node_modules/${name}`,
      ];
      const found = [...places, `node_modules/${name}`].some((place) => packages[place]?.version === version);
      if (found || !/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...platformOf(name),
        ...(locked.dev ? { dev: true } : {}),
        ...(locked.license ? { license: locked.license } : {}),
        optional: true,
      };
    }
  }
  return missing;
}

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPlatforms(lock.packages);
  const count = Object.keys(missing).length;
  if (process.argv.includes('--check')) {
    if (count > 0) process.stdout.write(`package-lock.json leaves out ${Object.keys(missing).join(', ')}\n`);
    process.exitCode = count > 0 ? 1 : 0;
  } else if (count > 0) {
    const all = Object.entries({ ...lock.packages, ...missing });
    lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    process.stdout.write(`added ${count} platform packages to package-lock.json\n`);
  }
}

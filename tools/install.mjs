// Installs the npm packages of the lockfile when they are missing or older than it. Node's own modules only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from './lib/run.mjs';
import { readJson, root } from './lib/workspace.mjs';

/**
 * Whether node_modules holds what the lockfile asks for. Packages of other systems may be missing; nothing else may.
 * @returns {boolean}
 */
export function packagesAreThere() {
  // npm writes this file at the end of each installation: what it really put there.
  const inside = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(inside)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const present = readJson(inside).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.includes('node_modules/') || link || optional || present[path]?.version === version,
  );
}

/**
 * Runs `npm ci` when it is needed; a second time when the first one fails, because registries have bad minutes.
 * @param {{ onOutput?: (text: string) => void }} [options]
 * @returns {Promise<boolean>} whether all packages are there now
 */
export async function installPackages(options = {}) {
  if (packagesAreThere()) return true;
  const command = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const result = await run(command, { timeoutMs: 420_000, ...options });
    if (result.code === 0) return true;
    if (!options.onOutput) process.stderr.write(result.output);
  }
  return false;
}

if (process.argv[1] === import.meta.filename) {
  if (!(await installPackages())) process.exitCode = 1;
}

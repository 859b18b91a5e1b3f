// Uses Node's own modules only: it runs before anything is installed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {object} Workspace
 * @property {string} name name in package.json
 * @property {string} dir folder, absolute
 * @property {string} folder folder name, for example `cti-core`
 * @property {string[]} uses names of the workspace packages it depends on
 * @property {Record<string, any>} manifest package.json
 */

/** @param {string} path */
export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * The packages under packages/, each after the ones it depends on.
 * @param {string} [base]
 * @returns {Workspace[]}
 */
export function packagesInOrder(base = root) {
  const parent = join(base, 'packages');
  /** @type {Map<string, Workspace>} */
  const byName = new Map();
  for (const folder of readdirSync(parent).sort()) {
    const dir = join(parent, folder);
    if (!existsSync(join(dir, 'package.json'))) continue;
    const manifest = readJson(join(dir, 'package.json'));
    byName.set(manifest.name, { name: manifest.name, dir, folder, uses: [], manifest });
  }
  /** @type {Workspace[]} */
  const ordered = [];
  const open = new Set();
  /** @param {Workspace} item */
  const visit = (item) => {
    if (ordered.includes(item)) return;
    if (open.has(item.name)) throw new Error(`packages depend on each other in a circle: ${[...open].join(' -> ')}`);
    open.add(item.name);
    const declared = { ...item.manifest.dependencies, ...item.manifest.peerDependencies };
    for (const name of Object.keys(declared)) {
      const found = byName.get(name);
      if (!found) continue;
      item.uses.push(name);
      visit(found);
    }
    open.delete(item.name);
    ordered.push(item);
  };
  for (const item of byName.values()) visit(item);
  return ordered;
}

/**
 * Newest modification time below a path in milliseconds, 0 when it does not exist.
 * @param {string} path
 * @returns {number}
 */
export function newestMtimeMs(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let newest = stat.mtimeMs;
  for (const entry of readdirSync(path)) {
    if (entry === 'node_modules' || entry === 'dist') continue;
    newest = Math.max(newest, newestMtimeMs(join(path, entry)));
  }
  return newest;
}

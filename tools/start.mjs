// Usage: npm start [-- --json --port 0 ...]
// Starts the demo floor on a fresh clone: installs and builds when that is needed, then becomes `cordboard demo`.
// Node's own modules only; everything printed here goes to stderr, stdout belongs to the demo.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { installPackages, packagesAreThere } from './install.mjs';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

const starter = process.ppid;

/** @param {string} words */
const say = (words) => process.stderr.write(`${words}\n`);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Cordboard needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

if (!packagesAreThere()) {
  say('Installing packages (once) ...');
  const onOutput = (/** @type {string} */ text) => process.stderr.write(text);
  if (!(await installPackages({ onOutput }))) {
    say('npm ci failed; see above.');
    process.exit(1);
  }
}

const command = join(root, 'packages', 'cli', 'dist', 'main.js');
if (!existsSync(command)) say('Building (once) ...');
const build = await run([process.execPath, join(root, 'tools', 'build.mjs')]);
if (build.code !== 0) {
  process.stderr.write(build.output);
  process.exit(1);
}

if (!existsSync(command)) {
  say(`${command} was not built.`);
  process.exit(1);
}
const child = spawn(process.execPath, [command, 'demo', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => child.kill(signal));
}
// npm passes a SIGTERM on to the shell between, which ends without a word to this process.
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500).unref();
}
child.on('error', (error) => {
  say(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});

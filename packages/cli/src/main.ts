import process from 'node:process';
import { processOutput, whenClosed } from './output.js';
import { runCommandLine } from './program.js';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A second one ends the process at once, in the way that everybody expects of Ctrl+C.
  process.once(signal, () => ending.abort());
}
// `| head`: nobody reads on, and a command that would go on by itself ends as if it had been asked to.
let isBrokenOff = false;
whenClosed(process.stdout, () => {
  isBrokenOff = true;
  ending.abort();
});
whenClosed(process.stderr, () => undefined);
const code = await runCommandLine(process.argv.slice(2), {
  output: processOutput,
  folder: process.cwd(),
  signal: ending.signal,
});
// Whoever stopped reading has had enough: that is no failure.
process.exitCode = isBrokenOff ? 0 : code;

import process from 'node:process';
import { processOutput } from './output.js';
import { runCommandLine } from './program.js';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A second one ends the process at once, in the way that everybody expects of Ctrl+C.
  process.once(signal, () => ending.abort());
}
process.exitCode = await runCommandLine(process.argv.slice(2), {
  output: processOutput,
  folder: process.cwd(),
  signal: ending.signal,
});

import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * Reads a tool's own command line as `parseArgs` does. `--help` prints the usage and ends the process with 0; what cannot be read is told
 * in one line with the usage behind it, and ends it with 2.
 *
 * @template {import('node:util').ParseArgsConfig} T
 * @param {string} usage how the tool is called, in one line or more
 * @param {T} config of `parseArgs`
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export function readArgs(usage, config) {
  const help = process.argv.slice(2, withoutRest(process.argv)).find((word) => word === '--help' || word === '-h');
  if (help !== undefined) {
    process.stdout.write(`usage: ${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    return endWrong(error instanceof Error ? error.message : String(error), usage);
  }
}

/**
 * Ends the process with 2 for wrong use.
 * @param {string} problem
 * @param {string} usage
 * @returns {never}
 */
export function endWrong(problem, usage) {
  process.stderr.write(`${problem}\nusage: ${usage}\n`);
  process.exit(2);
}

/** @param {string[]} words @returns {number} where options end */
const withoutRest = (words) => (words.includes('--') ? words.indexOf('--') : words.length);

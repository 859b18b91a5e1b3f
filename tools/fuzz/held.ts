import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Bytes in use when all that nobody holds any more has been collected. The size of the process says something else: how much garbage there happened
 * to be at the moment.
 */
export function heldBytes(): number {
  // V8's collector is reached without an option of the process only so: a context that is made after the flag is set has it.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
  // Buffers of the first collection are given back beside what goes on; the second one waits for that.
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

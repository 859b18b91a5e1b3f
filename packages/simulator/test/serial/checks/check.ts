import type { SerialPbxOptions } from '../../../src/serial/index.js';
import { bench } from '../host.js';

/** One thing that a sound PBX does; it throws where it does not. */
export interface Check {
  readonly name: string;
  run(profile: 'kts-bin/1' | 'kts-ascii/1'): void;
}

/** A check on a PBX of 4 lines and 8 extensions, or as it says. */
export function check(
  name: string,
  work: (parts: ReturnType<typeof bench>) => void,
  options: Partial<SerialPbxOptions> = {},
): Check {
  return { name, run: (profile) => work(bench({ extensions: 8, lines: 4, ...options, profile })) };
}

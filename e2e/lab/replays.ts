import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleOf } from './bundle.js';

const run = promisify(execFile);

/** What a run or its replay came to. */
export interface RunHash {
  readonly inputs: number;
  readonly effects: number;
  readonly effectsHash: string;
  readonly stateHash: string;
}

/** Path of the newer Node, fetched when it is not there. */
async function secondNode(): Promise<string> {
  const tool = fileURLToPath(new URL('../../tools/second-node.mjs', import.meta.url));
  return (await run(process.execPath, [tool], { timeout: 300_000 })).stdout.trim();
}

/** `cordboard replay FILE` in a fresh process. */
async function replayOn(node: string, file: string, timeZone: string): Promise<RunHash> {
  const { stdout } = await run(node, [await bundleOf('packages/cli/src/main.ts'), 'replay', file, '--json'], {
    env: { ...process.env, TZ: timeZone },
    timeout: 60_000,
  });
  return JSON.parse(stdout) as RunHash;
}

/**
 * Replays a journal file on this Node and on a newer one, each in two time zones, and holds each replay against the live run.
 * @returns a few words with the versions
 * @throws {Error} for a replay that differs
 */
export async function replayEverywhere(file: string, live: RunHash): Promise<string> {
  const done: string[] = [];
  for (const node of [process.execPath, await secondNode()]) {
    const { stdout: version } = await run(node, ['--version']);
    for (const timeZone of ['Asia/Shanghai', 'America/New_York']) {
      const again = await replayOn(node, file, timeZone);
      for (const part of ['inputs', 'effects', 'effectsHash', 'stateHash'] as const) {
        if (again[part] !== live[part]) {
          throw new Error(
            `replay on ${version.trim()} in ${timeZone}: ${part} ${again[part]} instead of ${live[part]}`,
          );
        }
      }
      done.push(`${version.trim()} ${timeZone}`);
    }
  }
  return `${live.inputs} inputs, ${live.effects} effects, ${live.effectsHash.slice(0, 8)}/${live.stateHash.slice(0, 8)} on ${done.join(', ')}`;
}

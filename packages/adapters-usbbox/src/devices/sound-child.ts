import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How a program that records or plays came to its end. `missing`: there is no such program. */
export type SoundEnd = 'ended' | 'missing';

/** A program that records (`output`) or plays (`input`). */
export interface SoundChild {
  readonly output: Readable;
  readonly input: Writable;
  /** What it complains of. */
  readonly errors: Readable;
  /** Resolves once, never rejects. */
  readonly ended: Promise<SoundEnd>;
  /** Ends it; idempotent. */
  kill(): void;
}

/** Starts a program of ALSA. */
export type SpawnSound = (program: 'arecord' | 'aplay', args: readonly string[]) => SoundChild;

/** {@link SpawnSound} with the programs of alsa-utils. Their words are English whatever the machine speaks, so that they can be read. */
export const spawnSound: SpawnSound = (program, args) => {
  const child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' }, windowsHide: true });
  const ended = new Promise<SoundEnd>((resolve) => {
    // Not `exit`: what it complained of must have been read.
    child.once('close', () => resolve('ended'));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 'missing' : 'ended'));
  });
  return {
    output: child.stdout,
    input: child.stdin,
    errors: child.stderr,
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
};

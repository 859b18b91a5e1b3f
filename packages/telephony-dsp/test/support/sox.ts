import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** Whether sox, the reference for WAV files and GSM 06.10, is on this machine. */
export const hasSox = ((): boolean => {
  const there = spawnSync('sox', ['--version']).status === 0;
  if (!there && process.env.CORDBOARD_SOX === 'required')
    throw new Error('expected sox, which a Debian machine with root gets from tools/install-system.mjs');
  if (!there) process.stderr.write('sox is not here: what is held against it is skipped\n');
  return there;
})();

/** Arguments of 16-bit samples at 8 kHz without a header. */
export const RAW = ['-t', 'raw', '-r', '8000', '-e', 'signed', '-b', '16', '-L', '-c', '1'] as const;

/** Runs sox on bytes. @throws {Error} when it fails, with its words */
export function sox(input: Uint8Array, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('sox', ['-V1', ...args], { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`sox ended with ${status}: ${stderr}`);
  return stdout;
}

import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** Whether sox, the reference for WAV files and GSM 06.10, is on this machine. */
export const hasSox = ((): boolean => {
  const there = spawnSync('sox', ['--version']).status === 0;
  if (!there && process.env.CI === 'true')
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

/** Bytes of samples as sox's raw files have them. */
export function rawOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of samples.entries()) view.setInt16(2 * n, value, true);
  return bytes;
}

/** Samples of a raw file. */
export function samplesOf(raw: Uint8Array): Int16Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Int16Array.from({ length: raw.byteLength >> 1 }, (_, n) => view.getInt16(2 * n, true));
}

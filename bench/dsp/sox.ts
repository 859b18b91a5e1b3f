import { spawnSync } from 'node:child_process';

/** Seconds of CPU that sox takes to code samples as WAV49, start of the program taken off; undefined where there is no sox. */
export function soxGsmSeconds(samples: Int16Array): number | undefined {
  if (spawnSync('sox', ['--version']).status !== 0) return undefined;
  const seconds = (input: Int16Array): number => {
    const raw = '-t raw -r 8000 -e signed -b 16 -c 1';
    // The shell's second line tells the time of its children.
    const script = `sox ${raw} - -t wav -e gsm-full-rate - > /dev/null; times`;
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    const { stdout } = spawnSync('bash', ['-c', script], { input: bytes, encoding: 'utf8', maxBuffer: 2 ** 20 });
    const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/gu)];
    return times.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
  };
  return seconds(samples) - seconds(samples.subarray(0, 320));
}

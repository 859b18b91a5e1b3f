import { appendFile, readFile } from 'node:fs/promises';
import type { ClockReading } from '@cordboard/adapters-pbx-serial';
import { CtiError } from '@cordboard/cti-core';

/** Most readings that count: the oldest of a longer file are left out. */
const MOST = 10_000;

/**
 * Readings of a clock that were kept in a file, a JSON line each. A line that was torn by a crash is left out.
 *
 * @throws {CtiError} `argument.invalid` a file that is there and cannot be read
 */
export async function readClockLog(file: string): Promise<readonly ClockReading[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new CtiError('argument.invalid', 'the log of the clock cannot be read', { cause, details: { path: 'log' } });
  }
  return text.split('\n').slice(-MOST).flatMap(readingOf);
}

/** Adds a reading. @throws what the system says of the file */
export async function appendClockLog(file: string, reading: ClockReading): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => '');
  // A line that was torn takes no other with it.
  const begin = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${begin}${JSON.stringify(reading)}\n`);
}

function readingOf(line: string): readonly ClockReading[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const { wallMs, aheadMs, set } = value as Readonly<Record<string, unknown>>;
  if (typeof wallMs !== 'number' || typeof aheadMs !== 'number') return [];
  return [{ wallMs, aheadMs, ...(set === 'set' ? { set } : {}) }];
}

import { type CtiError, isCtiError } from '@cordboard/cti-core';
import type { Output } from '../output.js';

/** What a command works with, beside its own options. */
export interface CommandContext {
  readonly output: Output;
  /** Folder that relative names start from. */
  readonly folder: string;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
}

/** How a command ended: the process's exit code. */
export type ExitCode = 0 | 1 | 2;

/** Ends when the process is asked to. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** An error as a person at a terminal should read it; a wrong entry names its field and what was expected; of several, each has a line. */
export function describeError(error: unknown): string {
  if (!isCtiError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { path, expected, all, problems, file } = error.details;
  if (Array.isArray(all) && all.length > 1) {
    const left = typeof problems === 'number' && problems > all.length ? [`  and ${problems - all.length} more`] : [];
    const inFile = typeof file === 'string' ? [`  file:     ${file}`] : [];
    const each = all.map((one) => `  ${one}`);
    return [`${problems ?? all.length} problems [${error.code}]`, ...each, ...left, ...inFile].join('\n');
  }
  const text = error.message;
  const lines = [text];
  if (typeof path === 'string' && path !== '' && !text.includes(path)) lines.push(`  at:       ${path}`);
  if (typeof file === 'string' && !text.includes(file)) lines.push(`  file:     ${file}`);
  if (typeof expected === 'string' && !text.includes(expected)) lines.push(`  expected: ${expected}`);
  return lines.join('\n');
}

/** Does what a configuration file is needed for; what is wrong with its content is told with the file's name in front. */
export async function withFile<T>(file: string, { output }: CommandContext, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (exitCodeOf(error) === 2) output.err(`cordboard: in ${file}`);
    throw error;
  }
}

/** Wrong use or configuration ends with 2, anything that failed with 1. */
export function exitCodeOf(error: unknown): ExitCode {
  const wrongEntry: readonly CtiError['code'][] = [
    'config.invalid',
    'config.unresolved',
    'flow.invalid',
    'argument.invalid',
  ];
  return isCtiError(error) && wrongEntry.includes(error.code) ? 2 : 1;
}

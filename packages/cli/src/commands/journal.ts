import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { CtiError } from '@cordboard/cti-core';
import { exportJournal, replayJournal } from '@cordboard/cti-server';
import type { CommandContext, ExitCode } from './context.js';

/** What stops a file from being opened is told as such: it is a wrong argument, and no fault of ours. */
async function withJournal<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
    throw new CtiError('argument.invalid', `${file}: expected a journal file that can be read (${code})`, {
      cause: error,
    });
  }
}

/** Feeds a journal file to a fresh engine and prints what came of it: equal hashes anywhere mean the same run, byte for byte. */
export async function replayFile(
  file: string,
  options: { readonly json?: 'json' },
  { output, folder }: CommandContext,
): Promise<ExitCode> {
  const result = await withJournal(file, () => replayJournal(resolve(folder, file)));
  if (options.json !== undefined) {
    output.out(JSON.stringify(result));
    return 0;
  }
  output.out(`inputs  ${result.inputs}`);
  output.out(`effects ${result.effects}  ${result.effectsHash}`);
  output.out(`state   ${result.stateHash}`);
  output.out(`core    ${result.coreVersion}  epoch ${result.epoch}`);
  if (result.tornBytes > 0) output.err(`${result.tornBytes} bytes at the end were torn by a crash and left out`);
  return 0;
}

/** Options of `cordboard journal export`. */
export interface ExportOptions {
  readonly to: string;
  /** Replace numbers and names, the same one always by the same other one. */
  readonly scrub?: 'scrub';
  readonly json?: 'json';
}

/** Writes a journal file that stands alone. */
export async function exportFile(
  file: string,
  options: ExportOptions,
  { output, folder }: CommandContext,
): Promise<ExitCode> {
  const to = resolve(folder, options.to);
  // A key that is forgotten: nobody can try numbers against the replacements later.
  const scrub = options.scrub === undefined ? {} : { scrub: randomBytes(32).toString('hex') };
  const result = await withJournal(file, () => exportJournal(resolve(folder, file), to, scrub));
  output.out(
    options.json === undefined ? to : JSON.stringify({ file: to, scrubbed: options.scrub ?? null, ...result }),
  );
  return 0;
}

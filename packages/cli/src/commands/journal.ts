import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { exportJournal, replayJournal } from '@cordboard/cti-server';
import type { CommandContext, ExitCode } from './context.js';

/** Feeds a journal file to a fresh engine and prints what came of it: equal hashes anywhere mean the same run, byte for byte. */
export async function replayFile(
  file: string,
  options: { readonly json?: 'json' },
  { output, folder }: CommandContext,
): Promise<ExitCode> {
  const result = await replayJournal(resolve(folder, file));
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
  const result = await exportJournal(resolve(folder, file), to, scrub);
  output.out(
    options.json === undefined ? to : JSON.stringify({ file: to, scrubbed: options.scrub ?? null, ...result }),
  );
  return 0;
}

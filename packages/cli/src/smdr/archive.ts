import { resolve } from 'node:path';
import { openSmdrArchive, type SmdrRecord } from '@cordboard/adapters-pbx-serial/smdr';
import { type CommandContext, describeError, type ExitCode, exitCodeOf } from '../commands/context.js';
import { formatOf, type ReadOptions, readRecords } from './read.js';

/** Records of one block of the archive. */
const BLOCK = 5_000;
/** Records that are remembered, so that a file that was archived before adds nothing. */
const REMEMBER = 100_000;

/** Adds the records of files to an archive, each once: a file, or a part of one, that stands in it already adds nothing. */
export async function archiveFiles(
  files: readonly string[],
  options: ReadOptions & { readonly folder: string },
  context: CommandContext,
): Promise<ExitCode> {
  const { output } = context;
  formatOf(options.format);
  const archive = openSmdrArchive(resolve(context.folder, options.folder));
  let code: ExitCode = 0;
  let unreadable = 0;
  let kept = 0;
  for (const file of files) {
    const block: SmdrRecord[] = [];
    let known = 0;
    const countKnown = (): void => {
      known += 1;
    };
    try {
      await readRecords(file, options, {
        context,
        known: { records: await archive.latest(REMEMBER), remember: REMEMBER, repeated: countKnown },
        sink: {
          record: (record) => void block.push(record),
          other({ kind, lineNo }) {
            if (kind !== 'unreadable' && kind !== 'partial') return;
            unreadable += 1;
            output.err(`cordboard: ${file}:${lineNo}: ${kind === 'partial' ? 'part of a record' : 'unreadable'}`);
          },
        },
      });
      for (let at = 0; at < block.length; at += BLOCK) await archive.append(block.slice(at, at + BLOCK));
      kept += block.length;
      output.err(`cordboard: ${file}: ${block.length} records archived, ${known} were there`);
    } catch (error) {
      if (exitCodeOf(error) === 2) throw error;
      const what =
        error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : describeError(error);
      output.err(`cordboard: ${file}: ${what}`);
      code = 1;
    }
  }
  if (options.json !== undefined) output.out(JSON.stringify({ archived: kept, unreadable }));
  return code;
}

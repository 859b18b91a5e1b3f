import type { SmdrRecord } from '@cordboard/adapters-pbx-serial/smdr';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { describeError, exitCodeOf } from '../commands/context.js';
import { formatOf, type ReadOptions, readRecords } from './read.js';

/** A record as one object: what people look for first, `cost` in minor units, and the line as it came at the end. */
export function lineOf({
  raw,
  costMinor,
  doubts,
  start,
  durationMs,
  ...rest
}: SmdrRecord): Readonly<Record<string, unknown>> {
  const { extension, line, direction, number, accountCode, ...more } = rest;
  return {
    ...(start === undefined ? {} : { start }),
    ...(durationMs === undefined ? {} : { durationMs }),
    extension,
    line,
    direction,
    number,
    ...(costMinor === undefined ? {} : { cost: costMinor }),
    accountCode,
    ...more,
    ...(doubts.length === 0 ? {} : { doubts }),
    raw,
  };
}

/** A record as a row for people. */
export function rowOf(record: SmdrRecord): string {
  const { start = '?', durationMs, extension = '', line = '', direction, number = '', name = '', doubts } = record;
  const length = durationMs === undefined ? '?' : `${Math.round(durationMs / 1000)} s`;
  const who = `${number} ${name}`.trim();
  return `${start.padEnd(20)}${length.padStart(8)}  ${extension.padEnd(8)}${line.padEnd(6)}${direction.padEnd(9)}${who}${doubts.length === 0 ? '' : `  (${doubts.join(', ')})`}`;
}

/**
 * Prints the call records of files: a JSON line for each record, or a row for people at a terminal. Lines that cannot be read are told with
 * their numbers: as JSON lines in their place with `--json`, and on stderr.
 */
export async function parseFiles(
  files: readonly string[],
  options: ReadOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { output } = context;
  const people = options.json === undefined && output.terminal !== undefined;
  formatOf(options.format);
  let code: ExitCode = 0;
  for (const file of files) {
    try {
      await readRecords(file, options, {
        context,
        sink: {
          record: (record) => output.out(people ? rowOf(record) : JSON.stringify(lineOf(record))),
          other({ kind, lineNo, raw }) {
            if (kind !== 'unreadable' && kind !== 'partial') return;
            output.err(`cordboard: ${file}:${lineNo}: ${kind === 'partial' ? 'part of a record' : 'unreadable'}`);
            if (!people) output.out(JSON.stringify({ unreadable: raw, lineNo, file }));
          },
        },
      });
    } catch (error) {
      if (exitCodeOf(error) === 2) throw error;
      output.err(
        `cordboard: ${file}: ${error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : describeError(error)}`,
      );
      code = 1;
    }
  }
  return code;
}

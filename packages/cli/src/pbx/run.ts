import type { KeypadProgramming } from '@cordboard/adapters-pbx-serial';
import type { ClockFacet, ProgrammingFacet } from '@cordboard/cti-core';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { type ConnectOptions, connectPbx } from './connect.js';
import { systemPassword } from './password.js';

/** What a command on a PBX works with. */
export interface PbxRun {
  readonly facet: ProgrammingFacet;
  readonly clock?: ClockFacet;
  readonly keypad?: KeypadProgramming;
  readonly profile?: string;
  /** A server has the line: secret values are not to be had. */
  readonly through?: 'server';
  readonly context: CommandContext;
  /** JSON lines, or rows for people. */
  readonly form: 'json' | 'rows';
  /** Asks for the system password where that has to be, once. */
  password(): Promise<string>;
}

/** Opens the way to a PBX, does the work of a command, and closes it. */
export async function runPbx(
  options: ConnectOptions,
  context: CommandContext,
  work: (given: PbxRun) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { facet, clock, keypad, profile, through, close } = await connectPbx(options, context);
  let asked: Promise<string> | undefined;
  try {
    return await work({
      facet,
      ...(clock === undefined ? {} : { clock }),
      ...(keypad === undefined ? {} : { keypad }),
      ...(profile === undefined ? {} : { profile }),
      ...(through === undefined ? {} : { through }),
      context,
      form: options.json !== undefined || context.output.terminal === undefined ? 'json' : 'rows',
      password: () => {
        asked ??= systemPassword(options, context);
        return asked;
      },
    });
  } finally {
    await close();
  }
}

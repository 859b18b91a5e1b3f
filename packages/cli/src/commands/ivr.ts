import process from 'node:process';
import type { Command } from 'commander';
import type { CommandContext, ExitCode } from './context.js';

interface CheckFlags {
  readonly all?: true;
  readonly config?: string;
  readonly json?: true;
}
interface ViewFlags {
  readonly flow?: string;
  readonly html?: string;
  readonly mermaid?: true;
  readonly dot?: true;
  readonly coverage?: readonly string[];
  readonly traffic?: string;
  readonly token?: string;
  readonly calls: number;
}

/** How the program runs the work of a command, and reads its numbers. */
export interface Wiring {
  readonly run: (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
  readonly wholeNumber: (min: number, max: number) => (text: string) => number;
}

/** Adds the commands that work with call flows. */
export function addIvr(program: Command, { run, wholeNumber }: Wiring): void {
  const ivr = program.command('ivr').description('work with call flows');
  ivr
    .command('check')
    .description('find what is wrong with flows; exit code 0: nothing, 1: something, 2: they could not be read')
    .argument('[file]', "a flow's JSON, or TypeScript or JavaScript that exports flows")
    .option('--all', 'all flows of the configuration, with all that it has')
    .option(
      '-c, --config <file>',
      'hold the flows against this configuration; with --all default: cordboard.config.* here',
    )
    .option('--json', 'print findings as JSON')
    .action((file: string | undefined, { all, config, json }: CheckFlags, command: Command) => {
      if ((file === undefined) === (all === undefined)) command.error('error: expected a file, or --all');
      const given = {
        ...(file === undefined ? {} : { file }),
        ...(config === undefined ? {} : { config }),
        ...(json === undefined ? {} : { json: 'json' as const }),
      };
      return run(async (context) => (await import('./ivr-check.js')).checkFlows(given, context));
    });
  ivr
    .command('view')
    .description('draw a flow: a page that needs nothing else, or a diagram as text')
    .argument('<file>', "a flow's JSON, or TypeScript or JavaScript that exports flows")
    .option('--flow <id>', 'which one, where the file has several')
    .option('--html <file>', 'write a page')
    .option('--mermaid', 'print a Mermaid flowchart; default without --html')
    .option('--dot', 'print a DOT digraph (Graphviz)')
    .option('--coverage <file...>', 'what tests went through: files that Coverage.toJson wrote, or folders of them')
    .option(
      '--traffic <from>',
      'what calls did: a file of call records (JSON, or a record a line), or http(s)://SERVER',
    )
    .option('--token <token>', "a supervisor's, for the server; default: CORDBOARD_TOKEN")
    .option('--calls <number>', 'most calls of the server, the newest', wholeNumber(1, 10_000_000), 10_000)
    .action((file: string, { mermaid, dot, token, ...rest }: ViewFlags) => {
      const key = token ?? process.env.CORDBOARD_TOKEN;
      const as = dot === true ? { as: 'dot' as const } : mermaid === true ? { as: 'mermaid' as const } : {};
      const given = {
        ...rest,
        ...(key === undefined ? {} : { token: key }),
        ...as,
      };
      return run(async (context) => (await import('./ivr-view.js')).viewFlow(file, given, context));
    });
}

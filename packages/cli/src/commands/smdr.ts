import { type Command, Option } from 'commander';
import type { Wiring } from './ivr.js';

interface SmdrFlags {
  readonly format: string;
  readonly dateOrder?: 'mdy' | 'dmy' | 'ymd';
  readonly clock?: 'start' | 'end';
  readonly minorDigits?: number;
  readonly variant?: '824' | '576';
  readonly columns?: string;
  readonly delimiter?: string;
  readonly date?: string;
  readonly merge?: true;
  readonly json?: true;
}
interface RateFlags extends SmdrFlags {
  readonly table: string;
  readonly against?: string;
}

/** Named here too, so that `--help` does not load the readers; a test holds both lists together. */
const formats = [
  ...[
    'panasonic-a',
    'panasonic-b',
    'panasonic-c',
    'kx-td',
    'kx-ta',
    'dbs',
    'shenou',
    'ipoffice-csv',
    'definity-80',
    'generic-csv',
  ],
];

/** The options of how a PBX writes its records. */
function withFormat(command: Command, { wholeNumber }: Wiring): Command {
  return command
    .addOption(new Option('--format <name>', 'how the PBX writes its records').choices(formats).makeOptionMandatory())
    .addOption(new Option('--date-order <order>', 'as the PBX is set').choices(['mdy', 'dmy', 'ymd']))
    .addOption(new Option('--clock <what>', 'what the time stamps tell').choices(['start', 'end']))
    .option('--minor-digits <n>', 'digits of the currency below its unit, default 2', wholeNumber(0, 4))
    .addOption(new Option('--variant <family>', 'dbs: which family').choices(['824', '576']))
    .option('--columns <names>', 'generic-csv: what each column holds, such as start,duration,extension,number')
    .option('--delimiter <character>', 'generic-csv: between columns; default a comma')
    .option(
      '--date <YYYY-MM-DD>',
      'when the records came, for formats without a year or a date; default: the time of the file',
    )
    .option('--merge', 'put the records of one call together')
    .option('--json', 'JSON lines; default where the output is no terminal');
}

/** Adds the commands that work with call records. */
export function addSmdr(program: Command, wiring: Wiring): void {
  const { run } = wiring;
  const smdr = program.command('smdr').description('work with call records of PBXs');
  withFormat(smdr.command('parse').description('print the call records of files').argument('<file...>'), wiring).action(
    (files: readonly string[], { json, ...flags }: SmdrFlags) =>
      run(async (context) => {
        const given = { ...flags, ...(json === true ? { json: 'json' as const } : {}) };
        return (await import('../smdr/parse.js')).parseFiles(files, given, context);
      }),
  );
  withFormat(
    program
      .command('rate')
      .description('price the calls of files by a table, or tell what a new table changes')
      .argument('<file...>')
      .requiredOption('--table <file>', 'JSON: prefixes with their prices')
      .option('--against <file>', 'the table that was good before: print what differs'),
    wiring,
  ).action((files: readonly string[], { json, ...flags }: RateFlags) =>
    run(async (context) => {
      const given = { ...flags, ...(json === true ? { json: 'json' as const } : {}) };
      return (await import('../smdr/rate.js')).rateFiles(files, given, context);
    }),
  );
}

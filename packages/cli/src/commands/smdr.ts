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
interface RateFlags extends Omit<SmdrFlags, 'format'> {
  readonly format?: string;
  readonly archive?: string;
  readonly month?: string;
  readonly table: string;
  readonly against?: string;
}

interface QueryFlags {
  readonly folder: string;
  readonly from?: string;
  readonly to?: string;
  readonly extension?: string;
  readonly line?: string;
  readonly number?: string;
  readonly account?: string;
  readonly direction?: 'in' | 'out' | 'internal' | 'unknown';
  readonly unanswered?: true;
  readonly minSeconds?: number;
  readonly csv?: string;
  readonly xlsx?: string;
  readonly merge?: true;
  readonly json?: true;
}
interface ListenFlags extends SmdrFlags {
  readonly folder?: string;
  readonly tcp?: string;
  readonly port?: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space';
  readonly dataBits: '7' | '8';
  readonly stopBits: '1' | '2';
  readonly flow: 'none' | 'rtscts' | 'xonxoff';
  readonly timeZone?: string;
  readonly wakeMs?: number;
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
function withFormat(command: Command, { wholeNumber }: Wiring, need: 'needed' | 'forFiles' = 'needed'): Command {
  return command
    .addOption(
      new Option('--format <name>', 'how the PBX writes its records')
        .choices(formats)
        .makeOptionMandatory(need === 'needed'),
    )
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
    smdr
      .command('archive')
      .description(
        'add the call records of files to an archive of monthly files; what stands in it already adds nothing',
      )
      .argument('<file...>')
      .requiredOption('--folder <folder>', 'where the archive is, or is to be'),
    wiring,
  ).action((files: readonly string[], { json, ...flags }: SmdrFlags & { readonly folder: string }) =>
    run(async (context) => {
      const given = { ...flags, ...(json === true ? { json: 'json' as const } : {}) };
      return (await import('../smdr/archive.js')).archiveFiles(files, given, context);
    }),
  );
  addQuery(smdr, wiring);
  addListen(smdr, wiring);
  withFormat(
    program
      .command('rate')
      .description('price the calls of files or of an archive by a table, or tell what a new table changes')
      .argument('[file...]')
      .option('--archive <folder>', 'price the calls of this archive')
      .option('--month <YYYY-MM>', 'of the archive, this month alone')
      .requiredOption('--table <file>', 'JSON: prefixes with their prices')
      .option('--against <file>', 'the table that was good before: print what differs'),
    wiring,
    'forFiles',
  ).action((files: readonly string[], { json, ...flags }: RateFlags) =>
    run(async (context) => {
      const given = { ...flags, ...(json === true ? { json: 'json' as const } : {}) };
      return (await import('../smdr/rate.js')).rateFiles(files, given, context);
    }),
  );
}

function addQuery(smdr: Command, { run, wholeNumber }: Wiring): void {
  smdr
    .command('query')
    .description('find call records in an archive, print them or write them for a spreadsheet')
    .requiredOption('--folder <folder>', 'where the archive is')
    .option('--from <time>', 'begun at or after, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS, local time of the PBX')
    .option('--to <time>', 'begun before')
    .option('--extension <number>', 'of this extension')
    .option('--line <number>', 'on this line, as the PBX numbers it')
    .option('--number <digits>', 'with a number that begins so')
    .option('--account <code>', 'with this account code')
    .addOption(new Option('--direction <way>', 'which way').choices(['in', 'out', 'internal', 'unknown']))
    .option('--unanswered', 'those that nobody answered')
    .option('--min-seconds <n>', 'at least so long', wholeNumber(0, 360_000))
    .option('--merge', 'put the records of one call together')
    .option('--csv <file>', 'write CSV')
    .option('--xlsx <file>', 'write a workbook; needs the package exceljs')
    .option('--json', 'JSON lines; default where the output is no terminal')
    .action((flags: QueryFlags) =>
      run(async (context) => {
        const { folder, from, to, extension, line, number, account, direction, unanswered, minSeconds, ...rest } =
          flags;
        const query = {
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(extension === undefined ? {} : { extension }),
          ...(line === undefined ? {} : { line }),
          ...(number === undefined ? {} : { number }),
          ...(account === undefined ? {} : { accountCode: account }),
          ...(direction === undefined ? {} : { direction }),
          ...(unanswered === undefined ? {} : { answered: 'unanswered' as const }),
          ...(minSeconds === undefined ? {} : { minDurationMs: minSeconds * 1_000 }),
        };
        const { json, ...more } = rest;
        const given = { folder, query, ...more, ...(json === true ? { json: 'json' as const } : {}) };
        return (await import('../smdr/query.js')).queryArchive(given, context);
      }),
    );
}

function addListen(smdr: Command, wiring: Wiring): void {
  const { run, wholeNumber } = wiring;
  withFormat(
    smdr
      .command('listen')
      .description('read call records from a line, print them, and keep them in an archive')
      .option('--port <path>', 'serial port, such as /dev/ttyUSB0 or COM3')
      .option('--tcp <host:port>', 'a PBX or device server on the network')
      .option('--folder <folder>', 'archive to keep them in')
      .option('--baud <n>', 'speed of the serial port', wholeNumber(50, 4_000_000), 9_600)
      .addOption(new Option('--parity <parity>').choices(['none', 'even', 'odd', 'mark', 'space']).default('none'))
      .addOption(new Option('--data-bits <n>').choices(['7', '8']).default('8'))
      .addOption(new Option('--stop-bits <n>').choices(['1', '2']).default('1'))
      .addOption(new Option('--flow <control>').choices(['none', 'rtscts', 'xonxoff']).default('none'))
      .option('--time-zone <zone>', "of the PBX; default: this machine's")
      .option('--wake-ms <n>', 'send a carriage return so long after opening; default: none', wholeNumber(0, 600_000)),
    wiring,
  ).action(({ json, dataBits, stopBits, ...flags }: ListenFlags) =>
    run(async (context) => {
      const given = {
        ...flags,
        dataBits: dataBits === '7' ? (7 as const) : (8 as const),
        stopBits: stopBits === '2' ? (2 as const) : (1 as const),
        ...(json === true ? { json: 'json' as const } : {}),
      };
      return (await import('../smdr/listen.js')).listenToLine(given, context);
    }),
  );
}

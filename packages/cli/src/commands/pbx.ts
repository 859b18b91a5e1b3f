import type { ParameterGroup } from '@cordboard/cti-core';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { ConnectOptions } from '../pbx/connect.js';
import type { PbxRun } from '../pbx/run.js';
import type { Wiring } from './ivr.js';

interface WayFlags {
  readonly config?: string;
  readonly switch?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly direct?: true;
  readonly port?: string;
  readonly baud?: number;
  readonly tcp?: { readonly host: string; readonly port: number };
  readonly profile: ConnectOptions['profile'];
  readonly node?: number;
  readonly modem?: string;
  readonly model: 'ws824' | 'gw600' | 'gw200';
  readonly enter?: string;
  readonly tables?: { readonly places: number; readonly placeDigits: number; readonly maxDigits: number };
  readonly password?: string;
  readonly passwordFile?: string;
  readonly json?: true;
}
interface GetFlags extends WayFlags {
  readonly index?: string;
  readonly group?: readonly ParameterGroup[];
}
interface SetFlags extends WayFlags {
  readonly index: string;
  readonly countUp?: true;
  readonly dryRun?: true;
}
interface BackupFlags extends WayFlags {
  readonly group?: readonly ParameterGroup[];
  readonly secrets?: true;
  readonly force?: true;
  readonly verbose?: true;
}
interface RestoreFlags extends WayFlags {
  readonly dryRun?: true;
  readonly verbose?: true;
}
interface ClockFlags extends WayFlags {
  readonly set?: true;
  readonly zone?: string;
  readonly log?: string;
}
interface OrderFlags extends WayFlags {
  readonly pin?: string;
  readonly extension?: string;
  readonly level?: number;
  readonly prefix?: string;
  readonly yes?: true;
}
interface ListFlags extends Pick<WayFlags, 'json' | 'profile' | 'model' | 'tables'> {
  readonly language: 'en' | 'zh-CN';
  readonly group?: readonly ParameterGroup[];
  readonly item?: number;
}

type Work = (flags: WayFlags, what: (given: PbxRun) => Promise<0 | 1 | 2>) => Promise<void>;

/** Named here too: the core is not loaded to read a command line. */
const GROUPS: Readonly<Record<ParameterGroup, true>> = { extensions: true, lines: true, system: true, dialling: true };
const PROFILES = ['kts-bin/1', 'kts-ascii/1', 'ws824-keypad'];

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(?:\[)?(.+?)(?:\])?:(\d{1,5})$/u.exec(text) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError('expected HOST:PORT');
  return { host, port: Number(port) };
}

function tablesOf(text: string): WayFlags['tables'] {
  const [places = 0, placeDigits = 0, maxDigits = 0] = text.split(',').map(Number);
  const isRight = /^\d{1,3},[1-3],\d{1,2}$/u.test(text) && places >= 1 && maxDigits >= 1 && maxDigits <= 16;
  if (!isRight) throw new InvalidArgumentError('expected PLACES,DIGITS,LENGTH, such as 20,2,8');
  return { places, placeDigits, maxDigits };
}

function withLanguage(command: Command): Command {
  return command
    .addOption(new Option('--profile <name>', 'what the PBX speaks').choices(PROFILES).default('kts-bin/1'))
    .addOption(
      new Option('--model <family>', 'ws824-keypad: whose keypad')
        .choices(['ws824', 'gw600', 'gw200'])
        .default('ws824'),
    )
    .option(
      '--tables <form>',
      'ws824-keypad: form of the restriction tables, by the manual: PLACES,DIGITS,LENGTH',
      tablesOf,
    );
}

/** The options of where a PBX is and how it is opened. */
function withWay(command: Command, { wholeNumber }: Wiring): Command {
  return withLanguage(command)
    .option('--port <path>', 'serial port, such as /dev/ttyUSB0 or COM3')
    .option('--baud <rate>', 'rate of the port, default 9600', wholeNumber(1_200, 921_600))
    .option('--tcp <host:port>', 'a PBX, or a device server, on the network', hostAndPort)
    .option('--node <number>', 'which PBX of the line, default 0', wholeNumber(0, 255))
    .option('-c, --config <file>', 'the PBX of a configuration: through its server where that runs, else by its port')
    .option('--server <url>', 'through a running server, such as http://127.0.0.1:8090: its calls and its board go on')
    .option('--token-file <file>', 'with --server: a token of an administrator; else CORDBOARD_TOKEN')
    .option(
      '--direct',
      'with -c: open the port also where the server runs, which loses the PBX until this command is done',
    )
    .option('--switch <id>', 'which switch of the configuration, where it has several PBXs')
    .option('--modem <path>', 'ws824-keypad: the voice modem that is on an extension or line of the PBX')
    .option('--enter <keys>', 'ws824-keypad: what enters programming, such as *9{password}#; ws824 has #787{password}')
    .option('--password-file <file>', 'the system password; else CORDBOARD_PBX_PASSWORD, else asked for')
    .option('--password <password>', 'the same, for everybody on this machine to see')
    .option('--json', 'JSON lines; default where the output is no terminal');
}

const groups = (): Option => new Option('--group <name...>', 'only these groups').choices(Object.keys(GROUPS));

/** Adds the commands that read and write the parameters of a PBX. */
export function addPbx(program: Command, wiring: Wiring): void {
  const { run } = wiring;
  const pbx = program.command('pbx').description('read and write the parameters of a PBX, keep them in files');
  const work: Work = (flags, what) =>
    run(async (context) => (await import('../pbx/run.js')).runPbx(wayOf(flags), context, what));

  withLanguage(pbx.command('parameters').argument('[id...]', 'only these; default: all'))
    .description('print every parameter with its range and what it does')
    .option('--item <number>', 'only those of this item of kts-1', wiring.wholeNumber(1, 65_535))
    .addOption(groups())
    .addOption(new Option('--language <code>', 'of the help').choices(['en', 'zh-CN']).default('en'))
    .option('--json', 'JSON lines; default where the output is no terminal')
    .action((ids: readonly string[], { json, ...flags }: ListFlags) =>
      run(async (context) => {
        const given = { ...flags, ids, ...(json === true ? { json: 'json' as const } : {}) };
        return (await import('../pbx/list.js')).listParameters(given, context);
      }),
    );
  withWay(pbx.command('get').argument('[id...]', 'parameters; default: all'), wiring)
    .description('read parameters')
    .option('--index <places>', 'extension numbers, lines or places: 801..828 or 1,3,5; default: all there are')
    .addOption(groups())
    .action((ids: readonly string[], { index, group, ...flags }: GetFlags) =>
      work(flags, async (given) =>
        (await import('../pbx/get.js')).getParameters(
          { ids, ...(index === undefined ? {} : { index }), ...(group === undefined ? {} : { groups: group }) },
          given,
        ),
      ),
    );
  withWay(pbx.command('set').argument('<id=value...>', 'what it is to be: flashTime=600'), wiring)
    .description('write parameters and read each back; exit code 1 when one was not taken')
    .requiredOption('--index <places>', 'extension numbers, lines or places: 801..828; 0: the whole switch')
    .option('--count-up', 'count the value up over the places')
    .option('--dry-run', 'only tell what would change')
    .action((assignments: readonly string[], { index, countUp, dryRun, ...flags }: SetFlags) =>
      work(flags, async (given) =>
        (await import('../pbx/set.js')).setParameters(
          {
            assignments,
            index,
            fill: countUp === true ? 'countUp' : 'same',
            mode: dryRun === true ? 'dryRun' : 'write',
          },
          given,
        ),
      ),
    );
  withWay(pbx.command('backup').argument('<file>', 'the file to write'), wiring)
    .description('write the parameters into a file')
    .addOption(groups())
    .option('--secrets', 'passwords too: whoever has the file can open the switch')
    .option('--force', 'write over a file that is there')
    .option('--verbose', 'name each place that the PBX does not have')
    .action((file: string, { group, secrets, force, verbose, ...flags }: BackupFlags) =>
      work(flags, async (given) =>
        (await import('../pbx/files.js')).backup(
          file,
          {
            ...(group === undefined ? {} : { groups: group }),
            ...(secrets === true ? { secrets: 'include' as const } : {}),
            ...(force === true ? { over: 'force' as const } : {}),
            ...(verbose === true ? { detail: 'verbose' as const } : {}),
          },
          given,
        ),
      ),
    );
  withWay(pbx.command('restore').argument('<file>', 'a backup'), wiring)
    .description('write a backup back; after a cut the same command goes on')
    .option('--dry-run', 'only tell what would change')
    .option('--verbose', 'name each place that was left out')
    .action((file: string, { dryRun, verbose, ...flags }: RestoreFlags) =>
      work(flags, async (given) =>
        (await import('../pbx/files.js')).restore(
          file,
          {
            mode: dryRun === true ? 'dryRun' : 'write',
            ...(verbose === true ? { detail: 'verbose' as const } : {}),
          },
          given,
        ),
      ),
    );
  withWay(pbx.command('clock'), wiring)
    .description(
      "read the PBX's clock and say how far and how fast it is off; exit code 1 when it does not keep what it was set to",
    )
    .option('--set', 'set it to the time of this machine')
    .option(
      '--zone <zone>',
      "of the PBX, such as Asia/Shanghai; default: that of its configuration, else this machine's",
    )
    .option('--log <file>', 'keep readings there and reckon the drift a day from them')
    .action(({ set, zone, log, ...flags }: ClockFlags) =>
      work(flags, async ({ clock, form, context }) =>
        (await import('../pbx/clock.js')).pbxClock(
          clock,
          {
            form,
            ...(zone === undefined ? {} : { timeZone: zone }),
            ...(set === true ? { set: 'set' as const } : {}),
            ...(log === undefined ? {} : { log }),
          },
          context,
        ),
      ),
    );
  addOrder(pbx, wiring, work);
  withWay(pbx.command('compare').argument('<file>', 'a backup'), wiring)
    .description('list what differs between a backup and the PBX; exit code 1 when something does')
    .action((file: string, flags: WayFlags) =>
      work(flags, async (given) => (await import('../pbx/files.js')).compare(file, given)),
    );
}

/** Named here too, so that `--help` loads nothing; the command's types hold both together. */
const ORDERS = ['clock', 'lock', 'unlock', 'initialise', 'clearCharges', 'clearClass', 'restrict'];

function addOrder(pbx: Command, wiring: Wiring, work: Work): void {
  const { wholeNumber } = wiring;
  withWay(pbx.command('order'), wiring)
    .addArgument(new Argument('<what>', 'ws824-keypad: what beside parameters its keypad can do').choices(ORDERS))
    .description('tell a PBX something by its keypad; exit code 1 when it does not take it')
    .option('--pin <digits>', 'lock, unlock: four digits')
    .option('--extension <number>', 'clearClass: whose; default: everybody')
    .option('--level <number>', 'restrict: to which list', wholeNumber(1, 9))
    .option('--prefix <digits>', 'restrict: what may not be dialled')
    .option('--yes', 'initialise: yes, everything back as the factory had it')
    .action((what: string, { pin, extension, level, prefix, yes, ...flags }: OrderFlags) =>
      work(flags, async (given) =>
        (await import('../pbx/order.js')).giveOrder(
          what,
          {
            ...(pin === undefined ? {} : { pin }),
            ...(extension === undefined ? {} : { extension }),
            ...(level === undefined ? {} : { level }),
            ...(prefix === undefined ? {} : { prefix }),
            ...(yes === undefined ? {} : { sure: 'yes' as const }),
          },
          given,
        ),
      ),
    );
}

function wayOf({ json, password, passwordFile, direct, ...way }: WayFlags): ConnectOptions {
  return {
    ...way,
    ...(direct === true ? { direct: 'direct' as const } : {}),
    ...(password === undefined ? {} : { passwordArgument: password }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(json === true ? { json: 'json' as const } : {}),
  };
}

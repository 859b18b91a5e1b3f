import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CommandContext, ExitCode } from './commands/context.js';
import { addDsp } from './commands/dsp.js';
import { addIvr } from './commands/ivr.js';
import { addPbx } from './commands/pbx.js';
import { addSmdr } from './commands/smdr.js';

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/u.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

const port = wholeNumber(0, 65_535);

/** What the parser makes of `--json`: there, or not. */
interface JsonFlag {
  readonly json?: true;
}

const jsonOf = (options: JsonFlag): { readonly json?: 'json' } => (options.json === true ? { json: 'json' } : {});

interface ServeFlags extends JsonFlag {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly drain: number;
}
interface DemoFlags extends JsonFlag {
  readonly port?: number;
  readonly host: string;
  readonly seed: number;
  readonly traffic: number;
  readonly origin?: readonly string[];
}
interface SimFlags extends JsonFlag {
  readonly esl?: number;
  readonly serial?: string;
  readonly hotel?: string;
  readonly profile: string;
  readonly reader?: string;
  readonly baud?: number;
  readonly scenario?: string;
  readonly host: string;
  readonly password?: string;
  readonly seed?: number;
}
interface ConfigFlags extends JsonFlag {
  readonly config?: string;
}
interface DoctorFlags extends ConfigFlags {
  readonly root: string;
  readonly profile?: string;
  readonly baud?: number;
  readonly line?: string;
  readonly wait?: number;
}
interface TokenFlags extends ConfigFlags {
  readonly user: string;
  readonly role: string;
  readonly agent?: string;
  readonly ttl: string;
}
interface ExportFlags extends JsonFlag {
  readonly to: string;
  readonly scrub?: true;
}

/** The version that this package was published as. */
function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

/**
 * Wires the commands to what they do; `run` gets each one's work. What a command needs is loaded when it runs: a command that decodes one
 * file should not wait for a server.
 */
function build(run: (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>): Command {
  const program = new Command('cordboard').description('Call-centre core for the web: server, demo floor, tools.');
  program.version(ownVersion());
  program.exitOverride().showHelpAfterError('(cordboard --help says more)');
  program
    .command('serve')
    .description('run a server on real switches')
    .option('-c, --config <file>', 'TypeScript, JavaScript or JSON; default: cordboard.config.* here')
    .option('--port <port>', "in place of the configuration's; 0: any free one", port)
    .option('--host <host>', "in place of the configuration's")
    .option('--drain <seconds>', 'how long calls may go on after Ctrl+C', wholeNumber(0, 86_400), 0)
    .option('--json', 'print one JSON line when ready')
    .action(({ drain, ...rest }: ServeFlags) => {
      const { config, port: wanted, host } = rest;
      const given = {
        ...(config === undefined ? {} : { config }),
        ...(wanted === undefined ? {} : { port: wanted }),
        ...(host === undefined ? {} : { host }),
      };
      return run(async (context) =>
        (await import('./commands/serve.js')).serve({ ...given, ...jsonOf(rest), drainMs: drain * 1_000 }, context),
      );
    });
  program
    .command('demo')
    .description('run a call centre without any switch: simulated callers and colleagues, one seat for you')
    .option('--port <port>', 'default 8420, or any free one when that is taken; 0: any free one', port)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--seed <number>', 'of everything random on the floor', wholeNumber(0, 2 ** 31), 1)
    .option(
      '--traffic <seconds>',
      'mean gap between callers who come by themselves; 0: none',
      wholeNumber(0, 3_600),
      18,
    )
    .option('--origin <origin...>', 'let pages of this origin connect too, such as http://127.0.0.1:5173')
    .option('--json', 'print one JSON line when ready, with tokens')
    .action(({ port: wanted, host, seed, traffic, origin = [], ...rest }: DemoFlags) => {
      const given = { ...(wanted === undefined ? {} : { port: wanted }), ...jsonOf(rest), origins: origin };
      return run(async (context) =>
        (await import('./commands/demo.js')).demo({ ...given, host, seed, trafficMs: traffic * 1_000 }, context),
      );
    });
  program
    .command('sim')
    .description(
      'run a simulation to be tried against: a switch with the FreeSWITCH event socket, a PBX on a serial line, a hotel system',
    )
    .addOption(
      new Option('--esl <port>', 'port of the event socket; 0: any free one')
        .argParser(port)
        .conflicts(['serial', 'hotel']),
    )
    .option('--serial <where>', 'a serial port or one end of a pair of ptys, or tcp:PORT (0: any free one)')
    .option('--hotel <where>', 'a hotel system that speaks FIAS: a serial port, or tcp:PORT')
    .option('--profile <name>', 'what the PBX on the serial line speaks', 'kts-bin/1')
    .option('--baud <rate>', "of the serial line; default the profile's", wholeNumber(300, 921_600))
    .option('--reader <settings>', "the host's port is set wrongly, such as 4800,7E1: send what its UART would read")
    .option('--scenario <file>', 'JSON or TypeScript: telephones, lines, dialplan, callers; default: a few telephones')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--password <password>', "of the event socket, in place of the scenario's; else ClueCon")
    .option('--seed <number>', 'of everything random', wholeNumber(0, 2 ** 31))
    .option('--json', 'print one JSON line when ready')
    .action((flags: SimFlags, command: Command) => {
      const { esl, serial, hotel, profile, baud, reader, host, scenario, password, seed, ...rest } = flags;
      const given = {
        ...(scenario === undefined ? {} : { scenario }),
        ...(seed === undefined ? {} : { seed }),
        ...jsonOf(rest),
      };
      const rate = baud === undefined ? {} : { baud };
      if (hotel !== undefined) {
        return run(async (context) =>
          (await import('./commands/sim-hotel.js')).simHotel({ hotel, host, ...rate, ...given }, context),
        );
      }
      if (serial !== undefined) {
        return run(async (context) =>
          (await import('./commands/sim-serial.js')).simSerial(
            { serial, profile, host, ...rate, ...given, ...(reader === undefined ? {} : { reader }) },
            context,
          ),
        );
      }
      if (esl === undefined)
        command.error("error: one of '--esl <port>', '--serial <where>' and '--hotel <where>' is needed");
      const secret = password === undefined ? {} : { password };
      return run(async (context) =>
        (await import('./commands/sim.js')).sim({ esl, host, ...secret, ...given }, context),
      );
    });
  program
    .command('doctor')
    .description('say whether the switches can be reached, what they lack, and whether calls reach people without us')
    .addArgument(
      new Argument(
        '[what]',
        'usb: what is plugged into this machine, and what its boxes lack; serial: what is on a serial port',
      ).choices(['usb', 'serial']),
    )
    .argument('[port]', 'with serial: /dev/ttyUSB0, COM3; without it the ports of this machine are listed')
    .option('--profile <name>', 'with serial: what the PBX speaks, such as kts-ascii or smdr-kx-td; default: any')
    .option('--baud <rate>', "with serial: as the port is set; default the profile's", wholeNumber(50, 4_000_000))
    .option('--line <shape>', 'with serial: data bits, parity, stop bits, such as 7E1')
    .option('--wait <seconds>', 'with serial: how long each setting is listened to', wholeNumber(1, 600))
    .option('-c, --config <file>', 'default: cordboard.config.* here')
    .option('--root <folder>', 'with usb: the machine whose / is mounted here, such as the host of a container', '/')
    .option('--json', 'print findings as JSON')
    .action((what: 'usb' | 'serial' | undefined, port: string | undefined, flags: DoctorFlags) =>
      run(async (context) => {
        const { config, root, profile, baud, line, wait, ...rest } = flags;
        if (what === 'serial') {
          const given = {
            ...(port === undefined ? {} : { port }),
            ...(profile === undefined ? {} : { profile }),
            ...(baud === undefined ? {} : { baud }),
            ...(line === undefined ? {} : { line }),
            ...(wait === undefined ? {} : { waitMs: wait * 1_000 }),
          };
          return (await import('./commands/doctor-serial.js')).doctorSerial({ ...given, ...jsonOf(rest) }, context);
        }
        if (what === 'usb')
          return (await import('./commands/doctor-usb.js')).doctorUsb({ root, ...jsonOf(rest) }, context);
        const given = { ...(config === undefined ? {} : { config }), ...jsonOf(rest) };
        return (await import('./commands/doctor.js')).doctor(given, context);
      }),
    );
  program
    .command('token')
    .description('print a token; your own server mints them the same way for the people it knows')
    .requiredOption('--user <id>', 'who it is for')
    .option('--role <role>', 'agent, supervisor, reviewer, admin or operator', 'agent')
    .option('--agent <id>', "default for agents: the user's id")
    .option('--ttl <duration>', 'how long it is good for', '8h')
    .option('-c, --config <file>', 'default: cordboard.config.* here')
    .option('--json', 'print token and end as JSON')
    .action(({ config, agent, user, role, ttl, ...rest }: TokenFlags) => {
      const given = { ...(config === undefined ? {} : { config }), ...(agent === undefined ? {} : { agent }) };
      return run(async (context) =>
        (await import('./commands/token.js')).token({ user, role, ttl, ...given, ...jsonOf(rest) }, context),
      );
    });
  program
    .command('replay')
    .description('feed a journal file to a fresh engine and print the hashes of what comes of it')
    .argument('<file>')
    .option('--json', 'print JSON')
    .action((file: string, flags: JsonFlag) =>
      run(async (context) => (await import('./commands/journal.js')).replayFile(file, jsonOf(flags), context)),
    );
  program
    .command('journal')
    .description('work with journals')
    .command('export')
    .description('write a journal file that stands alone')
    .argument('<file>')
    .requiredOption('--to <file>', 'the new file')
    .option('--scrub', 'replace numbers and names so that the result still replays')
    .option('--json', 'print JSON')
    .action((file: string, { to, scrub, ...rest }: ExportFlags) =>
      run(async (context) =>
        (await import('./commands/journal.js')).exportFile(
          file,
          { to, ...(scrub === true ? { scrub: 'scrub' } : {}), ...jsonOf(rest) },
          context,
        ),
      ),
    );
  addIvr(program, { run, wholeNumber });
  addDsp(program, { run, wholeNumber });
  addSmdr(program, { run, wholeNumber });
  addPbx(program, { run, wholeNumber });
  return program;
}

/**
 * Runs the command line.
 *
 * @param argv - arguments without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or configuration
 */
export async function runCommandLine(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = build(async (work) => {
    try {
      code = await work(context);
    } catch (error) {
      const { describeError, exitCodeOf } = await import('./commands/context.js');
      context.output.err(`cordboard: ${describeError(error)}`);
      code = exitCodeOf(error);
    }
  });
  const write = {
    writeOut: (text: string) => context.output.out(text.trimEnd()),
    writeErr: (text: string) => context.output.err(text.trimEnd()),
  };
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command.configureOutput(write).exitOverride();
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
}

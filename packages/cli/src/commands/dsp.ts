import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { SignalFlags, SignalName } from '../dsp/signals.js';
import type { Wiring } from './ivr.js';

interface DecodeFlags {
  readonly hook: 'on' | 'off';
  readonly country: string;
  readonly channel: number;
  readonly voice?: true;
  readonly json?: true;
}
interface EncodeFlags {
  readonly format: 'wav49' | 'alaw' | 'ulaw' | 'pcm';
  readonly channel: number;
  readonly rate: number;
  readonly json?: true;
}
interface GenerateFlags extends SignalFlags {
  readonly silence: number;
  readonly noise?: number;
  readonly format: EncodeFlags['format'];
  readonly rate: number;
  readonly json?: true;
}

function numberFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a number from ${min} to ${max}`);
  };
}

function channel(text: string): number {
  if (text === 'left') return 0;
  if (text === 'right') return 1;
  if (!/^\d{1,2}$/u.test(text)) throw new InvalidArgumentError('expected left, right, or a number from 0');
  return Number(text);
}

const formats = (): Option =>
  new Option('--format <format>', 'wav49 is GSM 06.10, 1625 bytes a second').choices(['wav49', 'alaw', 'ulaw', 'pcm']);
const channelOption = ['--channel <channel>', 'left, right, or a number from 0', channel, 0] as const;

/** Named here too, so that to decode a file does not load what makes signals; a test holds both lists together. */
const signals: readonly SignalName[] = ['fsk', 'dtmf-cid', 'dtmf', 'tone', 'cng', 'ced', 'melody', 'noise'];
const choice = (flag: string, words: string, from: readonly string[]): Option => new Option(flag, words).choices(from);

/** Adds the commands that work with the sound of telephone lines. */
export function addDsp(program: Command, { run, wholeNumber }: Wiring): void {
  const dsp = program.command('dsp').description('hear and make the signals of telephone lines');
  dsp
    .command('decode')
    .description('print what is heard in WAV files: caller ID on-hook; keys, tones, answers and fax machines off-hook')
    .argument('<file...>', 'any rate and format that is read: PCM, float, A-law, mu-law, GSM 06.10, IMA ADPCM')
    .addOption(new Option('--hook <hook>', 'how the line was').choices(['on', 'off']).default('off'))
    .option('--country <id>', "whose call-progress tones: a country's two letters, or cn-pbx", 'cn')
    .option(...channelOption)
    .option('--voice', 'tell where voice begins and ends too')
    .option('--json', 'a JSON line for each detection; default where the output is no terminal')
    .action((files: readonly string[], { voice, json, ...rest }: DecodeFlags) => {
      const given = { ...rest, ...(voice ? { voice } : {}), ...(json ? { json: 'json' as const } : {}) };
      return run(async (context) => (await import('../dsp/decode.js')).decodeFiles(files, given, context));
    });
  dsp
    .command('encode')
    .description('write one channel of a WAV file in another format')
    .argument('<in>')
    .argument('<out>')
    .addOption(formats().default('wav49'))
    .option(...channelOption)
    .option('--rate <rate>', 'samples a second', wholeNumber(1000, 384_000), 8000)
    .option('--json', 'print what was written as JSON')
    .action((from: string, to: string, { json, ...rest }: EncodeFlags) => {
      const given = { ...rest, ...(json ? { json: 'json' as const } : {}) };
      return run(async (context) => (await import('../dsp/encode.js')).encodeFile([from, to], given, context));
    });
  dsp
    .command('generate')
    .description('write a signal of the line to a WAV file')
    .addArgument(new Argument('<signal>', 'which one').choices(signals))
    .argument('<file>')
    .option('--number <digits>', "fsk, dtmf-cid: the caller's")
    .addOption(choice('--absence <reason>', 'fsk, dtmf-cid: why there is no number', ['O', 'P', 'C', 'I', 'S']))
    .option('--name <text>', 'fsk: ASCII or UTF-8')
    .option('--name-hex <bytes>', 'fsk: the bytes of a name in another code, such as GBK')
    .option('--datetime <MMDDhhmm>', 'fsk')
    .addOption(choice('--message <form>', 'fsk: default mdmf', ['sdmf', 'mdmf']))
    .addOption(choice('--standard <name>', 'fsk: default bell202', ['bell202', 'v23']))
    .addOption(choice('--style <style>', 'dtmf-cid: default A, which is A..C', ['A', 'D', 'etsi', 'hash', 'bare']))
    .option('--digits <digits>', 'dtmf: 0-9 * # A-D, a comma is a pause')
    .option('--tone-ms <ms>', 'dtmf, dtmf-cid: of each key', numberFrom(1, 60_000))
    .option('--gap-ms <ms>', 'dtmf, dtmf-cid: between keys', numberFrom(0, 60_000))
    .option('--tone <name>', 'tone: dial, busy, ringback, congestion, ...')
    .option('--country <id>', 'tone: whose, default cn')
    .option('--seconds <seconds>', 'tone, cng, ced, melody, noise', numberFrom(0.01, 3600))
    .option('--level <dBm0>', 'of dtmf the low group', numberFrom(-60, 3))
    .option('--seed <number>', 'melody, noise', wholeNumber(0, 2 ** 31))
    .option('--silence <ms>', 'before and after', numberFrom(0, 60_000), 500)
    .option('--noise <dBm0>', 'white noise under all of it', numberFrom(-90, 0))
    .addOption(formats().default('pcm'))
    .option('--rate <rate>', 'samples a second', wholeNumber(1000, 384_000), 8000)
    .option('--json', 'print what was written as JSON')
    .action((signal: SignalName, file: string, { silence, noise, format, rate, json, ...flags }: GenerateFlags) => {
      const given = { signal, flags, silenceMs: silence, format, rate, ...(json ? { json: 'json' as const } : {}) };
      const all = { ...given, ...(noise === undefined ? {} : { noiseDbm0: noise }) };
      return run(async (context) => (await import('../dsp/generate.js')).generateFile(file, all, context));
    });
}

import { type Command, InvalidArgumentError, Option } from 'commander';
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

function channel(text: string): number {
  if (text === 'left') return 0;
  if (text === 'right') return 1;
  if (!/^\d{1,2}$/u.test(text)) throw new InvalidArgumentError('expected left, right, or a number from 0');
  return Number(text);
}

const formats = (): Option =>
  new Option('--format <format>', 'wav49 is GSM 06.10, 1625 bytes a second').choices(['wav49', 'alaw', 'ulaw', 'pcm']);
const channelOption = ['--channel <channel>', 'left, right, or a number from 0', channel, 0] as const;

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
}

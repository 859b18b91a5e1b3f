import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHINA, createResampler, createWavWriter, readWav, render, toneOf } from '@cordboard/telephony-dsp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;
let out: string[];
let err: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-dsp-'));
  out = [];
  err = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function dsp(argv: readonly string[], more: { readonly terminal?: 'terminal' } = {}): Promise<number> {
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), ...more };
  return runCommandLine(['dsp', ...argv], { folder, signal: new AbortController().signal, output });
}
const events = (): readonly { readonly file: string; readonly type: string; readonly [name: string]: unknown }[] =>
  out.map((line) => JSON.parse(line));
const tonesOf = (file: string): unknown[] =>
  events().flatMap((event) => (event.file === file && event.type === 'tone' ? [event.tone] : []));

/** A minute of an exchange's tone. */
function tone(name: 'busy' | 'ringback' | 'dial', seconds = 6): Int16Array {
  const source = toneOf(CHINA, name);
  if (source === undefined) throw new Error(`no ${name}`);
  return render(source, seconds * 1000);
}
function fileOf(samples: Int16Array, encoding: 'pcm16' | 'alaw' | 'wav49' = 'pcm16', sampleRate = 8000): Buffer {
  const writer = createWavWriter({ encoding, sampleRate });
  const start = Buffer.concat([writer.header, writer.push(samples)]);
  const { bytes, patches } = writer.finish();
  const file = Buffer.concat([start, bytes]);
  for (const { position, bytes: patch } of patches) file.set(patch, position);
  return file;
}
const write = (name: string, bytes: Uint8Array): Promise<void> => writeFile(join(folder, name), bytes);
function raised(samples: Int16Array, to: number): Int16Array {
  const resampler = createResampler({ from: 8000, to });
  const first = resampler.push(samples).slice();
  return Int16Array.from([...first, ...resampler.flush()]);
}
/** Two channels, turn and turn about. */
function stereo(left: Int16Array, right: Int16Array): Buffer {
  const file = fileOf(Int16Array.from({ length: 2 * left.length }, (_, n) => (n & 1 ? right : left)[n >> 1] ?? 0));
  file.writeUInt16LE(2, 22);
  file.writeUInt16LE(4, 32);
  return file;
}

describe('decode', () => {
  test('prints a JSON line for each detection of each file, in their order', async () => {
    await write('busy.wav', fileOf(tone('busy')));
    await write('dial.wav', fileOf(tone('dial'), 'alaw'));
    expect(await dsp(['decode', 'busy.wav', 'dial.wav', '--json'])).toBe(0);
    expect(events()[0]).toMatchObject({ file: 'busy.wav', type: 'tone', tone: 'busy', hz: 450 });
    expect(Object.keys(events()[0] ?? {}).slice(-2)).toEqual(['atMs', 'detectedMs']);
    expect([tonesOf('busy.wav'), tonesOf('dial.wav')]).toEqual([['busy'], ['dial']]);
    expect(err).toEqual([]);
  });

  test('each file begins at 0 with nothing of the one before', async () => {
    await write('busy.wav', fileOf(tone('busy')));
    await dsp(['decode', 'busy.wav']);
    const alone = out.splice(0);
    await dsp(['decode', 'busy.wav', 'busy.wav']);
    expect(out).toEqual([...alone, ...alone]);
  });

  test.each([16_000, 44_100, 48_000])('%i samples a second are heard as 8000', async (rate) => {
    await write('a.wav', fileOf(raised(tone('busy'), rate), 'pcm16', rate));
    await dsp(['decode', 'a.wav']);
    expect(tonesOf('a.wav')).toEqual(['busy']);
  });

  test('WAV49 is heard too', async () => {
    await write('a.wav', fileOf(tone('busy'), 'wav49'));
    await dsp(['decode', 'a.wav']);
    expect(tonesOf('a.wav')).toEqual(['busy']);
  });

  test('of stereo the left channel, or the one that is asked for', async () => {
    await write('a.wav', stereo(tone('busy'), tone('dial')));
    await dsp(['decode', 'a.wav']);
    expect(tonesOf('a.wav')).toEqual(['busy']);
    for (const channel of ['right', '1']) {
      out = [];
      expect(await dsp(['decode', 'a.wav', '--channel', channel])).toBe(0);
      expect(tonesOf('a.wav')).toEqual(['dial']);
    }
    expect(await dsp(['decode', 'a.wav', '--channel', '2'])).toBe(1);
    expect(err).toEqual(['a.wav: it has no channel 2: the last one is 1']);
  });

  test('a file that cannot be read is told, and the others go on', async () => {
    await write('text.wav', Buffer.from('no sound at all'));
    await write('short.wav', fileOf(tone('busy')).subarray(0, 30));
    await write('cut.wav', fileOf(tone('busy')).subarray(0, 50_000));
    expect(await dsp(['decode', 'gone.wav', 'text.wav', 'short.wav', 'cut.wav'])).toBe(1);
    expect(err).toEqual([
      'gone.wav: it cannot be read (ENOENT)',
      'text.wav: no WAV file',
      'short.wav: it ends before any sound',
      'cut.wav: it ends early; what there is was read',
    ]);
    expect(tonesOf('cut.wav')).toEqual(['busy']);
  });

  test('on-hook no tone is told', async () => {
    await write('a.wav', fileOf(tone('busy')));
    expect(await dsp(['decode', 'a.wav', '--hook', 'on'])).toBe(0);
    expect(out).toEqual([]);
  });

  test("another country's tones are others", async () => {
    await write('a.wav', fileOf(tone('busy')));
    expect(await dsp(['decode', 'a.wav', '--country', 'us'])).toBe(0);
    expect(tonesOf('a.wav')).toEqual([]);
    expect(await dsp(['decode', 'a.wav', '--country', 'atlantis'])).toBe(2);
    expect(err.join()).toMatch(/no tones of atlantis are known; there are: cn, us/u);
  });

  test('voice is told when it is asked for', async () => {
    await write('a.wav', fileOf(tone('busy')));
    await dsp(['decode', 'a.wav', '--voice']);
    expect(events().some(({ type }) => type === 'voice')).toBe(true);
  });

  test('at a terminal people get lines of their own, and JSON when they ask', async () => {
    await write('a.wav', fileOf(tone('busy')));
    await dsp(['decode', 'a.wav'], { terminal: 'terminal' });
    expect(out[0]).toBe('a.wav: 6 s');
    expect(out[1]).toMatch(/^ {5}0\.0\d\d s {2}tone {5}tone busy {2}hz 4\d/u);
    out = [];
    await dsp(['decode', 'a.wav', '--json'], { terminal: 'terminal' });
    expect(tonesOf('a.wav')).toEqual(['busy']);
  });

  test.each([
    [['decode'], 'missing required argument'],
    [['decode', 'a.wav', '--hook', 'up'], 'Allowed choices are on, off'],
    [['decode', 'a.wav', '--channel', 'middle'], 'expected left, right, or a number from 0'],
    [['encode', 'a.wav', 'b.wav', '--format', 'mp3'], 'Allowed choices are wav49, alaw, ulaw, pcm'],
    [['encode', 'a.wav', 'b.wav', '--rate', '5'], 'expected a whole number from 1000 to 384000'],
  ])('%j is wrong use', async (argv, words) => {
    expect(await dsp(argv)).toBe(2);
    expect(err.join('\n')).toContain(words);
  });
});

describe('encode', () => {
  test.each([
    ['wav49', 'wav49'],
    ['alaw', 'alaw'],
    ['ulaw', 'ulaw'],
    ['pcm', 'pcm16'],
  ])('writes %s that the reader takes', async (format, encoding) => {
    const samples = tone('busy', 2.01);
    await write('a.wav', fileOf(raised(samples, 48_000), 'pcm16', 48_000));
    expect(await dsp(['encode', 'a.wav', 'b.wav', '--format', format, '--json'])).toBe(0);
    expect(events()).toEqual([{ file: 'b.wav', format, rate: 8000, seconds: 2.01 }]);
    const read = readWav(await readFile(join(folder, 'b.wav')));
    expect(read).toMatchObject({ ok: true, encoding, samples: samples.length, sampleRate: 8000, truncated: false });
  });

  test('another rate is kept in the file', async () => {
    await write('a.wav', fileOf(tone('busy', 1)));
    expect(await dsp(['encode', 'a.wav', 'b.wav', '--format', 'pcm', '--rate', '16000'])).toBe(0);
    expect(readWav(await readFile(join(folder, 'b.wav')))).toMatchObject({ sampleRate: 16_000, samples: 16_000 });
    expect(await dsp(['encode', 'a.wav', 'b.wav', '--rate', '16000'])).toBe(2);
  });

  test('a file is not written over itself, nor where nothing can be written', async () => {
    const before = fileOf(tone('busy', 1));
    await write('a.wav', before);
    expect(await dsp(['encode', 'a.wav', './a.wav'])).toBe(2);
    expect(await readFile(join(folder, 'a.wav'))).toEqual(before);
    expect(await dsp(['encode', 'a.wav', 'no/where.wav'])).toBe(1);
    expect(await dsp(['encode', 'gone.wav', 'b.wav'])).toBe(1);
    expect(err.slice(-2)).toEqual([
      'no/where.wav: it cannot be written (ENOENT)',
      'gone.wav: it cannot be read (ENOENT)',
    ]);
  });
});

test('to decode loads the parser and the signal code, and no server', async () => {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, words = '', from = ''] of text.matchAll(/^import (?!type )([^;]*?) from '([^']+)';/gmu)) {
      if (/^\{(\s*type [^,}]+,?)+\s*\}$/u.test(words)) continue;
      if (from.startsWith('.')) await visit(join(dirname(file), from.replace(/\.js$/u, '.ts')));
      else packages.add(from);
    }
  };
  await visit(join(source, 'main.ts'));
  await visit(join(source, 'dsp', 'decode.ts'));
  expect([...packages].filter((name) => !name.startsWith('node:')).toSorted()).toEqual([
    '@cordboard/telephony-dsp',
    'commander',
  ]);
  expect(seen.size).toBeGreaterThan(5);
});

describe('generate', () => {
  const made = async (argv: readonly string[], hook = 'off'): Promise<readonly Record<string, unknown>[]> => {
    expect(await dsp(['generate', ...argv])).toBe(0);
    out = [];
    expect(await dsp(['decode', argv[1] ?? '', '--hook', hook])).toBe(0);
    return events();
  };

  test.each(['bell202', 'v23'])('FSK caller ID of %s is heard as it was said', async (standard) => {
    const identity = ['--number', '02165432100', '--name', '李四', '--datetime', '11220930'];
    expect(await made(['fsk', 'a.wav', ...identity, '--standard', standard, '--noise', '-40'], 'on')).toMatchObject([
      {
        file: 'a.wav',
        type: 'cid',
        method: 'fsk',
        number: '02165432100',
        name: '李四',
        nameHex: 'e69d8ee59b9b',
        datetime: '11220930',
      },
    ]);
  });

  test('a name in bytes, and a reason in the place of a number', async () => {
    const argv = ['fsk', 'a.wav', '--absence', 'P', '--name-hex', 'D5C5C8FD', '--level', '-25', '--rate', '16000'];
    expect(await made(argv, 'on')).toMatchObject([{ absence: 'P', nameHex: 'd5c5c8fd', name: '张三' }]);
  });

  test('DTMF caller ID and keys', async () => {
    const cid = await made(['dtmf-cid', 'a.wav', '--number', '95588', '--style', 'D', '--silence', '900'], 'on');
    expect(cid).toMatchObject([{ type: 'cid', method: 'dtmf', number: '95588' }]);
    const keys = await made(['dtmf', 'b.wav', '--digits', '139*#AD', '--tone-ms', '60', '--format', 'alaw']);
    expect(keys.map(({ digit }) => digit).join('')).toBe('139*#AD');
  });

  test('tones of a country, fax tones, and what is none of them', async () => {
    const [tone] = await made(['tone', 'a.wav', '--tone', 'congestion', '--seconds', '5']);
    expect(tone).toMatchObject({ type: 'tone', tone: 'congestion' });
    expect(await made(['cng', 'b.wav'])).toMatchObject([{ type: 'tone', tone: 'fax_cng' }]);
    expect(await made(['ced', 'c.wav'])).toMatchObject([{ type: 'tone', tone: 'fax_ced' }]);
    for (const name of ['melody', 'noise']) expect(await made([name, 'd.wav', '--seed', '3'])).toEqual([]);
  });

  test('what was written is told', async () => {
    expect(await dsp(['generate', 'tone', 'a.wav', '--tone', 'dial', '--seconds', '2', '--json'])).toBe(0);
    expect(events()).toEqual([{ file: 'a.wav', signal: 'tone', format: 'pcm', rate: 8000, seconds: 3 }]);
    expect(readWav(await readFile(join(folder, 'a.wav')))).toMatchObject({ samples: 24_000 });
  });

  test.each([
    [['radio', 'a.wav'], 'Allowed choices are'],
    [['tone', 'a.wav'], 'this signal needs --tone'],
    [['tone', 'a.wav', '--tone', 'hum'], 'cn has no hum; it has dial'],
    [['tone', 'a.wav', '--tone', 'busy', '--country', 'atlantis'], '--country needs one of cn, us'],
    [['tone', 'a.wav', '--digits', '1'], 'tone has no --digits; it has --tone, --country, --seconds, --level'],
    [['fsk', 'a.wav'], 'caller ID message'],
    [['fsk', 'a.wav', '--number', '12x'], 'number needs 1-32 of'],
    [['fsk', 'a.wav', '--number', '12', '--name', 'A', '--name-hex', '41'], 'either --name or --name-hex'],
    [['fsk', 'a.wav', '--number', '12', '--name-hex', '4'], '--name-hex needs pairs of hex digits'],
    [['dtmf', 'a.wav', '--digits', '1', '--tone-ms', '0'], 'expected a number from 1 to 60000'],
    [['noise', 'a.wav', '--rate', '16000', '--format', 'wav49'], 'wav49 has 8000 samples a second'],
  ])('%j is wrong use', async (argv, words) => {
    expect(await dsp(['generate', ...argv])).toBe(2);
    expect(err.join('\n')).toContain(words);
  });

  test('knows every signal that the command names', async () => {
    const { SIGNALS } = await import('../src/dsp/signals.js');
    expect(await dsp(['generate', 'nothing', 'a.wav'])).toBe(2);
    expect(err.join()).toContain(`Allowed choices are ${Object.keys(SIGNALS).join(', ')}`);
  });
});

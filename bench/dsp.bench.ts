import {
  createCallProgress,
  createDtmf,
  createDtmfCallerId,
  createFax,
  createFskCallerId,
  createLineDsp,
  createProgress,
  createResampler,
  createVoice,
  createWav49Decoder,
  createWav49Encoder,
  encodeCallerIdMessage,
  generateFskCallerId,
  toneSet,
} from '@cordboard/telephony-dsp';
import { GoertzelBank } from './dsp/goertzel.js';
import { callOf, ringOf } from './dsp/sounds.js';
import { soxGsmSeconds } from './dsp/sox.js';
import { defineBench } from './lib/bench.js';
import { cpuUs, inTurns, resultOf } from './lib/measure.js';
import { median, rounded } from './lib/stats.js';

const RATE = 8000;
/** What a sound card or a switch hands over at once: 20 ms. */
const BLOCK = 160;

interface Listener {
  push(samples: Int16Array, hook: 'on' | 'off'): unknown;
}

const tones = toneSet('cn');
if (tones === undefined) throw new Error('China has no tones');

/** What takes part, and the hook that it works at. */
const listeners: readonly (readonly [string, () => Listener, 'on' | 'off'])[] = [
  ['goertzel', () => new GoertzelBank(), 'off'],
  ['dtmf', () => createDtmf(), 'off'],
  ['progress', () => createProgress({ tones }), 'off'],
  ['callProgress', () => createCallProgress({ tones }), 'off'],
  ['fax', () => createFax(), 'off'],
  ['voice', () => createVoice(), 'off'],
  ['fskCallerId', () => createFskCallerId(), 'on'],
  ['dtmfCallerId', () => createDtmfCallerId(), 'on'],
  ['line', () => createLineDsp(), 'off'],
  ['idleLine', () => createLineDsp(), 'on'],
];

/** Seconds of sound that one second of CPU gets through. */
function speedOf(listener: Listener, sound: Int16Array, hook: 'on' | 'off'): number {
  const before = cpuUs();
  for (let at = 0; at + BLOCK <= sound.length; at += BLOCK) listener.push(sound.subarray(at, at + BLOCK), hook);
  return ((sound.length / RATE) * 1e6) / (cpuUs() - before);
}

function repeated(sound: Int16Array, seconds: number): Int16Array {
  const out = new Int16Array(seconds * RATE);
  for (let at = 0; at < out.length; at += sound.length) out.set(sound.subarray(0, out.length - at), at);
  return out;
}

/** Cores that lines keep busy, each with its own sound and state, block after block in turn as they come from a box. */
function coresOf(
  lines: readonly ((block: Int16Array) => void)[],
  sounds: readonly Int16Array[],
  seconds: number,
): number {
  const before = cpuUs();
  for (let block = 0; block < (seconds * RATE) / BLOCK; block += 1) {
    for (const [n, line] of lines.entries()) {
      const sound = sounds[n % sounds.length] as Int16Array;
      const at = ((block + 37 * n) * BLOCK) % (sound.length - BLOCK);
      line(sound.subarray(at, at + BLOCK));
    }
  }
  return (cpuUs() - before) / 1e6 / seconds;
}

/** A line at work: keys, tones, and a recording as WAV49. */
function workingLine(): (block: Int16Array) => void {
  const listeners = [createDtmf(), createProgress({ tones: tones as NonNullable<typeof tones> })];
  const encoder = createWav49Encoder();
  const pending = new Int16Array(320);
  const out = new Uint8Array(65);
  let held = 0;
  return (block) => {
    for (const listener of listeners) listener.push(block, 'off');
    pending.set(block, held);
    held = (held + BLOCK) % 320;
    if (held === 0) encoder.encode(pending, 0, out);
  };
}

export default defineBench({
  about:
    'The signal code on one core, by CPU time: seconds of sound that a second of CPU gets through for each detector and the WAV49 coder, in blocks of 20 ms of dial tone, keys, ringback, speech and busy (or of ringing with caller ID), beside the plainest bank of eight Goertzel filters on the same sound and sox coding the same samples; and the share of a core that 128 lines with keys, tones and recording take, beside 128 such banks',
  async run({ report, say, smoke }) {
    const seconds = smoke ? 12 : 120;
    const message = encodeCallerIdMessage({
      type: 'cid',
      number: '13912345678',
      name: 'Cordboard',
      datetime: '11220930',
    });
    const sounds = {
      off: repeated(callOf(1), seconds),
      on: repeated(ringOf(generateFskCallerId(message), 2), seconds),
    };
    const repetitions = smoke ? 1 : 5;
    const results = await inTurns(
      listeners.map(([name, make, hook]) => ({ name, measure: async () => speedOf(make(), sounds[hook], hook) })),
      { repetitions },
    );
    const floor = { name: 'Goertzel bank', value: Math.round(resultOf(results, 'goertzel').median) };
    for (const [name] of listeners) {
      if (name === 'goertzel') continue;
      const { median: value, range } = resultOf(results, name);
      const about = {
        value: Math.round(value),
        unit: 'ratio',
        range: [Math.round(range[0]), Math.round(range[1])] as const,
      };
      report({ name: `dsp.${name}.realTime`, ...about, reference: floor });
    }

    const encoded = new Uint8Array((seconds * RATE * 65) / 320);
    const encode = (): number => {
      const encoder = createWav49Encoder();
      const before = cpuUs();
      for (let n = 0; n < (seconds * RATE) / 320; n += 1) encoder.encode(sounds.off, n * 320, encoded.subarray(n * 65));
      return (seconds * 1e6) / (cpuUs() - before);
    };
    const decode = (): number => {
      const decoder = createWav49Decoder();
      const out = new Int16Array(320);
      const before = cpuUs();
      for (let n = 0; n < (seconds * RATE) / 320; n += 1) decoder.decode(encoded, n * 65, out);
      return (seconds * 1e6) / (cpuUs() - before);
    };
    const resample = (from: number, to: number) => (): number => {
      const resampler = createResampler({ from, to });
      const before = cpuUs();
      for (let at = 0; at + BLOCK <= sounds.off.length; at += BLOCK)
        resampler.push(sounds.off.subarray(at, at + BLOCK));
      return ((sounds.off.length / from) * 1e6) / (cpuUs() - before);
    };
    const sox = soxGsmSeconds(repeated(callOf(1), smoke ? 12 : 600));
    if (sox === undefined) say('sox is not here: its coder is left out');
    const coders = await inTurns(
      [
        { name: 'encode', measure: async () => encode() },
        { name: 'decode', measure: async () => decode() },
        { name: 'from48k', measure: async () => resample(48_000, RATE)() },
        { name: 'to48k', measure: async () => resample(RATE, 48_000)() },
      ],
      { repetitions },
    );
    const soxSpeed =
      sox === undefined || sox === 0 ? undefined : { name: 'sox', value: Math.round((smoke ? 12 : 600) / sox) };
    const speed = (name: string): number => Math.round(resultOf(coders, name).median);
    report({ name: 'dsp.wav49.encode.realTime', value: speed('encode'), unit: 'ratio', reference: floor });
    if (soxSpeed !== undefined)
      report({ name: 'dsp.wav49.encode.besideSox', value: speed('encode'), unit: 'ratio', reference: soxSpeed });
    report({ name: 'dsp.wav49.decode.realTime', value: speed('decode'), unit: 'ratio', reference: floor });
    report({ name: 'dsp.resample48kTo8k.realTime', value: speed('from48k'), unit: 'ratio', reference: floor });
    report({ name: 'dsp.resample8kTo48k.realTime', value: speed('to48k'), unit: 'ratio', reference: floor });

    const calls = Array.from({ length: 8 }, (_, n) => callOf(10 + n));
    const share = (make: () => (block: Int16Array) => void): number =>
      median(
        [1, 2, 3].slice(0, repetitions).map(() => coresOf(Array.from({ length: 128 }, make), calls, smoke ? 1 : 10)),
      );
    const bank = (): ((block: Int16Array) => void) => {
      const goertzel = new GoertzelBank();
      return (block) => goertzel.push(block);
    };
    const reference = { name: '128 Goertzel banks', value: rounded(share(bank)) };
    report({ name: 'dsp.lines128.cores', value: rounded(share(workingLine)), unit: 'ratio', reference });
  },
});

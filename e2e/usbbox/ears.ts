import { execFileSync } from 'node:child_process';
import type { ExchangeLine } from '@cordboard/adapters-usbbox/simulated';
import { readWav } from '../lab/pcm.js';
import { analyse, type ToneOptions, type ToneSegment, tonesOf } from '../lab/tones.js';
import { until } from '../lab/wait.js';
import { HUM } from './line-floor.js';

/** Sound as sox decodes it: 8 kHz, one channel. @throws {Error} for a file that sox does not take */
export function soxDecode(file: Buffer): Int16Array {
  const wav = execFileSync(
    'sox',
    ['-t', 'wav', '-', '-r', '8000', '-e', 'signed-integer', '-b', '16', '-c', '1', '-t', 'wav', '-'],
    {
      input: file,
      maxBuffer: 1e9,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  return readWav(wav).channels[0] ?? new Int16Array(0);
}

/**
 * Resolves once so much sound has passed on a line, in the line's own time: that of a clock goes on while a busy machine plays nothing.
 * @returns when that was, by the clock on the wall
 */
export async function passed(exchange: ExchangeLine, forMs: number): Promise<number> {
  const since = exchange.ms;
  await until(() => exchange.ms - since >= forMs, {
    what: `${forMs} ms of sound`,
    everyMs: 5,
    seen: () => exchange.ms - since,
  });
  return Date.now();
}

const FRAME_MS = 300;
/** What may be in a call: voices, prompts, music, the tone of the exchange. */
const ANYTHING: ToneOptions = {
  freqs: [...Object.values(HUM), 450],
  frameMs: FRAME_MS,
  minPeak: 250,
  maxBelowDb: 26,
};

/** Keeps what somebody hears. */
export class Ear {
  readonly #blocks: Int16Array[] = [];
  readonly #frames: (readonly number[])[] = [];

  /** To be given to whoever has an ear. */
  readonly listen = (samples: Int16Array): void => {
    this.#blocks.push(samples.slice());
  };

  get ms(): number {
    return this.#blocks.reduce((sum, block) => sum + block.length / 8, 0);
  }

  samples(): Int16Array {
    const all = new Int16Array(this.ms * 8);
    let at = 0;
    for (const block of this.#blocks) {
      all.set(block, at);
      at += block.length;
    }
    return all;
  }

  /** Milliseconds in which this was heard so far, among all that may be said. Asked again and again, it judges each frame once. */
  heard(hz: number): number {
    const size = FRAME_MS * 8;
    for (const samples = this.samples(); (this.#frames.length + 1) * size <= samples.length; ) {
      const start = this.#frames.length * size;
      this.#frames.push(tonesOf(samples.subarray(start, start + size), ANYTHING));
    }
    return this.#frames.filter((freqs) => freqs.includes(hz)).length * FRAME_MS;
  }

  /** Loudest sample from `fromMs` on. */
  loudest(fromMs = 0): number {
    return this.samples()
      .subarray(fromMs * 8)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }
}

/** Frequencies that may be in a call: voices, prompts, music, the tone of the exchange. */
export function tonesIn(samples: Int16Array): readonly ToneSegment[] {
  return analyse(samples, ANYTHING);
}

/** Voices of eight callers and eight agents. GSM 06.10 codes what is below 1,333 Hz (5.2.13: each third value); a voice above it comes out up to 20 dB weaker. */
export const callerHz = (index: number): number => 975 + 50 * index;
/** See {@link callerHz}. */
export const agentHz = (index: number): number => 520 + 50 * index;
const VOICES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((index) => [callerHz(index), agentHz(index)]);

/**
 * Whose voices are in a recording for two seconds or more, ascending. The codec makes of two equal voices a pair that is 5 dB apart at most, and others that are
 * 22 dB below them or more; one that comes in from another line at half the strength of both is at most 10 dB below.
 */
export function speakersIn(file: Buffer): readonly number[] {
  const heard = analyse(soxDecode(file), { freqs: VOICES, frameMs: 300, maxBelowDb: 16 });
  return VOICES.filter((hz) => msOf(heard, hz) >= 2_000).sort((a, b) => a - b);
}

/** Milliseconds in which a tone is there. */
export function msOf(segments: readonly ToneSegment[], hz: number): number {
  return segments.reduce((sum, { freqs, fromMs, toMs }) => sum + (freqs.includes(hz) ? toMs - fromMs : 0), 0);
}

/** The stretches in which a tone sounds, or does not, of at least `minMs`: `on:1200 off:900 on:2000`. */
export function stretches(segments: readonly ToneSegment[], hz: number, minMs: number): readonly ('on' | 'off')[] {
  const raw: { is: 'on' | 'off'; ms: number }[] = [];
  for (const { freqs, fromMs, toMs } of segments) {
    const is = freqs.includes(hz) ? 'on' : 'off';
    const last = raw.at(-1);
    if (last?.is === is) last.ms += toMs - fromMs;
    else raw.push({ is, ms: toMs - fromMs });
  }
  const kept: ('on' | 'off')[] = [];
  for (const { is, ms } of raw) if (ms >= minMs && kept.at(-1) !== is) kept.push(is);
  return kept;
}

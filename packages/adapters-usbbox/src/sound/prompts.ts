import { createResampler, readWav, SAMPLE_RATE } from '@cordboard/telephony-dsp';
import type { Storage } from '../storage.js';

/** A prompt is a path below the folder: no way up, no absolute path, no odd characters. */
const PROMPT = /^(?!.*\.\.)(?!\/)[\p{L}\p{N}_./ -]{0,127}[\p{L}\p{N}_-]$/u;
const LANGUAGE = /^[A-Za-z0-9_-]{1,16}$/;
/** Ten minutes: what is longer is no prompt. */
const MAX_SAMPLES = 600 * SAMPLE_RATE;

/** Reads WAV files of one folder as samples at 8,000 a second, and keeps the last used ones. */
export class SoundLibrary {
  readonly #folder: string;
  readonly #storage: Storage;
  readonly #capacity: number;
  /** The most recently used last. */
  readonly #kept = new Map<string, Int16Array>();
  #bytes = 0;

  /** @param options.cacheBytes - most bytes of samples that are kept */
  constructor(folder: string, options: { readonly storage: Storage; readonly cacheBytes: number }) {
    this.#folder = folder;
    this.#storage = options.storage;
    this.#capacity = options.cacheBytes;
  }

  /**
   * The sound of a name, of a language where there is one: `<language>/<name>.wav`, then that of the language's first part (`zh` of `zh-CN`), then `<name>.wav`.
   * @returns `undefined` when none of them can be read
   */
  async find(name: string, language?: string): Promise<Int16Array | undefined> {
    if (!PROMPT.test(name)) return undefined;
    const file = /\.wav$/i.test(name) ? name : `${name}.wav`;
    if (language !== undefined && LANGUAGE.test(language)) {
      const folders = new Set([language, language.split(/[-_]/)[0] ?? language]);
      for (const folder of folders) {
        const found = await this.load(`${folder}/${file}`);
        if (found !== undefined) return found;
      }
    }
    return this.load(file);
  }

  /** The sound of one file below the folder; `undefined` when it is no sound. The array is shared: do not write to it. */
  async load(file: string): Promise<Int16Array | undefined> {
    const known = this.#kept.get(file);
    if (known !== undefined) {
      this.#kept.delete(file);
      this.#kept.set(file, known);
      return known;
    }
    const samples = await this.#read(`${this.#folder}/${file}`);
    if (samples !== undefined) this.#keep(file, samples);
    return samples;
  }

  async #read(path: string): Promise<Int16Array | undefined> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#storage.read(path);
    } catch {
      return undefined;
    }
    return decodeSound(bytes);
  }

  #keep(file: string, samples: Int16Array): void {
    const before = this.#kept.get(file);
    if (before !== undefined) this.#bytes -= before.byteLength;
    this.#kept.set(file, samples);
    this.#bytes += samples.byteLength;
    for (const [oldest, value] of this.#kept) {
      if (this.#bytes <= this.#capacity) return;
      this.#kept.delete(oldest);
      this.#bytes -= value.byteLength;
    }
  }
}

/** A WAV file as samples at 8,000 a second, its channels put together; `undefined` when it cannot be read or is longer than ten minutes. */
export function decodeSound(bytes: Uint8Array): Int16Array | undefined {
  const wav = readWav(bytes);
  if (!wav.ok || (wav.samples / wav.sampleRate) * SAMPLE_RATE > MAX_SAMPLES || wav.sampleRate < 1_000) return undefined;
  const left = wav.decode(0);
  const mono = wav.channels === 1 ? left : left.slice();
  if (wav.channels > 1) {
    const right = wav.decode(1);
    for (let i = 0; i < mono.length; i++) mono[i] = ((mono[i] ?? 0) + (right[i] ?? 0)) >> 1;
  }
  if (wav.sampleRate === SAMPLE_RATE) return mono;
  if (wav.sampleRate > 384_000) return undefined;
  const resampler = createResampler({ from: wav.sampleRate, to: SAMPLE_RATE });
  const head = resampler.push(mono).slice();
  const tail = resampler.flush();
  const all = new Int16Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

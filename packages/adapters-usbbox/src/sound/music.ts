import type { Storage } from '../storage.js';
import { SoundLibrary } from './prompts.js';
import { gentleTone } from './tones.js';

/** Longest loop of hold music: 20 minutes. */
const MAX_SAMPLES = 20 * 60 * 8_000;

/** Hold music by class: `<class>.wav`, or all WAV files of the folder `<class>` one after the other; a gentle tone where there is none. */
export class MusicShelf {
  readonly #folder: string | undefined;
  readonly #storage: Storage;
  readonly #library: SoundLibrary | undefined;
  readonly #made = new Map<string, Promise<Int16Array>>();
  #gentle: Int16Array | undefined;

  constructor(folder: string | undefined, options: { readonly storage: Storage; readonly cacheBytes: number }) {
    this.#folder = folder;
    this.#storage = options.storage;
    this.#library = folder === undefined ? undefined : new SoundLibrary(folder, options);
  }

  /** The music of a class, default `default`. Never rejects. */
  find(musicClass = 'default'): Promise<Int16Array> {
    const known = this.#made.get(musicClass);
    if (known !== undefined) return known;
    const made = this.#load(musicClass);
    if (this.#made.size < 32) this.#made.set(musicClass, made);
    return made;
  }

  async #load(musicClass: string): Promise<Int16Array> {
    const library = this.#library;
    if (library !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(musicClass)) {
      const one = await library.load(`${musicClass}.wav`);
      if (one !== undefined && one.length > 0) return one;
      const all = await this.#folderOf(musicClass, library);
      if (all.length > 0) return all;
    }
    if (musicClass !== 'default') return this.find();
    this.#gentle ??= gentleTone();
    return this.#gentle;
  }

  async #folderOf(musicClass: string, library: SoundLibrary): Promise<Int16Array> {
    const names = await this.#storage.list(`${this.#folder ?? ''}/${musicClass}`).catch(() => []);
    const parts: Int16Array[] = [];
    let length = 0;
    for (const name of [...names].sort()) {
      if (!/\.wav$/i.test(name) || length >= MAX_SAMPLES) continue;
      const part = await library.load(`${musicClass}/${name}`);
      if (part === undefined) continue;
      parts.push(part);
      length += part.length;
    }
    const all = new Int16Array(Math.min(length, MAX_SAMPLES));
    let at = 0;
    for (const part of parts) {
      all.set(part.subarray(0, all.length - at), at);
      at = Math.min(all.length, at + part.length);
    }
    return all;
  }
}

import type { Storage, StoredFile } from '../storage.js';
import { type Coder, createCoder, type RecordingFormat, UNFINISHED } from './format.js';
import { repairFile } from './recover.js';

/** Most bytes of one file that wait for the disk: 16 s of PCM, 160 s of WAV49. What comes then is lost, and counted. */
const MAX_PENDING = 256 * 1_024;
const FIRST_ROOM = 4_096;

/** One file of a recording: sound goes in without waiting, bytes go to the disk when {@link Track.flush} is called. */
export class Track {
  readonly file: string;
  readonly #path: string;
  readonly #storage: Storage;
  readonly #coder: Coder;
  #pending = new Uint8Array(FIRST_ROOM);
  #writing = new Uint8Array(FIRST_ROOM);
  #length = 0;
  #at = 0;
  #handle: StoredFile | undefined;
  #flushing: Promise<void> | undefined;
  #failed: unknown;
  /** Samples that were lost because the disk was slow. */
  lost = 0;

  /** @param parts.folder - where it lies; `parts.file`: its name when it is finished */
  constructor(parts: {
    readonly folder: string;
    readonly file: string;
    readonly format: RecordingFormat;
    readonly storage: Storage;
  }) {
    this.file = parts.file;
    this.#path = `${parts.folder}/${parts.file}`;
    this.#storage = parts.storage;
    this.#coder = createCoder(parts.format);
  }

  /** The disk refused it. */
  get failed(): boolean {
    return this.#failed !== undefined;
  }

  /** Makes the file, with its head: from now on a crash leaves something that can be finished. Rejects with what the disk said. */
  async open(): Promise<void> {
    this.#handle = await this.#storage.open(`${this.#path}${UNFINISHED}`, 'create');
    const { header } = this.#coder;
    if (header.length > 0) await this.#handle.write(header, 0);
    this.#at = header.length;
  }

  /** Takes samples; never waits. */
  add(samples: Int16Array): void {
    if (this.#failed !== undefined) return;
    if (this.#length >= MAX_PENDING) {
      this.lost += samples.length;
      return;
    }
    this.#append(this.#coder.push(samples));
  }

  /** Writes what waits. One at a time: while the disk is busy, more gathers. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Writes the rest and the true sizes, closes the file and gives it its name. @returns whether all of it is there */
  async finish(): Promise<'done' | 'failed'> {
    await this.flush();
    const { bytes, patches } = this.#coder.finish();
    this.#append(bytes);
    await this.flush();
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) return 'failed';
    try {
      for (const { position, bytes: patch } of this.#failed === undefined ? patches : [])
        await handle.write(patch, position);
    } catch (error) {
      this.#failed ??= error;
    }
    await handle.close().catch(() => undefined);
    if (this.#failed !== undefined) {
      await repairFile(this.#storage, this.#path, this.#at);
      return 'failed';
    }
    try {
      await this.#storage.rename(`${this.#path}${UNFINISHED}`, this.#path);
      return 'done';
    } catch {
      return 'failed';
    }
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#pending.length) {
      const more = new Uint8Array(2 * (this.#length + bytes.length));
      more.set(this.#pending.subarray(0, this.#length));
      this.#pending = more;
    }
    this.#pending.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  async #write(): Promise<void> {
    if (this.#length === 0 || this.#handle === undefined || this.#failed !== undefined) return;
    const bytes = this.#pending.subarray(0, this.#length);
    [this.#pending, this.#writing] = [this.#writing, this.#pending];
    this.#length = 0;
    try {
      await this.#handle.write(bytes, this.#at);
      this.#at += bytes.length;
    } catch (error) {
      // A disk that is full, or gone: what is there stays and can be finished later; the call goes on.
      this.#failed = error;
    }
  }
}

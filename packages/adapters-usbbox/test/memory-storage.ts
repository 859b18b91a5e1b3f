import { createWavWriter } from '@cordboard/telephony-dsp';
import type { Storage } from '../src/storage.js';

/** A disk in memory that can be slow, full or dead. */
export class MemoryStorage implements Storage {
  readonly files = new Map<string, Uint8Array>();
  /** Bytes after which it is full. */
  room = Number.POSITIVE_INFINITY;
  /** Waits for this before each write. */
  gate: Promise<void> = Promise.resolve();
  /** Writes that were asked for. */
  writes = 0;

  get used(): number {
    let sum = 0;
    for (const bytes of this.files.values()) sum += bytes.length;
    return sum;
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#of(path);
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...this.files.keys()].flatMap((path) =>
      path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [],
    );
  }

  async makeFolder(): Promise<void> {
    await Promise.resolve();
  }

  async rename(from: string, to: string): Promise<void> {
    this.files.set(to, this.#of(from));
    this.files.delete(from);
  }

  async open(path: string, how: 'create' | 'change') {
    if (how === 'create') {
      if (this.files.has(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      this.files.set(path, new Uint8Array(0));
    } else this.#of(path);
    return {
      write: async (bytes: Uint8Array, position: number): Promise<void> => {
        this.writes += 1;
        const copy = bytes.slice();
        await this.gate;
        const old = this.#of(path);
        const grows = Math.max(0, position + copy.length - old.length);
        if (this.used + grows > this.room) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        const next = new Uint8Array(old.length + grows);
        next.set(old);
        next.set(copy, position);
        this.files.set(path, next);
      },
      truncate: async (size: number): Promise<void> => {
        const next = new Uint8Array(size);
        next.set(this.#of(path).subarray(0, size));
        this.files.set(path, next);
      },
      close: async (): Promise<void> => Promise.resolve(),
    };
  }

  /** Puts a WAV file of a tone there. */
  prompt(path: string, how: { readonly ms: number; readonly hz?: number }): void {
    const writer = createWavWriter({ encoding: 'pcm16' });
    const samples = new Int16Array(how.ms * 8);
    for (let i = 0; i < samples.length; i++)
      samples[i] = Math.round(6_000 * Math.sin((2 * Math.PI * (how.hz ?? 330) * i) / 8_000));
    const body = writer.push(samples).slice();
    const { bytes, patches } = writer.finish();
    const file = new Uint8Array(writer.header.length + body.length + bytes.length);
    file.set(writer.header);
    file.set(body, writer.header.length);
    file.set(bytes, writer.header.length + body.length);
    for (const patch of patches) file.set(patch.bytes, patch.position);
    this.files.set(path, file);
  }

  #of(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return bytes;
  }
}

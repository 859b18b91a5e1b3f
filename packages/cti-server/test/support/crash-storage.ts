import type { AppendFile, JournalStorage, StoredFile } from '../../src/journal/storage.js';

interface File {
  changedWallMs?: number;
  synced: Buffer;
  /** Written, and in the hands of the operating system. */
  loose: Buffer;
}

/** A journal's folder in memory that tells what a crash leaves: all that was synced, and any part of what was not. */
export class CrashStorage implements JournalStorage {
  readonly files = new Map<string, File>();
  /** Each sync waits for this; tests put a promise of their own here. */
  gate: () => Promise<void> = () => Promise.resolve();
  /** Wall clock of the files' last changes. */
  wallMs: () => number = Date.now;
  /** Each removal waits for this. */
  removing: () => Promise<void> = () => Promise.resolve();
  /** Each whole file waits for this. */
  whole: () => Promise<void> = () => Promise.resolve();
  /** Called after each sync, before the writer is told. */
  synced: () => void = () => undefined;

  /** What is there after a crash that kept `loose` bytes of each unsynced end. */
  crash(loose = 0): CrashStorage {
    const after = new CrashStorage();
    for (const [name, file] of this.files) {
      after.files.set(name, {
        synced: Buffer.concat([file.synced, file.loose.subarray(0, loose)]),
        loose: Buffer.alloc(0),
      });
    }
    return after;
  }

  /** The same, with one file cut. */
  cut(name: string, bytes: number): CrashStorage {
    const after = this.crash();
    const file = after.files.get(name);
    if (file !== undefined) file.synced = file.synced.subarray(0, bytes);
    return after;
  }

  async list(): Promise<readonly StoredFile[]> {
    return [...this.files]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, file]) => ({
        name,
        bytes: file.synced.length + file.loose.length,
        changedWallMs: file.changedWallMs ?? 0,
      }));
  }

  async read(name: string): Promise<Buffer> {
    const file = this.#file(name);
    return Buffer.concat([file.synced, file.loose]);
  }

  async openAppend(name: string): Promise<AppendFile> {
    const file = this.files.get(name) ?? { synced: Buffer.alloc(0), loose: Buffer.alloc(0) };
    this.files.set(name, file);
    return {
      append: async (bytes) => {
        file.loose = Buffer.concat([file.loose, bytes]);
        file.changedWallMs = this.wallMs();
        await this.gate();
        file.synced = Buffer.concat([file.synced, file.loose]);
        file.loose = Buffer.alloc(0);
        this.synced();
      },
      close: async () => undefined,
    };
  }

  async writeWhole(name: string, bytes: Uint8Array): Promise<void> {
    await this.whole();
    this.files.set(name, { synced: Buffer.from(bytes), loose: Buffer.alloc(0), changedWallMs: this.wallMs() });
  }

  async truncate(name: string, bytes: number): Promise<void> {
    const file = this.#file(name);
    file.synced = Buffer.concat([file.synced, file.loose]).subarray(0, bytes);
    file.loose = Buffer.alloc(0);
  }

  async remove(name: string): Promise<void> {
    await this.removing();
    this.files.delete(name);
  }

  #file(name: string): File {
    const file = this.files.get(name);
    if (file === undefined) throw new Error(`no file ${name}`);
    return file;
  }
}

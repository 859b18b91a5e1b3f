import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';

/** A file that is being written. Every method rejects with what the disk said. */
export interface StoredFile {
  /** Writes all bytes from `position` on. They belong to the writer until the promise is settled. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Cuts the file off. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The disk as a port. Paths are those of the process; folders end without a slash. */
export interface Storage {
  /** The whole file. */
  read(path: string): Promise<Uint8Array>;
  /** Names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it; none is made twice. */
  makeFolder(folder: string): Promise<void>;
  /** `create`: a new, empty file; one that exists is refused. `change`: one that exists. */
  open(path: string, how: 'create' | 'change'): Promise<StoredFile>;
  rename(from: string, to: string): Promise<void>;
}

/** The disk of this machine. */
export const diskStorage: Storage = {
  read: (path) => readFile(path),
  list: (folder) => readdir(folder),
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
  rename: (from, to) => rename(from, to),
  async open(path, how) {
    const file = await open(path, how === 'create' ? 'wx' : 'r+');
    return {
      async write(bytes, position) {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
          done += bytesWritten;
        }
      },
      truncate: (size) => file.truncate(size),
      close: () => file.close(),
    };
  },
};

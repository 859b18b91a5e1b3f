import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** What a file of lines held when it was opened. */
export interface LineFileContent {
  /** The lines whose checksum is right, in order, without it. */
  readonly lines: readonly string[];
  /** Lines that are torn or changed. A crash leaves at most one, the last. */
  readonly damaged: number;
}

/** A file to which lines are added, each on the disk before its promise resolves. One process writes to it. */
export interface LineFile {
  readonly content: LineFileContent;
  /** Adds lines in order; a crash may keep the first ones and not the last. Rejects with what the disk said. Calls while one is under way go to the disk together. */
  append(lines: readonly string[]): Promise<void>;
  /** Puts these lines in place of all, asked for when everything added before is on the disk. A crash leaves either the old ones or the new ones. */
  replace(lines: () => readonly string[]): Promise<void>;
  /** Waits for what is under way and closes. May be called again. */
  close(): Promise<void>;
}

const sealed = (line: string): string => `${crc32(line).toString(16).padStart(8, '0')} ${line}\n`;

function read(text: string): LineFileContent {
  const lines: string[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const rest = line.slice(9);
    if (line.charAt(8) === ' ' && crc32(rest).toString(16).padStart(8, '0') === line.slice(0, 8)) lines.push(rest);
    else damaged += 1;
  }
  return { lines, damaged };
}

/** Opens a file of lines, which only its owner may read; it and its folder are made where they are missing. Rejects with what the disk says. */
export async function openLineFile(path: string): Promise<LineFile> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  let file: FileHandle = await open(path, 'a', 0o600);
  // A torn line ends here, so that what follows stands on a line of its own.
  if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
  await syncFolder(path);
  let waiting: { readonly lines: readonly string[]; done: () => void; failed: (error: unknown) => void }[] = [];
  let running: Promise<void> = Promise.resolve();
  let isWriting = false;
  let isTorn = false;
  let isClosed = false;
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        // A disk that was full may have taken half a line.
        const start = isTorn ? '\n' : '';
        isTorn = true;
        await file.appendFile(start + batch.flatMap(({ lines }) => lines.map(sealed)).join(''));
        await file.datasync();
        isTorn = false;
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    isWriting = false;
  };
  const start = (): void => {
    if (isWriting) return;
    isWriting = true;
    running = running.then(flush);
  };
  return {
    content: read(text),
    append: (lines) =>
      new Promise((done, failed) => {
        if (isClosed) return failed(new Error('the file is closed'));
        waiting.push({ lines, done, failed });
        start();
      }),
    replace(lines) {
      const done = running.then(async () => {
        const next = `${path}.new`;
        const handle = await open(next, 'w', 0o600);
        try {
          await handle.appendFile(lines().map(sealed).join(''));
          await handle.datasync();
        } finally {
          await handle.close();
        }
        await rename(next, path);
        await syncFolder(path);
        await file.close();
        file = await open(path, 'a', 0o600);
      });
      running = done.catch(() => undefined);
      return done;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await running;
      await file.close();
    },
  };
}

/** The name of a new file is on the disk when its folder is. Not every system can do that for folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

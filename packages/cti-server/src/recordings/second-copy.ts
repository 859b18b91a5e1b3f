import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, CtiError, type Logger } from '@cordboard/cti-core';
import type { RecordStore, StoredFile } from '../store/port.js';

/** What the second copy works with. `from`: the data folder, `to`: a folder that exists, better on another volume. */
export interface SecondCopyOptions {
  readonly from: string;
  readonly to: string;
  readonly store: Pick<RecordStore, 'uncopied' | 'copied' | 'anyCopied'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells by its code what a person should see. */
  readonly note: (code: string) => void;
}

/** Lies in the folder: one without it is another folder, such as the empty one under which nothing is mounted. */
const MARK = 'cordboard-second-copy';
const AGAIN_MS = 60_000;
const AT_A_TIME = 100;

/**
 * Copies the files of finished recordings to a second folder, oldest first, also those from before it was switched on (R4). What fails is tried again every
 * minute. A file has its name there only when it is whole.
 */
export class SecondCopy {
  readonly #options: SecondCopyOptions;
  readonly #stopping = new AbortController();
  #cancel: (() => void) | undefined;
  #work: Promise<void> | undefined;
  /** The file that was copied last, or is. */
  #copying: { readonly path: string; readonly done: Promise<void> } | undefined;
  #told: 'well' | 'failing' = 'well';

  constructor(options: SecondCopyOptions) {
    this.#options = options;
  }

  /** There may be something to copy. Goes on until nothing is left or something fails. */
  wake(): void {
    if (this.#stopping.signal.aborted || this.#work !== undefined) return;
    this.#cancel?.();
    this.#work = this.#run().finally(() => {
      this.#work = undefined;
      if (this.#stopping.signal.aborted) return;
      this.#cancel = this.#options.clock.setTimer(AGAIN_MS, () => this.wake());
    });
  }

  /** Resolves when nothing is being copied. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /**
   * Removes copies whose recording is over.
   * @throws {CtiError} `store.unavailable` when the folder cannot be had: the recording itself must stay until it can, so that no copy outlives it
   */
  async remove(files: readonly StoredFile[]): Promise<void> {
    await this.#folder();
    for (const { path } of files) {
      // One that is being copied gets its name after this.
      if (this.#copying?.path === path) await this.#copying.done.catch(() => undefined);
      const whole = join(this.#options.to, path);
      for (const each of [whole, `${whole}.part`]) await rm(each, { force: true });
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel?.();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { store, log, note } = this.#options;
    try {
      await this.#folder();
      for (let found = AT_A_TIME; found === AT_A_TIME; ) {
        const recordings = await store.uncopied(AT_A_TIME);
        found = recordings.length;
        for (const { record, files } of recordings) {
          if (this.#stopping.signal.aborted) return;
          for (const file of files) {
            const done = this.#copy(file);
            this.#copying = { path: file.path, done };
            await done;
          }
          await store.copied(record.recordingId);
        }
      }
      if (this.#told === 'failing') log.info('the second copy of recordings goes on');
      this.#told = 'well';
    } catch {
      if (this.#stopping.signal.aborted) return;
      note('recordings.secondCopy.failed');
      // Once for each time that it begins to fail: a volume that is away for a night fills no log.
      if (this.#told === 'well') log.warn('recordings could not be copied to the second folder; it is tried again');
      this.#told = 'failing';
    }
  }

  async #copy(file: StoredFile): Promise<void> {
    const whole = join(this.#options.to, file.path);
    await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
    const part = `${whole}.part`;
    const source = join(this.#options.from, file.path);
    try {
      await copyFile(source, part);
    } catch (error) {
      // Removed by somebody meanwhile: there is nothing to copy any more.
      if (await isGone(source)) return;
      throw error;
    }
    const handle = await open(part, 'r+');
    try {
      await handle.sync();
      if ((await handle.stat()).size !== file.bytes) throw new CtiError('store.unavailable', 'a copy is not whole');
    } finally {
      await handle.close();
    }
    await rename(part, whole);
  }

  async #folder(): Promise<void> {
    const mark = join(this.#options.to, MARK);
    const known = await readFile(mark, 'utf8').catch(() => undefined);
    if (known !== undefined) return;
    if (await this.#options.store.anyCopied()) {
      throw new CtiError(
        'store.unavailable',
        'the second folder is not the one that copies were made to: is it mounted?',
      );
    }
    await writeFile(mark, `${randomBytes(8).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  }
}

const isGone = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

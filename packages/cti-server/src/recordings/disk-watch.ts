import { statfs } from 'node:fs/promises';
import type { Clock, Logger } from '@cordboard/cti-core';

/** What is watched, and how. */
export interface DiskWatchOptions {
  readonly folders: readonly string[];
  /** Less free space than this is `low`. Bytes. */
  readonly lowBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly note: (code: string) => void;
  /** Free bytes for who may not be root; default: asks the file system. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

const EVERY_MS = 60_000;
/** Enough again only with so much more than the threshold: a disk at the edge is told once, not every minute. */
const ENOUGH = 1.1;

/** Watches the disks that recordings go to (R4): low space is told once, and again when there is enough. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #states = new Map<string, { state: 'ok' | 'low' | 'unknown'; freeBytes: number }>();
  #cancel: (() => void) | undefined;
  #look: Promise<void> = Promise.resolve();
  #life: 'new' | 'watching' | 'stopped' = 'new';

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** Free bytes of each watched folder, as last seen; -1 where it could not be asked. */
  get free(): readonly number[] {
    return this.#options.folders.map((folder) => this.#states.get(folder)?.freeBytes ?? -1);
  }

  /** `low` when one of them has less than the threshold. */
  get state(): 'ok' | 'low' {
    return [...this.#states.values()].some(({ state }) => state === 'low') ? 'low' : 'ok';
  }

  async start(): Promise<void> {
    if (this.#life !== 'new') return;
    this.#life = 'watching';
    await this.#round();
  }

  async stop(): Promise<void> {
    this.#life = 'stopped';
    this.#cancel?.();
    await this.#look;
  }

  async #round(): Promise<void> {
    for (const [index, folder] of this.#options.folders.entries()) await this.#see(folder, index);
    if (this.#life !== 'watching') return;
    this.#cancel = this.#options.clock.setTimer(EVERY_MS, () => {
      this.#look = this.#round();
    });
  }

  async #see(folder: string, index: number): Promise<void> {
    const { lowBytes, log, note, freeBytes = freeBytesOf } = this.#options;
    const before = this.#states.get(folder)?.state ?? 'ok';
    const free = await freeBytes(folder).catch(() => undefined);
    const bound = before === 'low' ? lowBytes * ENOUGH : lowBytes;
    const state = free === undefined ? 'unknown' : free < bound ? 'low' : 'ok';
    this.#states.set(folder, { state, freeBytes: free ?? -1 });
    if (state === before) return;
    // Which one: 0 the data folder, 1 the second copy. Paths may hold names of people.
    if (state === 'low') {
      note('disk.low');
      log.warn('the disk of the recordings is nearly full', { folder: index, freeBytes: free ?? -1, lowBytes });
    } else if (state === 'unknown') {
      log.warn('the free space of a folder of recordings cannot be seen', { folder: index });
    } else log.info('the disk of the recordings has enough space', { folder: index, freeBytes: free ?? -1 });
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

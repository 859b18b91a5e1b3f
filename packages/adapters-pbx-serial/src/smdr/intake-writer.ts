import type { Clock } from '@cordboard/cti-core';
import type { SmdrArchive } from './archive-folder.js';
import type { SmdrRecord } from './record.js';

/** What an {@link IntakeWriter} is made of. */
export interface IntakeWriterOptions {
  readonly clock: Clock;
  readonly archive: SmdrArchive | undefined;
  /** Records that are on the disk. */
  readonly kept: (records: readonly SmdrRecord[]) => void;
  /** The archive could not be written to; the same records are tried again. */
  readonly failed: (error: unknown) => void;
  /** Too many records wait for the disk, or few enough again. */
  readonly pressure: (state: 'full' | 'relieved') => void;
}

const RETRY_MS = 1_000;
/** Some minutes of the busiest PBX, some MB. */
const FULL = 20_000;
const RELIEVED = 5_000;
/** Of one block of the archive. */
const BLOCK = 1_000;

/** Brings records to the disk in their order, many at a time, and again until they are there. */
export class IntakeWriter {
  readonly #options: IntakeWriterOptions;
  #waiting: SmdrRecord[] = [];
  #writing: Promise<void> | undefined;
  #isFull = false;
  #isEnding = false;
  #cutShort: (() => void) | undefined;

  constructor(options: IntakeWriterOptions) {
    this.#options = options;
  }

  /** Records that are not on the disk yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  push(records: readonly SmdrRecord[]): void {
    if (records.length === 0) return;
    if (this.#options.archive === undefined) return this.#options.kept(records);
    for (const record of records) this.#waiting.push(record);
    if (!this.#isFull && this.#waiting.length >= FULL) {
      this.#isFull = true;
      this.#options.pressure('full');
    }
    this.#writing ??= this.#write(this.#options.archive);
  }

  /** Resolves when all is on the disk, or could not be brought there at a last try. Answers how many records that are. */
  async end(): Promise<number> {
    this.#isEnding = true;
    this.#cutShort?.();
    await this.#writing;
    return this.#waiting.length;
  }

  async #write(archive: SmdrArchive): Promise<void> {
    while (this.#waiting.length > 0) {
      const block = this.#waiting.slice(0, BLOCK);
      try {
        await archive.append(block);
      } catch (error) {
        this.#options.failed(error);
        if (this.#isEnding) break;
        await this.#pause();
        continue;
      }
      this.#waiting.splice(0, block.length);
      this.#options.kept(block);
      if (this.#isFull && this.#waiting.length <= RELIEVED) {
        this.#isFull = false;
        this.#options.pressure('relieved');
      }
    }
    this.#writing = undefined;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(RETRY_MS, resolve);
      this.#cutShort = () => {
        cancel();
        resolve();
      };
    });
  }
}

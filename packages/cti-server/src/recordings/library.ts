import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  type Clock,
  type CtiDriver,
  type Logger,
  type RecordEffect,
  type RecordingId,
  type RecordingRecord,
  type SwitchId,
  switchOf,
} from '@cordboard/cti-core';
import type { RecordStore, StoredFile, StoredRecording } from '../store/port.js';
import type { SecondCopy } from './second-copy.js';

/** What the library works with. `dir`: the data folder; files lie below `recordings/` in it. */
export interface LibraryOptions {
  readonly dir: string;
  readonly store: RecordStore;
  readonly driver: (switchId: SwitchId) => CtiDriver | undefined;
  /** Where every file has a second copy. */
  readonly secondCopy?: Pick<SecondCopy, 'wake' | 'remove'>;
  /** Messages whose recording is no longer there. */
  readonly messages?: { sweep(nowWallMs: number): Promise<void> };
  readonly clock: Clock;
  readonly log: Logger;
}

const RETRY_MS = [1000, 5000, 20_000, 60_000, 300_000] as const;
const SWEEP_MS = 3_600_000;
const SWEEP_RECORDINGS = 100;
const AT_ONCE = 2;
const MEDIA: Readonly<Record<string, string>> = { '.wav': 'audio/wav', '.ulaw': 'audio/basic', '.wav49': 'audio/wav' };

/** Brings finished recordings from the switch into the data folder, serves them, and removes them when their time is over. */
export class RecordingLibrary {
  readonly #options: LibraryOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #discarding = new Set<Promise<void>>();
  readonly #queue: { readonly record: RecordingRecord; readonly attempt: number }[] = [];
  readonly #cancels = new Set<() => void>();
  #sweeping: Promise<void> = Promise.resolve();

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  /** Goes on with what an earlier run did not fetch, and begins to sweep. */
  async start(): Promise<void> {
    for (const record of await this.#options.store.unfetched(10_000)) this.fetch(record);
    this.#options.secondCopy?.wake();
    this.#planSweep(0);
  }

  /**
   * Fetches the files of a finished recording; tries again while the switch cannot be reached. One whose end nobody told (`unsure`) becomes
   * `failed` when the switch has no file of it at the last try.
   */
  fetch(record: RecordingRecord): void {
    if (record.state !== 'done' || this.#stopping.signal.aborted) return;
    this.#queue.push({ record, attempt: 0 });
    this.#next();
  }

  /** Resolves when nothing is being fetched. Tries that wait for their time are not waited for. */
  async settled(): Promise<void> {
    while (this.#running.size + this.#discarding.size > 0) await Promise.all([...this.#running, ...this.#discarding]);
  }

  /** Opens a stored file, or a part of it. @param range - first and last byte, both included */
  open(file: StoredFile, range?: { readonly first: number; readonly last: number }): Readable {
    const path = join(this.#options.dir, file.path);
    return range === undefined
      ? createReadStream(path)
      : createReadStream(path, { start: range.first, end: range.last });
  }

  /** Removes a recording and its files for good, the second copies first: no copy outlives its recording. */
  async remove(recording: StoredRecording): Promise<void> {
    const { secondCopy, dir } = this.#options;
    await secondCopy?.remove(recording.files);
    for (const file of recording.files) await rm(join(dir, file.path), { force: true });
    // One may have been copied meanwhile; now that the file is gone no other can be begun.
    await secondCopy?.remove(recording.files);
    await this.#options.store.removeRecording(recording.record.recordingId);
  }

  /** Removes a recording that nobody wants to keep, as soon as it is written. What cannot be removed now the next sweep removes. */
  discard(recordingId: RecordingId): void {
    const work = this.#discard(recordingId).finally(() => this.#discarding.delete(work));
    this.#discarding.add(work);
  }

  async #discard(recordingId: RecordingId): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.flush();
      const found = await store.recording(recordingId);
      if (found !== undefined) await this.remove(found);
    } catch {
      log.warn('a message could not be removed; the next sweep tries again', { recordingId });
    }
  }

  /** Removes all recordings whose retention is over. One that cannot be removed is told and left for the next time. */
  async sweep(): Promise<void> {
    const { store, clock, log } = this.#options;
    const nowMs = clock.wallMs();
    for (let found = SWEEP_RECORDINGS, removed = 1; found === SWEEP_RECORDINGS && removed > 0; ) {
      if (this.#stopping.signal.aborted) return;
      const outdated = await store.outdated(nowMs, SWEEP_RECORDINGS);
      found = outdated.length;
      removed = 0;
      for (const recording of outdated) {
        const { recordingId } = recording.record;
        await this.remove(recording).then(
          () => {
            removed += 1;
          },
          () => log.warn('an outdated recording could not be removed', { recordingId }),
        );
      }
    }
    await this.#options.messages?.sweep(nowMs);
  }

  /** Breaks off and leaves the rest to the next run. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#queue.length = 0;
    for (const cancel of this.#cancels) cancel();
    await Promise.allSettled([...this.#running, ...this.#discarding, this.#sweeping]);
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      const work = this.#fetch(job.record, job.attempt).finally(() => {
        this.#running.delete(work);
        this.#next();
      });
      this.#running.add(work);
    }
  }

  async #fetch(record: RecordingRecord, attempt: number): Promise<void> {
    const { store, log } = this.#options;
    try {
      const files: StoredFile[] = [];
      for (const [index, name] of record.files.entries()) {
        const file = await this.#copy(record, { index, name });
        if (file !== undefined) files.push(file);
      }
      const isLastLook = record.unsure !== undefined && attempt >= RETRY_MS.length;
      if (files.length < record.files.length && !isLastLook) throw new Error('the switch has not all files');
      if (record.unsure !== undefined) store.put(verified(record, files));
      await store.flush();
      if (files.length === 0) return;
      const isWanted = (await store.recording(record.recordingId)) !== undefined;
      if (isWanted) {
        await store.fetched(record.recordingId, files);
        this.#options.secondCopy?.wake();
      } else for (const file of files) await rm(join(this.#options.dir, file.path), { force: true });
    } catch {
      if (this.#stopping.signal.aborted) return;
      const delayMs = RETRY_MS[attempt];
      if (delayMs === undefined) {
        log.warn('a recording could not be fetched; the next start tries again', { recordingId: record.recordingId });
        return;
      }
      const cancel = this.#options.clock.setTimer(delayMs, () => {
        this.#cancels.delete(cancel);
        this.#queue.push({ record, attempt: attempt + 1 });
        this.#next();
      });
      this.#cancels.add(cancel);
    }
  }

  /** Copies one file; it has its name only when it is whole. */
  async #copy(record: RecordingRecord, from: { index: number; name: string }): Promise<StoredFile | undefined> {
    const { dir, driver } = this.#options;
    const { signal } = this.#stopping;
    const source = await driver(switchOf(record.connectionId))?.openRecording(record.recordingId, from.name, {
      signal,
    });
    if (source === undefined) return undefined;
    const extension = extname(basename(from.name)).toLowerCase();
    const safe = Object.hasOwn(MEDIA, extension) ? extension : record.format === 'ulaw' ? '.ulaw' : '.wav';
    const month = new Date(record.startedWallMs).toISOString().slice(0, 7);
    const stem = record.recordingId.replace(/[^A-Za-z0-9.-]/gu, '_');
    const path = join('recordings', month, `${stem}-${from.index}${safe}`);
    const whole = join(dir, path);
    await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
    const part = `${whole}.part`;
    const handle = await open(part, 'w', 0o600);
    try {
      try {
        for await (const chunk of source) {
          signal.throwIfAborted();
          await handle.writeFile(chunk);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(part, whole);
    } catch (error) {
      // Nothing names it: what was removed before the next try would stay.
      await rm(part, { force: true });
      throw error;
    }
    return { index: from.index, path, bytes: (await stat(whole)).size, mediaType: MEDIA[safe] ?? 'audio/wav' };
  }

  #planSweep(inMs: number): void {
    const cancel = this.#options.clock.setTimer(inMs, () => {
      this.#cancels.delete(cancel);
      this.#sweeping = this.sweep()
        .catch(() => this.#options.log.warn('outdated recordings could not be looked for'))
        .finally(() => {
          if (!this.#stopping.signal.aborted) this.#planSweep(SWEEP_MS);
        });
    });
    this.#cancels.add(cancel);
  }
}

/** Nobody told how a recording ended; what was found says it. One without a file has failed. */
function verified(record: RecordingRecord, found: readonly StoredFile[]): RecordEffect {
  const { unsure: _, ...sure } = record;
  const files = record.files.filter((_name, index) => found.some((file) => file.index === index));
  const value: RecordingRecord = { ...sure, files, state: files.length > 0 ? 'done' : 'failed' };
  return { table: 'recording', key: record.recordingId, value };
}

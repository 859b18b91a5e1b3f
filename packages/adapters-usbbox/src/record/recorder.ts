import type { Clock, Logger, RecordingId } from '@cordboard/cti-core';
import { decodeSound } from '../sound/prompts.js';
import type { Storage } from '../storage.js';
import { ENDINGS, type RecordingFormat } from './format.js';
import { Recording } from './recording.js';
import { recoverFolder } from './recover.js';
import { Track } from './track.js';

/** Each file gets one write in so many ms. */
const FLUSH_EVERY_MS = 1_000;
/** The name of a recording's file: no way out of the folder. */
const SAFE = /^(?!.*\.\.)[A-Za-z0-9._-]{1,96}$/;

/** Makes the recordings of a driver in one folder, and gathers their writes. */
export class Recorder {
  readonly #folder: string;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #tracks = new Set<Track>();
  #ready: Promise<void> | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: {
    readonly folder: string;
    readonly storage: Storage;
    readonly clock: Clock;
    readonly log: Logger;
  }) {
    this.#folder = parts.folder;
    this.#storage = parts.storage;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Makes the folder and finishes what a crash has left there, once. Never rejects. */
  prepare(): Promise<void> {
    this.#ready ??= this.#prepare();
    return this.#ready;
  }

  /**
   * Begins a recording.
   * @returns `taken` when there are files of that id, `failed` when the disk refuses
   */
  async begin(
    recordingId: RecordingId,
    how: { readonly tracks: 'mixed' | 'separate'; readonly format: RecordingFormat },
  ): Promise<Recording | 'taken' | 'failed'> {
    if (!SAFE.test(recordingId)) return 'failed';
    await this.prepare();
    const ending = ENDINGS[how.format];
    const files =
      how.tracks === 'mixed'
        ? [`${recordingId}.${ending}`]
        : [`${recordingId}-in.${ending}`, `${recordingId}-out.${ending}`];
    const tracks = files.map(
      (file) => new Track({ folder: this.#folder, file, format: how.format, storage: this.#storage }),
    );
    try {
      for (const track of tracks) await track.open();
    } catch (error) {
      for (const track of tracks) await track.finish();
      const taken = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
      return taken ? 'taken' : 'failed';
    }
    for (const track of tracks) this.#tracks.add(track);
    this.#tick();
    return new Recording({ recordingId, how: how.tracks, tracks });
  }

  /** Ends a recording and finishes its files. Never rejects. */
  async end(recording: Recording): Promise<{ readonly outcome: 'done' | 'failed'; readonly files: readonly string[] }> {
    recording.drain();
    const outcomes: ('done' | 'failed')[] = [];
    for (const track of recording.tracks) {
      outcomes.push(await track.finish());
      this.#tracks.delete(track);
      if (track.lost > 0)
        this.#log.warn('the disk was too slow for a recording', {
          recordingId: recording.recordingId,
          lost: track.lost,
        });
    }
    if (this.#tracks.size === 0) this.#stopTicking();
    const failed = outcomes.includes('failed');
    if (failed) this.#log.error('a recording could not be written', { recordingId: recording.recordingId });
    return { outcome: failed ? 'failed' : 'done', files: recording.tracks.map((track) => track.file) };
  }

  /** A finished file, in pieces; `undefined` when there is none of that name and recording. */
  async open(recordingId: RecordingId, file: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    if (!SAFE.test(recordingId) || !SAFE.test(file)) return undefined;
    const rest = file.startsWith(recordingId) ? file.slice(recordingId.length) : '';
    if (!/^(-in|-out)?\.(wav|ulaw|WAV)$/.test(rest)) return undefined;
    await this.prepare();
    const bytes = await this.#storage.read(`${this.#folder}/${file}`).catch(() => undefined);
    return bytes === undefined ? undefined : pieces(bytes);
  }

  /** The samples of a finished recording of one file. */
  async samples(recordingId: string): Promise<Int16Array | undefined> {
    if (!SAFE.test(recordingId)) return undefined;
    for (const ending of [ENDINGS.wav49, ENDINGS.wav]) {
      const bytes = await this.#storage.read(`${this.#folder}/${recordingId}.${ending}`).catch(() => undefined);
      const samples = bytes === undefined ? undefined : decodeSound(bytes);
      if (samples !== undefined) return samples;
    }
    return undefined;
  }

  /** Ends the timer. Recordings are ended by their calls before. */
  stop(): void {
    this.#stopTicking();
  }

  async #prepare(): Promise<void> {
    try {
      await this.#storage.makeFolder(this.#folder);
      const open = new Set([...this.#tracks].map((track) => track.file));
      const repaired = await recoverFolder(this.#storage, this.#folder, (file) => open.has(file));
      if (repaired.length > 0) this.#log.info('finished recordings that a crash had left', { count: repaired.length });
    } catch (error) {
      this.#log.error('the folder of recordings cannot be used', { reason: String(error).slice(0, 128) });
    }
  }

  #tick(): void {
    this.#cancel ??= this.#clock.setTimer(FLUSH_EVERY_MS, () => {
      this.#cancel = undefined;
      for (const track of this.#tracks) void track.flush();
      if (this.#tracks.size > 0) this.#tick();
    });
  }

  #stopTicking(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

const PIECE = 64 * 1_024;

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

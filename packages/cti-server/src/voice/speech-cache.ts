import { createHash, randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@cordboard/cti-core';
import { bounded, NoAnswer } from '../questions/bounded.js';
import type { SpeechSynthesiser } from '../questions/providers.js';
import { lineSound } from './line-sound.js';

/** What the sound of words is made and kept with. */
export interface SpeechOptions {
  /** Folder of the files. */
  readonly dir: string;
  readonly synthesise: SpeechSynthesiser;
  readonly voice: string;
  /** Bound of one answer of the service. */
  readonly timeoutMs: number;
  /** Bytes and time since the last use that files are kept for. */
  readonly maxBytes: number;
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Kept {
  readonly bytes: number;
  usedMs: number;
  /** Use as the file's own time tells it to the next run. */
  notedMs: number;
}

/** Requests to the service at once; one more is left out. */
const AT_ONCE = 16;
/** A service that failed so often in a row is not asked again for a while: callers would wait for it each time. */
const FAILURES = 3;
const REST_MS = 10_000;
const MAX_TEXT = 4000;
const NOTE_MS = 3_600_000;

/** Files with the sound of words, made once for each text, language and voice. */
export class SpeechCache {
  readonly #options: SpeechOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Map<string, Promise<string | undefined>>();
  readonly #stopping = new AbortController();
  #bytes = 0;
  #failures = 0;
  #restUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: SpeechOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Bytes of the files that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Finds what an earlier run has left. */
  async start(): Promise<void> {
    const { dir } = this.#options;
    await mkdir(dir, { recursive: true, mode: 0o755 });
    for (const file of await readdir(dir)) {
      const path = join(dir, file);
      const name = /^([0-9a-f]{40})\.wav$/u.exec(file)?.[1];
      if (name === undefined) {
        if (file.endsWith('.part')) await rm(path, { force: true });
        continue;
      }
      const { size, mtimeMs } = await stat(path);
      this.#kept.set(name, { bytes: size, usedMs: mtimeMs, notedMs: mtimeMs });
      this.#bytes += size;
    }
    await this.#tidy();
  }

  /** Is the sound of these words there now? */
  ready(text: string, language: string): string | undefined {
    const name = this.#nameOf(text, language);
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    kept.usedMs = this.#options.clock.wallMs();
    if (kept.usedMs - kept.notedMs > NOTE_MS) this.#note(name, kept);
    return name;
  }

  /** The name of the file with the sound of these words, made if need be. `undefined`: the service did not make it (in time). */
  fileOf(text: string, language: string): Promise<string | undefined> {
    const ready = this.ready(text, language);
    if (ready !== undefined) return Promise.resolve(ready);
    const name = this.#nameOf(text, language);
    const known = this.#making.get(name);
    if (known !== undefined) return known;
    const { clock, log } = this.#options;
    if (text.length > MAX_TEXT || this.#making.size >= AT_ONCE || clock.nowMs() < this.#restUntilMs) {
      return Promise.resolve(undefined);
    }
    const making = this.#make(name, { text, language })
      .then(() => {
        this.#failures = 0;
        return name;
      })
      .catch((error: unknown) => {
        // What the service says may quote the text, which may name the caller.
        log.warn('words could not be turned into sound', { reason: error instanceof NoAnswer ? 'timeout' : 'failed' });
        this.#failures += 1;
        if (this.#failures >= FAILURES) this.#restUntilMs = clock.nowMs() + REST_MS;
        return undefined;
      })
      .finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  /** Ends the wait for what is being made. Twice is once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#making.values());
  }

  #nameOf(text: string, language: string): string {
    const what = JSON.stringify([this.#options.voice, language, text]);
    return createHash('sha256').update(what).digest('hex').slice(0, 40);
  }

  async #make(name: string, what: { readonly text: string; readonly language: string }): Promise<void> {
    const { synthesise, voice, clock, timeoutMs, dir } = this.#options;
    const work = (signal: AbortSignal) => synthesise(what.text, { language: what.language, voice, signal });
    const raw = await bounded(work, { clock, timeoutMs, signal: this.#stopping.signal });
    if (!(raw instanceof Uint8Array)) throw new TypeError('expected bytes');
    const { wav } = await lineSound(raw, 'either');
    const part = join(dir, `${name}-${randomBytes(4).toString('hex')}.part`);
    await writeFile(part, wav, { mode: 0o644 });
    await rename(part, join(dir, `${name}.wav`));
    const nowMs = clock.wallMs();
    this.#kept.set(name, { bytes: wav.length, usedMs: nowMs, notedMs: nowMs });
    this.#bytes += wav.length;
    await this.#tidy();
  }

  /** Removes what nobody used for long, and of the rest the longest unused until it fits. */
  async #tidy(): Promise<void> {
    const { clock, keepMs, maxBytes, dir } = this.#options;
    const oldestMs = clock.wallMs() - keepMs;
    const oldestFirst = [...this.#kept].toSorted(([, a], [, b]) => a.usedMs - b.usedMs);
    for (const [name, kept] of oldestFirst) {
      if (kept.usedMs >= oldestMs && this.#bytes <= maxBytes) break;
      this.#kept.delete(name);
      this.#bytes -= kept.bytes;
      await rm(join(dir, `${name}.wav`), { force: true });
    }
  }

  #note(name: string, kept: Kept): void {
    kept.notedMs = kept.usedMs;
    const at = new Date(kept.usedMs);
    utimes(join(this.#options.dir, `${name}.wav`), at, at).catch(() => undefined);
  }
}

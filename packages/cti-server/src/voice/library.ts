import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Clock, CtiError, type Logger } from '@cordboard/cti-core';
import type { VoiceFile } from '@cordboard/cti-protocol';
import type { VoicePlace, VoiceTable } from '../store/voice-table.js';
import { type LineSound, lineSound } from './line-sound.js';
import { isVoiceLanguage, isVoiceName, versionPath } from './names.js';
import type { VoiceState } from './playable.js';
import { NoSound } from './wav.js';

/** What the library works with. */
export interface VoiceOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** The same folder as switches see it. */
  readonly seenAs: string;
  readonly table: VoiceTable;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is brought, and by whom. */
export interface Upload {
  readonly language: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'wav' | 'ulaw';
  readonly by: string;
}

/** Versions of all sounds together, and of one. */
export const MAX_FILES = 20_000;
const MAX_VERSIONS = 100;

/** Sounds for callers: brought as drafts, heard here, and played on calls from the moment of their approval. */
export class VoiceLibrary {
  readonly #options: VoiceOptions;
  /** Versions by `language\0name`. */
  readonly #files = new Map<string, readonly VoiceFile[]>();
  /** Languages in which there are versions, by name. */
  readonly #languages = new Map<string, Set<string>>();
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  /** Reads what is there. A file that has gone is told; the switch would say nothing in its place. */
  async start(): Promise<void> {
    const { folder, table, log } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o755 });
    let lost = 0;
    for (const file of await table.all()) {
      this.#remember(file);
      if (file.state !== 'approved') continue;
      await access(this.#pathOf(file)).catch(() => {
        lost += 1;
      });
    }
    if (lost > 0) log.error('files of the voice library have gone', { files: lost });
  }

  /** What callers can hear of a sound. @param language - `undefined` where nobody chose one: then any language's approved version will do */
  state(language: string | undefined, name: string): VoiceState {
    const languages = language === undefined ? [...(this.#languages.get(name) ?? [])].sort() : [language];
    const versions = languages.flatMap((one) => this.#files.get(keyOf({ language: one, name })) ?? []);
    const approved = versions.find(({ state }) => state === 'approved');
    if (approved !== undefined) return { state: 'approved', path: `${this.#options.seenAs}/${versionPath(approved)}` };
    return { state: versions.length > 0 ? 'draft' : 'unknown' };
  }

  /**
   * Keeps a new version, as a draft.
   *
   * @throws {CtiError} `argument.invalid` for a name that is none, and for bytes that are no sound; `resource.conflict` when the library is full
   */
  upload(upload: Upload): Promise<VoiceFile> {
    return this.#inTurn(async () => {
      const { language, name } = upload;
      if (!isVoiceLanguage(language) || !isVoiceName(name)) throw invalid('name', 'a name of the voice library');
      const versions = this.#files.get(keyOf(upload)) ?? [];
      if (this.#count >= MAX_FILES || versions.length >= MAX_VERSIONS) {
        throw new CtiError('resource.conflict', 'the voice library is full: remove old versions first');
      }
      const { wav, durationMs } = await soundOf(upload);
      const version = versions.reduce((highest, file) => Math.max(highest, file.version), 0) + 1;
      const file: VoiceFile = {
        language,
        name,
        version,
        state: 'draft',
        durationMs,
        bytes: wav.length,
        sha256: createHash('sha256').update(wav).digest('hex'),
        uploadedWallMs: Math.floor(this.#options.clock.wallMs()),
        uploadedBy: upload.by,
      };
      await writeWhole(this.#pathOf(file), wav);
      await this.#options.table.put(file);
      this.#remember(file);
      return file;
    });
  }

  /** Lets callers hear a version; the one that they heard before is replaced. @throws {CtiError} `resource.notFound` */
  approve(place: VoicePlace, by: string): Promise<VoiceFile> {
    return this.#inTurn(async () => {
      const file = this.find(place);
      if (file.state === 'approved') return file;
      const approvedWallMs = Math.floor(this.#options.clock.wallMs());
      const approved: VoiceFile = { ...file, state: 'approved', approvedWallMs, approvedBy: by };
      const before = (this.#files.get(keyOf(place)) ?? [])
        .filter(({ state }) => state === 'approved')
        .map((one): VoiceFile => ({ ...one, state: 'replaced' }));
      await this.#options.table.put(approved, ...before);
      for (const one of [...before, approved]) this.#remember(one);
      return approved;
    });
  }

  /** Makes a version a draft again. @throws {CtiError} `resource.notFound` */
  withdraw(place: VoicePlace): Promise<VoiceFile> {
    return this.#inTurn(async () => {
      const { approvedBy: _by, approvedWallMs: _at, ...rest } = this.find(place);
      const draft: VoiceFile = { ...rest, state: 'draft' };
      await this.#options.table.put(draft);
      this.#remember(draft);
      return draft;
    });
  }

  /** Removes a version. @throws {CtiError} `resource.notFound`; `resource.conflict` while callers hear it */
  remove(place: VoicePlace): Promise<void> {
    return this.#inTurn(async () => {
      const file = this.find(place);
      if (file.state === 'approved') {
        throw new CtiError('resource.conflict', 'callers hear this version: withdraw it, or approve another one first');
      }
      await this.#options.table.remove(place);
      const rest = (this.#files.get(keyOf(place)) ?? []).filter(({ version }) => version !== place.version);
      if (rest.length > 0) this.#files.set(keyOf(place), rest);
      else {
        this.#files.delete(keyOf(place));
        this.#languages.get(place.name)?.delete(place.language);
      }
      this.#count -= 1;
      await rm(this.#pathOf(file), { force: true });
    });
  }

  /** One version. @throws {CtiError} `resource.notFound` */
  find(place: VoicePlace): VoiceFile {
    const file = this.#files.get(keyOf(place))?.find(({ version }) => version === place.version);
    if (file === undefined) throw new CtiError('resource.notFound', 'the voice library has no such version');
    return file;
  }

  /** Opens its file, or a part of it. @param range - first and last byte, both included */
  open(file: VoiceFile, range?: { readonly first: number; readonly last: number }): Readable {
    const path = this.#pathOf(file);
    return range === undefined
      ? createReadStream(path)
      : createReadStream(path, { start: range.first, end: range.last });
  }

  /** Resolves when no change is under way. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  #remember(file: VoiceFile): void {
    const versions = this.#files.get(keyOf(file)) ?? [];
    const others = versions.filter(({ version }) => version !== file.version);
    if (others.length === versions.length) this.#count += 1;
    this.#files.set(keyOf(file), [...others, file]);
    const languages = this.#languages.get(file.name) ?? new Set();
    this.#languages.set(file.name, languages.add(file.language));
  }

  #pathOf(place: VoicePlace): string {
    return join(this.#options.folder, `${versionPath(place)}.wav`);
  }
}

const keyOf = ({ language, name }: { readonly language: string; readonly name: string }): string =>
  `${language}\0${name}`;

async function soundOf({ bytes, kind }: Upload): Promise<LineSound> {
  try {
    return await lineSound(bytes, kind);
  } catch (error) {
    if (error instanceof NoSound) throw invalid('body', error.message.replace(/^expected /u, ''));
    throw error;
  }
}

function invalid(path: string, expected: string): CtiError {
  return new CtiError('argument.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
}

/** A file has its name only when it is whole and on the disk. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const handle = await open(`${path}.part`, 'w', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
}

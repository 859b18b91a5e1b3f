import { CtiError, type EngineInput } from '@cordboard/cti-core';
import {
  corrupt,
  fileNumber,
  JOURNAL_FORMAT,
  type JournalHeader,
  journalName,
  readHeader,
  SNAPSHOT_FORMAT,
  type Snapshot,
  snapshotName,
} from './format.js';
import { decodeLine, encodeLine, scanFile } from './line.js';
import type { AppendFile, JournalStorage } from './storage.js';

/** What a journal needs to know. */
export interface JournalOptions {
  readonly storage: JournalStorage;
  readonly coreVersion: string;
  /** Bytes after which {@link Journal.wantsNextFile} says so; default 64 MiB. */
  readonly fileBytes?: number;
  /** Age of a file's first input after which it says so, too; default one day. What is in a file goes with it, so that its span adds to the time that is kept. */
  readonly fileMs?: number;
}

/** What was found on opening. */
export interface JournalContent {
  /** `undefined`: begin with the first input of file 1, which is `boot`. */
  readonly snapshot: Snapshot | undefined;
  /** Inputs after the snapshot, oldest first. */
  readonly inputs: readonly EngineInput[];
  /** Bytes that a crash tore off the end and that were dropped; no effect of them ever went out. */
  readonly tornBytes: number;
}

const DEFAULT_FILE_BYTES = 64 * 1024 * 1024;
const DEFAULT_FILE_MS = 86_400_000;

/** The durable list of inputs: numbered files, each going on from a snapshot of its number. One writer. */
export class Journal {
  readonly #storage: JournalStorage;
  readonly #coreVersion: string;
  readonly #fileBytes: number;
  readonly #fileMs: number;
  #file = 0;
  /** The file from which the state can be built: nothing from here on may go. */
  #base = 0;
  /** Wall clock of the present file's first input. */
  #beganWallMs: number | undefined;
  #batch = 1;
  #bytes = 0;
  #epoch = '';
  #append: AppendFile | undefined;

  private constructor(options: JournalOptions) {
    this.#storage = options.storage;
    this.#coreVersion = options.coreVersion;
    this.#fileBytes = options.fileBytes ?? DEFAULT_FILE_BYTES;
    this.#fileMs = options.fileMs ?? DEFAULT_FILE_MS;
  }

  /**
   * Opens a journal and reads what is in it.
   *
   * @returns the journal and its content; `undefined` content for an empty one: call {@link begin} first
   * @throws {CtiError} `journal.version` when it was written by another core version and was not stopped in order,
   *   `journal.corrupt` when a file is damaged elsewhere than at its torn end
   */
  static async open(options: JournalOptions): Promise<{ journal: Journal; content: JournalContent | undefined }> {
    const journal = new Journal(options);
    return { journal, content: await journal.#load() };
  }

  /** Epoch of the inputs; empty before {@link begin}. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Is the present file long or old enough to begin the next one? */
  wantsNextFile(nowWallMs: number): boolean {
    const isOld = this.#beganWallMs !== undefined && nowWallMs - this.#beganWallMs >= this.#fileMs;
    return isOld || this.#bytes >= this.#fileBytes;
  }

  /** Begins an empty journal. */
  async begin(epoch: string): Promise<void> {
    this.#epoch = epoch;
    await this.#openFile(this.#file + 1, { begins: 'epoch' });
    this.#base = this.#file;
  }

  /** Writes inputs as one batch. Resolves when they and all batches before are durable. At most {@link BATCHES_IN_FLIGHT} calls may overlap. */
  async write(inputs: readonly EngineInput[]): Promise<void> {
    this.#beganWallMs ??= inputs[0]?.wallMs;
    await this.#writeLines(inputs.map((input) => JSON.stringify(input)));
  }

  /** Goes on in a new file; no write may be under way. Until its snapshot is there the state is built from the file before. */
  async nextFile(): Promise<void> {
    await this.#append?.close();
    await this.#openFile(this.#file + 1);
  }

  /**
   * Keeps the state from which the present file goes on: exactly all inputs of the files before. Inputs may be written meanwhile.
   *
   * @param state - the shell's and the engine's state; the rest of the snapshot is filled in here
   */
  async keep(state: Omit<Snapshot, 'format' | 'coreVersion' | 'epoch' | 'file'>): Promise<void> {
    const file = this.#file;
    const head = { format: SNAPSHOT_FORMAT, coreVersion: this.#coreVersion, epoch: this.#epoch, file } as const;
    const snapshot: Snapshot = { ...head, ...state };
    await this.#storage.writeWhole(snapshotName(file), Buffer.from(encodeLine(1, JSON.stringify(snapshot))));
    this.#base = file;
  }

  /** Removes files that were last written before `beforeWallMs`; never those from which the state is built. */
  async prune(beforeWallMs: number): Promise<void> {
    const old = (await this.#storage.list()).filter(({ changedWallMs }) => changedWallMs < beforeWallMs);
    for (const { name } of old) {
      const known = fileNumber(name);
      if (known !== undefined && known.file < this.#base) await this.#storage.remove(name);
    }
  }

  /** The journal's files with their sizes. */
  async files(): Promise<readonly { file: number; name: string; bytes: number; snapshot: 'with' | 'without' }[]> {
    const all = await this.#storage.list();
    const names = new Set(all.map(({ name }) => name));
    return all.flatMap(({ name, bytes }) => {
      const known = fileNumber(name);
      if (known?.kind !== 'journal') return [];
      return [{ file: known.file, name, bytes, snapshot: names.has(snapshotName(known.file)) ? 'with' : 'without' }];
    });
  }

  /** Number of the present file. */
  get file(): number {
    return this.#file;
  }

  /** Closes the present file. Twice is once. */
  async close(): Promise<void> {
    const append = this.#append;
    this.#append = undefined;
    await append?.close();
  }

  async #writeLines(texts: readonly string[]): Promise<void> {
    if (this.#append === undefined) throw new CtiError('server.draining', 'the journal is closed');
    const batch = this.#batch++;
    let text = '';
    for (const json of texts) text += encodeLine(batch, json);
    const bytes = Buffer.from(text);
    this.#bytes += bytes.length;
    await this.#append.append(bytes);
  }

  async #openFile(file: number, mark: Pick<JournalHeader, 'begins'> = {}): Promise<void> {
    this.#file = file;
    this.#batch = 1;
    this.#bytes = 0;
    this.#beganWallMs = undefined;
    this.#append = await this.#storage.openAppend(journalName(file));
    const head: JournalHeader = {
      format: JOURNAL_FORMAT,
      coreVersion: this.#coreVersion,
      epoch: this.#epoch,
      file,
      ...mark,
    };
    await this.#writeLines([JSON.stringify(head)]);
  }

  async #load(): Promise<JournalContent | undefined> {
    const numbers = { journal: new Set<number>(), snapshot: new Set<number>() };
    for (const { name } of await this.#storage.list()) {
      const known = fileNumber(name);
      if (known !== undefined) numbers[known.kind].add(known.file);
    }
    this.#file = Math.max(0, ...numbers.journal, ...numbers.snapshot);
    const start = await this.#findStart(numbers);
    if (start === undefined) return undefined;
    this.#base = start.file;
    const inputs: EngineInput[] = [];
    let tornBytes = 0;
    for (let file = start.file; file <= this.#file; file++) {
      if (!numbers.journal.has(file)) continue;
      const isLast = ![...numbers.journal].some((other) => other > file);
      tornBytes += await this.#readFile(file, inputs, isLast ? 'last' : 'middle');
    }
    const { snapshot } = start;
    if (snapshot !== undefined) this.#epoch = snapshot.epoch;
    const written = snapshot?.coreVersion ?? start.coreVersion;
    const isOver = inputs.length === 0 && (snapshot === undefined || snapshot.stopped === 'clean');
    if (isOver && (snapshot === undefined || written !== this.#coreVersion)) {
      this.#epoch = '';
      return undefined;
    }
    if (written !== this.#coreVersion) throw this.#otherVersion(written);
    await this.#resume(numbers.journal.has(this.#file) ? 'there' : 'missing');
    return { snapshot, inputs, tornBytes };
  }

  /** The newest place from which the state can be built: a snapshot, or a file that begins an epoch. */
  async #findStart(numbers: {
    readonly journal: ReadonlySet<number>;
    readonly snapshot: ReadonlySet<number>;
  }): Promise<{ file: number; snapshot?: Snapshot; coreVersion: string } | undefined> {
    const files = [...new Set([...numbers.journal, ...numbers.snapshot])].toSorted((a, b) => b - a);
    let hasInputs = false;
    for (const file of files) {
      const snapshot = numbers.snapshot.has(file) ? await this.#readSnapshot(file) : undefined;
      if (snapshot !== undefined) return { file, snapshot, coreVersion: snapshot.coreVersion };
      if (!numbers.journal.has(file)) continue;
      const name = journalName(file);
      const { lines } = scanFile(await this.#storage.read(name));
      if (lines.length === 0) continue;
      const header = readHeader(name, lines[0]?.json);
      if (header.begins === 'epoch') return { file, coreVersion: header.coreVersion };
      hasInputs = true;
    }
    if (hasInputs) throw corrupt(journalName(files.at(-1) ?? 0), 'goes on from a snapshot that is not there');
    return undefined;
  }

  async #readSnapshot(file: number): Promise<Snapshot | undefined> {
    const text = (await this.#storage.read(snapshotName(file))).toString('utf8');
    const line = decodeLine(text.endsWith('\n') ? text.slice(0, -1) : text);
    return line === undefined ? undefined : (JSON.parse(line.json) as Snapshot);
  }

  /** Adds the inputs of one file; returns how many torn bytes were cut off. */
  async #readFile(file: number, into: EngineInput[], place: 'last' | 'middle'): Promise<number> {
    const name = journalName(file);
    const scanned = scanFile(await this.#storage.read(name));
    const [header, ...lines] = scanned.lines;
    this.#bytes = 0;
    this.#beganWallMs = undefined;
    if (scanned.damaged === 'yes' || (scanned.tornBytes > 0 && place === 'middle'))
      throw corrupt(name, 'is damaged in its middle');
    if (scanned.tornBytes > 0) await this.#storage.truncate(name, scanned.goodBytes);
    if (header === undefined) return scanned.tornBytes;
    const { coreVersion, epoch } = readHeader(name, header.json);
    if (coreVersion !== this.#coreVersion && lines.length > 0) throw this.#otherVersion(coreVersion);
    this.#epoch = epoch;
    this.#batch = (scanned.lines.at(-1)?.batch ?? 0) + 1;
    this.#bytes = scanned.goodBytes;
    for (const line of lines) {
      const input = JSON.parse(line.json) as EngineInput;
      this.#beganWallMs ??= input.wallMs;
      into.push(input);
    }
    return scanned.tornBytes;
  }

  /** Goes on in the newest file, or makes it when the crash came between snapshot and file. */
  async #resume(file: 'there' | 'missing'): Promise<void> {
    if (file === 'missing' || this.#bytes === 0) {
      await this.#openFile(this.#file);
      return;
    }
    this.#append = await this.#storage.openAppend(journalName(this.#file));
  }

  #otherVersion(version: string): CtiError<'journal.version'> {
    return new CtiError(
      'journal.version',
      `the journal was written by core ${version}, this is ${this.#coreVersion}: stop that version in order first, or begin a new data folder`,
      { details: { journal: version, running: this.#coreVersion } },
    );
  }
}

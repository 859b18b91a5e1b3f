import { join } from 'node:path';
import { CtiError, type RoomCommand } from '@cordboard/cti-core';
import type { FiasValues } from '../fias/index.js';
import { type LedgerEntry, readEntry } from './entries.js';
import { type LineFile, openLineFile } from './line-file.js';

/** A charge on its way to a guest's bill. */
export interface Posting {
  /** `P#`, the same however often it is sent. */
  readonly sequence: number;
  /** What the call record is known by. */
  readonly key: string;
  readonly values: FiasValues;
}

/** A report on its way to the hotel's system. */
export interface Report {
  readonly n: number;
  readonly id: 'RE' | 'WA';
  readonly values: FiasValues;
}

/** A command on its way to the PBX. */
export interface Order {
  readonly n: number;
  readonly command: RoomCommand;
}

/** Settled keys that are remembered, so that a call record handed in again is not posted again. */
const KEYS_KEPT = 20_000;
const MAX_POSTINGS = 100_000;
const MAX_OTHERS = 10_000;
/** Lines beyond what is live after which the file is written anew. */
const SLACK = 5_000;

/**
 * What a hotel bridge must not forget: postings until they are answered, reports and commands until they are through, wake-up calls and guests. Each promise resolves
 * when its line is on the disk. One process works with a folder.
 */
export class HotelLedger {
  readonly #file: LineFile;
  readonly #maxSequence: number;
  readonly #postings = new Map<number, Posting>();
  readonly #durable = new Set<number>();
  readonly #keys = new Map<string, string>();
  readonly #reports = new Map<number, Report>();
  readonly #orders = new Map<number, Order>();
  readonly #wakes = new Map<string, readonly string[]>();
  readonly #guests = new Map<string, readonly string[]>();
  #lastSequence = 0;
  #lastNumber = 0;
  #lines: number;
  /** Lines of the file that could not be read. */
  readonly damaged: number;

  private constructor(file: LineFile, maxSequence: number) {
    this.#file = file;
    this.#maxSequence = maxSequence;
    let damaged = file.content.damaged;
    for (const line of file.content.lines) {
      const entry = readEntry(line);
      if (entry === undefined) damaged += 1;
      else this.#apply(entry);
    }
    for (const sequence of this.#postings.keys()) this.#durable.add(sequence);
    this.#lines = file.content.lines.length;
    this.damaged = damaged;
  }

  /**
   * Opens the ledger of a folder; it is made where there is none. Rejects with what the disk says.
   *
   * @param options - `maxSequence`: largest `P#`, after which 1 follows, 1,000-99,999,999; `openFile`: the disk, default this machine's
   */
  static async open(
    folder: string,
    options: { readonly maxSequence: number; readonly openFile?: (path: string) => Promise<LineFile> },
  ): Promise<HotelLedger> {
    const { maxSequence, openFile = openLineFile } = options;
    const ledger = new HotelLedger(await openFile(join(folder, 'hotel-ledger.jsonl')), maxSequence);
    // What is over need not lie on the disk: it holds dialled digits.
    await ledger.#compact();
    return ledger;
  }

  /** The first posting that waits. */
  get nextPosting(): Posting | undefined {
    for (const posting of this.#postings.values()) return this.#durable.has(posting.sequence) ? posting : undefined;
    return undefined;
  }

  /** The first report that waits. */
  get nextReport(): Report | undefined {
    return this.#reports.values().next().value;
  }

  /** The first command that waits. */
  get nextOrder(): Order | undefined {
    return this.#orders.values().next().value;
  }

  /** How much waits. */
  get waiting(): { readonly postings: number; readonly reports: number; readonly orders: number } {
    return { postings: this.#postings.size, reports: this.#reports.size, orders: this.#orders.size };
  }

  /** Wake-up calls by room, local times, the earliest first. */
  get wakes(): ReadonlyMap<string, readonly string[]> {
    return this.#wakes;
  }

  /** Reservations by room. */
  get guests(): ReadonlyMap<string, readonly string[]> {
    return this.#guests;
  }

  /** What became of the posting of a call record: `waiting`, its answer status, or `undefined` where none was made. */
  statusOf(key: string): string | undefined {
    return this.#keys.get(key);
  }

  /**
   * Keeps a charge. One whose key is known already is not kept again.
   *
   * @throws {CtiError} `server.busy` when 100,000 wait; rejects with what the disk says, and then nothing was kept
   */
  async post(key: string, values: FiasValues): Promise<Posting | undefined> {
    if (this.#keys.has(key)) return undefined;
    if (this.#postings.size >= MAX_POSTINGS) throw new CtiError('server.busy', 'too many charges wait for the hotel');
    const sequence = this.#freeSequence();
    const posting = { sequence, key, values: { ...values, 'P#': String(sequence) } };
    try {
      await this.#write({ t: 'post', p: sequence, k: key, f: posting.values });
    } catch (error) {
      this.#postings.delete(sequence);
      this.#keys.delete(key);
      throw error;
    }
    this.#durable.add(sequence);
    return posting;
  }

  /** A posting was answered for good. */
  settle({ sequence, key }: Posting, status: string): Promise<void> {
    return this.#write({ t: 'settle', p: sequence, k: key, as: status });
  }

  /** Keeps a report. A later RE of the same room and fields takes the place of one that still waits. Past 10,000 the oldest goes. */
  async report(id: 'RE' | 'WA', values: FiasValues): Promise<void> {
    const fields = Object.keys(values).sort().join();
    for (const { n, id: other, values: old } of this.#reports.values()) {
      const isSame = id === 'RE' && other === 'RE' && old.RN === values.RN && Object.keys(old).sort().join() === fields;
      if (isSame || this.#reports.size >= MAX_OTHERS) await this.#write({ t: 'said', n });
    }
    await this.#write({ t: 'say', n: this.#nextNumber(), id, f: values });
  }

  /** A report is through. */
  reported({ n }: Report): Promise<void> {
    return this.#reports.has(n) ? this.#write({ t: 'said', n }) : Promise.resolve();
  }

  /** Keeps a command for the PBX. @throws {CtiError} `server.busy` when 10,000 wait */
  async order(command: RoomCommand): Promise<void> {
    if (this.#orders.size >= MAX_OTHERS) throw new CtiError('server.busy', 'too many commands wait for the PBX');
    await this.#write({ t: 'do', n: this.#nextNumber(), c: command });
  }

  /** A command is over. */
  ordered({ n }: Order): Promise<void> {
    return this.#write({ t: 'done', n });
  }

  /** The wake-up calls of a room are these now. */
  setWakes(room: string, at: readonly string[]): Promise<void> {
    return this.#write({ t: 'wakes', r: room, at: [...at].sort().slice(0, 100) });
  }

  /** The guests of a room have these reservations now. */
  setGuests(room: string, reservations: readonly string[]): Promise<void> {
    return this.#write({ t: 'guests', r: room, g: reservations.slice(0, 100) });
  }

  /** Waits for the disk and closes. May be called again. */
  close(): Promise<void> {
    return this.#file.close();
  }

  async #write(entry: LedgerEntry): Promise<void> {
    this.#apply(entry);
    this.#lines += 1;
    await this.#file.append([JSON.stringify(entry)]);
    if (this.#lines >= 2 * this.#snapshotSize() + SLACK) await this.#compact();
  }

  async #compact(): Promise<void> {
    this.#lines = this.#snapshotSize();
    await this.#file.replace(() => this.#snapshot().map((each) => JSON.stringify(each)));
  }

  #apply(entry: LedgerEntry): void {
    switch (entry.t) {
      case 'post':
        this.#postings.set(entry.p, { sequence: entry.p, key: entry.k, values: entry.f });
        this.#lastSequence = entry.p;
        return this.#remember(entry.k, 'waiting');
      case 'settle':
        this.#postings.delete(entry.p);
        this.#durable.delete(entry.p);
        return this.#remember(entry.k, entry.as);
      case 'say':
        this.#lastNumber = Math.max(this.#lastNumber, entry.n);
        this.#reports.set(entry.n, { n: entry.n, id: entry.id, values: entry.f });
        return;
      case 'said':
        this.#reports.delete(entry.n);
        return;
      case 'do':
        this.#lastNumber = Math.max(this.#lastNumber, entry.n);
        this.#orders.set(entry.n, { n: entry.n, command: entry.c });
        return;
      case 'done':
        this.#orders.delete(entry.n);
        return;
      case 'wakes':
        if (entry.at.length === 0) this.#wakes.delete(entry.r);
        else this.#wakes.set(entry.r, entry.at);
        return;
      case 'guests':
        if (entry.g.length === 0) this.#guests.delete(entry.r);
        else this.#guests.set(entry.r, entry.g);
        return;
      case 'last':
        this.#lastSequence = entry.p;
        this.#lastNumber = entry.n;
    }
  }

  #remember(key: string, status: string): void {
    this.#keys.delete(key);
    this.#keys.set(key, status);
    if (this.#keys.size - this.#postings.size <= KEYS_KEPT) return;
    for (const [oldest, known] of this.#keys) {
      if (known === 'waiting') continue;
      this.#keys.delete(oldest);
      return;
    }
  }

  #snapshotSize(): number {
    return this.#keys.size + this.#reports.size + this.#orders.size + this.#wakes.size + this.#guests.size + 1;
  }

  #snapshot(): LedgerEntry[] {
    const entries: LedgerEntry[] = [];
    for (const [k, as] of this.#keys) if (as !== 'waiting') entries.push({ t: 'settle', p: 0, k, as });
    for (const { sequence, key, values } of this.#postings.values())
      entries.push({ t: 'post', p: sequence, k: key, f: values });
    for (const { n, id, values } of this.#reports.values()) entries.push({ t: 'say', n, id, f: values });
    for (const { n, command } of this.#orders.values()) entries.push({ t: 'do', n, c: command });
    for (const [r, at] of this.#wakes) entries.push({ t: 'wakes', r, at });
    for (const [r, g] of this.#guests) entries.push({ t: 'guests', r, g });
    entries.push({ t: 'last', p: this.#lastSequence, n: this.#lastNumber });
    return entries;
  }

  #freeSequence(): number {
    let sequence = this.#lastSequence;
    do sequence = (sequence % this.#maxSequence) + 1;
    while (this.#postings.has(sequence));
    return sequence;
  }

  #nextNumber(): number {
    return this.#lastNumber + 1;
  }
}

import { CtiError } from '@cordboard/cti-core';
import type { SmdrRecord } from './record.js';

/** Options of {@link createRepeatFilter}. */
export interface RepeatOptions {
  /** Identical consecutive records after a reconnect that prove a replay, 2 to 100; default 3. */
  readonly blockRecords?: number;
  /** Records that are remembered, 10 to 100 000; default 2000. */
  readonly remember?: number;
}

/** What a filter made of some records. */
export interface RepeatResult {
  readonly kept: readonly SmdrRecord[];
  /** Told before: by their number, or in a replayed block. */
  readonly dropped: readonly SmdrRecord[];
}

/** Drops what a PBX tells twice, and nothing else. */
export interface RepeatFilter {
  /** Takes records in their order. After a reconnect the first few may be held back until they are seen to be new. */
  push(records: readonly SmdrRecord[]): RepeatResult;
  /** The link was lost and is back: a block may be replayed from here on. */
  reconnected(): void;
  /** Records that were told in an earlier life, oldest first: what is replayed of them is dropped. To be called before the first `push`. */
  remember(records: readonly SmdrRecord[]): void;
  /** How many records are held back. */
  readonly held: number;
  /** Gives what is held back: after a second or two of silence, and at the end. */
  flush(): RepeatResult;
}

type Mode =
  /** Every record is new. */
  | 'new'
  /** After a reconnect: what is held may be the start of a replay. */
  | 'watching'
  /** A replay is proved and goes on. */
  | 'replay';

class Filter implements RepeatFilter {
  readonly #block: number;
  readonly #remember: number;
  #history: string[] = [];
  readonly #seen = new Map<string, number>();
  readonly #numbers = new Map<string, string>();
  #mode: Mode = 'new';
  /** Places in the history where the next record of a replay would stand; undefined before its first. */
  #places: readonly number[] | undefined;
  #held: SmdrRecord[] = [];

  constructor(blockRecords: number, remember: number) {
    this.#block = blockRecords;
    this.#remember = remember;
  }

  get held(): number {
    return this.#held.length;
  }

  remember(records: readonly SmdrRecord[]): void {
    for (const record of records) this.#keep(record, []);
  }

  reconnected(): void {
    this.#mode = 'watching';
    this.#places = undefined;
  }

  push(records: readonly SmdrRecord[]): RepeatResult {
    const kept: SmdrRecord[] = [];
    const dropped: SmdrRecord[] = [];
    for (const record of records) {
      if (record.recordNo !== undefined && this.#numbers.get(record.recordNo) === record.raw) dropped.push(record);
      else if (this.#mode === 'new') this.#keep(record, kept);
      else this.#weigh(record, { kept, dropped });
    }
    return { kept: bothFlagged(kept), dropped };
  }

  flush(): RepeatResult {
    const kept: SmdrRecord[] = [];
    this.#release(kept);
    return { kept: bothFlagged(kept), dropped: [] };
  }

  #weigh(record: SmdrRecord, { kept, dropped }: { readonly kept: SmdrRecord[]; readonly dropped: SmdrRecord[] }): void {
    const from = this.#places ?? this.#history.map((_, at) => at);
    const places = from.filter((at) => this.#history[at] === record.raw);
    if (places.length === 0) {
      // A replay ends where new calls begin; what fits nowhere is new, and so is what was held before it.
      this.#release(kept);
      this.#keep(record, kept);
      return;
    }
    this.#places = places.map((at) => at + 1);
    if (this.#mode === 'replay') dropped.push(record);
    else {
      this.#held.push(record);
      if (this.#held.length < this.#block) return;
      dropped.push(...this.#held);
      this.#held = [];
      this.#mode = 'replay';
    }
  }

  #release(kept: SmdrRecord[]): void {
    const held = this.#held;
    this.#held = [];
    this.#mode = 'new';
    for (const record of held) this.#keep(record, kept);
  }

  #keep(record: SmdrRecord, kept: SmdrRecord[]): void {
    const before = this.#seen.get(record.raw) ?? 0;
    this.#seen.set(record.raw, before + 1);
    this.#history.push(record.raw);
    if (record.recordNo !== undefined) this.#numbers.set(record.recordNo, record.raw);
    if (this.#numbers.size > this.#remember) this.#numbers.delete(this.#numbers.keys().next().value ?? '');
    kept.push(before > 0 ? withDoubt(record) : record);
    if (this.#history.length > 2 * this.#remember) this.#forget();
  }

  /** Only while no replay is under way, so that places stay true. */
  #forget(): void {
    const gone = this.#history.splice(0, this.#history.length - this.#remember);
    for (const raw of gone) {
      const left = (this.#seen.get(raw) ?? 1) - 1;
      if (left === 0) this.#seen.delete(raw);
      else this.#seen.set(raw, left);
    }
  }
}

const withDoubt = (record: SmdrRecord): SmdrRecord =>
  record.doubts.includes('perhapsDouble') ? record : { ...record, doubts: [...record.doubts, 'perhapsDouble'] };

/** The first of two equal records is flagged too, as long as it is not handed out yet. */
function bothFlagged(kept: readonly SmdrRecord[]): readonly SmdrRecord[] {
  const doubled = new Set(kept.filter(({ doubts }) => doubts.includes('perhapsDouble')).map(({ raw }) => raw));
  return doubled.size === 0 ? kept : kept.map((record) => (doubled.has(record.raw) ? withDoubt(record) : record));
}

/**
 * Makes a filter that drops records told twice where that is certain: the same record number with the same text, or a block of at least
 * `blockRecords` consecutive records that is replayed after a reconnect. Two equal records otherwise are two calls for all that is known:
 * both are kept, with the doubt `perhapsDouble` (the first one too where both come in one push).
 *
 * @throws {CtiError} `argument.invalid` for options out of range
 */
export function createRepeatFilter({ blockRecords = 3, remember = 2000 }: RepeatOptions = {}): RepeatFilter {
  const range = (value: number, [least, most]: readonly [number, number], path: string): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new CtiError('argument.invalid', `${path} is ${least} to ${most}`, { details: { path } });
  };
  range(blockRecords, [2, 100], 'blockRecords');
  range(remember, [10, 100_000], 'remember');
  return new Filter(blockRecords, remember);
}

import type { PbxCall, PrintedRecord } from './call.js';
import type { SmdrPrinter } from './printer.js';

/** A piece that goes out on the line at a time. */
export interface FeedPiece {
  /** Seconds since 1970, local. */
  readonly atS: number;
  readonly text: string;
  readonly record: PrintedRecord;
}

/** What a PBX keeps for a reader that comes back. */
export interface FeedOptions {
  /** Records that a PBX (or the buffer in front of it) tells again after the line was open anew, 0-1000; default 0. */
  readonly replay?: number;
}

/** The records of some calls in the order in which a PBX prints them: each when its part of the call is over. */
export class SmdrFeed {
  readonly #printer: SmdrPrinter;
  readonly #records: readonly PrintedRecord[];
  readonly #replay: number;
  #next = 0;

  constructor(printer: SmdrPrinter, calls: readonly PbxCall[], { replay = 0 }: FeedOptions = {}) {
    this.#printer = printer;
    this.#replay = replay;
    this.#records = calls.flatMap((call) => printer.recordsOf(call)).sort((a, b) => a.atS - b.atS);
  }

  /** When the next record is due; `undefined` when there is none left. */
  nextAtS(): number | undefined {
    return this.#records[this.#next]?.atS;
  }

  /** Prints the next record. */
  take(): FeedPiece | undefined {
    const record = this.#records[this.#next];
    if (record === undefined) return undefined;
    this.#next += 1;
    return { atS: record.atS, text: this.#printer.record(record), record };
  }

  /** The line is open anew: a page begins, and the last records are told again. */
  reopen(atS: number): string {
    const again = this.#records.slice(Math.max(0, this.#next - this.#replay), this.#next);
    return this.#printer.open(again[0]?.atS ?? atS) + again.map((record) => this.#printer.record(record)).join('');
  }

  /** All that is left, at once. */
  rest(): { readonly text: string; readonly records: readonly PrintedRecord[] } {
    const records = this.#records.slice(this.#next);
    this.#next = this.#records.length;
    return { text: records.map((record) => this.#printer.record(record)).join(''), records };
  }
}

import type { VirtualPbx } from '../pbx/pbx.js';
import type { PbxRecord } from '../pbx/status.js';
import type { FieldValue } from './frame.js';
import type { ReliableMessage } from './reliable.js';
import { shortened } from './state.js';
import { DIRECTION_WORDS, END_WORDS } from './words.js';

/** Records beyond the last CDRACK (section 9). */
const AHEAD = 32;

/** The flow of call records of one session, section 12. */
export class RecordFlow {
  readonly #parts: { readonly pbx: VirtualPbx; send(message: ReliableMessage): void; error(code: string): void };
  /** Highest that the host has told; `undefined`: it has not begun. */
  #acknowledged: number | undefined;
  #sent = 0;

  constructor(parts: { readonly pbx: VirtualPbx; send(message: ReliableMessage): void; error(code: string): void }) {
    this.#parts = parts;
  }

  /** CDRACK. */
  acknowledge(store: number, record: number): void {
    const { pbx, error } = this.#parts;
    const { first, next } = pbx.records();
    const began = this.#acknowledged === undefined;
    const isKnown = began ? record < next : record <= this.#sent;
    if (store !== pbx.memory.store || !isKnown) return error('BADSTORE');
    this.#acknowledged = Math.max(record, this.#acknowledged ?? 0);
    if (began) this.#sent = Math.max(record, first - 1);
    pbx.forgetRecords(record);
    if (began && record < first - 1) this.lost(first);
    this.written();
  }

  /** There may be a record to send. */
  written(): void {
    if (this.#acknowledged === undefined) return;
    const { pbx, send } = this.#parts;
    const { list } = pbx.records();
    for (const record of list) {
      if (record.record <= this.#sent) continue;
      if (record.record > this.#acknowledged + AHEAD) return;
      this.#sent = record.record;
      send({ word: 'CDR', one: cdr(record, pbx.memory.store) });
    }
  }

  /** The memory was full. */
  lost(first: number): void {
    if (this.#acknowledged === undefined) return;
    if (this.#sent < first - 1) this.#sent = first - 1;
    if (this.#acknowledged < first - 1) this.#acknowledged = first - 1;
    this.#parts.send({ word: 'CDRLOST', one: { store: this.#parts.pbx.memory.store, first } });
    this.written();
  }
}

function cdr(record: PbxRecord, store: number): Readonly<Record<string, FieldValue | undefined>> {
  const { direction, end, more, estimated, name, number, start, ...rest } = record;
  return {
    ...rest,
    store,
    start: Math.floor(start / 1_000) * 1_000,
    dir: DIRECTION_WORDS[direction],
    end: END_WORDS[end],
    more: more ? true : undefined,
    estimated: estimated ? true : undefined,
    ringS: Math.min(record.ringS, 0xffff),
    heldS: Math.min(record.heldS, 0xffff),
    pulses: record.pulses === undefined ? undefined : Math.min(record.pulses, 0xffff),
    number: number?.slice(0, 32),
    name: name === undefined ? undefined : shortened(name),
  };
}

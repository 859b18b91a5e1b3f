import type { Bill, Stretch } from './bill.js';
import type { PbxCore } from './core.js';
import type { RunningNote } from './memory.js';
import type { Extension } from './parts.js';
import type { CallEnd, Direction, PbxRecord } from './status.js';

/** How often the PBX notes what its running calls would be written as (docs/protocols/kts-1.md, section 12: at least once a minute). */
const NOTE_EVERY_MS = 60_000;

/** What a bill opens with. */
export interface BillStart {
  readonly call: number;
  readonly direction: Direction;
  readonly line?: number;
  readonly ext?: Extension;
  readonly account?: string;
}

/** Keeps the call records: one for each stretch of a call with one extension. */
export class Billing {
  readonly #core: PbxCore;
  readonly #open = new Set<Bill>();
  #cancelNotes: (() => void) | undefined;

  constructor(core: PbxCore) {
    this.#core = core;
  }

  /** A call begins that will be written. */
  open(start: BillStart): Bill {
    const { call, direction, line, ext, account } = start;
    const bill: Bill = {
      call,
      direction,
      parts: 0,
      beginLocal: Math.round(this.#core.time.now()),
      beginMs: this.#core.clock.nowMs(),
      stretches: [],
      ...(line === undefined ? {} : { line }),
      ...(ext === undefined ? {} : { ext }),
      ...(account === undefined ? {} : { account }),
    };
    this.#open.add(bill);
    this.#note(bill);
    this.#cancelNotes ??= this.#core.after(NOTE_EVERY_MS, () => this.#noteAll());
    return bill;
  }

  /** An extension talks on it now: its stretch goes on, or it takes over from who has left, or it has one beside the others. */
  connect(
    bill: Bill,
    ext: Extension,
    how: { readonly ringMs: number; readonly present: ReadonlySet<Extension> },
  ): void {
    if (bill.closed !== undefined) return;
    const own = bill.stretches.find((stretch) => stretch.ext === ext);
    if (own !== undefined) return this.resume(bill, ext);
    const absent = bill.stretches.find((stretch) => !how.present.has(stretch.ext));
    const first = bill.stretches.length === 0 && bill.parts === 0;
    const from = absent?.ext ?? bill.stretches.at(-1)?.ext;
    if (absent !== undefined) this.#write(bill, absent, { end: 'transferred', more: true, peer: ext });
    const core = this.#core;
    bill.parts++;
    bill.stretches.push({
      ext,
      part: bill.parts,
      startLocal: Math.round(core.time.now()),
      startMs: core.clock.nowMs(),
      ringMs: how.ringMs,
      heldMs: 0,
      heldSinceMs: undefined,
      pulses: 0,
      ...(from === undefined ? {} : { from }),
    });
    if (first) this.#startCharging(bill);
    this.#note(bill);
  }

  /** Nobody of the PBX talks with the other side: what `ext` has of it counts as held. */
  hold(bill: Bill, ext: Extension): void {
    const stretch = bill.stretches.find((one) => one.ext === ext);
    if (stretch !== undefined) stretch.heldSinceMs ??= this.#core.clock.nowMs();
  }

  /** It talks again. */
  resume(bill: Bill, ext: Extension): void {
    const stretch = bill.stretches.find((one) => one.ext === ext);
    if (stretch?.heldSinceMs === undefined) return;
    stretch.heldMs += this.#core.clock.nowMs() - stretch.heldSinceMs;
    stretch.heldSinceMs = undefined;
  }

  /** An extension leaves while others go on. */
  leave(bill: Bill, ext: Extension, end: CallEnd): void {
    const stretch = bill.stretches.find((one) => one.ext === ext);
    if (stretch !== undefined && bill.stretches.length > 1) this.#write(bill, stretch, { end, more: true });
    this.#note(bill);
  }

  /** The call is over. */
  close(bill: Bill, end: CallEnd): void {
    if (bill.closed !== undefined) return;
    if (bill.parts === 0) this.#writeUnanswered(bill, end);
    const left = [...bill.stretches];
    for (const [n, stretch] of left.entries()) this.#write(bill, stretch, { end, more: n < left.length - 1 });
    bill.closed = 'closed';
    bill.cancelPulses?.();
    this.#open.delete(bill);
    this.#forgetNotes(bill);
    if (this.#open.size === 0) {
      this.#cancelNotes?.();
      this.#cancelNotes = undefined;
    }
  }

  /** The power goes: what runs is as it was noted last. */
  cut(): void {
    this.#open.clear();
    this.#cancelNotes = undefined;
  }

  /** The power came back: what ran is written as cut. */
  writeCut(): void {
    const notes = [...this.#core.memory.running.values()];
    this.#core.memory.running.clear();
    for (const [n, note] of notes.entries()) {
      const more = notes.slice(n + 1).some(({ call, line }) => call === note.call && line === note.line);
      this.#store({ ...note, more, end: 'cut', estimated: true });
    }
  }

  /** The host has records up to this one. */
  forget(upTo: number): void {
    const { records } = this.#core.memory;
    const keep = records.findIndex(({ record }) => record > upTo);
    records.splice(0, keep === -1 ? records.length : keep);
  }

  /** The oldest that is there, or the next one where there is none. */
  get first(): number {
    const { records, nextRecord } = this.#core.memory;
    return records[0]?.record ?? nextRecord;
  }

  #startCharging(bill: Bill): void {
    const { charging } = this.#core.setup;
    if (charging === undefined || bill.direction !== 'out' || bill.line === undefined) return;
    const pulse = (): void => {
      const stretch = bill.stretches.at(-1);
      if (stretch !== undefined) stretch.pulses++;
      bill.cancelPulses = this.#core.after(charging.everyS * 1_000, pulse);
    };
    pulse();
  }

  #write(
    bill: Bill,
    stretch: Stretch,
    how: { readonly end: CallEnd; readonly more: boolean; readonly peer?: Extension },
  ): void {
    this.resume(bill, stretch.ext);
    bill.stretches.splice(bill.stretches.indexOf(stretch), 1);
    this.#core.memory.running.delete(stretch);
    const peer = how.peer ?? bill.peer;
    this.#store({
      ...this.#noteOf(bill, stretch),
      more: how.more,
      end: how.end,
      estimated: false,
      ...(peer === undefined ? {} : { peer: peer.number }),
    });
  }

  #writeUnanswered(bill: Bill, end: CallEnd): void {
    bill.parts = 1;
    this.#store({ ...this.#noteOf(bill), more: false, end, estimated: false });
  }

  #store(record: Omit<PbxRecord, 'record'>): void {
    const { memory, setup } = this.#core;
    const written: PbxRecord = { record: memory.nextRecord, ...record };
    memory.nextRecord++;
    memory.records.push(written);
    const isFull = memory.records.length > setup.recordRoom;
    if (isFull) memory.records.shift();
    this.#core.tell({ type: 'record', record: written });
    if (isFull) this.#core.tell({ type: 'recordsLost', first: this.first });
  }

  #noteOf(bill: Bill, stretch?: Stretch): RunningNote {
    const nowMs = this.#core.clock.nowMs();
    // Timers fall on fractions of a millisecond.
    const seconds = (ms: number): number => Math.floor(Math.round(ms) / 1_000);
    const { charging } = this.#core.setup;
    const { line, number, name, account, peer } = bill;
    const ext = stretch?.ext ?? bill.ext;
    const heldMs =
      stretch === undefined
        ? 0
        : stretch.heldMs + (stretch.heldSinceMs === undefined ? 0 : nowMs - stretch.heldSinceMs);
    const unansweredRingMs = nowMs - (bill.direction === 'out' ? (bill.rangAtMs ?? nowMs) : bill.beginMs);
    const charges = charging !== undefined && bill.direction === 'out' && stretch !== undefined;
    return {
      start: stretch?.startLocal ?? bill.beginLocal,
      durationS: stretch === undefined ? 0 : wholeSeconds(stretch.startLocal, nowMs - stretch.startMs),
      direction: bill.direction,
      call: bill.call,
      part: stretch?.part ?? 1,
      ringS: seconds(stretch?.ringMs ?? unansweredRingMs),
      heldS: seconds(heldMs),
      ...(ext === undefined ? {} : { ext: ext.number }),
      ...(line === undefined ? {} : { line }),
      ...(number === undefined ? {} : { number }),
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { account }),
      ...(peer === undefined ? {} : { peer: peer.number }),
      ...(stretch?.from === undefined ? {} : { from: stretch.from.number }),
      ...(charges ? { pulses: stretch.pulses, charge: stretch.pulses * charging.price } : {}),
    };
  }

  #note(bill: Bill): void {
    const { running } = this.#core.memory;
    if (bill.stretches.length === 0) {
      if (bill.parts === 0) running.set(bill, this.#noteOf(bill));
      return;
    }
    running.delete(bill);
    for (const stretch of bill.stretches) running.set(stretch, this.#noteOf(bill, stretch));
  }

  #noteAll(): void {
    for (const bill of this.#open) this.#note(bill);
    this.#cancelNotes = this.#open.size === 0 ? undefined : this.#core.after(NOTE_EVERY_MS, () => this.#noteAll());
  }

  #forgetNotes(bill: Bill): void {
    this.#core.memory.running.delete(bill);
    for (const stretch of bill.stretches) this.#core.memory.running.delete(stretch);
  }
}

/** Of a stretch, in whole seconds of the clock, so that the next part's start is where this one ends. */
function wholeSeconds(startLocal: number, forMs: number): number {
  return Math.floor(Math.round(startLocal + forMs) / 1_000) - Math.floor(Math.round(startLocal) / 1_000);
}

import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Extension, ExtLeg, PbxCall, Slot } from './parts.js';
import { activeLeg, connected } from './status-of.js';

/** A recalled call that nobody takes is tried again so much later, ms. */
const RECALL_AGAIN_MS = 15_000;
/** A call that came back rings so long, then its line is let go, ms. */
const RECALL_RING_MS = 180_000;

/** Answering, holding, handing over, parking: what happens to calls that are there. */
export class Joining {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  /** A telephone that was rung for its own user, to dial, was lifted. */
  onLifted: (leg: ExtLeg) => void = () => undefined;
  /** A wake-up call was answered. */
  onAwake: (leg: ExtLeg) => void = () => undefined;

  constructor(core: PbxCore, calls: Calls) {
    this.#core = core;
    this.#calls = calls;
  }

  /** A telephone takes what rings there; what its user talks on is put on hold. */
  answer(leg: ExtLeg): void {
    const { ext, call } = leg;
    this.holdActive(ext);
    if (ext.hook !== 'off') ext.hook = 'handsFree';
    leg.cancel?.();
    leg.cancel = undefined;
    if (leg.reason === 'dial') return this.onLifted(leg);
    if (leg.reason !== 'join') {
      this.#calls.stopRinging(call, leg);
      call.waiting?.cancel?.();
      delete call.waiting;
    }
    leg.state = 'talking';
    for (const line of call.lines) {
      if (line.state !== 'ringing') continue;
      line.state = 'talking';
      line.cancel?.();
      this.#core.exchange.answered?.(line.line.number);
    }
    this.#calls.freeSlot(call);
    for (const other of call.exts) {
      if (other.state !== 'ringback' && other.state !== 'dialling') continue;
      other.cancel?.();
      other.cancel = undefined;
      other.state = 'talking';
    }
    for (const { line } of call.lines) this.#core.touch(line);
    if (leg.reason === 'wake') this.onAwake(leg);
    if (call.bill !== undefined) this.#answerInside(call, leg);
    this.#calls.connect(leg);
  }

  /** Puts what an extension talks on on hold. */
  hold(leg: ExtLeg): void {
    leg.state = 'holding';
    for (const { line } of leg.call.lines) this.#core.touch(line);
    this.#calls.hold(leg.call, leg.ext);
    if (leg.ext.hook === 'off') leg.ext.hook = 'released';
    else leg.ext.hook = 'on';
  }

  /** Whatever an extension does is put on hold, or ended where that makes no sense. */
  holdActive(ext: Extension): void {
    const active = activeLeg(ext);
    if (active === undefined) return;
    if (active.state === 'talking') this.hold(active);
    else this.#calls.leave(active, 'normal');
  }

  /** Takes back what is held. */
  retrieve(leg: ExtLeg): void {
    this.holdActive(leg.ext);
    leg.state = 'talking';
    if (leg.ext.hook !== 'off') leg.ext.hook = 'handsFree';
    for (const { line } of leg.call.lines) this.#core.touch(line);
    this.#calls.connect(leg);
  }

  /** Gives a call to a telephone at once; nobody there after a while: it comes back. */
  sendTo(leg: ExtLeg, target: Extension): void {
    const { call, ext } = leg;
    this.#calls.unseat(leg, 'transferred');
    this.#ringTarget(call, target, ext);
  }

  /** The parties of two calls of an extension are joined, and it leaves. */
  joinOthers(held: ExtLeg, active: ExtLeg): PbxCall {
    const { ext } = held;
    const ringing = active.call.exts.find(({ state }) => state === 'ringing');
    this.#calls.unseat(active, 'transferred');
    this.#calls.unseat(held, 'transferred');
    const call = this.#calls.merge(held.call, active.call);
    if (ringing !== undefined) {
      ringing.reason = 'transfer';
      ringing.by = ext;
      this.#await(call, ringing, ext);
    }
    for (const leg of call.exts) if (leg.state === 'talking') this.#calls.connect(leg);
    this.#calls.settle(call, 'transferred');
    return call;
  }

  /** All parties of two calls of an extension speak together. */
  conference(held: ExtLeg, active: ExtLeg): PbxCall {
    this.#calls.unseat(held);
    active.ext.end = undefined;
    const call = this.#calls.merge(held.call, active.call);
    for (const leg of call.exts) if (leg.state === 'talking') this.#calls.connect(leg);
    return call;
  }

  /** Would this many more fit in? */
  fits(call: PbxCall, more: number): boolean {
    return connected(call) + more <= this.#core.setup.conferenceParties;
  }

  /** A telephone is called into a conversation. */
  callIn(leg: ExtLeg, target: Extension): void {
    const rings = this.#calls.ring(target, leg.call, { reason: 'join', by: leg.ext });
    rings.cancel = this.#core.after(this.#core.setup.times.noAnswerMs, () => {
      if (rings.state !== 'ringing') return;
      this.#calls.unseat(rings, 'noAnswer');
      this.#calls.settle(rings.call, 'noAnswer');
    });
  }

  /** Parks a call. */
  park(leg: ExtLeg, slot: Slot): void {
    const { call, ext } = leg;
    slot.call = call;
    slot.by = ext;
    call.slot = slot;
    this.#core.touch(slot);
    for (const { line } of call.lines) this.#core.touch(line);
    for (const { bill } of call.lines) this.#calls.billing.hold(bill, ext);
    this.#calls.unseat(leg);
    this.#calls.settle(call, 'normal');
    const { parkRecallMs } = this.#core.setup.times;
    if (parkRecallMs > 0) slot.cancel = this.#core.after(parkRecallMs, () => this.#recall(call, ext));
  }

  /** A telephone takes a parked call. */
  unpark(ext: Extension, slot: Slot): PbxCall | undefined {
    const { call } = slot;
    if (call === undefined) return undefined;
    this.holdActive(ext);
    this.#calls.stopRinging(call);
    this.#calls.freeSlot(call);
    for (const { line } of call.lines) this.#core.touch(line);
    const own = call.exts.find((leg) => leg.ext === ext);
    const leg = own ?? this.#calls.seat(ext, call, 'talking');
    leg.state = 'talking';
    if (ext.hook !== 'off') ext.hook = 'handsFree';
    this.#calls.connect(leg);
    return call;
  }

  /** Takes to another telephone what rings at one. */
  pickUp(ext: Extension, ringing: ExtLeg): PbxCall {
    const { call } = ringing;
    const { reason, by, rangAtMs } = ringing;
    this.holdActive(ext);
    this.#calls.unseat(ringing);
    const leg = this.#calls.ring(ext, call, { reason: reason ?? 'call', ...(by === undefined ? {} : { by }) });
    if (rangAtMs !== undefined) leg.rangAtMs = rangAtMs;
    this.answer(leg);
    return call;
  }

  #answerInside(call: PbxCall, leg: ExtLeg): void {
    const { bill } = call;
    if (bill?.ext === undefined || bill.parts > 0) return;
    const ringMs = leg.rangAtMs === undefined ? 0 : this.#core.clock.nowMs() - leg.rangAtMs;
    this.#calls.billing.connect(bill, bill.ext, { ringMs, present: new Set(call.exts.map(({ ext }) => ext)) });
  }

  #ringTarget(call: PbxCall, target: Extension, by: Extension): void {
    const rings = this.#calls.ring(target, call, { reason: 'transfer', by });
    for (const { line, bill } of call.lines) {
      this.#calls.billing.hold(bill, by);
      this.#core.touch(line);
    }
    for (const other of call.exts) {
      if (other !== rings && other.state === 'talking' && call.lines.length === 0) {
        other.state = 'ringback';
        this.#core.touch(other.ext);
      }
    }
    this.#await(call, rings, by);
  }

  #await(call: PbxCall, rings: ExtLeg, by: Extension): void {
    call.waiting?.cancel?.();
    for (const { bill } of call.lines) this.#calls.billing.hold(bill, by);
    call.waiting = {
      by,
      cancel: this.#core.after(this.#core.setup.times.transferRecallMs, () => {
        if (rings.state === 'ringing' && rings.call === call) this.#recall(call, by);
      }),
    };
  }

  /** A call comes back to who parked or gave it; while that one is busy, it is tried again. */
  #recall(call: PbxCall, by: Extension): void {
    if (!this.#core.calls.has(call)) return;
    const again = (): void => {
      const cancel = this.#core.after(RECALL_AGAIN_MS, () => this.#recall(call, by));
      if (call.slot !== undefined) call.slot.cancel = cancel;
      else call.waiting = { by, cancel };
    };
    if (!this.#calls.isFree(by)) return again();
    for (const leg of call.exts.filter(({ state }) => state === 'ringing')) this.#calls.unseat(leg, 'noAnswer');
    const rings = this.#calls.ring(by, call, { reason: 'recall', by });
    call.waiting?.cancel?.();
    call.waiting = {
      by,
      cancel: this.#core.after(RECALL_RING_MS, () => {
        if (rings.state === 'ringing') this.#calls.end(call, 'noAnswer');
      }),
    };
  }
}

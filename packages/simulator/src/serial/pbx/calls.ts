import type { Bill } from './bill.js';
import type { Billing } from './billing.js';
import type { PbxCore } from './core.js';
import type { Extension, ExtLeg, ExtLegState, LineLeg, LineLegState, PbxCall, RingReason, Trunk } from './parts.js';
import type { CallEnd } from './status.js';
import { activeLeg, talkers } from './status-of.js';

/** A telephone without a handset off hears that the other side is gone for so long, ms. */
const HANDS_FREE_BUSY_MS = 5_000;

/** Who comes into calls and goes out of them, and what follows for the others. */
export class Calls {
  readonly core: PbxCore;
  readonly billing: Billing;
  /** Called when a line leaves its call. */
  onReleased: (leg: LineLeg) => void = () => undefined;

  constructor(core: PbxCore, billing: Billing) {
    this.core = core;
    this.billing = billing;
  }

  /** Puts an extension into a call. */
  seat(ext: Extension, call: PbxCall, state: ExtLegState): ExtLeg {
    const leg: ExtLeg = { ext, call, state };
    ext.legs.push(leg);
    call.exts.push(leg);
    this.core.doubt(call);
    this.core.touch(ext);
    return leg;
  }

  /** Takes a line for a call. */
  engage(line: Trunk, call: PbxCall, how: { readonly state: LineLegState; readonly bill: Bill }): LineLeg {
    line.wrap?.();
    line.wrap = undefined;
    const direction = how.bill.direction === 'in' ? 'in' : 'out';
    const leg: LineLeg = { line, call, state: how.state, direction, bill: how.bill };
    line.leg = leg;
    call.lines.push(leg);
    call.direction ??= direction;
    this.core.doubt(call);
    this.core.touch(line);
    return leg;
  }

  /** Takes an extension out of a call; what becomes of the others is for {@link settle}. */
  unseat(leg: ExtLeg, end?: CallEnd): void {
    const { ext, call } = leg;
    leg.cancel?.();
    leg.cancel = undefined;
    remove(ext.legs, leg);
    remove(call.exts, leg);
    this.core.doubt(call);
    if (end !== undefined) ext.end = end;
    if (leg.state !== 'ringing' && activeLeg(ext) === undefined) {
      ext.hook = ext.hook === 'off' ? 'released' : ext.hook === 'handsFree' ? 'on' : ext.hook;
      this.core.after(0, () => this.core.onFree(ext));
      ext.freeSinceMs = this.core.clock.nowMs();
    }
    this.core.touch(ext);
  }

  /** Lets a line go. */
  release(leg: LineLeg, end: CallEnd): void {
    const { line, call } = leg;
    leg.cancel?.();
    remove(call.lines, leg);
    this.core.doubt(call);
    line.leg = undefined;
    line.end = end;
    this.billing.close(leg.bill, end);
    this.onReleased(leg);
    this.core.exchange.released?.(line.number);
    line.wrap = this.core.after(this.core.setup.times.wrapMs, () => {
      line.wrap = undefined;
      this.core.touch(line);
    });
    this.core.touch(line);
  }

  /** A telephone rings for a call. */
  ring(ext: Extension, call: PbxCall, how: { readonly reason: RingReason; readonly by?: Extension }): ExtLeg {
    const leg = this.seat(ext, call, 'ringing');
    leg.reason = how.reason;
    leg.rangAtMs = this.core.clock.nowMs();
    if (how.by !== undefined) leg.by = how.by;
    return leg;
  }

  /** Would it ring? */
  isFree(ext: Extension): boolean {
    const isOnHook = ext.hook === 'on' || ext.hook === 'released';
    return ext.legs.length === 0 && isOnHook && !ext.outOfService && ext.keypad === undefined;
  }

  /** As {@link isFree}, and its user wants to be called. */
  isReachable(ext: Extension): boolean {
    return this.isFree(ext) && !this.core.parameters.flag(10, ext.port);
  }

  /** Everything that rings for this call stops, except `but`. */
  stopRinging(call: PbxCall, but?: ExtLeg): void {
    call.ringing?.cancel?.();
    delete call.ringing;
    for (const leg of call.exts.filter(({ state, reason }) => state === 'ringing' && reason !== 'join')) {
      if (leg !== but) this.unseat(leg);
    }
  }

  /** Writes for every line of the call that this extension talks on it now. */
  connect(leg: ExtLeg): void {
    const { call, ext } = leg;
    const present = new Set(call.exts.filter((one) => one.state !== 'ringing').map((one) => one.ext));
    const ringMs = leg.rangAtMs === undefined ? 0 : this.core.clock.nowMs() - leg.rangAtMs;
    for (const line of call.lines) {
      if (line.state === 'talking') this.billing.connect(line.bill, ext, { ringMs, present });
    }
    this.core.touchCall(call);
    this.warnLater(leg);
  }

  /** Item 5: a tone for who has talked on a line for so long. */
  warnLater(leg: ExtLeg): void {
    const minutes = this.core.parameters.number(5, leg.ext.port);
    if (minutes === 0 || leg.call.lines.length === 0) return;
    this.core.after(minutes * 60_000, () => {
      if (leg.state !== 'talking' || !leg.ext.legs.includes(leg)) return;
      this.core.tell({ type: 'tone', ext: leg.ext.number, tone: 'warning' });
    });
  }

  /** What an extension has of the lines of a call counts as held from now on. */
  hold(call: PbxCall, ext: Extension): void {
    for (const { bill } of call.lines) this.billing.hold(bill, ext);
    this.core.touchCall(call);
  }

  /** An extension leaves a call for good. */
  leave(leg: ExtLeg, end: CallEnd): void {
    const { call, ext } = leg;
    this.unseat(leg, end);
    const goesOn = call.exts.length > 0;
    if (goesOn) for (const { bill } of call.lines) this.billing.leave(bill, ext, end);
    this.settle(call, end);
  }

  /** Ends a call for all. */
  end(call: PbxCall, end: CallEnd): void {
    this.freeSlot(call);
    for (const line of [...call.lines]) this.release(line, end);
    if (call.bill !== undefined) this.billing.close(call.bill, end);
    for (const leg of [...call.exts]) this.letGo(leg, end);
    if (call.exts.length === 0) this.core.forget(call);
  }

  /** Somebody has left: the rest goes on, or ends. */
  settle(call: PbxCall, end: CallEnd): void {
    if (!this.core.calls.has(call)) return;
    const { exts, lines } = call;
    const there = exts.filter(({ state }) => state !== 'busy' && state !== 'howler');
    const isWaiting = call.slot !== undefined || call.waiting !== undefined;
    if (lines.length === 0) {
      if (there.length >= 2 || (there.length === 1 && (isWaiting || isAlone(there[0])))) return this.#refresh(call);
      return this.end(call, end);
    }
    const hasInside = there.some(({ state }) => state !== 'ringing');
    if (hasInside || isWaiting || lines.some(({ state }) => state === 'ringing')) return this.#refresh(call);
    if (there.length > 0) return this.#refresh(call);
    const talking = lines.filter(({ state }) => state === 'talking').length;
    if (talking >= 2 && this.core.parameters.flag(19, 0)) return this.#refresh(call);
    this.end(call, end);
  }

  /** The other side has gone: a loudspeaker falls silent, a handset hears the busy tone. */
  letGo(leg: ExtLeg, end: CallEnd): void {
    if (leg.ext.hook === 'off' && leg.state !== 'ringing' && leg.state !== 'holding') this.busyTone(leg, end);
    else this.unseat(leg, end);
  }

  /** An extension hears the busy tone until it hangs up. */
  busyTone(leg: ExtLeg, end: CallEnd): void {
    const { core } = this;
    const { times } = core.setup;
    leg.cancel?.();
    leg.state = 'busy';
    core.touch(leg.ext);
    core.tell({ type: 'tone', ext: leg.ext.number, tone: 'busy' });
    const isHandset = leg.ext.hook === 'off';
    leg.cancel = core.after(isHandset ? times.busyToneMs : HANDS_FREE_BUSY_MS, () => {
      if (isHandset) this.howl(leg);
      else this.leave(leg, end);
    });
  }

  /** An extension that was left off-hook is reminded. */
  howl(leg: ExtLeg): void {
    leg.cancel?.();
    leg.cancel = undefined;
    leg.state = 'howler';
    this.core.touch(leg.ext);
    this.core.tell({ type: 'tone', ext: leg.ext.number, tone: 'howler' });
  }

  /** Two calls become one: the one with the outside line, else the older, keeps its id. @returns it */
  merge(one: PbxCall, other: PbxCall): PbxCall {
    const [keep, gone] = isBefore(one, other) ? [one, other] : [other, one];
    for (const leg of gone.exts) leg.call = keep;
    for (const leg of gone.lines) leg.call = keep;
    keep.exts.push(...gone.exts.splice(0));
    keep.lines.push(...gone.lines.splice(0));
    if (gone.bill !== undefined) this.billing.close(gone.bill, 'transferred');
    this.core.forget(gone);
    this.core.touchCall(keep);
    return keep;
  }

  /** Takes a call out of its slot. */
  freeSlot(call: PbxCall): void {
    const { slot } = call;
    if (slot === undefined) return;
    slot.cancel?.();
    slot.cancel = undefined;
    slot.call = undefined;
    slot.by = undefined;
    delete call.slot;
    this.core.touch(slot);
  }

  /** A conference has become a conversation, or the other way round. */
  #refresh(call: PbxCall): void {
    for (const { bill } of call.lines) {
      const anybody = talkers(call).length > 0;
      if (!anybody) for (const { ext } of bill.stretches) this.billing.hold(bill, ext);
    }
    this.core.touchCall(call);
  }
}

/** Needs nobody else to stay as it is: dials, speaks into loudspeakers, is woken. */
function isAlone(leg: ExtLeg | undefined): boolean {
  if (leg === undefined) return false;
  return leg.state !== 'talking' && leg.state !== 'holding' && leg.state !== 'ringback' && leg.state !== 'ringing';
}

function isBefore(one: PbxCall, other: PbxCall): boolean {
  if (one.lines.length > 0 !== other.lines.length > 0) return one.lines.length > 0;
  return one.order < other.order;
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
}

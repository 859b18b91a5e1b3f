import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Incoming } from './incoming.js';
import type { Joining } from './joining.js';
import { Making } from './making.js';
import type { Outgoing } from './outgoing.js';
import type { Extension, ExtLeg, Trunk } from './parts.js';
import { PickingUp } from './picking-up.js';
import { LACKING, NEEDS } from './service-needs.js';
import { activeLeg } from './status-of.js';

/** What a service is asked of: an extension, by a computer or by its keys. */
export interface ServiceRequest {
  readonly service: ServiceName;
  /** Number of the extension that acts. */
  readonly ext: string;
  /** What it is asked for: a number, an extension, a zone, digits. */
  readonly to?: string;
  readonly line?: number;
  readonly slot?: number;
  /** Id of the call that is meant. */
  readonly call?: number;
  readonly account?: string;
}

/** Services of docs/protocols/kts-1.md, section 11. */
export type ServiceName =
  | 'make'
  | 'answer'
  | 'hangUp'
  | 'hold'
  | 'retrieve'
  | 'transfer'
  | 'conference'
  | 'park'
  | 'unpark'
  | 'page'
  | 'redial'
  | 'pickUp'
  | 'flash'
  | 'digits';

/** Why a service was not begun. */
export type ServiceRefusal =
  | 'unsupported'
  | 'noDevice'
  | 'wrongState'
  | 'busy'
  | 'noLine'
  | 'barred'
  | 'slotTaken'
  | 'slotEmpty'
  | 'range'
  | 'tooMany';

/** What became of a request. */
export type ServiceResult =
  | { readonly code: 'ok'; readonly call?: number; readonly line?: number; readonly slot?: number }
  | { readonly code: ServiceRefusal; readonly call?: number; readonly line?: number; readonly slot?: number };

/** The services of a PBX as a computer asks for them. */
export class Services {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #joining: Joining;
  readonly #making: Making;
  readonly #pickingUp: PickingUp;

  constructor(parts: {
    readonly core: PbxCore;
    readonly calls: Calls;
    readonly incoming: Incoming;
    readonly outgoing: Outgoing;
    readonly joining: Joining;
  }) {
    this.#core = parts.core;
    this.#calls = parts.calls;
    this.#incoming = parts.incoming;
    this.#outgoing = parts.outgoing;
    this.#joining = parts.joining;
    this.#making = new Making(parts);
    this.#pickingUp = new PickingUp(parts);
  }

  /** Begins a service, or says why not. */
  carryOut(request: ServiceRequest): ServiceResult {
    // The order of what may be wrong is that of docs/protocols/kts-1.md, section 11.
    const lacking = LACKING[request.service];
    if (lacking !== undefined && this.#core.setup.lacks.includes(lacking)) return { code: 'unsupported' };
    const ext = this.#core.extension(request.ext);
    if (ext === undefined) return { code: 'noDevice' };
    if (ext.outOfService || ext.keypad !== undefined) return { code: 'wrongState' };
    if (!NEEDS[request.service](request)) return { code: 'range' };
    switch (request.service) {
      case 'make':
        return this.#making.make(ext, request);
      case 'redial':
        return ext.lastNumber === undefined
          ? { code: 'noDevice' }
          : this.#making.make(ext, { ...request, to: ext.lastNumber });
      case 'answer':
        return this.#answer(ext, request);
      case 'hangUp':
        return this.#hangUp(ext, request);
      case 'hold':
        return this.#withTalk(ext, request, (leg) => {
          this.#joining.hold(leg);
          return { code: 'ok', call: leg.call.id };
        });
      case 'retrieve':
        return this.#retrieve(ext, request);
      case 'transfer':
        return request.to === undefined ? this.#join(ext, request, 'transfer') : this.#send(ext, request, request.to);
      case 'conference':
        return request.to === undefined
          ? this.#join(ext, request, 'conference')
          : this.#callIn(ext, request, request.to);
      case 'park':
        return this.#park(ext, request);
      case 'unpark':
        return this.#unpark(ext, request);
      case 'page':
        return this.#page(ext, request);
      case 'pickUp':
        return this.#pickingUp.pickUp(ext, request);
      case 'flash':
      case 'digits':
        return this.#signal(ext, request);
    }
  }

  #answer(ext: Extension, request: ServiceRequest): ServiceResult {
    const leg = ext.legs.find((one) => one.state === 'ringing' && isMeant(one, request.call));
    if (leg === undefined || !(ext.handsFree || ext.hook !== 'on')) return { code: 'wrongState' };
    this.#joining.answer(leg);
    return { code: 'ok', call: leg.call.id };
  }

  #hangUp(ext: Extension, request: ServiceRequest): ServiceResult {
    const leg =
      request.call === undefined
        ? (activeLeg(ext) ?? ext.legs.find(({ state }) => state === 'ringing') ?? ext.legs.at(-1))
        : ext.legs.find(({ call }) => call.id === request.call);
    if (leg === undefined) return { code: 'wrongState' };
    const { call } = leg;
    this.drop(leg);
    return { code: 'ok', call: call.id };
  }

  /** An extension leaves a call, whatever it does there. */
  drop(leg: ExtLeg): void {
    const { call, ext, state } = leg;
    if (state === 'ringing') {
      // Who silences a wake-up call is awake.
      if (leg.reason === 'wake') this.#joining.onAwake(leg);
      this.#calls.unseat(leg, 'rejected');
      const inside = call.exts.find((other) => other.state === 'ringback');
      if (call.lines.length === 0 && inside !== undefined && call.waiting === undefined) {
        if (call.bill !== undefined) this.#calls.billing.close(call.bill, 'rejected');
        this.#calls.busyTone(inside, 'rejected');
      }
      this.#calls.settle(call, 'rejected');
      return;
    }
    const [line] = call.lines;
    const isUnanswered = line !== undefined && line.direction === 'out' && line.state !== 'talking';
    const end = line?.state === 'busy' ? 'busy' : isUnanswered ? 'abandoned' : 'normal';
    this.#calls.leave(leg, state === 'busy' || state === 'howler' ? (ext.end ?? end) : end);
  }

  #withTalk(ext: Extension, request: ServiceRequest, work: (leg: ExtLeg) => ServiceResult): ServiceResult {
    const leg = ext.legs.find((one) => one.state === 'talking' && isMeant(one, request.call));
    return leg === undefined ? { code: 'wrongState' } : work(leg);
  }

  #retrieve(ext: Extension, request: ServiceRequest): ServiceResult {
    if (request.line !== undefined && this.#core.line(request.line) === undefined) return { code: 'noDevice' };
    const leg = ext.legs.findLast(
      (one) =>
        one.state === 'holding' &&
        isMeant(one, request.call) &&
        (request.line === undefined || one.call.lines.some(({ line }) => line.number === request.line)),
    );
    if (leg === undefined) return { code: 'wrongState' };
    this.#joining.retrieve(leg);
    return { code: 'ok', call: leg.call.id };
  }

  #join(ext: Extension, request: ServiceRequest, how: 'transfer' | 'conference'): ServiceResult {
    const held = ext.legs.filter(({ state }) => state === 'holding');
    const active = activeLeg(ext);
    const isActive = request.call === undefined || request.call === active?.call.id;
    const back = isActive ? held.at(-1) : held.find(({ call }) => call.id === request.call);
    if (back === undefined || active === undefined) return { code: 'wrongState' };
    const rings = active.state === 'ringback' && active.call.lines.length === 0;
    if (active.state !== 'talking' && !(rings && how === 'transfer')) return { code: 'wrongState' };
    const lines = back.call.lines.length + active.call.lines.length;
    if (how === 'transfer') {
      if (lines > 1 && !this.#core.parameters.flag(19, 0)) return { code: 'wrongState' };
      return { code: 'ok', call: this.#joining.joinOthers(back, active).id };
    }
    const parties = partiesOf(back) + partiesOf(active) + 1;
    if (parties > this.#core.setup.conferenceParties) return { code: 'tooMany' };
    return { code: 'ok', call: this.#joining.conference(back, active).id };
  }

  #send(ext: Extension, request: ServiceRequest, to: string): ServiceResult {
    const leg =
      ext.legs.find((one) => one.state === 'talking' && isMeant(one, request.call)) ??
      ext.legs.findLast((one) => one.state === 'holding' && isMeant(one, request.call));
    if (leg === undefined || partiesOf(leg) > 1) return { code: 'wrongState' };
    const target = this.#core.extension(to);
    if (target === undefined) return this.#sendOut(leg, to);
    const goal = this.#incoming.resolve(target);
    if ('outside' in goal) return this.#sendOut(leg, goal.outside);
    if (goal.ext === ext) return { code: 'wrongState' };
    if (!this.#calls.isReachable(goal.ext)) return { code: 'busy' };
    this.#joining.sendTo(leg, goal.ext);
    return { code: 'ok', call: leg.call.id };
  }

  #sendOut(leg: ExtLeg, to: string): ServiceResult {
    const { ext, call } = leg;
    if (call.lines.length > 0 && !this.#core.parameters.flag(19, 0)) return { code: 'noDevice' };
    if (this.#outgoing.isBarred(ext, to)) return { code: 'barred' };
    const line = this.#outgoing.chooseLine(ext, to);
    if (typeof line === 'string') return { code: line };
    this.#dialInto(leg, line, to);
    this.#calls.unseat(leg, 'transferred');
    for (const other of call.exts) {
      other.state = 'dialling';
    }
    this.#core.touchCall(call);
    return { code: 'ok', call: call.id, line: line.number };
  }

  #callIn(ext: Extension, request: ServiceRequest, to: string): ServiceResult {
    return this.#withTalk(ext, request, (leg) => {
      if (!this.#joining.fits(leg.call, 1)) return { code: 'tooMany' };
      const target = this.#core.extension(to);
      if (target === undefined) {
        if (this.#outgoing.isBarred(ext, to)) return { code: 'barred' };
        const line = this.#outgoing.chooseLine(ext, to, request.line);
        if (typeof line === 'string') return { code: line };
        this.#dialInto(leg, line, to);
        return { code: 'ok', call: leg.call.id, line: line.number };
      }
      if (!this.#calls.isReachable(target)) return { code: 'busy' };
      this.#joining.callIn(leg, target);
      return { code: 'ok', call: leg.call.id };
    });
  }

  /** Another line comes into a call. */
  #dialInto(leg: ExtLeg, line: Trunk, number: string): void {
    const { times } = this.#core.setup;
    const lineLeg = this.#outgoing.seize(leg.call, line, { ext: leg.ext, number });
    lineLeg.cancel = this.#core.after(times.seizeMs, () => {
      lineLeg.state = 'dialling';
      this.#core.touch(line);
      lineLeg.cancel = this.#core.after(number.length * times.digitMs, () => this.#outgoing.complete(lineLeg, number));
    });
  }

  #park(ext: Extension, request: ServiceRequest): ServiceResult {
    const { slots } = this.#core;
    const slot = request.slot === undefined ? slots.find(({ call }) => call === undefined) : slots[request.slot - 1];
    const leg =
      ext.legs.find((one) => one.state === 'talking' && isMeant(one, request.call)) ??
      ext.legs.findLast((one) => one.state === 'holding' && isMeant(one, request.call));
    if (leg === undefined || partiesOf(leg) > 1) return { code: 'wrongState' };
    if (slot?.call !== undefined || slot === undefined) {
      return { code: 'slotTaken', ...(slot === undefined ? {} : { slot: slot.number }) };
    }
    this.#joining.park(leg, slot);
    return { code: 'ok', call: leg.call.id, slot: slot.number };
  }

  #unpark(ext: Extension, request: ServiceRequest): ServiceResult {
    const slot = this.#core.slots[(request.slot ?? 0) - 1];
    if (slot?.call === undefined) return { code: 'slotEmpty', ...(slot === undefined ? {} : { slot: slot.number }) };
    if (ext.legs.some(({ state }) => state === 'ringing')) return { code: 'wrongState' };
    const call = this.#joining.unpark(ext, slot);
    return { code: 'ok', slot: slot.number, ...(call === undefined ? {} : { call: call.id }) };
  }

  #page(ext: Extension, request: ServiceRequest): ServiceResult {
    if (ext.legs.some(({ state }) => state !== 'holding')) return { code: 'wrongState' };
    for (const call of this.#core.calls) {
      const isPaging = call.exts.some(({ state }) => state === 'paging');
      if (isPaging && (call.dialled === request.to || request.to === '0' || call.dialled === '0'))
        return { code: 'busy' };
    }
    const call = this.#core.newCall();
    call.direction = 'internal';
    call.dialled = request.to ?? '0';
    this.#calls.seat(ext, call, 'paging');
    if (ext.hook === 'on') ext.hook = 'handsFree';
    return { code: 'ok', call: call.id };
  }

  #signal(ext: Extension, request: ServiceRequest): ServiceResult {
    const { parameters, exchange } = this.#core;
    return this.#withTalk(ext, request, (leg) => {
      const [line] = leg.call.lines;
      if (request.service === 'flash') {
        if (line === undefined) return { code: 'wrongState' };
        exchange.flashed?.(line.line.number, parameters.number(31, line.line.number));
        return { code: 'ok', call: leg.call.id };
      }
      for (const key of request.to ?? '') {
        for (const one of leg.call.lines) if (one.state === 'talking') exchange.key?.(one.line.number, key);
      }
      return { code: 'ok', call: leg.call.id };
    });
  }
}

function isMeant(leg: ExtLeg, call: number | undefined): boolean {
  return call === undefined || leg.call.id === call;
}

/** How many others an extension speaks with in a call, held ones too. */
function partiesOf(leg: ExtLeg): number {
  return leg.call.exts.length + leg.call.lines.length - 1;
}

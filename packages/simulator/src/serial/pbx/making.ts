import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Joining } from './joining.js';
import type { Outgoing } from './outgoing.js';
import type { Extension, ExtLeg, PbxCall, Trunk } from './parts.js';
import type { ServiceRequest, ServiceResult } from './services.js';

/** From the moment a telephone is off-hook to the first digit of an inside number, ms. */
const LIFT_MS = 100;

/** Calls that a computer has an extension make: at once by the loudspeaker, else when its user lifts. */
export class Making {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  readonly #outgoing: Outgoing;
  readonly #toDial = new WeakMap<ExtLeg, () => void>();

  constructor(parts: {
    readonly core: PbxCore;
    readonly calls: Calls;
    readonly outgoing: Outgoing;
    readonly joining: Joining;
  }) {
    this.#core = parts.core;
    this.#calls = parts.calls;
    this.#outgoing = parts.outgoing;
    parts.joining.onLifted = (leg) => {
      leg.state = 'offHook';
      this.#core.touch(leg.ext);
      this.#toDial.get(leg)?.();
    };
  }

  /** MAKE of docs/protocols/kts-1.md, section 11. */
  make(ext: Extension, request: ServiceRequest): ServiceResult {
    const { to } = request;
    const isIdle = ext.legs.every(({ state }) => state === 'holding') && ext.hook !== 'off';
    if (to === undefined || to === '') return { code: 'range' };
    if (!isIdle) return { code: 'wrongState' };
    const target = request.line === undefined ? this.#core.extension(to) : undefined;
    if (target === ext) return { code: 'wrongState' };
    if (target !== undefined) {
      if (this.#core.parameters.flag(14, ext.port)) return { code: 'barred' };
      return this.#begin(ext, 'internal', (leg) => {
        leg.cancel = this.#core.after(LIFT_MS, () => this.#outgoing.dialInside(leg, target));
      });
    }
    if (this.#outgoing.isBarred(ext, to)) return { code: 'barred' };
    const line = this.#outgoing.chooseLine(ext, to, request.line);
    if (typeof line === 'string') return { code: line };
    return this.#begin(ext, 'out', (leg) => this.#dialOut(leg, request));
  }

  #begin(ext: Extension, direction: PbxCall['direction'] & string, dial: (leg: ExtLeg) => void): ServiceResult {
    const call = this.#core.newCall();
    const leg = this.#calls.seat(ext, call, 'offHook');
    call.direction = direction;
    if (ext.hook === 'released') ext.hook = 'off';
    if (ext.handsFree || ext.hook === 'off') {
      if (ext.hook === 'on') ext.hook = 'handsFree';
      dial(leg);
    } else {
      leg.state = 'ringing';
      leg.reason = 'dial';
      leg.cancel = this.#core.after(this.#core.setup.times.noAnswerMs, () => this.#calls.leave(leg, 'noAnswer'));
      this.#toDial.set(leg, () => dial(leg));
    }
    const [line] = call.lines;
    return { code: 'ok', call: call.id, ...(line === undefined ? {} : { line: line.line.number }) };
  }

  /** Where its user had to be called first, the line may be gone. */
  #dialOut(leg: ExtLeg, { to = '', line: wanted, account }: ServiceRequest): void {
    const line: Trunk | string = this.#outgoing.chooseLine(leg.ext, to, wanted);
    if (typeof line === 'string') return this.#calls.busyTone(leg, 'failed');
    this.#outgoing.dialOutside(leg, line, { number: to, ...(account === undefined ? {} : { account }) });
  }
}

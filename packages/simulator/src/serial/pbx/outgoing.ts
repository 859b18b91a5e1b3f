import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Incoming } from './incoming.js';
import type { Extension, ExtLeg, LineLeg, PbxCall, Trunk } from './parts.js';
import type { CallEnd } from './status.js';

/** Why a line was not found. */
export type NoLine = 'noLine' | 'noDevice' | 'barred';

/** Calls that extensions make: inside, and on lines. */
export class Outgoing {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  readonly #incoming: Incoming;

  constructor(core: PbxCore, calls: Calls, incoming: Incoming) {
    this.#core = core;
    this.#calls = calls;
    this.#incoming = incoming;
  }

  /** May this extension dial this number outside? `undefined`: more digits decide. Emergency numbers always may. */
  isBarred(ext: Extension, number: string): boolean {
    const { setup, parameters } = this.#core;
    if (setup.emergency.includes(number)) return false;
    const level = this.#core.classOf(ext);
    if (level === 6) return true;
    if (level === 1) return false;
    for (let place = 1; place <= 50; place++) {
      const prefix = parameters.text(24, (level - 2) * 50 + place);
      if (prefix !== '' && number.startsWith(prefix)) return true;
    }
    return false;
  }

  /** A line for this number: the one that is asked for, that of a route, or any that the extension may use. */
  chooseLine(ext: Extension, number: string, wanted?: number): Trunk | NoLine {
    const core = this.#core;
    const isEmergency = core.setup.emergency.includes(number);
    const allowed = new Set(core.parameters.bits(7, ext.port, core.period()));
    if (wanted !== undefined) {
      const line = core.line(wanted);
      if (line === undefined) return 'noDevice';
      if (!allowed.has(wanted) && !isEmergency) return 'barred';
      return isFree(line) ? line : 'noLine';
    }
    const route = core.parameters.flag(11, ext.port) ? this.#routeOf(number) : undefined;
    const may = core.lines.filter(
      (line) => isEmergency || (allowed.has(line.number) && (route === undefined || route.has(line.number))),
    );
    const rank = (line: Trunk): number => [1, 2, 0][core.parameters.number(13, line.number)] ?? 1;
    const free = may.filter(isFree).sort((a, b) => rank(a) - rank(b) || a.number - b.number);
    return free[0] ?? 'noLine';
  }

  /** Off-hook at an inside number: it rings there, or is busy. */
  dialInside(leg: ExtLeg, target: Extension): void {
    const { call } = leg;
    call.direction = 'internal';
    call.dialled = target.number;
    leg.state = 'dialling';
    this.#core.touch(leg.ext);
    if (this.#core.setup.insideRecords === 'yes') {
      call.bill = this.#calls.billing.open({ call: call.id, direction: 'internal', ext: leg.ext });
      call.bill.number = target.number;
      call.bill.peer = target;
    }
    leg.cancel?.();
    leg.cancel = this.#core.after(target.number.length * this.#core.setup.times.digitMs, () => this.#hail(leg, target));
  }

  /** Off-hook at a line: takes it, waits for its tone, sends the digits. */
  dialOutside(leg: ExtLeg, line: Trunk, how: { readonly number: string; readonly account?: string }): LineLeg {
    const { times } = this.#core.setup;
    const lineLeg = this.seize(leg.call, line, { ext: leg.ext, ...how });
    leg.ext.lastNumber = how.number;
    leg.cancel?.();
    leg.cancel = this.#core.after(times.seizeMs, () => {
      lineLeg.state = 'dialling';
      leg.state = 'dialling';
      this.#core.touch(line);
      this.#core.touch(leg.ext);
      leg.cancel = this.#core.after(how.number.length * times.digitMs, () => this.complete(lineLeg, how.number));
    });
    return lineLeg;
  }

  /** Takes a line out of its rest for a call out. */
  seize(
    call: PbxCall,
    line: Trunk,
    how: { readonly ext: Extension; readonly number?: string; readonly account?: string },
  ): LineLeg {
    const { ext, number, account } = how;
    const bill = this.#calls.billing.open({
      call: call.id,
      direction: 'out',
      line: line.number,
      ext,
      ...(account === undefined ? {} : { account }),
    });
    const leg = this.#calls.engage(line, call, { state: 'seized', bill });
    if (number !== undefined) leg.number = bill.number = number;
    this.#core.touch(ext);
    this.#core.exchange.seized?.(line.number);
    return leg;
  }

  /** The last digit is on the line. */
  complete(leg: LineLeg, number: string): void {
    const { line } = leg;
    leg.number = leg.bill.number = number;
    const { parameters } = this.#core;
    if (parameters.number(26, line.number, 1) === 0) {
      const delayS = parameters.number(26, line.number, 2);
      leg.cancel = this.#core.after(delayS * 1_000, () => this.#answeredBy(leg));
    }
    this.#core.exchange.dialled?.(line.number, number);
  }

  /** The far end rings. */
  farRinging(line: Trunk): void {
    const leg = line.leg;
    if (leg?.state !== 'dialling' || this.#countsByDelay(line)) return;
    leg.state = 'ringback';
    leg.bill.rangAtMs = this.#core.clock.nowMs();
    this.#core.touch(line);
    for (const one of leg.call.exts) {
      if (one.state !== 'dialling') continue;
      one.state = 'ringback';
      this.#core.touch(one.ext);
    }
  }

  /** The far end answers; without a reversal of the line the PBX does not see it. */
  farAnswered(line: Trunk): void {
    if (line.leg !== undefined && !this.#countsByDelay(line)) this.#answeredBy(line.leg);
  }

  /** Busy tone, or another that says no. */
  farBusy(line: Trunk): void {
    const { leg } = line;
    if (leg === undefined || leg.state === 'busy') return;
    const wasCalledIn = leg.call.exts.every(({ state }) => state !== 'dialling' && state !== 'ringback');
    if (wasCalledIn) return this.lineGone(leg, 'busy');
    leg.cancel?.();
    leg.state = 'busy';
    this.#core.touch(line);
    for (const one of [...leg.call.exts]) {
      if (one.state === 'dialling' || one.state === 'ringback') this.#calls.busyTone(one, 'busy');
    }
  }

  /** The far end has gone, or the exchange gives up. */
  farHungUp(line: Trunk): void {
    const { leg } = line;
    if (leg === undefined) return;
    const end = leg.state === 'talking' ? 'normal' : leg.direction === 'in' ? 'abandoned' : 'noAnswer';
    this.lineGone(leg, end);
  }

  /** A line drops out of its call. */
  lineGone(leg: LineLeg, end: CallEnd): void {
    const { call } = leg;
    this.#calls.release(leg, end);
    if (call.lines.length === 0) {
      this.#calls.freeSlot(call);
      call.waiting?.cancel?.();
      delete call.waiting;
      call.ringing?.cancel?.();
      delete call.ringing;
    }
    const insiders = call.exts.filter(({ state }) => state === 'talking' || state === 'holding').length;
    if (call.lines.length === 0 && insiders < 2) this.#calls.end(call, end);
    else this.#calls.settle(call, end);
  }

  #countsByDelay(line: Trunk): boolean {
    return this.#core.parameters.number(26, line.number, 1) === 0;
  }

  #answeredBy(leg: LineLeg): void {
    if (leg.state !== 'dialling' && leg.state !== 'ringback') return;
    leg.cancel?.();
    leg.cancel = undefined;
    leg.state = 'talking';
    const { call, bill } = leg;
    const nowMs = this.#core.clock.nowMs();
    for (const one of call.exts) {
      if (one.state !== 'dialling' && one.state !== 'ringback') continue;
      one.cancel?.();
      one.cancel = undefined;
      one.state = 'talking';
      this.#calls.warnLater(one);
    }
    const caller = call.exts.find(({ ext }) => ext === bill.ext) ?? call.exts.find(({ state }) => state === 'talking');
    const payer = caller?.ext ?? bill.ext;
    if (payer !== undefined) {
      const ringMs = bill.rangAtMs === undefined ? 0 : nowMs - bill.rangAtMs;
      const present = new Set(call.exts.map(({ ext }) => ext));
      this.#calls.billing.connect(bill, payer, { ringMs, present });
    }
    this.#core.touchCall(call);
    this.#calls.settle(call, 'normal');
  }

  #routeOf(number: string): ReadonlySet<number> | undefined {
    const { parameters } = this.#core;
    let best = '';
    let lines: ReadonlySet<number> | undefined;
    for (let route = 1; route <= 8; route++) {
      const prefix = parameters.text(22, route, 1);
      const bits = parameters.bits(22, route, 2);
      if (bits.length === 0 || !number.startsWith(prefix) || (lines !== undefined && prefix.length < best.length))
        continue;
      best = prefix;
      lines = new Set(bits);
    }
    return lines;
  }

  #hail(leg: ExtLeg, called: Extension): void {
    const core = this.#core;
    const target = this.#incoming.resolve(called);
    if ('outside' in target) return this.#forwardOut(leg, target);
    if (!this.#calls.isReachable(target.ext)) return this.#calls.busyTone(leg, 'busy');
    const rings = this.#calls.ring(target.ext, leg.call, { reason: 'call', by: leg.ext });
    leg.state = 'ringback';
    core.touch(leg.ext);
    if (leg.call.bill !== undefined) leg.call.bill.peer = target.ext;
    leg.cancel = core.after(core.setup.times.noAnswerMs, () => {
      if (rings.state !== 'ringing' || rings.call !== leg.call) return;
      this.#calls.unseat(rings, 'noAnswer');
      if (leg.call.bill !== undefined) this.#calls.billing.close(leg.call.bill, 'noAnswer');
      this.#calls.letGo(leg, 'noAnswer');
      this.#calls.settle(leg.call, 'noAnswer');
    });
  }

  #forwardOut(leg: ExtLeg, to: { readonly outside: string; readonly by: Extension }): void {
    const line = this.isBarred(to.by, to.outside) ? 'barred' : this.chooseLine(to.by, to.outside);
    if (typeof line === 'string') this.#calls.busyTone(leg, 'busy');
    else this.dialOutside(leg, line, { number: to.outside });
  }
}

function isFree(line: Trunk): boolean {
  return line.leg === undefined && line.wrap === undefined && !line.outOfService;
}

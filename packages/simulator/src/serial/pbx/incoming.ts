import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Extension, ExtLeg, LineLeg, PbxCall, Trunk } from './parts.js';
import type { CallerIdentity, Charset, Presentation } from './status.js';

/** A caller as the exchange gives it. */
export interface Caller {
  readonly presentation: Presentation;
  readonly number?: string;
  /** Bytes of the name as they come over the line. */
  readonly nameBytes?: Uint8Array;
  readonly charset?: Charset;
  /** The number that was called, where the exchange tells it (direct inward dialling). */
  readonly dialled?: string;
}

/** Calls from outside: which telephones ring, and when. */
export class Incoming {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  /** A caller who is let in by DISA. */
  onDisa: (leg: LineLeg) => void = () => undefined;

  constructor(core: PbxCore, calls: Calls) {
    this.#core = core;
    this.#calls = calls;
  }

  /** The exchange rings. @returns its call; `undefined`: the line is taken, out of service or the PBX has no power */
  ringIn(line: Trunk, caller: Caller): PbxCall | undefined {
    const core = this.#core;
    if (core.power === 'off' || line.leg !== undefined || line.outOfService) return undefined;
    return core.act(() => {
      const call = core.newCall();
      const bill = this.#calls.billing.open({ call: call.id, direction: 'in', line: line.number });
      const leg = this.#calls.engage(line, call, { state: 'ringing', bill });
      this.#identifyLater(leg, caller);
      const delayS = core.parameters.number(9, line.number, core.period());
      const begin = (): void => this.#begin(leg, caller);
      call.ringing = { cancel: undefined, tried: new Set() };
      if (delayS === 0) begin();
      else call.ringing.cancel = core.after(delayS * 1_000, begin);
      return call;
    });
  }

  /** A telephone has become free: what waits for it rings there. */
  freed(ext: Extension): void {
    for (const call of this.#core.calls) {
      const [line] = call.lines;
      if (line?.state !== 'ringing' || call.ringing === undefined) continue;
      if (!this.#core.parameters.flag(29, line.line.number) || !call.ringing.tried.has(ext)) continue;
      if (this.#calls.isReachable(ext)) {
        this.#calls.ring(ext, call, { reason: 'call' });
        return;
      }
    }
  }

  /** Where a call for an extension goes: forwarded, itself, or nowhere. Three forwardings at most. */
  resolve(ext: Extension): { readonly ext: Extension } | { readonly outside: string; readonly by: Extension } {
    let at = ext;
    for (let hop = 0; hop < 3; hop++) {
      const { forward } = this.#core.memory.port(at.port);
      if (forward === '') break;
      const next = this.#core.extension(forward);
      if (next === undefined) return { outside: forward, by: at };
      at = next;
    }
    return { ext: at };
  }

  #begin(leg: LineLeg, caller: Caller): void {
    const { call, line } = leg;
    if (leg.state !== 'ringing') return;
    const { parameters } = this.#core;
    const direct = this.#direct(caller);
    if (direct !== undefined) return this.#ringAll(call, [direct]);
    const mode = parameters.number(12, line.number);
    if (mode === 2) {
      leg.cancel = this.#core.after(1_000, () => this.onDisa(leg));
      return;
    }
    if (mode === 1) {
      const attendants = this.#attendants(line);
      if (attendants.length > 0) return this.#ringAll(call, attendants);
    }
    const ports = parameters.bits(8, line.number, this.#core.period());
    this.#ringAll(call, ports.map((port) => this.#core.extensions[port - 1]).filter(isThere));
  }

  #direct(caller: Caller): Extension | undefined {
    if (caller.dialled === undefined || caller.dialled === '') return undefined;
    for (let place = 1; place <= 100; place++) {
      if (this.#core.parameters.text(23, place, 1) !== caller.dialled) continue;
      return this.#core.extension(this.#core.parameters.text(23, place, 2));
    }
    return undefined;
  }

  #attendants(line: Trunk): readonly Extension[] {
    const { parameters } = this.#core;
    const own = this.#core.extension(parameters.text(27, line.number));
    if (own !== undefined) return [own];
    return [1, 2, 3, 4].map((desk) => this.#core.extension(parameters.text(16, desk))).filter(isThere);
  }

  /** Groups ring as their mode says, all others at once. */
  #ringAll(call: PbxCall, candidates: readonly Extension[]): void {
    const resolved = new Set<Extension>();
    for (const candidate of candidates) {
      const target = this.resolve(candidate);
      if ('ext' in target) resolved.add(target.ext);
    }
    for (const ext of resolved) call.ringing?.tried.add(ext);
    const grouped = new Set<Extension>();
    for (let group = 1; group <= 16; group++) {
      const mode = this.#core.parameters.number(15, group, 2);
      if (mode === 0) continue;
      const ports = new Set(this.#core.parameters.bits(15, group, 1));
      const members = [...resolved].filter((ext) => ports.has(ext.port) && !grouped.has(ext));
      for (const member of members) grouped.add(member);
      if (members.length > 0) this.#inTurn(call, members, mode === 2 ? 'longestIdle' : 'inOrder');
    }
    for (const ext of resolved) {
      if (!grouped.has(ext) && this.#calls.isReachable(ext)) this.#calls.ring(ext, call, { reason: 'call' });
    }
  }

  #inTurn(call: PbxCall, members: readonly Extension[], order: 'inOrder' | 'longestIdle'): void {
    const ranked = order === 'inOrder' ? members : [...members].sort((a, b) => a.freeSinceMs - b.freeSinceMs);
    let turn = 0;
    let rings: ExtLeg | undefined;
    const next = (): void => {
      if (call.ringing === undefined) return;
      if (rings?.state === 'ringing' && rings.ext.legs.includes(rings)) this.#calls.unseat(rings, 'noAnswer');
      rings = undefined;
      for (let tries = 0; tries < ranked.length && rings === undefined; tries++) {
        const ext = ranked[turn++ % ranked.length];
        if (ext !== undefined && this.#calls.isReachable(ext)) rings = this.#calls.ring(ext, call, { reason: 'call' });
      }
      call.ringing.cancel = this.#core.after(this.#core.setup.times.nextInGroupMs, next);
    };
    next();
  }

  #identifyLater(leg: LineLeg, caller: Caller): void {
    const { parameters } = this.#core;
    const line = leg.line.number;
    if (parameters.number(25, line, 1) === 0) return;
    const tell = (): void => {
      if (leg.line.leg !== leg) return;
      const identity = identityOf(leg, caller);
      leg.identity = identity;
      if (identity.number !== undefined) leg.bill.number = leg.number = identity.number;
      if (identity.name !== undefined) leg.bill.name = leg.name = identity.name;
      this.#core.tell({ type: 'callerId', identity });
    };
    const delayS = parameters.number(25, line, 2);
    // Without delay too it comes after the first ring has been told.
    this.#core.after(delayS * 1_000, tell);
  }
}

function isThere(ext: Extension | undefined): ext is Extension {
  return ext !== undefined;
}

/** A PBX is sure of ASCII and of valid UTF-8 with the far end's word for it; of all else it passes the bytes on. */
function identityOf(leg: LineLeg, caller: Caller): CallerIdentity {
  const { presentation, number, nameBytes, charset = 'unknown' } = caller;
  const base = { line: leg.line.number, call: leg.call.id, presentation };
  const withNumber = presentation === 'number' && number !== undefined ? { ...base, number } : base;
  if (nameBytes === undefined || nameBytes.length === 0) return withNumber;
  const isAscii = nameBytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isAscii) return { ...withNumber, name: Buffer.from(nameBytes).toString('latin1') };
  if (charset === 'utf8') return { ...withNumber, name: Buffer.from(nameBytes).toString('utf8') };
  const decoded = charset === 'gbk' ? decode(nameBytes) : undefined;
  return { ...withNumber, nameBytes, charset, ...(decoded === undefined ? {} : { name: decoded }) };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('gbk', { fatal: true }).decode(bytes);
  } catch {
    // Not the charset that the line promised: the bytes go on as they are.
    return undefined;
  }
}

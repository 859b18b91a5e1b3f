import type { PbxCore } from './core.js';
import type { Joining } from './joining.js';
import type { Extension, ExtLeg } from './parts.js';
import type { ServiceRequest, ServiceResult } from './services.js';

/** Takes at one telephone what rings at another. */
export class PickingUp {
  readonly #core: PbxCore;
  readonly #joining: Joining;

  constructor(parts: { readonly core: PbxCore; readonly joining: Joining }) {
    this.#core = parts.core;
    this.#joining = parts.joining;
  }

  /** PICKUP of docs/protocols/kts-1.md, section 11. */
  pickUp(ext: Extension, request: ServiceRequest): ServiceResult {
    const target = request.to === undefined ? undefined : this.#core.extension(request.to);
    if (request.to !== undefined && target === undefined) return { code: 'noDevice' };
    if (ext.legs.some(({ state }) => state === 'ringing')) return { code: 'wrongState' };
    if (target !== undefined) return this.#take(ext, ringingAt(target));
    const group = this.#groupOf(ext);
    const members = this.#core.extensions.filter((one) => group.has(one.port));
    return this.#take(
      ext,
      members.map(ringingAt).find((leg) => leg !== undefined),
    );
  }

  #take(ext: Extension, leg: ExtLeg | undefined): ServiceResult {
    return leg === undefined ? { code: 'wrongState' } : { code: 'ok', call: this.#joining.pickUp(ext, leg).id };
  }

  /** Ports of the groups that an extension is in; of all that are in none for one that is in none. */
  #groupOf(ext: Extension): ReadonlySet<number> {
    const mine = new Set<number>();
    const others = new Set<number>();
    for (let group = 1; group <= 16; group++) {
      const ports = this.#core.parameters.bits(15, group, 1);
      for (const port of ports) (ports.includes(ext.port) ? mine : others).add(port);
    }
    if (mine.size > 0) return mine;
    return new Set(this.#core.extensions.map(({ port }) => port).filter((port) => !others.has(port)));
  }
}

/** What may be taken from it: not a telephone that rings for its own user. */
function ringingAt(ext: Extension): ExtLeg | undefined {
  return ext.legs.find(({ state, reason }) => state === 'ringing' && reason !== 'dial' && reason !== 'wake');
}

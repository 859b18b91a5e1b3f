import type { Kit } from './kit.js';

/** The global variable that the dialplan looks at: until when, in seconds since 1970 by the switch's own clock, a call may be parked for us. */
export const LEASE = 'cordboard_until';

/** Tells the dialplan again and again that somebody is there to take what it parks; when nobody is, it goes its own way by itself. */
export class Lease {
  readonly #kit: Kit;
  readonly #leaseMs: number;
  /** The switch's clock less ours, seconds. */
  #aheadS = 0;

  constructor(kit: Kit) {
    this.#kit = kit;
    this.#leaseMs = kit.options.lease;
  }

  /** Begins to tell; ends with the link. */
  async begin(): Promise<void> {
    const own = this.#nowS();
    const told = Number((await this.#kit.api('strepoch').catch(() => '')).trim());
    this.#aheadS = Number.isSafeInteger(told) && told > 0 ? told - own : 0;
    await this.#tell();
  }

  async #tell(): Promise<void> {
    this.#kit.later(this.#leaseMs / 3, () => void this.#tell());
    const until = this.#nowS() + this.#aheadS + Math.ceil(this.#leaseMs / 1_000);
    await this.#kit.tidy(`global_setvar ${LEASE}=${until}`);
  }

  #nowS(): number {
    return Math.floor(this.#kit.host.clock.wallMs() / 1_000);
  }
}

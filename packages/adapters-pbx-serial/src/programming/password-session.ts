import { CtiError } from '@cordboard/cti-core';
import type { PbxRequests } from '../link/pbx-requests.js';

/** How long the switch takes no password after three wrong ones. Source: docs/protocols/kts-1.md, section 13. */
const LOCKED_MS = 60_000;

/** The password session of one piece of work: opened when it is first needed, closed by whoever opened it. */
export class PasswordSession {
  readonly #link: PbxRequests;
  readonly #password: string;
  readonly #signal: AbortSignal;
  #isOpen = false;

  constructor(link: PbxRequests, options: { readonly password: string; readonly signal: AbortSignal }) {
    this.#link = link;
    this.#password = options.password;
    this.#signal = options.signal;
  }

  /**
   * Logs in where that was not done. The session of the switch ends by itself after 10 min without use and with the link: see {@link PasswordSession.ended}.
   * @throws {CtiError} `auth.forbidden` wrong, or none is taken now; `argument.invalid` no password can be like that; and as of {@link PbxRequests.ask}
   */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    if (this.#password === '' || new TextEncoder().encode(this.#password).length > 16) {
      throw new CtiError('argument.invalid', 'the system password has 1 to 16 characters', {
        details: { path: 'password' },
      });
    }
    const answer = await this.#link.ask({ type: 'login', password: this.#password }, { signal: this.#signal });
    const code = answer.type === 'result' ? answer.code : 'failed';
    if (code === 'ok') {
      this.#isOpen = true;
      return;
    }
    if (code === 'locked') {
      throw new CtiError('auth.forbidden', 'the switch takes no password for a minute after three wrong ones', {
        details: { reason: 'locked', retryAfterMs: LOCKED_MS },
      });
    }
    if (code === 'denied') {
      throw new CtiError('auth.forbidden', 'the switch refused the system password', { details: { reason: 'wrong' } });
    }
    throw new CtiError('driver.refused', `the switch has no password session: ${code}`, { details: { reason: code } });
  }

  /** The switch says that there is none: the next {@link PasswordSession.open} logs in again. */
  ended(): void {
    this.#isOpen = false;
  }

  /** Logs out. Where that fails the session ends with the link or by its time. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // It is over all the same: whoever asked has the outcome of the work.
    await this.#link.ask({ type: 'logout' }, { signal: new AbortController().signal }).catch(() => undefined);
  }
}

import { CtiError, type Logger } from '@cordboard/cti-core';
import type { KeypadStep } from './compile.js';
import type { KeypadLine, KeypadTone } from './keypad-line.js';

/** Waits and tries of a session. */
export interface KeypadTimes {
  /** Longest wait for dial tone and for an acknowledgement, ms. Default 8,000. */
  readonly toneMs: number;
  /** How often something is tried from the start where no tone comes, 1-5. Default 3: a key can be lost on a bad line. */
  readonly tries: number;
}

/** Defaults of {@link KeypadTimes}. */
export const KEYPAD_TIMES: KeypadTimes = { toneMs: 8_000, tries: 3 };

/** What a session is made of. */
export interface KeypadSessionOptions {
  readonly line: KeypadLine;
  readonly log: Logger;
  readonly times: KeypadTimes;
  /** What is dialled to enter programming. It holds the password, so it is never logged. Absent: nothing is. */
  readonly enter?: string;
  readonly signal: AbortSignal;
}

/** `taken`: the switch said so. `refused`: it gave busy tone. `silent`: no tone came, whatever was tried. */
export type KeypadOutcome = 'taken' | 'refused' | 'silent';

const DIAL: ReadonlySet<KeypadTone> = new Set(['dial', 'busy']);
const FIELD: ReadonlySet<KeypadTone> = new Set(['longBeep', 'busy', 'dial']);
const ANY: ReadonlySet<KeypadTone> = new Set(['dial', 'longBeep', 'busy']);
/** A password is tried only twice: a third time a switch may close itself. */
const PASSWORD_TRIES = 2;

/** One sitting at the keypad of a switch: lifts the line, enters programming, dials item after item, lays it down. */
export class KeypadSession {
  readonly #options: KeypadSessionOptions;
  #state: 'down' | 'ready' = 'down';

  constructor(options: KeypadSessionOptions) {
    this.#options = options;
  }

  /**
   * Dials the steps of one item and says what the switch made of it. What no tone answers is tried again from the start, after laying the line down: a key may have been lost.
   * A refusal is tried once more for the same reason.
   *
   * @param about - what it is, for the log
   * @throws {CtiError} `auth.forbidden` the password was refused, `driver.refused` no dial tone to begin with; as of {@link KeypadLine}
   */
  async run(about: string, steps: readonly KeypadStep[]): Promise<KeypadOutcome> {
    const { times, log } = this.#options;
    let outcome: KeypadOutcome = 'silent';
    let refusals = 0;
    for (let tries = 0; tries < times.tries; tries++) {
      await this.#enter();
      outcome = await this.#dial(steps);
      if (outcome === 'taken') return outcome;
      await this.close();
      log.info('the switch did not take an item', { item: about, outcome, tries: tries + 1 });
      if (outcome === 'refused' && ++refusals === 2) return outcome;
    }
    return outcome;
  }

  /** Lays the line down. */
  async close(): Promise<void> {
    this.#state = 'down';
    await this.#options.line.onHook();
  }

  async #dial(steps: readonly KeypadStep[]): Promise<KeypadOutcome> {
    const { line, signal, times } = this.#options;
    for (const { digits, expect } of steps) {
      await line.dial(digits, { signal });
      const until = expect === 'field' ? FIELD : expect === 'accepted' ? DIAL : ANY;
      const tone = await line.listen(until, { signal, timeoutMs: times.toneMs });
      if (tone === 'busy') return 'refused';
      // Dial tone where a field should open: the code of the item was not heard, or not whole.
      if (tone === 'nothing' || (expect === 'field' && tone === 'dial')) return 'silent';
    }
    return 'taken';
  }

  /** Lifts the line and enters programming, where that is not so yet. */
  async #enter(): Promise<void> {
    if (this.#state === 'ready') return;
    const { enter, line, signal } = this.#options;
    let heard: KeypadTone | 'nothing' = 'nothing';
    for (let tries = 0; tries < PASSWORD_TRIES; tries++) {
      await this.#lift();
      if (enter === undefined) {
        this.#state = 'ready';
        return;
      }
      await line.dial(enter, { signal });
      heard = await line.listen(DIAL, { signal, timeoutMs: this.#options.times.toneMs });
      if (heard === 'dial') {
        this.#state = 'ready';
        return;
      }
      await this.close();
    }
    if (heard === 'busy') {
      throw new CtiError('auth.forbidden', 'the switch refused the system password', { details: { reason: 'wrong' } });
    }
    throw new CtiError('driver.refused', 'the switch did not answer the code that enters programming', {
      details: { reason: 'silent' },
    });
  }

  async #lift(): Promise<void> {
    const { line, signal, times } = this.#options;
    for (let tries = 0; tries < times.tries; tries++) {
      await line.offHook({ signal });
      if ((await line.listen(DIAL, { signal, timeoutMs: times.toneMs })) === 'dial') return;
      await this.close();
    }
    throw new CtiError('driver.refused', 'the line has no dial tone', { details: { reason: 'noDialTone' } });
  }
}

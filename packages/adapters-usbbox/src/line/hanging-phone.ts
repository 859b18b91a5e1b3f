import type { DriverReply } from '@cordboard/cti-core';
import type { LineHands } from './hands.js';
import type { LineEvent } from './machine.js';

/** What a phone that hangs on the line itself does. */
export type PhoneOnLine =
  | { readonly type: 'off' }
  | { readonly type: 'on' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'flash' };

/** What such a phone is followed with. */
export interface HangingPhoneParts {
  readonly hands: LineHands;
  /** Told to whoever minds the phone, after the line has taken it in. */
  readonly tell: (event: PhoneOnLine) => void;
  readonly step: (event: LineEvent) => boolean;
  readonly lifted: () => void;
  readonly laidDown: () => void;
}

/** Follows the hook of a phone that shares the line, and cuts it off where the device can. */
export class HangingPhone {
  readonly #parts: HangingPhoneParts;
  #hook: 'on' | 'off' = 'on';
  #way: 'joined' | 'cut' = 'joined';
  #beside: 'nothing' | 'call' = 'nothing';

  constructor(parts: HangingPhoneParts) {
    this.#parts = parts;
  }

  /** Its handset is off, and nothing cuts it off the line. */
  get holdsLine(): boolean {
    return this.#hook === 'off' && this.#way === 'joined';
  }

  /** Has it been off since a call of the line that is over: is all that it holds what is left of that call? */
  get outlivesCall(): boolean {
    return this.#hook === 'off' && this.#beside === 'call';
  }

  /** The call of its line is over. */
  callOver(): void {
    if (this.#hook === 'off') this.#beside = 'call';
  }

  /** A new device: as it is found. */
  renew(): void {
    this.#hook = 'on';
    this.#beside = 'nothing';
    this.#way = 'joined';
  }

  /** Its handset was lifted or laid down. */
  hookIs(hook: 'on' | 'off'): void {
    if (this.#hook === hook) return;
    this.#hook = hook;
    this.#beside = 'nothing';
    const { hands, tell } = this.#parts;
    if (this.#way === 'cut') {
      if (hook === 'off') return;
      this.#way = 'joined';
      void hands.switchPhone('joined');
      return tell({ type: 'on' });
    }
    if (hook === 'off') {
      this.#parts.lifted();
      return tell({ type: 'off' });
    }
    if (hands.hook === 'on') hands.released();
    tell({ type: 'on' });
    this.#parts.laidDown();
  }

  /** Cuts it off the line until it has been laid down. */
  async cut(): Promise<DriverReply> {
    const { hands, step } = this.#parts;
    const reply = await hands.switchPhone('cut');
    if (reply.outcome === 'refused') return reply;
    this.#way = 'cut';
    hands.released();
    step('phoneOn');
    return reply;
  }
}

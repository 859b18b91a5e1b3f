import type { Clock, DriverReply, Release } from '@cordboard/cti-core';
import { ACCEPTED } from '@cordboard/driver-kit';
import type { LineTiming } from '../options.js';
import type { Party } from '../party.js';
import type { SoundPort } from '../sound/port.js';
import { Timers } from '../timers.js';
import type { LineEars } from './dsp.js';
import type { LineHands } from './hands.js';
import type { CallListener } from './listener.js';
import type { LineEvent, LineState } from './machine.js';

/** What a call that goes out is made with. */
export interface OutgoingParts {
  readonly clock: Clock;
  readonly timing: LineTiming;
  readonly hands: LineHands;
  readonly port: SoundPort;
  readonly listener: CallListener;
  readonly ears: () => LineEars | undefined;
  readonly state: () => LineState;
  readonly step: (event: LineEvent) => boolean;
  readonly party: () => Party | undefined;
  readonly end: (release: Release) => Promise<void>;
}

/** After a flash the PBX gives its own dial tone: it is no end of the call for so long. */
const FLASH_QUIET_MS = 15_000;

/** Seizes the line, waits for dial tone, sends the digits, and begins to listen; and flashes in a talk. */
export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #timers: Timers<'dialTone' | 'flash'>;
  #order: { readonly digits: string; readonly ringTimeoutMs: number } | undefined;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  /** What shall be dialled next. */
  prepare(order: { readonly digits: string; readonly ringTimeoutMs: number }): void {
    this.#order = order;
  }

  /** The call is over. */
  forget(): void {
    this.#order = undefined;
    this.#timers.cancelAll();
  }

  /** Goes off-hook, and dials at dial tone or when its time is over. */
  async seize(): Promise<void> {
    const { timing, hands, listener, ears, state, step, end, port } = this.#parts;
    if (!step('seize')) return;
    port.shut('shut');
    const reply = await hands.setHook('off');
    if (state() !== 'seizing') return;
    if (reply.outcome === 'refused') return end({ cause: 'deviceUnreachable' });
    step('offHook');
    ears()?.reset();
    listener.seizing();
    const abilities = hands.box?.abilities;
    const hears = ears() !== undefined || abilities?.detects.has('progress') === true;
    // A device that dials by itself waits for dial tone by itself.
    if (!hears || abilities?.dials === 'itself') return this.dial();
    this.#timers.set('dialTone', timing.dialToneWaitMs, () => {
      listener.noDialTone();
      if (timing.noDialTone === 'dial') return void this.dial();
      void end({ cause: 'failure', evidence: { by: 'timeout', confidence: 0.9, tone: 'dial' } });
    });
  }

  /** Sends the digits. */
  async dial(): Promise<void> {
    const { timing, hands, listener, step, party, end } = this.#parts;
    this.#timers.cancel('dialTone');
    if (!step('dial')) return;
    listener.dialling();
    const mine = party();
    const reply = await hands.send(this.#order?.digits ?? '', timing, () => {
      if (party() === mine && step('dialled')) this.follow();
    });
    if (reply.outcome === 'refused' && party() === mine) await end({ cause: 'failure' });
  }

  /** The digits are out: what becomes of the call is listened for. */
  follow(): void {
    const { hands, listener, ears, port } = this.#parts;
    port.shut('open');
    ears()?.reset();
    ears()?.dialled();
    hands.turn('hear');
    listener.dialled(this.#order?.ringTimeoutMs ?? 60_000);
  }

  /** A hook flash and what follows it; `leave`: on-hook after the digits. */
  async flash(digits: string | undefined, after: 'stay' | 'leave'): Promise<DriverReply> {
    const { timing, hands, listener, party, end } = this.#parts;
    const mine = party();
    listener.ignoreTones(timing.flashMs + FLASH_QUIET_MS);
    const reply = await hands.flash(timing.flashMs);
    if (reply.outcome === 'refused') return reply;
    const leave = (): void => {
      if (party() === mine && after === 'leave') void end({ cause: 'transferred' });
    };
    this.#timers.set('flash', timing.afterFlashMs, () => {
      if (party() !== mine) return;
      if (digits === undefined) leave();
      else void hands.send(digits, timing, leave);
    });
    return ACCEPTED;
  }
}

import { type Clock, type HotelFacet, isCtiError, type RoomCommand } from '@cordboard/cti-core';
import type { HotelLedger, Order } from '../ledger/index.js';
import { type Next, Worker } from './worker.js';

/** What {@link Orders} is made of. */
export interface OrdersOptions {
  readonly clock: Clock;
  readonly ledger: HotelLedger;
  readonly pbx: HotelFacet;
  /** The PBX refused it, or it was given up; `native` is the PBX's own word. */
  readonly refused: (command: RoomCommand, native: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Bound of one command, beyond the PBX's own. */
const BOUND_MS = 30_000;
const LOST_PAUSE_MS = 2_000;
const MAX_TIMEOUTS = 5;

/** Brings commands to the PBX, one at a time, in order. While its line is down they wait. */
export class Orders {
  readonly #options: OrdersOptions;
  readonly #worker: Worker;
  #timeouts = 0;

  constructor(options: OrdersOptions) {
    this.#options = options;
    this.#worker = new Worker({ clock: options.clock, step: (signal) => this.#step(signal), failed: options.failed });
  }

  /** Begins. */
  start(): void {
    this.#worker.start();
  }

  /** There may be something to do. */
  poke(): void {
    this.#worker.poke();
  }

  /** Ends it; what is not done stays in the ledger. May be called again. */
  stop(): Promise<void> {
    return this.#worker.stop();
  }

  async #step(signal: AbortSignal): Promise<Next> {
    const order = this.#options.ledger.nextOrder;
    if (order === undefined) return 'idle';
    try {
      await this.#carryOut(order.command, signal);
    } catch (error) {
      if (signal.aborted) return 'idle';
      const next = this.#after(error, order);
      if (next !== undefined) return next;
    }
    this.#timeouts = 0;
    await this.#options.ledger.ordered(order);
    return 'more';
  }

  async #carryOut(command: RoomCommand, stop: AbortSignal): Promise<void> {
    const { pbx, clock } = this.#options;
    const bound = new AbortController();
    const cancel = clock.setTimer(BOUND_MS, () => bound.abort());
    const signal = AbortSignal.any([stop, bound.signal]);
    try {
      await pbx.carryOut(command, { signal });
    } catch (error) {
      const instead = insteadOf(command, nativeOf(error));
      if (instead === undefined) throw error;
      for (const each of instead) {
        await pbx.carryOut(each, { signal }).catch((failure: unknown) => {
          if (nativeOf(failure) !== 'wrongstate') throw failure;
        });
      }
    } finally {
      cancel();
    }
  }

  /** What to do about a command that failed; `undefined`: it is over. */
  #after(error: unknown, { command }: Order): Next | undefined {
    if (
      isCtiError(error, 'driver.linkLost') ||
      isCtiError(error, 'driver.stopped') ||
      isCtiError(error, 'server.busy')
    ) {
      return { pauseMs: LOST_PAUSE_MS };
    }
    if (isCtiError(error, 'driver.timeout') || isCtiError(error, 'wait.aborted')) {
      this.#timeouts += 1;
      if (this.#timeouts < MAX_TIMEOUTS) return { pauseMs: LOST_PAUSE_MS };
    }
    this.#options.refused(command, nativeOf(error) ?? (isCtiError(error) ? error.code : 'failed'));
    return undefined;
  }
}

/** The PBX's own word in a refusal. */
function nativeOf(error: unknown): string | undefined {
  const native = isCtiError(error, 'driver.refused') ? error.details.native : undefined;
  return typeof native === 'string' ? native : undefined;
}

/**
 * What is done where the PBX finds a room in another state than the hotel's system: a guest who is checked in already gets name and class; a move whose target is taken,
 * or whose source is empty, opens the one and closes the other.
 */
function insteadOf(command: RoomCommand, native: string | undefined): readonly RoomCommand[] | undefined {
  if (native !== 'wrongstate') return undefined;
  if (command.type === 'checkOut') return [];
  if (command.type === 'move') {
    return [
      { type: 'checkIn', room: command.to },
      { type: 'checkOut', room: command.room },
    ];
  }
  if (command.type !== 'checkIn') return undefined;
  const { room, classOfService, name } = command;
  return [
    ...(classOfService === undefined ? [] : [{ type: 'classOfService', room, classOfService } as const]),
    ...(name === undefined ? [] : [{ type: 'name', room, name } as const]),
  ];
}

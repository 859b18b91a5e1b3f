import {
  type Clock,
  CtiError,
  type DeviceId,
  type HotelFacet,
  isCtiError,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import type { Payer } from './credit.js';

/** What sets classes at a PBX: a hotel facet, a link that can, anything else of the site. */
export interface ClassControl {
  /**
   * Gives who pays a class. Resolves when the PBX has it; may be called again with the same.
   * @throws {CtiError} by rejection: `device.notSupported`, `argument.invalid`, `device.notFound`, `auth.forbidden` but for a PBX that is locked: it will never do that, and is not asked again; anything else: it is asked again later
   */
  setClass(payer: Payer, to: string, options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * Classes by the facet `hotel` of a driver, which knows them as numbers of extensions; other payers it cannot bar.
 *
 * @param deviceOf - the device of an extension, undefined for one that is none of this PBX
 */
export function hotelClassControl(
  facet: Pick<HotelFacet, 'carryOut'>,
  deviceOf: (extension: string) => DeviceId | undefined,
): ClassControl {
  return {
    async setClass(payer, to, options) {
      const room = payer.by === 'extension' ? deviceOf(payer.id) : undefined;
      if (room === undefined) throw new CtiError('device.notSupported', 'this PBX sets classes of extensions alone');
      if (!/^\d{1,3}$/u.test(to))
        throw new CtiError('argument.invalid', 'a class is a number', { details: { path: 'to' } });
      await facet.carryOut({ type: 'classOfService', room, classOfService: Number(to) }, options);
    },
  };
}

/** How {@link passwordClassControl} finds its way. */
export interface PasswordClassOptions {
  /** Place of the personal password, 1 to 200, by which somebody dials; undefined for who has none. */
  readonly placeOf: (payer: Payer) => number | undefined;
  /** The system password of the PBX, asked for at each order and kept nowhere. */
  readonly systemPassword: () => string | Promise<string>;
}

/**
 * Classes by the parameter `personalPassword.class` of a PBX that can be programmed: bars a personal password, and an account code or DISA password that a site gives out with one.
 * A PBX of kts-1 has no class for account codes and DISA callers of their own: what they dial is let out by the class of the extension, or of the line.
 */
export function passwordClassControl(
  facet: Pick<ProgrammingFacet, 'set'>,
  { placeOf, systemPassword }: PasswordClassOptions,
): ClassControl {
  return {
    async setClass(payer, to, { signal }) {
      const index = placeOf(payer);
      if (index === undefined) throw new CtiError('device.notSupported', 'nobody dials here by a personal password');
      if (!/^\d{1,3}$/u.test(to))
        throw new CtiError('argument.invalid', 'a class is a number', { details: { path: 'to' } });
      const wish = { id: 'personalPassword.class', index, value: Number(to) };
      const [done] = await facet.set([wish], { signal, password: await systemPassword() });
      const code = done?.code ?? 'failed';
      if (code === 'ok' || code === 'unverified') return;
      if (code === 'range' || code === 'wrongType') {
        throw new CtiError('argument.invalid', 'the PBX has no such class', { details: { path: 'to', native: code } });
      }
      if (code === 'noDevice') throw new CtiError('device.notFound', 'the PBX has no personal password at this place');
      if (code === 'unsupported') throw new CtiError('device.notSupported', 'the PBX has no personal passwords');
      throw new CtiError('driver.refused', `the PBX did not take the class: ${code}`, { details: { native: code } });
    },
  };
}

/** Gives each order to the first of some that can carry it out: extensions by the one, passwords by another. */
export function firstClassControl(controls: readonly ClassControl[]): ClassControl {
  return {
    async setClass(payer, to, options) {
      for (const control of controls) {
        try {
          return await control.setClass(payer, to, options);
        } catch (error) {
          if (!isCtiError(error, 'device.notSupported')) throw error;
        }
      }
      throw new CtiError('device.notSupported', 'nothing here sets classes of such payers');
    },
  };
}

/** What a {@link ClassKeeper} is made of. */
export interface ClassKeeperOptions {
  readonly clock: Clock;
  readonly control: ClassControl;
  readonly set: (payer: Payer, to: string) => void;
  readonly failed: (payer: Payer, error: unknown) => void;
}

interface Task {
  readonly payer: Payer;
  wanted: string;
  applied: string | undefined;
  isBusy: boolean;
  /** Its account is closed: nothing is ordered any more, and the order under way is nobody's. */
  isOver: boolean;
  /** It was refused for good, until another class is wanted. */
  refused: string | undefined;
  waitMs: number;
  cancel: (() => void) | undefined;
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const NEVER: ReadonlySet<string> = new Set(['device.notSupported', 'argument.invalid', 'device.notFound']);

/** Is it of no use to ask again? Not with a password that is wrong either, by which a PBX would lock itself for everybody; but where it is locked already, that passes. */
function isForGood(error: unknown): boolean {
  if (!isCtiError(error)) return false;
  return NEVER.has(error.code) || (error.code === 'auth.forbidden' && error.details.reason !== 'locked');
}

/** Brings classes to the PBX until it has them: one order at a time for each payer, the last that is wanted. */
export class ClassKeeper {
  readonly #options: ClassKeeperOptions;
  readonly #tasks = new Map<string, Task>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ClassKeeperOptions) {
    this.#options = options;
  }

  /** Which class is wanted, and which one the PBX is known to have. */
  want(payer: Payer, wanted: string, applied: string | undefined): void {
    const key = keyOf(payer);
    const task = this.#tasks.get(key) ?? {
      payer,
      wanted,
      applied,
      isBusy: false,
      isOver: false,
      refused: undefined,
      waitMs: FIRST_WAIT_MS,
      cancel: undefined,
    };
    this.#tasks.set(key, task);
    task.isOver = false;
    // The same again waits for its turn.
    if (task.wanted === wanted && task.cancel !== undefined) return;
    task.wanted = wanted;
    task.waitMs = FIRST_WAIT_MS;
    this.#next(task);
  }

  /** The PBX may have forgotten: every class is set again. */
  again(): void {
    for (const task of this.#tasks.values()) {
      task.applied = undefined;
      task.refused = undefined;
      this.#next(task);
    }
  }

  /** No more orders for this payer. An order under way is waited for, should the payer come back meanwhile. */
  forget(payer: Payer): void {
    const task = this.#tasks.get(keyOf(payer));
    if (task === undefined) return;
    task.cancel?.();
    task.cancel = undefined;
    task.isOver = true;
    if (!task.isBusy) this.#tasks.delete(keyOf(payer));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const task of this.#tasks.values()) task.cancel?.();
    await Promise.all(this.#running);
  }

  #next(task: Task): void {
    if (
      task.isBusy ||
      task.isOver ||
      task.wanted === task.applied ||
      task.wanted === task.refused ||
      this.#stop.signal.aborted
    )
      return;
    task.cancel?.();
    task.cancel = undefined;
    task.isBusy = true;
    const run = this.#carryOut(task).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #carryOut(task: Task): Promise<void> {
    const { control, clock, set, failed } = this.#options;
    const { wanted, payer } = task;
    try {
      await control.setClass(payer, wanted, { signal: this.#stop.signal });
      task.applied = wanted;
      task.waitMs = FIRST_WAIT_MS;
      if (!task.isOver) set(payer, wanted);
    } catch (error) {
      // Whether it was carried out is not known.
      task.applied = undefined;
      const isHeard = !this.#stop.signal.aborted && !task.isOver;
      if (isHeard) failed(payer, error);
      if (isForGood(error)) task.refused = wanted;
      else if (isHeard) {
        task.isBusy = false;
        if (task.wanted !== wanted) return this.#next(task);
        task.cancel = clock.setTimer(task.waitMs, () => this.#next(task));
        task.waitMs = Math.min(task.waitMs * 2, LONGEST_WAIT_MS);
        return;
      }
    }
    task.isBusy = false;
    if (task.isOver) this.#tasks.delete(keyOf(payer));
    this.#next(task);
  }
}

/** One text for each payer. */
export const keyOf = ({ by, id }: Payer): string => `${by} ${id}`;

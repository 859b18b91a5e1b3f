import {
  asId,
  type Clock,
  type CtiDriver,
  type DriverCommand,
  type DriverEvent,
  type LogFields,
} from '@cordboard/cti-core';
import { expect, vi } from 'vitest';
import { asterisk } from '../src/index.js';
import type { AsteriskOptionsInput } from '../src/options.js';
import { FakeAri } from './fake-ari.js';

/** A driver that runs, and what it told. What devices do is left out: it stands beside the calls, and has its tests beside its map. */
export interface Running {
  readonly driver: CtiDriver;
  readonly events: DriverEvent[];
  readonly types: () => string[];
  readonly run: (command: object) => ReturnType<CtiDriver['execute']>;
}

/** Drivers on a fake ARI, with their timers counted and their log kept. */
export class Harness {
  readonly ari: FakeAri;
  readonly logged: string[] = [];
  /** Timers that run. */
  timers = 0;
  readonly #drivers: CtiDriver[] = [];
  readonly #open = new Map<number, number>();
  /** What timers do that run out by {@link fire} alone, by their delay. */
  readonly #held = new Map<number, Set<() => void>>();
  #ids = 0;

  private constructor(ari: FakeAri) {
    this.ari = ari;
  }

  static async open(): Promise<Harness> {
    return new Harness(await FakeAri.start());
  }

  async start(more: Partial<AsteriskOptionsInput> = {}): Promise<Running> {
    const log = (message: string, fields?: LogFields): void => {
      this.logged.push(`${message} ${JSON.stringify(fields)}`);
    };
    const driver = asterisk({
      ari: { url: this.ari.url, user: 'cti', password: 'secret pass' },
      trunks: ['trunk'],
      backoffFirst: '10ms',
      backoffMax: '20ms',
      ...more,
    })(asId('main'), {
      clock: this.#clock(),
      random: () => 0.5,
      log: { debug: log, info: log, warn: log, error: log },
    });
    this.#drivers.push(driver);
    const events: DriverEvent[] = [];
    const sink = (event: DriverEvent): void => {
      if (event.type !== 'devicePresence') events.push(event);
    };
    await driver.start(sink, { signal: new AbortController().signal });
    return {
      driver,
      events,
      types: () => events.map((event) => event.type),
      run: (command) =>
        driver.execute({ commandId: `k${this.#ids++}`, boundMs: 20_000, ...command } as unknown as DriverCommand),
    };
  }

  /** Starts a driver and waits for its first `linkSynced`. */
  async synced(more: Partial<AsteriskOptionsInput> = {}): Promise<Running> {
    const running = await this.start(more);
    await synced(running);
    return running;
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers.splice(0)) await driver.stop();
    await this.ari.stop();
  }

  /** Timers of this delay that run. */
  timersOf(delayMs: number): number {
    return this.#open.get(delayMs) ?? 0;
  }

  /** Timers of this delay run out when {@link fire} says so: on a busy machine the real ones overtake what should come before them. */
  hold(delayMs: number): void {
    this.#held.set(delayMs, new Set());
  }

  /** The held timers of this delay run out. */
  fire(delayMs: number): void {
    for (const run of [...(this.#held.get(delayMs) ?? [])]) run();
  }

  #count(delayMs: number, by: 1 | -1): void {
    this.timers += by;
    this.#open.set(delayMs, this.timersOf(delayMs) + by);
  }

  #clock(): Clock {
    return {
      nowMs: () => performance.now(),
      wallMs: () => Date.now(),
      setTimer: (delayMs, callback) => {
        this.#count(delayMs, 1);
        let open = true;
        const done = (): void => {
          if (open) this.#count(delayMs, -1);
          open = false;
        };
        const held = this.#held.get(delayMs);
        if (held !== undefined) {
          const run = (): void => {
            held.delete(run);
            done();
            callback();
          };
          held.add(run);
          return () => {
            held.delete(run);
            done();
          };
        }
        const handle = setTimeout(() => {
          done();
          callback();
        }, delayMs);
        return () => {
          clearTimeout(handle);
          done();
        };
      },
    };
  }
}

/** Resolves when the link is up and its snapshot told. */
export function synced(running: Running): Promise<void> {
  return vi.waitFor(() => expect(running.types().at(-1) ?? '').toBe('linkSynced'), { interval: 2 });
}

/** Resolves when an event of this type was told. */
export function told(running: Running, type: DriverEvent['type']): Promise<void> {
  return vi.waitFor(() => expect(running.types()).toContain(type), { interval: 2 });
}

/** A channel of a call over the trunk, in the application. */
export const channel = (id: string, more: object = {}): object => ({
  id,
  name: 'PJSIP/trunk-00000001',
  state: 'Ring',
  caller: { name: '', number: '13900000000' },
  connected: { name: '', number: '' },
  dialplan: { exten: '4001', app_name: 'Stasis', app_data: 'cordboard,trunk' },
  ...more,
});

/** A call over the trunk that enters the application. */
export const incoming = (id: string): object => ({ type: 'StasisStart', args: ['trunk'], channel: channel(id) });

/** A channel that the driver has made to dial extension 8001. */
export const dialled = (id: string, state = 'Down'): object => ({
  id,
  name: 'PJSIP/8001-00000002',
  state,
  caller: { name: '', number: '' },
  connected: { name: '', number: '' },
  dialplan: { exten: 's', app_name: 'Stasis', app_data: 'cordboard,out' },
});

/** The command that dials extension 8001. */
export const originate = (id: string): object => ({
  type: 'originate',
  connectionId: `main~${id}`,
  target: { kind: 'device', device: 'main:extension:8001' },
  mark: { callId: 'c' },
  ringTimeoutMs: 5_000,
});

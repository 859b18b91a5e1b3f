import assert from 'node:assert/strict';
import {
  asId,
  type CommandId,
  type ConnectionId,
  connectionId,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
  deviceId,
  type SwitchId,
} from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { createUsbBoxDriver, type UsbBoxOptionsInput } from '../src/index.js';
import { type IncomingCall, SimulatedBox, type SimulatedBoxOptions } from '../src/simulated/index.js';
import { MemoryStorage } from './memory-storage.js';

type Bodied<T> = T extends DriverCommand ? Omit<T, 'commandId' | 'boundMs'> & { readonly boundMs?: number } : never;
type EventOf<T extends DriverEvent['type']> = Extract<DriverEvent, { type: T }>;

export const SWITCH = asId<SwitchId>('box');
export const LINE = deviceId(SWITCH, 'line', 'one');
export const PHONE = deviceId(SWITCH, 'extension', '8001');

const benches: Bench[] = [];

/** A driver that runs, on a box; {@link closeBenches} ends it. */
export async function bench(how: ConstructorParameters<typeof Bench>[0] = {}): Promise<Bench> {
  const made = new Bench(how);
  benches.push(made);
  await made.start();
  return made;
}

/** Starts a bench that {@link closeBenches} ends. */
export async function useBench(made: Bench): Promise<Bench> {
  benches.push(made);
  await made.start();
  return made;
}

/** Ends all and holds them to leaving nothing behind. */
export async function closeBenches(): Promise<void> {
  for (const one of benches.splice(0)) {
    await one.stop();
    assert.equal(one.clock.pendingTimers, 0, 'timers are left after stop');
    assert.equal(one.box.openDevices, 0, 'a device is open after stop');
  }
}

/** A driver on a simulated box, in virtual time. */
export class Bench {
  readonly clock = new SimulatedClock();
  readonly storage = new MemoryStorage();
  readonly box: SimulatedBox;
  readonly events: DriverEvent[] = [];
  readonly atMs: number[] = [];
  readonly driver;
  readonly #abort = new AbortController();
  #ids = 0;

  constructor(
    how: {
      readonly box?: Partial<SimulatedBoxOptions>;
      readonly options?: Partial<UsbBoxOptionsInput>;
      readonly line?: object;
      /** Names; the phones are 8001, 8002, ... and the trunk of all is `city`. */
      readonly lines?: readonly string[];
    } = {},
  ) {
    this.box = new SimulatedBox({ clock: this.clock, ...how.box });
    this.storage.prompt('prompts/welcome.wav', { ms: 1_500 });
    this.storage.prompt('prompts/long.wav', { ms: 20_000 });
    const factory = createUsbBoxDriver(
      {
        lines: (how.lines ?? ['one']).map((name, index) => ({
          name,
          trunk: 'city',
          ownNumber: '01061234567',
          device: this.box.device(name),
          phone: { extension: `${8_001 + index}` },
          ...how.line,
        })),
        prompts: 'prompts',
        recordings: 'recordings',
        ...how.options,
      },
      { storage: this.storage },
    );
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    this.driver = factory(SWITCH, { clock: this.clock, random: () => 0.5, log });
  }

  async start(): Promise<void> {
    await this.driver.start(
      (event) => {
        this.events.push(event);
        this.atMs.push(this.clock.nowMs());
      },
      { signal: this.#abort.signal },
    );
    // The line has to have been on-hook for two seconds before it is used.
    await this.clock.tick(2_100);
  }

  async stop(): Promise<void> {
    await this.driver.stop();
  }

  id(stem = 'x'): ConnectionId {
    return connectionId(SWITCH, `${stem}${this.#ids++}`);
  }

  give(body: Bodied<DriverCommand>): Promise<DriverReply> {
    const commandId = asId<CommandId>(`k${this.#ids++}`);
    return this.driver.execute({ boundMs: 5_000, ...body, commandId } as DriverCommand);
  }

  async accepted(body: Bodied<DriverCommand>): Promise<void> {
    const pending = this.give(body);
    await this.clock.tick(0);
    assert.deepEqual(await pending, { outcome: 'accepted' }, body.type);
  }

  async originate(number: string, more: { readonly ringTimeoutMs?: number } = {}): Promise<ConnectionId> {
    const id = this.id();
    await this.accepted({
      type: 'originate',
      connectionId: id,
      target: { kind: 'number', trunk: LINE, number },
      mark: { callId: asId(`c${this.#ids++}`) },
      ringTimeoutMs: more.ringTimeoutMs ?? 60_000,
    });
    return id;
  }

  /** Somebody calls line one, and is answered. */
  async talk(call: IncomingCall = { number: '13900001111' }): Promise<ConnectionId> {
    const since = this.events.length;
    assert.ok(this.box.line('one').exchange.callIn(call), 'the line is not free');
    const { connectionId: id } = await this.sees('created', { since });
    await this.accepted({ type: 'answer', connectionId: id });
    await this.sees('connected', { on: id });
    return id;
  }

  of<T extends DriverEvent['type']>(type: T, on?: ConnectionId): EventOf<T>[] {
    return this.events.filter(
      (event): event is EventOf<T> =>
        event.type === type && (on === undefined || ('connectionId' in event && event.connectionId === on)),
    );
  }

  /** Lets time pass until an event is there. */
  async sees<T extends DriverEvent['type']>(
    type: T,
    how: { readonly on?: ConnectionId; readonly withinMs?: number; readonly since?: number } = {},
  ): Promise<EventOf<T>> {
    const untilMs = this.clock.nowMs() + (how.withinMs ?? 30_000);
    for (;;) {
      const found = this.of(type, how.on).find((event) => this.events.indexOf(event) >= (how.since ?? 0));
      if (found !== undefined) return found;
      if (this.clock.nowMs() >= untilMs)
        assert.fail(
          `${type} was not told; told: ${this.events
            .map((event) => event.type)
            .slice(-15)
            .join(', ')}`,
        );
      await this.clock.tick(20);
    }
  }

  /** What was told of one connection, in words. */
  story(on: ConnectionId): string[] {
    return this.events.flatMap((event) => {
      if (!('connectionId' in event) || event.connectionId !== on) return [];
      if (event.type === 'cleared') {
        const { cause, evidence } = event.release;
        return [
          `cleared ${cause}${evidence === undefined ? '' : ` ${evidence.by}${evidence.tone === undefined ? '' : `:${evidence.tone}`} ${evidence.confidence}`}`,
        ];
      }
      if ((event.type === 'connected' || event.type === 'alerting') && event.evidence !== undefined)
        return [`${event.type} ${event.evidence.by} ${event.evidence.confidence}`];
      if (event.type === 'digit') return [`digit ${event.digit}`];
      return [event.type];
    });
  }
}

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
import { createUsbBoxDriver, type DeviceKinds, type UsbBoxOptionsInput } from '../src/index.js';
import { MemoryStorage } from './memory-storage.js';

type Bodied<T> = T extends DriverCommand ? Omit<T, 'commandId' | 'boundMs'> & { readonly boundMs?: number } : never;
type EventOf<T extends DriverEvent['type']> = Extract<DriverEvent, { type: T }>;

const SWITCH = asId<SwitchId>('box');

/** How a driver on devices of some kind is made. */
export interface DeviceBenchOptions {
  readonly kinds: DeviceKinds;
  readonly lines: UsbBoxOptionsInput['lines'];
  readonly options?: Partial<UsbBoxOptionsInput>;
}

/** Lets streams and promises of this process run. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A driver in virtual time on devices that are fakes below their bytes. */
export class DeviceBench {
  readonly clock = new SimulatedClock();
  readonly storage = new MemoryStorage();
  readonly events: DriverEvent[] = [];
  readonly logged: string[] = [];
  readonly driver;
  /** Called after every 20 ms: devices in the real world catch up with the clock here. */
  inStep: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve));
  readonly #abort = new AbortController();
  #ids = 0;

  constructor(how: DeviceBenchOptions) {
    this.storage.prompt('prompts/welcome.wav', { ms: 1_500 });
    const factory = createUsbBoxDriver(
      { lines: how.lines, prompts: 'prompts', recordings: 'recordings', ...how.options },
      { storage: this.storage, kinds: how.kinds },
    );
    const note = (message: string): void => void this.logged.push(message);
    this.driver = factory(SWITCH, {
      clock: this.clock,
      random: () => 0.5,
      log: { debug: note, info: note, warn: note, error: note },
    });
  }

  /** Starts it and lets the line be on-hook for long enough to be used. */
  async start(): Promise<void> {
    await this.driver.start((event) => this.events.push(event), { signal: this.#abort.signal });
    await this.pass(2_200);
  }

  /** Ends it and holds it to leaving no timer. */
  async stop(): Promise<void> {
    const stopped = this.driver.stop();
    await turn();
    await this.clock.tick(5_000);
    await stopped;
    await turn();
    assert.equal(this.clock.pendingTimers, 0, 'timers are left after stop');
  }

  /** Time goes by: `ms` of the clock in steps of 20, streams served after each. */
  async pass(ms: number): Promise<void> {
    await turn();
    for (let passed = 0; passed < ms; passed += 20) {
      await this.clock.tick(20);
      await this.inStep();
    }
    await turn();
  }

  line(name: string): ReturnType<typeof deviceId> {
    return deviceId(SWITCH, 'line', name);
  }

  id(): ConnectionId {
    return connectionId(SWITCH, `x${this.#ids++}`);
  }

  give(body: Bodied<DriverCommand>): Promise<DriverReply> {
    const commandId = asId<CommandId>(`k${this.#ids++}`);
    return this.driver.execute({ boundMs: 5_000, ...body, commandId } as DriverCommand);
  }

  async replied(body: Bodied<DriverCommand>): Promise<DriverReply> {
    let reply: DriverReply | undefined;
    const pending = this.give(body).then((one) => {
      reply = one;
    });
    for (let waited = 0; reply === undefined && waited < 6_000; waited += 20) await this.pass(20);
    await pending;
    assert.ok(reply);
    return reply;
  }

  async accepted(body: Bodied<DriverCommand>): Promise<void> {
    assert.deepEqual(await this.replied(body), { outcome: 'accepted' }, body.type);
  }

  of<T extends DriverEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Lets time pass until an event is there. */
  async sees<T extends DriverEvent['type']>(
    type: T,
    how: { readonly withinMs?: number; readonly since?: number } = {},
  ): Promise<EventOf<T>> {
    const untilMs = this.clock.nowMs() + (how.withinMs ?? 30_000);
    for (;;) {
      const found = this.events.slice(how.since ?? 0).find((event): event is EventOf<T> => event.type === type);
      if (found !== undefined) return found;
      const told = this.events.map((event) => event.type).slice(-15);
      if (this.clock.nowMs() >= untilMs) assert.fail(`${type} was not told; told: ${told.join(', ')}`);
      await this.pass(20);
    }
  }

  /** What was told of one connection, in words. */
  story(on: ConnectionId): string[] {
    return this.events.flatMap((event) => {
      if (!('connectionId' in event) || event.connectionId !== on) return [];
      if (event.type === 'cleared') return [`cleared ${event.release.cause}`];
      if (event.type === 'digit') return [`digit ${event.digit}`];
      return [event.type];
    });
  }
}

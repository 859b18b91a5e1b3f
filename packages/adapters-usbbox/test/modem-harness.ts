import assert from 'node:assert/strict';
import {
  asId,
  type CommandId,
  type ConnectionId,
  connectionId,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
} from '@cordboard/cti-core';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { createUsbBoxDriver, DEVICE_KINDS, type UsbBoxOptionsInput } from '../src/index.js';
import { type IncomingCall, VirtualModem, type VirtualModemOptions } from '../src/simulated/index.js';
import { LINE, SWITCH } from './harness.js';
import { MemoryStorage } from './memory-storage.js';

type Bodied<T> = T extends DriverCommand ? Omit<T, 'commandId' | 'boundMs'> & { readonly boundMs?: number } : never;
type EventOf<T extends DriverEvent['type']> = Extract<DriverEvent, { type: T }>;

const STEP_MS = 20;
const benches: ModemBench[] = [];

/** Lets virtual time go by until a promise is settled: modems answer in their own time. */
export async function pumped<T>(clock: SimulatedClock, promise: Promise<T>): Promise<T> {
  let state: 'waits' | 'done' = 'waits';
  const done = (): void => {
    state = 'done';
  };
  promise.then(done, done);
  await settle();
  for (let ms = 0; state === 'waits'; ms += STEP_MS) {
    assert.ok(ms < 120_000, 'nothing came of it within two minutes');
    await clock.tick(STEP_MS);
  }
  return promise;
}

/** A driver that runs, on a virtual modem; {@link closeModemBenches} ends it. */
export async function modemBench(how: ConstructorParameters<typeof ModemBench>[0] = {}): Promise<ModemBench> {
  const made = new ModemBench(how);
  benches.push(made);
  await made.start();
  return made;
}

/** Ends all and holds them to leaving nothing behind, and their lines on-hook. */
export async function closeModemBenches(): Promise<void> {
  for (const one of benches.splice(0)) {
    await pumped(one.clock, one.driver.stop());
    await one.clock.tick(100);
    assert.equal(one.clock.pendingTimers, 0, 'timers are left after stop');
    assert.equal(one.modem.isOpen, false, 'the port is open after stop');
    assert.equal(one.modem.hook, 'on', 'the line is held after stop');
  }
}

/** A driver on one virtual modem, in virtual time. */
export class ModemBench {
  readonly clock = new SimulatedClock();
  readonly storage = new MemoryStorage();
  readonly modem: VirtualModem;
  readonly events: DriverEvent[] = [];
  readonly driver;
  readonly log: string[] = [];
  readonly #abort = new AbortController();
  #ids = 0;

  constructor(
    how: {
      readonly modem?: Partial<VirtualModemOptions>;
      readonly device?: object;
      readonly options?: Partial<UsbBoxOptionsInput>;
    } = {},
  ) {
    this.modem = new VirtualModem({ clock: this.clock, ...how.modem });
    this.storage.prompt('prompts/welcome.wav', { ms: 1_500 });
    this.storage.prompt('prompts/long.wav', { ms: 20_000 });
    const factory = createUsbBoxDriver(
      {
        lines: [
          {
            name: 'one',
            ownNumber: '01061234567',
            device: { kind: 'v253', open: this.modem.serial, ...how.device },
            phone: { extension: '8001' },
          },
        ],
        prompts: 'prompts',
        recordings: 'recordings',
        ...how.options,
      },
      { storage: this.storage, kinds: DEVICE_KINDS },
    );
    const note = (message: string): void => void this.log.push(message);
    this.driver = factory(SWITCH, {
      clock: this.clock,
      random: () => 0.5,
      log: { debug: note, info: note, warn: note, error: note },
    });
  }

  async start(): Promise<void> {
    await pumped(
      this.clock,
      this.driver.start((event) => void this.events.push(event), { signal: this.#abort.signal }),
    );
    await this.sees('linkSynced');
    await this.clock.tick(2_100);
  }

  id(stem = 'x'): ConnectionId {
    return connectionId(SWITCH, `${stem}${this.#ids++}`);
  }

  give(body: Bodied<DriverCommand>): Promise<DriverReply> {
    const commandId = asId<CommandId>(`k${this.#ids++}`);
    return pumped(this.clock, this.driver.execute({ boundMs: 5_000, ...body, commandId } as DriverCommand));
  }

  async accepted(body: Bodied<DriverCommand>): Promise<void> {
    assert.deepEqual(await this.give(body), { outcome: 'accepted' }, body.type);
  }

  async originate(number: string, ringTimeoutMs = 60_000): Promise<ConnectionId> {
    const id = this.id();
    await this.accepted({
      type: 'originate',
      connectionId: id,
      target: { kind: 'number', trunk: LINE, number },
      mark: { callId: asId(`c${this.#ids++}`) },
      ringTimeoutMs,
    });
    return id;
  }

  /** Somebody calls, and is answered. */
  async talk(call: IncomingCall = { number: '13900001111' }): Promise<ConnectionId> {
    const since = this.events.length;
    assert.ok(this.modem.callIn(call), 'the line is not free');
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
            .join(', ')}; said: ${this.modem.commands.slice(-20).join(' ')}; log: ${this.log.slice(-5).join('; ')}`,
        );
      await this.clock.tick(STEP_MS);
    }
  }

  /** What was told of one connection, in words. */
  story(on: ConnectionId): string[] {
    return this.events.flatMap((event) => {
      if (!('connectionId' in event) || event.connectionId !== on) return [];
      if (event.type === 'cleared') {
        const { cause, evidence } = event.release;
        const tone = evidence?.tone === undefined ? '' : `:${evidence.tone}`;
        return [`cleared ${cause}${evidence === undefined ? '' : ` ${evidence.by}${tone} ${evidence.confidence}`}`];
      }
      if ((event.type === 'connected' || event.type === 'alerting') && event.evidence !== undefined)
        return [`${event.type} ${event.evidence.by} ${event.evidence.confidence}`];
      return event.type === 'digit' ? [`digit ${event.digit}`] : [event.type];
    });
  }
}

import type { CtiDriver, DriverCommand, DriverEvent, DriverReply } from '@cordboard/cti-core';
import { LawChecker } from '@cordboard/driver-kit/conformance';
import { afterEach, expect } from 'vitest';
import type { FreeswitchOptionsInput } from '../src/driver-options.js';
import { EslWorld, type EslWorldOptions } from './esl-world.js';

/** A command was taken. */
export const ACCEPTED = { outcome: 'accepted' };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let ids = 0;

/** A driver at work, and what it told. It ends with the test. */
export class Running {
  readonly events: DriverEvent[] = [];
  readonly laws = new LawChecker();
  readonly world: EslWorld;
  readonly driver: CtiDriver;
  /** Called for each event, as a reader that does something with it. */
  reader: (event: DriverEvent) => void = () => undefined;

  constructor(world: EslWorld, driver: CtiDriver) {
    this.world = world;
    this.driver = driver;
  }

  static async start(options: EslWorldOptions = {}, more: Partial<FreeswitchOptionsInput> = {}): Promise<Running> {
    const world = await EslWorld.open(options);
    closing.push(() => world.close());
    const running = new Running(world, world.createDriver(more));
    closing.push(() => running.driver.stop());
    await running.driver.start(
      (event) => {
        running.events.push(event);
        running.laws.take(event);
        running.reader(event);
      },
      { signal: new AbortController().signal },
    );
    await running.sees('linkSynced');
    return running;
  }

  of<T extends DriverEvent['type']>(type: T): Extract<DriverEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<DriverEvent, { type: T }> => event.type === type);
  }

  async sees(type: DriverEvent['type'], times = 1, withinMs = 10_000): Promise<void> {
    await this.world.until(() => this.of(type).length >= times, withinMs);
    expect(this.of(type).length).toBeGreaterThanOrEqual(times);
  }

  /** Gives a command; the answer comes while the world goes on. */
  give(command: object): Promise<DriverReply> {
    ids += 1;
    return this.driver.execute({ commandId: `k${ids}`, boundMs: 5_000, ...command } as unknown as DriverCommand);
  }

  async run(command: object): Promise<DriverReply> {
    let reply: DriverReply | undefined;
    void this.give(command).then((given) => {
      reply = given;
    });
    await this.world.until(() => reply !== undefined, 6_000);
    return reply ?? { outcome: 'refused', code: 'timeout' };
  }

  originate(name: string, device = 'sim:extension:8001', more: object = {}): Promise<DriverReply> {
    return this.run({
      type: 'originate',
      connectionId: `sim~${name}`,
      target: { kind: 'device', device },
      mark: { callId: `c-${name}` },
      ringTimeoutMs: 20_000,
      ...more,
    });
  }

  /** A caller outside who was answered. */
  async caller(): Promise<string> {
    const before = this.of('created').length;
    await this.world.outsider.dial(this.world.inboundNumber);
    await this.sees('created', before + 1);
    const id = this.of('created')[before]?.connectionId ?? '';
    const connected = this.of('connected').length;
    expect(await this.run({ type: 'answer', connectionId: id })).toEqual({ outcome: 'accepted' });
    await this.sees('connected', connected + 1);
    return id;
  }
}

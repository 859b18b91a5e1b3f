import { asId, type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { PartyHabit, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { createUsbBoxDriver } from '../src/index.js';
import { SimulatedBox, type SimulatedLine } from '../src/simulated/index.js';
import { MemoryStorage } from './memory-storage.js';

const SWITCH = asId<SwitchId>('box');
const OUTSIDE = '13900000000';
const NAMES = ['one', 'two', 'three', 'spare'] as const;
const STEP_MS = 20;

/** The conformance suite's world on the simulated box, in virtual time: three lines with phones, a fourth that is not plugged in. */
export class BoxWorld implements World {
  readonly switchId = SWITCH;
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'digitsHeard',
    'restartSwitch',
    'lift',
  ]);
  readonly inboundNumber = '01061234567';
  readonly redirectNumber = '8999';
  readonly prompts = { short: 'short', long: 'long', missing: 'missing' };
  readonly patienceMs = 20_000;
  readonly clock = new SimulatedClock();
  readonly storage = new MemoryStorage();
  readonly box = new SimulatedBox({ clock: this.clock });
  readonly phones: readonly [WorldParty, WorldParty, WorldParty];
  readonly outsider: WorldParty;
  readonly unreachable = deviceId(SWITCH, 'extension', '8009');
  readonly trunk = deviceId(SWITCH, 'line', 'one');
  readonly #wrap: (driver: CtiDriver, world: BoxWorld) => CtiDriver;

  constructor(options: { readonly wrap?: (driver: CtiDriver, world: BoxWorld) => CtiDriver } = {}) {
    this.#wrap = options.wrap ?? ((driver) => driver);
    this.storage.prompt('prompts/short.wav', { ms: 800 });
    this.storage.prompt('prompts/long.wav', { ms: 20_000 });
    const phone = (name: string, number: string): WorldParty => new BoxPhone(this, this.box.line(name), number);
    this.phones = [phone('one', '8001'), phone('two', '8002'), phone('three', '8003')];
    this.outsider = new Outsider(this, this.box.line('one'));
    this.box.line('spare').unplug();
  }

  createDriver(): CtiDriver {
    const factory = createUsbBoxDriver(
      {
        lines: NAMES.map((name, index) => ({
          name,
          ownNumber: index === 0 ? this.inboundNumber : `0106123456${index}`,
          device: this.box.device(name),
          phone: { extension: name === 'spare' ? '8009' : `800${index + 1}` },
        })),
        prompts: 'prompts',
        recordings: 'recordings',
      },
      { storage: this.storage },
    );
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    return this.#wrap(factory(SWITCH, { clock: this.clock, random: Math.random, log }), this);
  }

  async until(condition: () => boolean, boundMs: number): Promise<boolean> {
    const untilMs = this.clock.nowMs() + boundMs;
    await settle();
    while (!condition()) {
      if (this.clock.nowMs() >= untilMs) return false;
      await this.clock.tick(Math.min(STEP_MS, untilMs - this.clock.nowMs()));
    }
    return true;
  }

  async pass(forMs: number): Promise<void> {
    await this.until(() => false, forMs);
  }

  cutLink(): Promise<void> {
    return Promise.reject(new Error('a box that is pulled out drops its calls'));
  }

  freeze(): Promise<void> {
    return Promise.reject(new Error('nothing stands between the driver and its devices'));
  }

  async restartSwitch(): Promise<void> {
    const lines = this.#plugged();
    for (const line of lines) line.unplug();
    this.clock.setTimer(1_500, () => {
      for (const line of lines) line.plugIn();
    });
    await settle();
  }

  async liveConnections(): Promise<number> {
    await this.pass(3_000);
    return this.#plugged().filter(
      ({ exchange, phone }) => !exchange.isFree || phone.hook === 'off' || phone.bell === 'rings',
    ).length;
  }

  resources(): number {
    return this.clock.pendingTimers;
  }

  async reset(): Promise<void> {
    for (const party of this.phones) await party.setHabit('ring');
    for (const line of this.#plugged()) {
      line.phone.layDown();
      line.exchange.hangUp();
    }
    await this.outsider.setHabit('ring');
    await this.pass(4_000);
    this.box.line('one').exchange.keysHeard = '';
  }

  async close(): Promise<void> {
    await this.reset();
  }

  #plugged(): SimulatedLine[] {
    return this.box.lines.filter((line) => line !== this.box.line('spare'));
  }
}

/** Whoever calls line one, or is called on it. */
class Outsider implements WorldParty {
  readonly device = deviceId(SWITCH, 'line', 'one');
  readonly number = OUTSIDE;
  readonly #world: BoxWorld;
  readonly #line: SimulatedLine;

  constructor(world: BoxWorld, line: SimulatedLine) {
    this.#world = world;
    this.#line = line;
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    const { numbers } = this.#world.box;
    if (habit === 'answer')
      numbers.set(OUTSIDE, [{ do: 'ringback', cycles: 1 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }]);
    else if (habit === 'ring') numbers.set(OUTSIDE, [{ do: 'ringback' }]);
    else numbers.set(OUTSIDE, [{ do: 'tone', tone: 'busy' }]);
    await settle();
  }

  async dial(): Promise<void> {
    await this.#world.until(
      () => this.#line.exchange.callIn({ number: OUTSIDE, answered: [{ do: 'silence', forMs: 3_600_000 }] }),
      10_000,
    );
  }

  async answer(): Promise<void> {
    this.#line.exchange.answer();
    await settle();
  }

  async hangUp(): Promise<void> {
    this.#line.exchange.hangUp();
    await settle();
  }

  async press(digits: string): Promise<void> {
    this.#line.exchange.press(digits);
    await this.#world.pass(digits.length * 180 + 200);
  }

  async digitsHeard(): Promise<string> {
    await settle();
    return this.#line.exchange.keysHeard;
  }

  hold = never;
  retrieve = never;
  transfer = never;
  completeTransfer = never;
  pickUp = never;
}

/** The local phone of a line, and who sits at it. */
class BoxPhone implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: BoxWorld;
  readonly #line: SimulatedLine;

  constructor(world: BoxWorld, line: SimulatedLine, number: string) {
    this.#world = world;
    this.#line = line;
    this.number = number;
    this.device = deviceId(SWITCH, 'extension', number);
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#line.phone.habit = habit === 'answer' ? 'answer' : 'ring';
    if (habit === 'busy' || habit === 'reject') this.#line.phone.lift();
    await settle();
  }

  async dial(number: string): Promise<void> {
    this.#line.phone.lift(number);
    await settle();
  }

  async answer(): Promise<void> {
    this.#line.phone.lift();
    await settle();
  }

  async hangUp(): Promise<void> {
    this.#line.phone.layDown();
    await settle();
  }

  async press(digits: string): Promise<void> {
    this.#line.phone.press(digits);
    await this.#world.pass(digits.length * 200 + 200);
  }

  digitsHeard(): Promise<string> {
    return Promise.resolve('');
  }

  hold = never;
  retrieve = never;
  transfer = never;
  completeTransfer = never;
  pickUp = never;
}

function never(): Promise<void> {
  return Promise.reject(new Error('this world cannot do that'));
}

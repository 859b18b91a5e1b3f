import {
  asId,
  type CtiDriver,
  type DeviceId,
  type DriverCommand,
  type DriverSink,
  deviceId,
  type SwitchId,
} from '@cordboard/cti-core';
import type { PartyHabit, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { createUsbBoxDriver, DEVICE_KINDS } from '../src/index.js';
import { SimulatedBox, type SimulatedLine, VirtualModem, type VirtualModemOptions } from '../src/simulated/index.js';
import { MemoryStorage } from './memory-storage.js';
import { pumped } from './modem-harness.js';

const SWITCH = asId<SwitchId>('box');
const OUTSIDE = '13900000000';
/** Boxes with a telephone of their own, on lines that nobody calls on. */
const SEATS = ['two', 'three', 'four', 'spare'] as const;
const STEP_MS = 20;

/**
 * The conformance suite's world on a virtual modem, in virtual time: the line to the outside is a modem's, and the telephones are those of
 * boxes on other lines, one of which is not plugged in: no modem can make a telephone ring.
 */
export class ModemWorld implements World {
  readonly switchId = SWITCH;
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'digitsHeard',
    'restartSwitch',
  ]);
  readonly inboundNumber = '01061234567';
  readonly redirectNumber = '8999';
  readonly prompts = { short: 'short', long: 'long', missing: 'missing' };
  readonly patienceMs = 20_000;
  readonly clock = new SimulatedClock();
  readonly storage = new MemoryStorage();
  readonly box = new SimulatedBox({ clock: this.clock });
  readonly modem: VirtualModem;
  readonly phones: readonly [WorldParty, WorldParty, WorldParty];
  readonly outsider: WorldParty;
  readonly unreachable = deviceId(SWITCH, 'extension', '8009');
  readonly trunk = deviceId(SWITCH, 'line', 'one');

  constructor(options: Partial<VirtualModemOptions> = {}) {
    this.storage.prompt('prompts/short.wav', { ms: 800 });
    this.storage.prompt('prompts/long.wav', { ms: 20_000 });
    this.modem = new VirtualModem({ clock: this.clock, ...options });
    const phone = (name: string, number: string): WorldParty => new Seat(this, this.box.line(name), number);
    this.phones = [phone('two', '8001'), phone('three', '8002'), phone('four', '8003')];
    this.outsider = new Outsider(this, this.modem);
    this.box.line('spare').unplug();
  }

  createDriver(): CtiDriver {
    const factory = createUsbBoxDriver(
      {
        lines: [
          { name: 'one', ownNumber: this.inboundNumber, device: { kind: 'v253', open: this.modem.serial } },
          ...SEATS.map((name, index) => ({
            name,
            ownNumber: `0106123456${index}`,
            device: this.box.device(name),
            phone: { extension: name === 'spare' ? '8009' : `800${index + 1}` },
          })),
        ],
        prompts: 'prompts',
        recordings: 'recordings',
      },
      { storage: this.storage, kinds: DEVICE_KINDS },
    );
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    return this.#inTime(factory(SWITCH, { clock: this.clock, random: Math.random, log }));
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
    return Promise.reject(new Error('a modem that is pulled out drops its calls'));
  }

  freeze(): Promise<void> {
    return Promise.reject(new Error('a modem that stands still is started again'));
  }

  async restartSwitch(): Promise<void> {
    for (const each of [this.modem, ...this.#plugged()]) {
      each.unplug();
      this.clock.setTimer(1_500, () => each.plugIn());
    }
    await settle();
  }

  async liveConnections(): Promise<number> {
    await this.pass(3_000);
    const seats = this.#plugged().filter(
      ({ exchange, phone }) => !exchange.isFree || phone.hook === 'off' || phone.bell === 'rings',
    );
    return seats.length + (this.modem.exchange.isFree ? 0 : 1);
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
    this.modem.exchange.hangUp();
    await this.outsider.setHabit('ring');
    await this.pass(4_000);
    this.modem.exchange.keysHeard = '';
  }

  async close(): Promise<void> {
    await this.reset();
  }

  /** A modem answers in its own time, and whoever waits for the driver lets it go by. */
  #inTime(driver: CtiDriver): CtiDriver {
    const { clock } = this;
    return {
      switchId: driver.switchId,
      profile: driver.profile,
      get capabilities() {
        return driver.capabilities;
      },
      start: async (sink: DriverSink, options) => {
        let modem: 'opening' | 'up' = 'opening';
        const watching: DriverSink = (event) => {
          if (event.type === 'linkSynced' && event.linkId === 'one') modem = 'up';
          sink(event);
        };
        await pumped(clock, driver.start(watching, options));
        // Boxes are there at once; a modem takes half a second.
        await this.until(() => modem === 'up' || options.signal.aborted, 3_000);
      },
      openRecording: (...args: Parameters<CtiDriver['openRecording']>) => driver.openRecording(...args),
      execute: (command: DriverCommand) => pumped(clock, driver.execute(command)),
      stop: () => pumped(clock, driver.stop()),
    };
  }

  #plugged(): SimulatedLine[] {
    return this.box.lines.filter((line) => line !== this.box.line('spare'));
  }
}

/** Whoever calls line one, or is called on it. */
class Outsider implements WorldParty {
  readonly device = deviceId(SWITCH, 'line', 'one');
  readonly number = OUTSIDE;
  readonly #world: ModemWorld;
  readonly #modem: VirtualModem;

  constructor(world: ModemWorld, modem: VirtualModem) {
    this.#world = world;
    this.#modem = modem;
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    const { numbers } = this.#modem;
    if (habit === 'answer')
      numbers.set(OUTSIDE, [{ do: 'ringback', cycles: 1 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }]);
    else if (habit === 'ring') numbers.set(OUTSIDE, [{ do: 'ringback' }]);
    else numbers.set(OUTSIDE, [{ do: 'tone', tone: 'busy' }]);
    await settle();
  }

  async dial(): Promise<void> {
    await this.#world.until(
      () => this.#modem.callIn({ number: OUTSIDE, answered: [{ do: 'silence', forMs: 3_600_000 }] }),
      10_000,
    );
  }

  async answer(): Promise<void> {
    this.#modem.exchange.answer();
    await settle();
  }

  async hangUp(): Promise<void> {
    this.#modem.exchange.hangUp();
    await settle();
  }

  async press(digits: string): Promise<void> {
    this.#modem.exchange.press(digits);
    await this.#world.pass(digits.length * 180 + 200);
  }

  async digitsHeard(): Promise<string> {
    await settle();
    return this.#modem.exchange.keysHeard;
  }

  hold = never;
  retrieve = never;
  transfer = never;
  completeTransfer = never;
  pickUp = never;
}

/** The telephone of a box, and who sits at it. */
class Seat implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: ModemWorld;
  readonly #line: SimulatedLine;

  constructor(world: ModemWorld, line: SimulatedLine, number: string) {
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

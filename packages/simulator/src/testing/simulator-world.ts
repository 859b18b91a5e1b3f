import { type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { PartyHabit, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { settle } from '@cordboard/driver-kit/testing';
import { Scheduler } from '../scheduler.js';
import { SimulatorDriver } from '../switch/driver.js';
import type { Leg, VirtualParty } from '../switch/model.js';
import { VirtualSwitch } from '../switch/virtual-switch.js';

const SWITCH = 'sim' as SwitchId;
const PHONES = ['8001', '8002', '8003', '8009'] as const;
const OUTSIDE = '+8613900000000';
const PROMPT_MS: Readonly<Record<string, number>> = { short: 800, long: 20_000 };

/** What a world of the simulator may be told. */
export interface SimulatorWorldOptions {
  readonly seed: number;
  /** Default `drawn`: every order that switches showed; `plain` for comparisons. */
  readonly orders?: 'drawn' | 'plain';
  /** Puts something around the driver, such as a defect. */
  readonly wrap?: (driver: CtiDriver, world: SimulatorWorld) => CtiDriver;
}

/** The conformance suite's world on the virtual switch, in virtual time. */
export class SimulatorWorld implements World {
  readonly switchId = SWITCH;
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'hold',
    'transfer',
    'attendedTransfer',
    'pickUp',
    'digitsHeard',
    'cutLink',
    'freeze',
    'restartSwitch',
    'foreignCalls',
  ]);
  readonly inboundNumber = '4008001000';
  readonly redirectNumber = '8999';
  readonly prompts = { short: 'short', long: 'long', missing: 'missing' };
  readonly patienceMs = 5_000;
  readonly scheduler = new Scheduler(Date.UTC(2026, 0, 5, 9));
  readonly virtualSwitch: VirtualSwitch;
  readonly phones: readonly [WorldParty, WorldParty, WorldParty];
  readonly outsider: WorldParty;
  readonly unreachable: DeviceId;
  readonly trunk: DeviceId;
  /** Things that a wrapped driver holds beside the real one. */
  extraResources = 0;
  readonly #options: SimulatorWorldOptions;

  constructor(options: SimulatorWorldOptions) {
    this.#options = options;
    this.virtualSwitch = new VirtualSwitch(
      {
        switchId: SWITCH,
        seed: options.seed,
        extensions: PHONES,
        promptMs: (prompt) => PROMPT_MS[prompt],
        ...(options.orders === undefined ? {} : { orders: options.orders }),
      },
      this.scheduler,
    );
    const [first, second, third, absent] = PHONES;
    this.phones = [this.#party(first), this.#party(second), this.#party(third)];
    this.outsider = this.#party(OUTSIDE);
    this.unreachable = deviceId(SWITCH, 'extension', absent);
    this.trunk = this.virtualSwitch.trunk;
    this.virtualSwitch.setRegistered(this.virtualSwitch.party(absent), 'unregistered');
  }

  createDriver(): CtiDriver {
    const driver = new SimulatorDriver(this.virtualSwitch);
    return this.#options.wrap?.(driver, this) ?? driver;
  }

  async until(condition: () => boolean, boundMs: number): Promise<boolean> {
    const untilMs = this.scheduler.nowMs() + boundMs;
    await settle();
    while (!condition()) {
      if (!this.scheduler.step(untilMs)) {
        this.scheduler.runTo(untilMs);
        await settle();
        return condition();
      }
      await settle();
    }
    return true;
  }

  async pass(forMs: number): Promise<void> {
    await this.until(() => false, forMs);
  }

  async cutLink(forMs: number): Promise<void> {
    this.virtualSwitch.cutLink(forMs);
    await settle();
  }

  async freeze(forMs: number): Promise<void> {
    this.virtualSwitch.freeze(forMs);
    await settle();
  }

  async restartSwitch(): Promise<void> {
    this.virtualSwitch.restart(2_000);
    await settle();
  }

  async liveConnections(): Promise<number> {
    await this.pass(1_000);
    return this.virtualSwitch.legs.size;
  }

  resources(): number {
    return this.virtualSwitch.wire.pendingTimers + this.virtualSwitch.wire.unanswered + this.extraResources;
  }

  async reset(): Promise<void> {
    for (const leg of [...this.virtualSwitch.legs.values()]) this.virtualSwitch.end(leg, 'normalClearing');
    for (const party of [...this.phones, this.outsider]) await party.setHabit('ring');
    for (const party of [...PHONES, OUTSIDE]) this.virtualSwitch.party(party).heard = '';
    await this.pass(5_000);
  }

  async close(): Promise<void> {
    await this.reset();
    this.virtualSwitch.close();
  }

  #party(address: string): WorldParty {
    return new SimulatorParty(this, this.virtualSwitch.party(address));
  }
}

/** A party of the virtual switch with the hands of the suite. */
class SimulatorParty implements WorldParty {
  readonly #world: SimulatorWorld;
  readonly #party: VirtualParty;

  constructor(world: SimulatorWorld, party: VirtualParty) {
    this.#world = world;
    this.#party = party;
  }

  get device(): DeviceId {
    return this.#party.device;
  }
  get number(): string {
    return this.#party.address;
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    const { virtualSwitch: pbx, scheduler } = this.#world;
    const soon = (act: () => void): void => void scheduler.setTimer(100, act);
    this.#party.hooks = {
      ringing: (leg) => {
        if (habit === 'answer') soon(() => pbx.lift(leg));
        if (habit === 'reject') soon(() => pbx.hangUp(leg));
        if (habit === 'busy') soon(() => pbx.end(leg, 'busy', { q850: 17, sip: 486 }));
      },
    };
    await settle();
  }

  async dial(number: string): Promise<void> {
    const direct = /^direct:(.+)$/u.exec(number);
    this.#world.virtualSwitch.dial(this.#party, direct === null ? number : `99${direct[1]}`);
    await settle();
  }

  async answer(): Promise<void> {
    const { virtualSwitch: pbx } = this.#world;
    for (const leg of this.#party.legs) if (leg.state === 'alerting') pbx.lift(leg);
    await settle();
  }

  async hangUp(): Promise<void> {
    for (const leg of [...this.#party.legs]) this.#world.virtualSwitch.hangUp(leg);
    await settle();
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      for (const leg of this.#party.legs) this.#world.virtualSwitch.press(leg, digit);
      await this.#world.pass(120);
    }
  }

  async digitsHeard(): Promise<string> {
    await settle();
    return this.#party.heard;
  }

  async hold(): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneHold(leg, 'hold');
    await settle();
  }

  async retrieve(): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneHold(leg, 'retrieve');
    await settle();
  }

  async transfer(number: string): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneTransfer(leg, number);
    await settle();
  }

  async completeTransfer(): Promise<void> {
    const legs = [...this.#party.legs];
    const held = legs.find((leg) => leg.heldByDevice !== undefined);
    const active = legs.find((leg): leg is Leg => leg !== held && leg.state === 'connected');
    if (held !== undefined && active !== undefined) this.#world.virtualSwitch.phoneJoin(held, active);
    await settle();
  }

  async pickUp(other: DeviceId): Promise<void> {
    const { virtualSwitch: pbx } = this.#world;
    const from = pbx.extensions.find((party) => party.device === other);
    for (const leg of [...(from?.legs ?? [])]) pbx.pickUp(this.#party, leg);
    await settle();
  }
}

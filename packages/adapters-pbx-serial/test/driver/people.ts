import { type DeviceId, deviceId } from '@cordboard/cti-core';
import type { PartyHabit, WorldParty } from '@cordboard/driver-kit/conformance';
import { settle } from '@cordboard/driver-kit/testing';
import { type KtsWorld, SWITCH } from './world.js';

/** Somebody outside. */
export class KtsCaller implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: KtsWorld;
  line: number | undefined;
  told: 'ring' | 'name' | 'late' | 'withheld' = 'ring';
  #habit: PartyHabit = 'ring';
  #heard = '';

  constructor(world: KtsWorld, number: string) {
    this.#world = world;
    this.number = number;
    this.device = deviceId(SWITCH, 'external', number);
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
  }

  async dial(): Promise<void> {
    const { sim } = this.#world;
    const isFree = (): number | undefined => sim.lines().find(({ state }) => state === 'idle')?.line;
    await this.#world.until(() => isFree() !== undefined, 10_000);
    const free = isFree();
    if (free === undefined) throw new Error('no line is free');
    this.line = free;
    const { told, number } = this;
    sim.ringIn(free, {
      presentation: told === 'withheld' ? 'withheld' : 'number',
      number,
      // 张三 in GBK.
      ...(told === 'name' ? { nameBytes: Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd), charset: 'gbk' } : {}),
    });
    await settle();
  }

  /** A call out has reached this number. */
  called(line: number): void {
    const { sim, clock } = this.#world;
    if (this.line !== undefined) return void clock.setTimer(200, () => sim.far(line, 'busy'));
    this.line = line;
    this.#heard = '';
    clock.setTimer(200, () => {
      if (this.line !== line) return;
      if (this.#habit === 'busy' || this.#habit === 'reject') return sim.far(line, 'busy');
      sim.far(line, 'rings');
      if (this.#habit === 'answer') clock.setTimer(300, () => this.line === line && sim.far(line, 'answers'));
    });
  }

  hear(key: string): void {
    this.#heard += key;
  }

  letGo(): void {
    this.line = undefined;
  }

  forget(): void {
    this.#heard = '';
  }

  async answer(): Promise<void> {
    if (this.line !== undefined) this.#world.sim.far(this.line, 'answers');
    await settle();
  }

  async hangUp(): Promise<void> {
    if (this.line !== undefined) this.#world.sim.far(this.line, 'hangsUp');
    this.line = undefined;
    await settle();
  }

  async press(digits: string): Promise<void> {
    for (const key of digits) if (this.line !== undefined) this.#world.sim.farKey(this.line, key);
    await settle();
  }

  async digitsHeard(): Promise<string> {
    return this.#heard;
  }

  hold = never;
  retrieve = never;
  transfer = never;
  completeTransfer = never;
  pickUp = never;
}

/** A telephone of the PBX, and who sits at it. */
export class KtsPhone implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: KtsWorld;
  #habit: PartyHabit = 'ring';

  constructor(world: KtsWorld, number: string) {
    this.#world = world;
    this.number = number;
    this.device = deviceId(SWITCH, 'extension', number);
    world.sim.subscribe((news) => {
      if (news.type !== 'extension' || news.status.ext !== number || news.status.state !== 'ringing') return;
      if (this.#habit === 'answer') world.clock.setTimer(100, () => void this.answer());
    });
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
  }

  async dial(number: string): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => {
      keys.lift(ext, 'off');
      for (const key of number.length > 4 ? `9${number}#` : number) keys.press(ext, key);
    });
    await settle();
  }

  async answer(): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => keys.lift(ext, 'handsFree'));
    await settle();
  }

  async hangUp(): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => keys.putDown(ext));
    await settle();
  }

  async press(digits: string): Promise<void> {
    for (const key of digits) this.#world.sim.hand(this.number, (ext, { keys }) => keys.press(ext, key));
    await settle();
  }

  digitsHeard(): Promise<string> {
    return Promise.resolve('');
  }

  hold = (): Promise<void> => this.#act('hold');
  retrieve = (): Promise<void> => this.#act('retrieve');
  transfer = (to: string): Promise<void> => this.#act('transfer', { to });
  completeTransfer = (): Promise<void> => this.#act('transfer');
  pickUp = (other: DeviceId): Promise<void> => this.#act('pickUp', { to: other.slice(other.lastIndexOf(':') + 1) });

  async #act(service: 'hold' | 'retrieve' | 'transfer' | 'pickUp', more: { readonly to?: string } = {}): Promise<void> {
    this.#world.sim.carryOut({ service, ext: this.number, ...more });
    await settle();
  }
}

function never(): Promise<void> {
  return Promise.reject(new Error('this world cannot do that'));
}

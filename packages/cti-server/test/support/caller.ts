import { setTimeout as wait } from 'node:timers/promises';
import type { MediaRef } from '@cordboard/cti-core';
import type { Leg, VirtualSwitch } from '@cordboard/simulator';

/** Somebody who calls the virtual switch, keeps what is played, and waits for sounds instead of time. */
export class Caller {
  /** Names of the prompts and other sounds, in the order in which they began. */
  readonly heard: string[] = [];
  readonly #pbx: VirtualSwitch;
  #leg: Leg | undefined;
  #waiters: (() => void)[] = [];

  /** @param to - the number that is called at once; without one: waits to be called, and lifts when it rings */
  constructor(pbx: VirtualSwitch, from: string, to?: string) {
    this.#pbx = pbx;
    const party = pbx.party(from);
    party.hooks = {
      ...party.hooks,
      ringing: (leg) => {
        this.#leg = leg;
        pbx.lift(leg);
      },
      playing: (_leg, { media }) => {
        this.heard.push(...media.map(nameOf));
        const waiters = this.#waiters;
        this.#waiters = [];
        for (const wake of waiters) wake();
      },
    };
    if (to === undefined) return;
    this.#leg = pbx.dial(party, to);
    if (this.#leg === undefined) throw new Error('nobody takes the call');
  }

  /** Waits until a sound has been heard so often in all. */
  async hears(name: string, times = 1): Promise<void> {
    while (this.heard.filter((one) => one === name).length < times) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** One key after the other, as fast as a finger can: keys of one and the same moment have no order. */
  async presses(keys: string): Promise<void> {
    for (const key of keys) {
      if (this.#leg !== undefined) this.#pbx.press(this.#leg, key);
      await wait(40);
    }
  }

  /** Recordings of the caller that run now. */
  get recordings(): number {
    return this.#leg?.recordings.length ?? 0;
  }

  hangsUp(): void {
    if (this.#leg !== undefined) this.#pbx.hangUp(this.#leg);
  }
}

function nameOf(item: MediaRef): string {
  switch (item.kind) {
    case 'prompt':
      return item.prompt;
    case 'speech':
      return `speech:${item.text}`;
    case 'digits':
      return `digits:${item.text}`;
    default:
      return item.kind;
  }
}

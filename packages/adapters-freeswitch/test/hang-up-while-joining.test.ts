import type { DriverReply } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { EslWorld } from './esl-world.js';
import { ACCEPTED, Running } from './running.js';

const WORDS = /^api (uuid_bridge|uuid_kill|uuid_setvar \S+ cordboard_bridge b1)/u;

/** A caller and an agent who are about to be joined, and what crosses the wire then. */
class Joining {
  readonly running: Running;
  readonly caller: string;
  /** Commands as the switch reads them and what the driver tells, in one order; the same in a row once. */
  readonly seen: string[];
  reply: DriverReply | undefined;

  private constructor(parts: { readonly running: Running; readonly caller: string; readonly seen: string[] }) {
    this.running = parts.running;
    this.caller = parts.caller;
    this.seen = parts.seen;
    const { running, caller } = this;
    running.reader = ({ type }) => {
      if (type === 'bridged' || type === 'cleared') this.seen.push(type);
    };
    void running.give({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller, 'sim~agent'] }).then((reply) => {
      this.reply = reply;
    });
  }

  /** @param how - how late the switch does what names the bridge on its channels */
  static async begin(how: { readonly namedLateMs?: number } = {}): Promise<Joining> {
    const seen: string[] = [];
    const running = await Running.start({
      faults: {
        reply: (line) => {
          const word = WORDS.exec(line)?.[1]?.replace(/ .*/u, '');
          if (word === undefined || seen.at(-1) === word) return undefined;
          seen.push(word);
          return word === 'uuid_setvar' ? { lateMs: how.namedLateMs ?? 0 } : undefined;
        },
      },
    });
    await running.world.phones[0].setHabit('answer');
    const caller = await running.caller();
    expect(await running.originate('agent')).toEqual(ACCEPTED);
    await running.sees('connected', 2);
    return new Joining({ running, caller, seen });
  }

  get world(): EslWorld {
    return this.running.world;
  }

  /** Goes on until the switch has read a command, and no further. */
  async reads(word: string): Promise<void> {
    expect(await this.world.until(() => this.seen.includes(word), 2_000)).toBe(true);
  }

  get cleared(): string[] {
    return this.running.of('cleared').map(({ connectionId }) => connectionId);
  }
}

const CLEAR = { type: 'clear', connectionId: 'sim~agent', cause: 'transferred' };

describe('a hang-up while two are being joined', () => {
  it('waits until the switch has joined them, and does not take the other one along', async () => {
    const joining = await Joining.begin();
    await joining.reads('uuid_bridge');
    expect(await joining.running.run(CLEAR)).toEqual(ACCEPTED);
    await joining.world.pass(2_000);
    expect(joining.cleared).toEqual(['sim~agent']);
    expect(joining.seen).toEqual(['uuid_setvar', 'uuid_bridge', 'bridged', 'bridged', 'uuid_kill', 'cleared']);
    expect(joining.running.laws.breaks).toEqual([]);
  });

  it('waits a quarter of a second and no longer for a switch that does not join them', async () => {
    const joining = await Joining.begin();
    const { world } = joining;
    Object.defineProperty(world.face.sw, 'noticeMs', { value: () => 3_000 });
    await joining.reads('uuid_bridge');
    const fromMs = world.face.clock.nowMs();
    void joining.running.give(CLEAR);
    await joining.reads('uuid_kill');
    expect(world.face.clock.nowMs() - fromMs).toBe(250);
    expect(joining.seen).toEqual(['uuid_setvar', 'uuid_bridge', 'uuid_kill']);
  });

  it('keeps the joining from going out when it has not yet', async () => {
    const joining = await Joining.begin({ namedLateMs: 100 });
    await joining.reads('uuid_setvar');
    expect(await joining.running.run(CLEAR)).toEqual(ACCEPTED);
    await joining.world.pass(2_000);
    expect(joining.reply).toEqual({ outcome: 'refused', code: 'gone' });
    expect(joining.cleared).toEqual(['sim~agent']);
    expect(joining.seen).toEqual(['uuid_setvar', 'uuid_kill', 'cleared']);
    expect(joining.running.laws.breaks).toEqual([]);
  });
});

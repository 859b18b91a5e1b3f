import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, line, noisy, randomOf } from '../../test/kts/line.js';
import { KTS_ASCII, KTS_BIN, type KtsProfile } from '../profile/index.js';
import { ReliableChannel, type ReliableChannelOptions } from './reliable-channel.js';

type Make = (options: ReliableChannelOptions) => ReliableChannel;

interface Side {
  readonly channel: ReliableChannel;
  readonly delivered: number[];
  readonly acked: number[];
  ended?: string;
}

interface Run {
  readonly sides: readonly [Side, Side];
  readonly frames: number;
  readonly bytes: number;
}

interface Plan {
  readonly seed: number;
  readonly chance: number;
  readonly messages: number;
  readonly window: number;
  readonly profile: KtsProfile;
  readonly make?: Make;
  readonly fault?: Fault;
}

/** Both ends send numbered messages over a bad line until all is acknowledged or a side gives up. */
function run({ seed, chance, messages, window, profile, make, fault }: Plan): Run {
  const clock = new SimulatedClock();
  const random = randomOf(seed);
  const ends = line({ clock, fault: fault ?? noisy(random, chance) });
  let frames = 0;
  const side = (end: (typeof ends)[number]): Side => {
    const decoder = profile.createDecoder();
    const options: ReliableChannelOptions = {
      clock,
      timings: profile.timings,
      baudRate: 9_600,
      node: 0,
      window,
      encode: profile.encode,
      write: (bytes) => void end.write(bytes),
      fail: (reason) => {
        self.ended = reason;
      },
    };
    const channel = make?.(options) ?? new ReliableChannel(options);
    const self: Side = { channel, delivered: [], acked: [] };
    const take = (frame: Parameters<Parameters<typeof decoder.push>[1]>[0]): void => {
      frames += 1;
      if (frame.kind === 'damaged') return channel.damaged();
      if (frame.kind !== 'message') throw new Error(`the noise made a ${frame.kind}`);
      const { header, message } = frame;
      if (message.type === 'ack') channel.acknowledged(header.seq);
      else if (message.type === 'nak') channel.askedAgain(header.seq, message.reason);
      else if (channel.arrived(header.seq) === 'deliver' && message.type === 'clockGet')
        self.delivered.push(message.ref);
    };
    let cancel: (() => void) | undefined;
    end.on('data', (bytes: Uint8Array) => {
      cancel?.();
      decoder.push(bytes, take);
      if (decoder.pendingBytes > 0) cancel = clock.setTimer(50, () => decoder.giveUp(take));
    });
    return self;
  };
  const sides = [side(ends[0]), side(ends[1])] as const;
  for (let ref = 1; ref <= messages; ref++) {
    for (const each of sides) each.channel.send({ type: 'clockGet', ref }, () => each.acked.push(ref));
  }
  for (let turn = 0; turn < 200_000; turn++) {
    const delayMs = clock.nextDelayMs;
    if (delayMs === undefined || sides.some((each) => each.ended !== undefined)) break;
    clock.advance(delayMs);
  }
  return { sides, frames, bytes: ends[0].sentBytes + ends[1].sentBytes };
}

/** What is wrong with a run: nothing lost, doubled or out of order, and nothing acknowledged that did not arrive. */
function faultsOf({ sides }: Run, { messages, chance }: Plan): string[] {
  const faults: string[] = [];
  for (const [at, from] of sides.entries()) {
    const to = sides[1 - at] as Side;
    const isPrefix = to.delivered.every((ref, place) => ref === place + 1) && to.delivered.length <= messages;
    if (!isPrefix) faults.push('order');
    if (from.acked.length > to.delivered.length) faults.push('acknowledged and not delivered');
    const isDown = sides.some((each) => each.ended !== undefined);
    if (!isDown && to.delivered.length !== messages) faults.push('lost');
    if (isDown && chance === 0) faults.push('gave up');
  }
  return faults;
}

const plans = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  chance: fc.constantFrom(0, 0.02, 0.1, 0.3),
  messages: fc.integer({ min: 1, max: 400 }),
  window: fc.integer({ min: 1, max: 8 }),
  profile: fc.constantFrom(KTS_BIN, KTS_ASCII),
});

describe('ReliableChannel', () => {
  it('loses and doubles nothing on any line, whatever the window', () => {
    let frames = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        const done = run(plan);
        frames += done.frames;
        expect(faultsOf(done, plan)).toEqual([]);
      }),
      { seed: 20_261_122, numRuns: 150 },
    );
    expect(frames).toBeGreaterThan(50_000);
  });

  it('goes round its numbers and stays in step', () => {
    const plan = { seed: 5, chance: 0.05, messages: 1_000, window: 8, profile: KTS_BIN };
    const done = run(plan);
    expect(done.sides.map((side) => [side.delivered.length, side.ended])).toEqual([
      [1_000, undefined],
      [1_000, undefined],
    ]);
  });

  it('gives up after four sendings in vain, and says so once', () => {
    let writes = 0;
    const dead: Fault = () => {
      writes += 1;
      return new Uint8Array();
    };
    const done = run({ seed: 1, chance: 1, messages: 1, window: 1, profile: KTS_BIN, fault: dead });
    expect(done.sides.map((side) => side.ended)).toEqual(['timeout', 'timeout']);
    expect(writes).toBe(8);
  });

  it('waits T1 where the peer has no room, and repeats at once for every other word', () => {
    const sentAtMs = (reason: 'full' | 'gap' | 'toolong' | 'unknown'): number[] => {
      const clock = new SimulatedClock();
      const times: number[] = [];
      const channel = new ReliableChannel({
        clock,
        timings: KTS_BIN.timings,
        baudRate: 9_600,
        node: 0,
        window: 2,
        encode: KTS_BIN.encode,
        write: () => times.push(clock.nowMs()),
        fail: () => undefined,
      });
      for (const ref of [1, 2, 3]) channel.send({ type: 'clockGet', ref });
      clock.advance(100);
      channel.askedAgain(1, reason);
      clock.advance(100);
      const soon = times.length;
      clock.advance(1_000);
      channel.close();
      return [soon, times.length];
    };
    // Two at once; the second again, and the third since there is room now.
    for (const reason of ['gap', 'toolong', 'unknown'] as const) expect(sentAtMs(reason)).toEqual([4, 6]);
    expect(sentAtMs('full')).toEqual([2, 3]);
  });

  /** What one side writes, and which of its own messages are acknowledged (kts-1, 8.2). */
  const alone = (window = 4) => {
    const written: string[] = [];
    const acked: number[] = [];
    const channel = new ReliableChannel({
      clock: new SimulatedClock(),
      timings: KTS_BIN.timings,
      baudRate: 0,
      node: 0,
      window,
      encode: (message, { seq }) =>
        Buffer.from([message.type, ...(message.type === 'nak' ? [message.reason] : []), seq].join(' ')),
      write: (bytes) => written.push(Buffer.from(bytes).toString()),
      fail: () => undefined,
    });
    return {
      channel,
      written,
      acked,
      ask: (ref: number) => channel.send({ type: 'clockGet', ref }, () => acked.push(ref)),
    };
  };

  it('answers each number as the table says: the next one, one that came before, one after a hole, and what cannot be read', () => {
    const { channel, written } = alone();
    expect([channel.arrived(0), channel.arrived(1), written.splice(0)]).toEqual([
      'deliver',
      'deliver',
      ['ack 0', 'ack 1'],
    ]);
    expect([channel.arrived(0), channel.arrived(1), channel.arrived(130), written.splice(0)]).toEqual([
      'drop',
      'drop',
      'drop',
      ['ack 1', 'ack 1', 'ack 1'],
    ]);
    expect([channel.arrived(3), channel.arrived(129), written.splice(0)]).toEqual(['drop', 'drop', ['nak gap 2']]);
    // Once for each number that is waited for, whatever the reason.
    channel.damaged();
    expect(written.splice(0)).toEqual([]);
    expect(channel.arrived(2)).toBe('deliver');
    channel.damaged();
    channel.damaged();
    expect(channel.arrived(4)).toBe('drop');
    expect(written.splice(0)).toEqual(['ack 2', 'nak check 3']);
    channel.close();
    channel.damaged();
    expect([channel.arrived(3), written]).toEqual(['drop', []]);
  });

  it('takes a NAK for an acknowledgement of all before its number, and an ACK for one of all up to it', () => {
    const { channel, written, acked, ask } = alone();
    for (const ref of [1, 2, 3, 4, 5, 6]) ask(ref);
    expect(written.splice(0)).toEqual(['clockGet 0', 'clockGet 1', 'clockGet 2', 'clockGet 3']);
    channel.askedAgain(2, 'gap');
    expect([acked, written.splice(0)]).toEqual([
      [1, 2],
      ['clockGet 2', 'clockGet 3', 'clockGet 4', 'clockGet 5'],
    ]);
    channel.acknowledged(4);
    expect([acked, written.splice(0)]).toEqual([[1, 2, 3, 4, 5], []]);
    // Of what is not under way nothing is known.
    for (const seq of [4, 6, 200]) channel.acknowledged(seq);
    channel.askedAgain(9, 'gap');
    expect([acked, written.splice(0)]).toEqual([[1, 2, 3, 4, 5], []]);
    channel.askedAgain(6, 'gap');
    expect([acked.length, channel.unacknowledged]).toEqual([6, 0]);
    channel.close();
  });

  const planted: Record<string, Make> = {
    'delivers what it has delivered': (options) =>
      new (class extends ReliableChannel {
        override arrived(seq: number): 'deliver' | 'drop' {
          super.arrived(seq);
          return 'deliver';
        }
      })(options),
    'takes an acknowledgement for one of the frame behind it': (options) =>
      new (class extends ReliableChannel {
        override acknowledged(seq: number): void {
          super.acknowledged((seq + 1) & 0xff);
          super.acknowledged(seq);
        }
      })(options),
    'hears no acknowledgement': (options) =>
      new (class extends ReliableChannel {
        override acknowledged(): void {
          return undefined;
        }
      })(options),
    'takes a request to repeat for an acknowledgement': (options) =>
      new (class extends ReliableChannel {
        override askedAgain(seq: number): void {
          super.acknowledged(seq);
        }
      })(options),
    'drops one of a hundred': (options) => {
      let count = 0;
      return new (class extends ReliableChannel {
        override arrived(seq: number): 'deliver' | 'drop' {
          const verdict = super.arrived(seq);
          return verdict === 'deliver' && ++count % 100 === 0 ? 'drop' : verdict;
        }
      })(options);
    },
  };
  for (const [name, make] of Object.entries(planted)) {
    it(`is noticed when it ${name}`, () => {
      const found = fc.check(
        fc.property(plans, (plan) => faultsOf(run({ ...plan, make }), plan).length === 0),
        { seed: 20_261_122, numRuns: 60, endOnFailure: true },
      );
      expect(found.failed).toBe(true);
    });
  }
});

import { Scheduler } from '../../src/scheduler.js';
import { SerialPbx, type SerialPbxOptions } from '../../src/serial/index.js';
import { ascii } from '../../src/serial/kts/ascii.js';
import { BINARY } from '../../src/serial/kts/binary.js';
import type { Incoming, KtsCodec, KtsDecoder, Outgoing } from '../../src/serial/kts/frame.js';

type Frame = Incoming & { readonly kind: 'frame' };

/** A host made for tests, of the page alone: acknowledges by itself unless told not to, repeats nothing. */
export class TestHost {
  readonly got: Frame[] = [];
  readonly bytes: number[] = [];
  /** When each frame since the beginning came, ms. */
  readonly timesMs: number[] = [];
  acknowledges: 'yes' | 'no' = 'yes';
  readonly #codec: KtsCodec;
  readonly #decoder: KtsDecoder;
  readonly #send: (bytes: Uint8Array) => void;
  #expected = 0;
  #next = 0;
  #ref = 0;

  readonly sim: SerialPbx;
  readonly clock: Scheduler;

  constructor(sim: SerialPbx, clock: Scheduler, profile: 'kts-bin/1' | 'kts-ascii/1') {
    this.sim = sim;
    this.clock = clock;
    this.#codec = profile === 'kts-bin/1' ? BINARY : ascii();
    this.#decoder = this.#codec.decoder();
    this.#send = sim.line.connect((bytes) => this.#receive(bytes));
  }

  /** Raw bytes. */
  raw(bytes: Uint8Array): void {
    this.#send(bytes);
  }
  /** Any message as it is. */
  say(message: Omit<Outgoing, 'node'> & { node?: number }): void {
    this.#send(this.#codec.encode({ node: 0, ...message }));
  }
  /** A reliable one with the next number. */
  send(word: string, one: Outgoing['one'] = {}, many: Outgoing['many'] = {}): number {
    const number = this.#next;
    this.#next = (this.#next + 1) & 0xff;
    this.say({ word, number, one, many });
    return number;
  }
  /** HELLO, and all that follows in a second. */
  hello(session = 7, window = 8): this {
    this.say({ word: 'HELLO', one: { session, window } });
    this.#expected = 0;
    this.#next = 0;
    this.run(1_000);
    return this;
  }
  /** A request, and its answer. */
  ask(word: string, one: Outgoing['one'] = {}, many: Outgoing['many'] = {}): Frame | undefined {
    const ref = ++this.#ref;
    this.send(word, { ref, ...one }, many);
    for (let n = 0; n < 50; n++) {
      const found = this.got.find((frame) => frame.fields.one.ref === ref);
      if (found !== undefined) return found;
      this.run(100);
    }
    return undefined;
  }
  /** Begins with a snapshot and the records. */
  begin(record = 0): this {
    this.hello();
    this.ask('SNAPGET');
    this.send('CDRACK', { store: this.sim.pbx.memory.store, record });
    this.run(3_000);
    return this;
  }
  run(ms: number): this {
    this.clock.runTo(this.clock.nowMs() + ms);
    return this;
  }
  /** What came of these words since the last time, in short: `LINE l=3 s=RING`. */
  take(...words: string[]): Frame[] {
    const found = this.got.filter(({ word }) => words.length === 0 || words.includes(word));
    this.got.length = 0;
    return found;
  }
  /** `EXT 801 RING`, `LINE 3 TALK NORMAL`. */
  states(): string[] {
    return this.take('LINE', 'EXT', 'PARK').map(({ word, fields: { one } }) =>
      [
        word,
        one.line && word === 'LINE' ? one.line : (one.ext ?? one.slot),
        one.lineState ?? one.extState ?? one.parkState,
        one.end,
      ]
        .filter((part) => part !== undefined)
        .join(' '),
    );
  }

  #receive(bytes: Uint8Array): void {
    this.bytes.push(...bytes);
    for (const read of this.#decoder.push(bytes)) {
      if (read.kind !== 'frame') continue;
      if (read.reliable && read.number !== undefined && this.acknowledges === 'yes') {
        const ahead = (read.number - this.#expected) & 0xff;
        if (ahead === 0) this.#expected = (this.#expected + 1) & 0xff;
        else if (ahead < 128) continue;
        this.say({ word: 'ACK', number: (this.#expected - 1) & 0xff });
        if (ahead !== 0) continue;
      }
      this.got.push(read);
      this.timesMs.push(this.clock.nowMs());
    }
  }
}

/** Epoch ms of 2026-11-22T09:30:00 at +08:00. */
export const START = Date.UTC(2026, 10, 22, 1, 30, 0);

/** A PBX with power and a host beside it, on a virtual clock. */
export function bench(options: Partial<SerialPbxOptions> & { profile?: 'kts-bin/1' | 'kts-ascii/1' } = {}): {
  sim: SerialPbx;
  clock: Scheduler;
  host: TestHost;
} {
  const clock = new Scheduler(START);
  const sim = new SerialPbx({ clock, store: 99, boot: 1, ...options });
  const host = new TestHost(sim, clock, options.profile ?? 'kts-bin/1');
  sim.start();
  return { sim, clock, host };
}

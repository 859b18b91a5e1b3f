import { Readable, Writable } from 'node:stream';
import { type Clock, CtiError, isCtiError } from '@cordboard/cti-core';
import { createResampler } from '@cordboard/telephony-dsp';
import type { HidListener, OpenHid } from '../src/devices/hid.js';
import type { SoundChild, SoundEnd, SpawnSound } from '../src/devices/sound-child.js';
import { ExchangeLine } from '../src/simulated/exchange-line.js';
import type { FarStep } from '../src/simulated/index.js';

const RATE = 48_000;
const CARD_BLOCK = 960;

/** One program of ALSA that is none. */
class FakeProgram implements SoundChild {
  readonly output = new Readable({ read: () => undefined });
  readonly errors = new Readable({ read: () => undefined });
  readonly input: Writable;
  readonly ended: Promise<SoundEnd>;
  readonly program: 'arecord' | 'aplay';
  readonly args: readonly string[];
  /** Bytes that `aplay` was given and has not played. */
  queue: number[] = [];
  /** `stuck`: it takes no more. */
  reads: 'all' | 'stuck' = 'all';
  state: 'runs' | 'over' = 'runs';
  #waiting: (() => void)[] = [];
  #end: (end: SoundEnd) => void = () => undefined;

  constructor(program: 'arecord' | 'aplay', args: readonly string[]) {
    this.program = program;
    this.args = args;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.input = new Writable({
      highWaterMark: 4_096,
      write: (chunk: Uint8Array, _encoding, done) => {
        if (this.reads === 'stuck') {
          this.#waiting.push(done);
          return;
        }
        this.queue.push(...chunk);
        done();
      },
    });
  }

  flows(): void {
    this.reads = 'all';
    for (const done of this.#waiting.splice(0)) done();
  }

  /** It complains and ends by itself. */
  dies(words = ''): void {
    if (words !== '') this.errors.push(words);
    setImmediate(() => this.over('ended'));
  }

  over(end: SoundEnd): void {
    this.state = 'over';
    this.#end(end);
  }

  kill(): void {
    this.over('ended');
  }
}

/** A CM108 box below its bytes: an HID handle, two programs, and an exchange behind them. Ringing is on `volumeDown`, at 25 Hz; the hook relay is pin 3; the phone on `gpio1`. */
export class FakeCm108 {
  readonly exchange: ExchangeLine;
  readonly numbers = new Map<string, readonly FarStep[]>();
  readonly programs: FakeProgram[] = [];
  readonly reports: number[][] = [];
  readonly paths: (string | undefined)[] = [];
  /** `hang`: the card gives no sound. */
  card: 'works' | 'hang' | 'missing' | 'busy' | 'noProgram' = 'works';
  plug: 'in' | 'out' = 'in';
  readonly #clock: Clock;
  readonly #toCard = createResampler({ from: 8_000, to: RATE });
  readonly #fromCard = createResampler({ from: RATE, to: 8_000 });
  #listener: HidListener | undefined;
  #bell: 'silent' | 'rings' = 'silent';
  #bits = 0;
  #cancel: (() => void) | undefined;
  #odd = 1;
  #left = new Uint8Array(0);

  constructor(clock: Clock) {
    this.#clock = clock;
    this.exchange = new ExchangeLine(
      {
        seed: 3,
        noiseDbm0: -60,
        dialled: (number) => this.numbers.get(number),
        datetime: () => '11220915',
      },
      (signal) => {
        if (signal === 'polarity') return this.#set(this.#bits ^ 0x0200);
        this.#bell = signal === 'ringStart' ? 'rings' : 'silent';
        if (this.#bell === 'silent') this.#set(this.#bits & ~0x02);
      },
    );
  }

  readonly openHid: OpenHid = async ({ path }, { listener }) => {
    this.paths.push(path);
    if (this.plug === 'out') throw new CtiError('device.lost', 'no C-Media box is plugged in');
    this.#listener = listener;
    return {
      write: async (report) => {
        if (this.plug === 'out') throw new Error('could not write');
        this.reports.push([...report]);
        this.exchange.loop(((report[2] ?? 0) & (report[3] ?? 0) & 0x04) !== 0 ? 'closed' : 'open');
      },
      close: async () => {
        if (this.#listener === listener) this.#listener = undefined;
      },
    };
  };

  readonly spawn: SpawnSound = (program, args) => {
    const child = new FakeProgram(program, args);
    if (this.card === 'noProgram') child.over('missing');
    else if (this.plug === 'out' || this.card === 'missing')
      child.dies(`ALSA lib: ${program}: main:831: audio open error: No such file or directory\n`);
    else if (this.card === 'busy') child.dies(`${program}: main:831: audio open error: Device or resource busy\n`);
    this.programs.push(child);
    this.#tick();
    return child;
  };

  /** The one that runs now. */
  running(program: 'arecord' | 'aplay'): FakeProgram | undefined {
    return this.programs.findLast((each) => each.program === program && each.state === 'runs');
  }

  get hidOpen(): boolean {
    return this.#listener !== undefined;
  }

  /** The local phone. */
  phone(hook: 'on' | 'off'): void {
    this.#set(hook === 'off' ? this.#bits | 0x0100 : this.#bits & ~0x0100);
    this.exchange.loop(hook === 'off' ? 'closed' : 'open');
  }

  /** Any report, good or bad. */
  says(report: readonly number[]): void {
    this.#listener?.report(Uint8Array.from(report));
  }

  unplug(): void {
    this.plug = 'out';
    this.exchange.loop('open');
    for (const child of this.programs) {
      if (child.state === 'runs') child.dies(`${child.program}: pcm_read:2221: read error: No such device\n`);
    }
    this.#listener?.lost();
  }

  #set(bits: number): void {
    this.#bits = bits;
    this.says([bits & 0xff, bits >> 8, 0, 0]);
  }

  #tick(): void {
    this.#cancel ??= this.#clock.setTimer(20, () => {
      this.#cancel = undefined;
      this.#run();
      if (this.programs.some((each) => each.state === 'runs')) this.#tick();
    });
  }

  #run(): void {
    if (this.#bell === 'rings') this.#set(this.#bits ^ 0x02);
    const recorder = this.running('arecord');
    const played = this.#played();
    const heard = new Int16Array(160);
    this.exchange.run(played, heard);
    if (recorder === undefined || this.card !== 'works' || this.plug === 'out') return;
    const bytes = new Uint8Array(Int16Array.from(this.#toCard.push(heard)).buffer);
    const all = new Uint8Array([...this.#left, ...bytes]);
    // Pipes cut where they like, also inside a sample.
    const now = all.length - (this.#odd++ % 5);
    this.#left = all.slice(now);
    for (let at = 0; at < now; at += 701) recorder.output.push(all.slice(at, Math.min(now, at + 701)));
  }

  #played(): Int16Array {
    const player = this.running('aplay');
    const bytes = player?.reads === 'all' ? player.queue.splice(0, CARD_BLOCK * 2) : [];
    const samples = new Int16Array(CARD_BLOCK);
    for (let i = 0; i + 1 < bytes.length; i += 2) samples[i / 2] = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8);
    const at8k = this.#fromCard.push(samples);
    const block = new Int16Array(160);
    block.set(at8k.subarray(0, 160));
    return block;
  }
}

/** Codes of what went wrong, for tests. */
export const codeOf = (error: unknown): string => (isCtiError(error) ? error.code : 'other');

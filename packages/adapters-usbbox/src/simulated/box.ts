import { type Clock, CtiError } from '@cordboard/cti-core';
import type { Detection, LineAbilities, LineDevice, LineDeviceFactory, LineDeviceSink } from '../device/port.js';
import { ExchangeLine } from './exchange-line.js';
import type { FarStep } from './far-end.js';
import { SimulatedPhone } from './phone.js';

/** How a simulated box is built. */
export interface SimulatedBoxOptions {
  /** Drives the sound: 20 ms of it in every 20 ms of this clock. */
  readonly clock: Clock;
  /** Default 1. */
  readonly seed?: number;
  /** What becomes of dialled numbers; a number that is not here has nobody. */
  readonly numbers?: Readonly<Record<string, readonly FarStep[]>>;
  /** White noise on the lines, dBm0. Default -60; `null`: none, so that lines that nobody uses cost nothing. */
  readonly noiseDbm0?: number | null;
  /** How much of what the box plays comes back, dB. Default -18: a hybrid that fits badly. */
  readonly echoDb?: number;
  /** What its devices are able to do, in the place of the default: full sound, soft hook, a separate phone that rings. */
  readonly abilities?: Partial<LineAbilities>;
}

const BLOCK = 160;
const BLOCK_MS = 20;
/** Sound that a box keeps for a machine that is late. */
const BUFFER_MS = 2_000;
const DEFAULT_DETECTS: readonly Detection[] = ['ring', 'polarity', 'phoneHook'];

/**
 * A box with as many lines as are asked for, and the exchange behind them, that make real sound: everything above the port of the device is tested through samples.
 * Its exchange is built from generators alone and shares no code with the detectors.
 */
export class SimulatedBox {
  readonly clock: Clock;
  /** What becomes of dialled numbers; may be changed at any time. */
  readonly numbers = new Map<string, readonly FarStep[]>();
  readonly abilities: LineAbilities;
  readonly echo: number;
  readonly #noiseDbm0: number | undefined;
  readonly #seed: number;
  readonly #lines = new Map<string, SimulatedLine>();
  readonly #open = new Set<SimulatedLine>();
  #cancel: (() => void) | undefined;
  /** Up to when its sound was made. */
  #playedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SimulatedBoxOptions) {
    this.clock = options.clock;
    this.#seed = options.seed ?? 1;
    this.#noiseDbm0 = options.noiseDbm0 === null ? undefined : (options.noiseDbm0 ?? -60);
    this.echo = 10 ** ((options.echoDb ?? -18) / 20);
    for (const [number, steps] of Object.entries(options.numbers ?? {})) this.numbers.set(number, steps);
    this.abilities = {
      detects: new Set(DEFAULT_DETECTS),
      sound: 'full',
      listensOnHook: 'listens',
      hook: 'soft',
      dials: 'sound',
      phone: 'separate',
      ringsPhone: 'rings',
      ...options.abilities,
    };
  }

  /** A line, made when it is first asked for. */
  line(name: string): SimulatedLine {
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = new SimulatedLine(this, { seed: this.#seed + this.#lines.size, noiseDbm0: this.#noiseDbm0 });
      this.#lines.set(name, line);
    }
    return line;
  }

  /** All lines so far. */
  get lines(): readonly SimulatedLine[] {
    return [...this.#lines.values()];
  }

  /** Makes devices for a line: the `device` of a line's options. */
  device(name: string): LineDeviceFactory {
    return () => this.line(name).createDevice();
  }

  /** Devices that are open now. */
  get openDevices(): number {
    return this.#open.size;
  }

  /** For {@link SimulatedLine}. */
  opened(line: SimulatedLine): void {
    this.#open.add(line);
    this.#tick();
  }

  /** For {@link SimulatedLine}. */
  closed(line: SimulatedLine): void {
    this.#open.delete(line);
    if (this.#open.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** On a machine that is late, sound that is due comes all at once, as from the buffer of a real box: time and sound stay together. */
  #tick(): void {
    if (this.#cancel !== undefined) return;
    const nowMs = this.clock.nowMs();
    // What a box cannot keep any more is lost.
    if (nowMs - this.#playedMs > BUFFER_MS) this.#playedMs = nowMs;
    this.#cancel = this.clock.setTimer(Math.max(0, this.#playedMs + BLOCK_MS - nowMs), () => {
      this.#cancel = undefined;
      for (; this.#open.size > 0 && this.clock.nowMs() >= this.#playedMs + BLOCK_MS; this.#playedMs += BLOCK_MS)
        for (const line of this.#open) line.run();
      if (this.#open.size > 0) this.#tick();
    });
  }
}

/** One line of a simulated box: the exchange behind it, the phone beside it, the device in front of it. */
export class SimulatedLine {
  readonly exchange: ExchangeLine;
  readonly phone: SimulatedPhone;
  readonly #box: SimulatedBox;
  readonly #played = new Int16Array(BLOCK);
  readonly #heard = new Int16Array(BLOCK);
  readonly #echo = new Int16Array(BLOCK);
  readonly #toPhone = new Int16Array(BLOCK);
  readonly #fromPhone = new Int16Array(BLOCK);
  #plug: 'in' | 'out' = 'in';
  #sink: LineDeviceSink | undefined;
  #hook: 'on' | 'off' = 'on';
  #flashUntilBlocks = 0;
  #phoneJoined: 'joined' | 'cut' = 'joined';

  constructor(box: SimulatedBox, made: { readonly seed: number; readonly noiseDbm0: number | undefined }) {
    this.#box = box;
    this.exchange = new ExchangeLine(
      {
        seed: made.seed,
        noiseDbm0: made.noiseDbm0,
        dialled: (number) => box.numbers.get(number),
        datetime: () =>
          new Date(box.clock.wallMs()).toISOString().replace(/^\d+-(\d\d)-(\d\d)T(\d\d):(\d\d).*$/, '$1$2$3$4'),
      },
      (signal) => this.#sink?.event({ type: 'signal', signal }),
    );
    this.phone = new SimulatedPhone({
      seed: made.seed,
      changed: (hook) => {
        this.#sink?.event({ type: 'phoneHook', hook });
        this.#updateLoop();
      },
    });
  }

  /** Off-hook at the box (not at the phone). */
  get hook(): 'on' | 'off' {
    return this.#hook;
  }

  /** Is its device open? */
  get isOpen(): boolean {
    return this.#sink !== undefined;
  }

  /** Pulls the box out: its relay falls off, and it is gone. */
  unplug(): void {
    this.#plug = 'out';
    const sink = this.#sink;
    this.#close();
    sink?.event({ type: 'lost', reason: 'removed' });
  }

  /** Puts it in again: it can be opened. */
  plugIn(): void {
    this.#plug = 'in';
  }

  /** The cable to the exchange is pulled, or back. */
  cable(state: 'present' | 'absent'): void {
    this.#sink?.event({ type: 'line', state });
  }

  /** For tests: anything that a broken device might tell. */
  tell(event: Parameters<LineDeviceSink['event']>[0]): void {
    this.#sink?.event(event);
  }

  /** A device that is not open yet. */
  createDevice(): LineDevice {
    return new SimulatedDevice(this, this.#box.abilities);
  }

  /** For {@link SimulatedDevice}. */
  open(sink: LineDeviceSink): void {
    if (this.#plug === 'out')
      throw new CtiError('device.lost', 'the simulated box is not plugged in', { details: { linkDown: 'refused' } });
    if (this.#sink !== undefined) throw new CtiError('device.refused', 'the simulated box is open already');
    this.#sink = sink;
    this.#hook = 'on';
    this.#phoneJoined = 'joined';
    this.#box.opened(this);
    if (this.phone.hook === 'off') sink.event({ type: 'phoneHook', hook: 'off' });
  }

  /** For {@link SimulatedDevice}. */
  closeDevice(): void {
    this.#close();
  }

  /** For {@link SimulatedDevice}. */
  setHook(hook: 'on' | 'off'): void {
    this.#hook = hook;
    this.#updateLoop();
  }

  /** For {@link SimulatedDevice}. */
  flash(forMs: number): void {
    this.#flashUntilBlocks = Math.max(1, Math.round(forMs / BLOCK_MS));
    this.#updateLoop();
  }

  /** For {@link SimulatedDevice}. */
  switchPhone(way: 'joined' | 'cut'): void {
    this.#phoneJoined = way;
    this.#updateLoop();
  }

  /** One block of 20 ms. */
  run(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#flashUntilBlocks > 0 && --this.#flashUntilBlocks === 0) this.#updateLoop();
    const isOff = this.#hook === 'off' || this.#phoneOnLine;
    if (!isOff && this.exchange.isStill && this.phone.hook === 'on') return this.phone.rest(BLOCK_MS);
    const { abilities, echo } = this.#box;
    const played = this.#played.fill(0);
    if (this.#hook === 'off' && abilities.sound !== 'none') sink.wanted(played);
    if (this.#phoneOnLine) this.phone.speak(played);
    const heard = this.#heard;
    for (let i = 0; i < BLOCK; i++) heard[i] = Math.round((this.#echo[i] ?? 0) * echo);
    this.exchange.run(played, heard);
    this.#echo.set(played);
    if (abilities.sound !== 'none' && (isOff || abilities.listensOnHook === 'listens')) sink.heard(heard);
    if (abilities.phone !== 'separate') {
      if (this.#phoneOnLine) this.phone.hear(heard);
      return this.phone.rest(BLOCK_MS);
    }
    this.phone.rest(BLOCK_MS);
    const toPhone = this.#toPhone.fill(0);
    sink.phoneWanted(toPhone);
    if (this.phone.hook === 'off') this.phone.hear(toPhone);
    const fromPhone = this.#fromPhone.fill(0);
    if (this.phone.hook === 'off') this.phone.speak(fromPhone);
    sink.phoneHeard(fromPhone);
  }

  get #phoneOnLine(): boolean {
    const { phone } = this.#box.abilities;
    return (
      this.phone.hook === 'off' && (phone === 'parallel' || (phone === 'switched' && this.#phoneJoined === 'joined'))
    );
  }

  #updateLoop(): void {
    const closed = this.#phoneOnLine || (this.#hook === 'off' && this.#flashUntilBlocks === 0);
    this.exchange.loop(closed ? 'closed' : 'open');
  }

  #close(): void {
    this.#sink = undefined;
    this.#hook = 'on';
    this.phone.ring('stop');
    this.#box.closed(this);
    this.#updateLoop();
  }
}

/** See {@link SimulatedBox}: one opening of a line's device. */
class SimulatedDevice implements LineDevice {
  readonly abilities: LineAbilities;
  readonly #line: SimulatedLine;
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(line: SimulatedLine, abilities: LineAbilities) {
    this.#line = line;
    this.abilities = abilities;
  }

  async open(sink: LineDeviceSink): Promise<void> {
    this.#line.open(sink);
    this.#state = 'open';
  }

  async hook(state: 'on' | 'off'): Promise<void> {
    this.#check();
    this.#line.setHook(state);
  }

  async flash(forMs: number): Promise<void> {
    this.#check();
    this.#line.flash(forMs);
  }

  async switchPhone(way: 'joined' | 'cut'): Promise<void> {
    this.#check();
    if (this.abilities.phone !== 'switched') throw new CtiError('device.notSupported', 'this phone cannot be cut off');
    this.#line.switchPhone(way);
  }

  async ringPhone(way: 'start' | 'stop'): Promise<void> {
    this.#check();
    this.#line.phone.ring(way);
  }

  async close(): Promise<void> {
    if (this.#state === 'open') this.#line.closeDevice();
    this.#state = 'closed';
  }

  #check(): void {
    if (this.#state !== 'open' || !this.#line.isOpen) throw new CtiError('device.lost', 'the simulated box is gone');
  }
}

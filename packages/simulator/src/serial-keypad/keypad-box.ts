import { type Clock, CtiError } from '@cordboard/cti-core';
import { KeypadCircuit, type KeypadCircuitOptions, type KeypadFaults } from './keypad-circuit.js';

/** Who uses the box: takes what it hears of the line, fills what it wants to play. 16 bit at 8,000 samples a second. */
export interface KeypadBoxSink {
  event(event: { readonly type: 'lost'; readonly reason: 'removed' }): void;
  heard(samples: Int16Array): void;
  wanted(samples: Int16Array): 'sound' | 'nothing';
}

/** What can go wrong with the box too. */
export interface KeypadBoxFaults extends KeypadFaults {
  /** The box is pulled out when so many keys have been heard. */
  readonly removedAfter?: number;
}

/** A voice box on an extension of a switch that is programmed by its keypad. */
export interface KeypadBoxOptions extends KeypadCircuitOptions {
  readonly clock: Clock;
  readonly faults?: KeypadBoxFaults;
}

const BLOCK_MS = 20;
const BLOCK = 160;

/** One line of a box to such a switch, with sound both ways on the clock that it is given. It has the form of a line device of the driver for voice boxes. */
export class SimulatedKeypadBox {
  readonly abilities = {
    detects: new Set<never>(),
    sound: 'full',
    listensOnHook: 'deaf',
    hook: 'soft',
    dials: 'sound',
    phone: 'none',
    ringsPhone: 'silent',
  } as const;
  readonly #clock: Clock;
  readonly #removedAfter: number;
  readonly #circuit: KeypadCircuit;
  readonly #spoken = new Int16Array(BLOCK);
  readonly #heard = new Int16Array(BLOCK);
  #sink: KeypadBoxSink | undefined;
  #isOff = false;
  #cancel: (() => void) | undefined;

  constructor(options: KeypadBoxOptions) {
    this.#clock = options.clock;
    this.#removedAfter = options.faults?.removedAfter ?? Number.POSITIVE_INFINITY;
    this.#circuit = new KeypadCircuit(options);
  }

  /** Keys that the switch has heard, as it heard them. */
  get heardKeys(): string {
    return this.#circuit.heardKeys;
  }

  /** Begins to run: sound goes both ways while it is off-hook. */
  async open(sink: KeypadBoxSink): Promise<void> {
    if (this.#sink !== undefined) throw new CtiError('device.refused', 'the simulated box is open already');
    this.#sink = sink;
    this.#tick();
  }

  /** Lifts it or lays it down. Rejects `device.lost` when it is not open. */
  async hook(state: 'on' | 'off'): Promise<void> {
    if (this.#sink === undefined) throw new CtiError('device.lost', 'the simulated box is gone');
    this.#isOff = state === 'off';
    this.#circuit.hook(state);
  }

  /** Ends its clock. Idempotent. */
  async close(): Promise<void> {
    this.#cancel?.();
    this.#sink = undefined;
    this.#isOff = false;
    this.#circuit.hook('on');
  }

  #tick(): void {
    this.#cancel = this.#clock.setTimer(BLOCK_MS, () => {
      if (this.#sink !== undefined && this.#isOff) this.#exchange(this.#sink);
      if (this.#sink !== undefined) this.#tick();
    });
  }

  #exchange(sink: KeypadBoxSink): void {
    this.#spoken.fill(0);
    sink.wanted(this.#spoken);
    this.#circuit.run(this.#spoken, this.#heard);
    if (this.#circuit.keyCount < this.#removedAfter) return sink.heard(this.#heard);
    void this.close();
    sink.event({ type: 'lost', reason: 'removed' });
  }
}
